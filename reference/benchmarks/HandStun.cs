using System.Buffers.Binary;
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
            case 0x0006: return value.Length < 509 && Utf8.IsValid(value); // USERNAME
            case 0x0008: return value.Length == 20; // MESSAGE-INTEGRITY
            case 0x001C: return value.Length is >= 16 and <= 32 && value.Length % 4 == 0; // MESSAGE-INTEGRITY-SHA256
            case 0x001E: return value.Length == 32; // USERHASH
            case 0x8028: return value.Length == 4; // FINGERPRINT
            case 0x0009: // ERROR-CODE
                return value.Length >= 4 && value[2] is var hundreds && (hundreds & 7) is >= 3 and <= 6 && value[3] < 100 && Utf8.IsValid(value[4..]);
            case 0x0014 or 0x0015 or 0x8022 or 0x8003: return value.Length < 764 && Utf8.IsValid(value); // REALM, NONCE, SOFTWARE, ALTERNATE-DOMAIN
            case 0x000A: return value.Length % 2 == 0; // UNKNOWN-ATTRIBUTES
            case 0x0001 or 0x0020 or 0x8023 or 0x0012 or 0x0016: // addresses
                return value.Length >= 4 && (value[1] == 1 && value.Length == 8 || value[1] == 2 && value.Length == 20);
            case 0x0024: return value.Length == 4; // PRIORITY
            case 0x0025: return value.Length == 0; // USE-CANDIDATE
            case 0x8029 or 0x802A: return value.Length == 8; // ICE-CONTROLLED, ICE-CONTROLLING
            default: return true;
        }
    }

    /// <summary>Validates and takes out what an ICE agent looks at, in one pass over the attributes after validation: what <see cref="Visit"/>
    /// does with a message that is known to be valid.</summary>
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
