using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>A field of a fixed block. Bits are counted from the block's start.</summary>
internal sealed record Placed(Field Field, int Bit, int Bits)
{
    /// <summary>Bytes of the block that must be there for the field to be whole.</summary>
    public int NeededBytes => (Bit + Bits + 7) / 8;
    public int FirstByte => Bit / 8;
}

/// <summary>Fields whose place follows from the segment's start: a block of fields of fixed size that are all present or all absent, or
/// one field of variable size.</summary>
internal sealed class Segment
{
    public required int Index { get; init; }
    public required Expr? When { get; init; }
    public required bool IsBlock { get; init; }
    public List<Placed> Fields { get; } = [];

    /// <summary>Bytes from the PDU's start; null = known only at run time.</summary>
    public required int? Start { get; init; }

    /// <summary>Bytes of a block.</summary>
    public int Bytes => Fields.Count == 0 ? 0 : Fields[Fields.Count - 1].NeededBytes;

    public Field Single => Fields[0].Field;
}

/// <summary>A PDU cut into segments, with its rules attached where they become checkable.</summary>
internal sealed class Layout
{
    public PduRef Ref { get; }
    public Pdu Pdu => Ref.Pdu;
    public SpecModule Module => Ref.Module;
    public Catalog Catalog { get; }
    public List<Segment> Segments { get; } = [];

    /// <summary>The union field and its selector, if this PDU has one: then its record is abstract.</summary>
    public Field? Union { get; }
    public Field? Selector { get; }
    public IReadOnlyList<Variant> Variants { get; } = [];

    /// <summary>The PDU that this one is a variant of.</summary>
    public VariantOwner? Owner { get; }

    public Layout(PduRef pdu, Catalog catalog)
    {
        Ref = pdu;
        Catalog = catalog;
        Owner = catalog.OwnerOf(pdu);
        foreach (var field in Pdu.Fields)
        {
            Place(field);
            if (field.Shape is not UnionShape union) continue;
            if (Union is not null) throw new UnsupportedShapeException($"{Pdu.CsName}: two unions in one PDU");
            Union = field;
            Selector = Pdu.Fields.First(f => f.CsName == union.Selector);
            Variants = catalog.Variants(Module, union);
        }
        if (Union is not null && Owner is not null) throw new UnsupportedShapeException($"{Pdu.CsName}: a variant that has a union itself");
        foreach (var segment in Segments.Where(s => s.IsBlock))
            if (segment.Fields.Sum(f => f.Bits) % 8 != 0) throw new UnsupportedShapeException($"{Pdu.CsName}: {segment.Fields[segment.Fields.Count - 1].Field.CsName} does not end on a byte");
    }

    private void Place(Field field)
    {
        var bits = FixedBits(field.Shape);
        var last = Segments.Count == 0 ? null : Segments[Segments.Count - 1];
        if (bits is { } size && last is { IsBlock: true } && Equals(last.When, field.When))
        {
            var bit = last.Fields[last.Fields.Count - 1];
            last.Fields.Add(new Placed(field, bit.Bit + bit.Bits, size));
            return;
        }
        int? start = last is null ? 0 : last.IsBlock && last.When is null && last.Start is { } before ? before + last.Bytes : null;
        var segment = new Segment { Index = Segments.Count, When = field.When, IsBlock = bits is not null, Start = start };
        segment.Fields.Add(new Placed(field, 0, bits ?? 0));
        Segments.Add(segment);
    }

    public static int? FixedBits(Shape shape) => shape switch
    {
        UIntShape s => s.Bits,
        SplitShape s => s.Bits,
        ConstShape s => s.Bits,
        ReservedShape s => s.Bits,
        BytesShape { Size: Literal l, Text: TextEncoding.None } => checked((int)l.Value * 8),
        ChecksumShape { Size: Literal l } => checked((int)l.Value * 8),
        _ => null,
    };

    /// <summary>The field, or the split field that a part belongs to.</summary>
    public Field Field(string name) =>
        Pdu.Fields.FirstOrDefault(f => f.CsName == name || f.Shape is SplitShape s && s.Parts.Any(p => p.CsName == name))
        ?? throw new UnsupportedShapeException($"{Pdu.CsName}: no field {name}");

    public (Segment Segment, Placed Placed) Find(string name)
    {
        var field = Field(name);
        foreach (var segment in Segments)
        foreach (var placed in segment.Fields)
            if (ReferenceEquals(placed.Field, field)) return (segment, placed);
        throw new UnsupportedShapeException($"{Pdu.CsName}: no field {name}");
    }

    /// <summary>Rules that a parser enforces and that become checkable with this field (null: before any).</summary>
    public IEnumerable<Rule> RulesAfter(Field? field) => Pdu.Rules.Where(rule => rule.Force == Force.Reject && ReferenceEquals(LastRead(rule), field));

    private Field? LastRead(Rule rule) => rule.Body switch
    {
        MustBeLast last => Field(last.Sequence),
        MustHold hold => ExpressionWriter.Fields(hold.Condition).Select(Field)
            .OrderBy(f => Pdu.Fields.TakeWhile(other => !ReferenceEquals(other, f)).Count()).LastOrDefault(),
        _ => throw new UnsupportedShapeException($"rule {rule.Body}"),
    };

    public IEnumerable<Expr> ParsedExpressions => Pdu.Fields.SelectMany(f => new[] { f.When, SizeOf(f.Shape), CountOf(f.Shape) })
        .Concat(Pdu.Rules.Where(r => r.Force == Force.Reject).Select(r => (r.Body as MustHold)?.Condition))
        .Where(e => e is not null).Select(e => e!);

    public static Expr? SizeOf(Shape shape) => shape switch
    {
        BytesShape s => s.Size,
        SequenceShape s => s.Size,
        UIntSequenceShape s => s.Size,
        NestedShape s => s.Size,
        UnionShape s => s.Size,
        ChecksumShape s => s.Size,
        _ => null,
    };

    public static Expr? CountOf(Shape shape) => shape switch
    {
        SequenceShape s => s.Count,
        UIntSequenceShape s => s.Count,
        _ => null,
    };

    /// <summary>The PDUs that are parsed as a part of this one through a field.</summary>
    public IEnumerable<PduRef> Inner(Field field) => field.Shape switch
    {
        SequenceShape s => [Catalog.Pdu(Module, s.Element)],
        NestedShape s => [Catalog.Pdu(Module, s.Pdu)],
        UnionShape => Variants.Select(v => v.Ref),
        _ => [],
    };

    /// <summary>Whether some field of this PDU, or of one inside it, satisfies a condition.</summary>
    public bool Any(Func<Field, bool> condition) => Any(Ref, condition, []);

    public bool AnyIn(PduRef pdu, Func<Field, bool> condition) => Any(pdu, condition, []);

    private bool Any(PduRef pdu, Func<Field, bool> condition, HashSet<Pdu> seen)
    {
        if (!seen.Add(pdu.Pdu)) return false;
        foreach (var field in pdu.Pdu.Fields)
        {
            if (condition(field)) return true;
            IEnumerable<PduRef> inner = field.Shape switch
            {
                SequenceShape s => [Catalog.Pdu(pdu.Module, s.Element)],
                NestedShape s => [Catalog.Pdu(pdu.Module, s.Pdu)],
                UnionShape s => Catalog.Variants(pdu.Module, s).Select(v => v.Ref),
                _ => [],
            };
            if (inner.Any(p => Any(p, condition, seen))) return true;
        }
        return false;
    }

    public uint Node(int node) => Global(Module, node);

    public static uint Global(SpecModule module, int node) => (uint)module.Number << 16 | (uint)node;

    /// <summary>A C# name for a field or part that hides nothing of the types that it becomes a member of.</summary>
    public string Name(string csName) => Names.Member(this, csName);

    public bool IsSelector(Field field) => ReferenceEquals(field, Selector);
}
