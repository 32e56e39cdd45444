using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace WebRtcConformance.Benchmarks;

/// <summary>What a careful person would write for STUN by hand: the measure for the generated code. It checks what the spec file says, for every
/// attribute that the spec file knows.</summary>
internal static class HandStun
{
    public const int HeaderSize = 20;
    private const uint MagicCookie = 0x2112A442;

    /// <summary>The whole message is valid.</summary>
    public static bool Validate(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderSize) return false;
        var head = BinaryPrimitives.ReadUInt64BigEndian(message);
        if ((head & 0xC000_0000_FFFF_FFFF) != MagicCookie) return false;
        var length = (int)(head >> 32) & 0xFFFF;
        if ((length & 3) != 0 || length != message.Length - HeaderSize) return false;

        var rest = message[HeaderSize..];
        while (!rest.IsEmpty)
        {
            if (rest.Length < 4) return false;
            var both = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var size = (int)(both & 0xFFFF);
            var padded = 4 + (size + 3 & ~3);
            if (padded > rest.Length) return false;
            if (!ValidateValue(both >> 16, rest.Slice(4, size))) return false;
            rest = rest[padded..];
            if (both >> 16 == 0x8028 && !rest.IsEmpty) return false; // FINGERPRINT is last
        }
        return true;
    }

    private static bool ValidateValue(uint type, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case 0x0006 or 0x0014 or 0x0015 or 0x8022: // USERNAME, REALM, NONCE, SOFTWARE
                return value.Length <= 763 && Utf8.IsValid(value);
            case 0x8003: return value.Length <= 255 && Ascii.IsValid(value); // ALTERNATE-DOMAIN
            case 0x0008: return value.Length == 20; // MESSAGE-INTEGRITY
            case 0x001C: return value.Length is >= 16 and <= 32 && value.Length % 4 == 0; // MESSAGE-INTEGRITY-SHA256
            case 0x001E: return value.Length == 32; // USERHASH
            case 0x8028: return value.Length == 4; // FINGERPRINT
            case 0x0009: // ERROR-CODE
                return value.Length is >= 4 and <= 767 && (value[2] & 7) is >= 3 and <= 6 && value[3] <= 99 && Utf8.IsValid(value[4..]);
            case 0x000A: return value.Length % 2 == 0; // UNKNOWN-ATTRIBUTES
            case 0x0001 or 0x0020 or 0x8023: // MAPPED-ADDRESS, XOR-MAPPED-ADDRESS, ALTERNATE-SERVER
                return value.Length >= 4 && (value[1] == 1 && value.Length == 8 || value[1] == 2 && value.Length == 20);
            case 0x0024: return value.Length == 4; // PRIORITY
            case 0x0025: return value.Length == 0; // USE-CANDIDATE
            case 0x8029 or 0x802A: return value.Length == 8; // ICE-CONTROLLED, ICE-CONTROLLING
            case 0x001D or 0x8002: return ValidateAlgorithms(value, many: type == 0x8002); // PASSWORD-ALGORITHM, PASSWORD-ALGORITHMS
            default: return true;
        }
    }

    private static bool ValidateAlgorithms(ReadOnlySpan<byte> value, bool many)
    {
        do
        {
            if (value.Length < 4) return many && value.IsEmpty;
            var size = 4 + (BinaryPrimitives.ReadUInt16BigEndian(value[2..]) + 3 & ~3);
            if (size > value.Length) return false;
            value = value[size..];
        }
        while (many && !value.IsEmpty);
        return value.IsEmpty;
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
