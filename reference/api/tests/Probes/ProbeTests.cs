namespace WebRtcConformance.Api.Tests;

/// <summary>The shape probes, run in Jint against the generated binding.</summary>
public class ProbeTests
{
    private static JintRealm Realm() => new(StandIn.Statics(), "Window");

    private static IReadOnlyList<IdlProbeResult> Run(JintRealm realm, string spec) => IdlProbes.Read(realm.Run(IdlProbes.Script(spec)).String);

    public static TheoryData<string> Specs => new(IdlProbes.Specs);

    [Theory]
    [MemberData(nameof(Specs))]
    public void The_binding_has_the_shape_that_the_standard_gives_it(string spec)
    {
        var results = Run(Realm(), spec);
        TestContext.Current.TestOutputHelper?.WriteLine($"{spec}: {results.Count} probes");
        Assert.Equal([], results.Where(r => !r.Ok));
        Assert.Equal(results.Count, results.Select(r => r.Id).Distinct().Count());
    }
}
