using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Emits a PDU's <c>Measure</c>: checks everything, allocates nothing, returns where the PDU ends or -1. The order of checks is that of
/// reference/wire/README.md. A block of fixed fields is checked as a whole with few loads; only when that fails, a cold method goes
/// through it field by field to find the first fault.</summary>
internal sealed partial class ParserEmitter
{
    private readonly CodeWriter _code;
    private readonly Layout _layout;
    private readonly HashSet<string> _values = [];
    private readonly HashSet<string> _sizes = [];
    private readonly HashSet<string> _counts = [];
    private readonly List<Action> _cold = [];

    /// <summary>Locals that hold where a field ends, of fields that end where their content does.</summary>
    private readonly Dictionary<string, string> _ends = [];

    /// <summary>What is known to hold, since nothing more follows where it does not.</summary>
    private Expr? _known;

    /// <summary>What the field before has left of the window.</summary>
    private Expr? _left;

    /// <summary>The last field ends where the window ends.</summary>
    private bool _isFull;

    /// <summary>The window has a byte, at least.</summary>
    private bool _hasBytes;

    private ParserEmitter(CodeWriter code, Layout layout)
    {
        _code = code;
        _layout = layout;
        foreach (var part in layout.MeasuredExpressions.SelectMany(ExpressionWriter.Parts))
        {
            if (part is FieldValue value) _values.Add(value.Field);
            if (part is InRegistry known) _values.Add(known.Field);
            if (part is SizeOf size) _sizes.Add(size.Field);
            if (part is CountOf count && layout.Packed(count.Field) is null) _counts.Add(count.Field);
            if (((part as Fold)?.Sequence ?? (part as CountEqual)?.Field) is { } list && layout.Packed(list) is not null) _values.Add(list);
        }
        foreach (var union in layout.Unions)
            if (union.Selector is not null) _values.Add(union.Selector.CsName);
        foreach (var field in layout.Pdu.Fields)
            if (field.Shape is PadShape { Of: { } of }) _sizes.Add(of);
    }

    public static void Emit(CodeWriter code, Layout layout) => new ParserEmitter(code, layout).Emit();

    private void Emit()
    {
        // What stands in one place becomes part of it: a message is then checked by one method, the rare parts of which are calls. Left alone, the
        // just-in-time compiler spends what it may inline on the parts that matter least. Of many that may stand in a place, one that holds more than plain
        // fields is a call: there is not enough to inline all of them, and the loads of the loop around them would be calls instead.
        var inlines = (_layout.StandsAlone || _layout.Catalog.StandsInOnePlace(_layout.Ref) || _layout.Inherited is not null || IsSmall())
            && !(_layout.Catalog.IsOneOfMany(_layout.Ref) && _layout.Any(field => field.Shape is UnionShape or NestedShape or BytesShape { Text: not TextEncoding.None }));
        _code.Line($"[MethodImpl({(inlines ? "AggressiveInlining" : "NoInlining")})]");
        _code.Open("internal static int Measure(ReadOnlySpan<byte> root, int start, int limit, ref WireError error)");
        EmitRules(null, "start", "start");
        if (_layout.Pdu.Exact && _layout.Bound is not null) _code.Line("int outer = limit;");
        foreach (var segment in _layout.Segments) EmitSegment(segment);
        var end = _isFull ? "limit" : End();
        if (end != "limit" && (_layout.Pdu.Exact || _layout.Bound is not null)) _code.Line($"if ({end} != limit) {Fail("Trailing", _layout.Pdu.EndNode, end)}");
        if (_layout.Pdu.Exact && _layout.Bound is not null) _code.Line($"if (limit != outer) {Fail("Trailing", _layout.Pdu.EndNode, "limit")}");
        _code.Line($"return {end};");
        _code.Close();
        foreach (var cold in _cold) cold();
    }

    /// <summary>A list's element, or a PDU that chooses itself by its bits, of few fields and nothing inside: checked on the spot, since a call would cost
    /// as much as the check.</summary>
    private bool IsSmall() => _layout.Catalog.IsSmallPart(_layout.Ref) && _layout.Segments.Count <= 6 && _layout.Pdu.Rules.Count <= 4
        && _layout.Segments.All(s => s.IsBlock || s.IsEmpty || s.Single.Shape switch
        {
            BytesShape or PadShape => true,
            UIntSequenceShape list => !IsClosed(list.Registry),
            SequenceShape list => list is { While: null, More: null } && PlainSize(_layout.Catalog.Pdu(list.Element), whole: false) > 0,
            _ => false,
        });

    private string End()
    {
        if (_layout.Segments.Count == 0) return "start";
        var last = _layout.Segments[_layout.Segments.Count - 1];
        if (TakesRest(last) || FillsRest(last)) return "limit";
        if (last is { IsEmpty: true, Start: { } fixedPlace }) return Loads.Plus("start", fixedPlace);
        return last.IsBlock && last.When is null && last.Start is { } at ? Loads.Plus("start", at + last.Bytes) : $"p{last.Index + 1}";
    }

    /// <summary>A block for which just that much is left: it neither can be cut off nor leaves anything.</summary>
    private bool FillsRest(Segment segment) => segment is { IsBlock: true, When: null, Index: > 0 } && LeftBehind(_layout.Segments[segment.Index - 1]) == segment.Bytes;

    /// <summary>A field that reaches to the end of the window whatever it holds.</summary>
    private bool TakesRest(Segment segment) => segment is { IsBlock: false, IsEmpty: false, When: null } && !(_layout.Bound?.Index > segment.Index)
        && segment.Single.Shape is not PadShape && !TakesWhatItNeeds(segment.Single.Shape) && Layout.SizeOf(segment.Single.Shape) is null && Layout.CountOf(segment.Single.Shape) is null;

    /// <summary>A list, a nested PDU or a choice that ends where its content ends.</summary>
    private bool TakesWhatItNeeds(Shape shape) => shape switch
    {
        SequenceShape s => s is { Size: null, Count: not null } || s.While is not null || s.More is not null,
        UnionShape s => s.Open,
        UIntShape => true,
        NestedShape s => s.Size is null && !_layout.Catalog.Pdu(s.Pdu).Pdu.Exact,
        _ => false,
    };

    private string Position(Segment segment) => segment.Start is { } at ? Loads.Plus("start", at) : $"p{segment.Index}";

    private bool NeedsPositionAfter(Segment segment) => End() == $"p{segment.Index + 1}" || segment.Index + 1 < _layout.Segments.Count && _layout.Segments[segment.Index + 1].Start is null;

    private string Fail(string kind, int node, string at) => Fail(kind, _layout.Node(node), at);

    private static string Fail(string kind, uint node, string at) => $"return WireRead.{kind}(ref error, 0x{node:X8}u, {at});";

    /// <param name="list">The list that is being read: its count so far is another local than its final one.</param>
    private ExpressionWriter Expressions(string position, string? list = null) => new()
    {
        Bits = Width,
        Value = name => Width(name) <= 31 ? $"(int)v{name}" : $"(long)v{name}",
        Size = SizeText,
        Count = name => Packed(name) is { } packed ? packed.CountOf : name == list ? $"(long)k{name}" : $"(long)c{name}",
        Packed = Packed,
        Apply = (fold, argument) => $"(l{fold.Sequence} < 0 ? 0L : {Element(ElementOf(fold.Sequence), "l" + fold.Sequence, "limit", fold.Field!, argument)})",
        Peek = peek => $"({(peek.Bits <= 31 ? "int" : "long")}){Loads.Peek("root", position, "limit", peek)}",
        Sum = fold => $"t{fold.Sequence}{ExpressionWriter.Suffix(fold)}",
        Window = "(limit - start)",
        Remaining = $"(limit - ({position}))",
        Last = _hasBytes ? "(int)WireRead.U8(root, limit - 1)" : "WireRead.Last(root, start, limit)",
        InRegistry = (name, registry) => Known($"v{name}", registry),
    };

    private PackedList? Packed(string name) => _layout.Packed(name) is { } list
        ? new(list, "v" + name, _layout.Find(name).Segment is { When: not null } segment ? $"h{segment.Index}" : null) : null;

    private string SizeText(string name)
    {
        var (segment, placed) = _layout.Find(name);
        if (!segment.IsBlock) return $"s{name}";
        return segment.When is null ? $"{placed.Bits / 8}" : $"(h{segment.Index} ? {placed.Bits / 8} : 0)";
    }

    private string Known(string value, string registry)
    {
        var values = _layout.Catalog.Registry(_layout.Module, registry).Registry.Values;
        return values.Count == 0 ? "false" : $"({value} is {string.Join(" or ", values.Select(v => v.Value).Distinct().Select(v => $"0x{v:X}"))})";
    }

    private bool IsClosed(string? registry) => registry is not null && !_layout.Catalog.Registry(_layout.Module, registry).Registry.Open;

    private void EmitSegment(Segment segment)
    {
        if (segment.IsBlock || segment.IsEmpty) _left = null;
        if (segment.IsBlock) EmitBlock(segment);
        else EmitVariable(segment);
        _hasBytes |= segment is { IsBlock: true, When: null, Bytes: > 0 };
    }

    // ---- blocks

    private void EmitBlock(Segment segment)
    {
        var start = Position(segment);
        if (segment.When is null)
        {
            EmitBlockChecks(segment, start, declare: true);
        }
        else
        {
            foreach (var (name, type) in segment.Fields.SelectMany(Locals)) _code.Line($"{type} v{name} = 0;");
            _code.Line($"bool h{segment.Index} = {Expressions(start).Bool(segment.When)};");
            _code.Open($"if (h{segment.Index})");
            EmitBlockChecks(segment, start, declare: false);
            _code.Close();
            // Rules see an absent field as 0, so they are checked in either case.
            _code.Open("else");
            foreach (var placed in segment.Fields) EmitRules(placed.Field, start, start);
            _code.Close();
        }
        if (!NeedsPositionAfter(segment)) return;
        var size = segment.When is null ? $"{segment.Bytes}" : $"(h{segment.Index} ? {segment.Bytes} : 0)";
        _code.Line($"int p{segment.Index + 1} = {start} + {size};");
    }

    private void EmitBlockChecks(Segment segment, string start, bool declare)
    {
        var diagnose = Diagnosis(segment, start);
        // The just-in-time compiler knows the answer to the first form where a loop has just asked.
        if (!FillsRest(segment)) _code.Line($"if ({(segment.Bytes == 1 ? $"{start} >= limit" : $"limit - ({start}) < {segment.Bytes}".Replace("(start)", "start"))}) {diagnose}");

        var faults = new List<string>();
        var needed = segment.Fields.Where(p => Locals(p).Any() || p.Field.Shape is ConstShape or ReservedShape { OnReceipt: Force.Reject }).ToList();
        var word = 0;
        for (var i = 0; i < needed.Count; word++)
        {
            var (first, size, count) = Word(needed, i, segment.Bytes);
            var name = $"w{segment.Index}_{word}";
            _code.Line($"{(Loads.IsWide(size) ? "ulong" : "uint")} {name} = {Loads.Bytes("root", Loads.Plus(start, first), size)};");
            ulong mask = 0, expected = 0;
            foreach (var placed in needed.Skip(i).Take(count))
            {
                var shift = (first + size) * 8 - placed.Bit - placed.Bits;
                if (placed.Field.Shape is ConstShape or ReservedShape)
                {
                    mask |= Loads.Mask(placed.Bits) << shift;
                    expected |= (placed.Field.Shape is ConstShape c ? c.Value : ((ReservedShape)placed.Field.Shape).Sent) << shift;
                }
                EmitLocals(placed, Loads.Extract(name, size, shift, placed.Bits), start, declare);
                faults.AddRange(Faults(placed));
            }
            var suffix = Loads.IsWide(size) ? "UL" : "u";
            if (mask != 0) faults.Insert(0, $"({name} & 0x{mask:X}{suffix}) != 0x{expected:X}{suffix}");
            i += count;
        }
        foreach (var placed in segment.Fields)
        foreach (var rule in _layout.RulesAfter(placed.Field))
            faults.Add($"!({Holds(rule, Loads.Plus(start, placed.NeededBytes))})");
        if (faults.Count > 0) _code.Line($"if ({string.Join(" || ", faults)}) {diagnose}");
    }

    /// <summary>What finds the first fault of a block that has one. The runtime does it by the schema, unless there are rules or closed registries.</summary>
    private string Diagnosis(Segment segment, string start)
    {
        if (segment.Fields.Any(placed => _layout.RulesAfter(placed.Field).Any() || Faults(placed).Any()))
        {
            var arguments = Outer(segment).ToList();
            _cold.Add(() => EmitDiagnose(segment, arguments));
            return $"return Diagnose{segment.Index}(root, start, {start}, limit, {string.Concat(arguments.Select(a => a.Name + ", "))}ref error);";
        }
        if (segment.Fields.Count == 1 && segment.Fields[0].Field is { Shape: not (ConstShape or ReservedShape) } single) return Fail("Truncated", single.Node, start);
        var first = _layout.Pdu.Fields.TakeWhile(field => !ReferenceEquals(field, segment.Fields[0].Field)).Count();
        _cold.Add(() =>
        {
            _code.Line();
            _code.Line("[MethodImpl(NoInlining)]");
            _code.Line($"private static int Fault{segment.Index}(ReadOnlySpan<byte> root, int at, int limit, ref WireError error) =>");
            _code.Line($"\tWireRead.Fault(Schema, 0x{_layout.Node(0):X8}u, {first}, {segment.Fields.Count}, root, at, limit, ref error);");
        });
        // Arguments in the order in which Measure has them: they stay in their registers, and it need not save others for the sake of this.
        return $"return Fault{segment.Index}(root, {start}, limit, ref error);";
    }

    /// <summary>A load that covers as many of the needed fields, from number <paramref name="from"/> on, as it can.</summary>
    private static (int First, int Size, int Count) Word(List<Placed> needed, int from, int blockBytes)
    {
        var first = needed[from].FirstByte;
        var count = 1;
        while (from + count < needed.Count && needed[from + count].NeededBytes <= first + 8) count++;
        var span = needed[from + count - 1].NeededBytes - first;
        var size = span <= 1 ? 1 : span <= 2 ? 2 : span <= 4 ? 4 : 8;
        if (first + size > blockBytes) first = blockBytes - size;
        if (first < 0) (first, size) = (0, blockBytes);
        return (first, size, count);
    }

    /// <summary>Locals that a field makes: its own value, or the values of its parts, if anything reads them.</summary>
    private IEnumerable<(string Name, string Type)> Locals(Placed placed)
    {
        switch (placed.Field.Shape)
        {
            case UIntShape s when _values.Contains(placed.Field.CsName) || IsClosed(s.Registry):
                yield return (placed.Field.CsName, s.Signed ? s.Bits <= 32 ? "int" : "long" : LocalType(s.Bits));
                break;
            case UIntSequenceShape s when _values.Contains(placed.Field.CsName) || IsClosed(s.Registry):
            case ConstShape or ReservedShape when _values.Contains(placed.Field.CsName):
                yield return (placed.Field.CsName, LocalType(placed.Bits));
                break;
            case SplitShape s:
                var parts = s.Parts.Where(p => _values.Contains(p.CsName) || IsClosed(p.Registry)).ToList();
                if (parts.Count > 0 || _values.Contains(placed.Field.CsName)) yield return (placed.Field.CsName, LocalType(s.Bits));
                foreach (var part in parts) yield return (part.CsName, LocalType(part.WireBits.Count));
                break;
        }
    }

    private static string LocalType(int bits) => bits <= 32 ? "uint" : "ulong";

    private void EmitLocals(Placed placed, string value, string start, bool declare)
    {
        foreach (var (name, type) in Locals(placed))
        {
            var part = (placed.Field.Shape as SplitShape)?.Parts.FirstOrDefault(p => p.CsName == name && name != placed.Field.CsName);
            var text = part is not null ? Loads.Part($"v{placed.Field.CsName}", part)
                : Loads.Unmask(value, (placed.Field.Shape as UIntShape)?.Xor, placed.Bits, "root");
            if (placed.Field.Shape is UIntShape { Signed: true }) text = Loads.Sign(text, placed.Bits);
            _code.Line($"{(declare ? type + " " : "")}v{name} = {text};");
        }
    }

    /// <summary>Conditions under which a field's value is not in its closed registry.</summary>
    private IEnumerable<string> Faults(Placed placed) => placed.Field.Shape switch
    {
        UIntShape s when IsClosed(s.Registry) => [$"!{Known($"v{placed.Field.CsName}", s.Registry!)}"],
        SplitShape s => s.Parts.Where(p => IsClosed(p.Registry)).Select(p => $"!{Known($"v{p.CsName}", p.Registry!)}"),
        UIntSequenceShape s when IsClosed(s.Registry) => ItemFaults(placed).Select(fault => fault.Condition),
        _ => [],
    };

    /// <summary>Conditions under which an item of a packed list is not in its closed registry, and the byte of the block that the item begins in.</summary>
    private IEnumerable<(string Condition, int Byte)> ItemFaults(Placed placed)
    {
        var list = Packed(placed.Field.CsName)!;
        for (var i = 0; i < list.Items; i++) yield return ($"!{Known(list.Item(i), list.Shape.Registry!)}", (placed.Bit + i * list.Shape.Bits) / 8);
    }

    private string Holds(Rule rule, string position)
    {
        var expressions = Expressions(position);
        var condition = ((MustHold)rule.Body).Condition;
        return string.Join(" && ", expressions.Guards(condition).Append(expressions.Bool(condition)));
    }

    /// <summary>Locals of earlier segments that the rules of a block read: arguments of its cold method.</summary>
    private IEnumerable<(string Type, string Name)> Outer(Segment segment)
    {
        var parts = segment.Fields.SelectMany(p => _layout.RulesAfter(p.Field)).Select(r => r.Body).OfType<MustHold>()
            .SelectMany(r => ExpressionWriter.Parts(r.Condition));
        var names = new HashSet<string>();
        foreach (var part in parts)
        {
            var (field, prefix) = part switch
            {
                FieldValue v => (v.Field, "v"),
                InRegistry r => (r.Field, "v"),
                SizeOf s => (s.Field, "s"),
                CountOf c when Packed(c.Field) is null => (c.Field, "c"),
                CountOf c => (c.Field, "h"),
                CountEqual c => (c.Field, "v"),
                Fold f when Packed(f.Sequence) is not null => (f.Sequence, "v"),
                Fold f => (f.Sequence, "t" + ExpressionWriter.Suffix(f)),
                _ => ("", ""),
            };
            if (field == "") continue;
            var (home, placed) = _layout.Find(field);
            var asks = home.IsBlock && home.When is not null && (prefix is "s" or "h" || Packed(field) is not null);
            if (asks && names.Add($"h{home.Index}")) yield return ("bool", $"h{home.Index}");
            if (home == segment || prefix is "s" or "h" && home.IsBlock || !names.Add(prefix + field)) continue;
            if (prefix.StartsWith("t", StringComparison.Ordinal)) yield return ("long", $"t{field}{prefix.Substring(1)}");
            else yield return (prefix == "v" ? home.IsBlock ? Locals(placed).First(l => l.Name == field).Type : "long" : "int", prefix + field);
        }
    }

    private void EmitDiagnose(Segment segment, List<(string Type, string Name)> arguments)
    {
        _code.Line();
        _code.Line("[MethodImpl(NoInlining)]");
        _code.Open($"private static int Diagnose{segment.Index}(ReadOnlySpan<byte> root, int start, int at, int limit, "
            + $"{string.Concat(arguments.Select(a => $"{a.Type} {a.Name}, "))}ref WireError error)");
        foreach (var placed in segment.Fields)
        {
            var at = Loads.Plus("at", placed.FirstByte);
            _code.Line($"if (limit - at < {placed.NeededBytes}) {Fail("Truncated", placed.Field.Node, at)}");
            if (placed.Field.Shape is not (BytesShape or ChecksumShape))
            {
                var value = Loads.Bits("root", "at", placed);
                EmitLocals(placed, value, "at", declare: true);
                if (placed.Field.Shape is ConstShape c) _code.Line($"if ({value} != 0x{c.Value:X}) {Fail("BadValue", placed.Field.Node, at)}");
                if (placed.Field.Shape is ReservedShape { OnReceipt: Force.Reject } r) _code.Line($"if ({value} != 0x{r.Sent:X}) {Fail("BadReserved", placed.Field.Node, at)}");
                if (placed.Field.Shape is UIntSequenceShape { Registry: { } registry } && IsClosed(registry))
                    foreach (var (fault, offset) in ItemFaults(placed)) _code.Line($"if ({fault}) {Fail("BadValue", placed.Field.Node, Loads.Plus("at", offset))}");
                else
                    foreach (var fault in Faults(placed)) _code.Line($"if ({fault}) {Fail("BadValue", placed.Field.Node, at)}");
            }
            foreach (var rule in _layout.RulesAfter(placed.Field))
                _code.Line($"if (!({Holds(rule, Loads.Plus("at", placed.NeededBytes))})) {Fail("BadValue", rule.Node, at)}");
        }
        _code.Line("System.Diagnostics.Debug.Fail(\"a block was refused for no fault\");");
        _code.Line(Fail("BadValue", _layout.Pdu.Node, "at"));
        _code.Close();
    }

    private void EmitRules(Field? field, string at, string position)
    {
        foreach (var rule in _layout.RulesAfter(field))
        {
            if (rule.Body is MustHold) _code.Line($"if (!({Holds(rule, position)})) {Fail("BadValue", rule.Node, at)}");
            if (rule.Body is MustContain) _code.Line($"if (!g{rule.Node}) {Fail("BadValue", rule.Node, at)}");
        }
    }
}
