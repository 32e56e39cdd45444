using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Emits a PDU's <c>Measure</c>: checks everything, allocates nothing, returns where the PDU ends or -1. The order of checks is that of
/// reference/wire/README.md. A block of fixed fields is checked as a whole with few loads; only when that fails, a cold method goes
/// through it field by field to find the first fault.</summary>
internal sealed class ParserEmitter
{
    private readonly CodeWriter _code;
    private readonly Layout _layout;
    private readonly HashSet<string> _values = [];
    private readonly HashSet<string> _sizes = [];
    private readonly HashSet<string> _counts = [];
    private readonly List<Action> _cold = [];

    private ParserEmitter(CodeWriter code, Layout layout)
    {
        _code = code;
        _layout = layout;
        foreach (var part in layout.ParsedExpressions.SelectMany(ExpressionWriter.Parts))
        {
            if (part is FieldValue value) _values.Add(value.Field);
            if (part is InRegistry known) _values.Add(known.Field);
            if (part is SizeOf size) _sizes.Add(size.Field);
            if (part is CountOf count) _counts.Add(count.Field);
        }
        if (layout.Selector is not null) _values.Add(layout.Selector.CsName);
        foreach (var field in layout.Pdu.Fields)
            if (field.Shape is PadShape pad) _sizes.Add(pad.Of);
    }

    public static void Emit(CodeWriter code, Layout layout) => new ParserEmitter(code, layout).Emit();

    private void Emit()
    {
        _code.Line("/// <summary>Checks the PDU in the window from start to limit; returns where it ends, or -1 and the error.</summary>");
        // One method with the loop over elements and their switch; the rare or long parts are calls. Left alone, the just-in-time
        // compiler spends what it may inline on the parts that matter least.
        _code.Line($"[MethodImpl(MethodImplOptions.{(_layout.Union is not null ? "AggressiveInlining" : "NoInlining")})]");
        _code.Open("internal static int Measure(ReadOnlySpan<byte> root, int start, int limit, ref WireError error)");
        EmitRules(null, "start", "start");
        foreach (var segment in _layout.Segments) EmitSegment(segment);
        var end = End();
        if (_layout.Pdu.Exact)
            _code.Line($"if ({end} != limit) {Fail("Trailing", _layout.Pdu.EndNode, end)}");
        _code.Line($"return {end};");
        _code.Close();
        foreach (var cold in _cold) cold();
    }

    private string End()
    {
        if (_layout.Segments.Count == 0) return "start";
        var last = _layout.Segments[_layout.Segments.Count - 1];
        return last.IsBlock && last.When is null && last.Start is { } at ? Loads.Plus("start", at + last.Bytes) : $"p{last.Index + 1}";
    }

    private string Position(Segment segment) => segment.Start is { } at ? Loads.Plus("start", at) : $"p{segment.Index}";

    private bool NeedsPositionAfter(Segment segment) => End() == $"p{segment.Index + 1}" || segment.Index + 1 < _layout.Segments.Count && _layout.Segments[segment.Index + 1].Start is null;

    private string Fail(string kind, int node, string at) => Fail(kind, _layout.Node(node), at);

    private static string Fail(string kind, uint node, string at) => $"return WireRead.Fail(ref error, WireErrorKind.{kind}, 0x{node:X8}u, {at});";

    private ExpressionWriter Expressions(string position) => new()
    {
        Value = name => $"(long)v{name}",
        Size = SizeText,
        Count = name => $"(long)c{name}",
        Window = "(long)(limit - start)",
        Remaining = $"(long)(limit - ({position}))",
        Last = "WireRead.Last(root, start, limit)",
        InRegistry = (name, registry) => Known($"v{name}", registry),
    };

    private string SizeText(string name)
    {
        var (segment, placed) = _layout.Find(name);
        if (!segment.IsBlock) return $"(long)s{name}";
        return segment.When is null ? $"{placed.Bits / 8}L" : $"(h{segment.Index} ? {placed.Bits / 8}L : 0L)";
    }

    private string Known(string value, string registry)
    {
        var values = _layout.Catalog.Registry(_layout.Module, registry).Registry.Values;
        return values.Count == 0 ? "false" : $"({value} is {string.Join(" or ", values.Select(v => v.Value).Distinct().Select(v => $"0x{v:X}"))})";
    }

    private bool IsClosed(string? registry) => registry is not null && !_layout.Catalog.Registry(_layout.Module, registry).Registry.Open;

    private void EmitSegment(Segment segment)
    {
        if (segment.IsBlock) EmitBlock(segment);
        else EmitVariable(segment);
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
            foreach (var (name, bits) in segment.Fields.SelectMany(Locals)) _code.Line($"{LocalType(bits)} v{name} = 0;");
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
        var arguments = Outer(segment).ToList();
        var diagnose = $"return Diagnose{segment.Index}(root, start, {start}, limit, {string.Concat(arguments.Select(a => a.Name + ", "))}ref error);";
        _cold.Add(() => EmitDiagnose(segment, arguments));
        _code.Line($"if (limit - ({start}) < {segment.Bytes}) {diagnose}".Replace("limit - (start)", "limit - start"));

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
    private IEnumerable<(string Name, int Bits)> Locals(Placed placed)
    {
        switch (placed.Field.Shape)
        {
            case UIntShape s when _values.Contains(placed.Field.CsName) || IsClosed(s.Registry):
                yield return (placed.Field.CsName, s.Bits);
                break;
            case ConstShape or ReservedShape when _values.Contains(placed.Field.CsName):
                yield return (placed.Field.CsName, placed.Bits);
                break;
            case SplitShape s:
                var parts = s.Parts.Where(p => _values.Contains(p.CsName) || IsClosed(p.Registry)).ToList();
                if (parts.Count > 0 || _values.Contains(placed.Field.CsName)) yield return (placed.Field.CsName, s.Bits);
                foreach (var part in parts) yield return (part.CsName, part.WireBits.Count);
                break;
        }
    }

    private static string LocalType(int bits) => bits <= 32 ? "uint" : "ulong";

    private void EmitLocals(Placed placed, string value, string start, bool declare)
    {
        foreach (var (name, bits) in Locals(placed))
        {
            var part = (placed.Field.Shape as SplitShape)?.Parts.FirstOrDefault(p => p.CsName == name && name != placed.Field.CsName);
            var text = part is not null ? Loads.Part($"v{placed.Field.CsName}", part)
                : Loads.Unmask(value, (placed.Field.Shape as UIntShape)?.Xor, placed.Bits, "root");
            _code.Line($"{(declare ? LocalType(bits) + " " : "")}v{name} = {text};");
        }
    }

    /// <summary>Conditions under which a field's value is not in its closed registry.</summary>
    private IEnumerable<string> Faults(Placed placed) => placed.Field.Shape switch
    {
        UIntShape s when IsClosed(s.Registry) => [$"!{Known($"v{placed.Field.CsName}", s.Registry!)}"],
        SplitShape s => s.Parts.Where(p => IsClosed(p.Registry)).Select(p => $"!{Known($"v{p.CsName}", p.Registry!)}"),
        _ => [],
    };

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
                CountOf c => (c.Field, "c"),
                _ => ("", ""),
            };
            if (field == "") continue;
            var (home, placed) = _layout.Find(field);
            if (prefix == "s" && home.IsBlock && home.When is not null && names.Add($"h{home.Index}")) yield return ("bool", $"h{home.Index}");
            if (home == segment || prefix == "s" && home.IsBlock || !names.Add(prefix + field)) continue;
            yield return (prefix == "v" ? LocalType(Locals(placed).First(l => l.Name == field).Bits) : "int", prefix + field);
        }
    }

    private void EmitDiagnose(Segment segment, List<(string Type, string Name)> arguments)
    {
        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
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
            if (rule.Body is MustHold)
                _code.Line($"if (!({Holds(rule, position)})) {Fail("BadValue", rule.Node, at)}");
    }

    // ---- fields of variable size

    private void EmitVariable(Segment segment)
    {
        var field = segment.Single;
        var name = field.CsName;
        var at = Position(segment);
        if (segment.When is null)
        {
            EmitVariableChecks(segment, at, declare: true);
        }
        else
        {
            _code.Line($"int s{name} = 0;");
            if (_counts.Contains(name)) _code.Line($"int c{name} = 0;");
            _code.Open($"if ({Expressions(at).Bool(segment.When)})");
            EmitVariableChecks(segment, at, declare: false);
            _code.Close();
        }
        EmitRules(field, at, $"{at} + s{name}");
        _code.Line($"int p{segment.Index + 1} = {at} + s{name};");
    }

    private void EmitVariableChecks(Segment segment, string at, bool declare)
    {
        var field = segment.Single;
        var name = field.CsName;
        var type = declare ? "int " : "";
        var open = field.Shape is SequenceShape { Size: null, Count: not null } || field.Shape is NestedShape { Size: null } n && !_layout.Catalog.Pdu(_layout.Module, n.Pdu).Pdu.Exact;
        if (!open && field.Shape is not UIntSequenceShape { Size: null, Count: not null }) EmitExtent(segment, at, type);
        var window = open ? "limit" : $"{at} + s{name}";
        switch (field.Shape)
        {
            case BytesShape { Text: TextEncoding.Utf8 }:
                _code.Line($"if (!System.Text.Unicode.Utf8.IsValid(WireRead.Slice(root, {at}, s{name}))) {Fail("BadText", field.Node, at)}");
                break;
            case BytesShape { Text: TextEncoding.Ascii }:
                _code.Line($"if (!System.Text.Ascii.IsValid(WireRead.Slice(root, {at}, s{name}))) {Fail("BadText", field.Node, at)}");
                break;
            case PadShape { FillForce: Force.Reject } pad:
                _code.Line($"if (!WireRead.IsFilled(WireRead.Slice(root, {at}, s{name}), {pad.Fill})) {Fail("BadPadding", field.Node, at)}");
                break;
            case UIntSequenceShape s: EmitIntegers(field, s, at, type); break;
            case SequenceShape s: EmitSequence(field, s, at, window, type, open); break;
            case NestedShape s: EmitNested(field, s, at, window, type, open); break;
            case UnionShape s: EmitUnion(s, at, window); break;
        }
    }

    private void EmitExtent(Segment segment, string at, string type)
    {
        var field = segment.Single;
        var name = field.CsName;
        var expressions = Expressions(at);
        if (field.Shape is PadShape pad)
        {
            var of = expressions.Int(new SizeOf(pad.Of));
            _code.Line((pad.Align & pad.Align - 1) == 0
                ? $"{type}s{name} = (int)(-{of} & {pad.Align - 1}L);"
                : $"{type}s{name} = (int)(({pad.Align}L - {of} % {pad.Align}L) % {pad.Align}L);");
            _code.Line($"if (s{name} > limit - ({at})) {Fail("Truncated", field.Node, at)}");
            return;
        }
        var size = Layout.SizeOf(field.Shape);
        if (size is null)
        {
            _code.Line($"{type}s{name} = limit - ({at});");
            return;
        }
        EmitNumber("n" + name, size, field, at);
        _code.Line($"if (n{name} > limit - ({at})) {Fail("Truncated", field.Node, at)}");
        _code.Line($"{type}s{name} = (int)n{name};");
    }

    /// <summary>A long local, not negative.</summary>
    private void EmitNumber(string local, Expr expr, Field field, string at)
    {
        var expressions = Expressions(at);
        var guards = expressions.Guards(expr).ToList();
        if (guards.Count > 0) _code.Line($"if (!({string.Join(" && ", guards)})) {Fail("BadLength", field.Node, at)}");
        _code.Line($"long {local} = {expressions.Int(expr)};");
        if (!ExpressionWriter.IsNonNegative(expr)) _code.Line($"if ({local} < 0) {Fail("BadLength", field.Node, at)}");
    }

    private void EmitIntegers(Field field, UIntSequenceShape shape, string at, string type)
    {
        var name = field.CsName;
        var size = shape.Bits / 8;
        if (shape.Bits % 8 != 0) throw new UnsupportedShapeException($"{name}: items of {shape.Bits} bits");
        var counted = shape.Size is null && shape.Count is not null;
        if (counted) EmitNumber("n" + name, shape.Count!, field, at);
        var end = counted || size > 1 ? $"whole{name}" : $"s{name}";
        if (counted) _code.Line($"int {end} = (int)Math.Min(n{name}, (limit - ({at})) / {size}) * {size};");
        else if (size > 1) _code.Line($"int {end} = s{name} - s{name} % {size};");
        if (IsClosed(shape.Registry))
        {
            _code.Open($"for (int i{name} = {at}; i{name} < {at} + {end}; i{name} += {size})");
            _code.Line($"if (!{Known(Loads.Bytes("root", "i" + name, size), shape.Registry!)}) {Fail("BadValue", field.Node, "i" + name)}");
            _code.Close();
        }
        if (counted)
        {
            _code.Line($"if (n{name} * {size} != {end}) {Fail("Truncated", field.Node, $"{at} + {end}")}");
            _code.Line($"{type}s{name} = {end};");
        }
        else if (size > 1)
        {
            _code.Line($"if (s{name} != {end}) {Fail("Truncated", field.Node, $"{at} + {end}")}");
        }
        if (_counts.Contains(name)) _code.Line($"{type}c{name} = s{name} / {size};");
    }

    private void EmitSequence(Field field, SequenceShape shape, string at, string window, string type, bool open)
    {
        var name = field.CsName;
        var element = _layout.Catalog.Pdu(_layout.Module, shape.Element);
        var inner = new Layout(element, _layout.Catalog);
        var last = _layout.RulesAfter(field).Where(r => r.Body is MustBeLast).ToList();
        if (!open) _code.Line($"int e{name} = {window};");
        var limit = open ? "limit" : $"e{name}";
        _code.Line($"int i{name} = {at};");
        var counts = _counts.Contains(name);
        if (open)
        {
            EmitNumber("n" + name, shape.Count!, field, at);
            _code.Open($"for (long k{name} = 0; k{name} < n{name}; k{name}++)");
        }
        else
        {
            if (counts) _code.Line($"int k{name} = 0;");
            _code.Open($"while (i{name} < {limit})");
        }
        _code.Line($"int next = {Catalog.TypeName(_layout.Module, element)}.View.Measure(root, i{name}, {limit}, ref error);");
        _code.Line("if (next < 0) return -1;");
        if (!(inner.Segments.FirstOrDefault() is { IsBlock: true, When: null, Bytes: > 0 })) _code.Line($"if (next == i{name}) {Fail("BadLength", field.Node, "next")}");
        foreach (var rule in last)
        {
            var selector = inner.Selector ?? throw new UnsupportedShapeException($"{name}: elements that have no code to be last by");
            var code = Loads.Bits("root", "i" + name, inner.Find(selector.CsName).Placed);
            var more = open ? $"k{name} + 1 < n{name}" : $"next != {limit}";
            _code.Line($"if ({more} && {code} == 0x{((MustBeLast)rule.Body).Code:X}) {Fail("Order", rule.Node, "i" + name)}");
        }
        if (counts && !open) _code.Line($"k{name}++;");
        _code.Line($"i{name} = next;");
        _code.Close();
        if (open) _code.Line($"{type}s{name} = i{name} - ({at});");
        if (counts) _code.Line($"{type}c{name} = (int)k{name};".Replace("(int)k", open ? "(int)n" : "k"));
    }

    private void EmitNested(Field field, NestedShape shape, string at, string window, string type, bool open)
    {
        var name = field.CsName;
        var nested = _layout.Catalog.Pdu(_layout.Module, shape.Pdu);
        _code.Line($"int e{name} = {Catalog.TypeName(_layout.Module, nested)}.View.Measure(root, {at}, {window}, ref error);");
        _code.Line($"if (e{name} < 0) return -1;");
        if (open) _code.Line($"{type}s{name} = e{name} - ({at});");
        else if (!nested.Pdu.Exact) _code.Line($"if (e{name} != {window}) {Fail("Trailing", Layout.Global(nested.Module, nested.Pdu.EndNode), "e" + name)}");
    }

    /// <summary>Variants of fixed size without further checks are compared by size on the spot, many with one test; to learn what is wrong with
    /// one, and for all others, their own Measure is called.</summary>
    private void EmitUnion(UnionShape shape, string at, string window)
    {
        var cases = _layout.Variants.Where(v => !AcceptsAnything(v.Ref.Pdu)).ToList();
        if (cases.Count == 0) return;
        var fixedSizes = cases.Where(v => PlainSize(v.Ref) is not null).GroupBy(v => PlainSize(v.Ref)!.Value).OrderBy(g => g.Key).ToList();
        var size = _layout.Union!.CsName;
        _code.Open($"switch (v{shape.Selector})");
        foreach (var group in fixedSizes)
        {
            _code.Line($"case {string.Join(" or ", group.Select(v => v.From == v.To ? v.Pattern : $"({v.Pattern})"))}:");
            _code.Line($"    if (s{size} != {group.Key}) return Refuse{size}(v{shape.Selector}, root, {at}, {window}, ref error);");
            _code.Line("    break;");
        }
        foreach (var variant in cases.Where(v => PlainSize(v.Ref) is null))
        {
            _code.Line($"case {variant.Pattern}:");
            var measure = $"{Catalog.TypeName(_layout.Module, variant.Ref)}.View.Measure(root, {at}, {window}, ref error)";
            if (variant.Ref.Pdu.Exact)
            {
                _code.Line($"    if ({measure} < 0) return -1;");
            }
            else
            {
                _code.Line($"    int end{variant.From:X} = {measure};");
                _code.Line($"    if (end{variant.From:X} < 0) return -1;");
                _code.Line($"    if (end{variant.From:X} != {window}) {Fail("Trailing", Layout.Global(variant.Ref.Module, variant.Ref.Pdu.EndNode), $"end{variant.From:X}")}");
            }
            _code.Line("    break;");
        }
        _code.Close();
        if (fixedSizes.Count > 0) _cold.Add(() => EmitRefuse(fixedSizes.SelectMany(g => g).ToList(), size));
    }

    private void EmitRefuse(List<Variant> variants, string union)
    {
        var selector = _layout.Selector!.CsName;
        _code.Line();
        _code.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        _code.Open($"private static int Refuse{union}({LocalType(Layout.FixedBits(_layout.Selector.Shape) ?? 64)} v{selector}, ReadOnlySpan<byte> root, int start, int limit, ref WireError error)");
        _code.Open($"switch (v{selector})");
        foreach (var variant in variants)
            _code.Line($"case {variant.Pattern}: return {Catalog.TypeName(_layout.Module, variant.Ref)}.View.Measure(root, start, limit, ref error);");
        _code.Line("default: return -1;");
        _code.Close();
        _code.Close();
    }

    /// <summary>The size of a variant of fixed fields that may hold any bits; null for others.</summary>
    private int? PlainSize(PduRef variant)
    {
        var inner = new Layout(variant, _layout.Catalog);
        if (!variant.Pdu.Exact || variant.Pdu.Rules.Any(r => r.Force == Force.Reject)) return null;
        if (inner.Segments.Count == 0) return 0;
        if (inner.Segments.Count > 1 || !inner.Segments[0].IsBlock || inner.Segments[0].When is not null) return null;
        var free = inner.Segments[0].Fields.All(p => p.Field.Shape switch
        {
            UIntShape s => s.Registry is null || _layout.Catalog.Registry(variant.Module, s.Registry).Registry.Open,
            SplitShape s => s.Parts.All(part => part.Registry is null || _layout.Catalog.Registry(variant.Module, part.Registry).Registry.Open),
            ReservedShape s => s.OnReceipt != Force.Reject,
            ConstShape => false,
            _ => true,
        });
        return free ? inner.Segments[0].Bytes : null;
    }

    /// <summary>A variant that is just bytes needs no look.</summary>
    private static bool AcceptsAnything(Pdu pdu) =>
        pdu.Fields.Count == 1 && pdu.Fields[0].When is null && pdu.Rules.All(r => r.Force != Force.Reject)
        && pdu.Fields[0].Shape is BytesShape { Size: null, Text: TextEncoding.None } or ChecksumShape { Size: null };
}
