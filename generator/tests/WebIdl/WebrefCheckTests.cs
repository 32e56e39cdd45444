
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
}
