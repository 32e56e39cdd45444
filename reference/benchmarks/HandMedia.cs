using System.Buffers.Binary;
using System.Text.Unicode;

namespace WebRtcConformance.Benchmarks;

/// <summary>What a careful person would write by hand for RTP, SCTP and RTCP: the measure for the generated code. Each checks what the spec files say
/// of the PDUs that the measured packets hold, and takes the others by their lengths.</summary>
internal static class HandMedia
{
    public static bool Rtp(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 12 || packet[0] >> 6 != 2) return false;
        var at = 12 + (packet[0] & 15) * 4;
        if (at > packet.Length) return false;
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length - at < 4) return false;
            var head = BinaryPrimitives.ReadUInt32BigEndian(packet[at..]);
            var size = (int)(head & 0xFFFF) * 4;
            at += 4;
            if (size > packet.Length - at) return false;
            if (head >> 16 == 0xBEDE && !OneByteElements(packet.Slice(at, size))) return false;
            at += size;
        }
        return (packet[0] & 0x20) == 0 || packet.Length > at && packet[^1] > 0 && packet[^1] <= packet.Length - at;
    }

    private static bool OneByteElements(ReadOnlySpan<byte> content)
    {
        var at = 0;
        while (at < content.Length)
        {
            var (id, length) = (content[at] >> 4, content[at] & 15);
            if (id is 0 or 15 && length != 0) return false;
            at += id == 0 ? 1 : id == 15 ? content.Length - at : length + 2;
        }
        return at == content.Length;
    }

    public static bool Sctp(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 12) return false;
        var rest = packet[12..];
        while (!rest.IsEmpty)
        {
            if (rest.Length < 4) return false;
            var head = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var length = (int)(head & 0xFFFF);
            var padded = length + 3 & ~3;
            if (length < 4 || padded > rest.Length) return false;
            var chunk = rest[..length];
            switch (head >> 24)
            {
                case 0:
                    if (length < 16) return false;
                    break;
                case 3:
                    if (length < 16 || length != 16 + BinaryPrimitives.ReadUInt16BigEndian(chunk[12..]) * 4 + BinaryPrimitives.ReadUInt16BigEndian(chunk[14..]) * 4) return false;
                    break;
                case 7:
                    if (length != 8) return false;
                    break;
                case 8 or 11 or 14:
                    if (length != 4) return false;
                    break;
            }
            rest = rest[padded..];
        }
        return true;
    }

    public static bool Rtcp(ReadOnlySpan<byte> compound)
    {
        var first = true;
        var described = false;
        while (!compound.IsEmpty)
        {
            if (compound.Length < 4) return false;
            var head = BinaryPrimitives.ReadUInt32BigEndian(compound);
            var size = (int)(head & 0xFFFF) * 4 + 4;
            if (head >> 30 != 2 || size > compound.Length) return false;
            var packet = compound[..size];
            var type = head >> 16 & 0xFF;
            if (first && type is not (200 or 201)) return false;
            described |= type == 202;
            if ((head & 0x2000_0000) != 0)
            {
                var padding = packet[^1];
                if (padding == 0 || padding > size - 4) return false;
                packet = packet[..^padding];
            }
            var count = (int)(head >> 24 & 31);
            switch (type)
            {
                case 200:
                    if (packet.Length < 28 + count * 24) return false;
                    break;
                case 201:
                    if (packet.Length < 8 + count * 24) return false;
                    break;
                case 202:
                    if (!Descriptions(packet[4..], count)) return false;
                    break;
            }
            compound = compound[size..];
            first = false;
        }
        return described;
    }

    private static bool Descriptions(ReadOnlySpan<byte> chunks, int count)
    {
        for (; count > 0; count--)
        {
            if (chunks.Length < 4) return false;
            var at = 4;
            while (at < chunks.Length && chunks[at] != 0)
            {
                if (chunks.Length - at < 2) return false;
                int length = chunks[at + 1];
                if (length > chunks.Length - at - 2 || !Utf8.IsValid(chunks.Slice(at + 2, length))) return false;
                at += 2 + length;
            }
            if (at >= chunks.Length) return false;
            var end = at + 4 & ~3;
            if (end > chunks.Length || chunks[at..end].ContainsAnyExcept((byte)0)) return false;
            chunks = chunks[end..];
        }
        return chunks.IsEmpty;
    }
}
