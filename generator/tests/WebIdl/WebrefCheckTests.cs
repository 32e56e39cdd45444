using System.Diagnostics;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>The checker on the Web IDL of all web standards at once: what it finds there is on record, each finding looked at once.</summary>
public class WebrefCheckTests
{
    [Fact]
    public void What_is_found_in_the_standards_is_known()
    {
        var found = IdlLibrary.Load(WebIdlOracle.Files.Select(f => (f.Name, f.Text))).Diagnostics.ToLookup(d => d.Rule);
        // [LegacyNoInterfaceObject] is in 46 places, all of them old.
        Assert.Equal(46, found[IdlRules.NoInterfaceObject].Count());
        var rest = found.Where(g => g.Key != IdlRules.NoInterfaceObject && g.Key != IdlRules.UnknownType).SelectMany(g => g).Select(d => d.ToString())
            .OrderBy(d => d, StringComparer.Ordinal);
        // Some types are defined in prose only and used in many places.
        var unknown = found[IdlRules.UnknownType].GroupBy(d => d.Message, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Key} ({g.Count()} places)");
        Approval.Check("WebIdl/webref-findings", string.Concat(rest.Concat(unknown).Select(line => line + "\n")));
    }

    [Fact]
    public void All_files_are_checked_in_a_moment()
    {
        var files = WebIdlOracle.Files.Select(f => IdlParser.Parse(f.Name, f.Text)).Select(p => new IdlFile(p.Path, p.Syntax, true)).ToArray();
        var best = TimeSpan.MaxValue;
        // On a busy machine a single measurement means little.
        for (var i = 0; i < 50 && (i < 5 || best > TimeSpan.FromSeconds(2)); i++)
        {
            var watch = Stopwatch.StartNew();
            IdlChecker.Check(files);
            if (watch.Elapsed < best) best = watch.Elapsed;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{best.TotalMilliseconds:F0} ms");
        Assert.True(best < TimeSpan.FromSeconds(2), best.ToString());
    }
}
