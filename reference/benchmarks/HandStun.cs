using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Benchmarks;

/// <summary>What a careful person would write for STUN by hand: the measure for the generated code. It checks what the spec file says, for every
/// attribute that the spec file knows.</summary>
internal static class HandStun
{
    public const int HeaderSize = 20;
    private const uint MagicCookie = 0x2112A442;

    /// <summary>The whole message is valid.</summary>
    public static bool Validate(ReadOnlySpan<byte> message, out HandFault fault)
    {
        if (message.Length < HeaderSize) return ReportHeader(message, out fault);
        var head = BinaryPrimitives.ReadUInt64BigEndian(message);
        if ((head & 0xC000_0003_FFFF_FFFF) != MagicCookie) return ReportHeader(message, out fault);
        var end = HeaderSize + ((int)(head >> 32) & 0xFFFF);
        if (end > message.Length) return HandFault.Report(out fault, WireErrorKind.Truncated, HeaderSize);
        for (var at = HeaderSize; at < end;)
        {
            var left = end - at;
            if (left < 4) return HandFault.ReportCut(out fault, at, left, 2, 2);
            var both = BinaryPrimitives.ReadUInt32BigEndian(message[at..]);
            var size = (int)(both & 0xFFFF);
            // All is whole words: where there is no room for the padding, there is none for the value.
            var padded = 4 + (size + 3 & ~3);
            if (padded > left) return HandFault.Report(out fault, WireErrorKind.Truncated, at + 4);
            if (!ValidateValue(both >> 16, message.Slice(at + 4, size), at + 4, out fault)) return false;
            if (both >> 16 == 0x8028 && padded < left) return HandFault.Report(out fault, WireErrorKind.Order, at); // FINGERPRINT is last
            at += padded;
        }
        if (end < message.Length) return HandFault.Report(out fault, WireErrorKind.Trailing, end);
        fault = default;
        return true;
    }

    /// <summary>What is wrong with a header that is too short, or has a wrong value.</summary>
    private static bool ReportHeader(ReadOnlySpan<byte> message, out HandFault fault)
    {
        if (message.Length >= 1 && message[0] >> 6 != 0) return HandFault.Report(out fault, WireErrorKind.BadValue, 0);
        if (message.Length >= 4 && (message[3] & 3) != 0) return HandFault.Report(out fault, WireErrorKind.BadValue, 2);
        if (message.Length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(message[4..]) != MagicCookie) return HandFault.Report(out fault, WireErrorKind.BadValue, 4);
        return HandFault.ReportCut(out fault, 0, message.Length, 2, 2, 4, 12);
    }

    /// <param name="at">Where the value begins.</param>
    private static bool ValidateValue(uint type, ReadOnlySpan<byte> value, int at, out HandFault fault)
    {
        fault = default;
        switch (type)
        {
            case 0x0006 or 0x0014 or 0x0015 or 0x8022: // USERNAME, REALM, NONCE, SOFTWARE
                if (!Utf8.IsValid(value)) return HandFault.Report(out fault, WireErrorKind.BadText, at);
                return value.Length <= 763 || HandFault.Report(out fault, WireErrorKind.BadValue, at);
            case 0x8003: // ALTERNATE-DOMAIN
                if (!Ascii.IsValid(value)) return HandFault.Report(out fault, WireErrorKind.BadText, at);
                return value.Length <= 255 || HandFault.Report(out fault, WireErrorKind.BadValue, at);
            case 0x001C: // MESSAGE-INTEGRITY-SHA256
                return value.Length is >= 16 and <= 32 && value.Length % 4 == 0 || HandFault.Report(out fault, WireErrorKind.BadValue, at);
            case 0x0008: return value.Length == 20 || ReportSize(out fault, at, value.Length, 20); // MESSAGE-INTEGRITY
            case 0x001E: return value.Length == 32 || ReportSize(out fault, at, value.Length, 32); // USERHASH
            case 0x8028 or 0x0024: return value.Length == 4 || ReportSize(out fault, at, value.Length, 4); // FINGERPRINT, PRIORITY
            case 0x8029 or 0x802A: return value.Length == 8 || ReportSize(out fault, at, value.Length, 8); // ICE-CONTROLLED, ICE-CONTROLLING
            case 0x0025: return value.Length == 0 || ReportSize(out fault, at, value.Length, 0); // USE-CANDIDATE
            case 0x0009: return ValidateErrorCode(value, at, out fault);
            case 0x000A: return value.Length % 2 == 0 || HandFault.Report(out fault, WireErrorKind.Truncated, at + value.Length - 1); // UNKNOWN-ATTRIBUTES
            case 0x0001 or 0x0020 or 0x8023: return ValidateAddress(value, at, out fault); // MAPPED-ADDRESS, XOR-MAPPED-ADDRESS, ALTERNATE-SERVER
            case 0x001D: // PASSWORD-ALGORITHM
                var one = AlgorithmSize(value, at, out fault);
                if (one < 0) return false;
                return one == value.Length || HandFault.Report(out fault, WireErrorKind.Trailing, at + one);
            case 0x8002: // PASSWORD-ALGORITHMS
                while (!value.IsEmpty)
                {
                    var size = AlgorithmSize(value, at, out fault);
                    if (size < 0) return false;
                    value = value[size..];
                    at += size;
                }
                return true;
            default: return true;
        }
    }

    /// <summary>A value of one field that has another size.</summary>
    private static bool ReportSize(out HandFault fault, int at, int size, int wanted) => size < wanted
        ? HandFault.Report(out fault, WireErrorKind.Truncated, at)
        : HandFault.Report(out fault, WireErrorKind.Trailing, at + wanted);

    private static bool ValidateErrorCode(ReadOnlySpan<byte> value, int at, out HandFault fault)
    {
        if (value.Length < 3) return HandFault.Report(out fault, WireErrorKind.Truncated, at);
        if ((value[2] & 7) is < 3 or > 6) return HandFault.Report(out fault, WireErrorKind.BadValue, at + 2);
        if (value.Length < 4) return HandFault.Report(out fault, WireErrorKind.Truncated, at + 3);
        if (value[3] > 99) return HandFault.Report(out fault, WireErrorKind.BadValue, at + 3);
        if (!Utf8.IsValid(value[4..])) return HandFault.Report(out fault, WireErrorKind.BadText, at + 4);
        if (value.Length > 767) return HandFault.Report(out fault, WireErrorKind.BadValue, at + 4);
        fault = default;
        return true;
    }

    private static bool ValidateAddress(ReadOnlySpan<byte> value, int at, out HandFault fault)
    {
        fault = default;
        if (value.Length >= 2 && value[1] is not (1 or 2)) return HandFault.Report(out fault, WireErrorKind.BadValue, at + 1);
        if (value.Length < 4) return HandFault.ReportCut(out fault, at, value.Length, 1, 1, 2);
        var size = value[1] == 1 ? 8 : 20;
        return value.Length == size || (value.Length < size ? HandFault.Report(out fault, WireErrorKind.Truncated, at + 4) : HandFault.Report(out fault, WireErrorKind.Trailing, at + size));
    }

    /// <summary>The bytes of one algorithm with its parameters; -1 when something is wrong.</summary>
    private static int AlgorithmSize(ReadOnlySpan<byte> value, int at, out HandFault fault)
    {
        fault = default;
        if (value.Length < 4)
        {
            HandFault.ReportCut(out fault, at, value.Length, 2, 2);
            return -1;
        }
        var end = 4 + BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        var size = end + 3 & ~3;
        if (size <= value.Length) return size;
        HandFault.Report(out fault, WireErrorKind.Truncated, end > value.Length ? at + 4 : at + end);
        return -1;
    }

    /// <summary>Takes out what an ICE agent looks at in a check, of a message that is known to be valid.</summary>
    public static long Visit(ReadOnlySpan<byte> message)
    {
        long sum = 0;
        var rest = message[HeaderSize..];
        while (!rest.IsEmpty)
        {
            var both = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var size = (int)(both & 0xFFFF);
            var value = rest.Slice(4, size);
            switch (both >> 16)
            {
                case 0x0006: sum += value.Length; break;
                case 0x0008: sum += value[0]; break;
                case 0x0024: sum += BinaryPrimitives.ReadUInt32BigEndian(value); break;
                case 0x802A: sum += (long)BinaryPrimitives.ReadUInt64BigEndian(value); break;
                case 0x8028: sum += BinaryPrimitives.ReadUInt32BigEndian(value); break;
            }
            rest = rest[(4 + (size + 3 & ~3))..];
        }
        return sum;
    }
}
