using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Fuzz.Mutation;

/// <summary>Makes the field map of a message from its tree: the spec file is the only thing that knows the format.</summary>
internal sealed class FieldMapBuilder
{
    private const int MaxValues = 256;
    private readonly SpecModule _module;
    private readonly List<IntegerField> _integers = [];
    private readonly List<ByteField> _blocks = [];
    private readonly List<ElementField> _elements = [];
    private readonly List<(LengthField Field, WireItem Owner, string Name)> _lengths = [];
    private readonly List<ChecksumField> _checksums = [];

    private FieldMapBuilder(SpecModule module) => _module = module;

    /// <summary>The map of a message that was just parsed.</summary>
    public static FieldMap Build(WireTree tree)
    {
        var builder = new FieldMapBuilder(tree.Plan.Module);
        builder.Lengths(tree.Root);
        builder.Walk(tree.Root, tree.Root, null);
        return new()
        {
            Integers = [.. builder._integers], Blocks = [.. builder._blocks], Elements = [.. builder._elements],
            Lengths = [.. builder._lengths.Select(length => length.Field)], Checksums = [.. builder._checksums],
        };
    }

    private void Walk(WireItem item, WireItem root, WireItem? element)
    {
        switch (item.Kind)
        {
            case WireItemKind.Number when item.LengthInBits is > 0 and <= 64:
                _integers.Add(new(item.OffsetInBits, item.LengthInBits, Values(item.Field)));
                break;
            case WireItemKind.Bytes when item.Field?.Shape is ChecksumShape { Algorithm: ChecksumAlgorithm.Crc32 } crc && element is not null:
                var patched = crc.PatchLength is null ? -1 : _lengths.FindIndex(length => length.Owner == root && length.Name == crc.PatchLength);
                _checksums.Add(new(item.Offset, root.Offset, element.Offset, (uint)crc.Xor, patched, element.Offset + element.Length));
                break;
            case WireItemKind.Bytes or WireItemKind.Raw when item.Field?.Shape is not PadShape:
                _blocks.Add(new(item.Offset, item.Length));
                break;
            case WireItemKind.List:
                foreach (var child in item.Children)
                    if (child.Length > 0) _elements.Add(new(child.Offset, child.Length, item.Offset, item.Offset + item.Length));
                break;
        }
        foreach (var child in item.Children) Walk(child, root, element ?? (item.Kind == WireItemKind.List ? child : null));
    }

    /// <summary>Collects the derived integers of every PDU that count bytes or elements of other fields.</summary>
    private void Lengths(WireItem item)
    {
        if (item.Kind == WireItemKind.Pdu)
            foreach (var child in item.Children)
                if (child is { Kind: WireItemKind.Number, Field: { Derive: { } derive } field }) Length(item, child, field, derive);
        foreach (var child in item.Children) Lengths(child);
    }

    private void Length(WireItem pdu, WireItem number, Field field, Expr derive)
    {
        foreach (var part in Parts(derive))
        {
            var (from, to, unit) = part switch
            {
                WindowSize => (pdu.Offset, pdu.Offset + pdu.Length, 1),
                SizeOf size when Sibling(pdu, size.Field) is { } counted => (counted.Offset, counted.Offset + counted.Length, 1),
                CountOf count when Sibling(pdu, count.Field) is { Children.Count: > 0 } list => (list.Offset, list.Offset + list.Length, list.Children[0].Length),
                _ => (0, 0, 0),
            };
            if (unit <= 0) continue;
            if (derive is Binary { Operator: BinaryOperator.Divide, Right: Literal { Value: > 0 and < 1 << 16 } divisor }) unit = (int)divisor.Value;
            _lengths.Add((new(number.OffsetInBits, number.LengthInBits, from, to, unit), pdu, field.CsName));
            return;
        }
    }

    private static WireItem? Sibling(WireItem pdu, string name) => pdu.Children.FirstOrDefault(child => child.Field?.CsName == name);

    private static IEnumerable<Expr> Parts(Expr expr) => expr switch
    {
        Binary binary => Parts(binary.Left).Concat(Parts(binary.Right)),
        Conditional conditional => Parts(conditional.Condition).Concat(Parts(conditional.Then)).Concat(Parts(conditional.Else)),
        _ => [expr],
    };

    private ulong[] Values(Field? field) => field?.Shape switch
    {
        UIntShape { Registry: { } name } => Registry(name),
        ConstShape shape => [shape.Value],
        SplitShape shape => Combinations(shape),
        _ => [],
    };

    private ulong[] Registry(string name) =>
        _module.Registries.FirstOrDefault(registry => registry.CsName == name || registry.Name == name) is { } found
            ? [.. found.Values.Take(MaxValues).Select(value => value.Value)]
            : [];

    /// <summary>Every combination of the parts' known values, put together as they lie on the wire.</summary>
    private ulong[] Combinations(SplitShape shape)
    {
        List<ulong> values = [0];
        foreach (var part in shape.Parts)
        {
            ulong[] known = part.Registry is null ? [0] : Registry(part.Registry);
            if (known.Length == 0) continue;
            values = [.. values.SelectMany(value => known.Select(code => value | Spread(code, part))).Take(MaxValues)];
        }
        return [.. values];
    }

    private static ulong Spread(ulong code, SplitPart part)
    {
        ulong wire = 0;
        for (var i = 0; i < part.WireBits.Count; i++) wire |= ((code >> i) & 1) << part.WireBits[i];
        return wire;
    }
}
