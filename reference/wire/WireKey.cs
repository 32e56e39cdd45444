namespace WebRtcConformance.Wire;

/// <summary>The key of a message's keyed checksums (STUN MESSAGE-INTEGRITY), already derived from whatever credentials there are.</summary>
public readonly struct WireKey
{
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <exception cref="ArgumentException">An empty key: HMAC would accept it, and nobody means it. Use <see cref="None"/>.</exception>
    public WireKey(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) throw new ArgumentException("a key of no bytes; use WireKey.None for no key", nameof(bytes));
        _bytes = bytes;
    }

    /// <summary>No key: keyed checksums are written as zeros and not verified.</summary>
    public static WireKey None => default;

    public bool IsNone => _bytes.IsEmpty;
    public ReadOnlySpan<byte> Span => _bytes.Span;

    public static implicit operator WireKey(byte[] bytes) => new(bytes);

    /// <summary>Never shows the key.</summary>
    public override string ToString() => IsNone ? "no key" : "key";
}
