using WebRtcConformance.Stack.Foundation;
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

/// <summary>RFC 8445 section 8.1.1: how the controlling agent nominates.</summary>
public enum IceNomination
{
    /// <summary>One pair, once it is valid.</summary>
    Regular,

    /// <summary>RFC 5245 section 8.1.1.2: USE-CANDIDATE in every check. For peers of old only; an agent with 'ice2' does not do it.</summary>
    Aggressive,
}

/// <summary>RFC 8445 section 12.1: whether data goes over a valid pair before one is selected.</summary>
public enum IceEarlyData
{
    /// <summary>It waits, as RFC 5245 section 11.1 has it.</summary>
    Never,

    /// <summary>If the peer follows RFC 8445, which its 'ice2' says (section 10), and so expects it.</summary>
    ToPeersWithIce2,

    Always,
}

/// <summary>RFC 8838: when local candidates are told to the peer.</summary>
public enum IceTrickle
{
    /// <summary>Each as soon as it is known.</summary>
    Full,

    /// <summary>Section 16: all at once after gathering, while the peer's may come one by one.</summary>
    Half,
}

/// <summary>Every number and choice of an <see cref="IceEndpoint"/> and an <see cref="IceAgent"/>.</summary>
public sealed record IcePolicy
{
    /// <summary>
    /// RFC 8445 section 14.2: the pace of checks that this agent proposes, 50 ms if nothing speaks against it and never less than 5 ms; the higher of both proposals
    /// holds.
    /// </summary>
    public TimeSpan Ta { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The highest Ta of a peer that is followed. RFC 8445 section 14.2 has both use the higher one and knows no bound, and a check in a year is
    /// none: a description beyond this is refused, because to check faster than its author wants is not allowed. It is four times what RFC 5245
    /// section 16.2 advised where there is no RTP, which no specification has exceeded.
    /// </summary>
    public TimeSpan MaxTa { get; init; } = TimeSpan.FromSeconds(2);

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

    // ---- of the full agent only ----

    /// <summary>RFC 8445 section 5.1.1.2: where server-reflexive candidates come from.</summary>
    public IReadOnlyList<TransportAddress> StunServers { get; init; } = [];

    public IceTrickle Trickle { get; init; } = IceTrickle.Full;

    public IceNomination Nomination { get; init; } = IceNomination.Regular;

    /// <summary>
    /// RFC 8445 section 8.1.1, the stopping criterion: a valid pair is nominated when no better one can come any more, or this long after the first was valid.
    /// </summary>
    public TimeSpan NominationPatience { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>RFC 8445 section 12.1: data may go over any valid pair before one is selected.</summary>
    public IceEarlyData EarlyData { get; init; } = IceEarlyData.Always;

    /// <summary>RFC 8445 section 8.3.1: how long candidates that were not selected are still answered on.</summary>
    public TimeSpan FreeAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>RFC 7675: whether consent is kept up. Without it nothing notices that the peer has gone.</summary>
    public bool KeepsConsent { get; init; } = true;

    /// <summary>RFC 7675 section 5.1: the basic period, randomized from 0.8 to 1.2 times.</summary>
    public TimeSpan ConsentInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>RFC 7675 section 5.1: after so long without a response consent is gone.</summary>
    public TimeSpan ConsentExpiry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>RFC 8445 section 11: Tr, after which a silent pair is kept alive; not below 15 s.</summary>
    public TimeSpan KeepaliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Remote candidates of one session, signalled and learned together; more are ignored.</summary>
    public int MaxRemoteCandidates { get; init; } = 100;

    /// <summary>RFC 8838 section 9: candidates kept for a session whose description has not come yet; more are ignored.</summary>
    public int MaxEarlyCandidates { get; init; } = 32;

    /// <summary>Local candidates learned from responses in one session (RFC 8445 section 7.2.5.3.1); more are not remembered.</summary>
    public int MaxPeerReflexiveLocals { get; init; } = 32;

    /// <summary>Checks that wait for a response, cancelled ones included; the oldest cancelled one makes room.</summary>
    public int MaxPendingChecks { get; init; } = 200;
}
