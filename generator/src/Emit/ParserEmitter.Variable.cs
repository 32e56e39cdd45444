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
        if (segment.IsEmpty)
        {
            EmitEmpty(segment, at);
            return;
        }
        if (segment.Start > 0)
        {
            // Added up once, and not again on the way to where the field ends, on which the next element waits.
            _code.Line($"int p{segment.Index} = {at};");
            at = $"p{segment.Index}";
        }
        var present = segment.When is null || segment.When.Equals(_known);
        foreach (var rule in _layout.RulesAfter(field))
            if (rule.Body is MustContain) _code.Line($"bool g{rule.Node} = {(present ? "false" : "true")};");
        var fills = present && _left is not null && _left.Equals(SizeOf(field.Shape)) || segment is { When: null, Index: > 0, Single.Shape: PadShape { UnlessLast: false } } && LeftBehind(_layout.Segments[segment.Index - 1]) == 0;
        var left = present && SizeOf(field.Shape) is Binary { Operator: BinaryOperator.Subtract, Left: Remaining } size && IsSettled(size.Right) ? size.Right : null;
        var after = $"p{segment.Index + 1}";
        string? end = null;
        if (EndsUnless(segment) is { } condition)
        {
            // Where that is all, nothing is left to be compared.
            _code.Line($"int s{name} = limit - ({at});");
            _code.Open($"if (!{Expressions(at).Bool(condition)})");
            EmitRules(field, at, "limit");
            _code.Line("return limit;");
            _code.Close();
            _known = condition;
            left = SizeOf(field.Shape) is Binary { Operator: BinaryOperator.Subtract, Left: Remaining, Right: var right } && IsSettled(right) ? right : null;
            EmitVariableChecks(segment, at, declare: false, fills);
        }
        else if (present)
        {
            EmitVariableChecks(segment, at, declare: true, fills);
        }
        else
        {
            // Where it ends, without the way over its size.
            var byEnd = field.Shape is NestedShape or UnionShape && TakesWhatItNeeds(field.Shape) && _layout.RulesAfter(field).All(rule => rule.Body is not MustHold);
            if (byEnd) _code.Line($"int {end = after} = {at};");
            _code.Line($"int s{name} = 0;");
            if (field.Shape is UIntShape) _code.Line($"uint v{name} = 0;");
            if (_counts.Contains(name)) _code.Line($"int c{name} = 0;");
            foreach (var fold in Folds(name).Where(IsEager)) _code.Line($"long t{name}{ExpressionWriter.Suffix(fold)} = 0;");
            if (!Folds(name).All(IsEager)) _code.Line($"int l{name} = -1;");
            _code.Open($"if ({Expressions(at).Bool(segment.When!)})");
            EmitVariableChecks(segment, at, declare: false, fills: false);
            if (byEnd) _code.Line($"{after} = e{name};");
            _code.Close();
        }
        EmitRules(field, at, $"{at} + s{name}");
        _left = left;
        _isFull = fills && segment.Index + 1 == _layout.Segments.Count;
        if (end is not null) return;
        end = fills ? "limit"
            : LeftBehind(segment) is { } fixedSize ? fixedSize == 0 ? "limit" : $"limit - {fixedSize}"
            : left is not null ? $"limit - (int){Expressions(at).Int(left)}"
            : _ends.TryGetValue(name, out var known) ? known : $"{at} + s{name}";
        if (segment.Index + 1 < _layout.Segments.Count || end != "limit") _code.Line($"int {after} = {end};");
    }

    /// <summary>The size, or what it is under the condition that is known to hold.</summary>
    private Expr? SizeOf(Shape shape) => Layout.SizeOf(shape) is Conditional choice && choice.Condition.Equals(_known) ? choice.Then : Layout.SizeOf(shape);

    /// <summary>The value is the same wherever it is looked at, and never negative.</summary>
    private bool IsSettled(Expr expr) => ExpressionWriter.Parts(expr).All(part => part is Literal or LastByte or FieldValue or Binary { Operator: BinaryOperator.Add or BinaryOperator.Multiply })
        && ExpressionWriter.IsNonNegative(expr, IsUnsigned) && (_hasBytes || !ExpressionWriter.Parts(expr).Any(part => part is LastByte));

    /// <summary>The condition under which alone anything comes after a field that otherwise takes all that is left; null = it is not so.</summary>
    private Expr? EndsUnless(Segment segment)
    {
        if (_known is not null || segment is not { When: null, Single.Shape: BytesShape { Size: Conditional { Else: Remaining } choice, Text: TextEncoding.None } }) return null;
        var later = _layout.Segments.Skip(segment.Index + 1).ToList();
        return later.Count > 0 && later.All(s => !s.IsBlock && !s.IsEmpty && choice.Condition.Equals(s.When) && !_layout.RulesAfter(s.Single).Any())
            && !Expressions("").Guards(choice.Condition).Any() && !(_layout.Pdu.Exact && _layout.Bound is not null) ? choice.Condition : null;
    }

    /// <param name="fills">It takes just what is left.</param>
    private void EmitVariableChecks(Segment segment, string at, bool declare, bool fills)
    {
        var field = segment.Single;
        var name = field.CsName;
        var type = declare ? "int " : "";
        var open = TakesWhatItNeeds(field.Shape);
        if (fills && field.Shape is PadShape nothing)
        {
            _code.Line($"{type}s{name} = {PaddingOf(nothing, segment, at)};");
            _code.Line($"if (s{name} != 0) {Fail("Truncated", field.Node, at)}");
        }
        else if (fills) _code.Line($"{type}s{name} = limit - ({at});");
        else if (!open && field.Shape is not UIntSequenceShape { Size: null, Count: not null }) EmitExtent(segment, at, type);
        var window = open || fills || TakesRest(segment) ? "limit" : $"{at} + s{name}";
        // The end as a local of its own: two equal sums cost the just-in-time compiler two registers.
        if (window != "limit" && field.Shape is (SequenceShape or NestedShape or UnionShape))
        {
            _code.Line($"int to{name} = {window};");
            window = "to" + name;
            if (declare) _ends[name] = window;
        }
        if (open && declare && field.Shape is (NestedShape or UnionShape)) _ends[name] = "e" + name;
        switch (field.Shape)
        {
            case BytesShape { Text: TextEncoding.Utf8 }:
                _code.Line($"if (!WireRead.IsUtf8(root, {at}, s{name})) {Fail("BadText", field.Node, at)}");
                break;
            case BytesShape { Text: TextEncoding.Ascii }:
                _code.Line($"if (!System.Text.Ascii.IsValid(WireRead.Slice(root, {at}, s{name}))) {Fail("BadText", field.Node, at)}");
                break;
            case PadShape { FillForce: Force.Reject } pad:
                _code.Line($"if (!WireRead.IsFilled(WireRead.Slice(root, {at}, s{name}), {pad.Fill})) {Fail("BadPadding", field.Node, at)}");
                break;
            case UIntShape:
                _code.Line($"{type}s{name} = WireLeb128.Read(root, {at}, limit, out {(declare ? "uint " : "")}v{name});");
                _code.Line($"if (s{name} <= 0) return WireRead.NoLeb128(ref error, s{name}, 0x{_layout.Node(field.Node):X8}u, {at});");
                break;
            case UIntSequenceShape s: EmitIntegers(field, s, at, type); break;
            case SequenceShape s: EmitSequence(field, s, at, window, type, open); break;
            case NestedShape s: EmitNested(field, s, at, window, type, open); break;
            case UnionShape: EmitUnion(_layout.Union(field), at, window, type); break;
        }
    }

    private void EmitExtent(Segment segment, string at, string type)
    {
        var field = segment.Single;
        var name = field.CsName;
        if (field.Shape is PadShape pad)
        {
            _code.Line($"{type}s{name} = {(pad.UnlessLast ? $"limit - ({at}) < {pad.Align} ? 0 : " : "")}{PaddingOf(pad, segment, at)};");
            _code.Line($"if (s{name} > limit - ({at})) {Fail("Truncated", field.Node, at)}");
            // Padding belongs between elements: behind the last one there is none that counts.
            if (pad.UnlessLast) _code.Line($"if (s{name} > 0 && limit - ({at}) - s{name} < {pad.Align}) {Fail("BadPadding", field.Node, at)}");
            return;
        }
        if (SizeOf(field.Shape) is not { } length)
        {
            if (!TakesRest(segment) || _sizes.Contains(name) || NeedsSize(field)) _code.Line($"{type}s{name} = limit - ({at});");
            return;
        }
        EmitNumber("n" + name, length, field, at);
        if (!IsWithinRest(length)) _code.Line($"if (n{name} > limit - ({at})) {Fail("Truncated", field.Node, at)}");
        _code.Line($"{type}s{name} = (int)n{name};");
    }

    private string PaddingOf(PadShape pad, Segment segment, string at)
    {
        // What was padded begins with the PDU and ends here.
        if (segment.Index == 1 && pad.Of == _layout.Segments[0].Single.CsName && _layout.Segments[0] is { IsBlock: false, When: null })
            return (pad.Align & pad.Align - 1) == 0 ? $"(start - {at} & {pad.Align - 1})" : PadSize(pad, $"({at} - start)");
        return PadSize(pad, pad.Of is { } padded ? Expressions(at).Int(new SizeOf(padded)) : $"({at} - start)");
    }

    /// <summary>Its own checks read its size.</summary>
    private bool NeedsSize(Field field) => field.Shape switch
    {
        BytesShape s => s.Text != TextEncoding.None,
        UnionShape or NestedShape => field.Shape is UnionShape,
        _ => true,
    };

    public static string PadSize(PadShape pad, string of) => (pad.Align & pad.Align - 1) == 0
        ? $"(int)(-{of} & {pad.Align - 1})"
        : $"(int)(({pad.Align} - {of} % {pad.Align}) % {pad.Align})";

    /// <summary>A bound narrows what is left from here on; a computed value becomes a local.</summary>
    private void EmitEmpty(Segment segment, string at)
    {
        var field = segment.Single;
        var expressions = Expressions(at);
        var expr = field.Shape is BoundShape bound ? bound.Size : ((ComputedShape)field.Shape).Value;
        var guards = string.Join(" && ", expressions.Guards(expr));
        if (field.Shape is ComputedShape && !_values.Contains(field.CsName))
        {
            // Worked out where somebody reads it.
        }
        else if (field.Shape is ComputedShape) _code.Line($"long v{field.CsName} = {(guards.Length > 0 ? $"!({guards}) ? 0L : " : "")}{expressions.Int(expr)};");
        else
        {
            if (guards.Length > 0) _code.Line($"if (!({guards})) {Fail("BadLength", field.Node, at)}");
            _code.Line($"{(expressions.IsNarrow(expr) ? "int" : "long")} n{field.CsName} = {expressions.Int(expr)};");
            if (segment.Start is null || Range(expr).Least is not { } least || least < segment.Start) _code.Line($"if (n{field.CsName} < {(segment.Start is { } had ? $"{had}" : $"{at} - start")}) {Fail("BadLength", field.Node, at)}");
            _code.Line($"if (n{field.CsName} > limit - start) {Fail("Truncated", field.Node, at)}");
            _code.Line($"limit = start + (int)n{field.CsName};");
        }
        EmitRules(field, at, at);
        if (segment.Start is null) _code.Line($"int p{segment.Index + 1} = {at};");
    }

    /// <summary>A field's value is never negative.</summary>
    private bool IsUnsigned(string name) => _layout.Field(name).Shape is not (ComputedShape or UIntShape { Signed: true } or UIntShape { Bits: 64 });

    private int? Width(string name) => _layout.Field(name).Shape is UIntShape { Signed: false, Xor: null } field ? field.Bits : null;

    private (long? Least, long? Most) Range(Expr expr) => ExpressionWriter.Range(expr, Width);

    /// <summary>So many items of a size are a number of bytes that an int holds.</summary>
    private bool IsFew(Expr count, int size) => Range(count).Most <= int.MaxValue / size;

    /// <summary>The value is never more than the bytes that are left.</summary>
    private bool IsWithinRest(Expr expr) => expr switch
    {
        Remaining => true,
        Binary { Operator: BinaryOperator.Subtract } difference => IsWithinRest(difference.Left) && ExpressionWriter.IsNonNegative(difference.Right, IsUnsigned),
        Conditional choice => IsWithinRest(choice.Then) && IsWithinRest(choice.Else),
        _ => false,
    };

    /// <summary>The bytes that a field leaves at the end of the window, when it leaves a fixed number.</summary>
    private long? LeftBehind(Segment segment) => TakesRest(segment) ? 0
        : segment is { IsBlock: false, When: null } && !(_layout.Bound?.Index > segment.Index) && segment.Single.Shape is BytesShape { Size: Binary { Operator: BinaryOperator.Subtract, Left: Remaining, Right: Literal left } } ? left.Value
        : null;

    /// <summary>What the PDU's expressions need to know of a list's elements.</summary>
    private IEnumerable<Fold> Folds(string list) => _layout.MeasuredFolds.Where(f => f.Sequence == list);

    /// <summary>Worked out element by element; others need an argument that is known behind the list.</summary>
    private static bool IsEager(Fold fold) => fold is not LastOf { Argument: not null };

    private Layout ElementOf(string list) => _layout.Catalog.Layout(_layout.Catalog.Pdu(((SequenceShape)_layout.Field(list).Shape).Element));

    /// <summary>A local, not negative: an int, if it surely fits one, else a long.</summary>
    private void EmitNumber(string local, Expr expr, Field field, string at)
    {
        var expressions = Expressions(at);
        var guards = expressions.Guards(expr).ToList();
        if (guards.Count > 0) _code.Line($"if (!({string.Join(" && ", guards)})) {Fail("BadLength", field.Node, at)}");
        _code.Line($"{(expressions.IsNarrow(expr) ? "int" : "long")} {local} = {expressions.Int(expr)};");
        if (!ExpressionWriter.IsNonNegative(expr, IsUnsigned)) _code.Line($"if ({local} < 0) {Fail("BadLength", field.Node, at)}");
    }

    private void EmitIntegers(Field field, UIntSequenceShape shape, string at, string type)
    {
        var name = field.CsName;
        var size = shape.Bits / 8;
        if (shape.Bits % 8 != 0) throw new UnsupportedShapeException($"{name}: items of {shape.Bits} bits");
        var counted = shape.Size is null && shape.Count is not null;
        if (counted) EmitNumber("n" + name, shape.Count!, field, at);
        var end = counted || size > 1 ? $"whole{name}" : $"s{name}";
        if (counted && !IsClosed(shape.Registry))
        {
            if (IsFew(shape.Count!, size))
            {
                _code.Line($"{type}s{name} = (int)n{name}{(size == 1 ? "" : $" * {size}")};");
                _code.Line($"if (s{name} > limit - ({at})) {Fail("Truncated", field.Node, size == 1 ? "limit" : $"limit - (limit - ({at})) % {size}")}");
                if (_counts.Contains(name)) _code.Line($"{type}c{name} = (int)n{name};");
                return;
            }
            var items = size == 1 ? $"limit - ({at})" : $"(long)((uint)(limit - ({at})) / {size})";
            _code.Line($"if (n{name} > {items}) {Fail("Truncated", field.Node, size == 1 ? "limit" : $"limit - (limit - ({at})) % {size}")}");
            _code.Line($"{type}s{name} = (int)n{name}{(size == 1 ? "" : $" * {size}")};");
            if (_counts.Contains(name)) _code.Line($"{type}c{name} = (int)n{name};");
            return;
        }
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
            _code.Line($"if ((long)n{name} * {size} != {end}) {Fail("Truncated", field.Node, $"{at} + {end}")}");
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
        var element = _layout.Catalog.Pdu(shape.Element);
        var inner = _layout.Catalog.Layout(element);
        var rules = _layout.RulesAfter(field).Where(r => r.Body is ElementRule).ToList();
        if (rules.Count == 0 && shape.While is null && shape.More is null && !Folds(name).Any() && PlainSize(element, whole: false) is { } plain and > 0)
        {
            EmitPlainSequence(field, shape, element, plain, at, window, type, open);
            return;
        }
        if (open && type.Length > 0) _ends[name] = "i" + name;
        var limit = window;
        _code.Line($"int i{name} = {at};");
        var counted = open && shape.Count is not null;
        var counts = _counts.Contains(name);
        foreach (var fold in Folds(name).Where(IsEager)) _code.Line($"{(type.Length > 0 ? "long " : "")}t{name}{ExpressionWriter.Suffix(fold)} = 0;");
        if (!Folds(name).All(IsEager)) _code.Line($"{type}l{name} = -1;");
        if (shape is { Count: null, While: null, More: null } && rules.Count == 0 && !counts && !Folds(name).Any() && _layout.Catalog.HasBytes(element))
        {
            // -1 is, as an unsigned number, behind every window.
            _code.Line($"while ((uint)i{name} < (uint)({limit})) i{name} = {Catalog.TypeName(_layout.Module, element)}.View.Measure(root, i{name}, {limit}, ref error);");
            _code.Line($"if (i{name} < 0) return -1;");
            if (open) _code.Line($"{type}s{name} = i{name} - ({at});");
            return;
        }
        foreach (var rule in rules.Where(r => r.Body is MustContain)) _code.Line($"g{rule.Node} = false;");
        if (rules.Any(r => r.Body is MustBeUnique)) _code.Line($"var codes{name} = new WireCodes();");
        if (counted)
        {
            EmitNumber("n" + name, shape.Count!, field, at);
            // Where only the number matters, one local counts.
            var alone = rules.Count == 0 && !counts && shape.While is null && IsFew(shape.Count!, 1);
            _code.Open(alone ? $"for (int k{name} = (int)n{name}; k{name} > 0; k{name}--)" : $"for (long k{name} = 0; k{name} < n{name}; k{name}++)");
        }
        else
        {
            if (counts) _code.Line($"int k{name} = 0;");
            if (shape.More is not null) _code.Line($"bool m{name} = true;");
            _code.Open($"while ({GoesOn($"i{name}")})");
        }
        _code.Line($"int next = {Catalog.TypeName(_layout.Module, element)}.View.Measure(root, i{name}, {limit}, ref error);");
        _code.Line("if (next < 0) return -1;");
        if (!_layout.Catalog.HasBytes(element)) _code.Line($"if (next == i{name}) {Fail("BadLength", field.Node, "next")}");
        if (shape.More is not null)
        {
            var flag = inner.Find(shape.More);
            if (flag is not { Segment: { IsBlock: true, When: null, Start: { } start } }) throw new UnsupportedShapeException($"{name}: {shape.More} has no fixed place");
            _code.Line($"m{name} = {Loads.Bits("root", Loads.Plus("i" + name, start), flag.Placed)} != 0;");
        }
        if (counts && !counted) _code.Line($"k{name}++;");
        foreach (var fold in Folds(name).Where(IsEager))
            _code.Line($"t{name}{ExpressionWriter.Suffix(fold)} {(fold is SumOf ? "+=" : "=")} {Element(inner, "i" + name, "next", fold.Field ?? "")};");
        if (!Folds(name).All(IsEager)) _code.Line($"l{name} = i{name};");
        foreach (var rule in rules) EmitElementRule(rule, inner, name, at, counted ? $"k{name} + 1 < n{name}" : GoesOn("next"));
        _code.Line($"i{name} = next;");
        _code.Close();
        if (open) _code.Line($"{type}s{name} = i{name} - ({at});");
        if (counts) _code.Line($"{type}c{name} = {(counted ? $"(int)n{name}" : $"k{name}")};");

        string GoesOn(string next) => shape.More is not null ? $"m{name}"
            : shape.While is { } condition ? $"{next} < {limit} && {Expressions(next, name).Bool(condition)}"
            : $"{next} < {limit}";
    }

    /// <summary>Elements of one size that may hold any bits need no look; to learn which one is cut off, the one at the end is measured.</summary>
    private void EmitPlainSequence(Field field, SequenceShape shape, PduRef element, int size, string at, string window, string type, bool counted)
    {
        var name = field.CsName;
        var measure = $"{Catalog.TypeName(_layout.Module, element)}.View.Measure";
        if (counted)
        {
            EmitNumber("n" + name, shape.Count!, field, at);
            var few = IsFew(shape.Count!, size);
            if (few) _code.Line($"{type}s{name} = (int)n{name} * {size};");
            _code.Line($"if ({(few ? $"s{name} > limit - ({at})" : $"n{name} > (uint)(limit - ({at})) / {size}")}) return {measure}(root, {at} + (limit - ({at})) / {size} * {size}, limit, ref error);");
            if (!few) _code.Line($"{type}s{name} = (int)n{name} * {size};");
        }
        else _code.Line($"if (s{name} % {size} != 0) return {measure}(root, {window} - s{name} % {size}, {window}, ref error);");
        if (_counts.Contains(name)) _code.Line($"{type}c{name} = s{name} / {size};");
    }

    /// <summary>The value of a field of an element that has been checked, as long.</summary>
    private string Element(Layout element, string at, string end, string field, string? argument = null)
    {
        if (field.Length == 0) throw new UnsupportedShapeException($"{element.Pdu.CsName}: a sum over integers in a list of PDUs");
        var view = $"new {Catalog.TypeName(_layout.Module, element.Ref)}.View(root, {at}, {end}).{element.Name(field)}";
        if (argument is not null) return $"{view}({argument})";
        if (element.Shared.Any(shared => shared.CsName == field)) return view;
        return element.Field(field).Shape is UIntShape { Bits: 1, Registry: null, Signed: false } ? $"{view} ? 1L : 0L" : $"(long){view}";
    }

    private void EmitElementRule(Rule rule, Layout inner, string name, string at, string follows)
    {
        // What every element has needs no look whether it is there.
        string? Limit(int bits) => bits <= _layout.Catalog.LeastBytes(inner.Ref) * 8 ? null : "next";
        var code = rule.Body is MustBeLast { Bits: { } bits } ? Loads.Peek("root", "i" + name, Limit(bits.Bit + bits.Bits), bits) : inner.CodeAt("i" + name, Limit) ?? throw new UnsupportedShapeException($"{name}: elements that nothing tells apart");
        switch (rule.Body)
        {
            case MustBeLast last: _code.Line($"if ({follows} && {code} == 0x{last.Code:X}) {Fail("Order", rule.Node, "i" + name)}"); break;
            // Not joined by &&, of which the just-in-time compiler would make a value.
            case MustBeFirst first: _code.Line($"if (i{name} == {at}) if (!({code} is {Patterns(first.Codes)})) {Fail("Order", rule.Node, "i" + name)}"); break;
            case MustContain some: _code.Line($"g{rule.Node} |= {code} is {Patterns(some.Codes)};"); break;
            case MustBeUnique: _code.Line($"if (!codes{name}.Add((uint){code})) {Fail("BadValue", rule.Node, "i" + name)}"); break;
        }
    }

    private static string Patterns(EquatableArray<ulong> codes) => string.Join(" or ", codes.Select(c => $"0x{c:X}"));

    private void EmitNested(Field field, NestedShape shape, string at, string window, string type, bool open)
    {
        var name = field.CsName;
        var nested = _layout.Catalog.Pdu(shape.Pdu);
        _code.Line($"int e{name} = {Catalog.TypeName(_layout.Module, nested)}.View.Measure(root, {at}, {window}, ref error);");
        _code.Line($"if (e{name} < 0) return -1;");
        if (open) _code.Line($"{type}s{name} = e{name} - ({at});");
        else if (!nested.Pdu.Exact) _code.Line($"if (e{name} != {window}) {Fail("Trailing", Layout.Global(nested.Module, nested.Pdu.EndNode), "e" + name)}");
    }

    /// <summary>Variants of fixed size without further checks are compared by size on the spot, many with one test; to learn what is wrong with
    /// one, and for all others, their own Measure is called.</summary>
    private void EmitUnion(Union union, string at, string window, string type)
    {
        var name = union.Field.CsName;
        var code = union.Selector is { } selector ? "v" + selector.CsName : "u" + name;
        if (union.Peek is { } peek) _code.Line($"uint {code} = {Loads.Peek("root", at, "limit", peek)};");
        if (union.Shape.Open)
        {
            _code.Line($"int e{name};");
            _code.Open($"switch ({code})");
            foreach (var (chosen, pattern) in union.Chosen) _code.Line($"case {pattern}: e{name} = {Measure(chosen)}; break;");
            _code.Line($"default: e{name} = {(union.Otherwise is { } o ? Measure(o) : "limit")}; break;");
            _code.Close();
            // Of a PDU that is nothing else, the end is the result, also that there is none.
            if (!IsAlone(union.Field)) _code.Line($"if (e{name} < 0) return -1;");
            _code.Line($"{type}s{name} = e{name} - ({at});");
            return;
        }
        var cases = union.Variants.Where(v => union.Otherwise is not null || !AcceptsAnything(v.Ref.Pdu)).ToList();
        if (cases.Count == 0 && union.Otherwise is null) return;
        var fixedSizes = cases.Where(v => PlainSize(v.Ref) is not null).GroupBy(v => PlainSize(v.Ref)!.Value).OrderBy(g => g.Key).ToList();
        _code.Open($"switch ({code})");
        foreach (var group in fixedSizes)
        {
            _code.Line($"case {string.Join(" or ", group.Select(v => v.From == v.To ? v.Pattern : $"({v.Pattern})"))}:");
            _code.Line($"\tif (s{name} != {group.Key}) return Refuse{name}({code}, root, {at}, {window}, ref error);");
            _code.Line("\tbreak;");
        }
        foreach (var variant in cases.Where(v => PlainSize(v.Ref) is null))
        {
            _code.Line($"case {variant.Pattern}:");
            Content(variant.Ref, $"end{name}{variant.From:X}");
        }
        if (union.Otherwise is not null)
        {
            _code.Line("default:");
            Content(union.Otherwise, $"end{name}");
        }
        _code.Close();
        if (fixedSizes.Count > 0) _cold.Add(() => EmitRefuse(fixedSizes.SelectMany(g => g).ToList(), union));

        string Measure(PduRef pdu) => $"{Catalog.TypeName(_layout.Module, pdu)}.View.Measure(root, {at}, {window}, ref error)";

        void Content(PduRef pdu, string end)
        {
            if (pdu.Pdu.Exact) _code.Line($"\tif ({Measure(pdu)} < 0) return -1;");
            else
            {
                _code.Line($"\tint {end} = {Measure(pdu)};");
                _code.Line($"\tif ({end} < 0) return -1;");
                _code.Line($"\tif ({end} != {window}) {Fail("Trailing", Layout.Global(pdu.Module, pdu.Pdu.EndNode), end)}");
            }
            _code.Line("\tbreak;");
        }
    }

    /// <summary>Nothing of its PDU is checked behind this field.</summary>
    private bool IsAlone(Field field) => !_layout.Pdu.Exact && _layout.Bound is null && _layout.Pdu.Fields.Count == 1 && !_layout.RulesAfter(field).Any();

    private void EmitRefuse(List<Variant> variants, Union union)
    {
        _code.Line();
        _code.Line("[MethodImpl(NoInlining)]");
        _code.Open($"private static int Refuse{union.Field.CsName}({LocalType(union.Peek?.Bits ?? union.Selector!.Shape.FixedBits ?? 64)} code, ReadOnlySpan<byte> root, int start, int limit, ref WireError error)");
        _code.Open("switch (code)");
        foreach (var variant in variants)
            _code.Line($"case {variant.Pattern}: return {Catalog.TypeName(_layout.Module, variant.Ref)}.View.Measure(root, start, limit, ref error);");
        _code.Line("default: return -1;");
        _code.Close();
        _code.Close();
    }

    /// <summary>The size of a PDU of fixed fields that may hold any bits; null for others.</summary>
    /// <param name="whole">It has to fill its window.</param>
    private int? PlainSize(PduRef variant, bool whole = true)
    {
        var inner = _layout.Catalog.Layout(variant);
        if (whole && !variant.Pdu.Exact || variant.Pdu.Rules.Any(r => r.Force == Force.Reject)) return null;
        if (inner.Segments.Count == 0) return 0;
        if (inner.Segments.Count > 1 || !inner.Segments[0].IsBlock || inner.Segments[0].When is not null) return null;
        var free = inner.Segments[0].Fields.All(p => p.Field.Shape switch
        {
            UIntShape s => s.Registry is null || _layout.Catalog.Registry(variant.Module, s.Registry).Registry.Open,
            SplitShape s => s.Parts.All(part => part.Registry is null || _layout.Catalog.Registry(variant.Module, part.Registry).Registry.Open),
            ReservedShape s => s.OnReceipt != Force.Reject,
            UIntSequenceShape s => s.Registry is null || _layout.Catalog.Registry(variant.Module, s.Registry).Registry.Open,
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
