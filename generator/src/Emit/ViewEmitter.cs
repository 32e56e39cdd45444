using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Emits a PDU's <c>View</c>: a ref struct over the message's bytes that knows the window of its PDU and works out every place from the
/// bytes when asked. Views exist of checked bytes only, so reading needs no checks.</summary>
internal sealed class ViewEmitter
{
    private readonly CodeWriter _code;
    private readonly Layout _layout;
    private readonly bool _isMessage;

    private ViewEmitter(CodeWriter code, Layout layout)
    {
        _code = code;
        _layout = layout;
        _isMessage = layout.Pdu.Kind == PduKind.Message;
    }

    private string Start => _isMessage ? "0" : "_at";
    private string Limit => _isMessage ? "_root.Length" : "_end";

    public static void Emit(CodeWriter code, Layout layout) => new ViewEmitter(code, layout).Emit();

    private void Emit()
    {
        _code.Summary($"{_layout.Pdu.Name} as it lies in a message ({_layout.Pdu.Clause}); nothing is copied.");
        _code.Open($"public {(_layout.Owner is null ? "" : "new ")}readonly ref struct View");
        _code.Line("private readonly ReadOnlySpan<byte> _root;");
        if (!_isMessage)
        {
            _code.Line("private readonly int _at;");
            _code.Line("private readonly int _end;");
            _code.Line();
            _code.Open("internal View(ReadOnlySpan<byte> root, int at, int end)");
            _code.Lines(["_root = root;", "_at = at;", "_end = end;"]);
            _code.Close();
        }
        else
        {
            EmitMessageMembers();
        }
        _code.Line();
        _code.Summary("The PDU's bytes.");
        _code.Line(_isMessage ? "public ReadOnlySpan<byte> Bytes => _root;" : "public ReadOnlySpan<byte> Bytes => _root.Slice(_at, Tail - _at);");
        if (!_isMessage)
        {
            _code.Summary("The PDU's first byte in the message.");
            _code.Line("public int Offset => _at;");
        }
        _code.Summary("The first byte of the message after the PDU.");
        _code.Line($"internal int Tail => {(_layout.Pdu.Exact ? Limit : EndOf(_layout.Segments.Count - 1))};");
        foreach (var segment in _layout.Segments)
        {
            if (segment.Start is null && segment.Index > 0) _code.Line($"private int StartOf{segment.Index} => {EndOf(segment.Index - 1)};");
            if (!segment.IsBlock) _code.Line($"private int SizeOf{segment.Single.CsName} => {VariableSize(segment)};");
            foreach (var placed in segment.Fields) EmitGetters(segment, placed);
        }
        EmitVariants();
        RecordEmitter.EmitToRecord(_code, _layout);
        if (_layout.Any(IsTrivia)) EmitCollect();
        if (_layout.Any(IsChecksum)) EmitVerify();
        _code.Line();
        ParserEmitter.Emit(_code, _layout);
        _code.Close();
    }

    private void EmitMessageMembers()
    {
        _code.Line();
        _code.Line("private View(ReadOnlySpan<byte> root) => _root = root;");
        _code.Line();
        _code.Summary("Checks everything that can be checked without a key and allocates nothing; any bytes give a view or an error.");
        _code.Open("public static bool TryParse(ReadOnlySpan<byte> bytes, out View view, out WireError error)");
        _code.Line("error = default;");
        _code.Open("if (Measure(bytes, 0, bytes.Length, ref error) < 0)");
        _code.Lines(["view = default;", "return false;"]);
        _code.Close();
        _code.Lines(["view = new View(bytes);", "return true;"]);
        _code.Close();
        _code.Line();
        _code.Summary("Compares every checksum that can be computed, in order of appearance: keyed ones only with a key.");
        _code.Open("public bool Verify(WireKey key, out WireError error)");
        _code.Line("error = default;");
        _code.Line(_layout.Any(IsChecksum) ? "return VerifyChecksums(0, _root.Length, key, ref error);" : "return true;");
        _code.Close();
    }

    // ---- places and sizes

    private string Position(Segment segment) => segment.Start is { } at ? Loads.Plus(Start, at) : $"StartOf{segment.Index}";

    private string EndOf(int index)
    {
        if (index < 0) return Start;
        var segment = _layout.Segments[index];
        if (!segment.IsBlock) return $"{Position(segment)} + SizeOf{segment.Single.CsName}";
        return segment.When is null ? Loads.Plus(Position(segment), segment.Bytes) : $"{Position(segment)} + ({Bool(segment, segment.When)} ? {segment.Bytes} : 0)";
    }

    private string Bool(Segment segment, Expr expr) => Expressions(Position(segment)).Bool(expr);

    private ExpressionWriter Expressions(string position) => new()
    {
        Value = name => $"(long){Raw(name)}",
        Size = SizeText,
        Count = CountText,
        Window = $"(long)({Limit} - {Start})",
        Remaining = $"(long)({Limit} - ({position}))",
        Last = $"WireRead.Last(_root, {Start}, {Limit})",
        InRegistry = (name, registry) =>
            $"({Raw(name)} is {string.Join(" or ", _layout.Catalog.Registry(_layout.Module, registry).Registry.Values.Select(v => $"0x{v.Value:X}").Distinct())})",
    };

    private string SizeText(string name)
    {
        var (segment, placed) = _layout.Find(name);
        if (!segment.IsBlock) return $"(long)SizeOf{name}";
        return segment.When is null ? $"{placed.Bits / 8}L" : $"({Bool(segment, segment.When)} ? {placed.Bits / 8}L : 0L)";
    }

    private string CountText(string name)
    {
        var (_, placed) = _layout.Find(name);
        return placed.Field.Shape is UIntSequenceShape s ? $"(long)(SizeOf{name} / {s.Bits / 8})" : $"(long){_layout.Name(name)}.Count";
    }

    /// <summary>The value of an integer field or split part as uint or ulong; 0 when absent.</summary>
    private string Raw(string name)
    {
        var (segment, placed) = _layout.Find(name);
        var value = RawPresent(segment, placed, name);
        return segment.When is null ? value : $"({Bool(segment, segment.When)} ? {value} : 0u)";
    }

    private string RawPresent(Segment segment, Placed placed, string name)
    {
        var value = Loads.Bits("_root", Position(segment), placed);
        return placed.Field.Shape switch
        {
            SplitShape s when s.Parts.FirstOrDefault(p => p.CsName == name) is { } part => Loads.Part(value, part),
            UIntShape s => Loads.Unmask(value, s.Xor, placed.Bits, "_root"),
            _ => value,
        };
    }

    private string VariableSize(Segment segment)
    {
        var field = segment.Single;
        var at = Position(segment);
        var expressions = Expressions(at);
        string size;
        switch (field.Shape)
        {
            case PadShape pad when (pad.Align & pad.Align - 1) == 0:
                size = $"(int)(-{expressions.Int(new SizeOf(pad.Of))} & {pad.Align - 1}L)";
                break;
            case PadShape pad:
                size = $"(int)(({pad.Align}L - {expressions.Int(new SizeOf(pad.Of))} % {pad.Align}L) % {pad.Align}L)";
                break;
            case var shape when Layout.SizeOf(shape) is { } expr:
                size = $"(int){expressions.Int(expr)}";
                break;
            case UIntSequenceShape { Count: { } count } s:
                size = $"(int)({expressions.Int(count)} * {s.Bits / 8}L)";
                break;
            case SequenceShape { Count: { } count } s:
                size = $"{Type(s.Element)}.Sequence.Skip(_root, {at}, {Limit}, {expressions.Int(count)}) - ({at})";
                break;
            case NestedShape s when !_layout.Catalog.Pdu(_layout.Module, s.Pdu).Pdu.Exact:
                size = $"new {Type(s.Pdu)}.View(_root, {at}, {Limit}).Tail - ({at})";
                break;
            default:
                size = $"{Limit} - ({at})";
                break;
        }
        return segment.When is null ? size : $"{Bool(segment, segment.When)} ? {size} : 0";
    }

    private string Type(string pdu) => Catalog.TypeName(_layout.Module, _layout.Catalog.Pdu(_layout.Module, pdu));

    // ---- properties

    private void EmitGetters(Segment segment, Placed placed)
    {
        var field = placed.Field;
        var name = _layout.Name(field.CsName);
        var at = Position(segment);
        var place = segment.IsBlock ? Loads.Plus(at, placed.FirstByte) : at;
        var size = segment.IsBlock ? $"{placed.Bits / 8}" : $"SizeOf{field.CsName}";
        var bytes = $"_root.Slice({place}, {size})";
        var present = segment.When is null ? null : Bool(segment, segment.When);
        if (present is not null) _code.Line($"public bool Has{field.CsName} => {present};");
        if (field.Shape is not SplitShape) _code.Summary($"{field.Name} ({field.Clause}).");
        switch (field.Shape)
        {
            case UIntShape s: EmitInteger(name, s.Bits, s.Registry, RawPresent(segment, placed, field.CsName), present); break;
            case ConstShape s: EmitInteger(name, s.Bits, null, RawPresent(segment, placed, field.CsName), present); break;
            case ReservedShape s: EmitInteger(name, s.Bits, null, RawPresent(segment, placed, field.CsName), present); break;
            case SplitShape s:
                foreach (var part in s.Parts)
                {
                    _code.Summary($"{part.Name} ({field.Clause}).");
                    EmitInteger(_layout.Name(part.CsName), part.WireBits.Count, part.Registry, RawPresent(segment, placed, part.CsName), present);
                }
                break;
            case BytesShape { Xor: { } mask }:
                var masked = $"new MaskedBytes({bytes}, _root.Slice({mask.RootOffset}, {size}))";
                _code.Line($"public MaskedBytes {name} => {(present is null ? "" : $"!({present}) ? default : ")}{masked};");
                break;
            case ChecksumShape { Algorithm: ChecksumAlgorithm.Crc32 } when segment.IsBlock && present is null:
                _code.Line($"public uint {name} => {Loads.Bytes("_root", place, 4)};");
                break;
            case BytesShape or PadShape or ChecksumShape or UnionShape:
                _code.Line($"public ReadOnlySpan<byte> {name} => {(present is null || !segment.IsBlock ? "" : $"!({present}) ? default : ")}{bytes};");
                break;
            case SequenceShape s:
                _code.Line($"public {Type(s.Element)}.Sequence {name} => new(_root, {at}, {at} + {size});");
                break;
            case UIntSequenceShape s:
                var item = _layout.Catalog.ValueType(_layout.Module, s.Bits, s.Registry);
                _code.Line($"public WireIntegers<{item}> {name} => new({bytes}, {s.Bits / 8});");
                break;
            case NestedShape s when present is null:
                _code.Line($"public {Type(s.Pdu)}.View {name} => new(_root, {at}, {at} + {size});");
                break;
            case NestedShape s:
                _code.Open($"public bool TryGet{field.CsName}(out {Type(s.Pdu)}.View view)");
                _code.Line($"view = Has{field.CsName} ? new(_root, {at}, {at} + {size}) : default;");
                _code.Line($"return Has{field.CsName};");
                _code.Close();
                break;
            default:
                throw new UnsupportedShapeException($"{field.CsName}: {field.Shape}");
        }
    }

    private void EmitInteger(string name, int bits, string? registry, string raw, string? present)
    {
        var type = _layout.Catalog.ValueType(_layout.Module, bits, registry);
        var value = type == "bool" ? $"{raw} != 0" : $"({type}){raw}";
        _code.Line(present is null ? $"public {type} {name} => {value};" : $"public {type}? {name} => {present} ? {value} : null;");
    }

    // ---- variants

    private void EmitVariants()
    {
        if (_layout.Union is null) return;
        var segment = _layout.Find(_layout.Union.CsName).Segment;
        var at = Position(segment);
        foreach (var group in _layout.Variants.GroupBy(v => Catalog.TypeName(_layout.Module, v.Ref)))
        {
            var test = string.Join(" or ", group.Select(v => v.From == v.To ? v.Pattern : $"({v.Pattern})"));
            _code.Summary($"The value, if it is {group.First().Ref.Pdu.Name}.");
            _code.Open($"public bool TryGet(out {group.Key}.View view)");
            _code.Open($"if ({Raw(_layout.Selector!.CsName)} is {test})");
            _code.Lines([$"view = new(_root, {at}, {at} + SizeOf{_layout.Union.CsName});", "return true;"]);
            _code.Close();
            _code.Lines(["view = default;", "return false;"]);
            _code.Close();
        }
    }

    // ---- what records do not hold

    internal static bool IsChecksum(Field field) => field.Shape is ChecksumShape;

    /// <summary>A derived value that parsing accepts in other forms (a length beside an id that makes it meaningless).</summary>
    internal static bool IsComparable(Field field) =>
        field is { Role: Role.Derived, Derive: not null, Shape: UIntShape } && !ExpressionWriter.Parts(field.Derive).Any(p => p is Remaining or LastByte);

    internal static bool IsTrivia(Field field) => field.Shape switch
    {
        ChecksumShape => true,
        PadShape p => p.FillForce != Force.Reject,
        ReservedShape r => r.OnReceipt != Force.Reject,
        UIntShape => field.Role == Role.Free || IsComparable(field),
        _ => false,
    };

    private void EmitCollect()
    {
        _code.Line();
        _code.Summary("Gathers what the record does not hold.");
        _code.Open("internal void Collect(WireTrivia.Collector trivia)");
        foreach (var segment in _layout.Segments)
        foreach (var placed in segment.Fields)
        {
            var field = placed.Field;
            var own = IsTrivia(field);
            if (!own && !_layout.Inner(field).Any(inner => _layout.AnyIn(inner, IsTrivia))) continue;
            var at = segment.IsBlock ? Loads.Plus(Position(segment), placed.FirstByte) : Position(segment);
            if (segment.When is not null) _code.Open($"if ({Bool(segment, segment.When)})");
            var node = $"0x{_layout.Node(field.Node):X8}u";
            switch (field.Shape)
            {
                case ReservedShape r: _code.Line($"trivia.KeepBits({node}, {at}, {RawPresent(segment, placed, field.CsName)}, 0x{r.Sent:X});"); break;
                case UIntShape:
                    var sent = IsComparable(field) ? $"(ulong){Expressions(at).Int(field.Derive!)}" : "0";
                    _code.Line($"trivia.KeepBits({node}, {at}, {RawPresent(segment, placed, field.CsName)}, {sent});");
                    break;
                case PadShape p: _code.Line($"trivia.KeepPadding({node}, {at}, {_layout.Name(field.CsName)}, {p.Fill});"); break;
                case ChecksumShape: _code.Line($"trivia.Keep({node}, {at}, _root.Slice({at}, {(segment.IsBlock ? $"{placed.Bits / 8}" : $"SizeOf{field.CsName}")}));"); break;
                case SequenceShape: _code.Line($"foreach (var element in {_layout.Name(field.CsName)}) element.Collect(trivia);"); break;
                case NestedShape s: _code.Line($"new {Type(s.Pdu)}.View(_root, {at}, {at} + SizeOf{field.CsName}).Collect(trivia);"); break;
                case UnionShape: EmitSwitch(at, IsTrivia, view => $"{view}.Collect(trivia);"); break;
            }
            if (segment.When is not null) _code.Close();
        }
        _code.Close();
    }

    /// <summary>Goes on into those variants that have such a field.</summary>
    private void EmitSwitch(string at, Func<Field, bool> condition, Func<string, string> call)
    {
        _code.Open($"switch ({Raw(_layout.Selector!.CsName)})");
        foreach (var variant in _layout.Variants.Where(v => _layout.AnyIn(v.Ref, condition)))
        {
            var view = $"new {Catalog.TypeName(_layout.Module, variant.Ref)}.View(_root, {at}, {at} + SizeOf{_layout.Union!.CsName})";
            _code.Line($"case {variant.Pattern}: {call(view)} break;");
        }
        _code.Close();
    }

    private void EmitVerify()
    {
        _code.Line();
        _code.Summary("Compares the checksums in here; start and end are those of the sequence element that they stand in.");
        _code.Open("internal bool VerifyChecksums(int start, int end, WireKey key, ref WireError error)");
        foreach (var segment in _layout.Segments)
        foreach (var placed in segment.Fields)
        {
            var field = placed.Field;
            if (!IsChecksum(field) && !_layout.Inner(field).Any(inner => _layout.AnyIn(inner, IsChecksum))) continue;
            var at = segment.IsBlock ? Loads.Plus(Position(segment), placed.FirstByte) : Position(segment);
            if (segment.When is not null) _code.Open($"if ({Bool(segment, segment.When)})");
            switch (field.Shape)
            {
                case ChecksumShape s:
                    var bytes = $"_root.Slice({at}, {(segment.IsBlock ? $"{placed.Bits / 8}" : $"SizeOf{field.CsName}")})";
                    _code.Open($"if (!WireChecksum.Matches(ChecksumAlgorithm.{s.Algorithm}, _root[..start], {ChecksumPatches.Patch(_layout, s, "end")}, 0x{s.Xor:X}, key, {bytes}))");
                    _code.Line($"error = new WireError(WireErrorKind.Checksum, 0x{_layout.Node(field.Node):X8}u, {at});");
                    _code.Line("return false;");
                    _code.Close();
                    break;
                case SequenceShape:
                    _code.Line($"foreach (var element in {_layout.Name(field.CsName)})");
                    _code.Line("    if (!element.VerifyChecksums(element.Offset, element.Tail, key, ref error)) return false;");
                    break;
                case NestedShape s:
                    _code.Line($"if (!new {Type(s.Pdu)}.View(_root, {at}, {at} + SizeOf{field.CsName}).VerifyChecksums(start, end, key, ref error)) return false;");
                    break;
                case UnionShape:
                    EmitSwitch(at, IsChecksum, view => $"if (!{view}.VerifyChecksums(start, end, key, ref error)) return false;");
                    break;
            }
            if (segment.When is not null) _code.Close();
        }
        _code.Line("return true;");
        _code.Close();
    }
}
