using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Emits how a record is measured and written: derived values are computed from the properties, then everything is written in wire order.</summary>
internal sealed class WriterEmitter
{
    private readonly CodeWriter _code;
    private readonly Layout _layout;
    private readonly List<RecordEmitter.Property> _properties;
    private readonly ExpressionWriter _expressions;

    private WriterEmitter(CodeWriter code, Layout layout)
    {
        _code = code;
        _layout = layout;
        _properties = RecordEmitter.Properties(layout).Where(p => !p.IsSize).ToList();
        _expressions = new ExpressionWriter
        {
            Value = ValueText,
            Size = SizeText,
            Count = name => $"(long){Optional(_properties.First(p => p.Field.CsName == name), "Count")}",
            Sum = fold => $"SumOf{fold.Sequence}{ExpressionWriter.Suffix(fold)}()",
            Packed = Packed,
            Apply = (fold, argument) => $"SumOf{fold.Sequence}{ExpressionWriter.Suffix(fold)}({argument})",
            NotLast = "(more ? 1L : 0L)",
            Window = "size",
            Remaining = "remaining",
            Last = "last",
            InRegistry = (name, registry) =>
                $"({ValueText(name)} is {string.Join(" or ", layout.Catalog.Registry(layout.Module, registry).Registry.Values.Select(v => $"0x{v.Value:X}").Distinct())})",
        };
    }

    public static void Emit(CodeWriter code, Layout layout) => new WriterEmitter(code, layout).Emit();

    private void Emit()
    {
        var (access, suffix) = _layout.Owner is null ? ("internal", "Pdu") : ("private protected override", "Variant");
        _code.Line();
        if (_layout.Inherited is not null)
        {
            _code.Line("private protected abstract int MeasureVariant();");
            _code.Line("private protected abstract void WriteVariant(ref WireWriter writer);");
            _code.Line();
        }
        _code.Open($"{access} int Measure{suffix}({(_layout.PlaceMattersForSize ? "bool more = false" : "")})");
        EmitSizes();
        var total = Total(_layout.Segments.Count);
        _code.Line($"return checked((int)({total}));");
        _code.Close();
        _code.Line();
        _code.Open($"{access} void Write{suffix}(ref WireWriter writer)");
        if (_layout.PlaceMatters) _code.Line("bool more = writer.More;");
        EmitSizes();
        if (_layout.Bound is not null || _layout.Pdu.Fields.Any(f => ExpressionWriter.Parts(f.Derive).Any(p => p is WindowSize))) _code.Line($"long size = {total};");
        EmitChecks();
        foreach (var segment in _layout.Segments) EmitSegment(segment);
        _code.Close();
        EmitComputed();
    }

    /// <summary>Values that are not on the wire, and sums, from the properties alone.</summary>
    private void EmitComputed()
    {
        var properties = new ExpressionWriter
        {
            Value = _expressions.Value, Count = _expressions.Count, Sum = _expressions.Sum, Packed = Packed, Apply = _expressions.Apply, InRegistry = _expressions.InRegistry,
            Size = name => throw new UnsupportedShapeException($"{Name(name)}: a computed value that needs its size"),
            Window = "0L", Remaining = "0L", Last = "0L",
        };
        foreach (var field in _layout.Pdu.Fields)
        {
            if (field.Shape is not ComputedShape computed) continue;
            var guards = string.Join(" && ", properties.Guards(computed.Value));
            _code.Line();
            _code.Summary($"{field.Name} ({field.Clause}), worked out.");
            _code.Line($"public {(_layout.IsShared(field) ? "override " : "")}long {_layout.Name(field.CsName)}{(computed.HasArgument ? "(long argument)" : "")} => {(guards.Length > 0 ? $"!({guards}) ? 0L : " : "")}{properties.Int(computed.Value)};");
        }
        var sums = _layout.ParsedExpressions.Concat(_layout.Pdu.Fields.Select(f => f.Derive!).Where(d => d is not null))
            .SelectMany(ExpressionWriter.Parts).OfType<Fold>().Where(f => _layout.Packed(f.Sequence) is null)
            .GroupBy(f => (f.Sequence, ExpressionWriter.Suffix(f))).Select(same => same.First());
        foreach (var sum in sums)
        {
            var element = sum.Field is null ? null : _layout.Catalog.Layout(_layout.Catalog.Pdu(((SequenceShape)_layout.Field(sum.Sequence).Shape).Element));
            var applied = sum is LastOf { Argument: not null };
            var value = element is null ? "(long)element" : applied ? $"element.{element.Name(sum.Field!)}(argument)" : new WriterEmitter(_code, element).OfElement(sum.Field!);
            _code.Line();
            _code.Open($"private long SumOf{sum.Sequence}{ExpressionWriter.Suffix(sum)}({(applied ? "long argument" : "")})");
            _code.Line("long sum = 0;");
            _code.Line($"foreach (var element in {_layout.Name(sum.Sequence)}.AsSpan()) sum {(sum is SumOf ? "+=" : "=")} {value};");
            _code.Line("return sum;");
            _code.Close();
        }
    }

    /// <summary>The value of a field of the record in local "element", as long.</summary>
    private string OfElement(string field)
    {
        var name = _layout.Name(field);
        if (_layout.Shared.Any(shared => shared.CsName == field)) return $"element.{name}";
        return _layout.Field(field).Shape switch
        {
            ConstShape c => $"{c.Value}L",
            UIntShape { Bits: 1, Registry: null, Signed: false } when PropertyOf(_layout.Field(field), field) is not null => $"(element.{name} ? 1L : 0L)",
            ComputedShape => $"element.{name}",
            _ when PropertyOf(_layout.Field(field), field) is { Nullable: false } => $"(long)element.{name}",
            _ => throw new UnsupportedShapeException($"{Name(field)}: a sum over a value that follows from others"),
        };
    }

    /// <summary>Bytes of the first so many segments.</summary>
    private string Total(int segments) =>
        string.Join(" + ", _layout.Segments.Take(segments).Select(SegmentSize).Where(t => t != "0").DefaultIfEmpty("0"));

    private Layout ElementOf(Field sequence) => _layout.Catalog.Layout(_layout.Catalog.Pdu(((SequenceShape)sequence.Shape).Element));

    private string SegmentSize(Segment segment) => segment.IsEmpty ? "0" :
        !segment.IsBlock ? $"s{segment.Single.CsName}" : segment.When is null ? $"{segment.Bytes}" : $"(h{segment.Index} ? {segment.Bytes} : 0)";

    // ---- values

    private string Name(string csName) => $"{_layout.Pdu.CsName}.{csName}";

    private RecordEmitter.Property? PropertyOf(Field field, string csName) =>
        _properties.FirstOrDefault(p => ReferenceEquals(p.Field, field) && (p.Part is null || p.Part.CsName == csName));

    /// <summary>The items of a record's packed list, too many or too few as they may be.</summary>
    private PackedList? Packed(string name)
    {
        if (_layout.Packed(name) is not { } list || PropertyOf(_layout.Field(name), name) is not { } property) return null;
        return new(list, $"WirePacked.Of({Items(property)}, {list.Bits}, {((Literal)list.Count!).Value})", property.Nullable ? $"{property.Name} is not null" : null);
    }

    private static string Items(RecordEmitter.Property property) => $"{property.Name}{(property.Nullable ? ".GetValueOrDefault()" : "")}.AsSpan()";

    private static string Optional(RecordEmitter.Property property, string member) =>
        property.Nullable ? $"({property.Name}?.{member} ?? 0)" : $"{property.Name}.{member}";

    private string ValueText(string name)
    {
        var field = _layout.Field(name);
        switch (field.Shape)
        {
            case ConstShape c: return $"{c.Value}L";
            case ReservedShape r: return $"{r.Sent}L";
        }
        if (field.Shape is ComputedShape) return _layout.Name(field.CsName);
        if (_layout.IsSelector(field)) return $"(long){_layout.Name(field.CsName)}";
        if (PropertyOf(field, name) is { } property)
        {
            if (property.Type == "bool") return $"({property.Name}{(property.Nullable ? " == true" : "")} ? 1L : 0L)";
            return property.Nullable ? $"(long){property.Name}.GetValueOrDefault()" : $"(long){property.Name}";
        }
        return field.Derive is null ? "0L" : _expressions.Int(field.Derive);
    }

    private string SizeText(string name)
    {
        var (segment, placed) = _layout.Find(name);
        if (!segment.IsBlock) return $"s{name}";
        return segment.When is null ? $"{placed.Bits / 8}L" : $"(h{segment.Index} ? {placed.Bits / 8}L : 0L)";
    }

    /// <summary>Locals h (is the segment there?) and s (how many bytes has the field?), first for those that follow from properties alone.</summary>
    private void EmitSizes()
    {
        var properties = _layout.Segments.Where(s => Owner(s) is not null).ToList();
        // A leb128 has as many bytes as what it says needs, which may be a size.
        foreach (var segment in properties.Concat(_layout.Segments.Except(properties).OrderBy(s => !s.IsBlock && s.Single.Shape is UIntShape ? 1 : 0)))
        {
            if (segment.When is not null)
                _code.Line($"bool h{segment.Index} = {Presence(segment)};");
            if (!segment.IsBlock && !segment.IsEmpty) EmitSize(segment);
        }
    }

    /// <summary>A property tells it, or another segment that has the same condition and a property, or one that is there when this one is (a list
    /// behind its length), or else the condition.</summary>
    private string Presence(Segment segment)
    {
        if (Owner(segment) is { } owner) return $"{owner.Name} is not null";
        var twin = _layout.Segments.FirstOrDefault(s => Owner(s) is not null && Equals(s.When, segment.When))
            ?? _layout.Segments.FirstOrDefault(s => Owner(s) is not null && segment.Fields.Any(f =>
                Equals(s.When, new Binary(BinaryOperator.Greater, new SizeOf(f.Field.CsName), new Literal(0)))));
        return twin is not null ? $"h{twin.Index}" : _expressions.Bool(segment.When!);
    }

    /// <summary>A property that tells whether the segment is there, and how big.</summary>
    private RecordEmitter.Property? Owner(Segment segment) =>
        segment.Fields.SelectMany(f => _properties.Where(p => ReferenceEquals(p.Field, f.Field))).FirstOrDefault(p => p.Field.Shape is not ChecksumShape);

    private void EmitSize(Segment segment)
    {
        var field = segment.Single;
        var local = $"s{field.CsName}";
        var property = PropertyOf(field, field.CsName);
        switch (field.Shape)
        {
            case BytesShape { Text: TextEncoding.None }: _code.Line($"long {local} = {Optional(property!, "Length")};"); break;
            case BytesShape:
                _code.Line($"long {local} = {(property!.Nullable ? $"{property.Name} is null ? 0 : " : "")}WireValue.TextSize({property.Name}, \"{Name(field.CsName)}\");");
                break;
            case UIntShape:
                _code.Line($"long {local} = {When(segment, $"WireValue.Leb128Size({ValueText(field.CsName)}, {RecordEmitter.SizeName(_layout, field)}, \"{Name(field.CsName)}\")")};");
                break;
            case UIntSequenceShape s: _code.Line($"long {local} = {Optional(property!, "Count")} * {s.Bits / 8}L;"); break;
            case SequenceShape:
                _code.Line($"long {local} = 0;");
                _code.Line($"foreach (var element in {property!.Name}{(property.Nullable ? ".GetValueOrDefault()" : "")}.AsSpan()) {local} += element.MeasurePdu({(ElementOf(field).PlaceMattersForSize ? "more: true" : "")});");
                if (ElementOf(field).PlaceMattersForSize)
                {
                    var list = $"{property.Name}{(property.Nullable ? ".GetValueOrDefault()" : "")}";
                    _code.Line($"if ({list}.Count > 0) {local} += {list}[{list}.Count - 1].MeasurePdu() - {list}[{list}.Count - 1].MeasurePdu(more: true);");
                }
                break;
            case NestedShape: _code.Line($"long {local} = {(property!.Nullable ? $"{property.Name}?.MeasurePdu() ?? 0" : $"{property.Name}.MeasurePdu()")};"); break;
            case UnionShape when property is not null: _code.Line($"long {local} = {(property.Nullable ? $"{property.Name}?.Measure() ?? 0" : $"{property.Name}.Measure()")};"); break;
            case UnionShape: _code.Line($"long {local} = {When(segment, "MeasureVariant()")};"); break;
            case ChecksumShape: _code.Line($"long {local} = {When(segment, property!.Name)};"); break;
            case PadShape p:
                var of = p.Of is { } padded ? _expressions.Int(new SizeOf(padded)) : $"({Total(segment.Index)})";
                var pad = $"({p.Align}L - {of} % {p.Align}L) % {p.Align}L";
                _code.Line($"long {local} = {When(segment, p.UnlessLast ? $"more ? {pad} : 0" : pad)};");
                break;
            default: throw new UnsupportedShapeException($"{field.CsName}: {field.Shape}");
        }
    }

    private static string When(Segment segment, string size) => segment.When is null ? size : $"h{segment.Index} ? {size} : 0";

    // ---- refusals

    private void EmitChecks()
    {
        foreach (var segment in _layout.Segments)
        {
            if (segment.When is not null && Owner(segment) is { } owner)
            {
                foreach (var property in segment.Fields.SelectMany(f => _properties.Where(p => ReferenceEquals(p.Field, f.Field))).Where(p => p != owner))
                    _code.Line($"WireValue.Presence({property.Name} is not null, h{segment.Index}, \"{Name(property.Name)}\");");
                if (IsKnownToWriters(segment.When)) _code.Line($"WireValue.Presence(h{segment.Index}, {_expressions.Bool(segment.When)}, \"{Name(owner.Name)}\");");
            }
            foreach (var field in segment.Fields.Select(f => f.Field))
            {
                if (field.Shape is BoundShape bound) _code.Line($"WireValue.Size(size, {_expressions.Int(bound.Size)}, \"{Name(field.CsName)}\");");
                if (field.Shape is UnionShape && PropertyOf(field, field.CsName) is { } content) EmitContentCheck(_layout.Union(field), content);
                if (segment.IsBlock || segment.IsEmpty || Layout.SizeOf(field.Shape) is not { } size || field.Shape is ChecksumShape || !IsKnownToWriters(size)) continue;
                _code.Line($"{(segment.When is null ? "" : $"if (h{segment.Index}) ")}WireValue.Size(s{field.CsName}, {_expressions.Int(size)}, \"{Name(field.CsName)}\");");
            }
        }
    }

    /// <summary>What a property holds must be what its code selects; bytes are taken as they are.</summary>
    private void EmitContentCheck(Union union, RecordEmitter.Property property)
    {
        var cases = union.Chosen.Select(c => (c.Pattern, Type: Catalog.TypeName(_layout.Module, c.Ref))).ToList();
        var fits = union.Selector is { } selector
            ? $"{ValueText(selector.CsName)} switch {{ {string.Concat(cases.Select(c => $"{c.Pattern} => {property.Name} is {c.Type}, "))}_ => {(union.Otherwise is { } o ? $"{property.Name} is {Catalog.TypeName(_layout.Module, o)}" : "false")} }}"
            : $"{property.Name} is {string.Join(" or ", union.Content.Select(c => Catalog.TypeName(_layout.Module, c)))}";
        var opaque = union.Otherwise is null ? $"{property.Name} is WireOpaque || " : "";
        _code.Line($"WireValue.Content({(property.Nullable ? $"{property.Name} is null || " : "")}{opaque}{fits}, \"{Name(property.Name)}\");");
    }

    private static bool IsKnownToWriters(Expr expr) => !ExpressionWriter.Parts(expr).Any(p => p is Remaining or LastByte or WindowSize or Peek);

    // ---- writing

    private void EmitSegment(Segment segment)
    {
        if (segment.When is not null) _code.Open($"if (h{segment.Index})");
        if (segment.IsBlock) EmitBlock(segment);
        else if (!segment.IsEmpty) EmitField(segment.Single, $"(int)s{segment.Single.CsName}");
        if (segment.When is not null) _code.Close();
    }

    private void EmitBlock(Segment segment)
    {
        var group = new List<Placed>();
        foreach (var placed in segment.Fields)
        {
            if (placed.Field.Shape is BytesShape or ChecksumShape)
            {
                EmitField(placed.Field, $"{placed.Bits / 8}");
                continue;
            }
            group.Add(placed);
            if ((placed.Bit + placed.Bits) % 8 != 0) continue;
            var first = group[0].Bit;
            var bits = placed.Bit + placed.Bits - first;
            if (bits > 64) throw new UnsupportedShapeException($"{Name(group[0].Field.CsName)}: a run of {bits} bits");
            var terms = group.Select(p => Shift(WireValueOf(p, (p.Bit - first) / 8), first + bits - p.Bit - p.Bits));
            _code.Line($"writer.UInt({string.Join(" | ", terms)}, {bits / 8});");
            group.Clear();
        }
    }

    private static string Shift(string value, int bits) => bits == 0 ? value : $"({value} << {bits})";

    /// <summary>The bits to write, as ulong; the field's first bit is <paramref name="ahead"/> bytes from the writer's place.</summary>
    private string WireValueOf(Placed placed, int ahead)
    {
        var field = placed.Field;
        var node = $"0x{_layout.Node(field.Node):X8}u";
        switch (field.Shape)
        {
            case ConstShape c: return $"0x{c.Value:X}UL";
            case ReservedShape { OnReceipt: Force.Reject } r: return $"0x{r.Sent:X}UL";
            case ReservedShape r: return $"writer.Bits(0x{r.Sent:X}UL, {node}, {ahead})";
            case SplitShape s:
                return "(" + string.Join(" | ", s.Parts.Select(part => Loads.Scatter(Fit(field, part.CsName, part.WireBits.Count), part))) + ")";
            case UIntSequenceShape s:
                return $"WireValue.Packed({Items(PropertyOf(field, field.CsName)!)}, {s.Bits}, {((Literal)s.Count!).Value}, \"{Name(field.CsName)}\")";
            case UIntShape s when field.Role == Role.Free && PropertyOf(field, field.CsName) is null: return $"writer.Bits(0UL, {node}, {ahead})";
            case UIntShape s:
                var value = Fit(field, field.CsName, s.Bits);
                if (ViewEmitter.IsComparable(field)) value = $"writer.Bits({value}, {node}, {ahead})";
                return s.Xor is { } mask ? $"({value} ^ writer.Mask({mask.RootOffset}, {s.Bits / 8}))" : value;
            default: throw new UnsupportedShapeException($"{field.CsName}: {field.Shape}");
        }
    }

    private string Fit(Field field, string csName, int bits)
    {
        var property = PropertyOf(field, csName);
        if (field.Shape is UIntShape { Signed: true }) return $"WireValue.FitSigned({ValueText(csName)}, {bits}, \"{Name(csName)}\")";
        if (property is { Type: "bool" }) return $"({property.Name}{(property.Nullable ? " == true" : "")} ? 1UL : 0UL)";
        var whole = bits == Catalog.IntegerBits(bits);
        if (whole && (property is not null || _layout.IsSelector(field)))
            return property is { Nullable: true } ? $"(ulong){property.Name}.GetValueOrDefault()" : $"(ulong){property?.Name ?? _layout.Name(csName)}";
        return $"WireValue.Fit({ValueText(csName)}, {bits}, \"{Name(csName)}\")";
    }

    private void EmitField(Field field, string size)
    {
        var property = PropertyOf(field, field.CsName);
        var node = $"0x{_layout.Node(field.Node):X8}u";
        var value = property is null ? "" : property.Name + (property.Nullable && property.Field.Shape is not (NestedShape or UnionShape) && property.Type != "string" ? ".GetValueOrDefault()" : property.Nullable ? "!" : "");
        switch (field.Shape)
        {
            case BytesShape s:
                if (s is { Size: Literal, Text: TextEncoding.None }) _code.Line($"WireValue.Size({value}.Length, {size}, \"{Name(field.CsName)}\");");
                _code.Line(s.Text != TextEncoding.None ? $"writer.Text({value}, {size});"
                    : s.Xor is { } mask ? $"writer.MaskedBytes({value}, {mask.RootOffset});"
                    : $"writer.Bytes({value});");
                break;
            case PadShape p: _code.Line($"writer.Padding({size}, {p.Fill}, {node});"); break;
            case UnionShape when property is not null: _code.Line($"{value}.Write(ref writer);"); break;
            case UnionShape: _code.Line("WriteVariant(ref writer);"); break;
            case NestedShape: _code.Line($"{value}.WritePdu(ref writer);"); break;
            case UIntShape: _code.Line($"writer.Leb128({Fit(field, field.CsName, 32)}, {size});"); break;
            case UIntSequenceShape s: _code.Line($"foreach (var item in {value}.AsSpan()) writer.UInt((ulong)item, {s.Bits / 8});"); break;
            case SequenceShape:
                var element = ElementOf(field);
                var patched = _layout.AnyIn(element.Ref, ViewEmitter.IsChecksum);
                _code.Open($"for (int i = 0; i < {value}.Count; i++)");
                if (element.PlaceMatters) _code.Line($"writer.More = i < {value}.Count - 1;");
                if (patched) _code.Line($"writer.BeginElement({value}[i].MeasurePdu({(element.PlaceMattersForSize ? "writer.More" : "")}));");
                _code.Line($"{value}[i].WritePdu(ref writer);");
                _code.Close();
                break;
            case ChecksumShape { Whole: true }:
                _code.Line($"writer.WholeChecksum({node});");
                break;
            case ChecksumShape s:
                _code.Line($"writer.Checksum(ChecksumAlgorithm.{s.Algorithm}, {size}, 0x{s.Xor:X}UL, {ChecksumPatches.Patch(_layout, s, "writer.ElementEnd")}, {node});");
                break;
            default: throw new UnsupportedShapeException($"{field.CsName}: {field.Shape}");
        }
    }
}
