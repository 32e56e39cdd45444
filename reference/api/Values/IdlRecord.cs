using System.Diagnostics.CodeAnalysis;
namespace WebRtcConformance.Api;

/// <summary>Web IDL's record&lt;K, V&gt;: an ordered map with text as keys and value equality, order included.</summary>
public sealed class IdlRecord<T> : IEquatable<IdlRecord<T>>
{
    private readonly Dictionary<string, T> _values = new(StringComparer.Ordinal);

    public IdlRecord() { }

    /// <summary>Of two entries with one key the later one counts, at the place of the earlier.</summary>
    public IdlRecord(IEnumerable<(string Key, T Value)> entries)
    {
        var order = new List<string>();
        foreach (var (key, value) in entries)
        {
            if (!_values.ContainsKey(key)) order.Add(key);
            _values[key] = value;
        }
        Keys = new(order);
    }

    public IdlSequence<string> Keys { get; }
    public int Count => Keys.Count;
    public T this[string key] => _values[key];
    public bool TryGet(string key, [MaybeNullWhen(false)] out T value) => _values.TryGetValue(key, out value);

    public bool Equals(IdlRecord<T>? other) =>
        other is not null && Keys == other.Keys && Keys.All(k => EqualityComparer<T>.Default.Equals(_values[k], other._values[k]));

    public override bool Equals(object? obj) => Equals(obj as IdlRecord<T>);
    public override int GetHashCode() => Keys.GetHashCode();
    public override string ToString() => "{" + string.Join(", ", Keys.Select(k => $"{k}: {_values[k]}")) + "}";
}
