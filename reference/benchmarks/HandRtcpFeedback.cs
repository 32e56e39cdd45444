using System.Buffers.Binary;
using System.Numerics;

namespace WebRtcConformance.Benchmarks;

// Feedback (RFC 4585, RFC 5104, RFC 8888, transport-wide congestion control) and extended reports (RFC 3611).
internal static partial class HandRtcp
{
    private const int FeedbackHeader = 12;

    private static bool ValidateTransportFeedback(ReadOnlySpan<byte> packet, int format, int padding)
    {
        var information = packet.Length - padding - FeedbackHeader;
        return format switch
        {
            3 or 4 => information >= 0 && information % 8 == 0, // TMMBR, TMMBN
            11 => ValidateCongestionControl(packet, padding),
            15 => ValidateTransportWide(packet, padding),
            _ => information >= 0,
        };
    }

    private static bool ValidatePayloadFeedback(ReadOnlySpan<byte> packet, int format, int padding)
    {
        var information = packet.Length - padding - FeedbackHeader;
        switch (format)
        {
            case 1: return information == 0; // PLI
            case 3: return information >= 4; // RPSI
            case 4: return information >= 0 && information % 8 == 0; // FIR
            case 15 when packet.Length >= 16 && packet.Slice(12, 4).SequenceEqual("REMB"u8): return information >= 8 && information == 8 + packet[16] * 4;
            default: return information >= 0;
        }
    }

    /// <summary>Streams up to the report timestamp, each with so many reports of 2 bytes, to whole words.</summary>
    private static bool ValidateCongestionControl(ReadOnlySpan<byte> packet, int padding)
    {
        var end = packet.Length - padding - 4;
        var at = 8;
        if (end < at) return false;
        for (; at < end; at += 8 + packet[at + 6] * 512 + packet[at + 7] * 2 + 3 & ~3)
            if (end - at < 8) return false;
        return at == end;
    }

    /// <summary>Chunks for all packets, deltas for those that arrived, and what fills the last word.</summary>
    private static bool ValidateTransportWide(ReadOnlySpan<byte> packet, int padding)
    {
        if (packet.Length < 20) return false;
        var left = (int)BinaryPrimitives.ReadUInt16BigEndian(packet[14..]);
        var at = 20;
        var deltas = 0;
        for (; left > 0; at += 2)
        {
            if (at + 2 > packet.Length) return false;
            var chunk = (int)BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
            int symbols;
            if (chunk < 0x8000)
            {
                symbols = Math.Min(chunk & 0x1FFF, left);
                deltas += symbols * ((chunk >> 13) % 3);
            }
            else if ((chunk & 0x4000) == 0)
            {
                symbols = Math.Min(14, left);
                deltas += BitOperations.PopCount((uint)(chunk & 0x3FFF) >> 14 - symbols);
            }
            else
            {
                symbols = Math.Min(7, left);
                for (var i = 0; i < symbols; i++) deltas += (chunk >> 12 - 2 * i & 3) % 3;
            }
            left -= symbols;
        }
        at += deltas;
        return (padding > 0 ? at + padding : at + 3 & ~3) == packet.Length;
    }

    private static bool ValidateExtendedReport(ReadOnlySpan<byte> packet, int padding)
    {
        if (packet.Length - padding < 8) return false;
        var blocks = packet[8..^padding];
        while (!blocks.IsEmpty)
        {
            var words = (int)BinaryPrimitives.ReadUInt16BigEndian(blocks[2..]);
            var size = (words + 1) * 4;
            if (size > blocks.Length) return false;
            switch (blocks[0])
            {
                case 1 or 2: if (words < 2 || !ValidateRuns(blocks[12..size])) return false; break;
                case 3: if (words < 2) return false; break;
                case 4: if (words != 2) return false; break;
                case 5: if (words % 3 != 0) return false; break;
                case 6: if (words != 9) return false; break;
                case 7: if (words != 8) return false; break;
            }
            blocks = blocks[size..];
        }
        return true;
    }

    /// <summary>Run lengths that are not 0, bit vectors, and a null chunk at most at the end.</summary>
    private static bool ValidateRuns(ReadOnlySpan<byte> chunks)
    {
        for (var at = 0; at < chunks.Length; at += 2)
        {
            var chunk = BinaryPrimitives.ReadUInt16BigEndian(chunks[at..]);
            if (chunk < 0x8000 && (chunk & 0x3FFF) == 0 && (chunk != 0 || at + 2 < chunks.Length)) return false;
        }
        return true;
    }
}
