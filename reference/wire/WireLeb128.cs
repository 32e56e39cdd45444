namespace WebRtcConformance.Wire;

/// <summary>leb128, as AV1 has it (section 4.10.5): 1 to 8 bytes of seven bits each, the least significant ones first; the first bit of a byte says
/// whether another one follows. The value is at most 2^32 - 1, in as few bytes as can be or in more.</summary>
internal static class WireLeb128
{
    public const int MaxBytes = 8;

    /// <summary>The bytes that the integer at a place has; 0 when the window ends inside it, -1 when it has more than 8 bytes or more than 32 bits.</summary>
    public static int Read(ReadOnlySpan<byte> bytes, int at, int limit, out uint value)
    {
        value = 0;
        ulong bits = 0;
        for (var i = 0; i < MaxBytes; i++)
        {
            if (at + i >= limit) return 0;
            ulong b = bytes[at + i];
            bits |= (b & 0x7F) << 7 * i;
            if (b >= 0x80) continue;
            if (bits > uint.MaxValue) return -1;
            value = (uint)bits;
            return i + 1;
        }
        return -1;
    }

    /// <summary>The value of bytes that have been checked.</summary>
    public static uint Value(ReadOnlySpan<byte> bytes, int at)
    {
        Read(bytes, at, bytes.Length, out var value);
        return value;
    }

    /// <summary>The number of bytes that have been checked.</summary>
    public static int Size(ReadOnlySpan<byte> bytes, int at) => Read(bytes, at, bytes.Length, out _);

    /// <summary>That number, if the value needs fewer; else 0.</summary>
    public static int Padded(ReadOnlySpan<byte> bytes, int at)
    {
        var size = Read(bytes, at, bytes.Length, out var value);
        return size > Least(value) ? size : 0;
    }

    /// <summary>The bytes that a value needs.</summary>
    public static int Least(ulong value)
    {
        var size = 1;
        for (; value >= 0x80; value >>= 7) size++;
        return size;
    }

    /// <summary>Fills <paramref name="bytes"/>, which are enough.</summary>
    public static void Write(Span<byte> bytes, ulong value)
    {
        for (var i = 0; i < bytes.Length; i++, value >>= 7) bytes[i] = (byte)(value & 0x7F | (i + 1 < bytes.Length ? 0x80u : 0));
    }
}
