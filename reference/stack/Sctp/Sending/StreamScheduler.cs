namespace WebRtcConformance.Stack.Sctp.Sending;

/// <summary>
/// RFC 8260 section 3: which stream the next chunk comes from. Without interleaving a message that has been begun is ended first, because its chunks have
/// consecutive TSNs.
/// </summary>
internal sealed class StreamScheduler(SctpScheduler kind)
{
    private readonly List<OutgoingStream> _active = []; // with something to send, in order of stream identifier
    private OutgoingStream? _current;
    private int _lastId = -1;
    private double _virtualTime;

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
        }
    }

    public bool IsEmpty => _active.Count == 0;

    /// <summary>A new packet begins.</summary>
    public void BeginPacket()
    {
        if (kind == SctpScheduler.RoundRobinPerPacket) _current = null;
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
        if (kind == SctpScheduler.RoundRobinPerPacket && _current is not null) return IndexOf(_current.Id) >= 0 ? _current : null;
        return _current = kind switch
        {
            SctpScheduler.FirstComeFirstServed => Least(static s => s.Head.Arrival),
            SctpScheduler.RoundRobin or SctpScheduler.RoundRobinPerPacket => InTurn(),
            SctpScheduler.Priority => Least(static s => -s.Priority),
            _ => Least(static s => s.VirtualTime),
        };
    }

    /// <summary>A chunk of that many bytes of the stream has been made.</summary>
    public void Sent(OutgoingStream stream, int bytes)
    {
        _virtualTime = Math.Max(_virtualTime, stream.VirtualTime);
        stream.VirtualTime += (double)bytes / (kind == SctpScheduler.WeightedFairQueueing ? Math.Max(stream.Priority, 1) : 1);
        _lastId = stream.Id;
        Update(stream);
    }

    public void Clear()
    {
        _active.Clear();
        (_current, _lastId, _virtualTime) = (null, -1, 0);
    }

    private OutgoingStream InTurn()
    {
        foreach (var stream in _active)
            if (stream.Id > _lastId) return stream;
        return _active[0];
    }

    private OutgoingStream Least(Func<OutgoingStream, double> key)
    {
        var best = _active[0];
        var least = key(best);
        for (var i = 1; i < _active.Count; i++)
        {
            var value = key(_active[i]);
            if (value < least) (best, least) = (_active[i], value);
        }
        return best;
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
