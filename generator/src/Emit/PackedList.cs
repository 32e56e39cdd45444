using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>A packed list in C#: its items as one integer, the last item at the low end.</summary>
/// <param name="Bits">An expression of type uint or ulong; 0 when the list is absent.</param>
/// <param name="Present">A condition under which the list is there; null = always.</param>
internal sealed record PackedList(UIntSequenceShape Shape, string Bits, string? Present = null)
{
    public int Items => (int)((Literal)Shape.Count!).Value;

    /// <summary>The lowest bit of each item.</summary>
    private ulong Lowest => Enumerable.Range(0, Items).Aggregate(0UL, (mask, i) => mask | 1UL << i * Shape.Bits);

    public string CountOf => Present is null ? $"{Items}L" : $"({Present} ? {Items}L : 0L)";

    /// <summary>An expression of type long.</summary>
    public string Fold(Fold fold) => fold is LastOf ? $"(long)({Bits} & 0x{Loads.Mask(Shape.Bits):X}u)"
        : "(" + string.Join(" + ", Enumerable.Range(0, Shape.Bits).Select(bit =>
            $"((long)System.Numerics.BitOperations.PopCount({Bits} & 0x{Lowest << bit:X}{(Shape.Bits * Items > 32 ? "UL" : "u")}) << {bit})")) + ")";

    /// <summary>The number of items that are a value, of type long.</summary>
    /// <param name="last">So many items are looked at, the last ones; null = all.</param>
    public string Count(long value, string? last)
    {
        var looked = $"0x{Lowest:X}UL";
        if (last is not null) looked = $"({looked} & WirePacked.Low({last}, {Shape.Bits}))";
        if (Present is not null) looked = $"({Present} ? {looked} : 0UL)";
        return $"WirePacked.Count({Bits}, {looked}, 0x{unchecked(Lowest * (ulong)value):X}UL, {Shape.Bits})";
    }

    /// <summary>Item number i of the integer, of the same type.</summary>
    public string Item(int i) => $"({Bits} >> {(Items - 1 - i) * Shape.Bits} & 0x{Loads.Mask(Shape.Bits):X}u)";
}
