using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Stack.Sctp.Sending;

/// <summary>All messages that wait to be sent, by stream, and the buffers of those that are through.</summary>
internal sealed class SendQueue(SctpPolicy policy)
{
    private const int LargestKept = 256 * 1024;
    private const int MostKept = 256;

    private readonly Dictionary<ushort, OutgoingStream> _streams = [];
    private readonly Stack<OutgoingMessage> _free = new();
    private readonly StreamScheduler _scheduler = new(policy);
    private long _arrivals;

    public StreamScheduler Scheduler => _scheduler;

    /// <summary>Streams that have ever been used.</summary>
    public IEnumerable<OutgoingStream> Streams => _streams.Values;

    /// <summary>Bytes of messages that wait or are not yet acknowledged as a whole.</summary>
    public int Bytes { get; private set; }

    /// <summary>Messages that have not been acknowledged or given up as a whole.</summary>
    public int Messages { get; private set; }

    public OutgoingStream Stream(ushort id)
    {
        if (_streams.TryGetValue(id, out var stream)) return stream;
        return _streams[id] = new OutgoingStream(id);
    }

    public bool TryFind(ushort id, out OutgoingStream stream) => _streams.TryGetValue(id, out stream!);

    public bool HasRoom(int bytes) => Bytes + (long)bytes <= policy.SendBufferBytes;

    public void Add(Instant now, ushort id, SctpPayloadProtocolIdentifier protocol, ReadOnlySpan<byte> data, in SctpSendOptions options)
    {
        var message = _free.TryPop(out var used) ? used : new OutgoingMessage();
        var stream = Stream(id);
        var expires = options.Lifetime is { } lifetime ? now + lifetime : Instant.Never;
        message.Fill(stream, protocol, data, expires, options.Unordered, options.MaxRetransmissions ?? int.MaxValue, _arrivals++);
        stream.Add(message);
        Bytes += data.Length;
        Messages++;
        _scheduler.Update(stream);
    }

    /// <summary>Nothing needs the message any more.</summary>
    public void Release(OutgoingMessage message)
    {
        Bytes -= message.Length;
        Messages--;
        if (message.Capacity <= LargestKept && _free.Count < MostKept) _free.Push(message);
    }

    /// <summary>Forget everything that waits (the association ends or restarts). Numbers begin anew.</summary>
    public void Clear()
    {
        _streams.Clear();
        _scheduler.Clear();
        (Bytes, Messages) = (0, 0);
    }
}
