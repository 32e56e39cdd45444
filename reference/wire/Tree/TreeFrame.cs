namespace WebRtcConformance.Wire;

/// <summary>Builds what expressions see from the items of a PDU (the parser builds it from bytes).</summary>
internal static class TreeFrame
{
    /// <summary>Fills a frame with the items' values as they are, sizes and counts. Sizes of the children must be up to date
    /// (<see cref="TreeLayout"/>). Returns the number of derived integers.</summary>
    public static int Load(Frame frame, WireItem pdu)
    {
        frame.Clear();
        frame.WindowEnd = pdu.NaturalBits + 7 >> 3;
        var derives = 0;
        foreach (var c in pdu.ChildList!)
        {
            if (c.Slot is not { } f) continue;
            frame.Sizes[f.Index] += c.BitLength >> 3;
            if (c.Kind == WireItemKind.List) frame.Counts[f.Index] += c.ChildList!.Count;
            if (c.Kind == WireItemKind.Number) SetValue(frame, f, c.Number);
            if (f.Derive is not null) derives++;
        }
        return derives;
    }

    /// <summary>Fills a frame and brings the derived integers up to date, overrides applied.</summary>
    public static void Fill(Frame frame, WireItem pdu)
    {
        var derives = Load(frame, pdu);
        // A derived value may read another one: repeat until nothing changes.
        for (var round = 0; derives > 0 && round <= derives; round++) if (!Derive(frame, pdu)) break;
    }

    private static bool Derive(Frame frame, WireItem pdu)
    {
        var changed = false;
        foreach (var c in pdu.ChildList!)
        {
            if (c.Slot is not { Derive: not null } f || c.Kind != WireItemKind.Number) continue;
            var value = Overridden(c, Derived(f, frame));
            changed |= (ulong)frame.Values[f.Index] != value;
            c.Number = value;
            SetValue(frame, f, value);
        }
        return changed;
    }

    /// <summary>The derived value, cut to the field's width; 0 when it has none (division by zero).</summary>
    public static ulong Derived(FieldPlan f, Frame frame) => frame.TryEval(f.Derive!, out var v) ? (ulong)v & f.Max : 0;

    private static ulong Overridden(WireItem item, ulong derived) => Apply(item.Override, item.OverrideBy, derived) & item.Slot!.Max;

    public static ulong Apply(WireOverride how, ulong by, ulong value) => how switch
    {
        WireOverride.Is => by,
        WireOverride.Off => unchecked(value + by),
        WireOverride.Flip => value ^ by,
        _ => value,
    };

    public static void SetValue(Frame frame, FieldPlan f, ulong value)
    {
        frame.Values[f.Index] = (long)value;
        foreach (var part in f.Parts) frame.Values[part.Slot] = (long)part.Read(value);
    }
}
