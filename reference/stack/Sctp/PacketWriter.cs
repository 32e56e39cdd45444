using System.Buffers.Binary;
using WebRtcConformance.Stack.Sctp.Receiving;
using WebRtcConformance.Stack.Sctp.Sending;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Stack.Sctp;

/// <summary>
/// One packet under construction, in one buffer that is used again. DATA, I-DATA and SACK, which make up nearly all packets, are written in place; everything else
/// is written by its record. A test compares the former with the records, byte by byte.
/// </summary>
internal sealed class PacketWriter(int maxSize)
{
    public const int HeaderSize = 12;
    public const int ChecksumAt = 8;
    public const int DataHeaderSize = 16;
    public const int IDataHeaderSize = 20;
    private const int SackHeaderSize = 16;

    private readonly byte[] _buffer = new byte[maxSize];

    public int Length { get; private set; }

    /// <summary>Bytes that chunks may still take.</summary>
    public int Room => _buffer.Length - Length;

    public bool IsEmpty => Length <= HeaderSize;

    public Memory<byte> Packet => _buffer.AsMemory(0, Length);

    /// <summary>RFC 9260 section 3.1; the checksum is 0 until <see cref="Seal"/>.</summary>
    public void Begin(ushort sourcePort, ushort destinationPort, uint verificationTag)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(2), destinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(4), verificationTag);
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(ChecksumAt), 0);
        Length = HeaderSize;
    }

    /// <summary>Put a chunk in if it fits.</summary>
    public bool TryAppend(SctpChunk chunk)
    {
        // Only a whole packet can be written by a record.
        var packet = new SctpPacket { SourcePort = 0, DestinationPort = 0, VerificationTag = 0, Chunks = [chunk] }.ToArray().AsSpan(HeaderSize);
        if (packet.Length > Room) return false;
        packet.CopyTo(_buffer.AsSpan(Length));
        Length += packet.Length;
        return true;
    }

    /// <summary>RFC 9260 section 3.3.1, or RFC 8260 section 2.1.</summary>
    public void AppendData(long tsn, OutgoingChunk chunk, bool interleaving, bool immediate, bool repeatSequenceNumber)
    {
        var message = chunk.Message;
        var header = interleaving ? IDataHeaderSize : DataHeaderSize;
        var size = header + chunk.Length;
        var to = _buffer.AsSpan(Length, size + 3 & ~3);
        to[0] = (byte)(interleaving ? SctpChunkType.IData : SctpChunkType.Data);
        to[1] = (byte)((immediate ? 8 : 0) | (message.Unordered ? 4 : 0) | (chunk.Beginning ? 2 : 0) | (chunk.Ending ? 1 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)size);
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], (uint)tsn);
        BinaryPrimitives.WriteUInt16BigEndian(to[8..], message.Stream.Id);
        if (interleaving)
        {
            BinaryPrimitives.WriteUInt16BigEndian(to[10..], 0);
            BinaryPrimitives.WriteUInt32BigEndian(to[12..], (uint)message.Number);
            BinaryPrimitives.WriteUInt32BigEndian(to[16..], chunk.Beginning ? (uint)message.Protocol : chunk.Fragment);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(to[10..], message.Unordered || repeatSequenceNumber ? (ushort)0 : (ushort)message.Number);
            BinaryPrimitives.WriteUInt32BigEndian(to[12..], (uint)message.Protocol);
        }
        message.Data(chunk.Offset, chunk.Length).CopyTo(to[header..]);
        to[size..].Clear();
        Length += to.Length;
    }

    /// <summary>Section 3.3.4, with as many gap ack blocks and duplicate TSNs as fit (section 6.2).</summary>
    /// <returns>False when not even a SACK without them fits.</returns>
    public bool TryAppendSack(TsnTracker tsns, uint window, bool withGaps)
    {
        if (Room < SackHeaderSize) return false;
        var fit = (Room - SackHeaderSize) / 4;
        var gaps = withGaps ? Math.Min(tsns.Gaps.Count, fit) : 0;
        while (gaps > 0 && tsns.Gaps[gaps - 1].Last - tsns.CumulativeTsn > ushort.MaxValue) gaps--;
        var duplicates = Math.Min(tsns.Duplicates.Count, fit - gaps);
        var size = SackHeaderSize + (gaps + duplicates) * 4;
        var to = _buffer.AsSpan(Length, size);
        to[0] = (byte)SctpChunkType.Sack;
        to[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)size);
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], (uint)tsns.CumulativeTsn);
        BinaryPrimitives.WriteUInt32BigEndian(to[8..], window);
        BinaryPrimitives.WriteUInt16BigEndian(to[12..], (ushort)gaps);
        BinaryPrimitives.WriteUInt16BigEndian(to[14..], (ushort)duplicates);
        to = to[SackHeaderSize..];
        for (var i = 0; i < gaps; i++, to = to[4..])
        {
            BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)(tsns.Gaps[i].First - tsns.CumulativeTsn));
            BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)(tsns.Gaps[i].Last - tsns.CumulativeTsn));
        }
        for (var i = 0; i < duplicates; i++, to = to[4..]) BinaryPrimitives.WriteUInt32BigEndian(to, tsns.Duplicates[i]);
        tsns.Duplicates.Clear();
        Length += size;
        return true;
    }

    /// <summary>Section 6.8: the CRC32c over the packet, or zero (RFC 9653).</summary>
    public void Seal(bool zero) => Seal(_buffer.AsSpan(0, Length), zero);

    /// <inheritdoc cref="Seal(bool)"/>
    public static void Seal(Span<byte> packet, bool zero)
    {
        if (packet.Length < HeaderSize) return; // a tap left no packet to seal
        var at = packet[ChecksumAt..];
        BinaryPrimitives.WriteUInt32LittleEndian(at, 0);
        if (!zero) BinaryPrimitives.WriteUInt32LittleEndian(at, Crc32c.Compute(packet));
    }
}
