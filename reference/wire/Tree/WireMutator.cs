using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>Structure-aware mutation: changes of values, lengths, elements and bytes of a message, each a choice, so that the same
/// choices give the same result. Whatever is not lied about stays derived, so most results get past the outer checks of a parser.</summary>
public static class WireMutator
{
    private const int MaxOps = 4;

    /// <summary>Reads any input tolerantly, mutates it and writes it; now and then some bytes are flipped, cut or added after that.</summary>
    /// <param name="donor">Another message of the format, to take elements from; may be empty.</param>
    /// <param name="key">Key of the checksums; without one, keyed checksums stay as they were.</param>
    public static byte[] Mutate(WirePlan plan, ReadOnlySpan<byte> input, ref Choices choices, ReadOnlySpan<byte> donor = default, WireKey key = default)
    {
        if (input.Length > WireLimits.MaxBytes) input = input[..WireLimits.MaxBytes];
        var tree = WireTree.Read(plan, input);
        Mutate(tree, ref choices, donor.IsEmpty ? null : WireTree.Read(plan, donor));
        return Scramble(tree.Encode(key), ref choices);
    }

    /// <summary>Mutates a tree in place.</summary>
    public static void Mutate(WireTree tree, ref Choices choices, WireTree? donor = null)
    {
        var mutation = new TreeMutation(tree.Root, donor?.Root, choices);
        var ops = 1 + mutation.Next(MaxOps);
        for (var i = 0; i < ops; i++) mutation.Once();
        mutation.Repair();
        choices = mutation.Choices;
    }

    /// <summary>Changes below the structure.</summary>
    private static byte[] Scramble(byte[] bytes, ref Choices choices)
    {
        if (!choices.OneIn(6) || bytes.Length == 0) return bytes;
        switch (choices.Next(4))
        {
            case 0: return bytes[..choices.Next(bytes.Length)];
            case 1: return [.. bytes, .. choices.Bytes(1 + choices.Next(8))];
            default:
                for (var n = 1 + choices.Next(4); n > 0; n--) bytes[choices.Next(bytes.Length)] ^= (byte)(1 << choices.Next(8));
                return bytes;
        }
    }
}

/// <summary>One mutation of a tree: a list of its items, and the operations on them.</summary>
internal ref struct TreeMutation
{
    private const int MaxItems = 4096, MaxLeaf = 2048;

    [ThreadStatic] private static List<Place>? s_places, s_donors;

    private readonly WireItem _root;
    private readonly List<Place> _places, _donors;
    private TreeDraw _draw;
    private Choices _choices;

    private readonly record struct Place(WireItem Item, WireItem? Parent, int Depth);

    public TreeMutation(WireItem root, WireItem? donor, Choices choices)
    {
        _root = root;
        _choices = choices;
        _places = s_places ??= [];
        _donors = s_donors ??= [];
        _donors.Clear();
        if (donor is not null) Collect(_donors, donor, null, 0);
    }

    public readonly Choices Choices => _choices;
    public int Next(int count) => _choices.Next(count);

    private static void Collect(List<Place> places, WireItem item, WireItem? parent, int depth)
    {
        if (places.Count >= MaxItems) return;
        places.Add(new Place(item, parent, depth));
        if (item.ChildList is { } children) foreach (var c in children) Collect(places, c, item, depth + 1);
    }

    /// <summary>One operation on one item.</summary>
    public void Once()
    {
        _places.Clear();
        Collect(_places, _root, null, 0);
        // Some items allow only some operations: a few tries, then nothing.
        for (var tries = 0; tries < 4; tries++)
        {
            var place = _places[_choices.Next(_places.Count)];
            var done = place.Item.Kind switch
            {
                WireItemKind.Number => Number(place),
                WireItemKind.List => List(place),
                WireItemKind.Nested => Confuse(place),
                WireItemKind.Pdu => Element(place),
                _ => Leaf(place),
            };
            if (done) return;
        }
    }

    /// <summary>Takes lies back, each with a probability.</summary>
    public void Repair()
    {
        _places.Clear();
        Collect(_places, _root, null, 0);
        foreach (var place in _places)
            if (place.Item.Override != WireOverride.None && _choices.OneIn(4)) place.Item.Override = WireOverride.None;
    }

    private bool Number(Place place)
    {
        var item = place.Item;
        var f = item.Slot!;
        if (f.Leb128 && _choices.OneIn(4))
        {
            item.Width = _choices.Next(WireLeb128.MaxBytes + 1);
            return true;
        }
        if (f.Derive is not null)
        {
            (item.Override, item.OverrideBy) = _choices.Next(6) switch
            {
                0 => (WireOverride.Off, 1UL),
                1 => (WireOverride.Off, ulong.MaxValue),
                2 => (WireOverride.Is, 0UL),
                3 => (WireOverride.Is, f.Max),
                4 => (WireOverride.Off, unchecked((ulong)(_choices.Next(256) - 128))),
                _ => (WireOverride.Is, _choices.Bits(f.Bits)),
            };
            return true;
        }
        if (f.Parts.Length > 0 && !_choices.OneIn(4))
        {
            var part = f.Parts[_choices.Next(f.Parts.Length)];
            item.Number = part.Write(item.Number, Value(part.Registry, part.Part.WireBits.Count, [], part.Read(item.Number)));
        }
        else item.Number = Value(f.Registry, f.Bits, f.Hints, item.Number);
        return true;
    }

    private ulong Value(RegistryPlan? registry, int bits, int[] hints, ulong now)
    {
        var max = Bits.Low(bits);
        switch (_choices.Next(6))
        {
            case 0 when registry is { Registry.Values.Count: > 0 }: return registry.Registry.Values[_choices.Next(registry.Registry.Values.Count)].Value & max;
            case 1 when hints.Length > 0: return (ulong)hints[_choices.Next(hints.Length)] & max;
            case 2: return TreeDraw.Boundary(_choices.Next(5), max);
            case 3: return now ^ 1UL << _choices.Next(bits);
            case 4: return unchecked(now + (ulong)(_choices.Next(33) - 16)) & max;
            default: return _choices.Bits(bits);
        }
    }

    /// <summary>Inserts, removes, repeats or reorders elements, or takes one from the donor.</summary>
    private bool List(Place place)
    {
        var list = place.Item.ChildList!;
        var f = place.Item.Slot!;
        if (f.Packed > 0) return Packed(list, f);
        var canGrow = _places.Count < MaxItems / 2 && list.Count < MaxItems / 4 && place.Depth < WireLimits.MaxDepth * 2;
        var at = _choices.Next(list.Count + 1);
        var op = _choices.Next(6);
        if (op is 0 or 1 or 2 && !canGrow) return false;
        if (op is 1 or 3 or 4 or 5 && list.Count == 0) return false;
        switch (op)
        {
            case 0: list.Insert(at, f.Kind == FieldKind.UIntSequence ? DrawInteger(f) : DrawElement(f.Element!)); return true;
            case 1: list.Insert(at, list[_choices.Next(list.Count)].Clone()); return true;
            case 2: return Splice(list, at, f);
            case 3: list.RemoveAt(_choices.Next(list.Count)); return true;
            case 4:
                var moved = list[_choices.Next(list.Count)];
                list.Remove(moved);
                list.Insert(Math.Min(at, list.Count), moved);
                return true;
            default:
                var (a, b) = (_choices.Next(list.Count), _choices.Next(list.Count));
                (list[a], list[b]) = (list[b], list[a]);
                return true;
        }
    }

    /// <summary>Changes items of a list whose number of items is fixed, since it shares bytes with other fields.</summary>
    private bool Packed(List<WireItem> list, FieldPlan f)
    {
        var (at, other) = (_choices.Next(list.Count), _choices.Next(list.Count));
        switch (_choices.Next(4))
        {
            case 0: list[at] = DrawInteger(f); break;
            case 1: list[at] = list[other].Clone(); break;
            case 2: (list[at], list[other]) = (list[other], list[at]); break;
            default:
                // A run of one value.
                for (var i = Math.Min(at, other); i <= Math.Max(at, other); i++) list[i].Number = list[at].Number;
                break;
        }
        return true;
    }

    private WireItem DrawElement(WirePlan element)
    {
        _draw = new TreeDraw(_choices);
        var item = _draw.Pdu(element, WireLimits.MaxDepth / 2);
        _choices = _draw.Choices;
        return item;
    }

    private WireItem DrawInteger(FieldPlan f)
    {
        _draw = new TreeDraw(_choices);
        var item = _draw.Integer(f);
        _choices = _draw.Choices;
        return item;
    }

    /// <summary>Puts an element of the donor's into a list of the same kind.</summary>
    private readonly WireItem? FromDonor(FieldPlan? slot, WirePlan? plan, int from)
    {
        for (var i = 0; i < _donors.Count; i++)
        {
            var d = _donors[(from + i) % _donors.Count];
            var fits = plan is not null ? d.Item.Plan == plan : d.Item.Slot == slot && d.Item.Kind == WireItemKind.Number && d.Parent?.Kind == WireItemKind.List;
            if (fits) return d.Item.Clone();
        }
        return null;
    }

    private bool Splice(List<WireItem> list, int at, FieldPlan f)
    {
        if (FromDonor(f, f.Element, _choices.Next(Math.Max(_donors.Count, 1))) is not { } element) return false;
        list.Insert(at, element);
        return true;
    }

    /// <summary>A content that does not belong to its type: another variant under the same code, or bytes.</summary>
    private bool Confuse(Place place)
    {
        var f = place.Item.Slot!;
        switch (_choices.Next(3))
        {
            case 0 when f.Cases.Length > 1:
                place.Item.ChildList![0] = DrawElement(f.Cases[_choices.Next(f.Cases.Length)].Plan);
                return true;
            case 1 when FromDonor(null, place.Item.ChildList![0].Plan, _choices.Next(Math.Max(_donors.Count, 1))) is { } other:
                place.Item.ChildList![0] = other;
                return true;
            case 2:
                (place.Item.Kind, place.Item.Bytes, place.Item.ChildList) = (WireItemKind.Raw, _choices.Bytes(_choices.Next(24)), null);
                return true;
            default: return false;
        }
    }

    /// <summary>Ends a PDU early, or adds bytes to it.</summary>
    private bool Element(Place place)
    {
        if (place.Item.Kind == WireItemKind.Raw) return Leaf(place);
        switch (_choices.Next(3))
        {
            case 0 when place.Parent is not null:
                TreeLayout.All(place.Item);
                place.Item.Cut = _choices.Next(Math.Max(place.Item.Length, 1));
                return true;
            case 1:
                place.Item.ChildList!.Add(WireItem.OfRaw(_choices.Bytes(1 + _choices.Next(4))));
                return true;
            case 2 when FromDonor(null, place.Item.Plan, _choices.Next(Math.Max(_donors.Count, 1))) is { } other && place.Parent is not null:
                place.Item.ChildList = other.ChildList;
                return true;
            default: return false;
        }
    }

    private bool Leaf(Place place)
    {
        var item = place.Item;
        var f = item.Slot;
        if (f?.Kind is FieldKind.Pad) item.Override = _choices.Bool() ? WireOverride.Is : WireOverride.None;
        if (f?.Kind is FieldKind.Checksum && !_choices.OneIn(3))
        {
            (item.Override, item.OverrideBy) = (WireOverride.Flip, 1UL << _choices.Next(32));
            return true;
        }
        var now = item.Bytes.Length;
        switch (_choices.Next(7))
        {
            case 0: Resize(item, now + 1); break;
            case 1: Resize(item, Math.Max(now - 1, 0)); break;
            case 2: Resize(item, 0); break;
            case 3: Resize(item, Math.Min(now * 2, MaxLeaf)); break;
            case 4 when f is { Hints.Length: > 0 }: Resize(item, Math.Min(f.Hints[_choices.Next(f.Hints.Length)], MaxLeaf)); break;
            case 5: item.Bytes = _choices.Bytes(Math.Min(now, MaxLeaf)); break;
            default:
                if (now == 0) return false;
                var bytes = item.Bytes.ToArray();
                for (var n = 1 + _choices.Next(3); n > 0; n--) bytes[_choices.Next(now)] ^= (byte)(1 << _choices.Next(8));
                item.Bytes = bytes;
                break;
        }
        if (f?.Kind is FieldKind.Pad && item.Bytes.Length != now) item.Override = WireOverride.Is;
        return true;
    }

    private void Resize(WireItem item, int length)
    {
        var bytes = new byte[length];
        var kept = Math.Min(length, item.Bytes.Length);
        item.Bytes.Span[..kept].CopyTo(bytes);
        if (length > kept) bytes.AsSpan(kept).Fill(item.Slot?.Text is TextEncoding.Ascii or TextEncoding.Utf8 ? (byte)'a' : (byte)_choices.Next(256));
        item.Bytes = bytes;
    }
}
