using System.Buffers.Binary;

namespace WebRtcConformance.Wire;

/// <summary>Big-endian integers at any bit of a buffer, bit 0 being the most significant bit of the first byte. Reading past the end
/// gives zeros; writing past <c>limit</c> (in bits) is dropped.</summary>
internal static class Bits
{
    public static ulong Read(ReadOnlySpan<byte> bytes, int at, int count)
    {
        if ((at & 7) == 0)
        {
            var i = at >> 3;
            switch (count)
            {
                case 8 when i + 1 <= bytes.Length: return bytes[i];
                case 16 when i + 2 <= bytes.Length: return BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
                case 32 when i + 4 <= bytes.Length: return BinaryPrimitives.ReadUInt32BigEndian(bytes[i..]);
                case 64 when i + 8 <= bytes.Length: return BinaryPrimitives.ReadUInt64BigEndian(bytes[i..]);
            }
        }
        ulong value = 0;
        for (var left = count; left > 0;)
        {
            var inByte = 8 - (at & 7);
            var take = Math.Min(inByte, left);
            uint b = at >> 3 < bytes.Length ? bytes[at >> 3] : 0u;
            value = value << take | b >> inByte - take & (1u << take) - 1;
            at += take;
            left -= take;
        }
        return value;
    }

    public static void Write(Span<byte> bytes, int at, int count, ulong value, int limit)
    {
        for (var left = count; left > 0;)
        {
            var inByte = 8 - (at & 7);
            var take = Math.Min(inByte, left);
            if (at + take > limit)
            {
                take = limit - at;
                if (take <= 0) return;
            }
            var shift = inByte - take;
            var mask = (uint)((1 << take) - 1) << shift;
            var part = (uint)(value >> left - take) << shift & mask;
            ref var b = ref bytes[at >> 3];
            b = (byte)(b & ~mask | part);
            at += take;
            left -= take;
        }
    }

    public static void Write(Span<byte> bytes, int at, ReadOnlySpan<byte> value, int limit)
    {
        if ((at & 7) == 0)
        {
            var room = Math.Min(value.Length, (limit >> 3) - (at >> 3));
            if (room > 0) value[..room].CopyTo(bytes[(at >> 3)..]);
            if (room >= value.Length) return;
            value = value[Math.Max(room, 0)..];
            at += Math.Max(room, 0) * 8;
        }
        foreach (var b in value)
        {
            if (at >= limit) return;
            Write(bytes, at, 8, b, limit);
            at += 8;
        }
    }

    public static ulong Low(int count) => count >= 64 ? ulong.MaxValue : (1UL << count) - 1;
}
