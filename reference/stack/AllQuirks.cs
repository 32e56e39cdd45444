using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Stack.Turn;

namespace WebRtcConformance.Stack;

/// <summary>One quirk of any protocol.</summary>
/// <param name="Name">As written on command lines.</param>
/// <param name="Rule">Document and section it breaks, "RFC8489:9.1.3".</param>
/// <param name="Summary">What happens, in one sentence.</param>
/// <param name="AddTo">A set with it, too.</param>
/// <param name="IsIn">Whether a set has it.</param>
public sealed record NamedQuirk(string Name, string Rule, string Summary, Func<QuirkSet, QuirkSet> AddTo, Func<QuirkSet, bool> IsIn);

/// <summary>The quirks of all protocols, from STUN upwards: those that a whole peer can be told to have.</summary>
public static class AllQuirks
{
    public static IReadOnlyList<NamedQuirk> List { get; } =
    [
        .. Of<Quirk>(set => set.Checks, (set, quirks) => set with { Checks = quirks }),
        .. Of<IceAgentQuirk>(set => set.IceAgent, (set, quirks) => set with { IceAgent = quirks }),
        .. Of<TurnQuirk>(set => set.Turn, (set, quirks) => set with { Turn = quirks }),
        .. Of<DtlsQuirk>(set => set.Dtls, (set, quirks) => set with { Dtls = quirks }),
        .. Of<SctpQuirk>(set => set.Sctp, (set, quirks) => set with { Sctp = quirks }),
    ];

    /// <summary>Find by exact name; null when there is none.</summary>
    public static NamedQuirk? Find(string name) => List.FirstOrDefault(quirk => quirk.Name == name);

    private static IEnumerable<NamedQuirk> Of<TQuirk>(Func<QuirkSet, QuirkSet<TQuirk>> get, Func<QuirkSet, QuirkSet<TQuirk>, QuirkSet> set) where TQuirk : struct, Enum =>
        QuirkRegistry<TQuirk>.All.Select(quirk => new NamedQuirk(quirk.Name, quirk.Rule, quirk.Summary,
            quirks => set(quirks, get(quirks).With(quirk.Quirk)), quirks => get(quirks).Has(quirk.Quirk)));
}
