using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 sections 5.1.2 and 6.1.2.3: what priorities are made of.</summary>
public static class IcePriorities
{
    /// <summary>Section 5.1.2.2: the recommended type preferences.</summary>
    public const uint Host = 126, PeerReflexive = 110, ServerReflexive = 100, Relayed = 0;

    /// <summary>Section 5.1.2.1, the recommended formula.</summary>
    public static uint Candidate(uint typePreference, ushort localPreference, byte component) =>
        typePreference << 24 | (uint)localPreference << 8 | 256u - component;

    /// <summary>Section 5.1.2.2: the type preference of a type.</summary>
    public static uint TypePreference(IceCandidateType type) => type switch
    {
        IceCandidateType.Host => Host,
        IceCandidateType.PeerReflexive => PeerReflexive,
        IceCandidateType.ServerReflexive => ServerReflexive,
        _ => Relayed,
    };

    /// <summary>Section 6.1.2.3: G is the priority of the controlling agent's candidate, D that of the controlled one's.</summary>
    public static ulong Pair(uint g, uint d) => ((ulong)Math.Min(g, d) << 32) + 2UL * Math.Max(g, d) + (g > d ? 1UL : 0UL);

    /// <summary>
    /// RFC 8421 section 4: which of the bases comes first, second, ... Families are intermingled, IPv6 first: (N4 + N6) / N4 bases of IPv6 before each of IPv4,
    /// so that a broken family delays the other as little as possible. Within a family the host's order stands.
    /// </summary>
    public static IReadOnlyList<TransportAddress> Intermingle(IReadOnlyList<TransportAddress> bases)
    {
        var (sixes, fours) = (new Queue<TransportAddress>(), new Queue<TransportAddress>());
        foreach (var address in bases) (address.Family == IpFamily.IPv6 ? sixes : fours).Enqueue(address);
        if (sixes.Count == 0 || fours.Count == 0) return bases;
        var headStart = (fours.Count + sixes.Count) / fours.Count;
        var order = new List<TransportAddress>(bases.Count);
        while (sixes.Count + fours.Count > 0)
        {
            for (var i = 0; i < headStart && sixes.TryDequeue(out var six); i++) order.Add(six);
            if (fours.TryDequeue(out var four)) order.Add(four);
        }
        return order;
    }
}
