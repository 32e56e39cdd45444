using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>C# expressions that read integers out of bytes.</summary>
internal static class Loads
{
    /// <summary>A load of 1, 2, 4 or 8 bytes, or of another number in a loop. Type uint up to 4 bytes by one load, else ulong.</summary>
    public static string Bytes(string bytes, string at, int size) => size switch
    {
        1 => $"WireRead.U8({bytes}, {at})",
        2 => $"WireRead.U16({bytes}, {at})",
        4 => $"WireRead.U32({bytes}, {at})",
        8 => $"WireRead.U64({bytes}, {at})",
        _ => $"WireRead.UInt({bytes}, {at}, {size})",
    };

    public static bool IsWide(int loadedBytes) => loadedBytes is not (1 or 2 or 4);

    /// <summary>Bits of a block by a load of their own; an expression of type uint (up to 32 bits) or ulong.</summary>
    public static string Bits(string bytes, string start, Placed placed)
    {
        var first = placed.FirstByte;
        var size = placed.NeededBytes - first;
        if (size > 8) throw new UnsupportedShapeException($"{placed.Field.CsName}: {placed.Bits} bits in {size} bytes");
        return Extract(Bytes(bytes, Plus(start, first), size), size, size * 8 - (placed.Bit - first * 8) - placed.Bits, placed.Bits);
    }

    /// <summary>Bits ahead of a place; 0 when they are not inside the window. An expression of type uint.</summary>
    /// <param name="limit">The window's end; null = they are known to be inside.</param>
    public static string Peek(string bytes, string at, string? limit, Peek peek)
    {
        var after = 8 - peek.Bit % 8 - peek.Bits;
        if (after < 0) return $"WireRead.Peek({bytes}, {at}, {limit ?? bytes + ".Length"}, {peek.Bit}, {peek.Bits})";
        var value = limit is null ? $"WireRead.U8({bytes}, {Plus(at, peek.Bit / 8)})" : $"WireRead.PeekByte({bytes}, {Plus(at, peek.Bit / 8)}, {limit})";
        return peek.Bits == 8 ? value : $"({value} >> {after} & 0x{Mask(peek.Bits):X}u)";
    }

    /// <summary>A value of so many bits in two's complement, as int or long.</summary>
    public static string Sign(string value, int bits) => bits <= 32
        ? bits == 32 ? $"(int){value}" : $"((int)({value} << {32 - bits}) >> {32 - bits})"
        : bits == 64 ? $"(long){value}" : $"((long)({value} << {64 - bits}) >> {64 - bits})";

    /// <summary>Bits out of a loaded word; the least significant one is at <paramref name="shift"/>.</summary>
    public static string Extract(string word, int loadedBytes, int shift, int bits)
    {
        var wide = IsWide(loadedBytes);
        var text = shift == 0 ? word : $"({word} >> {shift})";
        if (shift + bits < loadedBytes * 8) text = $"({text} & 0x{Mask(bits):X}{(wide ? "UL" : "u")})";
        return wide && bits <= 32 ? $"(uint){text}" : text;
    }

    /// <summary>Lays a mask made of the root's bytes over a value.</summary>
    public static string Unmask(string value, Mask? mask, int bits, string root)
    {
        if (mask is null) return value;
        if (bits % 8 != 0) throw new UnsupportedShapeException($"a masked integer of {bits} bits");
        var load = Bytes(root, mask.RootOffset.ToString(), bits / 8);
        return $"({value} ^ {(IsWide(bits / 8) && bits <= 32 ? "(uint)" : "")}{load})";
    }

    /// <summary>A part of a split integer, given the whole integer.</summary>
    public static string Part(string whole, SplitPart part) => Join(Runs(part).Select(run =>
        Shift($"({whole} >> {run.Wire} & 0x{Mask(run.Bits):X}u)", run.Value)));

    /// <summary>The wire bits of a part, given its value.</summary>
    public static string Scatter(string value, SplitPart part) => Join(Runs(part).Select(run =>
        Shift($"({value} >> {run.Value} & 0x{Mask(run.Bits):X}UL)", run.Wire)));

    public static ulong Mask(int bits) => bits >= 64 ? ulong.MaxValue : (1UL << bits) - 1;

    public static string Plus(string start, int offset) => offset == 0 ? start : start == "0" ? offset.ToString() : $"{start} + {offset}";

    private static string Shift(string value, int bits) => bits == 0 ? value : $"{value} << {bits}";

    private static string Join(IEnumerable<string> terms) => "(" + string.Join(" | ", terms) + ")";

    /// <summary>Runs of bits that lie together both in the value and on the wire.</summary>
    private static IEnumerable<(int Value, int Wire, int Bits)> Runs(SplitPart part)
    {
        var start = 0;
        for (var i = 1; i <= part.WireBits.Count; i++)
        {
            if (i < part.WireBits.Count && part.WireBits[i] == part.WireBits[i - 1] + 1) continue;
            yield return (start, part.WireBits[start], i - start);
            start = i;
        }
    }
}
