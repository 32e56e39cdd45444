using WebRtcConformance.Fuzz.Coverage;
using WebRtcConformance.Fuzz.Targets;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Fuzz;

/// <summary>The registry of targets: one for every codec, those of the stack, and hidden ones for the machinery itself.</summary>
public static class FuzzTargets
{
    private static readonly Lazy<IReadOnlyList<IFuzzTarget>> LazyAll = new(() =>
    {
        InstrumentedCode.Find();
        return
        [
            .. WireCodecs.All.Select(OfCodec),
            new StunAgentTarget(),
            new ToyTarget(), new EmptyTarget(),
            .. PlantedTarget.Faults.Select(fault => new PlantedTarget(fault)),
        ];
    });

    /// <summary>Every target, hidden ones too.</summary>
    public static IReadOnlyList<IFuzzTarget> All => LazyAll.Value;

    /// <summary>The targets that `wrc fuzz --list` shows.</summary>
    public static IEnumerable<IFuzzTarget> Listed => All.Where(target => !target.Hidden);

    /// <summary>The target of that name, or null. A codec's own name will do, e.g. "stun.message" for "stun".</summary>
    public static IFuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == (name == StunCodec ? "stun" : name));

    private const string StunCodec = "stun.message";

    private static IFuzzTarget OfCodec(IWireCodec codec) =>
        codec.Name == StunCodec ? new CodecTarget("stun", codec, StunFeatures.Walk) : new CodecTarget(codec.Name, codec);
}
