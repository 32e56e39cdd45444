using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 section 6.1.2.6.</summary>
public enum CandidatePairState
{
    /// <summary>
    /// Not to be checked yet. With one component of one data stream no two pairs share a foundation, so signalled pairs are
    /// Waiting at once; only a pair learned from a request is frozen, until it is triggered.
    /// </summary>
    Frozen,
    Waiting,
    InProgress,
    Succeeded,
    Failed,
}

/// <summary>A local and a remote candidate, by transport address.</summary>
internal sealed class CandidatePair(TransportAddress local, TransportAddress remote, uint localPriority, uint remotePriority)
{
    public TransportAddress Local => local;
    public TransportAddress Remote => remote;
    public CandidatePairState State { get; set; }

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

    public bool IsSignalled { get; private set; }

    /// <summary>Section 6.1.2.3.</summary>
    public ulong Priority(IceRole role)
    {
        var (g, d) = role == IceRole.Controlling ? (localPriority, remotePriority) : (remotePriority, localPriority);
        return ((ulong)Math.Min(g, d) << 32) + 2UL * Math.Max(g, d) + (g > d ? 1UL : 0UL);
    }
}

/// <summary>What was in a check, as far as its response needs it.</summary>
/// <param name="Pair">The pair that is checked.</param>
/// <param name="Role">The role that the request asserts.</param>
/// <param name="UseCandidate">Whether it has USE-CANDIDATE.</param>
/// <param name="Key">What it is protected with.</param>
internal sealed record Check(CandidatePair Pair, IceRole Role, bool UseCandidate, byte[] Key);
