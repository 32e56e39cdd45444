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
    public static int While(ReadOnlySpan<byte> text, int at, ByteSet set) => ByteSet.Further(text, at, set.Low, set.High, true);

    /// <summary>The same for a run of at most so many bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int While(ReadOnlySpan<byte> text, int at, ByteSet set, int most) => While(text.Length - at > most ? text.Slice(0, at + most) : text, at, set);

    /// <summary>The first byte of a set from a place on, or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Until(ReadOnlySpan<byte> text, int at, ByteSet set) => ByteSet.Further(text, at, set.Low, set.High, false);

    /// <summary>The same, not looking further than so many bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Until(ReadOnlySpan<byte> text, int at, ByteSet set, int most) => Until(text.Length - at > most ? text.Slice(0, at + most) : text, at, set);

    // Where most texts come through, code that is larger pays.

    /// <inheritdoc cref="While(ReadOnlySpan{byte}, int, ByteSet)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WhileOften(ReadOnlySpan<byte> text, int at, ByteSet set) => set.Find(text, at, true);

    /// <inheritdoc cref="Until(ReadOnlySpan{byte}, int, ByteSet)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int UntilOften(ReadOnlySpan<byte> text, int at, ByteSet set) => set.Find(text, at, false);

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

    /// <summary>The same for digits of which the first is not 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PositiveDigits(ReadOnlySpan<byte> text, int at, out ulong value)
    {
        if ((uint)at >= (uint)text.Length || text[at] != '0') return Digits(text, at, out value);
        value = 0;
        return at;
    }

    /// <summary>The same for digits of which the first is 0 only when it is the only one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CanonicalDigits(ReadOnlySpan<byte> text, int at, out ulong value)
    {
        if ((uint)at >= (uint)text.Length || text[at] != '0') return Digits(text, at, out value);
        value = 0;
        return at + 1;
    }

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
}
