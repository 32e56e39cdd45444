using System.Buffers.Binary;
using System.Numerics;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Benchmarks;

// Feedback (RFC 4585, RFC 5104, RFC 8888, transport-wide congestion control) and extended reports (RFC 3611).
internal static partial class HandRtcp
{
    private const int FeedbackHeader = 12;

    private static bool ValidateTransportFeedback(ReadOnlySpan<byte> packet, int format, bool padded, int at, out HandFault fault)
    {
        switch (format)
        {
            case 1: return ValidateEntries(packet, [0, 0, 2, 2], padded, at, out fault); // Generic NACK
            case 3 or 4: return ValidateEntries(packet, [0, 0, 0, 0, 4, 4, 4, 6], padded, at, out fault); // TMMBR, TMMBN
            case 11: return ValidateCongestionControl(packet, padded, at, out fault);
            case 15: return ValidateTransportWide(packet, padded, at, out fault);
            default: return ValidateInformation(packet, padded, at, out fault);
        }
    }

    private static bool ValidatePayloadFeedback(ReadOnlySpan<byte> packet, int format, bool padded, int at, out HandFault fault)
    {
        switch (format)
        {
            case 1: // PLI
                if (packet.Length < FeedbackHeader) return HandFault.ReportCut(out fault, at + 4, packet.Length - 4, 4, 4);
                return ValidateRest(packet, FeedbackHeader, padded, at, out fault);
            case 2: return ValidateEntries(packet, [0, 0, 1, 1], padded, at, out fault); // SLI
            case 3: // RPSI
                var end = InformationEnd(packet, padded, at, out fault);
                if (end < 0) return false;
                if (end < FeedbackHeader + 2) return HandFault.ReportCut(out fault, at + FeedbackHeader, end - FeedbackHeader, 1, 1);
                return !padded || ValidatePadding(packet, at, out fault);
            case 4: return ValidateEntries(packet, [0, 0, 0, 0, 4, 5, 5, 5], padded, at, out fault); // FIR
            case 15 when packet.Length >= 16 && packet.Slice(12, 4).SequenceEqual("REMB"u8):
                if (packet.Length == 16) return HandFault.Report(out fault, WireErrorKind.Truncated, at + 16);
                var after = 20 + packet[16] * 4;
                if (after > packet.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, at + packet.Length);
                return ValidateRest(packet, after, padded, at, out fault);
            default: return ValidateInformation(packet, padded, at, out fault);
        }
    }

    /// <summary>Where the control information ends and padding begins; -1 when something is wrong.</summary>
    private static int InformationEnd(ReadOnlySpan<byte> packet, bool padded, int at, out HandFault fault)
    {
        fault = default;
        if (packet.Length < FeedbackHeader)
        {
            HandFault.ReportCut(out fault, at + 4, packet.Length - 4, 4, 4);
            return -1;
        }
        var end = packet.Length - (padded ? packet[^1] : 0);
        if (end >= FeedbackHeader) return end;
        HandFault.Report(out fault, WireErrorKind.BadLength, at + FeedbackHeader);
        return -1;
    }

    /// <summary>Padding at the end, of which it is known that there is room for it: some, and whole words.</summary>
    private static bool ValidatePadding(ReadOnlySpan<byte> packet, int at, out HandFault fault)
    {
        fault = default;
        if (packet[^1] == 0) return HandFault.Report(out fault, WireErrorKind.BadLength, at + packet.Length);
        return packet[^1] % 4 == 0 || HandFault.Report(out fault, WireErrorKind.BadValue, at + packet.Length - 1);
    }

    private static bool ValidateInformation(ReadOnlySpan<byte> packet, bool padded, int at, out HandFault fault) =>
        InformationEnd(packet, padded, at, out fault) >= 0 && (!padded || ValidatePadding(packet, at, out fault));

    /// <summary>Entries of one size.</summary>
    /// <param name="cut">Of an entry of which only so many bytes are there, in which byte the field begins that is cut off; one number for each of its bytes.</param>
    private static bool ValidateEntries(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> cut, bool padded, int at, out HandFault fault)
    {
        var end = InformationEnd(packet, padded, at, out fault);
        if (end < 0) return false;
        var left = (end - FeedbackHeader) % cut.Length;
        if (left != 0) return HandFault.Report(out fault, WireErrorKind.Truncated, at + end - left + cut[left]);
        return !padded || ValidatePadding(packet, at, out fault);
    }

    /// <summary>Streams up to the report timestamp, each with so many reports of 2 bytes, to whole words.</summary>
    private static bool ValidateCongestionControl(ReadOnlySpan<byte> packet, bool padded, int at, out HandFault fault)
    {
        if (packet.Length < 8) return HandFault.Report(out fault, WireErrorKind.Truncated, at + 4);
        var end = packet.Length - 4 - (padded ? packet[^1] : 0);
        if (end < 8) return HandFault.Report(out fault, WireErrorKind.BadLength, at + 8);
        for (var next = 8; next < end;)
        {
            if (end - next < 8) return HandFault.ReportCut(out fault, at + next, end - next, 4, 2, 2);
            var reports = next + 8;
            var after = reports + BinaryPrimitives.ReadUInt16BigEndian(packet[(next + 6)..]) * 2;
            if (after > end) return HandFault.Report(out fault, WireErrorKind.Truncated, at + reports + (end - reports & ~1));
            next = after + 3 & ~3;
            if (next > end) return HandFault.Report(out fault, WireErrorKind.Truncated, at + after);
        }
        fault = default;
        return !padded || ValidatePadding(packet, at, out fault);
    }

    /// <summary>Chunks for all packets, deltas for those that arrived, and what fills the last word.</summary>
    private static bool ValidateTransportWide(ReadOnlySpan<byte> packet, bool padded, int at, out HandFault fault)
    {
        if (packet.Length < 20) return HandFault.Report(out fault, WireErrorKind.Truncated, at + packet.Length);
        var left = (int)BinaryPrimitives.ReadUInt16BigEndian(packet[14..]);
        var next = 20;
        var deltas = 0;
        for (; left > 0; next += 2)
        {
            if (next + 2 > packet.Length) return HandFault.Report(out fault, WireErrorKind.BadValue, at + 20);
            var chunk = (int)BinaryPrimitives.ReadUInt16BigEndian(packet[next..]);
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
        if (deltas > packet.Length - next) return HandFault.Report(out fault, WireErrorKind.Truncated, at + next);
        next += deltas;
        fault = default;
        if (!padded)
        {
            next = next + 3 & ~3;
            return next == packet.Length || HandFault.Report(out fault, WireErrorKind.Trailing, at + next);
        }
        int padding = packet[^1];
        if (padding > packet.Length - next) return HandFault.Report(out fault, WireErrorKind.Truncated, at + next);
        if (padding == 0) return HandFault.Report(out fault, WireErrorKind.BadLength, at + next);
        next += padding;
        if (packet[next - 1] != padding) return HandFault.Report(out fault, WireErrorKind.BadValue, at + next - 1);
        return next == packet.Length || HandFault.Report(out fault, WireErrorKind.Trailing, at + next);
    }

    private static bool ValidateExtendedReport(ReadOnlySpan<byte> packet, bool padded, int at, out HandFault fault)
    {
        fault = default;
        if (packet.Length < 8) return HandFault.Report(out fault, WireErrorKind.Truncated, at + 4);
        var end = packet.Length - (padded ? packet[^1] : 0);
        if (end < 8) return HandFault.Report(out fault, WireErrorKind.BadLength, at + 8);
        for (var next = 8; next < end;)
        {
            var left = end - next;
            if (left < 4) return HandFault.ReportCut(out fault, at + next, left, 1, 1, 2);
            var words = (int)BinaryPrimitives.ReadUInt16BigEndian(packet[(next + 2)..]);
            var size = (words + 1) * 4;
            var type = packet[next];
            // Blocks of one size have their length as a constant.
            if (type == 4 && words != 2 || type == 6 && words != 9 || type == 7 && words != 8) return HandFault.Report(out fault, WireErrorKind.BadValue, at + next + 2);
            if (size > left) return ReportBlock(type, at + next, left, out fault);
            switch (type)
            {
                case 1 or 2:
                    if (words < 2) return HandFault.Report(out fault, WireErrorKind.Truncated, at + next + size);
                    if (!ValidateRuns(packet.Slice(next + 12, size - 12), at + next + 12, out fault)) return false;
                    break;
                case 3: if (words < 2) return HandFault.Report(out fault, WireErrorKind.Truncated, at + next + size); break;
                case 5: if (words % 3 != 0) return HandFault.Report(out fault, WireErrorKind.Truncated, at + next + size); break;
            }
            next += size;
        }
        return !padded || ValidatePadding(packet, at, out fault);
    }

    /// <summary>A block that is cut off: at its end, or in the field that is.</summary>
    private static bool ReportBlock(byte type, int at, int left, out HandFault fault) => type switch
    {
        6 => HandFault.ReportCut(out fault, at, left, 1, 1, 2, 4, 2, 2, 4, 4, 4, 4, 4, 4, 1, 1, 1, 1),
        7 => HandFault.ReportCut(out fault, at, left, 1, 1, 2, 4, 1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2),
        _ => HandFault.Report(out fault, WireErrorKind.Truncated, at + 4),
    };

    /// <summary>Run lengths that are not 0, bit vectors, and a null chunk at most at the end, where their number is odd.</summary>
    private static bool ValidateRuns(ReadOnlySpan<byte> chunks, int at, out HandFault fault)
    {
        fault = default;
        for (var next = 0; next < chunks.Length; next += 2)
        {
            var chunk = BinaryPrimitives.ReadUInt16BigEndian(chunks[next..]);
            if (chunk == 0)
            {
                next = next + 3 & ~3;
                return next == chunks.Length || HandFault.Report(out fault, WireErrorKind.Trailing, at + next);
            }
            if (chunk < 0x8000 && (chunk & 0x3FFF) == 0) return HandFault.Report(out fault, WireErrorKind.BadValue, at + next);
        }
        return true;
    }
}
