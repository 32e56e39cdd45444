using System.Runtime.CompilerServices;
using System.Text;

namespace WebRtcConformance.Text;

/// <summary>Immutable bytes of a text with value equality: the form in which records hold texts. Converts from strings, as UTF-8; bytes that
/// are no UTF-8 are kept as they are.</summary>
[CollectionBuilder(typeof(ByteText), nameof(Create))]
public readonly struct ByteText : IEquatable<ByteText>
{
    private readonly byte[]? _bytes;

    private ByteText(byte[] bytes) => _bytes = bytes;

    public static ByteText Empty => default;
    public int Length => _bytes?.Length ?? 0;
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Copies the bytes.</summary>
    public static ByteText Create(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? default : new ByteText(bytes.ToArray());

    public ReadOnlySpan<byte>.Enumerator GetEnumerator() => Span.GetEnumerator();
    public bool Equals(ByteText other) => Span.SequenceEqual(other.Span);
    public override bool Equals(object? obj) => obj is ByteText other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>The text as UTF-8.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Span);

    public static bool operator ==(ByteText left, ByteText right) => left.Equals(right);
    public static bool operator !=(ByteText left, ByteText right) => !left.Equals(right);
    public static implicit operator ByteText(string text) => Create(Encoding.UTF8.GetBytes(text));
    public static implicit operator ByteText(ReadOnlySpan<byte> bytes) => Create(bytes);
    public static implicit operator ReadOnlySpan<byte>(ByteText text) => text.Span;
}

/// <summary>The text that a record was read from. While the record still says the same, writing gives that very text: spellings that carry
/// no meaning survive. Equality of records does not look at it.</summary>
public readonly struct TextTrivia : IEquatable<TextTrivia>
{
    internal TextTrivia(ReadOnlySpan<byte> bytes) => Bytes = ByteText.Create(bytes);

    internal ByteText Bytes { get; }
    public bool Equals(TextTrivia other) => true;
    public override bool Equals(object? obj) => obj is TextTrivia;
    public override int GetHashCode() => 0;
    public override string ToString() => "";
}
