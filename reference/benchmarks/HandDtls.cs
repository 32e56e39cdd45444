using System.Buffers.Binary;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Benchmarks;

/// <summary>What a careful person would write by hand for a DTLS 1.2 record that is not encrypted: its header, and the fragments of handshake
/// messages, the alert or the change of the cipher in it.</summary>
internal static class HandDtls
{
    private const int HeaderSize = 13, FragmentHeaderSize = 12;

    /// <summary>The whole record is valid.</summary>
    public static bool Validate(ReadOnlySpan<byte> record, out HandFault fault)
    {
        if (record.Length < HeaderSize)
        {
            if (record.Length >= 5 && (record[3] | record[4]) != 0) return HandFault.Report(out fault, WireErrorKind.BadValue, 3);
            return HandFault.ReportCut(out fault, 0, record.Length, 1, 2, 2, 6, 2);
        }
        if ((record[3] | record[4]) != 0) return HandFault.Report(out fault, WireErrorKind.BadValue, 3);
        var end = HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(record[11..]);
        if (end > record.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, HeaderSize);
        switch (record[0])
        {
            case 20:
                if (end == HeaderSize) return HandFault.Report(out fault, WireErrorKind.Truncated, HeaderSize);
                if (record[HeaderSize] != 1) return HandFault.Report(out fault, WireErrorKind.BadValue, HeaderSize);
                if (end > HeaderSize + 1) return HandFault.Report(out fault, WireErrorKind.Trailing, HeaderSize + 1);
                break;
            case 21:
                if (end < HeaderSize + 2) return HandFault.Report(out fault, WireErrorKind.Truncated, end);
                if (end > HeaderSize + 2) return HandFault.Report(out fault, WireErrorKind.Trailing, HeaderSize + 2);
                break;
            case 22:
                for (var at = HeaderSize; at < end;)
                {
                    var left = end - at - FragmentHeaderSize;
                    if (left < 0) return HandFault.ReportCut(out fault, at, end - at, 1, 3, 2, 3, 3);
                    var first = BinaryPrimitives.ReadUInt32BigEndian(record[at..]);
                    var second = BinaryPrimitives.ReadUInt64BigEndian(record[(at + 4)..]);
                    var (offset, length) = ((uint)(second >> 24) & 0xFFFFFF, (uint)second & 0xFFFFFF);
                    if (offset + length > (first & 0xFFFFFF)) return HandFault.Report(out fault, WireErrorKind.BadValue, at + 9);
                    at += FragmentHeaderSize;
                    if (length > left) return HandFault.Report(out fault, WireErrorKind.Truncated, at);
                    at += (int)length;
                }
                break;
        }
        if (end < record.Length) return HandFault.Report(out fault, WireErrorKind.Trailing, end);
        fault = default;
        return true;
    }
}
