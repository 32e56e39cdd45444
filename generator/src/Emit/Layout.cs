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

    /// <summary>It never has bytes.</summary>
    public bool IsEmpty => !IsBlock && Single.Shape is BoundShape or ComputedShape;
}

/// <summary>A PDU cut into segments, with its rules attached where they become checkable.</summary>
internal sealed class Layout
{
    public PduRef Ref { get; }
    public Pdu Pdu => Ref.Pdu;
    public SpecModule Module => Ref.Module;
    public Catalog Catalog { get; }
    public List<Segment> Segments { get; } = [];

    public IReadOnlyList<Union> Unions { get; }

    /// <summary>The union whose content's records derive from this one's, which is abstract then.</summary>
    public Union? Inherited => Unions.FirstOrDefault(u => u.Inherits);

    /// <summary>The PDU whose record this one's derives from.</summary>
    public VariantOwner? Owner { get; }

    /// <summary>The field that ends the PDU's window.</summary>
    public Segment? Bound => Segments.FirstOrDefault(s => s is { IsBlock: false, Single.Shape: BoundShape });

    /// <summary>A message that nothing else holds begins at byte 0, and its window is all there is.</summary>
    public bool StandsAlone => Pdu.Kind == PduKind.Message && !Catalog.IsPart(Ref);

    /// <summary>Something in it depends on whether it is the last of its list.</summary>
    public bool PlaceMatters => Pdu.Fields.Any(f => f.Shape is PadShape { UnlessLast: true } || f.Derive is NotLast);

    /// <summary>Its size depends on that.</summary>
    public bool PlaceMattersForSize => Pdu.Fields.Any(f => f.Shape is PadShape { UnlessLast: true });

    public Layout(PduRef pdu, Catalog catalog)
    {
        Ref = pdu;
        Catalog = catalog;
        Owner = catalog.OwnerOf(pdu);
        Unions = catalog.Unions(pdu).ToList();
        foreach (var field in Pdu.Fields) Place(field);
        foreach (var segment in Segments.Where(s => s.IsBlock))
            if (segment.Fields.Sum(f => f.Bits) % 8 != 0) throw new UnsupportedShapeException($"{Pdu.CsName}: {segment.Fields[segment.Fields.Count - 1].Field.CsName} does not end on a byte");
    }

    private void Place(Field field)
    {
        var bits = field.Shape.FixedBits;
        var last = Segments.Count == 0 ? null : Segments[Segments.Count - 1];
        if (bits is { } size && last is { IsBlock: true } && Equals(last.When, field.When))
        {
            var bit = last.Fields[last.Fields.Count - 1];
            last.Fields.Add(new Placed(field, bit.Bit + bit.Bits, size));
            return;
        }
        int? start = last is null ? 0 : last is { IsBlock: true, When: null, Start: { } before } ? before + last.Bytes : last.IsEmpty ? last.Start : null;
        var segment = new Segment { Index = Segments.Count, When = field.When, IsBlock = bits is not null, Start = start };
        segment.Fields.Add(new Placed(field, 0, bits ?? 0));
        Segments.Add(segment);
    }

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
        ElementRule about => Field(about.Sequence),
        MustHold hold => ExpressionWriter.Fields(hold.Condition).Select(Field)
            .OrderBy(f => Pdu.Fields.TakeWhile(other => !ReferenceEquals(other, f)).Count()).LastOrDefault(),
        _ => throw new UnsupportedShapeException($"rule {rule.Body}"),
    };

    public IEnumerable<Expr> ParsedExpressions => Pdu.Fields.SelectMany(f => new[] { f.When, SizeOf(f.Shape), CountOf(f.Shape), (f.Shape as SequenceShape)?.While, (f.Shape as ComputedShape)?.Value })
        .Concat(Pdu.Rules.Where(r => r.Force == Force.Reject).Select(r => (r.Body as MustHold)?.Condition))
        .Where(e => e is not null).Select(e => e!);

    /// <summary>Of these, those that checking needs: without computed values that nothing else in the PDU reads.</summary>
    public IReadOnlyList<Expr> MeasuredExpressions => _measured ??= Measured();

    private IReadOnlyList<Expr>? _measured;

    private List<Expr> Measured()
    {
        var computed = Pdu.Fields.Select(f => f.Shape is ComputedShape s ? (f.CsName, s.Value) : default).Where(c => c.Value is not null).ToList();
        var found = ParsedExpressions.Where(e => !computed.Any(c => ReferenceEquals(c.Value, e))).ToList();
        for (var i = 0; i < found.Count; i++)
        {
            var read = ExpressionWriter.Parts(found[i]).OfType<FieldValue>().Select(v => v.Field).ToList();
            found.AddRange(computed.Where(c => read.Contains(c.CsName)).Select(c => c.Value));
            computed.RemoveAll(c => read.Contains(c.CsName));
        }
        return found;
    }

    public static Expr? SizeOf(Shape shape) => shape switch
    {
        BytesShape s => s.Size,
        SequenceShape s => s.Size,
        UIntSequenceShape s => s.Size,
        NestedShape s => s.Size,
        UnionShape s => s.Size,
        ChecksumShape s => s.Size,
        BoundShape s => s.Size,
        _ => null,
    };

    public static Expr? CountOf(Shape shape) => shape switch
    {
        SequenceShape s => s.Count,
        UIntSequenceShape s => s.Count,
        _ => null,
    };

    /// <summary>The shape of a packed list; null for other fields.</summary>
    public UIntSequenceShape? Packed(string name) => Field(name).Shape is UIntSequenceShape { IsPacked: true } list ? list : null;

    /// <summary>What the PDU's expressions need to know of elements, beyond what the bits of a packed list tell.</summary>
    public IEnumerable<Fold> Folds => FoldsOf(ParsedExpressions);

    public IEnumerable<Fold> MeasuredFolds => FoldsOf(MeasuredExpressions);

    private IEnumerable<Fold> FoldsOf(IEnumerable<Expr> expressions) => expressions.SelectMany(ExpressionWriter.Parts).OfType<Fold>().Where(f => Packed(f.Sequence) is null)
        .GroupBy(f => (f.Sequence, ExpressionWriter.Suffix(f))).Select(same => same.First());

    /// <summary>Computed fields that each PDU has which this one chooses among, and which lists of it read.</summary>
    public IEnumerable<Field> Shared => Catalog.Shared(Ref);

    /// <summary>It is a value of the record that this one derives from.</summary>
    public bool IsShared(Field field) => Owner is { } owner && Catalog.Shared(owner.Owner).Any(shared => shared.CsName == field.CsName);

    /// <summary>The PDUs that are parsed as a part of this one through a field.</summary>
    public IEnumerable<PduRef> Inner(Field field) => Catalog.Inner(Module, field);

    /// <summary>Whether some field of this PDU, or of one inside it, satisfies a condition.</summary>
    public bool Any(Func<Field, bool> condition) => Any(Ref, condition, []);

    public bool AnyIn(PduRef pdu, Func<Field, bool> condition) => Any(pdu, condition, []);

    private bool Any(PduRef pdu, Func<Field, bool> condition, HashSet<Pdu> seen)
    {
        if (!seen.Add(pdu.Pdu)) return false;
        foreach (var field in pdu.Pdu.Fields)
        {
            if (condition(field)) return true;
            if (Catalog.Inner(pdu.Module, field).Any(p => Any(p, condition, seen))) return true;
        }
        return false;
    }

    /// <summary>A field's clause for its documentation, where the PDU's own does not already say it.</summary>
    public string Cite(Clause clause) => clause == Pdu.Clause ? "" : clause.Document == Pdu.Clause.Document ? $" (section {clause.Section})" : $" ({clause})";

    public uint Node(int node) => Global(Module, node);

    public static uint Global(SpecModule module, int node) => (uint)module.Number << 16 | (uint)node;

    /// <summary>A C# name for a field or part that hides nothing of the types that it becomes a member of.</summary>
    public string Name(string csName) => Names.Member(this, csName);

    /// <summary>The selector that tells which record this is.</summary>
    public bool IsSelector(Field field) => Inherited is { Selector: { } selector } && ReferenceEquals(field, selector);

    public Union Union(Field field) => Unions.First(u => ReferenceEquals(u.Field, field));

    /// <summary>The code that tells elements of this kind apart, of the element that begins at a byte of the root; null when nothing does.</summary>
    public string? CodeAt(string at, Func<int, string?> limit)
    {
        if (Unions.FirstOrDefault() is not { } union || Find(union.Selector?.CsName ?? union.Field.CsName) is not { Segment.Start: { } start } found) return null;
        if (union.Peek is { } peek) return Loads.Peek("root", Loads.Plus(at, start), limit(8 * start + peek.Bit + peek.Bits), peek);
        return found.Segment.IsBlock ? Loads.Bits("root", Loads.Plus(at, start), found.Placed) : null;
    }

    /// <summary>Where the PDU ends, told by its own first fields; null when it is not so. Equal for PDUs that tell it in the same way.</summary>
    public string? EndKey()
    {
        if (Bound is not { Single.Shape: BoundShape bound } || Segments[0] is not { IsBlock: true, When: null } head) return null;
        var writer = new ExpressionWriter
        {
            Value = name => head.Fields.FirstOrDefault(p => p.Field.CsName == name) is { Field.Shape: ConstShape or UIntShape { Xor: null, Signed: false } } placed ? $"{placed.Bit}:{placed.Bits}" : "?",
            Size = _ => "?", Count = _ => "?", InRegistry = (_, _) => "?", Sum = _ => "?", Packed = _ => null, Peek = _ => "?", Window = "?", Remaining = "?", Last = "?", NotLast = "?",
        };
        var key = writer.Int(bound.Size);
        return key.Contains('?') ? null : key;
    }
}
