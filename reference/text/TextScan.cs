using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace WebRtcConformance.Text;

/// <summary>What generated parsers read with.</summary>
internal static class TextScan
{
    public static bool IsLetter(byte b) => (uint)((b | 0x20) - 'a') < 26;

    /// <summary>Whether these bytes stand there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> literal) =>
        (uint)at <= (uint)text.Length && text.Slice(at).StartsWith(literal);

    /// <summary>Whether these bytes stand there, letters in either case. <paramref name="literal"/> is in lower case.</summary>
    public static bool IsAnyCase(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> literal)
    {
        if (text.Length - at < literal.Length) return false;
        for (var i = 0; i < literal.Length; i++)
        {
            int b = text[at + i];
            if ((uint)((b | 0x20) - 'a') < 26) b |= 0x20;
            if (b != literal[i]) return false;
        }
        return true;
    }

    /// <summary>The end of the run of a set's bytes that begins at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int While(ReadOnlySpan<byte> text, int at, ByteSet set) => set.Find(text, at, false);

    /// <summary>The same for a run of at most so many bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int While(ReadOnlySpan<byte> text, int at, ByteSet set, int most) => set.Find(text.Length - at > most ? text.Slice(0, at + most) : text, at, false);

    /// <summary>The first byte of a set from a place on, or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Until(ReadOnlySpan<byte> text, int at, ByteSet set) => set.Find(text, at, true);

    /// <summary>The same, not looking further than so many bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Until(ReadOnlySpan<byte> text, int at, ByteSet set, int most) => set.Find(text.Length - at > most ? text.Slice(0, at + most) : text, at, true);

    /// <summary>The end of the digits that begin at a place.</summary>
    /// <param name="value">Their number; without digits 0; the largest where they are more than it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Digits(ReadOnlySpan<byte> text, int at, out ulong value)
    {
        var from = at;
        var number = 0UL;
        while ((uint)at < (uint)text.Length)
        {
            var digit = (uint)(text[at] - '0');
            if (digit > 9) break;
            number = number * 10 + digit;
            at++;
        }
        value = at - from > 19 ? Saturate(text[from..at]) : number;
        return at;
    }

    /// <summary>The same for at most so many digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Digits(ReadOnlySpan<byte> text, int at, int most, out ulong value) =>
        Digits(text.Length - at > most ? text.Slice(0, at + most) : text, at, out value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Saturate(ReadOnlySpan<byte> digits) => ulong.TryParse(digits, out var value) ? value : ulong.MaxValue;

    /// <summary>Whether digits are a number within a range. A number of more than 64 bits is in none.</summary>
    public static bool InRange(ReadOnlySpan<byte> text, int from, int to, ulong min, ulong max)
    {
        if (to - from > 19) return ulong.TryParse(text[from..to], out var number) && number >= min && number <= max;
        var value = Number(text[from..to]);
        return value >= min && value <= max;
    }

    /// <summary>The number that digits are; they have been checked before.</summary>
    public static ulong Number(ReadOnlySpan<byte> digits)
    {
        var value = 0UL;
        foreach (var digit in digits) value = value * 10 + (uint)(digit - '0');
        return value;
    }

    /// <summary>The first eight bytes of a name, the first in the lowest bits; 0 for those beyond its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Word(ReadOnlySpan<byte> name)
    {
        if (name.Length >= 8) return BinaryPrimitives.ReadUInt64LittleEndian(name);
        if (name.Length >= 4)
            return BinaryPrimitives.ReadUInt32LittleEndian(name) | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(name.Slice(name.Length - 4)) << (name.Length - 4) * 8;
        var word = 0UL;
        for (var i = name.Length - 1; i >= 0; i--) word = word << 8 | name[i];
        return word;
    }
}
