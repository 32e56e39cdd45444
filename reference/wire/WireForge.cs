using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>A message, or a PDU inside one, in which every wire element can be made wrong while the rest stays derived. The generated forges
/// are typed faces of <see cref="WireTree"/>:
/// <code>message.ToForge().MessageLength.Off(4).ToArray(key)   // a wrong length under a right FINGERPRINT</code>
/// An edit that cannot be (of a field that is absent, a value that is too big) throws <see cref="ArgumentException"/>.</summary>
public abstract class WireForge
{
    internal WireForge(WireTree tree, WireItem item)
    {
        Tree = tree;
        Item = item;
    }

    /// <summary>The whole message.</summary>
    public WireTree Tree { get; }

    /// <summary>The PDU.</summary>
    internal WireItem Item { get; }

    internal void Apply(string field, WireEdit edit)
    {
        foreach (var child in Item.ChildList ?? [])
        {
            if (child.Slot is not { } slot) continue;
            if (slot.Field.CsName == field)
            {
                Check(field, WireEditor.TryApply(child, Item, edit, out var problem), problem);
                return;
            }
            foreach (var part in slot.Parts)
            {
                if (part.Part.CsName != field) continue;
                Check(field, WireEditor.SetPart(child, part, edit, out var problem), problem);
                return;
            }
        }
        Check(field, false, "there is no such field here");
    }

    internal WireItem Child(string field)
    {
        var child = Item.ChildList?.FirstOrDefault(c => c.Slot?.Field.CsName == field);
        Check(field, child is not null, "there is no such field here");
        return child!;
    }

    /// <summary>The PDU inside a nested or union field.</summary>
    internal WireItem Inner(string field, string? pdu = null)
    {
        var child = Child(field);
        var inner = child.Kind == WireItemKind.Nested ? child.ChildList![0] : null;
        Check(field, inner is not null && (pdu is null || inner.Pdu!.CsName == pdu), pdu is null ? "raw bytes" : $"not {pdu}");
        return inner!;
    }

    internal void Check(string field, bool done, string? problem)
    {
        if (!done) throw new ArgumentException($"{Item.Pdu?.CsName ?? "raw bytes"}.{field}: {problem}");
    }
}

/// <summary>An integer of a forge.</summary>
/// <typeparam name="TForge">What it belongs to; each edit returns that, for the next one.</typeparam>
public readonly struct ForgeNumber<TForge> where TForge : WireForge
{
    private readonly TForge _forge;
    private readonly string _field;

    internal ForgeNumber(TForge forge, string field)
    {
        _forge = forge;
        _field = field;
    }

    /// <summary>Exactly this value, whatever would be derived.</summary>
    public TForge Is(ulong value) => Apply(WireEdit.Is(value));

    /// <inheritdoc cref="Is(ulong)"/>
    public TForge Is<TEnum>(TEnum value) where TEnum : struct, Enum => Is(Convert.ToUInt64(value));

    /// <summary>The derived or present value and this, modulo the field's width.</summary>
    public TForge Off(long by) => Apply(WireEdit.Off(by));

    /// <summary>The derived or present value with these bits flipped.</summary>
    public TForge Flip(ulong mask) => Apply(WireEdit.Flip(mask));

    /// <summary>The same value in so many bytes (1 to 8) at least, of a leb128.</summary>
    public TForge InBytes(int bytes)
    {
        var item = _forge.Child(_field);
        _forge.Check(_field, item is { Kind: WireItemKind.Number, Slot.Leb128: true } && bytes is >= 1 and <= WireLeb128.MaxBytes, "only a leb128 may have 1 to 8 bytes");
        item.Width = bytes;
        return _forge;
    }

    /// <summary>Other bytes, of any number, in the field's place.</summary>
    public TForge Raw(ReadOnlySpan<byte> bytes) => Apply(WireEdit.Raw(bytes.ToArray()));

    private TForge Apply(WireEdit edit)
    {
        _forge.Apply(_field, edit);
        return _forge;
    }
}

/// <summary>A list of integers of less than whole bytes of a forge.</summary>
/// <inheritdoc cref="ForgeNumber{TForge}"/>
public readonly struct ForgePacked<TForge> where TForge : WireForge
{
    private readonly TForge _forge;
    private readonly string _field;

    internal ForgePacked(TForge forge, string field)
    {
        _forge = forge;
        _field = field;
    }

    public int Count => _forge.Child(_field).Children.Count;

    /// <summary>Exactly this value in one item's place.</summary>
    public TForge Is(int index, ulong value) => Apply(index, WireEdit.Is(value));

    /// <inheritdoc cref="Is(int, ulong)"/>
    public TForge Is<TEnum>(int index, TEnum value) where TEnum : struct, Enum => Is(index, Convert.ToUInt64(value));

    /// <summary>One item with these bits flipped.</summary>
    public TForge Flip(int index, ulong mask) => Apply(index, WireEdit.Flip(mask));

    private TForge Apply(int index, WireEdit edit)
    {
        var list = _forge.Child(_field);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)list.Children.Count, nameof(index));
        _forge.Check(_field, WireEditor.TryApply(list.ChildList![index], list, edit, out var problem), problem);
        return _forge;
    }
}

/// <summary>A byte string, padding, checksum or union of a forge.</summary>
/// <inheritdoc cref="ForgeNumber{TForge}"/>
public readonly struct ForgeBytes<TForge> where TForge : WireForge
{
    private readonly TForge _forge;
    private readonly string _field;

    internal ForgeBytes(TForge forge, string field)
    {
        _forge = forge;
        _field = field;
    }

    /// <summary>Exactly these bytes on the wire, of any number; lengths that are derived follow.</summary>
    public TForge Is(ReadOnlySpan<byte> bytes) => Apply(WireEdit.Raw(bytes.ToArray()));

    /// <summary>These bits of the last 8 bytes flipped: of a checksum, of the right one.</summary>
    public TForge Flip(ulong mask) => Apply(WireEdit.Flip(mask));

    /// <summary>Only the first bytes.</summary>
    public TForge Truncate(int bytes) => Apply(WireEdit.Truncate(bytes));

    /// <summary>Nothing at all.</summary>
    public TForge Remove() => Apply(WireEdit.Remove);

    private TForge Apply(WireEdit edit)
    {
        _forge.Apply(_field, edit);
        return _forge;
    }
}

/// <summary>The elements of a sequence of a forge.</summary>
/// <typeparam name="TForge">What it belongs to; each edit returns that.</typeparam>
/// <typeparam name="TElement">The forge of an element.</typeparam>
/// <typeparam name="TRecord">The record of an element.</typeparam>
public readonly struct ForgeSequence<TForge, TElement, TRecord> where TForge : WireForge where TElement : WireForge where TRecord : class
{
    private readonly TForge _forge;
    private readonly string _field;
    private readonly Func<WireTree, WireItem, TElement> _make;

    internal ForgeSequence(TForge forge, string field, Func<WireTree, WireItem, TElement> make)
    {
        _forge = forge;
        _field = field;
        _make = make;
    }

    private List<WireItem> Items => _forge.Child(_field).ChildList ?? throw new ArgumentException($"{_field}: replaced by raw bytes");

    public int Count => Items.Count;

    public TElement this[int index] => _make(_forge.Tree, At(index));

    /// <summary>The first element with that code.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public TElement Of<TCode>(TCode code) where TCode : struct, Enum
    {
        var wanted = Convert.ToUInt64(code);
        return _make(_forge.Tree, Items.FirstOrDefault(item => item.Code == wanted) ?? throw new ArgumentException($"{_field}: there is no {code}"));
    }

    public TForge Add(TRecord record) => Insert(Count, record);

    public TForge Insert(int index, TRecord record)
    {
        Items.Insert(index, ForgeElements.Make((IWirePdu)record));
        return _forge;
    }

    /// <summary>Puts bytes that need not be an element between the elements.</summary>
    public TForge InsertRaw(int index, ReadOnlySpan<byte> bytes)
    {
        Items.Insert(index, WireItem.OfRaw(bytes.ToArray()));
        return _forge;
    }

    public TForge Remove(int index)
    {
        Items.Remove(At(index));
        return _forge;
    }

    /// <summary>A copy of the element follows it.</summary>
    public TForge Duplicate(int index)
    {
        Items.Insert(index + 1, At(index).Clone());
        return _forge;
    }

    public TForge Swap(int one, int other)
    {
        (Items[one], Items[other]) = (At(other), At(one));
        return _forge;
    }

    /// <summary>These bytes in place of all elements.</summary>
    public TForge Raw(ReadOnlySpan<byte> bytes)
    {
        _forge.Apply(_field, WireEdit.Raw(bytes.ToArray()));
        return _forge;
    }

    private WireItem At(int index) =>
        (uint)index < (uint)Count ? Items[index] : throw new ArgumentOutOfRangeException(nameof(index), index, $"{_field} has {Count} elements");
}

/// <summary>A record that may stand in a list, or in a property that holds one of several PDUs. Generated records only.</summary>
public interface IWirePdu
{
    internal Pdu Schema { get; }
    internal int Measure();
    internal void Write(ref WireWriter writer);
}

/// <summary>Bytes in a property that holds one of several PDUs: what a code stands for that selects none, or (written on purpose) other bytes.</summary>
public sealed record WireOpaque(WireBytes Bytes) : IWirePdu
{
    Pdu IWirePdu.Schema => throw new NotSupportedException("bytes have no schema");
    int IWirePdu.Measure() => Bytes.Length;
    void IWirePdu.Write(ref WireWriter writer) => writer.Bytes(Bytes);
}

internal static class ForgeElements
{
    /// <summary>Bytes that stand for the message before the element. Being zero, they mask nothing; the message proper masks and computes
    /// checksums anew when it is encoded.</summary>
    private const int Before = 64;

    public static WireItem Make(IWirePdu element)
    {
        var bytes = new byte[Before + element.Measure()];
        var writer = new WireWriter(bytes, WireKey.None, default, Before);
        writer.BeginElement(bytes.Length - Before);
        element.Write(ref writer);
        new TreeParser(bytes, tolerant: true, null).TryParse(WirePlans.Default.Of(element.Schema), Before, bytes.Length, 0, 0, true, out var item);
        return item;
    }
}
