using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    /// <summary>The first of three bytes from a place on, or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Until(ReadOnlySpan<byte> text, int at, byte a, byte b, byte c)
    {
        var found = text.Slice(at).IndexOfAny(a, b, c);
        return found < 0 ? text.Length : at + found;
    }

    /// <summary>Runs an automaton as far as it goes: where it stopped, or the complement of that when it does not accept there.</summary>
    /// <param name="classOf">The class of each byte.</param>
    /// <param name="next">For each state (times 2 to the <paramref name="shift"/>) and class the next state, plus 1; 0 = none.</param>
    /// <param name="accepts">For each state the first alternative that ends there, plus 1; 0 = none.</param>
    public static int Run(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> classOf, ReadOnlySpan<ushort> next, ReadOnlySpan<byte> accepts, int shift)
    {
        // The tables are the generator's own: every class is below 2 to the shift, and every state has its row.
        ref var classes = ref MemoryMarshal.GetReference(classOf);
        ref var rows = ref MemoryMarshal.GetReference(next);
        var state = 0;
        while ((uint)at < (uint)text.Length)
        {
            int to = Unsafe.Add(ref rows, (nint)((state << shift) + Unsafe.Add(ref classes, (nint)text[at])));
            if (to == 0) break;
            state = to - 1;
            at++;
        }
        return accepts[state] != 0 ? at : ~at;
    }

    /// <summary>Runs an automaton until it is decided what is there: the number of the alternative, or the complement of the place where none fits.</summary>
    /// <param name="decides">For each state: 0 = not yet decided, else the number of the only alternative left, plus 1.</param>
    public static int Look(
        ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> classOf, ReadOnlySpan<ushort> next, ReadOnlySpan<byte> decides, ReadOnlySpan<byte> accepts, int shift)
    {
        var state = 0;
        while (decides[state] == 0)
        {
            var to = (uint)at < (uint)text.Length ? next[(state << shift) + classOf[text[at]]] : 0;
            if (to == 0) return accepts[state] != 0 ? accepts[state] - 1 : ~at;
            state = to - 1;
            at++;
        }
        return decides[state] - 1;
    }

    /// <summary>The form of a whole text; -1 = none.</summary>
    public static int Form(ReadOnlySpan<byte> text, ReadOnlySpan<byte> classOf, ReadOnlySpan<ushort> next, ReadOnlySpan<byte> accepts, int shift)
    {
        var state = 0;
        foreach (var b in text)
        {
            int to = next[(state << shift) + classOf[b]];
            if (to == 0) return -1;
            state = to - 1;
        }
        return accepts[state] - 1;
    }

    /// <summary>Whether digits are a number within a range. A number of more than 64 bits is in none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool InRange(ReadOnlySpan<byte> text, int from, int to, ulong min, ulong max)
    {
        if (to - from > 19) return InRangeLong(text[from..to], min, max);
        var value = 0UL;
        for (var i = from; i < to; i++) value = value * 10 + (uint)(text[i] - '0');
        return value >= min && value <= max;
    }

    private static bool InRangeLong(ReadOnlySpan<byte> digits, ulong min, ulong max)
    {
        UInt128 value = 0;
        foreach (var digit in digits)
        {
            value = value * 10 + (uint)(digit - '0');
            if (value > ulong.MaxValue) return false;
        }
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
