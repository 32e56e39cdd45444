namespace WebRtcConformance.Api;

/// <summary>A member or argument that may be missing although null is one of its values.</summary>
public readonly struct Optional<T>(T value) : IEquatable<Optional<T>>
{
    private readonly T _value = value;

    public bool HasValue { get; } = true;

    /// <exception cref="InvalidOperationException">It is missing.</exception>
    public T Value => HasValue ? _value : throw new InvalidOperationException("the value is missing");

    public T Or(T fallback) => HasValue ? _value : fallback;

    public static implicit operator Optional<T>(T value) => new(value);

    public bool Equals(Optional<T> other) => HasValue == other.HasValue && EqualityComparer<T>.Default.Equals(_value, other._value);
    public override bool Equals(object? obj) => obj is Optional<T> other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(HasValue, _value);
    public override string ToString() => HasValue ? _value?.ToString() ?? "null" : "missing";
    public static bool operator ==(Optional<T> left, Optional<T> right) => left.Equals(right);
    public static bool operator !=(Optional<T> left, Optional<T> right) => !left.Equals(right);
}
