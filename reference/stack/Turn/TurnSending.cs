using System.Buffers.Binary;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Stun;
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

/// <summary>
/// The last steps of a datagram: funnels, what their taps say is done with it, and the outbox. Data is written in place as long as nobody taps it; a test compares that
/// with the records, byte by byte.
/// </summary>
internal sealed class TurnSending(TurnFunnels funnels, Outbox<TurnOutput> outbox)
{
    private const int ChannelHeaderSize = 4;

    private readonly PriorityQueue<Datagram, (Instant, long)> _held = new(); // what taps delay
    private readonly StunSealer _sealer = new(funnels.Stun, QuirkSet.None);
    private readonly PacketArena _arena = new();
    private long _sequence;

    public Instant NextDeadline => _held.TryPeek(out _, out var priority) ? priority.Item1 : Instant.Never;

    /// <summary>At the start of each call of the machine: what was taken before is given up.</summary>
    public void Begin()
    {
        if (outbox.Count == 0) _arena.Reset();
    }

    public void Advance(Instant now)
    {
        while (NextDeadline <= now && _held.TryDequeue(out var datagram, out _)) outbox.Add(TurnOutput.Transmit(datagram));
    }

    /// <summary>Encode and protect; sent by <see cref="Stun"/>, perhaps several times.</summary>
    public SealedStun Seal(Instant now, StunMessage message, in StunSeal seal) => _sealer.Seal(now, message, seal);

    /// <summary>One transmission of a STUN message.</summary>
    public void Stun(Instant now, TransportAddress local, TransportAddress remote, in SealedStun message)
    {
        if (message.Disposition.Dropped) return;
        var bytes = message.Disposition.RawBytes ?? message.Bytes;
        var last = funnels.Stun.Sealed.Pass(now, ref bytes);
        Leave(now, new Datagram(local, remote, last.RawBytes ?? bytes), message.Disposition.And(last));
    }

    /// <summary>A Send or Data indication (RFC 8656 sections 11.1 and 11.3): neither authenticated nor with FINGERPRINT.</summary>
    public void Indication(Instant now, TransportAddress local, TransportAddress remote, StunMethod method, TransactionId id, TransportAddress peer, ReadOnlySpan<byte> data)
    {
        if (funnels.Stun.Composed.IsEmpty && funnels.Stun.Encoded.IsEmpty && funnels.Stun.Sealed.IsEmpty)
        {
            var written = _arena.Take(TurnIndication.Measure(peer, data.Length));
            TurnIndication.Write(method, id, peer, data, written.Span);
            outbox.Add(TurnOutput.Transmit(new Datagram(local, remote, written)));
            return;
        }
        var indication = new StunMessage
        {
            Method = method,
            Class = StunClass.Indication,
            TransactionId = id.ToArray(),
            Attributes = [TurnAttributes.Peer(peer), new DataAttribute { ApplicationData = data }],
        };
        Stun(now, local, remote, Seal(now, indication, new StunSeal(StunIntegrityAlgorithms.None, default, Fingerprint: false)));
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
        var padding = pad ? -data.Length & 3 : 0;
        if (funnels.ChannelData.IsEmpty && funnels.Data.IsEmpty)
        {
            var written = _arena.Take(ChannelHeaderSize + data.Length + padding);
            BinaryPrimitives.WriteUInt16BigEndian(written.Span, channel);
            BinaryPrimitives.WriteUInt16BigEndian(written.Span[2..], (ushort)data.Length);
            data.CopyTo(written.Span[ChannelHeaderSize..]);
            written.Span[(ChannelHeaderSize + data.Length)..].Clear();
            outbox.Add(TurnOutput.Transmit(new Datagram(local, remote, written)));
            return;
        }
        var message = new ChannelData { ChannelNumber = channel, ApplicationData = data, Padding = pad ? new byte[padding] : WireBytes.Empty };
        var composed = funnels.ChannelData.Pass(now, ref message);
        if (composed.Dropped) return;
        var bytes = composed.RawBytes;
        if (bytes is null)
        {
            bytes = new byte[message.Measure()];
            message.Write(bytes);
        }
        Pass(now, local, remote, bytes, composed);
    }

    /// <summary>A datagram of application data.</summary>
    public void Data(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> data)
    {
        if (funnels.Data.IsEmpty) outbox.Add(TurnOutput.Transmit(new Datagram(local, remote, Copy(data))));
        else Pass(now, local, remote, data.ToArray(), default);
    }

    /// <summary>Data of a peer, for the client's application.</summary>
    public void Deliver(TransportAddress peer, ReadOnlySpan<byte> data, ushort channel) => outbox.Add(TurnOutput.Received(peer, Copy(data), channel));

    private ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> data)
    {
        var copy = _arena.Take(data.Length);
        data.CopyTo(copy.Span);
        return copy;
    }

    private void Pass(Instant now, TransportAddress local, TransportAddress remote, byte[] bytes, in Disposition before)
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
            else outbox.Add(TurnOutput.Transmit(datagram));
        }
    }
}
