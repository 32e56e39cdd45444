using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 section 4.</summary>
public enum IceCandidateType
{
    Host,
    ServerReflexive,
    PeerReflexive,
    Relayed,
}

/// <summary>A candidate of either side, over UDP (RFC 8445 section 5.3).</summary>
/// <param name="Foundation">1 to 32 ice-chars.</param>
/// <param name="Component">1 to 256; here what fits a byte.</param>
/// <param name="Priority">1 to 2^31 - 1.</param>
/// <param name="Address">Where checks and data go to.</param>
/// <param name="Type">How it was obtained.</param>
public sealed record IceCandidate(string Foundation, byte Component, uint Priority, TransportAddress Address, IceCandidateType Type)
{
    /// <summary>RFC 8839 section 5.1: the base of a reflexive candidate, the mapped address of a relayed one; null for none.</summary>
    public TransportAddress? Related { get; init; }

    /// <summary>RFC 8838 section 9: the username fragment of the session that it belongs to; null when nothing says so.</summary>
    public string? Fragment { get; init; }

    /// <summary>Of a local candidate: where its datagrams leave from (RFC 8445 section 4). A relayed candidate is its own base.</summary>
    public TransportAddress Base { get; init; } = Address;
}

/// <summary>What a side tells the other beside its candidates (RFC 8445 section 5.3).</summary>
/// <param name="Credentials">a=ice-ufrag and a=ice-pwd: they are the session's name.</param>
public sealed record IceParameters(IceCredentials Credentials)
{
    /// <summary>a=ice-lite.</summary>
    public bool Lite { get; init; }

    /// <summary>a=ice-pacing; null for the default of 50 ms (RFC 8445 section 14.2).</summary>
    public TimeSpan? Pacing { get; init; }

    /// <summary>a=ice-options; "trickle" and "ice2" have a meaning here.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>RFC 8838 section 3: candidates may follow.</summary>
    public bool Trickles => Options.Contains("trickle");

    /// <summary>RFC 8445 section 10: this side follows that document.</summary>
    public bool FollowsRfc8445 => Options.Contains("ice2");
}
