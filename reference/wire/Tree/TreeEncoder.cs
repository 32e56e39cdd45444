namespace WebRtcConformance.Wire;

/// <summary>Writes items as bytes: lengths first, then each PDU's derived values, its fields in order, and the checksums last.</summary>
internal ref struct TreeEncoder
{
    private readonly byte[] _bytes;
    private bool _hasChecksum;

    private TreeEncoder(byte[] bytes) => _bytes = bytes;

    public static byte[] Encode(WireItem root, WireKey key)
    {
        TreeLayout.All(root);
        var encoder = new TreeEncoder(new byte[root.BitLength + 7 >> 3]);
        encoder.Write(root, 0, root.BitLength, -1);
        if (encoder._hasChecksum)
            foreach (var site in TreeChecksums.Sites(root)) site.Write(encoder._bytes, key);
        return encoder._bytes;
    }

    /// <param name="limit">Bit at which the enclosing item is cut off.</param>
    /// <param name="root">First byte of the message that masks refer to; -1 = none.</param>
    private void Write(WireItem item, int at, int limit, int root)
    {
        item.BitOffset = at;
        limit = Math.Min(limit, at + item.BitLength);
        switch (item.Kind)
        {
            case WireItemKind.Pdu:
                if (item.Plan!.IsRoot) root = at >> 3;
                Derive(item);
                goto default;
            case WireItemKind.Number:
                if (item.Slot!.Leb128)
                {
                    Span<byte> leb128 = stackalloc byte[item.NaturalBits >> 3];
                    WireLeb128.Write(leb128, item.Number);
                    Bits.Write(_bytes, at, leb128, limit);
                    break;
                }
                var value = item.Number;
                if (item.Slot.Mask is { } bits) value ^= TreeParser.MaskBits(_bytes, root, bits.RootOffset, item.Slot.Bits, at >> 3);
                Bits.Write(_bytes, at, item.Slot.Bits, value, limit);
                break;
            case WireItemKind.Bytes when item.Slot!.Mask is { } mask:
                var masked = item.Bytes.ToArray();
                TreeParser.ApplyMask(masked, _bytes, root, mask.RootOffset, at >> 3);
                Bits.Write(_bytes, at, masked, limit);
                break;
            case WireItemKind.Bytes or WireItemKind.Raw:
                if (item.Slot?.Kind == FieldKind.Checksum) (_hasChecksum, item.Limit) = (true, limit);
                Bits.Write(_bytes, at, item.Bytes.Span, limit);
                break;
            default:
                foreach (var c in item.ChildList!)
                {
                    Write(c, at, limit, root);
                    at += c.BitLength;
                }
                break;
        }
    }

    internal static void Derive(WireItem pdu)
    {
        var frame = Frame.Rent(pdu.Plan!);
        TreeFrame.Fill(frame, pdu);
        frame.Return();
    }
}
