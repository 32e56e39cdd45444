using WebRtcConformance.Fuzz.Targets;
using WebRtcConformance.Stack;

namespace WebRtcConformance.Fuzz.Tests.Targets;

public class StunAgentTargetTests
{
    private static FuzzFinding? Hunt(IFuzzTarget target)
    {
        var engine = new FuzzEngine(target, new() { Seed = 2 });
        FuzzFinding? first = null;
        engine.Found += finding => first ??= finding;
        foreach (var bytes in target.Seeds) engine.Add(bytes);
        for (var done = 0; done < 4000 && first is null; done += 100) engine.Run(100);
        return first;
    }

    [Theory]
    [InlineData(Quirk.StunAnswersIndications, "silent-to-garbage")]
    [InlineData(Quirk.StunAcceptsBadFingerprint, "silent-to-garbage")]
    [InlineData(Quirk.StunRepliesWithChangedTransactionId, "honest-check")]
    [InlineData(Quirk.StunRepliesWithWrongIntegrityKey, "honest-check")]
    public void Each_oracle_finds_its_defect(Quirk quirk, string oracle)
    {
        var finding = Hunt(new StunAgentTarget(QuirkSet.Of(quirk)));
        Assert.NotNull(finding);
        Assert.Equal(oracle, finding.Oracle);
    }

    [Fact]
    public void Amplification_is_measured()
    {
        // An error response is larger than the smallest request, so a stricter limit must be seen to be broken.
        var finding = Hunt(new StunAgentTarget(amplificationFactor: 1));
        Assert.Equal("amplification", finding?.Oracle);
    }

    [Fact]
    public void Without_a_defect_nothing_is_found()
    {
        var finding = Hunt(new StunAgentTarget());
        Assert.True(finding is null, finding?.ToString());
    }

    [Fact]
    public void Seeds_reach_the_authenticated_states()
    {
        var target = new StunAgentTarget();
        var engine = new FuzzEngine(target, new());
        foreach (var bytes in target.Seeds) engine.Add(bytes);
        Assert.True(engine.Accepted >= 16, $"{engine.Accepted} seeds with an authenticated request");
        Assert.True(engine.Features.Count > 20, $"{engine.Features.Count} features");
    }
}
