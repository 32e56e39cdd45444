using System.Text;
using WebRtcConformance.Generator.Notation;

namespace WebRtcConformance.Generator.Abnf;

/// <summary>Each kind of mistake is reported with its id, at its line and column, and nothing else is reported.</summary>
public class BrokenGrammarTests
{
    private const string Header = "@document RFC1 \"Test\"\n@module a\n@namespace A\n";

    private static readonly Dictionary<string, string> Cases = Read();

    public static TheoryData<string> Names => new(Cases.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Mistake_is_reported_at_its_place(string name)
    {
        var (text, expected) = Unmark(Cases[name]);
        var found = AbnfLibrary.Load([("a.abnf", text)]).Diagnostics.Select(d => $"{d.Rule.Id} {d.Position}").OrderBy(d => d, StringComparer.Ordinal);
        Assert.Equal(string.Join("\n", expected.OrderBy(d => d, StringComparer.Ordinal)), string.Join("\n", found));
    }

    [Fact]
    public void Every_mistake_but_a_collision_of_numbers_has_a_case()
    {
        var shown = Cases.Values.SelectMany(c => Unmark(c).Expected).Select(e => e[..5]).ToHashSet();
        Assert.Equal(["WA018"], AbnfRules.All.Select(r => r.Id).Where(id => !shown.Contains(id)));
    }

    [Fact]
    public void The_spec_files_have_no_mistake()
    {
        var files = Directory.GetFiles(SpecFiles.Folder, "*.abnf", SearchOption.AllDirectories).Select(p => (p, File.ReadAllText(p)));
        Assert.Empty(AbnfLibrary.Load(files).Diagnostics.Select(d => d.ToString()));
    }

    [Fact]
    public void An_ambiguity_comes_with_a_text_that_shows_it()
    {
        var text = Header + "r = x / y\nx = \"q\" 1*DIGIT\ny = 1*(ALPHA / DIGIT)\n@capture r\n    x\n    y\n";
        var found = Assert.Single(AbnfLibrary.Load([("a.abnf", text)]).Diagnostics);
        Assert.Contains("\"Q0\"", found.Message);
        Assert.Empty(AbnfLibrary.Load([("a.abnf", text + "@prefer r : as printed\n")]).Diagnostics);
    }

    [Fact]
    public void A_captured_text_ends_where_a_preference_says()
    {
        var text = Header + "r = x y\nx = 1*ALPHA\ny = *ALPHA [DIGIT]\n@capture r\n    x\n    y\n";
        var found = Assert.Single(AbnfLibrary.Load([("a.abnf", text)]).Diagnostics);
        Assert.Contains("\"AA\" can be read in two ways ('x' ends at two places)", found.Message);
        Assert.Empty(AbnfLibrary.Load([("a.abnf", text + "@prefer r : as printed\n")]).Diagnostics);
        // Nothing is left to be said where only one of the places leaves what the rest can be.
        Assert.Empty(AbnfLibrary.Load([("a.abnf", text.Replace("1*ALPHA", "1*2ALPHA", StringComparison.Ordinal).Replace("*ALPHA [DIGIT]", "2ALPHA", StringComparison.Ordinal))]).Diagnostics);
    }

    [Fact]
    public void The_order_of_files_changes_nothing()
    {
        var files = Directory.GetFiles(SpecFiles.Folder, "*.abnf", SearchOption.AllDirectories).Select(p => (p, File.ReadAllText(p))).ToArray();
        Assert.Equal(AbnfLibrary.Load(files).Modules, AbnfLibrary.Load(files.Reverse()).Modules);
    }

    /// <summary>Takes the marks out.</summary>
    private static (string Text, List<string> Expected) Unmark(string marked)
    {
        if (!marked.Contains("@document")) marked = Header + marked;
        var text = new StringBuilder();
        var expected = new List<string>();
        var (line, column) = (1, 1);
        for (var i = 0; i < marked.Length; i++)
        {
            if (string.CompareOrdinal(marked, i, "{{", 0, 2) == 0)
            {
                var end = marked.IndexOf("}}", i, StringComparison.Ordinal);
                expected.Add($"{marked[(i + 2)..end]} {line}:{column}");
                i = end + 1;
                continue;
            }
            text.Append(marked[i]);
            (line, column) = marked[i] == '\n' ? (line + 1, 1) : (line, column + 1);
        }
        return (text.ToString(), expected);
    }

    private static Dictionary<string, string> Read()
    {
        var file = Path.Combine(SpecFiles.Folder, "..", "generator", "tests", "Abnf", "BrokenGrammars.txt");
        return File.ReadAllText(file).Split("\n=== ").Skip(1).ToDictionary(c => c[..c.IndexOf('\n')], c => c[(c.IndexOf('\n') + 1)..]);
    }
}
