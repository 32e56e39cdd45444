using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Emits a PDU's record: the properties that a user decides, and how to read them out of a view. Writing is in
/// <see cref="WriterEmitter"/>.</summary>
internal sealed class RecordEmitter
{
    /// <summary>A property of a record.</summary>
    /// <param name="Type">Without the question mark of <paramref name="Nullable"/>.</param>
    internal sealed record Property(string Name, string Type, bool Nullable, bool Required, string? Default, Field Field, SplitPart? Part);

    public static IEnumerable<Property> Properties(Layout layout)
    {
        foreach (var field in layout.Pdu.Fields)
        {
            var nullable = field.When is not null;
            Property Make(string csName, string type, bool required, SplitPart? part = null, string? value = null) =>
                new(layout.Name(csName), type, nullable, required && !nullable, nullable ? null : value, field, part);

            if (!IsSemantic(layout, field)) continue;
            switch (field.Shape)
            {
                case UIntShape s:
                    var type = layout.Catalog.ValueType(layout.Module, s.Bits, s.Registry);
                    yield return Make(field.CsName, type, type != "bool");
                    break;
                case SplitShape s:
                    foreach (var part in s.Parts)
                        yield return Make(part.CsName, layout.Catalog.ValueType(layout.Module, part.WireBits.Count, part.Registry), true, part);
                    break;
                case BytesShape s:
                    yield return Make(field.CsName, s.Text == TextEncoding.None ? "WireBytes" : "string", true);
                    break;
                case SequenceShape s:
                    yield return Make(field.CsName, $"EquatableArray<{Catalog.TypeName(layout.Module, layout.Catalog.Pdu(layout.Module, s.Element))}>", false);
                    break;
                case UIntSequenceShape s:
                    yield return Make(field.CsName, $"EquatableArray<{layout.Catalog.ValueType(layout.Module, s.Bits, s.Registry)}>", false);
                    break;
                case NestedShape s:
                    yield return Make(field.CsName, Catalog.TypeName(layout.Module, layout.Catalog.Pdu(layout.Module, s.Pdu)), true);
                    break;
                case ChecksumShape { Size: null } s:
                    yield return new Property("Length", "int", false, false, s.Algorithm switch
                    {
                        ChecksumAlgorithm.Crc32 => "4",
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
        ChecksumShape s => s.Size is null,
        _ => false,
    };

    public static string SelectorType(Layout owner) => owner.Selector!.Shape is UIntShape s
        ? owner.Catalog.ValueType(owner.Module, s.Bits, s.Registry)
        : throw new UnsupportedShapeException($"{owner.Pdu.CsName}: a selector that is no integer");

    /// <summary>A variant that stands for several codes keeps its own.</summary>
    public static bool HasCodeOfItsOwn(Layout variant)
    {
        if (variant.Owner is not { } owner) return false;
        var all = variant.Catalog.Variants(owner.Owner.Module, (UnionShape)owner.Union.Shape).Where(v => v.Ref.Pdu == variant.Pdu && v.Ref.Module.Name == variant.Module.Name).ToList();
        return all.Count != 1 || all[0].From != all[0].To;
    }

    public static void Emit(CodeWriter code, Layout layout)
    {
        var pdu = layout.Pdu;
        var owner = layout.Owner is { } o ? new Layout(o.Owner, layout.Catalog) : null;
        var isMessage = pdu.Kind == PduKind.Message;
        code.Line();
        code.Summary($"{pdu.Name} ({pdu.Clause}).");
        var bases = new List<string>();
        if (owner is not null) bases.Add(Catalog.TypeName(layout.Module, owner.Ref));
        if (isMessage) bases.Add($"IWireMessage<{pdu.CsName}>");
        var isElement = layout.Catalog.AllPdus.Any(p => p.Pdu.Fields.Any(f => f.Shape is SequenceShape s && layout.Catalog.Pdu(p.Module, s.Element).Pdu == pdu));
        if (isElement) bases.Add("IWireElement");
        code.Open($"public {(layout.Union is null ? "sealed" : "abstract")} partial record {pdu.CsName}{(bases.Count > 0 ? " : " + string.Join(", ", bases) : "")}");

        if (layout.Selector is not null)
        {
            code.Line($"private protected {pdu.CsName}({SelectorType(layout)} code) => {layout.Name(layout.Selector.CsName)} = code;");
            code.Summary($"{layout.Selector.Name} ({layout.Selector.Clause}); says which record this is.");
            code.Line($"public {SelectorType(layout)} {layout.Name(layout.Selector.CsName)} {{ get; }}");
        }
        if (owner is not null)
        {
            var type = Qualify(layout, owner);
            code.Line(HasCodeOfItsOwn(layout)
                ? $"public {pdu.CsName}({type} code) : base(code) {{ }}"
                : $"public {pdu.CsName}() : base(({type})0x{layout.Owner!.Variant.From:X}) {{ }}");
        }
        foreach (var property in Properties(layout))
        {
            code.Summary($"{property.Part?.Name ?? property.Field.Name} ({property.Field.Clause}){Describe(property)}.");
            var required = property.Required && layout.Union is null ? "required " : "";
            var value = property.Default ?? (property.Required && layout.Union is not null && property.Type == "string" ? "\"\"" : null);
            code.Line($"public {required}{property.Type}{(property.Nullable ? "?" : "")} {property.Name} {{ get; init; }}{(value is null ? "" : $" = {value};")}");
        }
        code.Line();
        code.Summary("The PDU as data.");
        code.Line($"public static {(owner is null ? "" : "new ")}Pdu Schema => {layout.Module.Namespace}Module.Module.Pdus[{Index(layout)}];");
        if (isMessage) EmitMessageMembers(code, layout);
        WriterEmitter.Emit(code, layout);
        ChecksumPatches.Emit(code, layout);
        code.Line();
        ViewEmitter.Emit(code, layout);
        ForgeEmitter.Emit(code, layout);
        if (isElement)
        {
            code.Line();
            code.Line("Pdu IWireElement.Schema => Schema;");
            code.Line("int IWireElement.Measure() => MeasurePdu();");
            code.Line("void IWireElement.Write(ref WireWriter writer) => WritePdu(ref writer);");
            SequenceEmitter.Emit(code, layout);
        }
        code.Close();
        if (layout.Union is not null) EmitUnknown(code, layout);
    }

    private static string Qualify(Layout layout, Layout owner)
    {
        var shape = (UIntShape)owner.Selector!.Shape;
        if (shape.Registry is null) return SelectorType(owner);
        var found = owner.Catalog.Registry(owner.Module, shape.Registry);
        return Catalog.TypeName(layout.Module, found.Module, found.Registry.CsName);
    }

    private static int Index(Layout layout) => layout.Module.Pdus.TakeWhile(p => p != layout.Pdu).Count();

    private static string Describe(Property property) => (property.Field.Shape, property.Part) switch
    {
        (_, { } part) => part.Registry is null ? $", {part.WireBits.Count} bits" : $", of {part.Registry}",
        (UIntShape s, _) => s.Registry is null ? $", {s.Bits} bit{(s.Bits == 1 ? "" : "s")}" : $", of {s.Registry}",
        (BytesShape { Size: Literal l }, _) => $", {l.Value} bytes",
        (BytesShape { Text: TextEncoding.Utf8 }, _) => ", UTF-8",
        (BytesShape { Text: TextEncoding.Ascii }, _) => ", ASCII",
        (ChecksumShape, _) => ": bytes of it that are sent",
        _ => "",
    } + (property.Nullable ? "; null when absent" : "");

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
        code.Line("    TryParse(bytes, keepTrivia: false, out message, out error);");
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
        code.Line("public static bool Accepts(ReadOnlySpan<byte> bytes, out WireError error) => View.TryParse(bytes, out _, out error);");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public static bool Verify(ReadOnlySpan<byte> bytes, WireKey key, out WireError error) =>");
        code.Line("    View.TryParse(bytes, out var view, out error) && view.Verify(key, out error);");
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
        code.Summary("A record with copies of everything.");
        if (layout.Union is not null)
        {
            EmitUnionToRecord(code, layout);
            return;
        }
        var own = HasCodeOfItsOwn(layout);
        var parameter = own ? Qualify(layout, new Layout(layout.Owner!.Owner, layout.Catalog)) + " code" : "";
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
        var value = property.Field.Shape switch
        {
            BytesShape { Xor: not null } => $"{name}.ToWireBytes()",
            BytesShape { Text: TextEncoding.None } => $"WireBytes.Create({name})",
            BytesShape => $"System.Text.Encoding.UTF8.GetString({name})",
            SequenceShape or UIntSequenceShape => $"{name}.ToArray()",
            NestedShape when property.Nullable => $"TryGet{property.Field.CsName}(out var view{name}) ? view{name}.ToRecord() : null",
            NestedShape => $"{name}.ToRecord()",
            ChecksumShape => $"{layout.Name(property.Field.CsName)}.Length",
            _ => name,
        };
        return !property.Nullable || property.Field.Shape is UIntShape or SplitShape or NestedShape
            ? value
            : $"Has{property.Field.CsName} ? ({property.Type}?){value} : null";
    }

    private static void EmitUnionToRecord(CodeWriter code, Layout layout)
    {
        var union = layout.Name(layout.Union!.CsName);
        var selector = layout.Name(layout.Selector!.CsName);
        code.Open($"public {layout.Pdu.CsName} ToRecord()");
        foreach (var group in layout.Variants.GroupBy(v => (v.Ref.Module.Name, v.Ref.Pdu.CsName)))
        {
            var variant = new Layout(group.First().Ref, layout.Catalog);
            var local = $"as{variant.Pdu.CsName}";
            var argument = HasCodeOfItsOwn(variant) ? selector : "";
            code.Line($"if (TryGet(out {Catalog.TypeName(layout.Module, variant.Ref)}.View {local})) return {With(layout, $"{local}.ToRecord({argument})")};");
        }
        code.Line($"return {With(layout, $"new Unknown{layout.Pdu.CsName}({selector}, WireBytes.Create({union}))")};");
        code.Close();
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
        var value = layout.Name(layout.Union!.CsName);
        code.Line();
        code.Summary($"A {layout.Pdu.Name} whose {layout.Selector!.Name} selects no known format: kept as bytes.");
        code.Open($"public sealed partial record {name} : {layout.Pdu.CsName}");
        code.Line($"public {name}({SelectorType(layout)} code, WireBytes value) : base(code) => {value} = value;");
        code.Line();
        code.Summary($"{layout.Union.Name} ({layout.Union.Clause}).");
        code.Line($"public WireBytes {value} {{ get; init; }}");
        code.Line();
        code.Line($"private protected override int MeasureVariant() => {value}.Length;");
        code.Line($"private protected override void WriteVariant(ref WireWriter writer) => writer.Bytes({value});");
        code.Close();
    }
}
