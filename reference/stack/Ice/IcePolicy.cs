using WebRtcConformance.Stack.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 section 4: who nominates.</summary>
public enum IceRole
{
    Controlled,
    Controlling,
}

/// <summary>The username fragment and password of one side (RFC 8445 section 5.3, RFC 8839 section 5.4).</summary>
public sealed record IceCredentials(string Fragment, string Password);

/// <summary>Every number and choice of an <see cref="IceEndpoint"/>.</summary>
public sealed record IcePolicy
{
    /// <summary>RFC 8445 section 14.2: the pace of checks.</summary>
    public TimeSpan Ta { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>RFC 8489 section 6.2.1; its RTO is the least one (RFC 8445 section 14.3).</summary>
    public StunRetransmission Retransmission { get; init; } = new();

    /// <summary>
    /// How checks are protected. RFC 8489 section 9.1.2 allows one algorithm when it is known what the peer supports; RFC
    /// 8445 is built on RFC 5389, which has SHA-1 only.
    /// </summary>
    public StunIntegrityAlgorithms Integrity { get; init; } = StunIntegrityAlgorithms.Sha1;

    /// <summary>RFC 8489 sections 6.1 and 6.3.1.1: the SOFTWARE attribute of all messages; null for none.</summary>
    public string? Software { get; init; } = "WebRtcConformance";

    /// <summary>RFC 8445 section 2.5: a lite agent sends no checks.</summary>
    public bool Lite { get; init; }

    /// <summary>
    /// Whether pairs of known candidates are checked without being told to (ordinary and triggered checks). When false
    /// the agent sends a check only on <see cref="IceEndpoint.Check"/>, as a case that writes its own dialogue wants it.
    /// </summary>
    public bool ChecksByItself { get; init; } = true;

    /// <summary>Whether the controlling agent nominates the first valid pair (RFC 8445 section 8.1.1).</summary>
    public bool Nominates { get; init; } = true;

    /// <summary>
    /// Whether a check without PRIORITY is answered with 400. RFC 8445 section 7.1.1 obliges the sender; what the
    /// receiver does is left open, but a peer-reflexive candidate cannot be learned without it (section 7.3.1.3).
    /// </summary>
    public bool RequiresPriority { get; init; } = true;

    /// <summary>RFC 8445 section 5.1.2.1: local preference and component of the local candidates.</summary>
    public ushort LocalPreference { get; init; } = 65_535;

    /// <summary>RFC 8445 section 5.1.2.1.</summary>
    public byte Component { get; init; } = 1;

    /// <summary>RFC 8445 section 6.1.2.5: no more pairs than this; further candidates are not paired.</summary>
    public int MaxPairs { get; init; } = 100;
}
