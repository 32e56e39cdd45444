using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>A checksum field in a message, with what it covers: the message from its first byte up to the list element that the
/// field stands in, or the whole of it.</summary>
/// <param name="Root">The message.</param>
/// <param name="List">The message's list that holds the element; null, as the element, for a checksum over the whole message.</param>
/// <param name="Item">The checksum field.</param>
internal sealed record ChecksumSite(WireItem Root, WireItem? List, WireItem? Element, WireItem Item)
{
    public FieldPlan Field => Item.Slot!;
    private bool IsKeyed => WireChecksum.IsKeyed(Field.Checksum!.Algorithm);

    /// <summary>True when the checksum can be computed with this key.</summary>
    public bool CanCompute(WireKey key) => !IsKeyed || !key.IsNone;

    /// <summary>Puts the checksum into an encoded message. Without a key, a keyed one stays as it was received or drawn.</summary>
    public void Write(Span<byte> bytes, WireKey key)
    {
        if (Item.Kind != WireItemKind.Bytes || Item.Override == WireOverride.Is) return;
        if (CanCompute(key)) Item.Bytes = Sized(Compute(bytes, key), Item.Bytes.Length);
        var value = Item.Bytes;
        if (Item.Override != WireOverride.None)
        {
            var changed = value.ToArray();
            ChangeTail(changed, Item.Override, Item.OverrideBy);
            value = changed;
        }
        Bits.Write(bytes, Item.BitOffset, value.Span, Math.Min(bytes.Length * 8, Item.Limit));
    }

    /// <summary>True when the bytes hold what the checksum should be; a truncated one is compared in its own length.</summary>
    public bool Matches(ReadOnlySpan<byte> bytes, WireKey key)
    {
        var computed = Compute(bytes, key);
        return Item.Length <= computed.Length && Item.Offset + Item.Length <= bytes.Length
            && bytes.Slice(Item.Offset, Item.Length).SequenceEqual(computed.AsSpan(0, Item.Length));
    }

    private byte[] Compute(ReadOnlySpan<byte> bytes, WireKey key)
    {
        var end = Field.Checksum!.Whole ? Root.Offset + Root.Length : Element?.Offset ?? Root.Offset;
        var covered = bytes[Math.Min(Root.Offset, bytes.Length)..Math.Min(Math.Max(end, Root.Offset), bytes.Length)].ToArray();
        if (Field.Checksum.Whole)
        {
            var own = Math.Min(Item.Offset - Root.Offset, covered.Length);
            covered.AsSpan(own, Math.Min(Item.Length, covered.Length - own)).Clear();
        }
        if (Field.Checksum.PatchLength is { } patched) Patch(covered, patched);
        var result = Field.Checksum.Algorithm switch
        {
            ChecksumAlgorithm.Crc32 => BigEndian(Wire.Crc32.Compute(covered)),
            ChecksumAlgorithm.Crc32c => BigEndian(BinaryPrimitives.ReverseEndianness(Wire.Crc32c.Compute(covered))),
            ChecksumAlgorithm.HmacSha1 => HMACSHA1.HashData(key.Span, covered),
            _ => HMACSHA256.HashData(key.Span, covered),
        };
        ChangeTail(result, WireOverride.Flip, Field.Checksum.Xor);
        return result;
    }

    /// <summary>Writes the length that the message would have if it ended with this element.</summary>
    private void Patch(Span<byte> covered, string lengthField)
    {
        var plan = Root.Plan!;
        if (plan.Field(lengthField) is not { Derive: not null } f || Root.Child(f.Index) is not { Kind: WireItemKind.Number } length) return;
        var frame = Frame.Rent(plan);
        TreeFrame.Load(frame, Root);
        if (Element is null) return;
        var end = Element.Offset + Element.Length;
        if (List?.Slot is { } slot) frame.Sizes[slot.Index] = end - List.Offset;
        frame.WindowEnd = end - Root.Offset;
        Bits.Write(covered, length.BitOffset - Root.BitOffset, f.Bits, TreeFrame.Derived(f, frame), covered.Length * 8);
        frame.Return();
    }

    private static ReadOnlyMemory<byte> Sized(byte[] value, int size)
    {
        if (size <= value.Length) return value.AsMemory(0, size);
        Array.Resize(ref value, size);
        return value;
    }

    /// <summary>Changes the last 8 bytes (or all, if fewer) as one big-endian integer.</summary>
    private static void ChangeTail(Span<byte> bytes, WireOverride how, ulong by)
    {
        var tail = bytes[^Math.Min(8, bytes.Length)..];
        var value = TreeFrame.Apply(how, by, Bits.Read(tail, 0, tail.Length * 8));
        Bits.Write(tail, 0, tail.Length * 8, value, tail.Length * 8);
    }

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}

/// <summary>Finds the checksums of a tree, in order of appearance.</summary>
internal static class TreeChecksums
{
    public static List<ChecksumSite> Sites(WireItem root)
    {
        var sites = new List<ChecksumSite>();
        Walk(root, null, null, null, sites);
        return sites;
    }

    private static void Walk(WireItem item, WireItem? root, WireItem? list, WireItem? element, List<ChecksumSite> sites)
    {
        if (item.Kind == WireItemKind.Pdu && item.Plan!.IsRoot) (root, list, element) = (item, null, null);
        if (root is not null && item.Kind == WireItemKind.Bytes && item.Slot?.Checksum is { } checksum && (element is not null || checksum.Whole))
            sites.Add(new ChecksumSite(root, list, element, item));
        foreach (var c in item.Children)
        {
            var starts = element is null && root is not null && item.Kind == WireItemKind.List;
            Walk(c, root, starts ? item : list, starts ? c : element, sites);
        }
    }
}
