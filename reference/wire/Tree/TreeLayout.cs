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
            case WireItemKind.Number: item.BitLength = item.Slot!.Bits; break;
            case WireItemKind.Bytes or WireItemKind.Raw: item.BitLength = item.Bytes.Length * 8; break;
            default:
                if (item.Kind == WireItemKind.Pdu) Pads(item);
                var sum = 0;
                foreach (var c in item.ChildList!) sum += c.BitLength;
                item.BitLength = sum + 7 & ~7;
                break;
        }
        item.NaturalBits = item.BitLength;
        if (item.Cut >= 0) item.BitLength = Math.Min(item.BitLength, item.Cut * 8);
    }

    private static void Pads(WireItem pdu)
    {
        foreach (var pad in pdu.ChildList!)
        {
            if (pad.Slot is not { Kind: FieldKind.Pad } f || pad.Kind != WireItemKind.Bytes || pad.Override != WireOverride.None) continue;
            var of = 0;
            foreach (var c in pdu.ChildList) if (c.Slot?.Index == f.PadOf) of += c.BitLength >> 3;
            var size = TreeParser.PadSize(f.Pad!, of);
            if (pad.Bytes.Length != size) pad.Bytes = Filled(size, f.Pad!.Fill);
            One(pad);
        }
    }

    private static ReadOnlyMemory<byte> Filled(int size, byte fill)
    {
        if (size == 0) return default;
        var bytes = new byte[size];
        bytes.AsSpan().Fill(fill);
        return bytes;
    }
}
