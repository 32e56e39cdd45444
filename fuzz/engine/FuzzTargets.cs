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
            .. WireFormat.All.Select(OfFormat),
            new StunAgentTarget(),
            new ToyTarget(), new EmptyTarget(),
            .. PlantedTarget.Faults.Select(fault => new PlantedTarget(fault)),
        ];
    });

    /// <summary>Every target, hidden ones too.</summary>
    public static IReadOnlyList<IFuzzTarget> All => LazyAll.Value;

    /// <summary>The targets that `wrc fuzz --list` shows.</summary>
    public static IEnumerable<IFuzzTarget> Listed => All.Where(target => !target.Hidden);

    /// <summary>The target of that name, or null. The name of a spec file will do where it has one message: "stun" for "stun.message".</summary>
    public static IFuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? (Listed.Where(target => target.Name.StartsWith(name + ".", StringComparison.Ordinal)).Take(2).ToArray() is [var only] ? only : null);

    private static CodecTarget OfFormat(IMessageFormat format) => new(format, format.Name == "stun.message" ? StunFeatures.Walk : null);
}
