using System.Globalization;
using System.Text;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>Trees as text for people.</summary>
public static class WireText
{
    private const int BytesShown = 24;

    /// <summary>One line an element: offset, name, value, clause. Overridden values are marked with '!'.
    /// <code>  2  Message Length = 88    RFC8489 section 5</code></summary>
    public static string Dump(WireTree tree)
    {
        var bytes = tree.Encode();
        var text = new StringBuilder();
        Item(text, tree.Root, 0, bytes, tree.Plan.Pdu.Name);
        if (tree.Error.IsError) text.Append(CultureInfo.InvariantCulture, $"a strict parser refuses this: {tree.Plan.Describe(tree.Error)}\n");
        return text.ToString();
    }

    private static void Item(StringBuilder text, WireItem item, int depth, ReadOnlySpan<byte> bytes, string name)
    {
        var from = Math.Min(item.Offset, bytes.Length);
        var own = bytes[from..Math.Min(from + item.Length, bytes.Length)];
        var value = item.Kind switch
        {
            WireItemKind.Number => " = " + Number(item),
            WireItemKind.Bytes => " = " + Content(item, own),
            WireItemKind.Raw => " = raw " + Hex(own),
            WireItemKind.List when item.Slot is { Packed: > 0 } => " = " + string.Join(' ', item.Children.Select(c => c.Number)),
            WireItemKind.List => $": {item.Children.Count}",
            _ => "",
        };
        var clause = item.Kind == WireItemKind.Pdu ? item.Pdu!.Clause : item.Field?.Clause;
        var mark = item.Override != WireOverride.None || item.Cut >= 0 ? " !" : "";
        text.Append($"{item.Offset,5}  {new string(' ', depth * 2)}{name}{value}{mark}    {clause}".TrimEnd()).Append('\n');
        if (item.Slot is { Packed: > 0 }) return;
        var index = 0;
        foreach (var c in item.Children)
        {
            var label = c.Kind == WireItemKind.Pdu ? (item.Kind == WireItemKind.List ? $"[{index}] " : "") + (NameOf(c) ?? c.Pdu!.Name) : c.Field?.Name ?? "?";
            if (c.Kind == WireItemKind.Number && item.Kind == WireItemKind.List) label = $"[{index}]";
            Item(text, c, depth + 1, bytes, label);
            index++;
        }
    }

    /// <summary>The registry's name of the case that an element holds, e.g. "USERNAME"; null when it has none.</summary>
    internal static string? NameOf(WireItem pdu)
    {
        if (pdu.Plan?.Union is not { } union || pdu.Code is not { } code) return null;
        if (union.Case(code)?.Name is { } name) return name;
        foreach (var f in union.Selector < 0 ? [] : pdu.Plan.Fields)
        {
            if (f.Index == union.Selector) return f.Registry?.NameOf(code);
            foreach (var part in f.Parts) if (part.Slot == union.Selector) return part.Registry?.NameOf(code);
        }
        return null;
    }

    private static string Number(WireItem item)
    {
        var f = item.Slot!;
        if (f.Kind == FieldKind.Split)
            return string.Join(", ", f.Parts.Select(p => $"{p.Part.Name} {Named(p.Registry, p.Read(item.Number), p.Part.WireBits.Count)}"));
        if (item.IsPadded) return $"{item.Number} in {item.Width} bytes";
        return f.Signed && f.ValueOf(item.Number) < 0 ? f.ValueOf(item.Number).ToString(CultureInfo.InvariantCulture) : Named(f.Registry, item.Number, f.Bits);
    }

    private static string Named(RegistryPlan? registry, ulong value, int bits)
    {
        var number = registry is null && bits <= 16 ? value.ToString(CultureInfo.InvariantCulture) : "0x" + value.ToString("X" + (bits + 3) / 4, CultureInfo.InvariantCulture);
        return registry?.NameOf(value) is { } name ? $"{number} {name}" : number;
    }

    private static string Content(WireItem item, ReadOnlySpan<byte> own)
    {
        if (item.Slot!.Text == TextEncoding.None || !TreeParser.IsText(item.Slot.Text, item.Bytes.Span)) return Hex(item.Slot.Mask is null ? own : item.Bytes.Span);
        var quoted = new StringBuilder("\"");
        foreach (var rune in Encoding.UTF8.GetString(item.Bytes.Span).EnumerateRunes())
            quoted.Append(Rune.IsControl(rune) || rune.Value is '"' or '\\' ? $"\\u{rune.Value:X4}" : rune.ToString());
        return quoted.Append('"').ToString();
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => bytes.Length == 0 ? "(empty)"
        : Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, BytesShown)]) + (bytes.Length > BytesShown ? $"... ({bytes.Length} bytes)" : "");
}
