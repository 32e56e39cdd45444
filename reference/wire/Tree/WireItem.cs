namespace WebRtcConformance.Wire;

/// <summary>What an item of a tree is.</summary>
public enum WireItemKind : byte
{
    /// <summary>A PDU; its children are its fields in wire order.</summary>
    Pdu,
    /// <summary>An integer field, or one integer of a list of integers.</summary>
    Number,
    /// <summary>A field of bytes: bytes, text, padding, a checksum, the value of an unknown code.</summary>
    Bytes,
    /// <summary>A sequence field; its children are the elements.</summary>
    List,
    /// <summary>A nested PDU, or a union whose code is known; its one child is the PDU.</summary>
    Nested,
    /// <summary>Bytes that stand for whatever the schema has there: an edit, or what a tolerant reader could not place.</summary>
    Raw,
}

/// <summary>How an item departs from the value that writing would compute for it.</summary>
public enum WireOverride : byte { None, Is, Off, Flip }

/// <summary>One element of a message: a node of a <see cref="WireTree"/>. <see cref="Offset"/> and <see cref="Length"/> are those of the
/// last parse or encoding.</summary>
public sealed class WireItem
{
    internal WirePlan? Plan;
    internal FieldPlan? Slot;
    internal List<WireItem>? ChildList;
    internal ulong OverrideBy;
    internal int BitOffset, BitLength;
    /// <summary>Bits before a cut, and the bytes that are left after it (-1 = not cut).</summary>
    internal int NaturalBits, Cut = -1;
    /// <summary>Of a leb128, the bytes that it has at least; 0 = as few as can be.</summary>
    internal int Width;
    /// <summary>Another item follows in the list that this one is an element of.</summary>
    internal bool More;
    /// <summary>Of a checksum, the bit at which an enclosing item is cut off.</summary>
    internal int Limit = int.MaxValue;

    internal WireItem(WireItemKind kind) => Kind = kind;

    public WireItemKind Kind { get; internal set; }
    /// <summary>The PDU, for items of kind <see cref="WireItemKind.Pdu"/>.</summary>
    public Ir.Pdu? Pdu => Plan?.Pdu;
    /// <summary>The field that the item fills; null for PDUs and for raw bytes beside the fields.</summary>
    public Ir.Field? Field => Slot?.Field;
    /// <summary>The value of a number, without mask. Derived numbers are up to date after an encoding.</summary>
    public ulong Number { get; internal set; }
    /// <summary>The content of <see cref="WireItemKind.Bytes"/> and <see cref="WireItemKind.Raw"/> items, without mask.</summary>
    public ReadOnlyMemory<byte> Bytes { get; internal set; }
    public IReadOnlyList<WireItem> Children => ChildList ?? (IReadOnlyList<WireItem>)[];
    public WireOverride Override { get; internal set; }
    /// <summary>First byte in the message; for fields of less than a byte, the byte they lie in.</summary>
    public int Offset => BitOffset >> 3;
    /// <summary>Bytes, rounded up.</summary>
    public int Length => BitLength + 7 >> 3;
    public int OffsetInBits => BitOffset;
    public int LengthInBits => BitLength;

    /// <summary>The node number that errors about this item name; 0 for raw bytes.</summary>
    public uint Node => Kind == WireItemKind.Pdu ? Plan!.Node : Slot?.Node ?? 0;

    /// <summary>A leb128 that has more bytes than its value needs.</summary>
    internal bool IsPadded => Kind == WireItemKind.Number && Width > WireLeb128.Least(Number);

    internal WireItem? Child(int fieldIndex)
    {
        if (ChildList is null) return null;
        foreach (var c in ChildList) if (c.Slot is { } s && s.Index == fieldIndex) return c;
        return null;
    }

    /// <summary>For a PDU with a union: the value that selects the union's case.</summary>
    internal ulong? Code => Plan?.Union is not { } union ? null
        : union.Peek is not { } peek ? ValueOfSlot(union.Selector)
        : Child(union.Index) is { Kind: WireItemKind.Nested } content ? content.ChildList![0].BitsAt(peek.Bit, peek.Bits) : null;

    /// <summary>The integer field that has just these bits of a PDU; null when there is none.</summary>
    internal WireItem? FieldAt(int bit, int bits)
    {
        var at = 0;
        foreach (var c in Children)
        {
            if (at == bit && c.Kind == WireItemKind.Number && c.Slot!.Bits == bits) return c;
            if (c.Kind == WireItemKind.Nested && at <= bit && c.ChildList![0].FieldAt(bit - at, bits) is { } inner) return inner;
            if (c.Kind != WireItemKind.Number || c.Slot!.Leb128) return null;
            at += c.Slot.Bits;
        }
        return null;
    }

    /// <summary>The value of these bits of the integer fields that the PDU begins with; null when they are not all integers.</summary>
    internal ulong? BitsAt(int bit, int bits)
    {
        var (at, end, value) = (0, bit + bits, 0UL);
        foreach (var c in Children)
        {
            if (c.Kind == WireItemKind.Nested && at <= bit && c.ChildList![0].BitsAt(bit - at, bits) is { } inner) return inner;
            if (c.Kind != WireItemKind.Number || c.Slot!.Leb128) return null;
            var after = at + c.Slot.Bits;
            var (from, to) = (Math.Max(at, bit), Math.Min(after, end));
            if (from < to) value = value << to - from | c.Number >> after - to & Bits.Low(to - from);
            if (after >= end) return value;
            at = after;
        }
        return null;
    }

    /// <summary>The value of an integer field, or of a part of a split one; null when absent.</summary>
    internal ulong? ValueOfSlot(int slot)
    {
        foreach (var c in Children)
        {
            if (c.Slot is not { } s || c.Kind != WireItemKind.Number) continue;
            if (s.Index == slot) return c.Number;
            foreach (var part in s.Parts) if (part.Slot == slot) return part.Read(c.Number);
        }
        return null;
    }

    internal WireItem Clone()
    {
        var copy = (WireItem)MemberwiseClone();
        if (ChildList is null) return copy;
        copy.ChildList = new List<WireItem>(ChildList.Count);
        foreach (var c in ChildList) copy.ChildList.Add(c.Clone());
        return copy;
    }

    internal static WireItem OfRaw(ReadOnlyMemory<byte> bytes, FieldPlan? slot = null) =>
        new(WireItemKind.Raw) { Slot = slot, Bytes = bytes, BitLength = bytes.Length * 8 };
}
