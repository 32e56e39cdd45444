using System.Globalization;

namespace WebRtcConformance.Wire;

/// <summary>Paths to elements: names of fields (or parts of split fields) joined by dots, in any letter case; elements of lists by number
/// (negative: from the end), or by the name or type of the union case that they hold. The step through a union's "Value" may be left out.
/// The empty path is the message itself.
/// <code>MessageLength   Attributes[2].Length   attributes[-1]   Attributes[USERNAME].Value   Attributes[XorMappedAddress].Port</code></summary>
internal static class WirePath
{
    /// <param name="Parent">The item that holds it; null for the message.</param>
    /// <param name="Part">The part, when the path names a part of a split field.</param>
    internal readonly record struct Target(WireItem Item, WireItem? Parent, PartPlan? Part);

    public static bool TryFind(WireTree tree, string path, out Target target, out string? problem)
    {
        target = new Target(tree.Root, null, null);
        problem = null;
        var rest = path.AsSpan().Trim();
        while (rest.Length > 0)
        {
            if (rest[0] == '[')
            {
                var close = rest.IndexOf(']');
                if (close < 0) { problem = "']' is missing"; return false; }
                if (!Index(ref target, rest[1..close].Trim(), out problem)) return false;
                rest = rest[(close + 1)..];
            }
            else
            {
                if (rest[0] == '.') rest = rest[1..];
                var end = rest.IndexOfAny('.', '[');
                if (end < 0) end = rest.Length;
                if (!Name(ref target, rest[..end], out problem)) return false;
                rest = rest[end..];
            }
        }
        return true;
    }

    private static bool Name(ref Target target, ReadOnlySpan<char> name, out string? problem)
    {
        problem = null;
        var pdu = target.Item.Kind == WireItemKind.Nested ? target.Item.ChildList![0] : target.Item;
        if (pdu.Kind == WireItemKind.Pdu && In(pdu, name, out target)) return true;
        foreach (var value in pdu.Kind == WireItemKind.Pdu ? pdu.Children : [])
            if (value is { Kind: WireItemKind.Nested, Slot.Kind: FieldKind.Union } && In(value.ChildList![0], name, out target)) return true;
        problem = pdu.Kind == WireItemKind.Pdu ? $"{pdu.Plan!.Pdu.CsName} has no field '{name}' here" : $"no field '{name}' in a {pdu.Kind}";
        return false;
    }

    private static bool In(WireItem pdu, ReadOnlySpan<char> name, out Target target)
    {
        target = default;
        foreach (var c in pdu.ChildList!)
        {
            if (c.Slot is not { } f) continue;
            if (name.Equals(f.Field.CsName, StringComparison.OrdinalIgnoreCase)) { target = new Target(c, pdu, null); return true; }
            foreach (var part in f.Parts)
                if (name.Equals(part.Part.CsName, StringComparison.OrdinalIgnoreCase)) { target = new Target(c, pdu, part); return true; }
        }
        return false;
    }

    private static bool Index(ref Target target, ReadOnlySpan<char> index, out string? problem)
    {
        problem = null;
        var list = target.Item;
        if (list.Kind is not (WireItemKind.List or WireItemKind.Pdu)) { problem = "not a list"; return false; }
        var children = list.ChildList!;
        if (int.TryParse(index, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i))
        {
            var from = i < 0 ? children.Count + i : i;
            if (from < 0 || from >= children.Count) { problem = $"there are {children.Count} elements, no [{i}]"; return false; }
            target = new Target(children[from], list, null);
            return true;
        }
        foreach (var c in children)
            if (IsCase(c, index)) { target = new Target(c, list, null); return true; }
        problem = $"no element '{index}'";
        return false;
    }

    private static bool IsCase(WireItem element, ReadOnlySpan<char> name)
    {
        if (element.Plan?.Union is not { } union || element.Code is not { } code || union.Case(code) is not { } found) return false;
        return name.Equals(found.Name, StringComparison.OrdinalIgnoreCase) || name.Equals(found.Plan.Pdu.CsName, StringComparison.OrdinalIgnoreCase)
            || name.Equals(found.Plan.Pdu.Name, StringComparison.OrdinalIgnoreCase);
    }
}
