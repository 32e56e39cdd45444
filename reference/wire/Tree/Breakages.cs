using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>An idea for breaking one element: candidates are tried in turn until the verdict is the wanted one.</summary>
/// <param name="Target">The PDU that holds the element.</param>
/// <param name="Node">The element's node in the target's module.</param>
/// <param name="Expected">What strict parsing should say: a node (0 = any) and a kind (None = any error).</param>
/// <param name="Break">Changes candidate number <c>i</c> of a PDU item; false when there is no such candidate.</param>
internal sealed record Breakage(
    string Id, WirePlan Target, int Node, Force Force, uint Expected, WireErrorKind ExpectedKind, Func<WireItem, int, WireTree, bool> Break, bool NeedsKey = false);

/// <summary>Lists the ideas for a message and all that it can contain.</summary>
internal static class Breakages
{
    private const int Lengths = 24;

    public static IEnumerable<Breakage> Of(WirePlan message)
    {
        foreach (var plan in Reachable(message))
        {
            foreach (var f in plan.Fields) foreach (var b in OfField(plan, f)) yield return b;
            foreach (var rule in plan.Rules) yield return OfRule(plan, rule);
        }
        foreach (var f in message.Fields)
            yield return Reject($"{message.Path}.{f.Field.CsName}/truncated", message, f.Field.Node, f.Node, WireErrorKind.Truncated,
                (pdu, i, tree) => CutIn(pdu, f, i, tree));
        if (message.Pdu.Exact)
            yield return Reject($"{message.Path}/trailing", message, message.Pdu.EndNode, message.EndNode, WireErrorKind.Trailing,
                (pdu, i, _) => Append(pdu, i, 4, 1, 8));
    }

    /// <summary>The message and every PDU that can stand in it, once each.</summary>
    internal static List<WirePlan> Reachable(WirePlan message)
    {
        var seen = new List<WirePlan> { message };
        for (var i = 0; i < seen.Count; i++)
            foreach (var f in seen[i].Fields)
                foreach (var next in f.Plans.Append(f.Element))
                    if (next is not null && !seen.Contains(next)) seen.Add(next);
        return seen;
    }

    private static Breakage Reject(string id, WirePlan plan, int own, uint node, WireErrorKind kind, Func<WireItem, int, WireTree, bool> change) =>
        new(id, plan, own, Force.Reject, node, kind, change);

    private static IEnumerable<Breakage> OfField(WirePlan plan, FieldPlan f)
    {
        var path = $"{plan.Path}.{f.Field.CsName}";
        var own = f.Field.Node;
        Breakage At(string what, WireErrorKind kind, Func<WireItem, int, bool> change, Force force = Force.Reject, uint? node = null) =>
            new($"{path}/{what}", plan, own, force, node ?? f.Node, kind, (pdu, i, _) => pdu.Child(f.Index) is { } item && change(item, i));

        switch (f.Field.Shape)
        {
            case ConstShape:
                yield return At("other-value", WireErrorKind.BadValue, (item, i) => i < f.Bits && Change(item, item.Number ^ 1UL << i));
                break;
            case UIntShape { Leb128: true }:
                yield return At("nine-bytes", WireErrorKind.BadValue, (item, i) => i == 0 && Raw(item, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]));
                yield return At("beyond-32-bits", WireErrorKind.BadValue, (item, i) => i == 0 && Raw(item, [0x80, 0x80, 0x80, 0x80, 0x10]));
                yield return At("more-bytes-than-needed", WireErrorKind.None,
                    (item, i) => i == 0 && item.Kind == WireItemKind.Number && (item.Width = WireLeb128.Least(item.Number) + 1) <= WireLeb128.MaxBytes, Force.Ignore);
                break;
            case ReservedShape r:
                yield return At("non-zero", r.OnReceipt == Force.Reject ? WireErrorKind.BadReserved : WireErrorKind.None,
                    (item, i) => i < f.Bits && Change(item, item.Number ^ 1UL << i), r.OnReceipt);
                break;
            case PadShape p when p.Align > 1:
                yield return At("other-fill", p.FillForce == Force.Reject ? WireErrorKind.BadPadding : WireErrorKind.None,
                    (item, i) => i == 0 && Refill(item), p.FillForce);
                break;
            case BytesShape { Text: not TextEncoding.None }:
                yield return At("not-text", WireErrorKind.BadText, (item, i) => i == 0 && Replace(item, 0, 0xFF) || i == 1 && SetBytes(item, [0xFF]));
                break;
            case ChecksumShape c:
                yield return At("wrong", WireErrorKind.Checksum, (item, i) => i == 0 && SetFlip(item)) with { NeedsKey = WireChecksum.IsKeyed(c.Algorithm) };
                break;
        }
        if (f.Kind == FieldKind.UInt && f.Registry is { Registry.Open: false })
            yield return At("not-in-registry", WireErrorKind.BadValue, (item, i) => Unlisted(f.Registry, f.Max, i) is { } value && Change(item, value));
        if (f.Kind == FieldKind.UIntSequence && f.Registry is { Registry.Open: false })
            yield return At("not-in-registry", WireErrorKind.BadValue,
                (item, i) => item.Children.Count > 0 && Unlisted(f.Registry, f.Max, i) is { } value && Change(item.ChildList![0], value));
        foreach (var part in f.Parts.Where(p => p.Registry is { Registry.Open: false }))
            yield return new Breakage($"{plan.Path}.{part.Part.CsName}/not-in-registry", plan, own, Force.Reject, f.Node, WireErrorKind.BadValue,
                (pdu, i, _) => pdu.Child(f.Index) is { } item && Unlisted(part.Registry!, Bits.Low(part.Part.WireBits.Count), i) is { } value
                    && Change(item, part.Write(item.Number, value)));
        if (f.Derive is not null)
        {
            yield return At("off-by-one", WireErrorKind.None, (item, i) => i == 0 && Lie(item, WireOverride.Off, 1), node: 0);
            yield return At("one-less", WireErrorKind.None, (item, i) => i == 0 && Lie(item, WireOverride.Off, ulong.MaxValue), node: 0);
            yield return At("four-more", WireErrorKind.None, (item, i) => i == 0 && Lie(item, WireOverride.Off, 4), node: 0);
            yield return At("four-less", WireErrorKind.None, (item, i) => i == 0 && Lie(item, WireOverride.Off, unchecked((ulong)-4L)), node: 0);
            yield return At("zero", WireErrorKind.None, (item, i) => i == 0 && item.Number != 0 && Lie(item, WireOverride.Is, 0), node: 0);
            yield return At("maximum", WireErrorKind.None, (item, i) => i == 0 && item.Number != f.Max && Lie(item, WireOverride.Is, f.Max), node: 0);
        }
        // What a PDU that takes what it needs loses, it takes from what follows.
        if (plan.Pdu is { Kind: PduKind.Variant, Exact: true } && f.Kind != FieldKind.Pad)
            yield return new Breakage($"{path}/cut-short", plan, own, Force.Reject, f.Node, WireErrorKind.Truncated, (pdu, i, tree) => CutIn(pdu, f, i, tree));
        if ((plan.Pdu is { Kind: PduKind.Variant, Exact: true } || plan.Bound is not null) && f.Index == plan.Fields.Length - 1)
            yield return Reject($"{plan.Path}/too-long", plan, plan.Pdu.EndNode, plan.EndNode, WireErrorKind.Trailing, (pdu, i, _) => Append(pdu, i, 4, 1));
    }

    /// <summary>The <paramref name="number"/>-th value from above that a closed registry does not list; null behind the eighth, or when there is none.</summary>
    private static ulong? Unlisted(RegistryPlan registry, ulong max, int number)
    {
        if (number >= 8) return null;
        for (var value = max; ; value--)
        {
            if (!registry.Contains(value) && number-- == 0) return value;
            if (value == 0) return null;
        }
    }

    private static Breakage OfRule(WirePlan plan, RulePlan rule)
    {
        var id = $"{plan.Path}/{rule.Rule.Name}";
        var rejects = rule.Rule.Force == Force.Reject;
        if (rule.Condition is null)
            return new Breakage(id, plan, rule.Rule.Node, rule.Rule.Force, rule.Node,
                !rejects ? WireErrorKind.None : rule.Rule.Body is MustBeLast or MustBeFirst ? WireErrorKind.Order : WireErrorKind.BadValue,
                (pdu, i, _) => pdu.Child(rule.Sequence) is { ChildList: { } list } && Disarrange(list, rule, i));
        return new Breakage(id, plan, rule.Rule.Node, rule.Rule.Force, rule.Node, rejects ? WireErrorKind.BadValue : WireErrorKind.None,
            (pdu, i, _) => Vary(pdu, rule, i));
    }

    /// <summary>Candidate <paramref name="i"/> of other values and lengths for the fields that a rule reads. For a rule that a parser does
    /// not enforce the candidate has to break the condition.</summary>
    private static bool Vary(WireItem pdu, RulePlan rule, int i)
    {
        foreach (var read in rule.Reads)
        {
            var f = pdu.Plan!.Fields[read];
            if (pdu.Child(f.Index) is not { } item) continue;
            var hints = f.Hints;
            if (item.Kind == WireItemKind.Number)
            {
                var slots = f.Parts.Length == 0 ? 1 : f.Parts.Length;
                var count = (hints.Length + 5) * slots;
                if (i < count) return ChangeSlot(f, item, i / (hints.Length + 5), i % (hints.Length + 5)) && Broken(pdu, rule);
                i -= count;
            }
            else if (item.Kind == WireItemKind.Bytes)
            {
                if (i < hints.Length + Lengths)
                    return Resize(item, i < hints.Length ? hints[i] : i - hints.Length, f.Text) && Broken(pdu, rule);
                i -= hints.Length + Lengths;
            }
            else if (item.Kind == WireItemKind.List && f.Packed > 0)
            {
                // One item, or all of them.
                var values = f.Registry is { Registry.Values.Count: > 0 and var listed } ? listed : 5;
                if (i < (f.Packed + 1) * values)
                {
                    var value = f.Registry is { } registry && values == registry.Registry.Values.Count ? registry.Registry.Values[i % values].Value : TreeDraw.Boundary(i % values, f.Max);
                    foreach (var one in i / values == f.Packed ? item.ChildList! : [item.ChildList![i / values]]) Change(one, value, mayBeSame: true);
                    return Broken(pdu, rule);
                }
                i -= (f.Packed + 1) * values;
            }
            else if (item.Kind == WireItemKind.List && item.ChildList!.Count > 0)
            {
                if (i < 4) return ResizeList(item.ChildList, i) && Broken(pdu, rule);
                i -= 4;
                if (i < 3) // a raw element of a length that is no multiple of anything
                {
                    item.ChildList.Add(WireItem.OfRaw(new byte[i + 1]));
                    return Broken(pdu, rule);
                }
                i -= 3;
            }
        }
        return false;
    }

    private static bool Broken(WireItem pdu, RulePlan rule)
    {
        if (rule.Rule.Force == Force.Reject) return true; // the parser decides
        TreeLayout.All(pdu);
        var frame = Frame.Rent(pdu.Plan!);
        TreeFrame.Fill(frame, pdu);
        var broken = !frame.Holds(rule.Condition!);
        frame.Return();
        return broken || MarkSkip(pdu);
    }

    /// <summary>The candidate exists but does not break the rule: an empty change that the search passes over.</summary>
    private static bool MarkSkip(WireItem pdu)
    {
        pdu.Cut = ViolationSearch.Skip;
        return true;
    }

    private static bool ChangeSlot(FieldPlan f, WireItem item, int part, int candidate)
    {
        var width = f.Parts.Length == 0 ? f.Bits : f.Parts[part].Part.WireBits.Count;
        var value = (candidate < f.Hints.Length ? (ulong)f.Hints[candidate] : TreeDraw.Boundary(candidate - f.Hints.Length, Bits.Low(width))) & Bits.Low(width);
        return Change(item, f.Parts.Length == 0 ? value : f.Parts[part].Write(item.Number, value), mayBeSame: true);
    }

    private static bool Change(WireItem item, ulong value, bool mayBeSame = false)
    {
        if (item.Kind != WireItemKind.Number || item.Number == value && !mayBeSame) return item.Kind == WireItemKind.Number && MarkSkip(item);
        item.Number = value;
        if (item.Slot!.Derive is not null) (item.Override, item.OverrideBy) = (WireOverride.Is, value);
        return true;
    }

    private static bool Lie(WireItem item, WireOverride how, ulong by)
    {
        (item.Override, item.OverrideBy) = (how, by);
        return item.Kind == WireItemKind.Number;
    }

    private static bool Raw(WireItem item, byte[] bytes) => item.Kind == WireItemKind.Number && WireEditor.TryApply(item, null, WireEdit.Raw(bytes), out _);

    private static bool SetFlip(WireItem item)
    {
        (item.Override, item.OverrideBy) = (WireOverride.Flip, 1);
        return item is { Kind: WireItemKind.Bytes, Bytes.Length: > 0 };
    }

    private static bool SetBytes(WireItem item, byte[] bytes)
    {
        item.Bytes = bytes;
        return item.Kind == WireItemKind.Bytes;
    }

    private static bool Replace(WireItem item, int at, byte value)
    {
        if (item.Kind != WireItemKind.Bytes || item.Bytes.Length <= at) return MarkSkip(item);
        var bytes = item.Bytes.ToArray();
        bytes[at] = value;
        return SetBytes(item, bytes);
    }

    private static bool Refill(WireItem item)
    {
        TreeLayout.All(item);
        if (item.Bytes.IsEmpty) return false;
        var bytes = item.Bytes.ToArray();
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)~item.Slot!.Pad!.Fill;
        return SetBytes(item, bytes);
    }

    private static bool Resize(WireItem item, int length, TextEncoding text)
    {
        var bytes = new byte[length];
        if (text != TextEncoding.None) bytes.AsSpan().Fill((byte)'a');
        item.Bytes.Span[..Math.Min(length, item.Bytes.Length)].CopyTo(bytes);
        if (!TreeParser.IsText(text, bytes)) bytes.AsSpan().Fill((byte)'a');
        item.Bytes = bytes;
        return true;
    }

    private static bool ResizeList(List<WireItem> list, int how)
    {
        switch (how)
        {
            case 0: list.Add(list[^1].Clone()); break;
            case 1: list.RemoveAt(list.Count - 1); break;
            case 2: list.Clear(); break;
            default: for (var n = 0; n < 16; n++) list.Add(list[0].Clone()); break;
        }
        return true;
    }

    /// <summary>Candidate <paramref name="i"/> of elements that break the rule about their codes.</summary>
    private static bool Disarrange(List<WireItem> list, RulePlan rule, int i)
    {
        switch (rule.Rule.Body)
        {
            case MustBeLast: return i == 0 && NotLast(list, rule);
            case MustContain: return i == 0 && list.RemoveAll(e => e.Code is { } code && rule.Codes.Contains(code)) > 0;
            case MustBeUnique:
                if (i >= list.Count) return false;
                list.Insert(i, list[i].Clone());
                return true;
            default: // first: another element comes before it, or it goes
                if (i >= list.Count) return false;
                if (i == 0) list.RemoveAt(0);
                else list.Insert(0, list[i].Clone());
                return true;
        }
    }

    private static bool NotLast(List<WireItem> list, RulePlan rule)
    {
        var at = list.FindIndex(rule.IsAbout);
        if (at < 0) return false;
        var other = list.Find(e => e.Code is not null && !rule.IsAbout(e));
        list.Add((other ?? list[at]).Clone());
        return true;
    }

    /// <summary>Ends the PDU inside (or, second candidate, at the start of) a field.</summary>
    private static bool CutIn(WireItem pdu, FieldPlan f, int i, WireTree tree)
    {
        if (i > 1 || pdu.Child(f.Index) is not { } item) return false;
        tree.Encode(); // for the offsets
        var at = item.Offset - pdu.Offset + (i == 0 ? Math.Max(item.Length - 1, 0) : 0);
        if (at >= pdu.Length) return MarkSkip(pdu);
        pdu.Cut = at;
        return true;
    }

    private static bool Append(WireItem pdu, int i, params int[] sizes)
    {
        if (i >= sizes.Length) return false;
        pdu.ChildList!.Add(WireItem.OfRaw(new byte[sizes[i]]));
        return true;
    }
}
