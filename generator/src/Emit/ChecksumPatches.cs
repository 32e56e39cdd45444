using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>Length fields that are computed with another value while a checksum is.</summary>
internal static class ChecksumPatches
{
    /// <summary>The C# of the patch that a checksum needs, when its element ends at <paramref name="end"/>.</summary>
    public static string Patch(Layout layout, ChecksumShape shape, string end)
    {
        if (shape.PatchLength is null) return "LengthPatch.None";
        var root = Root(layout.Ref, layout.Catalog);
        var (segment, placed) = root.Find(shape.PatchLength);
        if (segment is not { IsBlock: true, Start: { } start } || placed.Bit % 8 != 0 || placed.Bits % 8 != 0)
            throw new UnsupportedShapeException($"{shape.PatchLength} has no fixed place");
        return $"new LengthPatch({start + placed.FirstByte}, {placed.Bits / 8}, {Catalog.TypeName(layout.Module, root.Ref)}.{shape.PatchLength}EndingAt({end}))";
    }

    /// <summary>In a message: for each of its length fields that a checksum patches, the value if the message ended elsewhere.</summary>
    public static void Emit(CodeWriter code, Layout layout)
    {
        if (layout.Pdu.Kind != PduKind.Message) return;
        var names = layout.Catalog.AllPdus.Where(p => p.Pdu.Root is not null && p.Pdu.Root == layout.Pdu.CsName)
            .SelectMany(p => p.Pdu.Fields).Select(f => (f.Shape as ChecksumShape)?.PatchLength).Where(n => n is not null).Distinct();
        foreach (var name in names)
        {
            var field = layout.Field(name!);
            var expressions = new ExpressionWriter
            {
                Value = other => throw new UnsupportedShapeException($"{name} depends on {other}"),
                Count = other => throw new UnsupportedShapeException($"{name} depends on the count of {other}"),
                Size = other => layout.Find(other) is { Segment: { IsBlock: false, Start: { } start } } ? $"(long)(end - {start})"
                    : layout.Find(other) is { Segment: { IsBlock: true, When: null } } found ? $"{found.Placed.Bits / 8}L"
                    : throw new UnsupportedShapeException($"{name} depends on the size of {other}"),
                InRegistry = (other, _) => throw new UnsupportedShapeException($"{name} depends on {other}"),
                Window = "(long)end",
                Remaining = "(long)end",
                Last = "0L",
            };
            code.Line();
            code.Summary($"{field.Name} if the message ended at that byte.");
            code.Line($"internal static ulong {name}EndingAt(int end) => (ulong){expressions.Int(field.Derive ?? throw new UnsupportedShapeException($"{name} is not derived"))};");
        }
    }

    private static Layout Root(PduRef pdu, Catalog catalog) =>
        catalog.Layout(catalog.Pdu(pdu.Pdu.Root ?? throw new UnsupportedShapeException($"{pdu.Pdu.CsName}: a checksum without a root")));
}
