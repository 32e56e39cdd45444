namespace WebRtcConformance.Wire;

/// <summary>A sequence of choices, read from bytes: the one representation that fuzzers, property tests and minimisers share. The same
/// bytes make the same choices. When the bytes are used up every choice is the smallest one, so shorter and smaller bytes mean
/// simpler results.</summary>
public ref struct Choices(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>True when only smallest choices are left.</summary>
    public readonly bool IsExhausted => _at >= _bytes.Length;
    /// <summary>Bytes used so far.</summary>
    public readonly int Used => Math.Min(_at, _bytes.Length);

    private byte Byte() => _at < _bytes.Length ? _bytes[_at++] : (byte)0;

    /// <summary>0 to <paramref name="count"/> - 1; 0 when there is nothing to choose from.</summary>
    public int Next(int count)
    {
        if (count <= 1) return 0;
        var value = (uint)Byte();
        if (count > 0x100) value = value << 8 | Byte();
        if (count > 0x10000) value = value << 16 | (uint)Byte() << 8 | Byte();
        return (int)(value % (uint)count);
    }

    public bool Bool() => (Byte() & 1) != 0;

    /// <summary>True in one of <paramref name="n"/> cases; false is the smaller choice.</summary>
    public bool OneIn(int n) => Next(n) == n - 1;

    /// <summary>An integer of this many bits.</summary>
    public ulong Bits(int count)
    {
        ulong value = 0;
        for (var i = 0; i < count; i += 8) value = value << 8 | Byte();
        return value & Wire.Bits.Low(count);
    }

    public void Fill(Span<byte> bytes)
    {
        var take = Math.Min(bytes.Length, _bytes.Length - _at);
        if (take > 0) _bytes.Slice(_at, take).CopyTo(bytes);
        bytes[Math.Max(take, 0)..].Clear();
        _at += Math.Max(take, 0);
    }

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }
}
