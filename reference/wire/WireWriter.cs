using System.Buffers.Binary;
using System.Text;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>Where generated code writes a message: the whole message's bytes and the place that is next.</summary>
internal ref struct WireWriter
{
    private readonly Span<byte> _message;
    private readonly WireKey _key;
    private readonly WireTrivia _trivia;

    public WireWriter(Span<byte> message, WireKey key, WireTrivia trivia, int at = 0)
    {
        At = at;
        _message = message;
        _key = key;
        _trivia = trivia;
    }

    /// <summary>The next byte of the message to write.</summary>
    public int At { get; private set; }

    /// <summary>First byte of the sequence element that is being written.</summary>
    public int ElementStart { get; private set; }

    /// <summary>First byte after the sequence element that is being written.</summary>
    public int ElementEnd { get; private set; }

    /// <summary>Another element follows the one that is written next in its list.</summary>
    public bool More { get; set; }

    private int _whole = -1;

    public void BeginElement(int size)
    {
        ElementStart = At;
        ElementEnd = At + size;
    }

    /// <summary>Writes the low <paramref name="size"/> bytes (1 to 8) of a value.</summary>
    public void UInt(ulong value, int size)
    {
        for (var shift = (size - 1) * 8; shift >= 0; shift -= 8) _message[At++] = (byte)(value >> shift);
    }

    public void Leb128(ulong value, int size)
    {
        WireLeb128.Write(_message.Slice(At, size), value);
        At += size;
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_message[At..]);
        At += bytes.Length;
    }

    /// <summary>Bytes xor-ed with the message's own from <paramref name="mask"/> on.</summary>
    public void MaskedBytes(ReadOnlySpan<byte> bytes, int mask)
    {
        foreach (var b in bytes) _message[At++] = (byte)(b ^ _message[mask++]);
    }

    /// <summary>The integer that stands in the message from <paramref name="at"/> on: the mask of a masked integer.</summary>
    public readonly ulong Mask(int at, int size) => WireRead.UInt(_message[..At], at, size);

    public void Text(string text, int size) => At += Encoding.UTF8.GetBytes(text, _message.Slice(At, size));

    public void Padding(int size, byte fill, uint node)
    {
        if (size == 0) return;
        var kept = _trivia.Find(node, At, size);
        if (kept.IsEmpty) _message.Slice(At, size).Fill(fill);
        else kept.CopyTo(_message[At..]);
        At += size;
    }

    /// <summary>Reserved bits whose first bit is in byte <paramref name="ahead"/> from here.</summary>
    public readonly ulong Bits(ulong sent, uint node, int ahead)
    {
        var kept = _trivia.Find(node, At + ahead, sizeof(ulong));
        return kept.IsEmpty ? sent : BitConverter.ToUInt64(kept);
    }

    /// <summary>Keeps the place of a CRC32c over the whole message.</summary>
    public void WholeChecksum(uint node)
    {
        var target = _message.Slice(At, 4);
        var kept = _key.IsNone ? _trivia.Find(node, At, 4) : default;
        if (kept.IsEmpty)
        {
            target.Clear();
            _whole = At;
        }
        else kept.CopyTo(target);
        At += 4;
    }

    /// <summary>Computes it, now that everything is written.</summary>
    public readonly void FinishChecksum()
    {
        if (_whole >= 0) BinaryPrimitives.WriteUInt32LittleEndian(_message[_whole..], WireChecksum.WholeCrc32c(_message, _whole));
    }

    /// <summary>A checksum over the message so far, up to the start of the current element.</summary>
    public void Checksum(ChecksumAlgorithm algorithm, int size, ulong xor, LengthPatch patch, uint node)
    {
        var target = _message.Slice(At, size);
        var kept = _key.IsNone ? _trivia.Find(node, At, size) : default;
        if (!kept.IsEmpty) kept.CopyTo(target);
        else if (!WireChecksum.TryCompute(algorithm, _message[..ElementStart], patch, xor, _key, target)) target.Clear();
        At += size;
    }
}

/// <summary>Refusals of generated writing code.</summary>
internal static class WireValue
{
    /// <summary>The value, if it fits the bits.</summary>
    public static ulong Fit(long value, int bits, string name) =>
        value >= 0 && (bits >= 63 || value < 1L << bits)
            ? (ulong)value
            : throw new WireValueException($"{name}: {value} does not fit {bits} bits");

    /// <summary>The bits of the value in two's complement, if it fits them.</summary>
    public static ulong FitSigned(long value, int bits, string name) =>
        bits >= 64 || value >= -1L << bits - 1 && value < 1L << bits - 1
            ? (ulong)value & Bits.Low(bits)
            : throw new WireValueException($"{name}: {value} does not fit {bits} bits with a sign");

    /// <summary>The items as one integer, if there are as many as the format has and each fits its bits.</summary>
    public static ulong Packed<T>(ReadOnlySpan<T> items, int width, int count, string name) where T : unmanaged
    {
        if (items.Length != count) throw new WireValueException($"{name}: {items.Length} items where the format has {count}");
        foreach (var item in items) Fit((long)WirePacked.To(item), width, name);
        return WirePacked.Of(items, width, count);
    }

    /// <summary>Bytes of a value as leb128: as many as it needs, or as were asked for (0 = nothing was).</summary>
    public static int Leb128Size(long value, int asked, string name)
    {
        if (asked is < 0 or > WireLeb128.MaxBytes) throw new WireValueException($"{name}: {asked} bytes, and leb128 has at most {WireLeb128.MaxBytes}");
        return Math.Max(WireLeb128.Least(Fit(value, 32, name)), asked);
    }

    public static void Content(bool fits, string name)
    {
        if (!fits) throw new WireValueException($"{name}: not what its code selects");
    }

    public static void Size(long size, long expected, string name)
    {
        if (size != expected) throw new WireValueException($"{name}: {size} bytes where the format has {expected}");
    }

    public static void Presence(bool present, bool expected, string name)
    {
        if (present != expected)
            throw new WireValueException(expected ? $"{name}: missing, other fields require it" : $"{name}: present, other fields forbid it");
    }

    public static int TextSize(string text, string name)
    {
        try
        {
            return Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            throw new WireValueException($"{name}: not valid Unicode");
        }
    }

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
}
