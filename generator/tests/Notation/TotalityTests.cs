using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using WebRtcConformance.Emit;
using WebRtcConformance.Generator.Tls;

namespace WebRtcConformance.Generator.Notation;

/// <summary>Any text whatever is read to a result: modules or diagnostics, never an exception, and in time that grows as the text does.</summary>
public class TotalityTests
{
    private static readonly string[] Pieces =
    [
        "", " ", "\n", "\n  ", ".", ";", ":", ",", "(", ")", "[", "]", "\"", "#", "@", "|", "+-+-+", "\\", "/", "...", "..", "=", "==", "0", "1", "0x", "99999999999999999999",
        "bits", "bytes", "elements", "when", "otherwise", "rest", "size(", "last byte", "registry", "section", "covers", "must", "reserved", "constant", "drawn as",
        "where\n", "rules\n", "\nmessage A\n", "\nelement E\n", "\nvariant V of R", "\nsplit S\n", "\nregistry R: 8 bits; open.\n", "\nextend registry R\n", "\nvector \"v\" of A.\n",
        "nested", "padding to 4 after", "checksum", "one of", "chosen by", "present when", "xor with", "like",
        "struct {", "enum {", "select (", "case ", "other", "}", "{", "<0..2^16-1>", "[32]", "digitally-signed", "/*", "*/", "//", " = { 1, 2 }", "uint16", "opaque ",
        "\n@variant ", "\n@given ", "\n@choice ", "\n@for ", "\n@field ", "\n@import ", "\n@amend ", "\n@name ", "\n@message ", "\n@rule ", "\n@closed ", "\0", "\t", "\u00e9", "\ud83d",
    ];

    private static readonly TextEdits Edits = new(Pieces);

    [Fact]
    public void Edited_spec_files_are_read_to_a_result() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(600), Prop.ForAll(Edits.Of(SpecFiles.All.Count), edit =>
    {
        var files = SpecFiles.All.Select((f, i) => i == edit.File ? (f.Path, Edits.Apply(f.Text, edit.Changes)) : f).ToArray();
        var (modules, diagnostics) = SpecLibrary.Load(files);
        foreach (var d in diagnostics) Assert.True(d.Position is { Line: > 0, Column: > 0 }, d.ToString());
        // A module that is called sound can be emitted.
        var parsed = files.Where(f => !SpecLibrary.IsTls(f.Item1)).Select(f => SpecParser.Parse(f.Item1, f.Item2));
        var tls = files.Where(f => SpecLibrary.IsTls(f.Item1)).Select(f => TlsParser.Parse(f.Item1, f.Item2));
        var linked = SpecLibrary.Link(SpecLibrary.Files(parsed), SpecLibrary.Files(tls));
        foreach (var module in linked.Modules.Where(m => m.Sound && m.Path == files[edit.File].Item1)) Emitter.EmitModule(module.Module, module.Needed);
        Assert.True(modules.Count == SpecFiles.All.Count || diagnostics.Count > 0, "a module is missing and nothing says why");
    }));

    [Property(MaxTest = 500)]
    public void Random_text_is_read_to_a_result(string? text) => SpecLibrary.Load([("a.pdu", text ?? ""), ("b.tls", text ?? "")]);

    [Theory]
    [InlineData("  X1: 8 bits.\n")]
    [InlineData("  X1: ((((((((((\n")]
    [InlineData("  X1: [E]; L bytes; must a + b + c + d == 1; drawn as \"a\", \"b\".\n")]
    public void Work_grows_as_the_text_does(string line)
    {
        const string header = "@document RFC1\n@module a\n@namespace A\nmessage A\n";
        var drawing = "   +-+-+-+-+-+-+-+-+\n" + string.Concat(Enumerable.Repeat("   |       a       |\n   +-+-+-+-+-+-+-+-+\n", 2000));
        Growth.AssertLinear(text => SpecLibrary.Load([("a.pdu", text)]), count => header + drawing + "where\n" + string.Concat(Enumerable.Range(0, count).Select(i => line.Replace("X1", "X" + i))));
    }

    [Theory]
    [InlineData("@message A\nstruct { uint8 a; ", "} A;", "select (v) { case a: uint8 x#; } ")]
    [InlineData("enum { a(1)", ", (65535) } E;\n@message M\nstruct { E e; } M;", ", b#(#)")]
    [InlineData("", "@message M\nstruct { uint8 x; } M;", "uint16 T#;\nT# c# = { 1, 2 };\n")]
    [InlineData("@message M\nstruct { uint8 x; ", "} M;\n", "uint8 x#; opaque y#<0..9>; ")]
    [InlineData("@message M\n", "struct { uint8 x; } M;\n", "@field M.x: must x != #, \"n#\"\n")]
    [InlineData("@message M\n", "struct { A0 a; } M;\n", "struct { uint8 x; } A#;\n")]
    [InlineData("", "", "((((<<<<{{{{")]
    public void Work_grows_as_text_in_the_presentation_language_does(string begin, string end, string part)
    {
        const string header = "@document RFC1\n@module a\n@namespace A\n";
        Growth.AssertLinear(text => SpecLibrary.Load([("a.tls", text)]), count => header + begin + string.Concat(Enumerable.Range(0, count).Select(i => part.Replace("#", i.ToString()))) + end);
    }

    [Fact]
    public void What_is_quadratic_is_seen() => Assert.Contains("times as long", Assert.ThrowsAny<Exception>(() => Growth.AssertLinear(text =>
    {
        var pairs = 0;
        foreach (var a in text)
            foreach (var b in text)
                if (a == b) pairs++;
        Assert.Equal(text.Length * text.Length, pairs);
    }, count => new string('a', count))).Message);
}
