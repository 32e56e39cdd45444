using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Emits a PDU's record: the properties that a user decides, and how to read them out of a view. Writing is in
/// <see cref="WriterEmitter"/>.</summary>
internal sealed class RecordEmitter
{
    /// <summary>A property of a record.</summary>
    /// <param name="Type">Without the question mark of <paramref name="Nullable"/>.</param>
    /// <param name="IsSize">It is the number of bytes of a leb128.</param>
    internal sealed record Property(string Name, string Type, bool Nullable, bool Required, string? Default, Field Field, SplitPart? Part, bool IsSize = false);

    /// <summary>The name of the property that holds the number of bytes of a leb128.</summary>
    public static string SizeName(Layout layout, Field field) => layout.Name(field.CsName + "Size");

    public static IEnumerable<Property> Properties(Layout layout)
    {
        foreach (var field in layout.Pdu.Fields)
        {
            var nullable = field.When is not null;
            Property Make(string csName, string type, bool required, SplitPart? part = null, string? value = null) =>
                new(layout.Name(csName), type, nullable, required && !nullable, nullable ? null : value, field, part);

            if (field.Shape is UIntShape { Leb128: true }) yield return new Property(SizeName(layout, field), "int", false, false, null, field, null, IsSize: true);
            if (!IsSemantic(layout, field)) continue;
            switch (field.Shape)
            {
                case UIntShape s:
                    var type = layout.Catalog.ValueType(layout.Module, s.Bits, s.Registry, s.Signed);
                    yield return Make(field.CsName, type, type != "bool");
                    break;
                case SplitShape s:
                    foreach (var part in s.Parts)
                        yield return Make(part.CsName, layout.Catalog.ValueType(layout.Module, part.WireBits.Count, part.Registry), true, part);
                    break;
                case BytesShape s:
                    yield return Make(field.CsName, s.Text == TextEncoding.None ? "WireBytes" : "string", field.Role != Role.Free, value: field.Role == Role.Free && s.Text != TextEncoding.None ? "\"\"" : null);
                    break;
                case SequenceShape s:
                    yield return Make(field.CsName, $"EquatableArray<{Catalog.TypeName(layout.Module, layout.Catalog.Pdu(s.Element))}>", false);
                    break;
                case UIntSequenceShape s:
                    yield return Make(field.CsName, $"EquatableArray<{layout.Catalog.ValueType(layout.Module, s.Bits, s.Registry)}>", s.IsPacked);
                    break;
                case NestedShape s:
                    yield return Make(field.CsName, Catalog.TypeName(layout.Module, layout.Catalog.Pdu(s.Pdu)), true);
                    break;
                case UnionShape:
                    yield return Make(field.CsName, "IWirePdu", true);
                    break;
                case ChecksumShape { Size: null } s:
                    yield return new Property("Length", "int", false, false, s.Algorithm switch
                    {
                        ChecksumAlgorithm.Crc32 or ChecksumAlgorithm.Crc32c => "4",
                        ChecksumAlgorithm.HmacSha1 => "20",
                        _ => "32",
                    }, field, null);
                    break;
            }
        }
    }

    /// <summary>Whether a record has the field as a property.</summary>
    public static bool IsSemantic(Layout layout, Field field) => field.Shape switch
    {
        UIntShape => !layout.IsSelector(field) && (field.Role == Role.Semantic || field.Role == Role.Derived && field.Derive is null),
        SplitShape or SequenceShape or UIntSequenceShape or NestedShape => true,
        BytesShape => true,
        UnionShape => !layout.Union(field).Inherits,
        ChecksumShape s => s.Size is null,
        _ => false,
    };

    public static string SelectorType(Layout owner) => owner.Inherited!.Selector!.Shape is UIntShape s
        ? owner.Catalog.ValueType(owner.Module, s.Bits, s.Registry)
        : throw new UnsupportedShapeException($"{owner.Pdu.CsName}: a selector that is no integer");

    /// <summary>A variant that stands for several codes keeps its own.</summary>
    public static bool HasCodeOfItsOwn(Layout variant)
    {
        if (variant.Owner is not { Union.Selector: not null } owner) return false;
        var all = owner.Union.Variants.Where(v => v.Ref.Is(variant.Ref)).ToList();
        return all.Count != 1 || all[0].From != all[0].To;
    }

    public static void Emit(CodeWriter code, Layout layout)
    {
        var pdu = layout.Pdu;
        var owner = layout.Owner is { } o ? layout.Catalog.Layout(o.Owner) : null;
        var isMessage = pdu.Kind == PduKind.Message;
        code.Line();
        code.Summary($"{pdu.Name} ({pdu.Clause}).");
        var bases = new List<string>();
        if (owner is not null) bases.Add(Catalog.TypeName(layout.Module, owner.Ref));
        if (isMessage) bases.Add($"IWireMessage<{pdu.CsName}>");
        var isElement = layout.Catalog.IsElement(layout.Ref);
        var isPdu = isElement || layout.Catalog.IsChosen(layout.Ref);
        if (isPdu) bases.Add("IWirePdu");
        code.Open($"public {(layout.Inherited is null ? "sealed" : "abstract")} partial record {pdu.CsName}{(bases.Count > 0 ? " : " + string.Join(", ", bases) : "")}");

        if (layout.Inherited is { Selector: { } selector })
        {
            code.Line($"private protected {pdu.CsName}({SelectorType(layout)} code) => {layout.Name(selector.CsName)} = code;");
            code.Summary($"{selector.Name}{layout.Cite(selector.Clause)}; says which record this is.");
            code.Line($"public {SelectorType(layout)} {layout.Name(selector.CsName)} {{ get; }}");
        }
        else if (layout.Inherited is not null) code.Line($"private protected {pdu.CsName}() {{ }}");
        if (owner is { Inherited.Selector: not null })
        {
            var type = Qualify(layout, owner);
            code.Line(HasCodeOfItsOwn(layout)
                ? $"public {pdu.CsName}({type} code) : base(code) {{ }}"
                : $"public {pdu.CsName}() : base(({type})0x{layout.Owner!.Union.Variants.First(v => v.Ref.Is(layout.Ref)).From:X}) {{ }}");
        }
        foreach (var property in Properties(layout))
        {
            code.Summary($"{property.Part?.Name ?? property.Field.Name}{layout.Cite(property.Field.Clause)}{Describe(property)}.");
            var required = property.Required && layout.Inherited is null ? "required " : "";
            var value = property.Default ?? (property.Required && layout.Inherited is not null ? property.Type == "string" ? "\"\"" : IsReference(property) ? "null!" : null : null);
            code.Line($"public {required}{property.Type}{(property.Nullable ? "?" : "")} {property.Name} {{ get; init; }}{(value is null ? "" : $" = {value};")}");
        }
        foreach (var shared in layout.Shared) EmitShared(code, layout, shared);
        code.Line();
        code.Line($"public static {(owner is null ? "" : "new ")}Pdu Schema => {layout.Module.Namespace}Module.Module.Pdus[{Index(layout)}];");
        if (isMessage) EmitMessageMembers(code, layout);
        WriterEmitter.Emit(code, layout);
        ChecksumPatches.Emit(code, layout);
        code.Line();
        ViewEmitter.Emit(code, layout);
        ForgeEmitter.Emit(code, layout);
        if (isPdu)
        {
            code.Line();
            code.Line("Pdu IWirePdu.Schema => Schema;");
            code.Line("int IWirePdu.Measure() => MeasurePdu();");
            code.Line("void IWirePdu.Write(ref WireWriter writer) => WritePdu(ref writer);");
        }
        if (isElement) SequenceEmitter.Emit(code, layout);
        code.Close();
        if (layout.Inherited is { Selector: not null, Otherwise: null }) EmitUnknown(code, layout);
    }

    /// <summary>A computed value that the record has whatever it is.</summary>
    private static void EmitShared(CodeWriter code, Layout layout, Field field)
    {
        var applied = field.Shape is ComputedShape { HasArgument: true };
        var name = layout.Name(field.CsName);
        code.Summary($"{field.Name}{layout.Cite(field.Clause)}, worked out.");
        if (layout.Inherited is not null)
        {
            code.Line($"public abstract long {name}{(applied ? "(long argument);" : " { get; }")}");
            return;
        }
        var union = layout.Unions[0];
        var arms = string.Concat(union.Content.Select(c => $"{Catalog.TypeName(layout.Module, c)} c => c.{layout.Catalog.Layout(c).Name(field.CsName)}{(applied ? "(argument)" : "")}, "));
        code.Line($"public long {name}{(applied ? "(long argument)" : "")} => {layout.Name(union.Field.CsName)} switch {{ {arms}_ => 0L }};");
    }

    private static bool IsReference(Property property) => property.Field.Shape is NestedShape or UnionShape;

    private static string Qualify(Layout layout, Layout owner)
    {
        var shape = (UIntShape)owner.Inherited!.Selector!.Shape;
        if (shape.Registry is null) return SelectorType(owner);
        var found = owner.Catalog.Registry(owner.Module, shape.Registry);
        return Catalog.TypeName(layout.Module, found.Module, found.Registry.CsName);
    }

    private static int Index(Layout layout) => layout.Module.Pdus.TakeWhile(p => p != layout.Pdu).Count();

    private static string Describe(Property property) => (property.Field.Shape, property.Part) switch
    {
        _ when property.IsSize => ": bytes of it, if it has more than it needs; 0 = as few as can be",
        (UIntShape { Leb128: true }, _) => ", leb128",
        (_, { } part) => part.Registry is null ? $", {part.WireBits.Count} bits" : $", of {part.Registry}",
        (UIntShape s, _) => s.Registry is null ? $", {s.Bits} bit{(s.Bits == 1 ? "" : "s")}" : $", of {s.Registry}",
        (UIntSequenceShape { IsPacked: true, Count: Literal l } s, _) => $", {l.Value} of {s.Bits} bit{(s.Bits == 1 ? "" : "s")}",
        (BytesShape { Size: Literal l }, _) => $", {l.Value} bytes",
        (BytesShape { Text: TextEncoding.Utf8 }, _) => ", UTF-8",
        (BytesShape { Text: TextEncoding.Ascii }, _) => ", ASCII",
        (ChecksumShape, _) => ": bytes of it that are sent",
        _ => "",
    } + (property.Nullable && !property.IsSize ? "; null when absent" : "");

    private static void EmitMessageMembers(CodeWriter code, Layout layout)
    {
        var type = layout.Pdu.CsName;
        code.Line();
        code.Line($"public static SpecModule Module => {layout.Module.Namespace}Module.Module;");
        code.Line($"public static string WireName => \"{Names.WireName(layout.Module.Name, type)}\";");
        code.Line();
        code.Summary("What the bytes held beyond the properties, if it was asked for when parsing.");
        code.Line("public WireTrivia Trivia { get; init; }");
        code.Line();
        code.Line("/// <inheritdoc cref=\"IWireMessage{TSelf}.TryParse\"/>");
        code.Line($"public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out {type}? message, out WireError error) =>");
        code.Line("\tTryParse(bytes, keepTrivia: false, out message, out error);");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open($"public static bool TryParse(ReadOnlySpan<byte> bytes, bool keepTrivia, [NotNullWhen(true)] out {type}? message, out WireError error)");
        code.Open("if (!View.TryParse(bytes, out var view, out error))");
        code.Lines(["message = null;", "return false;"]);
        code.Close();
        code.Line("message = view.ToRecord();");
        if (layout.Any(ViewEmitter.IsTrivia))
        {
            code.Open("if (keepTrivia)");
            code.Lines(["var trivia = new WireTrivia.Collector();", "view.Collect(trivia);", "message = message with { Trivia = trivia.ToTrivia() };"]);
            code.Close();
        }
        code.Line("return true;");
        code.Close();
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public static bool Accepts(ReadOnlySpan<byte> bytes, out WireError error)");
        code.Line("error = default;");
        if (layout.Pdu.Exact) code.Line("return View.Measure(bytes, 0, bytes.Length, ref error) >= 0;");
        else
        {
            code.Line("int end = View.Measure(bytes, 0, bytes.Length, ref error);");
            code.Line($"if (end >= 0 && end != bytes.Length) WireRead.Trailing(ref error, 0x{layout.Node(layout.Pdu.EndNode):X8}u, end);");
            code.Line("return end == bytes.Length;");
        }
        code.Close();
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public static bool Verify(ReadOnlySpan<byte> bytes, WireKey key, out WireError error) =>");
        code.Line("\tView.TryParse(bytes, out var view, out error) && view.Verify(key, out error);");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public int Measure() => MeasurePdu();");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public int Write(Span<byte> destination, WireKey key = default)");
        code.Line("var size = MeasurePdu();");
        code.Line("if (destination.Length < size) throw new ArgumentException($\"the message needs {size} bytes\", nameof(destination));");
        code.Line("var writer = new WireWriter(destination[..size], key, Trivia);");
        code.Line("WritePdu(ref writer);");
        if (layout.Pdu.Fields.Any(f => f.Shape is ChecksumShape { Whole: true })) code.Line("writer.FinishChecksum();");
        code.Line("return size;");
        code.Close();
        code.Line();
        code.Summary("The canonical bytes.");
        code.Open("public byte[] ToArray(WireKey key = default)");
        code.Lines(["var bytes = new byte[MeasurePdu()];", "Write(bytes, key);", "return bytes;"]);
        code.Close();
    }

    /// <summary>The view's method that makes a record.</summary>
    public static void EmitToRecord(CodeWriter code, Layout layout)
    {
        code.Line();
        if (layout.Inherited is not null)
        {
            EmitUnionToRecord(code, layout);
            return;
        }
        var own = HasCodeOfItsOwn(layout);
        var parameter = own ? Qualify(layout, layout.Catalog.Layout(layout.Owner!.Owner)) + " code" : "";
        code.Open($"public {layout.Pdu.CsName} ToRecord({parameter}) => new({(own ? "code" : "")})");
        EmitAssignments(code, layout);
        code.Close(";");
    }

    private static void EmitAssignments(CodeWriter code, Layout layout)
    {
        foreach (var property in Properties(layout)) code.Line($"{property.Name} = {Read(layout, property)},");
    }

    private static string Read(Layout layout, Property property)
    {
        var name = property.Name;
        if (property.IsSize) return name;
        var value = property.Field.Shape switch
        {
            BytesShape { Xor: not null } => $"{name}.ToWireBytes()",
            BytesShape { Text: TextEncoding.None } => $"WireBytes.Create({name})",
            BytesShape => $"System.Text.Encoding.UTF8.GetString({name})",
            SequenceShape or UIntSequenceShape => $"{name}.ToArray()",
            NestedShape when property.Nullable => $"TryGet{property.Field.CsName}(out var view{name}) ? view{name}.ToRecord() : null",
            NestedShape => $"{name}.ToRecord()",
            UnionShape => $"Make{property.Field.CsName}()",
            ChecksumShape => $"{layout.Name(property.Field.CsName)}.Length",
            _ => name,
        };
        return !property.Nullable || property.Field.Shape is UIntShape or SplitShape or NestedShape
            ? value
            : $"Has{property.Field.CsName} ? ({property.Type}?){value} : null";
    }

    private static void EmitUnionToRecord(CodeWriter code, Layout layout)
    {
        var union = layout.Inherited!;
        var value = layout.Name(union.Field.CsName);
        var selector = union.Selector is { } s ? layout.Name(s.CsName) : "";
        code.Open($"public {layout.Pdu.CsName} ToRecord()");
        foreach (var (chosen, _) in union.Chosen) Return(chosen);
        if (union.Otherwise is { } otherwise && !union.Chosen.Any(c => c.Ref.Is(otherwise))) Return(otherwise);
        code.Line(union.Otherwise is not null ? "throw new InvalidOperationException(\"a view of bytes that were not checked\");"
            : $"return {With(layout, $"new Unknown{layout.Pdu.CsName}({selector}, WireBytes.Create({value}))")};");
        code.Close();

        void Return(PduRef pdu)
        {
            var local = $"as{pdu.Pdu.CsName}";
            var argument = HasCodeOfItsOwn(layout.Catalog.Layout(pdu)) ? selector : "";
            code.Line($"if (TryGet(out {Catalog.TypeName(layout.Module, pdu)}.View {local})) return {With(layout, $"{local}.ToRecord({argument})")};");
        }
    }

    /// <summary>Adds what all variants share.</summary>
    private static string With(Layout layout, string record)
    {
        var shared = Properties(layout).ToList();
        return shared.Count == 0 ? record : $"{record} with {{ {string.Join(", ", shared.Select(p => $"{p.Name} = {Read(layout, p)}"))} }}";
    }

    private static void EmitUnknown(CodeWriter code, Layout layout)
    {
        var name = $"Unknown{layout.Pdu.CsName}";
        var union = layout.Inherited!;
        var value = layout.Name(union.Field.CsName);
        code.Line();
        code.Summary($"A {layout.Pdu.Name} whose {union.Selector!.Name} selects no known format: kept as bytes.");
        code.Open($"public sealed partial record {name} : {layout.Pdu.CsName}");
        code.Line($"public {name}({SelectorType(layout)} code, WireBytes value) : base(code) => {value} = value;");
        code.Line();
        code.Summary($"{union.Field.Name}{layout.Cite(union.Field.Clause)}.");
        code.Line($"public WireBytes {value} {{ get; init; }}");
        code.Line();
        foreach (var shared in layout.Shared)
        {
            code.Line("/// <inheritdoc/>");
            code.Line($"public override long {layout.Name(shared.CsName)}{(shared.Shape is ComputedShape { HasArgument: true } ? "(long argument)" : "")} => 0L;");
        }
        code.Line($"private protected override int MeasureVariant() => {value}.Length;");
        code.Line($"private protected override void WriteVariant(ref WireWriter writer) => writer.Bytes({value});");
        code.Close();
    }
}
