using WebRtcConformance.Cli;
using WebRtcConformance.Lab.Requirements;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Running;
using WebRtcConformance.Stack;

namespace WebRtcConformance.Conformance.Tests.Suite;

/// <summary>Every case against the clean reference and under every quirk, once for all tests of the class.</summary>
public sealed class SabotagedRuns
{
    public Verification.Evidence Evidence { get; } = Verification.Run(RealSuite.Definitions, seed: 1);
}

/// <summary>Cases bite: the clean reference satisfies all of them, and no saboteur satisfies all of them.</summary>
public class QuirkTests(SabotagedRuns runs) : IClassFixture<SabotagedRuns>
{
    public static TheoryData<string> Quirks => [.. QuirkRegistry<Quirk>.All.Select(q => q.Name)];

    [Theory, MemberData(nameof(Quirks))]
    public void Each_quirk_is_killed_by_a_case(string quirk) =>
        Assert.True(runs.Evidence.KillersOf(quirk).Any(), $"no case passes clean and fails under {quirk}: the rule that it breaks is not tested");

    [Theory, MemberData(nameof(Quirks))]
    public void Each_quirk_leaves_cases_alive(string quirk) =>
        Assert.True(runs.Evidence.Quirks.Any(q => q.Quirk == quirk && q.Passed && q.CaseId.StartsWith("stun/vector/", StringComparison.Ordinal)),
            $"{quirk} breaks more than its rule: not even the codec's vectors pass");

    [Fact]
    public void The_clean_reference_passes_every_case_that_applies()
    {
        var log = RealSuite.Run([.. RealSuite.Definitions.Select(c => c.Id)]);
        Assert.Equal(RunEnd.Completed, log.Footer!.End);
        Assert.Equal(RealSuite.Definitions.Count, log.Results.Count);
        Assert.All(log.Results, r => Assert.True(
            r.Verdict == Verdict.Pass || r.Verdict == Verdict.Unsupported && r.Outcome is "no-place-in-a-message" or "no-place-in-a-check",
            $"{r.Case}: {r.Verdict} {r.Outcome} {r.Detail}"));
        Assert.InRange(log.Results.Count(r => r.Verdict == Verdict.Pass), log.Results.Count * 95 / 100, log.Results.Count);
    }

    [Fact]
    public void Every_requirement_that_a_case_links_is_in_the_catalogue() => Assert.All(RealSuite.Definitions, c =>
    {
        Assert.False(string.IsNullOrWhiteSpace(c.About), c.Id);
        Assert.All(c.Requirements, id => Assert.True(Catalogue.Embedded.TryFind(id, out _), $"{c.Id} links {id}"));
    });

    [Fact]
    public void Every_quirk_that_a_requirement_names_is_registered() => Assert.All(
        Catalogue.Embedded.Items, r => Assert.All(r.Quirks, q => Assert.True(QuirkRegistry<Quirk>.TryFind(q, out _), $"{r.Id} names {q}")));

    [Theory]
    [InlineData(nameof(Quirk.StunAcceptsBadIntegrity), "RFC8489:9.1.3")]
    [InlineData(nameof(Quirk.StunAcceptsTopBits), "RFC8489:5-1")]
    [InlineData(nameof(Quirk.StunOmitsPriority), "RFC8445:7.1.1")]
    public void A_run_under_a_quirk_exits_1_and_names_the_requirement(string quirk, string requirement)
    {
        var (code, output, _) = RealSuite.Wrc("run", "--out", "-", "--quirk", quirk);
        Assert.Equal(ExitCode.Unexpected, code);
        Assert.Contains(output.Split('\n'), line => line.StartsWith("FAIL", StringComparison.Ordinal) && line.Contains("  " + requirement, StringComparison.Ordinal));
        Assert.Contains($"wrc run --sut reference --quirk {quirk} --case '", output);
    }
}
