using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace WebRtcConformance.Wire;

/// <summary>Big-endian loads for generated code, which has compared lengths before: debug builds assert that it did.</summary>
internal static partial class WireRead
{
    // One level deep on purpose: the just-in-time compiler inlines only so much into one parser.

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint U8(ReadOnlySpan<byte> bytes, int at)
    {
        Assert(bytes, at, 1);
        return Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint U16(ReadOnlySpan<byte> bytes, int at)
    {
        Assert(bytes, at, 2);
        var value = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint U32(ReadOnlySpan<byte> bytes, int at)
    {
        Assert(bytes, at, 4);
        var value = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong U64(ReadOnlySpan<byte> bytes, int at)
    {
        Assert(bytes, at, 8);
        var value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    /// <summary>A part of bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, int at, int size)
    {
        Assert(bytes, at, size);
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at), size);
    }

    /// <summary><paramref name="size"/> bytes, 1 to 8, as one integer.</summary>
    public static ulong UInt(ReadOnlySpan<byte> bytes, int at, int size)
    {
        ulong value = 0;
        for (var i = 0; i < size; i++) value = value << 8 | U8(bytes, at + i);
        return value;
    }

    /// <summary>The byte, if it is inside the window, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PeekByte(ReadOnlySpan<byte> bytes, int at, int limit) => at < limit ? U8(bytes, at) : 0;

    /// <summary>Bits from bit <paramref name="bit"/> after byte <paramref name="at"/> on; 0 when they are not all inside the window.</summary>
    public static uint Peek(ReadOnlySpan<byte> bytes, int at, int limit, int bit, int bits) =>
        at * 8L + bit + bits <= limit * 8L ? (uint)Bits.Read(bytes, at * 8 + bit, bits) : 0;

    /// <summary>The last byte of a window; 0 for an empty one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Last(ReadOnlySpan<byte> bytes, int from, int to) => to > from ? (int)U8(bytes, to - 1) : 0;

    /// <summary>Whether all of <paramref name="bytes"/> are <paramref name="value"/>.</summary>
    public static bool IsFilled(ReadOnlySpan<byte> bytes, byte value) => bytes.IndexOfAnyExcept(value) < 0;

    /// <summary>Whether a part of the bytes is UTF-8. Short ASCII, which most names are, is seen by two loads that may overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUtf8(ReadOnlySpan<byte> bytes, int at, int size)
    {
        Assert(bytes, at, size);
        ref var text = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at);
        return size is >= 8 and <= 16 && ((Unsafe.ReadUnaligned<ulong>(ref text) | Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, size - 8))) & 0x8080_8080_8080_8080) == 0
            || IsAnyUtf8(bytes, at, size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsAnyUtf8(ReadOnlySpan<byte> bytes, int at, int size) => Utf8.IsValid(Slice(bytes, at, size));

    [Conditional("DEBUG")]
    private static void Assert(ReadOnlySpan<byte> bytes, int at, int size) =>
        Debug.Assert(at >= 0 && size >= 0 && at <= bytes.Length - size, "generated code read outside the message");
}
