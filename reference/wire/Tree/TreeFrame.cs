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
        frame.More = pdu.More;
        var derives = 0;
        foreach (var c in pdu.ChildList!)
        {
            if (c.Slot is not { } f) continue;
            frame.Sizes[f.Index] += c.BitLength >> 3;
            if (c.Kind == WireItemKind.List)
            {
                frame.Counts[f.Index] += c.ChildList!.Count;
                frame.Lists[f.Index] = c;
            }
            if (c.Kind == WireItemKind.Number) SetValue(frame, f, c.Number);
            if (f.Derive is not null) derives++;
        }
        Compute(frame, pdu.Plan!);
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
            changed |= frame.Values[f.Index] != f.ValueOf(value);
            c.Number = value;
            SetValue(frame, f, value);
        }
        if (changed) Compute(frame, pdu.Plan!);
        return changed;
    }

    /// <summary>The values that are not on the wire.</summary>
    private static void Compute(Frame frame, WirePlan plan)
    {
        foreach (var f in plan.Fields) if (f.Kind == FieldKind.Computed) Compute(frame, f);
    }

    /// <summary>0 when it has none (division by zero).</summary>
    public static void Compute(Frame frame, FieldPlan f)
    {
        if (!f.HasArgument) frame.Values[f.Index] = frame.TryEval(f.Value!, out var value) ? value : 0;
    }

    /// <summary>The value of an integer or computed field of a PDU; 0 when it is not there.</summary>
    /// <param name="argument">What the field is a function of, if it is one.</param>
    public static long ValueIn(WireItem pdu, FieldPlan f, long argument)
    {
        if (pdu.Plan != f.Owner) return 0;
        if (f.Kind != FieldKind.Computed) return pdu.Child(f.Index) is { Kind: WireItemKind.Number } item ? f.ValueOf(item.Number) : 0;
        var frame = Frame.Rent(f.Owner);
        Load(frame, pdu);
        var value = frame.Values[f.Index];
        if (f.HasArgument)
        {
            frame.Argument = argument;
            if (!frame.TryEval(f.Value!, out value)) value = 0;
        }
        frame.Return();
        return value;
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
        frame.Values[f.Index] = f.ValueOf(value);
        foreach (var part in f.Parts) frame.Values[part.Slot] = (long)part.Read(value);
    }
}
