using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Conformance.Tests.Suite;

/// <summary>The reference in a process of its own, over UDP, says what it says in virtual time.</summary>
public class RealTimeTests
{
    [Fact]
    public void Real_UDP_and_virtual_time_agree()
    {
        string[] slugs = ["stun/header/wrong-cookie", "stun/header/top-bits", .. RealSuite.Definitions.Where(c => c.Level == CaseLevel.Wire && !c.Fresh).Select(c => c.Slug).Distinct().Where((_, i) => i % 40 == 0), "stun/vector/sample-request"];
        string[] cases = [.. RealSuite.Definitions.Where(c => slugs.Contains(c.Slug)).DistinctBy(c => c.Slug).Select(c => c.Id)];
        Assert.InRange(cases.Length, 5, 20);
        var real = RealSuite.Run(cases, real: true);
        Assert.True(real.Footer!.End == RunEnd.Completed, real.Footer.Message);
        Assert.Equal("real", real.Header.Clock);
        var expected = RealSuite.Run(cases);
        Assert.Equal("virtual", expected.Header.Clock);
        Assert.Equal(Words(expected.Results), Words(real.Results));
    }

    [Fact]
    public void A_quirk_goes_over_to_the_other_process()
    {
        var real = RealSuite.Run(["stun/header/top-bits[01,controlled]"], real: true, quirks: "StunAcceptsTopBits");
        Assert.Equal(Verdict.Fail, real.Results.Single().Verdict);
    }

    private static IEnumerable<string> Words(IEnumerable<CaseResult> results) => results.Select(r => $"{r.Case} {r.Verdict} {r.Outcome}").Order(StringComparer.Ordinal);
}
