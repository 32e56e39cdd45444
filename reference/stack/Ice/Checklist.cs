using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 section 6.1.2, for one component of one data stream, with its triggered-check queue (section 6.1.4.1).</summary>
internal sealed class Checklist(int maxPairs)
{
    private readonly List<CandidatePair> _pairs = [];
    private readonly Queue<CandidatePair> _triggered = new();

    /// <summary>Pairs that a check may yet be sent for, and those with one under way.</summary>
    public int Unfinished => _pairs.Count(p => p.State is CandidatePairState.Waiting or CandidatePairState.InProgress);

    public int Count => _pairs.Count;

    public CandidatePair? Find(TransportAddress local, TransportAddress remote) =>
        _pairs.FirstOrDefault(p => p.Local == local && p.Remote == remote);

    /// <summary>Insert unless it is there or the list is full (section 6.1.2.5); null when it is full.</summary>
    public CandidatePair? FindOrAdd(TransportAddress local, TransportAddress remote, uint localPriority, uint remotePriority)
    {
        if (Find(local, remote) is { } known) return known;
        if (_pairs.Count >= maxPairs) return null;
        var pair = new CandidatePair(local, remote, localPriority, remotePriority);
        _pairs.Add(pair);
        return pair;
    }

    /// <summary>Enqueue, if not already there; the pair is then Waiting (section 7.3.1.4).</summary>
    public void Trigger(CandidatePair pair)
    {
        pair.State = CandidatePairState.Waiting;
        if (!_triggered.Contains(pair)) _triggered.Enqueue(pair);
    }

    /// <summary>Section 6.1.4.2: the triggered queue first, then the Waiting pair of the highest priority.</summary>
    public CandidatePair? Next(IceRole role, bool remove)
    {
        if (_triggered.TryPeek(out var triggered))
        {
            if (remove) _triggered.Dequeue();
            return triggered;
        }
        return _pairs.Where(p => p.State == CandidatePairState.Waiting).MaxBy(p => p.Priority(role));
    }

    /// <summary>The valid pair of the highest priority, if any (section 7.2.5.3.2).</summary>
    public CandidatePair? BestValid(IceRole role) =>
        _pairs.Where(p => p.State == CandidatePairState.Succeeded).MaxBy(p => p.Priority(role));

    /// <summary>After a change of role what either side meant to nominate is void.</summary>
    public void ForgetNominations()
    {
        foreach (var pair in _pairs) pair.NominateOnSuccess = false;
    }

    /// <summary>Section 8.1.2: after nomination no more checks of the other pairs; returns those that were in progress.</summary>
    public List<CandidatePair> Conclude(CandidatePair nominated)
    {
        _triggered.Clear();
        var running = _pairs.Where(p => p != nominated && p.State == CandidatePairState.InProgress).ToList();
        _pairs.RemoveAll(p => p != nominated && p.State is not CandidatePairState.Succeeded);
        return running;
    }
}
