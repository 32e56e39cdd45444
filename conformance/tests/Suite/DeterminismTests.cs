using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Running;
using WebRtcConformance.Stack;

namespace WebRtcConformance.Conformance.Tests.Suite;

/// <summary>In virtual time a run is a function of its seed.</summary>
public class DeterminismTests
{
    private static readonly string[] All = [.. RealSuite.Definitions.Select(c => c.Id)];

    [Fact]
    public void One_seed_gives_the_same_results_however_many_cases_run_at_once()
    {
        // A quirk makes failures, and failures have timelines.
        var quirk = nameof(Quirk.StunRepliesWithoutFingerprint);
        var one = RealSuite.Run(All, seed: 77, jobs: 1, quirks: quirk).Results.Select(RealSuite.Lasting).ToList();
        var two = RealSuite.Run(All, seed: 77, jobs: 4, quirks: quirk).Results.Select(RealSuite.Lasting).ToList();
        Assert.Contains(one, r => r.Contains("Fail", StringComparison.Ordinal) && r.Contains("->", StringComparison.Ordinal));
        Assert.Equal(one, two);
    }

    [Fact]
    public void One_seed_gives_the_same_packets_and_another_one_others()
    {
        var bytes = 0;
        foreach (var definition in RealSuite.Definitions.Where(c => c.Level == CaseLevel.Wire))
        {
            var recorded = Recorded(definition, 5);
            Assert.Equal(recorded, Recorded(definition, 5));
            // The adapter's commands have no randomness in them; packets have.
            if (recorded.Contains("->", StringComparison.Ordinal)) Assert.NotEqual(recorded, Recorded(definition, 6));
            bytes += recorded.Length;
        }
        Assert.True(bytes > 100_000, "hardly anything was recorded");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0xFFFF_FFFF_FFFF_FFFF)]
    public void Another_seed_gives_the_same_verdicts(ulong seed) => Assert.Equal(
        RealSuite.Run(All, seed: 1).Results.Select(r => $"{r.Case} {r.Verdict}"), RealSuite.Run(All, seed).Results.Select(r => $"{r.Case} {r.Verdict}"));

    [Fact]
    public void A_case_alone_is_the_case_among_others()
    {
        var quirk = nameof(Quirk.StunAcceptsBadIntegrity);
        var together = RealSuite.Run(All, seed: 9, quirks: quirk).Results.Where(r => r.Verdict == Verdict.Fail).Take(3).ToList();
        Assert.NotEmpty(together);
        Assert.All(together, r => Assert.Equal(RealSuite.Lasting(r), RealSuite.Lasting(RealSuite.Run([r.Case], seed: 9, quirks: quirk).Results.Single())));
    }

    [Fact]
    public void Seeds_of_cases_differ_and_follow_from_run_and_id()
    {
        Assert.Equal(All.Length, All.Select(id => CaseSeed.For(1, id)).Distinct().Count());
        Assert.NotEqual(CaseSeed.For(1, All[0]), CaseSeed.For(2, All[0]));
        Assert.True(CaseSeed.TryParse(CaseSeed.Format(CaseSeed.For(1, All[0])), out var back));
        Assert.Equal(CaseSeed.For(1, All[0]), back);
    }

    private static string Recorded(CaseDefinition definition, ulong seed)
    {
        var plan = new RunPlan { Cases = [definition], Seed = seed, SutName = "reference", LevelOf = _ => "MUST" };
        using var bench = new VirtualBench(plan);
        using var lab = bench.Open(definition, CaseSeed.For(seed, definition.Id));
        try
        {
            definition.Body(lab);
        }
        catch (CaseEndedException)
        {
            // Not applicable; what happened until then still counts.
        }
        return string.Join('\n', lab.Recorder.Timeline().Concat(lab.Recorder.Packets.Select(p => $"{p.At} {p.From} {p.To} {Convert.ToHexString(p.Bytes)}")));
    }
}
