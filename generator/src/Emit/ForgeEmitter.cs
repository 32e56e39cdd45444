using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Emits a PDU's <c>Forge</c>: names and types over the runtime's tree.</summary>
internal static class ForgeEmitter
{
    public static void Emit(CodeWriter code, Layout layout)
    {
        var isMessage = layout.Pdu.Kind == PduKind.Message;
        code.Line();
        if (isMessage)
        {
            code.Summary("This message with every wire element open to change.");
            code.Line("public Forge ToForge() => Forge.Read(ToArray());");
            code.Line();
        }
        code.Summary($"{layout.Pdu.Name} with every wire element open to change, by the names that its view has. A content that is asked for as what it is not is an error.");
        code.Open($"public {(layout.Owner is null ? "" : "new ")}sealed class Forge : WireForge");
        code.Line("internal Forge(WireTree tree, WireItem item) : base(tree, item) { }");
        if (isMessage)
        {
            code.Line();
            code.Summary("Any bytes; what does not fit the format is kept as it is.");
            code.Open("public static Forge Read(ReadOnlySpan<byte> bytes)");
            code.Lines(["var tree = WireTree.Read(Schema, bytes);", "return new Forge(tree, tree.Root);"]);
            code.Close();
            code.Line();
            code.Summary("The message's bytes: what was not changed is derived from what was.");
            code.Line("public byte[] ToArray(WireKey key = default) => Tree.Encode(key);");
        }
        foreach (var field in layout.Pdu.Fields) EmitField(code, layout, field);
        foreach (var union in layout.Unions) EmitVariants(code, layout, union);
        code.Close();
    }

    private static void EmitField(CodeWriter code, Layout layout, Field field)
    {
        if (field.Shape is SplitShape split)
        {
            foreach (var part in split.Parts) Member(layout.Name(part.CsName), "ForgeNumber<Forge>", $"new(this, \"{part.CsName}\")");
            return;
        }
        switch (field.Shape)
        {
            case UIntShape or ConstShape or ReservedShape: Member(layout.Name(field.CsName), "ForgeNumber<Forge>", $"new(this, \"{field.CsName}\")"); break;
            case BoundShape or ComputedShape: break;
            case SequenceShape s:
                var element = Catalog.TypeName(layout.Module, layout.Catalog.Pdu(s.Element));
                Member(layout.Name(field.CsName), $"ForgeSequence<Forge, {element}.Forge, {element}>",
                    $"new(this, \"{field.CsName}\", static (tree, item) => new {element}.Forge(tree, item))");
                break;
            case NestedShape s:
                var nested = Catalog.TypeName(layout.Module, layout.Catalog.Pdu(s.Pdu));
                Member(layout.Name(field.CsName), $"{nested}.Forge", $"new(Tree, Inner(\"{field.CsName}\"))");
                break;
            case UIntSequenceShape { IsPacked: true }: Member(layout.Name(field.CsName), "ForgePacked<Forge>", $"new(this, \"{field.CsName}\")"); break;
            default: Member(layout.Name(field.CsName), "ForgeBytes<Forge>", $"new(this, \"{field.CsName}\")"); break;
        }

        void Member(string csName, string type, string value)
        {
            code.Line($"public {type} {csName} => {value};");
        }
    }

    private static void EmitVariants(CodeWriter code, Layout layout, Union union)
    {
        foreach (var content in union.Content)
        {
            var field = union.Field.CsName;
            code.Line($"public {Catalog.TypeName(layout.Module, content)}.Forge {(union.Inherits ? "" : field)}As{content.Pdu.CsName}() => new(Tree, Inner(\"{field}\", \"{content.Pdu.CsName}\"));");
        }
    }
}
