using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 section 6.1.2.6.</summary>
public enum CandidatePairState
{
    /// <summary>
    /// Not to be checked yet: another pair of its foundation comes first, or it was learned from a request and has not been triggered.
    /// </summary>
    Frozen,
    Waiting,
    InProgress,
    Succeeded,
    Failed,
}

/// <summary>
/// A local and a remote candidate, by transport address. The local one is a base: pairs of reflexive candidates are replaced by those of their bases
/// and then are redundant (RFC 8445 section 6.1.2.4), so they are never made.
/// </summary>
internal sealed class CandidatePair(TransportAddress local, TransportAddress remote, uint localPriority, uint remotePriority)
{
    private uint _remotePriority = remotePriority;

    public TransportAddress Local { get; } = local;
    public TransportAddress Remote => remote;
    public CandidatePairState State { get; set; }

    /// <summary>Section 6.1.2.6: those of both candidates; pairs without one have a foundation of their own.</summary>
    public (string Local, string Remote) Foundation { get; set; } = ("", "");

    /// <summary>The local candidate of the valid pair (section 7.2.5.3.2): the mapped address of the last response.</summary>
    public TransportAddress Mapped { get; set; } = local;

    /// <summary>On the valid list (section 7.2.5.3.2). A pair stays there while its check is repeated for nomination.</summary>
    public bool IsValid { get; set; }

    /// <summary>RFC 7675 section 5.1: when the last authentic response came, which is consent.</summary>
    public Instant ConsentAt { get; set; }

    /// <summary>RFC 7675 section 5.1, last paragraph: consent was lost, so that these credentials are not used on this 5-tuple again.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>Sections 7.2.5.3.4 and 7.3.1.5.</summary>
    public bool IsNominated { get; set; }

    /// <summary>Controlled: the peer's check had USE-CANDIDATE before ours succeeded (section 7.3.1.5). Controlling: our next check has it (section 8.1.1).</summary>
    public bool NominateOnSuccess { get; set; }

    /// <summary>The fragment that the peer used in the last request on a pair that was not signalled; null when it was.</summary>
    public string? RemoteFragment { get; set; }

    /// <summary>The check in progress.</summary>
    public StunTransaction<Check>? Transaction { get; set; }

    /// <summary>The peer has told us of the remote candidate: it may be checked, with the credentials it came with.</summary>
    public void Signal()
    {
        IsSignalled = true;
        RemoteFragment = null;
        if (State == CandidatePairState.Frozen) State = CandidatePairState.Waiting;
    }

    /// <summary>
    /// RFC 8838 section 11, 4 A: the remote candidate was learned from a check and is signalled only now. Its true priority and foundation hold from here on,
    /// its state stands.
    /// </summary>
    public void Signal(uint priority, string localFoundation, string remoteFoundation)
    {
        // It may have been given up only because nobody knew the password that goes with the request's fragment.
        if (State == CandidatePairState.Failed && RemoteFragment is not null) State = CandidatePairState.Frozen;
        IsSignalled = true;
        RemoteFragment = null;
        _remotePriority = priority;
        Foundation = (localFoundation, remoteFoundation);
    }

    public bool IsSignalled { get; private set; }

    /// <summary>Section 6.1.2.3.</summary>
    public ulong Priority(IceRole role) =>
        role == IceRole.Controlling ? IcePriorities.Pair(localPriority, _remotePriority) : IcePriorities.Pair(_remotePriority, localPriority);
}

/// <summary>What was in a check, as far as its response needs it.</summary>
/// <param name="Pair">The pair that is checked.</param>
/// <param name="Role">The role that the request asserts.</param>
/// <param name="UseCandidate">Whether it has USE-CANDIDATE.</param>
/// <param name="Keys">The session.</param>
/// <param name="Key">What it is protected with.</param>
/// <param name="Priority">What PRIORITY says.</param>
/// <param name="IsConsent">A consent check (RFC 7675), which changes nothing about its pair.</param>
internal sealed record Check(CandidatePair Pair, IceRole Role, bool UseCandidate, IceKeys Keys, byte[] Key, uint Priority, bool IsConsent = false);
