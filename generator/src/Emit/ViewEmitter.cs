using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Emits a PDU's <c>View</c>: a ref struct over the message's bytes that knows the window of its PDU and works out every place from the
/// bytes when asked. Views exist of checked bytes only, so reading needs no checks.</summary>
internal sealed class ViewEmitter
{
    private readonly CodeWriter _code;
    private readonly Layout _layout;
    private readonly bool _isMessage;
    private readonly bool _standsAlone;

    private ViewEmitter(CodeWriter code, Layout layout)
    {
        _code = code;
        _layout = layout;
        _isMessage = layout.Pdu.Kind == PduKind.Message;
        _standsAlone = layout.StandsAlone;
    }

    private string Start => _standsAlone ? "0" : "_at";
    private string Limit => _standsAlone ? "_root.Length" : "_end";

    /// <summary>The end of the window that a segment lies in.</summary>
    private string LimitOf(Segment? segment) => _layout.Bound is { } bound && (segment is null || segment.Index > bound.Index) ? "BoundEnd" : Limit;

    public static void Emit(CodeWriter code, Layout layout) => new ViewEmitter(code, layout).Emit();

    private void Emit()
    {
        _code.Summary($"{_layout.Pdu.Name} as it lies in a message ({_layout.Pdu.Clause}); nothing is copied.");
        _code.Open($"public {(_layout.Owner is null ? "" : "new ")}readonly ref struct View");
        _code.Line("private readonly ReadOnlySpan<byte> _root;");
        if (!_standsAlone)
        {
            _code.Line("private readonly int _at, _end;");
            _code.Line("internal View(ReadOnlySpan<byte> root, int at, int end) { _root = root; _at = at; _end = end; }");
        }
        if (_isMessage) EmitMessageMembers();
        _code.Summary("The PDU's bytes.");
        _code.Line(_standsAlone ? "public ReadOnlySpan<byte> Bytes => _root;" : "public ReadOnlySpan<byte> Bytes => _root.Slice(_at, Tail - _at);");
        if (!_standsAlone)
        {
            _code.Summary("Where they begin in the message.");
            _code.Line("public int Offset => _at;");
        }
        _code.Line($"internal int Tail => {(_layout.Bound is not null ? "BoundEnd" : _layout.Pdu.Exact ? Limit : EndOf(_layout.Segments.Count - 1))};");
        if (_layout.Bound is { Single.Shape: BoundShape b } bound) _code.Line($"private int BoundEnd => {Loads.Plus(Start, 0)} + (int){Expressions(Position(bound), bound).Int(b.Size)};");
        foreach (var segment in _layout.Segments)
        {
            if (segment.Start is null && segment.Index > 0) _code.Line($"private int StartOf{segment.Index} => {EndOf(segment.Index - 1)};");
            if (!segment.IsBlock && !segment.IsEmpty) _code.Line($"private int SizeOf{segment.Single.CsName} => {VariableSize(segment)};");
            foreach (var placed in segment.Fields) EmitGetters(segment, placed);
        }
        foreach (var union in _layout.Unions) EmitVariants(union);
        foreach (var shared in _layout.Shared) EmitShared(shared);
        foreach (var segment in _layout.Segments) EmitListEnd(segment);
        foreach (var fold in _layout.Folds) EmitFold(fold);
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
        if (_standsAlone) _code.Line("private View(ReadOnlySpan<byte> root) => _root = root;");
        _code.Line();
        _code.Summary("Checks everything that can be checked without a key and allocates nothing; any bytes give a view or an error.");
        _code.Open("public static bool TryParse(ReadOnlySpan<byte> bytes, out View view, out WireError error)");
        _code.Open("if (!Accepts(bytes, out error))");
        _code.Lines(["view = default;", "return false;"]);
        _code.Close();
        _code.Lines([_standsAlone ? "view = new View(bytes);" : "view = new View(bytes, 0, bytes.Length);", "return true;"]);
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
        if (segment.IsEmpty) return Position(segment);
        if (!segment.IsBlock) return $"{Position(segment)} + SizeOf{segment.Single.CsName}";
        return segment.When is null ? Loads.Plus(Position(segment), segment.Bytes) : $"{Position(segment)} + ({Bool(segment, segment.When)} ? {segment.Bytes} : 0)";
    }

    private string Bool(Segment segment, Expr expr) => Expressions(Position(segment), segment).Bool(expr);

    /// <param name="segment">Where the expression is looked at; null = at the PDU's end.</param>
    private ExpressionWriter Expressions(string position, Segment? segment) => new()
    {
        Value = name => $"(long){Raw(name)}",
        Size = SizeText,
        Count = CountText,
        Peek = peek => $"(long){Loads.Peek("_root", position, LimitOf(segment), peek)}",
        Sum = fold => $"SumOf{fold.Sequence}{ExpressionWriter.Suffix(fold)}()",
        Packed = Packed,
        Apply = (fold, argument) => $"SumOf{fold.Sequence}{ExpressionWriter.Suffix(fold)}({argument})",
        Window = $"(long)({LimitOf(segment)} - {Start})",
        Remaining = $"(long)({LimitOf(segment)} - ({position}))",
        Last = $"WireRead.Last(_root, {Start}, {LimitOf(segment)})",
        InRegistry = (name, registry) =>
            $"({Raw(name)} is {string.Join(" or ", _layout.Catalog.Registry(_layout.Module, registry).Registry.Values.Select(v => $"0x{v.Value:X}").Distinct())})",
    };

    private string SizeText(string name)
    {
        var (segment, placed) = _layout.Find(name);
        if (!segment.IsBlock) return $"(long)SizeOf{name}";
        return segment.When is null ? $"{placed.Bits / 8}L" : $"({Bool(segment, segment.When)} ? {placed.Bits / 8}L : 0L)";
    }

    private PackedList? Packed(string name) => _layout.Packed(name) is { } list
        ? new(list, Raw(name), _layout.Find(name).Segment is { When: { } when } segment ? Bool(segment, when) : null) : null;

    private string CountText(string name)
    {
        if (Packed(name) is { } packed) return packed.CountOf;
        var (_, placed) = _layout.Find(name);
        return placed.Field.Shape is UIntSequenceShape s ? $"(long)(SizeOf{name} / {s.Bits / 8})" : $"(long){_layout.Name(name)}.Count";
    }

    /// <summary>The value of an integer field or split part as uint or ulong; 0 when absent.</summary>
    private string Raw(string name)
    {
        var (segment, placed) = _layout.Find(name);
        if (placed.Field.Shape is ComputedShape) return _layout.Name(name);
        var value = RawPresent(segment, placed, name);
        return segment.When is null ? value : $"({Bool(segment, segment.When)} ? {value} : {(placed.Field.Shape is UIntShape { Signed: true } ? "0" : "0u")})";
    }

    private string RawPresent(Segment segment, Placed placed, string name)
    {
        if (!segment.IsBlock) return $"WireLeb128.Value(_root, {Position(segment)})";
        var value = Loads.Bits("_root", Position(segment), placed);
        return placed.Field.Shape switch
        {
            SplitShape s when s.Parts.FirstOrDefault(p => p.CsName == name) is { } part => Loads.Part(value, part),
            UIntShape { Signed: true } s => Loads.Sign(Loads.Unmask(value, s.Xor, placed.Bits, "_root"), placed.Bits),
            UIntShape s => Loads.Unmask(value, s.Xor, placed.Bits, "_root"),
            _ => value,
        };
    }

    private string VariableSize(Segment segment)
    {
        var field = segment.Single;
        var at = Position(segment);
        var expressions = Expressions(at, segment);
        var limit = LimitOf(segment);
        string size;
        switch (field.Shape)
        {
            case PadShape pad:
                size = ParserEmitter.PadSize(pad, pad.Of is { } of ? expressions.Int(new SizeOf(of)) : $"({at} - {Start})");
                if (pad.UnlessLast) size = $"{limit} - ({at}) < {pad.Align} ? 0 : {size}";
                break;
            case SequenceShape s when s.While is not null || s.More is not null:
                size = $"EndOf{field.CsName}() - ({at})";
                break;
            case UIntShape:
                size = $"WireLeb128.Size(_root, {at})";
                break;
            case UnionShape { Open: true }:
                size = OpenSize(_layout.Union(field), at, limit);
                break;
            case var shape when Layout.SizeOf(shape) is { } expr:
                size = $"(int){expressions.Int(expr)}";
                break;
            case UIntSequenceShape { Count: { } count } s:
                size = $"(int)({expressions.Int(count)} * {s.Bits / 8}L)";
                break;
            case SequenceShape { Count: { } count } s when FixedSize(s) is { } each:
                size = $"(int){expressions.Int(count)} * {each}";
                break;
            case SequenceShape { Count: { } count } s:
                size = $"{Type(s.Element)}.Sequence.Skip(_root, {at}, {limit}, {expressions.Int(count)}) - ({at})";
                break;
            case NestedShape s when !_layout.Catalog.Pdu(s.Pdu).Pdu.Exact:
                size = $"new {Type(s.Pdu)}.View(_root, {at}, {limit}).Tail - ({at})";
                break;
            default:
                size = $"{limit} - ({at})";
                break;
        }
        return segment.When is null ? size : $"{Bool(segment, segment.When)} ? {(size.Contains('?') ? $"({size})" : size)} : 0";
    }

    /// <summary>Bytes of each element of a list, if all have the same.</summary>
    private int? FixedSize(SequenceShape list)
    {
        var segments = _layout.Catalog.Layout(_layout.Catalog.Pdu(list.Element)).Segments;
        return segments is [{ IsBlock: true, When: null, Bytes: var bytes }] ? bytes : null;
    }

    /// <summary>The size of a PDU that takes what it needs. Where all that may stand there tell their end alike, one of them is asked for all.</summary>
    private string OpenSize(Union union, string at, string limit)
    {
        var content = union.Content.ToList();
        var keys = content.Select(c => _layout.Catalog.Layout(c).EndKey()).Distinct().ToList();
        if (keys.Count == 1 && keys[0] is not null) return $"{Tail(content[0])} - ({at})";
        var arms = union.Chosen.Select(c => $"{c.Pattern} => {Tail(c.Ref)}, ");
        return $"{Code(union)} switch {{ {string.Concat(arms)}_ => {(union.Otherwise is { } o ? Tail(o) : limit)} }} - ({at})";

        string Tail(PduRef pdu) => $"new {Catalog.TypeName(_layout.Module, pdu)}.View(_root, {at}, {limit}).Tail";
    }

    /// <summary>The code that selects a union's content, as uint or ulong.</summary>
    private string Code(Union union)
    {
        if (union.Selector is { } selector) return Raw(selector.CsName);
        var segment = _layout.Find(union.Field.CsName).Segment;
        return Loads.Peek("_root", Position(segment), LimitOf(segment), union.Peek!);
    }

    /// <summary>A list that ends by its content is walked to find its end.</summary>
    private void EmitListEnd(Segment segment)
    {
        if (segment.IsBlock || segment.Single.Shape is not SequenceShape s || s.While is null && s.More is null) return;
        var element = _layout.Catalog.Layout(_layout.Catalog.Pdu(s.Element));
        var (at, limit) = (Position(segment), LimitOf(segment));
        _code.Line();
        _code.Open($"private int EndOf{segment.Single.CsName}()");
        _code.Line($"int i = {at};");
        var folds = ExpressionWriter.Parts(s.While).OfType<Fold>().Where(f => f.Sequence == segment.Single.CsName).Distinct().ToList();
        var counts = ExpressionWriter.Parts(s.While).Any(p => p is CountOf c && c.Field == segment.Single.CsName);
        foreach (var fold in folds) _code.Line($"long t{ExpressionWriter.Suffix(fold)} = 0;");
        if (counts) _code.Line("long k = 0;");
        if (s.More is not null) _code.Line("bool more = true;");
        var own = Expressions("i", segment);
        var condition = s.While is null ? "more" : "i < " + limit + " && " + new ExpressionWriter
        {
            Value = own.Value, Size = own.Size, Peek = own.Peek, InRegistry = own.InRegistry, Window = own.Window, Remaining = own.Remaining, Last = own.Last, Packed = own.Packed, Apply = own.Apply,
            Count = name => name == segment.Single.CsName ? "k" : own.Count(name),
            Sum = fold => fold.Sequence == segment.Single.CsName ? "t" + ExpressionWriter.Suffix(fold) : own.Sum(fold),
        }.Bool(s.While);
        _code.Open($"while ({condition})");
        _code.Line($"var element = new {Type(s.Element)}.View(_root, i, {limit});");
        foreach (var fold in folds) _code.Line($"t{ExpressionWriter.Suffix(fold)} {(fold is SumOf ? "+=" : "=")} {ElementValue(element, fold.Field ?? "")};");
        if (counts) _code.Line("k++;");
        if (s.More is not null) _code.Line($"more = {ElementValue(element, s.More)} != 0;");
        _code.Line("i = element.Tail;");
        _code.Close();
        _code.Line("return i;");
        _code.Close();
    }

    /// <summary>A computed value that the PDU has whatever it is.</summary>
    private void EmitShared(Field field)
    {
        var union = _layout.Unions[0];
        var (segment, _) = _layout.Find(union.Field.CsName);
        var at = Position(segment);
        var call = field.Shape is ComputedShape { HasArgument: true } ? "(argument)" : "";
        string Value(PduRef content) => (union.Shape.Open ? $"new {Catalog.TypeName(_layout.Module, content)}.View(_root, {at}, {LimitOf(segment)})" : ViewOf(union, content, at))
            + $".{_layout.Catalog.Layout(content).Name(field.CsName)}{call}";
        var arms = string.Concat(union.Chosen.Select(c => $"{c.Pattern} => {Value(c.Ref)}, "));
        _code.Summary($"{field.Name}{_layout.Cite(field.Clause)}, worked out from what the {_layout.Pdu.Name} is.");
        _code.Line($"public long {_layout.Name(field.CsName)}{(call.Length > 0 ? "(long argument)" : "")} => {(segment.When is null ? "" : $"!({Bool(segment, segment.When)}) ? 0L : ")}"
            + $"{Code(union)} switch {{ {arms}_ => {(union.Otherwise is { } otherwise ? Value(otherwise) : "0L")} }};");
    }

    private static string ElementValue(Layout element, string field) => element.Shared.Any(shared => shared.CsName == field) ? $"element.{element.Name(field)}" : element.Field(field).Shape is UIntShape { Bits: 1, Registry: null, Signed: false }
        ? $"(element.{element.Name(field)} ? 1L : 0L)" : $"(long)element.{element.Name(field)}";

    private void EmitFold(Fold fold)
    {
        _code.Line();
        var applied = fold is LastOf { Argument: not null };
        _code.Open($"private long SumOf{fold.Sequence}{ExpressionWriter.Suffix(fold)}({(applied ? "long argument" : "")})");
        _code.Line("long sum = 0;");
        var element = fold.Field is null ? null : _layout.Catalog.Layout(_layout.Catalog.Pdu(((SequenceShape)_layout.Field(fold.Sequence).Shape).Element));
        var value = element is null ? "(long)element" : applied ? $"element.{element.Name(fold.Field!)}(argument)" : ElementValue(element, fold.Field!);
        _code.Line($"foreach (var element in {_layout.Name(fold.Sequence)}) sum {(fold is SumOf ? "+=" : "=")} {value};");
        _code.Line("return sum;");
        _code.Close();
    }

    private string Type(string pdu) => Catalog.TypeName(_layout.Module, _layout.Catalog.Pdu(pdu));

    // ---- properties

    private void EmitGetters(Segment segment, Placed placed)
    {
        var field = placed.Field;
        if (field.Shape is BoundShape) return;
        var name = _layout.Name(field.CsName);
        var at = Position(segment);
        if (field.Shape is ComputedShape computed)
        {
            var expressions = Expressions(at, segment);
            var guards = string.Join(" && ", expressions.Guards(computed.Value));
            _code.Summary($"{field.Name}{_layout.Cite(field.Clause)}, worked out.");
            _code.Line($"public long {name}{(computed.HasArgument ? "(long argument)" : "")} => {(guards.Length > 0 ? $"!({guards}) ? 0L : " : "")}{expressions.Int(computed.Value)};");
            return;
        }
        var place = segment.IsBlock ? Loads.Plus(at, placed.FirstByte) : at;
        var size = segment.IsBlock ? $"{placed.Bits / 8}" : $"SizeOf{field.CsName}";
        var bytes = $"_root.Slice({place}, {size})";
        var present = segment.When is null ? null : Bool(segment, segment.When);
        if (present is not null) _code.Line($"public bool Has{field.CsName} => {present};");
        if (field.Shape is not SplitShape) _code.Summary($"{field.Name}{_layout.Cite(field.Clause)}.");
        switch (field.Shape)
        {
            case UIntShape s:
                EmitInteger(name, s.Bits, s.Registry, RawPresent(segment, placed, field.CsName), present, s.Signed);
                if (!s.Leb128) break;
                _code.Summary($"Bytes of {field.Name}, if it has more than its value needs; else 0.");
                _code.Line($"public int {RecordEmitter.SizeName(_layout, field)} => {(present is null ? "" : $"!({present}) ? 0 : ")}WireLeb128.Padded(_root, {at});");
                break;
            case ConstShape s: EmitInteger(name, s.Bits, null, RawPresent(segment, placed, field.CsName), present); break;
            case ReservedShape s: EmitInteger(name, s.Bits, null, RawPresent(segment, placed, field.CsName), present); break;
            case SplitShape s:
                foreach (var part in s.Parts)
                {
                    _code.Summary($"{part.Name}{_layout.Cite(field.Clause)}.");
                    EmitInteger(_layout.Name(part.CsName), part.WireBits.Count, part.Registry, RawPresent(segment, placed, part.CsName), present);
                }
                break;
            case BytesShape { Xor: { } mask }:
                var masked = $"new MaskedBytes({bytes}, _root.Slice({mask.RootOffset}, {size}))";
                _code.Line($"public MaskedBytes {name} => {(present is null ? "" : $"!({present}) ? default : ")}{masked};");
                break;
            case ChecksumShape { Algorithm: ChecksumAlgorithm.Crc32c } when segment.IsBlock && present is null:
                _code.Line($"public uint {name} => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness({Loads.Bytes("_root", place, 4)});");
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
            case UIntSequenceShape { IsPacked: true } s:
                var items = $"new({RawPresent(segment, placed, field.CsName)}, {s.Bits}, {((Literal)s.Count!).Value})";
                _code.Line($"public WirePacked<{_layout.Catalog.ValueType(_layout.Module, s.Bits, s.Registry)}> {name} => {(present is null ? "" : $"!({present}) ? default : ")}{items};");
                break;
            case UIntSequenceShape s:
                var item = _layout.Catalog.ValueType(_layout.Module, s.Bits, s.Registry);
                _code.Line($"public WireIntegers<{item}> {name} => new({bytes}, {s.Bits / 8});");
                break;
            case NestedShape s when present is null:
                _code.Line($"public {Type(s.Pdu)}.View {name} => new(_root, {at}, {at} + {size});");
                break;
            case NestedShape s:
                EmitTryGet($"TryGet{field.CsName}", $"{Type(s.Pdu)}.View", $"Has{field.CsName}", $"new(_root, {at}, {at} + {size})");
                break;
            default:
                throw new UnsupportedShapeException($"{field.CsName}: {field.Shape}");
        }
    }

    private void EmitInteger(string name, int bits, string? registry, string raw, string? present, bool signed = false)
    {
        var type = _layout.Catalog.ValueType(_layout.Module, bits, registry, signed);
        var value = type == "bool" ? $"{raw} != 0" : $"({type}){raw}";
        _code.Line(present is null ? $"public {type} {name} => {value};" : $"public {type}? {name} => {present} ? {value} : null;");
    }

    // ---- variants

    private void EmitVariants(Union union)
    {
        var field = union.Field;
        var (segment, _) = _layout.Find(field.CsName);
        var at = Position(segment);
        if (union.Peek is { } peek)
        {
            var type = _layout.Catalog.ValueType(_layout.Module, Math.Max(peek.Bits, 2), union.Shape.Registry);
            _code.Summary($"The code that tells what {field.Name} is.");
            _code.Line($"public {type} {field.CsName}Code => ({type}){Code(union)};");
        }
        var method = union.Inherits ? "TryGet" : "TryGet" + field.CsName;
        foreach (var (chosen, pattern) in union.Chosen)
        {
            EmitTryGet(method, $"{Catalog.TypeName(_layout.Module, chosen)}.View", $"{Present(segment)}{Code(union)} is {pattern}", ViewOf(union, chosen, at, "new"));
        }
        if (union.Otherwise is { } otherwise && !union.Chosen.Any(c => c.Ref.Is(otherwise)))
        {
            var known = union.Chosen.Any() ? $"{Code(union)} is not ({string.Join(" or ", union.Chosen.Select(c => c.Pattern))})" : "true";
            _code.Summary($"{field.Name}, if its code selects nothing else.");
            EmitTryGet(method, $"{Catalog.TypeName(_layout.Module, otherwise)}.View", $"{Present(segment)}{known}", ViewOf(union, otherwise, at, "new"));
        }
        if (!union.Inherits) EmitMake(union, at);
    }

    private string Present(Segment segment) => segment.When is null ? "" : $"Has{segment.Single.CsName} && ";

    /// <param name="create">How the view is made: <c>new</c> and its type, or <c>new</c> alone where the type is known.</param>
    private string ViewOf(Union union, PduRef content, string at, string? create = null) =>
        $"{create ?? $"new {Catalog.TypeName(_layout.Module, content)}.View"}(_root, {at}, {at} + SizeOf{union.Field.CsName})";

    /// <summary>A view of nothing, as another question has left it, holds nothing.</summary>
    private void EmitTryGet(string method, string type, string condition, string value)
    {
        _code.Open($"public bool {method}(out {type} view)");
        _code.Line($"var found = !_root.IsEmpty && {condition};");
        _code.Line($"view = found ? {value} : default;");
        _code.Line("return found;");
        _code.Close();
    }

    /// <summary>The record of a union's content, for a property.</summary>
    private void EmitMake(Union union, string at)
    {
        _code.Line();
        _code.Open($"private IWirePdu Make{union.Field.CsName}()");
        _code.Open($"switch ({Code(union)})");
        foreach (var (chosen, pattern) in union.Chosen) _code.Line($"case {pattern}: return {ViewOf(union, chosen, at)}.ToRecord();");
        _code.Close();
        _code.Line(union.Otherwise is { } otherwise ? $"return {ViewOf(union, otherwise, at)}.ToRecord();" : $"return new WireOpaque(WireBytes.Create({_layout.Name(union.Field.CsName)}));");
        _code.Close();
    }

    // ---- what records do not hold

    internal static bool IsChecksum(Field field) => field.Shape is ChecksumShape;

    /// <summary>A derived value that parsing accepts in other forms (a length beside an id that makes it meaningless). What follows from the size of the
    /// PDU, or from a place in a list, is what it has to be.</summary>
    internal static bool IsComparable(Field field) =>
        field is { Role: Role.Derived, Derive: not null, Shape: UIntShape { Leb128: false } }
        && !ExpressionWriter.Parts(field.Derive).Any(p => p is Remaining or LastByte or WindowSize or NotLast);

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
                    var sent = IsComparable(field) ? $"(ulong){Expressions(at, null).Int(field.Derive!)}" : "0";
                    _code.Line($"trivia.KeepBits({node}, {at}, {RawPresent(segment, placed, field.CsName)}, {sent});");
                    break;
                case PadShape p: _code.Line($"trivia.KeepPadding({node}, {at}, {_layout.Name(field.CsName)}, {p.Fill});"); break;
                case ChecksumShape: _code.Line($"trivia.Keep({node}, {at}, _root.Slice({at}, {(segment.IsBlock ? $"{placed.Bits / 8}" : $"SizeOf{field.CsName}")}));"); break;
                case SequenceShape: _code.Line($"foreach (var element in {_layout.Name(field.CsName)}) element.Collect(trivia);"); break;
                case NestedShape s: _code.Line($"new {Type(s.Pdu)}.View(_root, {at}, {at} + SizeOf{field.CsName}).Collect(trivia);"); break;
                case UnionShape: EmitSwitch(_layout.Union(field), at, IsTrivia, view => $"{view}.Collect(trivia);"); break;
            }
            if (segment.When is not null) _code.Close();
        }
        _code.Close();
    }

    /// <summary>Goes on into those variants that have such a field.</summary>
    private void EmitSwitch(Union union, string at, Func<Field, bool> condition, Func<string, string> call)
    {
        var otherwise = union.Otherwise is { } o && _layout.AnyIn(o, condition) ? o : null;
        _code.Open($"switch ({Code(union)})");
        foreach (var (chosen, pattern) in union.Chosen)
        {
            if (_layout.AnyIn(chosen, condition)) _code.Line($"case {pattern}: {call(ViewOf(union, chosen, at))} break;");
            else if (otherwise is not null) _code.Line($"case {pattern}: break;");
        }
        if (otherwise is not null) _code.Line($"default: {call(ViewOf(union, otherwise, at))} break;");
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
                case ChecksumShape { Whole: true }:
                    _code.Open($"if (!WireChecksum.MatchesWhole(_root, {at}))");
                    _code.Line($"error = new WireError(WireErrorKind.Checksum, 0x{_layout.Node(field.Node):X8}u, {at});");
                    _code.Line("return false;");
                    _code.Close();
                    break;
                case ChecksumShape s:
                    var bytes = $"_root.Slice({at}, {(segment.IsBlock ? $"{placed.Bits / 8}" : $"SizeOf{field.CsName}")})";
                    _code.Open($"if (!WireChecksum.Matches(ChecksumAlgorithm.{s.Algorithm}, _root[..start], {ChecksumPatches.Patch(_layout, s, "end")}, 0x{s.Xor:X}, key, {bytes}))");
                    _code.Line($"error = new WireError(WireErrorKind.Checksum, 0x{_layout.Node(field.Node):X8}u, {at});");
                    _code.Line("return false;");
                    _code.Close();
                    break;
                case SequenceShape:
                    _code.Line($"foreach (var element in {_layout.Name(field.CsName)})");
                    _code.Line("\tif (!element.VerifyChecksums(element.Offset, element.Tail, key, ref error)) return false;");
                    break;
                case NestedShape s:
                    _code.Line($"if (!new {Type(s.Pdu)}.View(_root, {at}, {at} + SizeOf{field.CsName}).VerifyChecksums(start, end, key, ref error)) return false;");
                    break;
                case UnionShape:
                    EmitSwitch(_layout.Union(field), at, IsChecksum, view => $"if (!{view}.VerifyChecksums(start, end, key, ref error)) return false;");
                    break;
            }
            if (segment.When is not null) _code.Close();
        }
        _code.Line("return true;");
        _code.Close();
    }
}
