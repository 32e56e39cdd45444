using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace WebRtcConformance.Text;

/// <summary>A set of ASCII bytes, laid out so that sixteen bytes are looked up at once.</summary>
/// <param name="Low">Byte n tells of the characters whose lower half is n: bit h = the character with the upper half h. For n from 0 to 7.</param>
/// <param name="High">The same for n from 8 to 15.</param>
internal readonly record struct ByteSet(ulong Low, ulong High)
{
    public bool IsEmpty => (Low | High) == 0;

    private static Vector128<byte> Bits => Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(byte b) => b < 0x80 && (((b & 8) == 0 ? Low : High) >> ((b & 7) * 8 + (b >> 4)) & 1) != 0;

    /// <summary>For each of sixteen bytes whether it is in the set: bit 0 is the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Has(Vector128<byte> bytes)
    {
        var row = Vector128.ShuffleNative(Vector128.Create(Low, High).AsByte(), bytes & Vector128.Create((byte)15));
        var bit = Vector128.ShuffleNative(Bits, bytes >> 4);
        return ~Vector128.Equals(row & bit, default).ExtractMostSignificantBits() & 0xFFFF;
    }

    /// <summary>The first place from <paramref name="at"/> on where a byte of the set stands (<paramref name="wanted"/>) or does not; or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> text, int at, bool wanted)
    {
        if (at <= text.Length - 16)
        {
            var found = Has(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)at)) ^ (wanted ? 0 : 0xFFFFu);
            if (found != 0) return at + BitOperations.TrailingZeroCount(found);
            at += 16;
        }
        return FindFurther(text, at, wanted);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FindFurther(ReadOnlySpan<byte> text, int at, bool wanted)
    {
        for (; at <= text.Length - 16; at += 16)
        {
            var found = Has(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)at)) ^ (wanted ? 0 : 0xFFFFu);
            if (found != 0) return at + BitOperations.TrailingZeroCount(found);
        }
        while ((uint)at < (uint)text.Length && Has(text[at]) != wanted) at++;
        return at;
    }
}
