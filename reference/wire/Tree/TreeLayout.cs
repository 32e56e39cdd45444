namespace WebRtcConformance.Wire;

/// <summary>Computes the length of every item, children first.</summary>
internal static class TreeLayout
{
    public static void All(WireItem item)
    {
        if (item.ChildList is { } children) foreach (var c in children) All(c);
        One(item);
    }

    /// <summary>The length of one item whose children's lengths are known.</summary>
    public static void One(WireItem item)
    {
        switch (item.Kind)
        {
            case WireItemKind.Number: item.BitLength = item.Slot!.Leb128 ? Math.Max(item.Width, WireLeb128.Least(item.Number)) * 8 : item.Slot.Bits; break;
            case WireItemKind.Bytes or WireItemKind.Raw: item.BitLength = item.Bytes.Length * 8; break;
            default:
                if (item.Kind == WireItemKind.Pdu && item.Plan!.HasLeb128) Leb128(item);
                if (item.Kind == WireItemKind.Pdu) Pads(item);
                if (item.Kind == WireItemKind.List) Places(item.ChildList!);
                var sum = 0;
                foreach (var c in item.ChildList!) sum += c.BitLength;
                item.BitLength = item.Slot is { Packed: > 0 } ? sum : sum + 7 & ~7;
                break;
        }
        item.NaturalBits = item.BitLength;
        if (item.Cut >= 0) item.BitLength = Math.Min(item.BitLength, item.Cut * 8);
    }

    /// <summary>Tells elements whether others follow, which matters to some.</summary>
    private static void Places(List<WireItem> list)
    {
        for (var i = 0; i < list.Count; i++)
        {
            list[i].More = i < list.Count - 1;
            if (list[i].Plan is { PlaceMatters: true }) One(list[i]);
        }
    }

    /// <summary>Integers whose size depends on their value get the value that is derived now.</summary>
    private static void Leb128(WireItem pdu)
    {
        TreeEncoder.Derive(pdu);
        foreach (var c in pdu.ChildList!) if (c.Slot is { Leb128: true } && c.Kind == WireItemKind.Number) One(c);
    }

    private static void Pads(WireItem pdu)
    {
        var before = 0;
        foreach (var pad in pdu.ChildList!)
        {
            if (pad.Slot is { Kind: FieldKind.Pad } f && pad.Kind == WireItemKind.Bytes && pad.Override == WireOverride.None) Pad(pdu, pad, f, before >> 3);
            before += pad.BitLength;
        }
    }

    private static void Pad(WireItem pdu, WireItem pad, FieldPlan f, int before)
    {
        var of = f.PadOf < 0 ? before : 0;
        foreach (var c in pdu.ChildList!) if (c.Slot?.Index == f.PadOf) of += c.BitLength >> 3;
        var size = f.Pad!.UnlessLast && !pdu.More ? 0 : f.PadSize(of);
        if (pad.Bytes.Length != size) pad.Bytes = Filled(size, f.Pad.Fill);
        One(pad);
    }

    private static ReadOnlyMemory<byte> Filled(int size, byte fill)
    {
        if (size == 0) return default;
        var bytes = new byte[size];
        bytes.AsSpan().Fill(fill);
        return bytes;
    }
}
