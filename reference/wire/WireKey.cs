namespace WebRtcConformance.Wire;

/// <summary>The key of a keyed checksum; <see cref="None"/> when there is none.</summary>
public readonly record struct WireKey(ReadOnlyMemory<byte> Bytes)
{
    public static WireKey None => default;
    public bool IsNone => Bytes.IsEmpty;
}
