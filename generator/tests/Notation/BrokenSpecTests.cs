namespace WebRtcConformance.Generator.Notation;

/// <summary>Each kind of mistake is reported with its id, at its line and column, and nothing else is reported.</summary>
public class BrokenSpecTests
{
    private static readonly Dictionary<string, string> Cases = MarkedText.Read("Notation/BrokenSpecs.txt");

    public static TheoryData<string> Names => new(Cases.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Mistake_is_reported_at_its_place(string name)
    {
        var (text, expected) = MarkedText.Unmark(Cases[name]);
        var found = SpecLibrary.Load([("a.pdu", text)]).Diagnostics.Select(d => $"{d.Rule.Id} {d.Position}").OrderBy(d => d, StringComparer.Ordinal);
        Assert.Equal(string.Join("\n", expected.OrderBy(d => d, StringComparer.Ordinal)), string.Join("\n", found));
    }

    [Fact]
    public void Every_mistake_but_a_collision_of_numbers_has_a_case()
    {
        var shown = Cases.Values.SelectMany(c => MarkedText.Unmark(c).Expected).Select(e => e[..5]).ToHashSet();
        Assert.Equal(["WS032"], SpecRules.All.Select(r => r.Id).Where(id => !shown.Contains(id)));
    }

    [Fact]
    public void Modules_whose_numbers_collide_are_reported()
    {
        var names = Enumerable.Range(0, 2000).Select(i => "m" + i).GroupBy(Linking.Linker.ModuleNumber).First(g => g.Count() > 1).Take(2).ToArray();
        var files = names.Select(n => (n + ".pdu", $"@document RFC1\n@module {n}\n@namespace N{n}\n"));
        Assert.Equal(["WS032"], SpecLibrary.Load(files).Diagnostics.Select(d => d.Rule.Id));
    }

    [Fact]
    public void A_mistake_in_one_module_leaves_unrelated_modules_alone()
    {
        var good = "@document RFC1\n@module good\n@namespace Good\nmessage G\nwhere\n  X: 8 bits.\n";
        var bad = "@document RFC1\n@module bad\n@namespace Bad\nmessage B\nwhere\n  X: 3 bits.\n";
        var user = "@document RFC1\n@module user\n@namespace User\n@uses bad\nmessage U\nwhere\n  X: 8 bits.\n";
        Assert.Equal(["good"], SpecLibrary.Load([("good.pdu", good), ("bad.pdu", bad), ("user.pdu", user)]).Modules.Select(m => m.Name));
    }
}
