using System.Text;
using System.Text.Unicode;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>Reads bytes into items, field by field in wire order; each rule is checked as soon as the last field that it reads is
/// known. Strict: the first thing that is wrong ends the parse. Tolerant: values are kept as they are, and what does not fit
/// becomes a raw item at the end of its window.</summary>
internal sealed class TreeParser(byte[] input, bool tolerant, WireCoverage? coverage)
{
    private readonly byte[] _bytes = input;
    private readonly bool _tolerant = tolerant;
    private readonly WireCoverage? _coverage = coverage;

    /// <summary>The first error; strict parsing stops there.</summary>
    public WireError Error;
    public bool HasChecksum;

    /// <summary>Records the error if it is the first; true = go on.</summary>
    private bool Fail(WireErrorKind kind, uint node, int offset)
    {
        if (!Error.IsError) Error = new WireError(kind, node, offset);
        return _tolerant;
    }

    /// <param name="root">First byte of the message that masks refer to; -1 = none.</param>
    /// <param name="whole">The PDU has to fill its window even when it is not exact.</param>
    public bool TryParse(WirePlan plan, int start, int end, int root, int depth, bool whole, out WireItem item)
    {
        if (plan.IsRoot) root = start;
        item = new WireItem(WireItemKind.Pdu) { Plan = plan, BitOffset = start * 8, ChildList = new List<WireItem>(plan.Fields.Length) };
        if (depth > WireLimits.MaxDepth)
        {
            if (!Fail(WireErrorKind.BadLength, plan.Node, start)) return false;
            Tail(item, start, end);
            item.NaturalBits = item.BitLength = (end - start) * 8;
            return true;
        }
        var frame = Frame.Rent(plan);
        try { return Fields(item, frame, start, end, root, depth, whole); }
        finally { frame.Return(); }
    }

    private bool Fields(WireItem item, Frame frame, int start, int end, int root, int depth, bool whole)
    {
        var plan = item.Plan!;
        (frame.WindowStart, frame.WindowEnd, frame.Current, frame.Bytes) = (start, end, start, _bytes);
        _coverage?.Touch(plan, plan.Pdu.Node);
        foreach (var rule in plan.RulesFirst) if (!Check(item, rule, frame, start)) return false;

        var at = start * 8;
        var outer = end;
        foreach (var f in plan.Fields)
        {
            frame.Current = at >> 3;
            var from = at;
            if (f.IsVirtual)
            {
                _coverage?.Touch(plan, f.Field.Node);
                if (f.Kind == FieldKind.Computed) TreeFrame.Compute(frame, f);
                else if (!Bound(f, frame, start, at >> 3, ref end)) return false;
            }
            else if (f.When is null || frame.Holds(f.When))
            {
                _coverage?.Touch(plan, f.Field.Node);
                var fits = true;
                var ok = f.IsNumber ? Number(f, item, frame, ref at, end, root, ref fits) : f.Packed > 0 ? Packed(f, item, frame, ref at, end, ref fits) : Span(f, item, frame, ref at, end, root, depth, ref fits);
                if (!ok) return false;
                if (!fits)
                {
                    if (plan.Pdu.Exact || whole) end = outer;
                    Tail(item, at >> 3, end);
                    item.BitLength = end * 8 - item.BitOffset;
                    Settle(item, frame);
                    return true;
                }
            }
            frame.Current = at >> 3;
            foreach (var rule in f.RulesAfter) if (!Check(item, rule, frame, from >> 3)) return false;
        }

        var stop = at + 7 >> 3;
        // What a bound has inside it has to be used up; what is around it only where somebody says so.
        if (plan.Bound is not null && stop < end && !Trailing(end) || (plan.Pdu.Exact || whole) && stop < outer && !Trailing(outer)) return false;
        if (plan.Pdu.Exact && stop == outer) _coverage?.Touch(plan, plan.Pdu.EndNode);
        item.BitLength = stop * 8 - item.BitOffset;
        Settle(item, frame);
        return true;

        bool Trailing(int window)
        {
            if (!Fail(WireErrorKind.Trailing, plan.EndNode, stop)) return false;
            Tail(item, stop, window);
            stop = window;
            return true;
        }
    }

    private bool Check(WireItem pdu, RulePlan rule, Frame frame, int offset)
    {
        _coverage?.Touch(pdu.Plan!, rule.Rule.Node);
        if (rule.Rule.Force != Force.Reject) return true;
        // Rules about single elements are checked while the sequence is read.
        var holds = rule.Condition is not null ? frame.Holds(rule.Condition)
            : rule.Rule.Body is not MustContain || rule.IsContainedIn(pdu.Child(rule.Sequence));
        return holds || Fail(WireErrorKind.BadValue, rule.Node, offset);
    }

    /// <summary>Narrows the window to what the PDU says is its own.</summary>
    private bool Bound(FieldPlan f, Frame frame, int start, int at, ref int end)
    {
        if (!frame.TryEval(f.Size!, out var size) || size < at - start) return Fail(WireErrorKind.BadLength, f.Node, at);
        if (size > end - start) return Fail(WireErrorKind.Truncated, f.Node, at);
        frame.WindowEnd = end = start + (int)size;
        return true;
    }

    private bool Number(FieldPlan f, WireItem parent, Frame frame, ref int at, int end, int root, ref bool fits)
    {
        if (f.Leb128) return Leb128(f, parent, frame, ref at, end, ref fits);
        if (at + f.Bits > end * 8)
        {
            fits = false;
            return Fail(WireErrorKind.Truncated, f.Node, at >> 3);
        }
        var wire = Bits.Read(_bytes, at, f.Bits);
        var value = f.Mask is null ? wire : wire ^ MaskBits(_bytes, root, f.Mask.RootOffset, f.Bits, at >> 3);
        parent.ChildList!.Add(new WireItem(WireItemKind.Number) { Slot = f, Number = value, BitOffset = at, BitLength = f.Bits });
        TreeFrame.SetValue(frame, f, value);
        frame.Sizes[f.Index] = f.Bits >> 3;
        var offset = at >> 3;
        at += f.Bits;
        switch (f.Field.Shape)
        {
            case ConstShape c when c.Value != value: return Fail(WireErrorKind.BadValue, f.Node, offset);
            case ReservedShape { OnReceipt: Force.Reject } r when r.Sent != value: return Fail(WireErrorKind.BadReserved, f.Node, offset);
            case UIntShape when f.Registry is not null && !f.Registry.Accepts(value): return Fail(WireErrorKind.BadValue, f.Node, offset);
            case SplitShape:
                foreach (var part in f.Parts)
                    if (part.Registry is not null && !part.Registry.Accepts(part.Read(value))) return Fail(WireErrorKind.BadValue, f.Node, offset);
                return true;
            default: return true;
        }
    }

    private bool Leb128(FieldPlan f, WireItem parent, Frame frame, ref int at, int end, ref bool fits)
    {
        var start = at >> 3;
        var size = WireLeb128.Read(_bytes, start, end, out var value);
        if (size <= 0)
        {
            fits = false;
            return Fail(size == 0 ? WireErrorKind.Truncated : WireErrorKind.BadValue, f.Node, start);
        }
        parent.ChildList!.Add(new WireItem(WireItemKind.Number) { Slot = f, Number = value, BitOffset = at, BitLength = size * 8, Width = size > WireLeb128.Least(value) ? size : 0 });
        TreeFrame.SetValue(frame, f, value);
        frame.Sizes[f.Index] = size;
        at += size * 8;
        return true;
    }

    /// <summary>Integers that stand in a run of bits.</summary>
    private bool Packed(FieldPlan f, WireItem parent, Frame frame, ref int at, int end, ref bool fits)
    {
        var bits = f.Bits * f.Packed;
        if (at + bits > end * 8)
        {
            fits = false;
            return Fail(WireErrorKind.Truncated, f.Node, at >> 3);
        }
        var list = new WireItem(WireItemKind.List) { Slot = f, BitOffset = at, BitLength = bits, ChildList = new List<WireItem>(f.Packed) };
        parent.ChildList!.Add(list);
        (frame.Lists[f.Index], frame.Counts[f.Index], frame.Sizes[f.Index]) = (list, f.Packed, bits >> 3);
        for (var i = 0; i < f.Packed; i++, at += f.Bits)
        {
            var value = Wire.Bits.Read(_bytes, at, f.Bits);
            list.ChildList.Add(new WireItem(WireItemKind.Number) { Slot = f, Number = value, BitOffset = at, BitLength = f.Bits });
            if (f.Registry is not null && !f.Registry.Accepts(value) && !Fail(WireErrorKind.BadValue, f.Node, at >> 3)) return false;
        }
        return true;
    }

    /// <summary>Fields that are made of whole bytes.</summary>
    private bool Span(FieldPlan f, WireItem parent, Frame frame, ref int at, int end, int root, int depth, ref bool fits)
    {
        var start = at + 7 >> 3;
        var left = end - start;
        long size;
        var sized = f.Size is not null;
        if (f.Kind == FieldKind.Pad)
            size = f.Pad!.UnlessLast && left < f.Pad.Align ? 0 : f.PadSize(f.PadOf < 0 ? start - frame.WindowStart : frame.Sizes[f.PadOf]);
        else if (f.Size is null) size = left;
        else if (!frame.TryEval(f.Size, out size) || size < 0)
        {
            if (!Fail(WireErrorKind.BadLength, f.Node, start)) return false;
            size = 0;
        }
        if (size > left)
        {
            if (!Fail(WireErrorKind.Truncated, f.Node, start)) return false;
            size = left;
        }
        // Padding belongs between elements: behind the last one there is none that counts.
        if (f.Kind == FieldKind.Pad && f.Pad!.UnlessLast && size > 0 && left - size < f.Pad.Align && !Fail(WireErrorKind.BadPadding, f.Node, start)) return false;
        var stop = start + (int)size;
        var item = new WireItem(WireItemKind.Bytes) { Slot = f, BitOffset = start * 8 };
        var ok = f.Kind switch
        {
            FieldKind.Bytes => Bytes(f, item, start, stop, root),
            FieldKind.Pad => Pad(f, item, start, stop),
            FieldKind.Checksum => Checksum(item, start, stop),
            FieldKind.Sequence => Sequence(f, item, frame, start, ref stop, root, depth, sized),
            FieldKind.UIntSequence => Integers(f, item, frame, start, ref stop, sized),
            _ => Nested(f, item, frame, start, ref stop, root, depth, sized),
        };
        parent.ChildList!.Add(item);
        if (!ok) return false;
        item.BitLength = stop * 8 - start * 8;
        frame.Sizes[f.Index] = stop - start;
        frame.Counts[f.Index] = item.Kind == WireItemKind.List ? item.ChildList!.Count : 0;
        at = stop * 8;
        fits = true;
        return true;
    }

    private bool Bytes(FieldPlan f, WireItem item, int start, int stop, int root)
    {
        item.Bytes = _bytes.AsMemory(start..stop);
        if (f.Mask is not null)
        {
            var plain = _bytes[start..stop];
            ApplyMask(plain, _bytes, root, f.Mask.RootOffset, start);
            item.Bytes = plain;
        }
        return IsText(f.Text, item.Bytes.Span) || Fail(WireErrorKind.BadText, f.Node, start);
    }

    private bool Pad(FieldPlan f, WireItem item, int start, int stop)
    {
        item.Bytes = _bytes.AsMemory(start..stop);
        return f.Pad!.FillForce != Force.Reject || !_bytes.AsSpan(start..stop).ContainsAnyExcept(f.Pad.Fill) || Fail(WireErrorKind.BadPadding, f.Node, start);
    }

    private bool Checksum(WireItem item, int start, int stop)
    {
        HasChecksum = true;
        item.Bytes = _bytes.AsMemory(start..stop);
        return true;
    }

    private bool Sequence(FieldPlan f, WireItem item, Frame frame, int start, ref int stop, int root, int depth, bool sized)
    {
        item.Kind = WireItemKind.List;
        var list = item.ChildList = [];
        var byCount = !sized && f.Count is not null;
        var count = long.MaxValue;
        if (f.Count is not null && (!frame.TryEval(f.Count, out count) || count < 0))
        {
            if (!Fail(WireErrorKind.BadLength, f.Node, start)) return false;
            count = 0;
        }
        frame.Lists[f.Index] = item;
        var (at, more) = (start, f.More >= 0);
        var seen = Array.Exists(f.RulesAfter, r => r.Sequence == f.Index && r.Rule.Body is MustBeUnique) ? new HashSet<ulong>() : null;
        while (Follows(at, stop))
        {
            if (!TryParse(f.Element!, at, stop, root, depth + 1, false, out var element)) return false;
            list.Add(element);
            if (element.BitLength == 0)
            {
                if (!Fail(WireErrorKind.BadLength, f.Node, at)) return false;
                if (byCount) break;
                Tail(element, at, stop);
                element.NaturalBits = element.BitLength = (stop - at) * 8;
            }
            at += element.Length;
            if (f.More >= 0) more = element.ValueOfSlot(f.More) is > 0;
            var follows = byCount ? list.Count < count : Follows(at, stop);
            foreach (var rule in f.RulesAfter)
                if (rule.Sequence == f.Index && rule.Rule.Force == Force.Reject && rule.IsBrokenBy(element, list.Count - 1, follows, seen)
                    && !Fail(rule.Rule.Body is MustBeUnique ? WireErrorKind.BadValue : WireErrorKind.Order, rule.Node, element.Offset)) return false;
        }
        // A tolerant reader has stopped at the window's end; the error is that of the element that is missing there.
        if ((byCount ? list.Count < count : more) && !Error.IsError) TryParse(f.Element!, at, stop, root, depth + 1, false, out _);
        if (byCount && list.Count < count && !Fail(WireErrorKind.Truncated, f.Node, at)) return false;
        if (byCount || f.While is not null || f.More >= 0) stop = at;
        if (f.Element!.PlaceMatters) Place(list);
        return true;

        bool Follows(int next, int window)
        {
            if (byCount) return list.Count < count && !(_tolerant && next >= window);
            if (f.More >= 0) return more && !(_tolerant && next >= window);
            if (next >= window) return false;
            if (f.While is null) return true;
            frame.Current = next;
            frame.Counts[f.Index] = list.Count;
            return frame.Holds(f.While);
        }
    }

    /// <summary>Looks again at what depends on the elements' places.</summary>
    private static void Place(List<WireItem> list)
    {
        for (var i = 0; i < list.Count; i++)
        {
            list[i].More = i < list.Count - 1;
            if (list[i].Plan is not { PlaceMatters: true } plan) continue;
            var frame = Frame.Rent(plan);
            Settle(list[i], frame);
            frame.Return();
        }
    }

    private bool Integers(FieldPlan f, WireItem item, Frame frame, int start, ref int stop, bool sized)
    {
        item.Kind = WireItemKind.List;
        var list = item.ChildList = [];
        var byCount = !sized && f.Count is not null;
        var count = long.MaxValue;
        if (f.Count is not null && (!frame.TryEval(f.Count, out count) || count < 0))
        {
            if (!Fail(WireErrorKind.BadLength, f.Node, start)) return false;
            count = 0;
        }
        var at = start * 8;
        for (; at + f.Bits <= stop * 8 && list.Count < count; at += f.Bits)
        {
            var value = Wire.Bits.Read(_bytes, at, f.Bits);
            list.Add(new WireItem(WireItemKind.Number) { Slot = f, Number = value, BitOffset = at, BitLength = f.Bits });
            if (f.Registry is not null && !f.Registry.Accepts(value) && !Fail(WireErrorKind.BadValue, f.Node, at >> 3)) return false;
        }
        if (byCount && list.Count == count)
        {
            stop = at + 7 >> 3;
            return true;
        }
        var cutOff = at < stop * 8 && at + f.Bits > stop * 8;
        if ((byCount || cutOff) && !Fail(WireErrorKind.Truncated, f.Node, at >> 3)) return false;
        for (; (at & 7) != 0; at -= f.Bits) list.RemoveAt(list.Count - 1); // the tail starts on a byte
        if (at >> 3 < stop) list.Add(RawItem(at >> 3, stop));
        return true;
    }

    private bool Nested(FieldPlan f, WireItem item, Frame frame, int start, ref int stop, int root, int depth, bool sized)
    {
        var plan = f.Kind == FieldKind.Nested ? f.Element : f.PlanFor(f.CodeIn(frame));
        if (plan is null)
        {
            item.Bytes = _bytes.AsMemory(start..stop);
            return true;
        }
        item.Kind = WireItemKind.Nested;
        if (!TryParse(plan, start, stop, root, depth + 1, sized || f.Kind == FieldKind.Union && !f.IsOpen, out var child)) return false;
        item.ChildList = [child];
        stop = start + child.Length;
        return true;
    }

    private WireItem RawItem(int start, int end) =>
        new(WireItemKind.Raw) { Bytes = _bytes.AsMemory(start..end), BitOffset = start * 8, BitLength = (end - start) * 8 };

    /// <summary>Puts what is left of the window into a raw item. Fields that share a byte with it go into it.</summary>
    private void Tail(WireItem pdu, int start, int end)
    {
        var list = pdu.ChildList!;
        while (list.Count > 0 && list[^1].BitOffset + list[^1].BitLength > start * 8 && list[^1].BitOffset >= start * 8) list.RemoveAt(list.Count - 1);
        if (list.Count > 0 && list[^1].BitOffset + list[^1].BitLength > start * 8)
        {
            // A field of several bytes ends inside the tail's first byte: give up the run that it belongs to.
            while (list.Count > 0 && (list[^1].BitOffset + list[^1].BitLength & 7) != 0) list.RemoveAt(list.Count - 1);
            start = list.Count == 0 ? pdu.Offset : list[^1].BitOffset + list[^1].BitLength >> 3;
        }
        if (start < end) list.Add(RawItem(start, end));
    }

    /// <summary>Marks derived values that are not what writing would compute, so that writing gives back the same bytes.</summary>
    private static void Settle(WireItem pdu, Frame frame)
    {
        pdu.NaturalBits = pdu.BitLength;
        TreeFrame.Load(frame, pdu);
        foreach (var c in pdu.ChildList!)
        {
            if (c.Slot is not { } f) continue;
            if (f.Derive is not null)
            {
                if (TreeFrame.Derived(f, frame) != c.Number) (c.Override, c.OverrideBy) = (WireOverride.Is, c.Number);
                else c.Override = WireOverride.None;
            }
            else if (f.Kind == FieldKind.Pad)
            {
                var of = f.PadOf < 0 ? c.Offset - pdu.Offset : frame.Sizes[f.PadOf];
                var size = f.Pad!.UnlessLast && !pdu.More ? 0 : f.PadSize(of);
                c.Override = c.Length != size ? WireOverride.Is : WireOverride.None;
            }
        }
    }

    internal static bool IsText(TextEncoding text, ReadOnlySpan<byte> bytes) => text switch
    {
        TextEncoding.Ascii => Ascii.IsValid(bytes),
        TextEncoding.Utf8 => Utf8.IsValid(bytes),
        _ => true,
    };

    /// <summary>The mask's first bits. Only bytes before the masked field count, so that a mask never covers itself.</summary>
    internal static ulong MaskBits(ReadOnlySpan<byte> bytes, int root, int rootOffset, int bits, int before) =>
        root < 0 ? 0 : Wire.Bits.Read(bytes[..Math.Min(before, bytes.Length)], (root + rootOffset) * 8, bits);

    internal static void ApplyMask(Span<byte> field, ReadOnlySpan<byte> bytes, int root, int rootOffset, int before)
    {
        if (root < 0) return;
        before = Math.Min(before, bytes.Length);
        for (var i = 0; i < field.Length && root + rootOffset + i < before; i++) field[i] ^= bytes[root + rootOffset + i];
    }
}
