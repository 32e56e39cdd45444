using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Reference;
using WebRtcConformance.Lab.Running;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Lab.Bench;

/// <summary>The embedded reference in virtual time: every case has a world and a reference of its own.</summary>
public sealed class VirtualBench(RunPlan plan) : IBench
{
    public static SutInfo DescribeReference() => ReferenceAdapter.Describe() with { VirtualTime = true };

    public Lab Open(CaseDefinition definition, ulong seed)
    {
        var platform = new VirtualPlatform(seed);
        var sut = new InProcessSut(new ReferenceAdapter(platform, platform.World.Entropy.Fork("sut"), plan.Quirks));
        return new Lab(definition, platform, sut, platform.World.Entropy.Fork("peer"), pool: null) { OwnsPlatform = true };
    }

    public void Dispose()
    {
    }
}
