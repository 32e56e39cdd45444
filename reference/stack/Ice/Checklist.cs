using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 section 6.1.2, for one component of one data stream, with its triggered-check queue (section 6.1.4.1).</summary>
internal sealed class Checklist(int maxPairs)
{
    private readonly List<CandidatePair> _pairs = [];
    private readonly Queue<CandidatePair> _triggered = new();

    public IReadOnlyList<CandidatePair> Pairs => _pairs;

    /// <summary>Pairs that a check may yet be sent for, and those with one under way.</summary>
    public int Unfinished => _pairs.Count(p => p.State is CandidatePairState.Waiting or CandidatePairState.InProgress);

    public int Count => _pairs.Count;

    public CandidatePair? Find(TransportAddress local, TransportAddress remote)
    {
        foreach (var pair in _pairs)
        {
            if (pair.Local == local && pair.Remote == remote) return pair;
        }
        return null;
    }

    /// <summary>Insert unless it is there or the list is full (section 6.1.2.5); null when it is full.</summary>
    public CandidatePair? FindOrAdd(TransportAddress local, TransportAddress remote, uint localPriority, uint remotePriority)
    {
        if (Find(local, remote) is { } known) return known;
        if (_pairs.Count >= maxPairs) return null;
        var pair = new CandidatePair(local, remote, localPriority, remotePriority);
        _pairs.Add(pair);
        return pair;
    }

    /// <summary>
    /// Section 6.1.2.5 and RFC 8838 section 10, point 6: in a full list a failed pair makes room, or else a pair of lower priority that no check has been
    /// sent for. False: there is none, and the new pair is what is discarded.
    /// </summary>
    public bool TryMakeRoom(ulong priority, IceRole role)
    {
        if (_pairs.Count < maxPairs) return true;
        var least = _pairs.Where(p => p.State == CandidatePairState.Failed).MinBy(p => p.Priority(role))
            ?? _pairs.Where(p => p.State is CandidatePairState.Waiting or CandidatePairState.Frozen && !_triggered.Contains(p) && p.Priority(role) < priority)
                .MinBy(p => p.Priority(role));
        return least is not null && _pairs.Remove(least);
    }

    /// <summary>Remove the pairs with this remote address, if all of them have failed.</summary>
    public bool TryRemoveFailed(TransportAddress remote)
    {
        if (_pairs.Any(p => p.Remote == remote && p.State != CandidatePairState.Failed)) return false;
        _pairs.RemoveAll(p => p.Remote == remote);
        return true;
    }

    /// <summary>
    /// RFC 8838 section 12, which keeps section 6.1.2.6 for a list that grows: the pair is Waiting when it is the topmost of its foundation (rule 1) or a pair of
    /// its foundation has succeeded (rule 2), otherwise Frozen (rule 3).
    /// </summary>
    public void Thaw(CandidatePair pair, IceRole role)
    {
        if (pair.State != CandidatePairState.Frozen) return;
        var others = _pairs.Where(p => p != pair && p.Foundation == pair.Foundation).ToList();
        if (others.Any(p => p.State == CandidatePairState.Succeeded) || others.All(p => p.Priority(role) < pair.Priority(role))) pair.State = CandidatePairState.Waiting;
    }

    /// <summary>Section 7.2.5.3.3: the other pairs of the foundation of a pair that succeeded need wait no longer.</summary>
    public void ThawFoundation((string, string) foundation)
    {
        foreach (var pair in _pairs.Where(p => p.State == CandidatePairState.Frozen && p.Foundation == foundation && p.IsSignalled)) pair.State = CandidatePairState.Waiting;
    }

    /// <summary>Section 7.3.1.4: what a request on the pair leads to.</summary>
    public void Trigger(CandidatePair pair, StunTransactions<Check> checks, QuirkSet quirks)
    {
        if (quirks.Has(Quirk.IceSkipsTriggeredCheck)) return;
        if (pair.State == CandidatePairState.Succeeded) return; // nothing further is done
        if (pair.State == CandidatePairState.InProgress && pair.Transaction is { } running) checks.Cancel(running);
        Enqueue(pair);
    }

    /// <summary>Enqueue, if not already there; the pair is then Waiting (section 7.3.1.4).</summary>
    public void Enqueue(CandidatePair pair)
    {
        pair.State = CandidatePairState.Waiting;
        if (!_triggered.Contains(pair)) _triggered.Enqueue(pair);
    }

    /// <summary>The pair to check next among those whose credentials are known: section 7.3.1.4, last paragraph.</summary>
    /// <param name="remoteFragment">The peer's fragment as its description has it.</param>
    public CandidatePair? NextFor(string remoteFragment, IceRole role, bool remove)
    {
        while (Next(role, remove) is { } pair)
        {
            // The password goes with the fragment after the colon; a pair learned from a stranger has none.
            if (pair.RemoteFragment is null || pair.RemoteFragment == remoteFragment) return pair;
            if (!remove) Next(role, remove: true);
            pair.State = CandidatePairState.Failed;
        }
        return null;
    }

    /// <summary>Section 6.1.4.2: the triggered queue first, then the Waiting pair of the highest priority, unfreezing one if there is none.</summary>
    private CandidatePair? Next(IceRole role, bool remove)
    {
        if (_triggered.TryPeek(out var triggered))
        {
            if (remove) _triggered.Dequeue();
            return triggered;
        }
        if (BestWaiting(role) is { } waiting) return waiting;
        if (!HasFrozen()) return null;
        // Step 2: a foundation without a check to come or under way.
        foreach (var frozen in _pairs.Where(p => p.State == CandidatePairState.Frozen && p.IsSignalled && p.Foundation != ("", "")).OrderByDescending(p => p.Priority(role)))
        {
            if (!_pairs.Any(p => p.Foundation == frozen.Foundation && p.State is CandidatePairState.Waiting or CandidatePairState.InProgress))
                frozen.State = CandidatePairState.Waiting;
        }
        return BestWaiting(role);
    }

    private bool HasFrozen()
    {
        foreach (var pair in _pairs)
        {
            if (pair.State == CandidatePairState.Frozen) return true;
        }
        return false;
    }

    private CandidatePair? BestWaiting(IceRole role) => Best(role, static p => p.State == CandidatePairState.Waiting);

    /// <summary>The valid pair of the highest priority, if any (section 7.2.5.3.2).</summary>
    public CandidatePair? BestValid(IceRole role) => Best(role, static p => p.IsValid);

    /// <summary>Asked after every event: without an enumerator of its own.</summary>
    private CandidatePair? Best(IceRole role, Func<CandidatePair, bool> counts)
    {
        CandidatePair? best = null;
        foreach (var pair in _pairs)
        {
            if (counts(pair) && (best is null || pair.Priority(role) > best.Priority(role))) best = pair;
        }
        return best;
    }

    /// <summary>Whether a pair of a higher priority may still become valid.</summary>
    public bool MayImproveOn(CandidatePair valid, IceRole role) => _pairs.Any(p =>
        p.State is CandidatePairState.Waiting or CandidatePairState.InProgress or CandidatePairState.Frozen && p.Priority(role) > valid.Priority(role));

    /// <summary>Take a pair out of the triggered-check queue.</summary>
    public void Unqueue(CandidatePair pair)
    {
        for (var count = _triggered.Count; count > 0; count--)
        {
            var queued = _triggered.Dequeue();
            if (queued != pair) _triggered.Enqueue(queued);
        }
    }

    /// <summary>After a change of role what either side meant to nominate is void.</summary>
    public void ForgetNominations()
    {
        foreach (var pair in _pairs) pair.NominateOnSuccess = false;
    }

    /// <summary>Section 8.1.2: after nomination no more checks of the other pairs; those in progress are cancelled.</summary>
    /// <param name="nominated">The pair that stays.</param>
    /// <param name="checks">Where checks in progress are.</param>
    /// <param name="mayStillWin">Which others stay because they may yet be nominated; null for none.</param>
    public void Conclude(CandidatePair nominated, StunTransactions<Check> checks, Func<CandidatePair, bool>? mayStillWin = null)
    {
        bool Keeps(CandidatePair pair) => pair == nominated || pair.IsValid || mayStillWin is not null && mayStillWin(pair);
        for (var count = _triggered.Count; count > 0; count--)
        {
            var queued = _triggered.Dequeue();
            if (mayStillWin is not null && mayStillWin(queued)) _triggered.Enqueue(queued);
        }
        foreach (var other in _pairs.Where(p => p.State == CandidatePairState.InProgress && !Keeps(p)))
        {
            if (other.Transaction is { } running) checks.Cancel(running);
        }
        _pairs.RemoveAll(p => !Keeps(p));
    }
}
