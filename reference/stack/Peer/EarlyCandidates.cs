using WebRtcConformance.Stack.Ice;

namespace WebRtcConformance.Stack.Peer;

/// <summary>
/// Candidates of the peer that overtake the description of their session (RFC 8838 section 9: the username fragment says whose they are). What nobody claims goes,
/// the oldest first, so that an attacker who fills the room keeps out nothing that comes after him.
/// </summary>
/// <param name="room">How many are kept.</param>
internal sealed class EarlyCandidates(int room)
{
    private const int RememberedSessions = 16;

    private readonly Queue<IceCandidate> _kept = new();
    private readonly Queue<string> _past = new();

    /// <summary>The session with that fragment is over: what belongs to it comes too late.</summary>
    public bool IsPast(string fragment) => _past.Contains(fragment);

    /// <summary>Keep one. False: another had to go, or there is no room at all.</summary>
    public bool TryKeep(IceCandidate candidate)
    {
        if (room <= 0) return false;
        _kept.Enqueue(candidate);
        if (_kept.Count <= room) return true;
        _kept.Dequeue();
        return false;
    }

    /// <summary>The description of the session has come: its candidates, in their order.</summary>
    /// <param name="before">The fragment of the session that it ends; null when it is the first, or the same.</param>
    public IReadOnlyList<IceCandidate> Take(string fragment, string? before)
    {
        if (before is not null && before != fragment)
        {
            if (_past.Count >= RememberedSessions) _past.Dequeue();
            _past.Enqueue(before);
        }
        List<IceCandidate> taken = [.. _kept.Where(c => c.Fragment == fragment)];
        for (var left = taken.Count == 0 ? 0 : _kept.Count; left > 0; left--)
        {
            var candidate = _kept.Dequeue();
            if (candidate.Fragment != fragment) _kept.Enqueue(candidate);
        }
        return taken;
    }
}
