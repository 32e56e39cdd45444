namespace WebRtcConformance.Wire;

/// <summary>What accepted bytes hold beyond a record: padding bytes, reserved bits that receivers ignore, derived values that
/// receivers do not look at, and checksums. A record that was parsed with keepTrivia carries it, and writes the very bytes that it was
/// read from; checksums though only when writing is done without a key (with a key they are computed).
/// They belong to that one message: a record made from it with other values is better written without them.
/// Trivia have no meaning, so they never make two records differ: all trivia are equal.</summary>
public readonly struct WireTrivia : IEquatable<WireTrivia>
{
    private readonly Dictionary<(uint Node, int Offset), byte[]>? _kept;

    private WireTrivia(Dictionary<(uint, int), byte[]> kept) => _kept = kept;

    /// <summary>Nothing was kept, or all was canonical.</summary>
    public bool IsEmpty => _kept is null;

    public bool Equals(WireTrivia other) => true;
    public override bool Equals(object? obj) => obj is WireTrivia;
    public override int GetHashCode() => 0;
    public override string ToString() => IsEmpty ? "none" : $"{_kept!.Count} kept";

    public static bool operator ==(WireTrivia left, WireTrivia right) => true;
    public static bool operator !=(WireTrivia left, WireTrivia right) => false;

    /// <summary>Bytes kept for a node at a byte of the message, if they have the size that is to be written.</summary>
    internal ReadOnlySpan<byte> Find(uint node, int offset, int size) =>
        _kept is not null && _kept.TryGetValue((node, offset), out var bytes) && bytes.Length == size ? bytes : default;

    /// <summary>Gathers trivia of one message.</summary>
    internal sealed class Collector
    {
        private readonly Dictionary<(uint, int), byte[]> _kept = [];

        public void Keep(uint node, int offset, ReadOnlySpan<byte> bytes) => _kept[(node, offset)] = bytes.ToArray();

        /// <summary>Keeps bits if they differ from what a sender writes.</summary>
        public void KeepBits(uint node, int offset, ulong value, ulong sent)
        {
            if (value != sent) Keep(node, offset, BitConverter.GetBytes(value));
        }

        /// <summary>Keeps padding if it differs from what a sender writes.</summary>
        public void KeepPadding(uint node, int offset, ReadOnlySpan<byte> bytes, byte fill)
        {
            if (!WireRead.IsFilled(bytes, fill)) Keep(node, offset, bytes);
        }

        public WireTrivia ToTrivia() => _kept.Count == 0 ? default : new WireTrivia(_kept);
    }
}
