using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace WebRtcConformance.Benchmarks;

/// <summary>What a careful person would write for RTCP by hand: a compound of all packet types that the spec files draw, with the checks that they have.</summary>
internal static partial class HandRtcp
{
    private const int BlockSize = 24;

    /// <summary>The whole compound is valid: it begins with a report, and only its last packet is padded.</summary>
    public static bool Validate(ReadOnlySpan<byte> compound)
    {
        var isFirst = true;
        while (!compound.IsEmpty)
        {
            if (compound.Length < 4) return false;
            var header = BinaryPrimitives.ReadUInt32BigEndian(compound);
            var size = ((int)(header & 0xFFFF) + 1) * 4;
            if (header >> 30 != 2 || size > compound.Length) return false;
            var type = header >> 16 & 0xFF;
            if (isFirst && type is not (200 or 201)) return false;
            isFirst = false;
            var packet = compound[..size];
            var count = (int)(header >> 24 & 31);
            var padding = 0;
            if ((header & 0x2000_0000) != 0)
            {
                padding = packet[^1];
                // Transport-wide feedback fills its last word with padding too.
                if (padding == 0 || size < compound.Length || padding % 4 != 0 && !(type == 205 && count == 15)) return false;
            }
            switch (type)
            {
                case 200: if (size - padding < 28 + count * BlockSize) return false; break;
                case 201: if (size - padding < 8 + count * BlockSize) return false; break;
                case 202: if (!ValidateDescription(packet[4..], count, padding)) return false; break;
                case 203: if (!ValidateGoodbye(packet[4..], count, padding)) return false; break;
                case 204: if (size - padding < 12 || !Ascii.IsValid(packet.Slice(8, 4))) return false; break;
                case 195: if (size - padding != 4 + count * 4) return false; break;
                case 205: if (!ValidateTransportFeedback(packet, count, padding)) return false; break;
                case 206: if (!ValidatePayloadFeedback(packet, count, padding)) return false; break;
                case 207: if (!ValidateExtendedReport(packet, padding)) return false; break;
                default: if (size - padding < 4) return false; break;
            }
            compound = compound[size..];
        }
        return true;
    }

    private static bool ValidateDescription(ReadOnlySpan<byte> chunks, int count, int padding)
    {
        // The items of a chunk may take all that there is, also the octets that the padding count claims; then there is no room for those.
        for (; count > 0; count--)
        {
            var at = 4;
            while (true)
            {
                if (at >= chunks.Length) return false;
                if (chunks[at] == 0) break;
                if (at + 2 > chunks.Length || at + 2 + chunks[at + 1] > chunks.Length) return false;
                if (!ValidateItem(chunks[at], chunks.Slice(at + 2, chunks[at + 1]))) return false;
                at += 2 + chunks[at + 1];
            }
            var end = at + 4 & ~3;
            if (end > chunks.Length) return false;
            chunks = chunks[end..];
        }
        return chunks.Length == padding;
    }

    private static bool ValidateItem(byte type, ReadOnlySpan<byte> text)
    {
        switch (type)
        {
            case 12 or 13: return Ascii.IsValid(text); // RtpStreamId, RepairedRtpStreamId
            case 15: return text.Length >= 1 && Utf8.IsValid(text); // MID
            case > 8: return true;
            case < 8: return Utf8.IsValid(text);
        }
        return text.Length >= 1 && text[0] <= text.Length - 1 && Utf8.IsValid(text.Slice(1, text[0])) && Utf8.IsValid(text[(1 + text[0])..]);
    }

    private static bool ValidateGoodbye(ReadOnlySpan<byte> body, int count, int padding)
    {
        var rest = body.Length - count * 4;
        if (rest < padding) return false;
        if (rest == padding) return true;
        var reason = body[(count * 4)..];
        if (1 + reason[0] > reason.Length || !Utf8.IsValid(reason.Slice(1, reason[0]))) return false;
        return (1 + reason[0] + 3 & ~3) == reason.Length - padding;
    }
}
