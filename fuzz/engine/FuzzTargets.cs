using WebRtcConformance.Fuzz.Coverage;
using WebRtcConformance.Fuzz.Targets;
using WebRtcConformance.Text;
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
            .. MessageFormats.All.Select(OfFormat),
            new StunAgentTarget(),
            new ToyTarget(), new EmptyTarget(),
            .. PlantedTarget.Faults.Select(fault => new PlantedTarget(fault)),
        ];
    });

    /// <summary>Every target, hidden ones too.</summary>
    public static IReadOnlyList<IFuzzTarget> All => LazyAll.Value;

    /// <summary>The targets that `wrc fuzz --list` shows.</summary>
    public static IEnumerable<IFuzzTarget> Listed => All.Where(target => !target.Hidden);

    /// <summary>The target of that name, or null. What <see cref="MessageFormats.Find"/> takes will do: "stun" for "stun.message".</summary>
    public static IFuzzTarget? Find(string name) => Exact(name) ?? (MessageFormats.Find(name) is { } format ? Exact(format.Name) : null);

    private static IFuzzTarget? Exact(string name) => All.FirstOrDefault(target => target.Name == name);

    private static CodecTarget OfFormat(IMessageFormat format) => new(format, format.Name == "stun.message" ? StunFeatures.Walk : null);
}
