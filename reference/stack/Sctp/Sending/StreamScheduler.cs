namespace WebRtcConformance.Stack.Sctp.Sending;

/// <summary>
/// RFC 8260 section 3: which stream the next chunk comes from. Without interleaving a message that has been begun is ended first, because its chunks have
/// consecutive TSNs. With it, messages that have been begun are bounded together, so that the peer has room for their ends.
/// </summary>
internal sealed class StreamScheduler(SctpPolicy policy)
{
    private readonly SctpScheduler _kind = policy.Scheduler;
    private readonly List<OutgoingStream> _active = []; // with something to send, in order of stream identifier
    private OutgoingStream? _current; // of the last chunk; of the packet, where one packet is of one stream
    private int _lastId = -1;
    private double _virtualTime;
    private double _room = double.PositiveInfinity;
    private OutgoingStream? _held; // its message waits until there is room for all of it

    /// <summary>
    /// Bytes that messages which are begun and not sent to their end may have together; one alone may have more. Counts when messages are
    /// interleaved.
    /// </summary>
    public double UnfinishedLimit { get; set; } = double.PositiveInfinity;

    /// <summary>The stream has something to send, or has nothing any more, or must pause.</summary>
    public void Update(OutgoingStream stream)
    {
        var at = IndexOf(stream.Id);
        var wants = stream.HasNext;
        if (wants == at >= 0) return;
        if (wants)
        {
            _active.Insert(~at, stream);
            stream.VirtualTime = Math.Max(stream.VirtualTime, _virtualTime); // an idle stream saves no credit
        }
        else
        {
            _active.RemoveAt(at);
            if (_held == stream) _held = null;
        }
    }

    public bool IsEmpty => _active.Count == 0;

    /// <summary>A new packet begins.</summary>
    public void BeginPacket()
    {
        if (_kind == SctpScheduler.RoundRobinPerPacket) _current = null;
    }

    /// <summary>The stream of the next chunk, or null when none has anything, or none that may go into this packet.</summary>
    public OutgoingStream? Next(bool interleaving)
    {
        if (_active.Count == 0) return null;
        if (!interleaving)
        {
            foreach (var stream in _active)
                if (stream.IsWithinMessage) return stream;
        }
        var isBounded = interleaving && _active.Count > 1 && !double.IsPositiveInfinity(UnfinishedLimit); // one alone may always go on
        if (isBounded) MeasureRoom();
        if (_kind == SctpScheduler.RoundRobinPerPacket && _current is not null)
            return IndexOf(_current.Id) >= 0 && (!isBounded || MayBegin(_current)) ? _current : null;
        var next = Choose(all: true);
        if (isBounded && !MayBegin(next))
        {
            _held ??= next; // nobody overtakes it, or it would wait for ever
            next = Choose(all: false);
        }
        return next;
    }

    private OutgoingStream Choose(bool all) => _kind switch
    {
        SctpScheduler.FirstComeFirstServed => Least(all, static s => s.Head.Arrival),
        SctpScheduler.RoundRobin or SctpScheduler.RoundRobinPerPacket => InTurn(all),
        SctpScheduler.Priority => Least(all, static s => -s.Priority),
        _ => Least(all, static s => s.VirtualTime),
    };

    /// <summary>What is left of the limit; all there is when nothing has been begun.</summary>
    private void MeasureRoom()
    {
        _room = double.PositiveInfinity;
        foreach (var stream in _active)
            if (stream.IsWithinMessage) _room = Math.Min(_room, UnfinishedLimit) - stream.Head.Length;
    }

    /// <summary>The stream goes on with a message, or may begin one: one of a packet is through at once and never waits.</summary>
    private bool MayBegin(OutgoingStream stream) => stream.IsWithinMessage || stream.Head.Length <= policy.MaxPacketSize
        || stream.Head.Length <= _room && (_held is null || _held == stream);

    /// <summary>A chunk of that many bytes of the stream has been made.</summary>
    public void Sent(OutgoingStream stream, int bytes)
    {
        _virtualTime = Math.Max(_virtualTime, stream.VirtualTime);
        stream.VirtualTime += (double)bytes / (_kind == SctpScheduler.WeightedFairQueueing ? Math.Max(stream.Priority, 1) : 1);
        (_current, _lastId) = (stream, stream.Id);
        if (_held == stream) _held = null;
        Update(stream);
    }

    public void Clear()
    {
        _active.Clear();
        (_current, _lastId, _virtualTime, _held, UnfinishedLimit) = (null, -1, 0, null, double.PositiveInfinity);
    }

    /// <param name="all">Those too that may not begin; there is always one that may.</param>
    private OutgoingStream InTurn(bool all)
    {
        OutgoingStream? first = null;
        foreach (var stream in _active)
        {
            if (!all && !MayBegin(stream)) continue;
            if (stream.Id > _lastId) return stream;
            first ??= stream;
        }
        return first!;
    }

    /// <param name="all">Those too that may not begin; there is always one that may.</param>
    /// <param name="key">Whose is the least.</param>
    private OutgoingStream Least(bool all, Func<OutgoingStream, double> key)
    {
        OutgoingStream? best = null;
        var least = 0.0;
        foreach (var stream in _active)
        {
            if (!all && !MayBegin(stream)) continue;
            var value = key(stream);
            if (best is null || value < least) (best, least) = (stream, value);
        }
        return best!;
    }

    /// <summary>Where the stream stands in the list, or the complement of where it would.</summary>
    private int IndexOf(ushort id)
    {
        int low = 0, high = _active.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_active[middle].Id == id) return middle;
            if (_active[middle].Id < id) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }
}
