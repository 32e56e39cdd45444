using System.Collections;
using System.Runtime.CompilerServices;

namespace WebRtcConformance.Api;

/// <summary>Web IDL's sequence&lt;T&gt; and FrozenArray&lt;T&gt;: an immutable list with value equality. The default is empty.</summary>
[CollectionBuilder(typeof(IdlSequence), nameof(IdlSequence.Create))]
public readonly struct IdlSequence<T>(T[] items) : IReadOnlyList<T>, IEquatable<IdlSequence<T>>
{
    private readonly T[]? _items = items;

    public IdlSequence(IEnumerable<T> items) : this(items.ToArray()) { }

    private T[] Items => _items ?? [];
    public int Count => Items.Length;
    public T this[int index] => Items[index];

    public bool Equals(IdlSequence<T> other) => Items.AsSpan().SequenceEqual(other.Items, EqualityComparer<T>.Default);
    public override bool Equals(object? obj) => obj is IdlSequence<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in Items) hash.Add(item);
        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    public override string ToString() => "[" + string.Join(", ", Items) + "]";

    public static bool operator ==(IdlSequence<T> left, IdlSequence<T> right) => left.Equals(right);
    public static bool operator !=(IdlSequence<T> left, IdlSequence<T> right) => !left.Equals(right);
}

/// <summary>For collection expressions: <c>IdlSequence&lt;int&gt; a = [1, 2];</c></summary>
public static class IdlSequence
{
    public static IdlSequence<T> Create<T>(ReadOnlySpan<T> items) => items.IsEmpty ? default : new(items.ToArray());
}
