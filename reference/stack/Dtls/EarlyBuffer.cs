namespace WebRtcConformance.Stack.Dtls;

/// <summary>Byte strings that came before they could be used: as many as the policy allows.</summary>
internal sealed class EarlyBuffer(DtlsPolicy policy)
{
    private readonly List<byte[]> _items = [];

    /// <summary>Of all that is kept.</summary>
    public int Bytes { get; private set; }

    /// <summary>False when there is no room.</summary>
    public bool TryKeep(ReadOnlySpan<byte> bytes)
    {
        if (_items.Count >= policy.MaxEarlyRecords || bytes.Length > policy.MaxEarlyBytes - Bytes) return false;
        _items.Add(bytes.ToArray());
        Bytes += bytes.Length;
        return true;
    }

    /// <summary>All of it, oldest first; nothing is kept then.</summary>
    public byte[][] TakeAll()
    {
        byte[][] all = [.. _items];
        _items.Clear();
        Bytes = 0;
        return all;
    }
}
