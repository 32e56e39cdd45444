namespace WebRtcConformance.Wire;

/// <summary>Applies edits to trees.</summary>
internal static class WireEditor
{
    public static bool TryApply(WireTree tree, string path, WireEdit edit, out string? problem)
    {
        if (!WirePath.TryFind(tree, path, out var target, out problem)) return false;
        if (target.Part is { } part) return SetPart(target.Item, part, edit, out problem);
        TreeLayout.All(tree.Root);
        var more = edit.Op == WireEditOp.Duplicate ? target.Item.Length : edit.Bytes.Length;
        if (tree.Root.Length + more > WireLimits.MaxBytes)
        {
            problem = $"the message would have more than {WireLimits.MaxBytes} bytes";
            return false;
        }
        return TryApply(target.Item, target.Parent, edit, out problem);
    }

    /// <param name="parent">The item that holds it; null for the message.</param>
    public static bool TryApply(WireItem item, WireItem? parent, WireEdit edit, out string? problem)
    {
        problem = null;
        switch (edit.Op)
        {
            case WireEditOp.Is or WireEditOp.Off or WireEditOp.Flip: return SetNumber(item, edit, out problem);
            case WireEditOp.Raw: return SetRaw(item, edit.Bytes, out problem);
            case WireEditOp.Truncate:
                item.Cut = (int)Math.Min(edit.By, WireLimits.MaxBytes);
                return true;
        }
        if (parent is null) { problem = $"'{edit.Op}' needs an element, not the message"; return false; }
        if (parent.Slot is { Packed: > 0 } packed && edit.Op != WireEditOp.Move)
        {
            problem = $"a list of {packed.Packed} integers of {packed.Bits} bits keeps its length";
            return false;
        }
        var siblings = parent.ChildList!;
        var at = siblings.IndexOf(item);
        switch (edit.Op)
        {
            case WireEditOp.Remove:
                if (parent.Kind == WireItemKind.Nested) return SetRaw(parent, default, out problem);
                siblings.RemoveAt(at);
                return true;
            case WireEditOp.Duplicate: siblings.Insert(at + 1, item.Clone()); return true;
            case WireEditOp.Move:
                siblings.RemoveAt(at);
                siblings.Insert((int)Math.Min(edit.By, (ulong)siblings.Count), item);
                return true;
            case WireEditOp.Insert:
                siblings.Insert(at, edit.Tree is { } tree ? tree.Root.Clone() : WireItem.OfRaw(edit.Bytes));
                return true;
            default: problem = $"unknown operation {edit.Op}"; return false;
        }
    }

    internal static bool SetPart(WireItem item, PartPlan part, WireEdit edit, out string? problem)
    {
        problem = null;
        if (edit.Op > WireEditOp.Flip) { problem = "a part of a field takes only is, off and flip"; return false; }
        var value = TreeFrame.Apply(HowOf(edit.Op), edit.By, part.Read(item.Number));
        item.Number = part.Write(item.Number, value & Bits.Low(part.Part.WireBits.Count));
        return true;
    }

    private static WireOverride HowOf(WireEditOp op) =>
        op switch { WireEditOp.Is => WireOverride.Is, WireEditOp.Off => WireOverride.Off, _ => WireOverride.Flip };

    private static bool SetNumber(WireItem item, WireEdit edit, out string? problem)
    {
        problem = null;
        var how = HowOf(edit.Op);
        if (item.Kind == WireItemKind.Number)
        {
            if (edit.Op == WireEditOp.Is && edit.By > item.Slot!.Max) { problem = $"{edit.By} does not fit {item.Slot.Bits} bits"; return false; }
            if (item.Slot!.Derive is not null) (item.Override, item.OverrideBy) = (how, edit.By);
            else item.Number = TreeFrame.Apply(how, edit.By, item.Number) & item.Slot.Max;
            return true;
        }
        if (item.Kind is not (WireItemKind.Bytes or WireItemKind.Raw)) { problem = $"a {item.Kind} is not a number"; return false; }
        if (item.Slot?.Kind == FieldKind.Checksum && item.Kind == WireItemKind.Bytes && how != WireOverride.Is)
        {
            (item.Override, item.OverrideBy) = (how, edit.By);
            return true;
        }
        var bytes = item.Bytes.ToArray();
        var tail = bytes.AsSpan()[^Math.Min(8, bytes.Length)..];
        Bits.Write(tail, 0, tail.Length * 8, TreeFrame.Apply(how, edit.By, Bits.Read(tail, 0, tail.Length * 8)), tail.Length * 8);
        item.Bytes = bytes;
        if (item.Slot?.IsDerived == true) item.Override = WireOverride.Is;
        return true;
    }

    private static bool SetRaw(WireItem item, ReadOnlyMemory<byte> bytes, out string? problem)
    {
        problem = null;
        if (item.Kind == WireItemKind.Number && item.Slot!.Bits % 8 != 0 || item.Slot is { Packed: > 0 } && item.BitLength % 8 != 0) { problem = "a field of less than a byte cannot be replaced by bytes"; return false; }
        (item.Kind, item.Bytes, item.ChildList, item.Plan, item.Override, item.Cut) = (WireItemKind.Raw, bytes, null, null, WireOverride.None, -1);
        return true;
    }
}
