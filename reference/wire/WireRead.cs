using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WebRtcConformance.Wire;

/// <summary>Big-endian loads for generated code, which has compared lengths before: debug builds assert that it did.</summary>
internal static class WireRead
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint U8(ReadOnlySpan<byte> bytes, int at) => Load<byte>(bytes, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint U16(ReadOnlySpan<byte> bytes, int at) => Big(Load<ushort>(bytes, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint U32(ReadOnlySpan<byte> bytes, int at) => Big(Load<uint>(bytes, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong U64(ReadOnlySpan<byte> bytes, int at) => Big(Load<ulong>(bytes, at));

    /// <summary><paramref name="size"/> bytes, 1 to 8, as one integer.</summary>
    public static ulong UInt(ReadOnlySpan<byte> bytes, int at, int size)
    {
        ulong value = 0;
        for (var i = 0; i < size; i++) value = value << 8 | U8(bytes, at + i);
        return value;
    }

    /// <summary>The last byte of a window; 0 for an empty one.</summary>
    public static long Last(ReadOnlySpan<byte> bytes, int from, int to) => to > from ? U8(bytes, to - 1) : 0;

    /// <summary>Whether all of <paramref name="bytes"/> are <paramref name="value"/>.</summary>
    public static bool IsFilled(ReadOnlySpan<byte> bytes, byte value) => bytes.IndexOfAnyExcept(value) < 0;

    /// <summary>Reports an error; for <c>return</c> in measuring code. Kept out of line: parsing is mostly not failing.</summary>
    /// <returns>-1.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Fail(ref WireError error, WireErrorKind kind, uint node, int offset)
    {
        error = new WireError(kind, node, offset);
        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load<T>(ReadOnlySpan<byte> bytes, int at) where T : unmanaged
    {
        Debug.Assert(at >= 0 && at + Unsafe.SizeOf<T>() <= bytes.Length, "generated code read outside the message");
        return Unsafe.ReadUnaligned<T>(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Big(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Big(uint value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Big(ulong value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
