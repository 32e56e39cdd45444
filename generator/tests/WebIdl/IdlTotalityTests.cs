using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Any text whatever is read and checked to a result, in time that grows as the text does, and its concrete tree is the text.</summary>
public class IdlTotalityTests
{
    private static readonly string[] Pieces =
    [
        "", " ", "\n", ";", ":", ",", "(", ")", "[", "]", "{", "}", "<", ">", "?", "=", "...", "*", "\"", "//", "/*", "*/", "-", "_", "0x", "1e", "-.5", "\0", "\u00e9", "\ud83d",
        "interface A {", "partial interface A {", "interface mixin M {", "A includes M;", "dictionary D : D {", "enum E {\"a\"", "typedef ", "callback C = ", "namespace N {", "callback interface ",
        "};\n", "attribute ", "readonly ", "static ", "inherit ", "stringifier;", "getter ", "setter ", "deleter ", "constructor(", "iterable<", "async_iterable<", "maplike<", "const ", "optional ", "required ",
        "unsigned long ", "sequence<", "record<DOMString, ", "Promise<", "(long or ", "any", "undefined", "null", " or ", " = {}", " = []", "[Exposed=*]", "[A=(", "[Clamp] ", "A", "D", "_a", "toString",
    ];

    private static readonly TextEdits Edits = new(Pieces);

    /// <summary>Texts that need no packages.</summary>
    private static readonly IReadOnlyList<string> Seeds = [.. GrammarTests.Texts, .. BrokenIdlTests.Texts];

    [Fact]
    public void Edited_texts_are_read_to_a_result() => CheckEdits(Seeds, 3000);

    [Fact]
    public void Edited_standards_are_read_to_a_result() => CheckEdits(WebIdlOracle.Files.Select(f => f.Text).ToArray(), 600);

    private static void CheckEdits(IReadOnlyList<string> texts, int count) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count), Prop.ForAll(Edits.Of(texts.Count), edit => Holds(Edits.Apply(texts[edit.File], edit.Changes))));

    [Property(MaxTest = 500)]
    public void Random_text_is_read_to_a_result(string? text) => Holds(text ?? "");

    [Property(MaxTest = 500)]
    public void Random_pieces_are_read_to_a_result(int[] choices) =>
        Holds(string.Join(" ", choices.Select(c => Pieces[(int)((uint)c % Pieces.Length)])));

    private static void Holds(string text)
    {
        Assert.Equal(text, IdlParser.ParseConcrete(text).ToString());
        var (files, diagnostics) = IdlLibrary.Load([("a.webidl", text)]);
        foreach (var d in diagnostics) Assert.True(d.Position is { Line: > 0, Column: > 0 }, d.ToString());
        WebIdl2Json.Write(files[0].Syntax);
        // The same again: equal trees, so that an incremental generator can tell that nothing changed.
        var again = IdlParser.Parse("a.webidl", text);
        Assert.Equal(files[0].Syntax, again.Syntax);
        Assert.Equal(files[0].Syntax.GetHashCode(), again.Syntax.GetHashCode());
    }

    [Fact]
    public void Comments_and_blanks_move_positions_and_not_the_tree()
    {
        foreach (var text in GrammarTests.Texts)
        {
            var (before, after) = (IdlParser.Parse("a", text), IdlParser.Parse("a", "// A comment.\n\n" + text.Replace(";", " /* another */ ;")));
            Assert.Equal(before.Syntax, after.Syntax);
            Assert.NotEqual(before.Positions, after.Positions);
        }
    }

    /// <summary>Texts that grow ('#', '@' and '~' stand for this number, the one before and the next), each with a mistake or a load that a careless reader or checker would take quadratic or exponential time for, or
    /// the whole stack.</summary>
    public static TheoryData<string> Growing =>
    [
        "/*", "\"", "[", "(", "typedef sequence<", "interface A {", "interface A {\n", "attribute ", "};", "= {", "[A(", "[A=(B,", "1e", "-", "typedef (long or ",
        "[Exposed=*] interface A# : A@ { attribute long a; };\n", "typedef T@ T#;\n", "typedef (T@ or T@ or A#) T#;\n", "dictionary D# : D@ { sequence<D@> d#; };\n",
        "partial interface A { undefined f(); };\n", "partial interface A { undefined f(optional long a#, optional long b); attribute long a#; };\n",
        "dictionary D { D# d#; };\n", "interface mixin M# { attribute long a; };\nA includes M#;\n", "typedef (long or DOMString? or D# or E#) F#;\n",
        "enum E# { \"a\", \"b\" };\ntypedef (E# or T@) T#;\n", "[Exposed=*] interface I# { undefined f(I@ a); undefined f(I# a); };\n", "callback C# = undefined (C@ a, optional T@ b = {});\n",
        "typedef (T~ or A) T#;\n", "dictionary D# : D~ { D~ d#; };\n", "typedef (A# or T~)? T#;\ncallback C# = undefined (T~ a);\n",
    ];

    [Theory]
    [MemberData(nameof(Growing))]
    public void Work_grows_as_the_text_does(string piece) =>
        Growth.AssertLinear(text => IdlLibrary.Load([("a.webidl", text)]), count => Text(piece, count));

    private static string Text(string piece, int count)
    {
        var text = new StringBuilder("[Exposed=*] interface A { };\n");
        for (var i = 1; i <= count; i++) text.Append(piece.Replace("#", i.ToString()).Replace("@", (i - 1).ToString()).Replace("~", (i + 1).ToString())).Append(' ');
        return text.ToString();
    }
}
