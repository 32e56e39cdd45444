using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Benchmarks;

/// <summary>What a careful person would write for RTCP by hand: a compound of all packet types that the spec files draw, with the checks that they have.</summary>
internal static partial class HandRtcp
{
    private const int BlockSize = 24;

    /// <summary>The whole compound is valid: it begins with a report, and only its last packet is padded.</summary>
    public static bool Validate(ReadOnlySpan<byte> compound, out HandFault fault)
    {
        for (var at = 0; at < compound.Length;)
        {
            var left = compound.Length - at;
            if (left < 4) return compound[at] >> 6 != 2 ? HandFault.Report(out fault, WireErrorKind.BadValue, at) : HandFault.ReportCut(out fault, at, left, 1, 1, 2);
            var header = BinaryPrimitives.ReadUInt32BigEndian(compound[at..]);
            if (header >> 30 != 2) return HandFault.Report(out fault, WireErrorKind.BadValue, at);
            var size = ((int)(header & 0xFFFF) + 1) * 4;
            var type = header >> 16 & 0xFF;
            var count = (int)(header >> 24 & 31);
            if (type == 206 && count == 15 && left >= 16 && compound.Slice(at + 12, 4).SequenceEqual("REMB"u8))
            {
                // The length is looked at behind the name.
                if (size < 16) return HandFault.Report(out fault, WireErrorKind.BadLength, at + 16);
                if (size > left) return HandFault.Report(out fault, WireErrorKind.Truncated, at + 16);
            }
            else if (size > left) return HandFault.Report(out fault, WireErrorKind.Truncated, at + 4);
            var packet = compound.Slice(at, size);
            var padded = (header & 0x2000_0000) != 0;
            switch (type)
            {
                case 200:
                    if (size < 28) return HandFault.ReportCut(out fault, at + 4, size - 4, 4, 8, 4, 4, 4);
                    if (!ValidateReports(packet, 28, count, padded, at, out fault)) return false;
                    break;
                case 201:
                    if (size < 8) return HandFault.Report(out fault, WireErrorKind.Truncated, at + 4);
                    if (!ValidateReports(packet, 8, count, padded, at, out fault)) return false;
                    break;
                case 202: if (!ValidateDescription(packet, count, padded, at, out fault)) return false; break;
                case 203: if (!ValidateGoodbye(packet, count, padded, at, out fault)) return false; break;
                case 204: if (!ValidateApplication(packet, padded, at, out fault)) return false; break;
                case 195:
                    if (4 + count * 4 > size) return HandFault.Report(out fault, WireErrorKind.Truncated, at + size);
                    if (!ValidateRest(packet, 4 + count * 4, padded, at, out fault)) return false;
                    break;
                case 205: if (!ValidateTransportFeedback(packet, count, padded, at, out fault)) return false; break;
                case 206: if (!ValidatePayloadFeedback(packet, count, padded, at, out fault)) return false; break;
                case 207: if (!ValidateExtendedReport(packet, padded, at, out fault)) return false; break;
                default: if (padded && !ValidateWords(packet, 4, at, out fault)) return false; break;
            }
            if (at == 0 && type is not (200 or 201)) return HandFault.Report(out fault, WireErrorKind.Order, 0);
            if (padded && size < left) return HandFault.Report(out fault, WireErrorKind.Order, at);
            at += size;
        }
        fault = default;
        return true;
    }

    /// <summary>Report blocks, and what a profile may add.</summary>
    private static bool ValidateReports(ReadOnlySpan<byte> packet, int blocks, int count, bool padded, int at, out HandFault fault)
    {
        fault = default;
        var end = blocks + count * BlockSize;
        if (end > packet.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, at + packet.Length);
        return !padded || ValidateWords(packet, end, at, out fault);
    }

    /// <summary>A padded packet that holds words of any kind from a place on: the padding begins behind that place, and is whole words.</summary>
    private static bool ValidateWords(ReadOnlySpan<byte> packet, int from, int at, out HandFault fault)
    {
        int padding = packet[^1];
        if (padding > packet.Length - from) return HandFault.Report(out fault, WireErrorKind.BadLength, at + from);
        if (padding % 4 != 0) return HandFault.Report(out fault, WireErrorKind.BadValue, at + from);
        if (padding == 0) return HandFault.Report(out fault, WireErrorKind.BadLength, at + packet.Length);
        fault = default;
        return true;
    }

    /// <summary>Nothing but padding follows, if the packet has some.</summary>
    private static bool ValidateRest(ReadOnlySpan<byte> packet, int from, bool padded, int at, out HandFault fault)
    {
        fault = default;
        var end = from;
        if (padded)
        {
            int padding = packet[^1];
            end += padding;
            if (end > packet.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, at + from);
            if (padding == 0) return HandFault.Report(out fault, WireErrorKind.BadLength, at + from);
            // Where the packet goes on behind the padding, its last octet is another one.
            if (packet[end - 1] != padding || padding % 4 != 0) return HandFault.Report(out fault, WireErrorKind.BadValue, at + end - 1);
        }
        return end == packet.Length || HandFault.Report(out fault, WireErrorKind.Trailing, at + end);
    }

    private static bool ValidateDescription(ReadOnlySpan<byte> packet, int count, bool padded, int at, out HandFault fault)
    {
        // The items of a chunk may take all that there is, also the octets that the padding count claims; then there is no room for those.
        var next = 4;
        for (; count > 0; count--)
        {
            if (next + 4 > packet.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, at + next);
            next += 4;
            while (true)
            {
                if (next >= packet.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, at + next);
                if (packet[next] == 0) break;
                if (next + 2 > packet.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, at + next + 1);
                var item = next + 2;
                int length = packet[next + 1];
                if (item + length > packet.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, at + item);
                if (!ValidateItem(packet[next], packet.Slice(item, length), at + item, out fault)) return false;
                next = item + length;
            }
            next = next + 4 & ~3;
        }
        return ValidateRest(packet, next, padded, at, out fault);
    }

    private static bool ValidateItem(byte type, ReadOnlySpan<byte> text, int at, out HandFault fault)
    {
        fault = default;
        switch (type)
        {
            case 12 or 13: return Ascii.IsValid(text) || HandFault.Report(out fault, WireErrorKind.BadText, at); // RtpStreamId, RepairedRtpStreamId
            case 15: // MID
                if (!Utf8.IsValid(text)) return HandFault.Report(out fault, WireErrorKind.BadText, at);
                return text.Length >= 1 || HandFault.Report(out fault, WireErrorKind.BadValue, at);
            case > 8: return true;
            case < 8: return Utf8.IsValid(text) || HandFault.Report(out fault, WireErrorKind.BadText, at);
        }
        if (text.IsEmpty) return HandFault.Report(out fault, WireErrorKind.Truncated, at); // PRIV
        var value = 1 + text[0];
        if (value > text.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, at + 1);
        if (!Utf8.IsValid(text[1..value])) return HandFault.Report(out fault, WireErrorKind.BadText, at + 1);
        return Utf8.IsValid(text[value..]) || HandFault.Report(out fault, WireErrorKind.BadText, at + value);
    }

    private static bool ValidateGoodbye(ReadOnlySpan<byte> packet, int count, bool padded, int at, out HandFault fault)
    {
        var next = 4 + count * 4;
        if (next > packet.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, at + packet.Length);
        if (packet.Length - next > (padded ? packet[^1] : 0))
        {
            var end = next + 1 + packet[next];
            if (end > packet.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, at + next + 1);
            if (!Utf8.IsValid(packet[(next + 1)..end])) return HandFault.Report(out fault, WireErrorKind.BadText, at + next + 1);
            next = end + 3 & ~3;
        }
        return ValidateRest(packet, next, padded, at, out fault);
    }

    private static bool ValidateApplication(ReadOnlySpan<byte> packet, bool padded, int at, out HandFault fault)
    {
        fault = default;
        if (packet.Length < 12) return HandFault.ReportCut(out fault, at + 4, packet.Length - 4, 4, 4);
        if (!Ascii.IsValid(packet.Slice(8, 4))) return HandFault.Report(out fault, WireErrorKind.BadText, at + 8);
        return !padded || ValidateWords(packet, 12, at, out fault);
    }
}
