using System.Buffers.Binary;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Benchmarks;

/// <summary>What a careful person would write for RTP by hand: the measure for the generated code. It checks what the spec files say: the
/// header, the elements of the header extension in both forms, and the padding.</summary>
internal static class HandRtp
{
    private const int HeaderSize = 12;

    /// <summary>The whole packet is valid.</summary>
    public static bool Validate(ReadOnlySpan<byte> packet, out HandFault fault)
    {
        if (packet.Length < HeaderSize)
        {
            if (packet.Length > 0 && packet[0] >> 6 != 2) return HandFault.Report(out fault, WireErrorKind.BadValue, 0);
            return HandFault.ReportCut(out fault, 0, packet.Length, 1, 1, 2, 4, 4);
        }
        uint first = packet[0];
        if (first >> 6 != 2) return HandFault.Report(out fault, WireErrorKind.BadValue, 0);
        var at = HeaderSize + (int)(first & 15) * 4;
        if (at > packet.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, packet.Length & ~3);
        if ((first & 0x10) != 0)
        {
            if (at + 4 > packet.Length) return HandFault.ReportCut(out fault, at, packet.Length - at, 2, 2);
            var both = BinaryPrimitives.ReadUInt32BigEndian(packet[at..]);
            at += 4;
            var end = at + (int)(both & 0xFFFF) * 4;
            if (end > packet.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, at);
            if (both >> 16 == 0xBEDE)
            {
                if (!ValidateOneByte(packet, at, end, out fault)) return false;
            }
            else if (both >> 20 == 0x100 && !ValidateTwoByte(packet, at, end, out fault)) return false;
            at = end;
        }
        fault = default;
        if ((first & 0x20) == 0) return true;
        // An empty packet has no last octet: a count of 0.
        int padding = packet[^1];
        if (padding > packet.Length - at) return HandFault.Report(out fault, WireErrorKind.BadLength, at);
        return padding > 0 || HandFault.Report(out fault, WireErrorKind.BadLength, packet.Length);
    }

    private static bool ValidateOneByte(ReadOnlySpan<byte> packet, int at, int end, out HandFault fault)
    {
        fault = default;
        while (at < end)
        {
            var start = at;
            uint both = packet[at++];
            if (both >> 4 == 15 || both >> 4 == 0)
            {
                if ((both & 15) != 0) return HandFault.Report(out fault, WireErrorKind.BadValue, start);
                if (both >> 4 == 15) return true;
                continue;
            }
            var size = (int)(both & 15) + 1;
            if (size > end - at) return HandFault.Report(out fault, WireErrorKind.Truncated, at);
            at += size;
        }
        return true;
    }

    private static bool ValidateTwoByte(ReadOnlySpan<byte> packet, int at, int end, out HandFault fault)
    {
        fault = default;
        while (at < end)
        {
            if (packet[at++] == 0) continue;
            if (at == end) return HandFault.Report(out fault, WireErrorKind.Truncated, at);
            int size = packet[at++];
            if (size > end - at) return HandFault.Report(out fault, WireErrorKind.Truncated, at);
            at += size;
        }
        return true;
    }
}
