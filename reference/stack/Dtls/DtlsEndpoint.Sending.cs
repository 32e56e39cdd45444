using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcConformance.Stack.Dtls.Handshaking;
using WebRtcConformance.Stack.Dtls.Record;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.Tls12;

namespace WebRtcConformance.Stack.Dtls;

/// <summary>What goes out: messages into flights, flights into records, records into datagrams.</summary>
public sealed partial class DtlsEndpoint
{
    private const int FragmentHeaderSize = 12, SmallestWorthwhileFragment = 32;

    private readonly PacketArena _arena = new();
    private readonly PriorityQueue<byte[], (Instant At, long Order)> _delayed = new();
    private Memory<byte> _datagram;
    private int _used;
    private long _delayOrder;

    /// <summary>message_seq of the next message (RFC 6347 section 4.2.2).</summary>
    internal int NextMessageSequence { get; set; }

    /// <summary>
    /// Puts a message into the flight that is being prepared. Returns its bytes in one fragment, which are to enter the transcript; null when a tap
    /// has dropped it.
    /// </summary>
    internal byte[]? Say(Instant now, Handshake message)
    {
        message = message with { MessageSeq = (ushort)NextMessageSequence };
        var composed = Funnels.Composed.Pass(now, ref message);
        if (composed.Dropped) return null;
        NextMessageSequence++;
        var bytes = composed.RawBytes ?? message.ToArray();
        var encoded = composed.RawBytes is null ? Funnels.Encoded.Pass(now, ref bytes) : default;
        bytes = encoded.RawBytes ?? bytes;
        if (!encoded.Dropped)
            Flight.Add(new FlightItem(Records.WriteEpochNumber, ContentType.Handshake, bytes, 1 + composed.ExtraCopies + encoded.ExtraCopies));
        return bytes;
    }

    /// <summary>RFC 6347 section 4.2.5: part of the flight, but no handshake message.</summary>
    internal void SayChangeCipherSpec() => Flight.Add(new FlightItem(Records.WriteEpochNumber, ContentType.ChangeCipherSpec,
        Content(new ChangeCipherSpec { TypeField = ChangeCipherSpecType.ChangeCipherSpec }).ToArray()));

    internal void SendFlight(Instant now, bool isLast)
    {
        Flight.Send(now, isLast);
        TransmitFlight(now);
    }

    /// <summary>
    /// RFC 6347 section 4.2.3: each message in as few fragments as fit the datagrams; section 4.1.1: several records in one datagram. A
    /// retransmission consists of new records, with new sequence numbers (section 4.1), and of the same messages, with their message_seq (section
    /// 4.2.2).
    /// </summary>
    private void TransmitFlight(Instant now)
    {
        if (Quirks.Has(DtlsQuirk.RepeatsSequenceNumbers) && Flight.IsRetransmission) Records.RewindSequences();
        Records.MarkSequences();
        var pending = new PendingRecord();
        foreach (var item in Flight.Items)
        {
            for (var copy = 0; copy < item.Copies; copy++)
            {
                if (item.Type == ContentType.Handshake && item.Message.Length >= FragmentHeaderSize)
                {
                    AddFragments(now, item, pending);
                    continue;
                }
                FlushRecord(now, pending);
                WriteRecord(now, item.Epoch, item.Type, item.Message);
            }
        }
        FlushRecord(now, pending);
        FlushDatagram(now);
    }

    /// <summary>The fragments of the record that is being put together.</summary>
    private sealed class PendingRecord
    {
        public List<HandshakeFragment> Fragments { get; } = [];
        public ushort Epoch { get; set; }
        public int Size { get; set; }
    }

    private void AddFragments(Instant now, FlightItem item, PendingRecord pending)
    {
        var header = item.Message.AsSpan(0, FragmentHeaderSize);
        var (type, length, sequence) = ((HandshakeType)header[0], BinaryPrimitives.ReadUInt32BigEndian(header) & 0xFFFFFF,
            BinaryPrimitives.ReadUInt16BigEndian(header[4..]));
        if (Quirks.Has(DtlsQuirk.RenumbersRetransmissions) && Flight.IsRetransmission) sequence = (ushort)NextMessageSequence++;
        if (pending.Epoch != item.Epoch) FlushRecord(now, pending);
        pending.Epoch = item.Epoch;

        var body = item.Message.AsMemory(FragmentHeaderSize);
        var offset = 0;
        do
        {
            var rest = body.Length - offset;
            if (RoomForFragment(pending) < Math.Min(rest, SmallestWorthwhileFragment))
            {
                FlushRecord(now, pending);
                FlushDatagram(now);
            }
            var size = Math.Min(rest, Math.Max(RoomForFragment(pending), 1));
            if (Policy.MaxFragmentBody > 0) size = Math.Min(size, Policy.MaxFragmentBody);
            pending.Fragments.Add(new HandshakeFragment
            {
                MsgType = type, Length = length, MessageSeq = sequence, FragmentOffset = (uint)offset, Body = body.Span.Slice(offset, size),
            });
            pending.Size += FragmentHeaderSize + size;
            offset += size;
            if (!Policy.SharesRecords) FlushRecord(now, pending);
        }
        while (offset < body.Length);
    }

    /// <summary>Bytes of a message that still fit into the record, as the datagram stands.</summary>
    private int RoomForFragment(PendingRecord pending)
    {
        var inDatagram = Policy.MaxDatagram - _used - Records.Overhead(pending.Epoch);
        return Math.Min(inDatagram, RecordLayer.MaxContent) - pending.Size - FragmentHeaderSize;
    }

    private void FlushRecord(Instant now, PendingRecord pending)
    {
        if (pending.Fragments.Count == 0) return;
        WriteRecord(now, pending.Epoch, ContentType.Handshake, Content(new HandshakeFragments { Fragments = new(pending.Fragments) }));
        pending.Fragments.Clear();
        pending.Size = 0;
    }

    // ---- alerts ----

    private void SayAlert(Instant now, AlertLevel level, AlertDescription description)
    {
        WriteRecord(now, Records.WriteEpochNumber, ContentType.Alert, Content(new Alert { Level = level, Description = description }));
        FlushDatagram(now);
    }

    private void SayCloseNotify(Instant now)
    {
        if (!Quirks.Has(DtlsQuirk.OmitsCloseNotify)) SayAlert(now, AlertLevel.Warning, AlertDescription.CloseNotify);
    }

    // ---- records and datagrams ----

    /// <summary>The content of a record; the codecs know contents in a record of epoch 0 only.</summary>
    private static ReadOnlyMemory<byte> Content(DtlsPlaintext record) => record.ToArray().AsMemory(IncomingRecord.HeaderSize);

    private ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        var copy = _arena.Take(bytes.Length);
        bytes.CopyTo(copy.Span);
        return copy;
    }

    /// <summary>Protects a record and adds it to the datagram, or to the next one.</summary>
    private void WriteRecord(Instant now, ushort epoch, ContentType type, ReadOnlyMemory<byte> content)
    {
        var record = new PlainRecord(type, Records.Version, epoch, Records.TakeSequence(epoch), content);
        var disposition = Funnels.Records.Pass(now, ref record);
        if (disposition.Dropped) return;
        var size = disposition.RawBytes?.Length ?? Records.Overhead(record.Epoch) + record.Content.Length;
        for (var copy = 0; copy <= disposition.ExtraCopies; copy++)
        {
            if (_used > 0 && (!Policy.SharesDatagrams || _used + size > Policy.MaxDatagram)) FlushDatagram(now);
            if (_used == 0) _datagram = _arena.Take(Math.Max(size, Policy.MaxDatagram));
            var target = _datagram.Span.Slice(_used, size);
            if (disposition.RawBytes is { } raw) raw.CopyTo(target);
            else Records.Seal(record.Type, record.Version, record.Epoch, record.SequenceNumber, record.Content.Span, target);
            _used += size;
        }
    }

    private void FlushDatagram(Instant now)
    {
        if (_used == 0) return;
        ReadOnlyMemory<byte> datagram = _datagram[.._used];
        _arena.Return(_datagram.Length - _used);
        _used = 0;
        var disposition = Funnels.Sealed.Pass(now, ref datagram);
        if (disposition.Dropped) return;
        if (disposition.RawBytes is { } raw) datagram = raw;
        for (var copy = 0; copy <= disposition.ExtraCopies; copy++)
        {
            if (disposition.DelayedBy > TimeSpan.Zero) _delayed.Enqueue(datagram.ToArray(), (now + disposition.DelayedBy, _delayOrder++));
            else _outbox.Add(new DtlsOutput(DtlsOutputKind.Transmit, datagram, null));
        }
    }

    /// <summary>
    /// RFC 6347 section 4.2.1: HMAC(Secret, Client-IP, Client-Parameters). The parameters are those that the client must not change: version, random,
    /// session_id, cipher_suites, compression_methods.
    /// </summary>
    internal byte[] Cookie(ClientHello hello)
    {
        _cookieSecret ??= DrawCookieSecret();
        var bare = (hello with { Cookie = default, Extensions = null, MessageSeq = 0 }).ToArray();
        byte[] content = [.. PeerAddress, .. bare];
        return HMACSHA256.HashData(_cookieSecret, content);
    }

    private byte[]? _cookieSecret;

    private byte[] DrawCookieSecret()
    {
        var secret = new byte[32];
        _cookieKey.Fill(secret);
        return secret;
    }
}
