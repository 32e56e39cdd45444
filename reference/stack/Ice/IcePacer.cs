using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>
/// RFC 8445 section 14.2: the pace of all agents of one implementation together, as though they had one Ta beside the one that each has agreed on
/// with its peer. An agent reserves when its next transaction, of gathering or of a check, may begin. It has one reservation at most, which nobody
/// takes from it: so agents take turns and none starves.
/// <para>
/// Not paced are retransmissions, consent checks (RFC 7675 section 5.1 has a pace for them) and Refresh requests, which keep an allocation alive or end
/// it. No clock of its own: agents that share a pacer share thread and time.
/// </para>
/// </summary>
public sealed class IcePacer
{
    /// <summary>Section 14.2, appendix B.1: what no path minds.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(5);

    private readonly TimeSpan _interval;
    private readonly List<Turn> _reserved = []; // in order of time
    private Instant _free = Instant.Start; // the last transaction was an interval before

    /// <param name="interval">The least time between two transactions of the group; that of section 14.2 when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public IcePacer(TimeSpan? interval = null)
    {
        _interval = interval ?? DefaultInterval;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_interval, TimeSpan.Zero, nameof(interval));
    }

    /// <summary>Reservations that are kept: one of each agent that has something to send, and of those that went while they had.</summary>
    public int Reservations => _reserved.Count;

    /// <summary>For one more agent.</summary>
    public Turn Join() => new(this);

    /// <summary>The next turn of one agent.</summary>
    public sealed class Turn
    {
        private readonly IcePacer _pacer;
        private Instant _at = Instant.Never;

        internal Turn(IcePacer pacer) => _pacer = pacer;

        /// <summary>When its transaction may begin: the first free time from then on, or what has been reserved already.</summary>
        public Instant Reserve(Instant earliest)
        {
            if (_at != Instant.Never) return _at;
            _at = Instant.Max(earliest, _pacer._free);
            var index = 0;
            for (; index < _pacer._reserved.Count; index++)
            {
                var other = _pacer._reserved[index]._at;
                if (_at + _pacer._interval <= other) break;
                _at = Instant.Max(_at, other + _pacer._interval);
            }
            _pacer._reserved.Insert(index, this);
            return _at;
        }

        /// <summary>
        /// Whether the transaction may begin now. The turn is over in any case: one that comes too soon after a late one has to reserve again.
        /// </summary>
        public bool TryBegin(Instant now)
        {
            Withdraw();
            if (now < _pacer._free) return false;
            _pacer._free = now + _pacer._interval;
            // What is long past is in nobody's way.
            while (_pacer._reserved.Count > 0 && _pacer._reserved[0]._at + _pacer._interval <= now) _pacer._reserved.RemoveAt(0);
            return true;
        }

        /// <summary>There is nothing to send any more.</summary>
        public void Withdraw()
        {
            if (_at == Instant.Never) return;
            _pacer._reserved.Remove(this);
            _at = Instant.Never;
        }
    }
}
