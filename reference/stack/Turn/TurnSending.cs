using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Turn;

namespace WebRtcConformance.Stack.Turn;

/// <summary>Where outgoing messages of TURN may be tampered with.</summary>
public sealed class TurnFunnels
{
    /// <summary>Requests, responses and indications.</summary>
    public StunFunnels Stun { get; } = new();

    /// <summary>ChannelData messages, as they are composed.</summary>
    public Funnel<ChannelData> ChannelData { get; } = new();

    /// <summary>ChannelData messages and, of a server, relayed data: the datagram as it leaves.</summary>
    public Funnel<byte[]> Data { get; } = new();
}

/// <summary>The last steps of a datagram: funnels, what their taps say is done with it, and the outbox.</summary>
internal sealed class TurnSending(TurnFunnels funnels, Outbox<TurnOutput> outbox)
{
    private readonly PriorityQueue<Datagram, (Instant, long)> _held = new(); // what taps delay
    private long _sequence;

    public Instant NextDeadline => _held.TryPeek(out _, out var priority) ? priority.Item1 : Instant.Never;

    public void Advance(Instant now)
    {
        while (NextDeadline <= now && _held.TryDequeue(out var datagram, out _)) outbox.Add(new TurnOutput.Transmit(datagram));
    }

    /// <summary>One transmission of a STUN message.</summary>
    public void Stun(Instant now, TransportAddress local, TransportAddress remote, in SealedStun message)
    {
        if (message.Disposition.Dropped) return;
        var bytes = message.Disposition.RawBytes ?? message.Bytes;
        var last = funnels.Stun.Sealed.Pass(now, ref bytes);
        Leave(now, new Datagram(local, remote, last.RawBytes ?? bytes), message.Disposition.And(last));
    }

    /// <summary>RFC 8656 section 12.5, over UDP.</summary>
    /// <param name="now">The time.</param>
    /// <param name="local">From where.</param>
    /// <param name="remote">To where.</param>
    /// <param name="channel">The channel's number.</param>
    /// <param name="data">Application data.</param>
    /// <param name="pad">Whether to fill up to a multiple of 4 bytes.</param>
    public void Channel(Instant now, TransportAddress local, TransportAddress remote, ushort channel, ReadOnlySpan<byte> data, bool pad)
    {
        var message = new ChannelData { ChannelNumber = channel, ApplicationData = data, Padding = pad ? new byte[-data.Length & 3] : WireBytes.Empty };
        var composed = funnels.ChannelData.Pass(now, ref message);
        if (composed.Dropped) return;
        var bytes = composed.RawBytes;
        if (bytes is null)
        {
            bytes = new byte[message.Measure()];
            message.Write(bytes);
        }
        Data(now, local, remote, bytes, composed);
    }

    /// <summary>A datagram of application data.</summary>
    public void Data(Instant now, TransportAddress local, TransportAddress remote, byte[] bytes, Disposition before = default)
    {
        var last = funnels.Data.Pass(now, ref bytes);
        Leave(now, new Datagram(local, remote, last.RawBytes ?? bytes), before.And(last));
    }

    private void Leave(Instant now, Datagram datagram, in Disposition disposition)
    {
        if (disposition.Dropped) return;
        for (var copy = 0; copy <= disposition.ExtraCopies; copy++)
        {
            if (disposition.DelayedBy > TimeSpan.Zero) _held.Enqueue(datagram, (now + disposition.DelayedBy, _sequence++));
            else outbox.Add(new TurnOutput.Transmit(datagram));
        }
    }
}
