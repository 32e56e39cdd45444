using System.Text;
using System.Text.Json;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Each kind of mistake is reported with its id, at its line and column, and nothing else is reported; and webidl2 refuses the text too,
/// where it has that rule.</summary>
public class BrokenIdlTests
{
    private static readonly Dictionary<string, string> Cases = Read();

    public static TheoryData<string> Names => new(Cases.Keys);

    /// <summary>All files of all cases, without the marks.</summary>
    public static IEnumerable<string> Texts => Cases.Values.SelectMany(Files).Select(f => f.Text);

    [Theory]
    [MemberData(nameof(Names))]
    public void Mistake_is_reported_at_its_place(string name)
    {
        var files = Files(Cases[name]).ToArray();
        var found = IdlLibrary.Load(files.Select(f => (f.Name, f.Text))).Diagnostics.Select(d => $"{d.Path} {d.Rule.Id} {d.Position}");
        Assert.Equal(string.Join("\n", files.SelectMany(f => f.Expected.Select(e => $"{f.Name} {e}")).OrderBy(d => d, StringComparer.Ordinal)),
            string.Join("\n", found.OrderBy(d => d, StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_rule_has_a_case()
    {
        var shown = Cases.Values.SelectMany(Files).SelectMany(f => f.Expected).Select(e => e[..5]).ToHashSet();
        // Too many types, arguments or overloads take long texts: LimitTests.
        Assert.Equal(["WI024"], IdlRules.All.Select(r => r.Id).Where(id => !shown.Contains(id)));
    }

    [Fact]
    public void Ids_are_unique() => Assert.Equal(IdlRules.All.Count, IdlRules.All.Select(r => r.Id).Distinct().Count());

    [Fact]
    public void Webidl2_refuses_what_is_refused_here_where_the_corpus_does_not_say_why_not()
    {
        var cases = Cases.ToArray();
        var refusals = WebIdlOracle.Run("refusals", JsonSerializer.Serialize(cases.Select(c => Files(c.Value).Select(f => f.Text))));
        Assert.Equal(cases.Length, refusals.Length);
        var wrong = cases.Zip(refusals).Where(p => (p.Second == "[]") != p.First.Key.Contains("(webidl2: ")).Select(p => p.First.Key + ": " + p.Second);
        Assert.Equal("", string.Join("\n", wrong));
        // All that its validator knows (17 rules) is among the cases.
        var rules = refusals.SelectMany(r => JsonSerializer.Deserialize<string[]>(r)!).Distinct().OrderBy(r => r, StringComparer.Ordinal);
        Assert.Equal(
            ["async-sequence-idl-to-js", "attr-invalid-type", "constructor-member", "dict-arg-default", "dict-arg-optional", "incomplete-op",
                "migrate-allowshared", "no-constructible-global", "no-cross-overload", "no-duplicate", "no-nointerfaceobject", "no-nullable-dict-arg",
                "no-nullable-union-dict", "obsolete-async-iterable-syntax", "renamed-legacy", "replace-void", "require-exposed", "syntax"], rules);
    }

    /// <summary>Takes the marks out.</summary>
    private static IEnumerable<(string Name, string Text, List<string> Expected)> Files(string marked)
    {
        foreach (var file in ("a\n" + marked).Split("\n--- "))
        {
            var name = file[..file.IndexOf('\n')];
            var text = new StringBuilder();
            var expected = new List<string>();
            var (line, column) = (1, 1);
            for (var i = name.Length + 1; i < file.Length; i++)
            {
                if (string.CompareOrdinal(file, i, "{{WI", 0, 4) == 0)
                {
                    expected.Add($"{file.Substring(i + 2, 5)} {line}:{column}");
                    i += 8;
                    continue;
                }
                text.Append(file[i]);
                (line, column) = file[i] == '\n' ? (line + 1, 1) : (line, column + 1);
            }
            yield return (name + ".webidl", text.ToString(), expected);
        }
    }

    private static Dictionary<string, string> Read()
    {
        var file = Path.Combine(Notation.SpecFiles.Folder, "..", "generator", "tests", "WebIdl", "BrokenIdl.txt");
        return File.ReadAllText(file).Split("\n=== ").Skip(1).ToDictionary(c => c[..c.IndexOf('\n')], c => c[(c.IndexOf('\n') + 1)..].TrimEnd('\n'));
    }
}
