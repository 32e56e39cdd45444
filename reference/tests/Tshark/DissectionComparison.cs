using System.Globalization;
using System.Net;
using System.Numerics;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire.Tests.Tshark;

/// <summary>Compares our tree of some bytes with tshark's fields of them, by a <see cref="DissectionMap"/>: what stands where, how long it is, and its value.</summary>
internal sealed class DissectionComparison
{
    private readonly DissectionMap _map;
    private readonly byte[] _bytes;
    private readonly List<Element> _elements = [];
    private readonly List<WireItem> _skipped = [];
    private readonly List<string> _differences = [];

    /// <param name="Part">The part of a split field that it is; null for the whole.</param>
    private sealed record Element(string Path, WireItem Item, SplitPart? Part)
    {
        /// <summary>tshark shows it, or what it consists of.</summary>
        public bool Seen { get; set; }
    }

    private DissectionComparison(WireTree tree, byte[] bytes, DissectionMap map)
    {
        (_map, _bytes) = (map, bytes);
        Collect(tree.Root, null);
    }

    /// <summary>The differences in words; none when both agree.</summary>
    public static IReadOnlyList<string> Differences(WirePlan plan, byte[] bytes, IReadOnlyList<TsharkField> fields, DissectionMap map)
    {
        if (!WireTree.TryParse(plan, bytes, out var tree, out var error)) return [$"our parser refuses the bytes: {plan.Describe(error)}"];
        if (fields.Count == 0) return ["tshark does not take this for the protocol"];
        var comparison = new DissectionComparison(tree!, bytes, map);
        foreach (var field in fields) comparison.Compare(field);
        foreach (var element in comparison._elements)
            if (!element.Seen && element.Item.Length > 0 && !map.IsUnseen(element.Path, element.Item.Kind == WireItemKind.Number ? element.Item.Number : null))
                comparison._differences.Add($"{element.Path} at byte {element.Item.Offset} ({element.Item.Length} bytes) is not shown by tshark");
        return comparison._differences;
    }

    private void Collect(WireItem item, WireItem? pdu)
    {
        var field = item.Field?.CsName;
        if (_map.Skips(item.Kind == WireItemKind.Pdu ? item.Pdu!.CsName : $"{pdu!.Pdu!.CsName}.{field}") && item.Kind != WireItemKind.Nested)
        {
            _skipped.Add(item);
            return;
        }
        if (item.Kind == WireItemKind.Pdu) _elements.Add(new(item.Pdu!.CsName, item, null) { Seen = true });
        else if (item.Field?.Shape is SplitShape split)
            foreach (var part in split.Parts) _elements.Add(new($"{pdu!.Pdu!.CsName}.{field}/{part.CsName}", item, part));
        if (field is not null) _elements.Add(new($"{pdu!.Pdu!.CsName}.{field}", item, null) { Seen = item.Field!.Shape is SplitShape || item.Kind is WireItemKind.Nested or WireItemKind.List });
        foreach (var child in item.Children) Collect(child, item.Kind == WireItemKind.Pdu ? item : pdu);
    }

    private void Compare(TsharkField field)
    {
        if (field.Size > 0 && _skipped.Any(item => field.Offset >= item.Offset && field.Offset + field.Size <= item.Offset + item.Length)) return;
        if (_map.Find(field.Name) is not { } entry)
        {
            if (!_map.Ignores(field.Name)) _differences.Add($"{field} is not in the map");
            return;
        }
        if (entry.Show is { } show)
        {
            if (show != field.Show) _differences.Add($"{field}, where {show} is right");
            return;
        }
        var known = false;
        foreach (var element in _elements)
        {
            if (!Covers(field, element.Item)) continue;
            var others = entry.Paths.Where(path => path.Fits(element.Path)).Select(path => Value(element, field, path.Plus)).ToList();
            if (others.Count == 0) continue;
            known = element.Seen = true;
            if (others.TrueForAll(other => other is not null)) _differences.Add($"{field}: our {element.Path} is {others[0]}");
        }
        if (!known && !_map.Ignores(field.Name)) _differences.Add($"{field}: we have no {string.Join(" or ", entry.Paths.Select(path => path.Pattern))} there");
    }

    /// <summary>The same bytes; bit fields may be shown with the bytes around them.</summary>
    private static bool Covers(TsharkField field, WireItem item) =>
        (item.OffsetInBits | item.LengthInBits) % 8 == 0 && item.Field?.Shape is not SplitShape
            ? field.Offset == item.Offset && field.Size == item.Length
            : field.Offset * 8 <= item.OffsetInBits && item.OffsetInBits + item.LengthInBits <= (field.Offset + field.Size) * 8;

    /// <summary>Our value when tshark has another one; else null.</summary>
    private string? Value(Element element, TsharkField field, ulong plus)
    {
        var item = element.Item;
        if (item.Kind == WireItemKind.Number)
        {
            var ours = element.Part is { } part ? InPlace(item.Number, part) : item.Number;
            return TryNumber(field, item.LengthInBits, out var theirs) && theirs == ours + plus ? null : "0x" + ours.ToString("x", CultureInfo.InvariantCulture);
        }
        if (item.Kind != WireItemKind.Bytes) return null;
        if (IPAddress.TryParse(field.Show, out var address) && field.Show.AsSpan().ContainsAny('.', ':') && item.Length is 4 or 16)
            return item.Bytes.Span.SequenceEqual(address.GetAddressBytes()) ? null : Convert.ToHexStringLower(item.Bytes.Span);
        // tshark gives no bytes for some text.
        var own = Convert.ToHexStringLower(_bytes.AsSpan(item.Offset, item.Length));
        return field.Value.Length == 0 || field.Value == own ? null : own;
    }

    /// <summary>A part of a split field as its mask cuts it out of the wire's value.</summary>
    private static ulong InPlace(ulong wire, SplitPart part)
    {
        ulong mask = 0;
        foreach (var bit in part.WireBits) mask |= 1UL << bit;
        return (wire & mask) >> BitOperations.TrailingZeroCount(mask);
    }

    private static bool TryNumber(TsharkField field, int bits, out ulong value)
    {
        var text = field.Show;
        if (text.StartsWith('-') && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var negative))
        {
            value = unchecked((ulong)negative) & ulong.MaxValue >> 64 - bits;
            return true;
        }
        if (text is "True" or "False") { value = text == "True" ? 1u : 0; return true; }
        if (text.StartsWith("0x", StringComparison.Ordinal)) return ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value);
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            || ulong.TryParse(field.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value);
    }
}
