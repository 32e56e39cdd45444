using System.Buffers.Binary;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Benchmarks;

/// <summary>What a careful person would write for SCTP by hand: the packet of an established association. Chunks that hold parameters or causes are
/// beyond it (<see cref="Knows"/>).</summary>
internal static class HandSctp
{
    private const int HeaderSize = 12;

    /// <summary>The whole packet is valid, its checksum aside.</summary>
    public static bool Validate(ReadOnlySpan<byte> packet, out HandFault fault)
    {
        if (packet.Length < HeaderSize) return HandFault.ReportCut(out fault, 0, packet.Length, 2, 2, 4, 4);
        for (var at = HeaderSize; at < packet.Length;)
        {
            var left = packet.Length - at;
            if (left < 4) return HandFault.ReportCut(out fault, at, left, 1, 1, 2);
            var header = BinaryPrimitives.ReadUInt32BigEndian(packet[at..]);
            var length = (int)(header & 0xFFFF);
            // Chunks of one length only: SHUTDOWN; SHUTDOWN ACK, COOKIE ACK, SHUTDOWN COMPLETE.
            if (header >> 24 is 7 ? length != 8 : header >> 24 is 8 or 11 or 14 && length != 4) return HandFault.Report(out fault, WireErrorKind.BadValue, at + 2);
            if (length < 4) return HandFault.Report(out fault, WireErrorKind.BadLength, at + 4);
            if (length > left) return HandFault.Report(out fault, WireErrorKind.Truncated, at + 4);
            switch (header >> 24)
            {
                case 0: // DATA
                    if (length < 16) return HandFault.ReportCut(out fault, at + 4, length - 4, 4, 2, 2, 4);
                    break;
                case 3: // SACK
                    if (length < 16) return HandFault.ReportCut(out fault, at + 4, length - 4, 4, 4, 2, 2);
                    var counts = BinaryPrimitives.ReadUInt32BigEndian(packet[(at + 12)..]);
                    var gapsEnd = 16 + (int)(counts >> 16) * 4;
                    if (gapsEnd > length) return HandFault.ReportCut(out fault, at + (length & ~3), length & 3, 2, 2);
                    var end = gapsEnd + (int)(counts & 0xFFFF) * 4;
                    if (end > length) return HandFault.Report(out fault, WireErrorKind.Truncated, at + (length & ~3));
                    if (end < length) return HandFault.Report(out fault, WireErrorKind.Trailing, at + end);
                    break;
            }
            var padded = length + 3 & ~3;
            if (padded > left) return HandFault.Report(out fault, WireErrorKind.Truncated, at + length);
            at += padded;
        }
        fault = default;
        return true;
    }

    /// <summary>No chunk of the packet is of a kind that this twin does not look into: those with parameters or causes, and the extensions.</summary>
    public static bool Knows(ReadOnlySpan<byte> packet)
    {
        for (var at = HeaderSize; at + 4 <= packet.Length; at += Math.Max((packet[at + 2] << 8 | packet[at + 3]) + 3 & ~3, 4))
            if (packet[at] is 1 or 2 or 4 or 5 or 6 or 9 or >= 15) return false;
        return true;
    }
}
