using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Notation;

/// <summary>What the lines of one description under "where" say, clause by clause, before it is known how the field is drawn.</summary>
internal sealed class Entry
{
    public required string Name { get; init; }
    public required string? Short { get; init; }
    public required bool NotDrawn { get; init; }
    public required int At { get; init; }
    public required SpecPosition Position { get; init; }
    public required Clause Clause { get; set; }

    /// <summary>The drawing shows a piece of the PDU around this one: its cells are taken, and no field is made of them.</summary>
    public bool Elsewhere { get; set; }

    /// <summary>It could not be read to its end, so what is missing in it is no further mistake.</summary>
    public bool Broken { get; set; }

    public string? CsName { get; set; }
    public int? Bits { get; set; }
    public SpecPosition BitsPosition { get; set; }
    public ExprSyntax? Size { get; set; }
    public ExprSyntax? Count { get; set; }
    public bool Rest { get; set; }
    public NameUse? ListOf { get; set; }
    public int? ListOfBits { get; set; }
    public NameUse? Nested { get; set; }
    public NameUse? Split { get; set; }
    public ExprSyntax? Equal { get; set; }
    public SpecPosition EqualPosition { get; set; }
    public bool Constant { get; set; }
    public Force? Reserved { get; set; }
    public ulong? Sent { get; set; }
    public NameUse? Registry { get; set; }
    public TextEncoding Text { get; set; }
    public MaskSyntax? Mask { get; set; }
    public PaddingSyntax? Padding { get; set; }
    public ChecksumSyntax? Checksum { get; set; }
    public bool Signed { get; set; }
    public bool Leb128 { get; set; }
    public bool Ignored { get; set; }
    public ExprSyntax? Computed { get; set; }
    public NameUse? Argument { get; set; }
    public ExprSyntax? While { get; set; }
    public NameUse? More { get; set; }
    public PeekExpr? SelectorBits { get; set; }
    public NameUse? Otherwise { get; set; }
    public NameUse? Selector { get; set; }
    public NameUse? ChoiceRegistry { get; set; }
    public List<CaseSyntax>? Cases { get; set; }
    public ExprSyntax? Present { get; set; }
    public int? DrawnBits { get; set; }
    public List<string> DrawnAs { get; } = [];
    public List<string> Covers { get; } = [];
    public List<MustSyntax> Musts { get; } = [];

    /// <summary>The field's shape, once its drawn width and value are known.</summary>
    /// <param name="drawnBits">Width in the drawing; null when it is not drawn or the drawing leaves it open.</param>
    /// <param name="report">Called with what is missing or does not go together.</param>
    public ShapeSyntax Shape(int? drawnBits, ulong? drawnValue, Action<string> report)
    {
        var main = new[] { ListOf is not null || ListOfBits is not null, Nested is not null, Split is not null, Padding is not null,
            Checksum is not null, IsChoice, Reserved is not null, Computed is not null }.Count(b => b);
        if (main > 1) report("two things about its shape that exclude each other");
        var unit = Rest || Size is not null;
        if (Count is not null && ListOf is null && ListOfBits is null) report("a number of elements, and is not a list");
        if (Bits is not null && unit) report("its size twice");

        if ((While ?? (object?)More) is not null && ListOf is null) report("how a list goes on, and is no list of PDUs");
        if (Name == "this")
        {
            if (Size is null || main > 0) report("something else than the size of this PDU in bytes");
            return new BoundSyntax(Size ?? new NumberExpr(At, 0));
        }
        if (Computed is not null)
        {
            if (unit || Bits is not null) report("'computed', and a size");
            return new ComputedSyntax(Computed, Argument);
        }
        if (Leb128)
        {
            if (main > 0 || unit || Bits is not null) report("'leb128', and another shape or size");
            else if (Registry is not null || Mask is not null || Signed || Constant || Text != TextEncoding.None || Ignored) report("'leb128', and more about its value");
            return new IntegerSyntax(32, null, null, false, true);
        }
        if (Padding is not null) return Padding;
        if (Checksum is not null)
        {
            var implied = Bits is { } b ? new NumberExpr(At, b / 8) : Size;
            return Checksum with { Size = implied ?? (Rest ? null : new NumberExpr(At, Checksum.Algorithm switch
            {
                ChecksumAlgorithm.Crc32 or ChecksumAlgorithm.Crc32c => 4,
                ChecksumAlgorithm.HmacSha1 => 20,
                _ => 32,
            })) };
        }
        if (ListOf is not null || ListOfBits is not null)
        {
            var ends = new[] { unit, Count is not null, While is not null, More is not null }.Count(b => b);
            if (ends == 0) report("no size, number of elements, 'until', 'while' or 'rest'");
            if (ends > 1) report("in two ways where the list ends");
            if (ListOfBits is { } itemBits && itemBits % 8 != 0)
            {
                // A list that stands in a run of bits, as an integer does.
                if (Count is NumberExpr { Value: > 0 } items && items.Value <= 64 / itemBits) return new IntegerSequenceSyntax(itemBits, Registry, null, Count);
                if (ends == 1) report($"integers of {itemBits} bits, which need a number of elements, written as a number, of 64 bits together at most");
                return new IntegerSequenceSyntax(itemBits, Registry, null, new NumberExpr(At, 1));
            }
            return ListOf is { } element ? new SequenceSyntax(element, Size, Count, While, More) : new IntegerSequenceSyntax(ListOfBits!.Value, Registry, Size, Count);
        }
        if (Nested is not null) return new NestedSyntax(Nested, Size);
        if (IsChoice)
        {
            if (Otherwise is null && (!unit || SelectorBits is not null)) report(unit ? "bits that choose, and no 'otherwise'" : "no size or 'rest'");
            return new ChoiceSyntax(Selector, ChoiceRegistry, new EquatableArray<CaseSyntax>(Cases ?? []), Size, SelectorBits, Otherwise, !unit);
        }
        if (unit) return new BytesSyntax(Size, Text, Mask, Ignored);

        var bits = Bits ?? drawnBits;
        if (bits is not { } width)
        {
            report("no size");
            return new BytesSyntax(null, TextEncoding.None, null);
        }
        if (Split is not null) return new SplitUseSyntax(width, Split);
        if (Reserved is { } force) return new ReservedSyntax(width, Sent ?? drawnValue ?? 0, force);
        if (width > 64)
        {
            if (width % 8 != 0) report("a width that is neither an integer's nor a whole number of bytes");
            return new BytesSyntax(new NumberExpr(At, width / 8), Text, Mask);
        }
        var value = drawnValue ?? (Equal is NumberExpr number ? (ulong)number.Value : null);
        if (Constant && value is null) report("'constant', and no value is drawn or given");
        if (drawnValue is not null && !Constant && Equal is not NumberExpr) report("nothing of its drawn value: say 'constant' or 'reserved'");
        return value is { } v ? new ConstantSyntax(width, v) : new IntegerSyntax(width, Registry, Mask, Signed);
    }

    private bool IsChoice => Selector is not null || SelectorBits is not null;
}
