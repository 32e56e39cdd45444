using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

// The part of parsers that handles fields of variable size: bytes, padding, lists, nested PDUs and unions.
internal sealed partial class ParserEmitter
{
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
