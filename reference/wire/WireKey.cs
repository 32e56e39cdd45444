namespace WebRtcConformance.Wire;

/// <summary>The key of a message's keyed checksums (STUN MESSAGE-INTEGRITY), already derived from whatever credentials there are.</summary>
public readonly struct WireKey
{
    public WireKey(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <summary>Empty without a key.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>No key: keyed checksums are written as zeros and not verified.</summary>
    public static WireKey None => default;

    public bool IsNone => Bytes.IsEmpty;
    public ReadOnlySpan<byte> Span => Bytes.Span;

    public static implicit operator WireKey(byte[] bytes) => new(bytes);

    /// <summary>Never shows the key.</summary>
    public override string ToString() => IsNone ? "no key" : "key";
}
