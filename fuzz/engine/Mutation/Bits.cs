using System.Buffers.Binary;

namespace WebRtcConformance.Fuzz.Mutation;

/// <summary>Big-endian bit fields at any bit offset of a buffer. A field that does not fit into the buffer reads as 0 and is not written.</summary>
internal static class Bits
{
    public static ulong Read(ReadOnlySpan<byte> bytes, int bitOffset, int bits)
    {
        if (!Fits(bytes.Length, bitOffset, bits)) return 0;
        if (bits == 16 && (bitOffset & 7) == 0) return BinaryPrimitives.ReadUInt16BigEndian(bytes[(bitOffset >> 3)..]);
        ulong value = 0;
        for (var i = bitOffset; i < bitOffset + bits; i++) value = (value << 1) | (uint)((bytes[i >> 3] >> (7 - (i & 7))) & 1);
        return value;
    }

    public static void Write(Span<byte> bytes, int bitOffset, int bits, ulong value)
    {
        if (!Fits(bytes.Length, bitOffset, bits)) return;
        if ((bitOffset & 7) == 0 && (bits & 7) == 0)
        {
            for (var at = (bitOffset + bits >> 3) - 1; at >= bitOffset >> 3; at--, value >>= 8) bytes[at] = (byte)value;
            return;
        }
        for (var i = bitOffset + bits - 1; i >= bitOffset; i--, value >>= 1)
        {
            var mask = (byte)(0x80 >> (i & 7));
            if ((value & 1) != 0) bytes[i >> 3] |= mask; else bytes[i >> 3] &= (byte)~mask;
        }
    }

    private static bool Fits(int length, int bitOffset, int bits) => bitOffset >= 0 && bits is > 0 and <= 64 && bitOffset + bits <= length * 8;
}
