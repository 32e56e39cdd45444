using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;

namespace WebRtcConformance.Stack.Turn;

/// <summary>The numbers that RFC 8656 fixes for both sides.</summary>
public static class TurnNumbers
{
    /// <summary>Section 9: Permission Lifetime.</summary>
    public static readonly TimeSpan PermissionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Section 12: how long a channel binding lasts.</summary>
    public static readonly TimeSpan ChannelLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Section 12: how long a number or a peer of an expired binding must not be bound otherwise.</summary>
    public static readonly TimeSpan ChannelRest = TimeSpan.FromMinutes(5);

    /// <summary>Section 12, table 2.</summary>
    public const ushort FirstChannel = 0x4000, LastChannel = 0x4FFF;
}

/// <summary>Which relayed addresses a client asks for.</summary>
public enum TurnFamilies
{
    /// <summary>No attribute: IPv4 (RFC 8656 section 7.2, check 7).</summary>
    Default,

    /// <summary>REQUESTED-ADDRESS-FAMILY of IPv4.</summary>
    IPv4,

    /// <summary>REQUESTED-ADDRESS-FAMILY of IPv6.</summary>
    IPv6,

    /// <summary>ADDITIONAL-ADDRESS-FAMILY: one of each in one allocation.</summary>
    Both,
}

/// <summary>Numbers and choices of a TURN client.</summary>
public sealed record TurnClientPolicy
{
    public TurnFamilies Families { get; init; } = TurnFamilies.Default;

    /// <summary>What LIFETIME asks for, in whole seconds; null: the server's default, and no attribute.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>RFC 8656 section 8: refresh that long before the end; but at half time when the lifetime is shorter than twice that.</summary>
    public TimeSpan RefreshAhead { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How old a permission is when it is refreshed; under <see cref="TurnNumbers.PermissionLifetime"/>.</summary>
    public TimeSpan PermissionRefresh { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>How old a channel binding is when it is refreshed; under <see cref="TurnNumbers.ChannelLifetime"/>.</summary>
    public TimeSpan ChannelRefresh { get; init; } = TimeSpan.FromMinutes(9);

    /// <summary>RFC 8656 section 7.4: how long to leave a server alone after 486 and 508.</summary>
    public TimeSpan CapacityPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>RFC 8656 section 7.4: how long to leave a server alone after 437 on every address.</summary>
    public TimeSpan MismatchPause { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>RFC 8489 section 10: how many ALTERNATE-SERVERs are followed.</summary>
    public int MaxRedirections { get; init; } = 3;

    /// <summary>RFC 8656 section 7.1: ask whether the server supports DONT-FRAGMENT; when it does not, ask again without.</summary>
    public bool AsksForDontFragment { get; init; }

    /// <summary>Whether an even port is asked for (RFC 8656 section 7.1).</summary>
    public bool AsksForEvenPort { get; init; }

    /// <summary>ChannelData over UDP is padded to 4 bytes (RFC 8656 section 12.5: may be).</summary>
    public bool PadsChannelData { get; init; }

    /// <summary>Peers (by IP address) with a permission or waiting for one.</summary>
    public int MaxPermissions { get; init; } = 64;

    /// <summary>Channels bound, and those whose numbers rest.</summary>
    public int MaxChannels { get; init; } = 64;

    /// <summary>Datagrams that wait for a permission; later ones are discarded.</summary>
    public int MaxQueued { get; init; } = 32;

    /// <summary>
    /// Requests wait for <see cref="TurnClient.TakeTurn"/>: an ICE agent paces them with its own (RFC 8445 sections 5.1.1.2 and 14.2). Those for what is
    /// there already do not: Refresh requests.
    /// </summary>
    public bool TakesTurns { get; init; }

    public StunRetransmission Retransmission { get; init; } = new();

    /// <summary>RFC 8656 section 5: SOFTWARE of Allocate and Refresh requests; null for none.</summary>
    public string? Software { get; init; } = "WebRtcConformance";
}

/// <summary>Ports of one IP address that a server may hand out: <paramref name="First"/> and those after it.</summary>
public readonly record struct TurnRelayRange(TransportAddress First, int Count);

/// <summary>Numbers and choices of a TURN server.</summary>
public sealed record TurnServerPolicy
{
    /// <summary>Where relayed addresses come from. A family without a range is not supported (440). Over real UDP: one range of 1 for each socket bound for this.</summary>
    public required IReadOnlyList<TurnRelayRange> Relays { get; init; }

    /// <summary>How requests are authenticated; null: not at all (RFC 8656 section 7.2, check 1).</summary>
    public LongTermPolicy? Authentication { get; init; } =
        new("webrtc-conformance.test", TimeSpan.FromHours(1), [StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5], AcceptsUserhash: true);

    /// <summary>RFC 8656 section 6: the default lifetime.</summary>
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>RFC 8656 section 7.2: the maximum allowed lifetime.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Allocations in all (508).</summary>
    public int MaxAllocations { get; init; } = 1_000;

    /// <summary>Allocations a user (486).</summary>
    public int MaxAllocationsPerUser { get; init; } = 100;

    /// <summary>Permissions a relayed address (508).</summary>
    public int MaxPermissions { get; init; } = 256;

    /// <summary>Channels a relayed address (508).</summary>
    public int MaxChannels { get; init; } = 256;

    /// <summary>RFC 8656 section 5: bytes of application data a second and allocation, both directions; what exceeds is discarded. 0: no limit.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>Peers that are refused (403), besides the server's own listening addresses (RFC 8656 section 21.1.7).</summary>
    public IReadOnlyList<IpPrefix> ForbiddenPeers { get; init; } = [];

    /// <summary>RFC 8656 section 7.2, check 11: every Allocate request is answered with 300 and this ALTERNATE-SERVER.</summary>
    public TransportAddress? Alternate { get; init; }

    /// <summary>Whether what is sent cannot be fragmented on its way, as in a simulated world. If not, DONT-FRAGMENT counts as unknown.</summary>
    public bool SupportsDontFragment { get; init; } = true;

    /// <summary>ChannelData over UDP is padded to 4 bytes (RFC 8656 section 12.5: may be).</summary>
    public bool PadsChannelData { get; init; }

    /// <summary>RFC 8656 section 5: SOFTWARE of Allocate and Refresh responses; null for none.</summary>
    public string? Software { get; init; } = "WebRtcConformance";
}
