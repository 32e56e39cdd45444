using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace WebRtcConformance.Text;

/// <summary>A set of ASCII bytes, laid out so that sixteen bytes or more are looked up at once.</summary>
/// <param name="Low">Byte n tells of the characters whose lower half is n: bit h = the character with the upper half h. For n from 0 to 7.</param>
/// <param name="High">The same for n from 8 to 15.</param>
internal readonly record struct ByteSet(ulong Low, ulong High)
{
    public bool IsEmpty => (Low | High) == 0;

    private static Vector128<byte> Bits => Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(byte b) => b < 0x80 && (((b & 8) == 0 ? Low : High) >> ((b & 7) * 8 + (b >> 4)) & 1) != 0;

    /// <summary>How many bytes are looked at together.</summary>
    private static int Width => Avx2.IsSupported ? 32 : 16;

    /// <summary>For each of <see cref="Width"/> bytes from a place on whether it is in the set: bit 0 is the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Has(ref byte first, ulong low, ulong high)
    {
        // Byte n of "row" tells of the characters with the lower half of byte n, "bit" chooses the one with its upper half.
        if (Avx2.IsSupported)
        {
            var bytes = Vector256.LoadUnsafe(ref first);
            var half = Vector256.Create((byte)15);
            var row = Avx2.Shuffle(Vector256.Create(low, high, low, high).AsByte(), bytes & half);
            var bit = Avx2.Shuffle(Vector256.Create(Bits, Bits), bytes >> 4 & half);
            return ~Vector256.Equals(row & bit, default).ExtractMostSignificantBits();
        }
        else
        {
            var bytes = Vector128.LoadUnsafe(ref first);
            var row = Vector128.ShuffleNative(Vector128.Create(low, high).AsByte(), bytes & Vector128.Create((byte)15));
            var bit = Vector128.ShuffleNative(Bits, bytes >> 4);
            return ~Vector128.Equals(row & bit, default).ExtractMostSignificantBits() & 0xFFFF;
        }
    }

    /// <summary>The first place from <paramref name="at"/> on where a byte stands that is of the set, or (<paramref name="other"/>) is not; or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> text, int at, bool other)
    {
        // The last bytes are looked at together with those before them.
        var start = Math.Min(at, text.Length - Width);
        if (start < 0) return Further(text, at, Low, High, other);
        var found = (ulong)Flipped(Has(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), start), Low, High), other) >> at - start;
        return found != 0 ? at + BitOperations.TrailingZeroCount(found) : start < at ? text.Length : Further(text, at + Width, Low, High, other);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Flipped(uint bits, bool other) => !other ? bits : Avx2.IsSupported ? ~bits : bits ^ 0xFFFF;

    /// <summary>As <see cref="Find"/>, in less code where it is called.</summary>
    /// <remarks>Takes the set apart: where its address were taken, it could not be a constant in the callers.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Further(ReadOnlySpan<byte> text, int at, ulong low, ulong high, bool other)
    {
        ref var first = ref MemoryMarshal.GetReference(text);
        while (text.Length >= Width)
        {
            var start = Math.Min(at, text.Length - Width);
            var found = (ulong)Flipped(Has(ref Unsafe.Add(ref first, start), low, high), other) >> at - start;
            if (found != 0) return at + BitOperations.TrailingZeroCount(found);
            if (start < at) return text.Length;
            at += Width;
        }
        var set = new ByteSet(low, high);
        while ((uint)at < (uint)text.Length && set.Has(text[at]) == other) at++;
        return at;
    }
}
