using System.Buffers;
using System.Runtime.CompilerServices;

namespace WebRtcConformance.Wire;

/// <summary>Immutable bytes with value equality: the form in which records hold byte strings.</summary>
[CollectionBuilder(typeof(WireBytes), nameof(Create))]
public readonly struct WireBytes : IEquatable<WireBytes>
{
    private readonly byte[]? _bytes;

    private WireBytes(byte[] bytes) => _bytes = bytes;

    public static WireBytes Empty => default;
    public int Length => _bytes?.Length ?? 0;
    public byte this[int index] => Span[index];
    public ReadOnlySpan<byte> Span => _bytes;
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>Copies the bytes.</summary>
    public static WireBytes Create(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? default : new WireBytes(bytes.ToArray());

    /// <summary>Takes over an array that its maker will not change any more.</summary>
    internal static WireBytes Adopt(byte[] bytes) => new(bytes);

    /// <param name="hex">Hexadecimal digits in either case; white space is skipped.</param>
    /// <exception cref="FormatException">Anything else, or an odd number of digits.</exception>
    public static WireBytes FromHex(string hex) =>
        new(Convert.FromHexString(string.Concat(hex.Where(c => !char.IsWhiteSpace(c)))));

    public byte[] ToArray() => Span.ToArray();
    public ReadOnlySpan<byte>.Enumerator GetEnumerator() => Span.GetEnumerator();

    public bool Equals(WireBytes other) => Span.SequenceEqual(other.Span);
    public override bool Equals(object? obj) => obj is WireBytes other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    public static bool operator ==(WireBytes left, WireBytes right) => left.Equals(right);
    public static bool operator !=(WireBytes left, WireBytes right) => !left.Equals(right);
    public static implicit operator WireBytes(byte[] bytes) => Create(bytes);
    public static implicit operator WireBytes(ReadOnlySpan<byte> bytes) => Create(bytes);
    public static implicit operator ReadOnlySpan<byte>(WireBytes bytes) => bytes.Span;
}

/// <summary>Bytes of a message that are xor-ed with other bytes of it (XOR-MAPPED-ADDRESS), seen without the mask. Nothing is copied
/// until asked for.</summary>
public readonly ref struct MaskedBytes
{
    private readonly ReadOnlySpan<byte> _wire;
    private readonly ReadOnlySpan<byte> _mask;

    internal MaskedBytes(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> mask)
    {
        _wire = wire;
        _mask = mask;
    }

    public int Length => _wire.Length;
    public byte this[int index] => (byte)(_wire[index] ^ _mask[index]);

    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < Length) throw new ArgumentException("the destination is too short", nameof(destination));
        for (var i = 0; i < _wire.Length; i++) destination[i] = (byte)(_wire[i] ^ _mask[i]);
    }

    public WireBytes ToWireBytes()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return WireBytes.Adopt(bytes);
    }
}
