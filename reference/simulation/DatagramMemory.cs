namespace WebRtcConformance.Simulation;

/// <summary>
/// Where the bytes of a datagram lie while it is under way. Nodes lend theirs for a moment only, so a world copies each datagram when it is sent, and uses the
/// memory again when no copy is under way any more. What an observer has seen is not used again, because the observer may have kept it.
/// </summary>
internal sealed class DatagramMemory
{
    /// <summary>Bytes that each piece has: more than the paths of WebRTC carry. Longer datagrams get memory of their own.</summary>
    private const int Size = 2048;

    private readonly byte[] _bytes = new byte[Size];
    private int _underWay;
    private bool _wasShown;

    private DatagramMemory()
    {
    }

    /// <summary>One more copy of the datagram is under way.</summary>
    public void Hold() => _underWay++;

    /// <summary>Somebody may have kept the bytes.</summary>
    public void Show() => _wasShown = true;

    /// <summary>Pieces that wait to be used again; as many as have been under way at once.</summary>
    internal sealed class Pool
    {
        private readonly Stack<DatagramMemory> _free = new();

        /// <summary>The bytes in a free piece, which the caller holds; null when they are too many.</summary>
        public DatagramMemory? Copy(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> copy)
        {
            copy = default;
            if (bytes.Length > Size) return null;
            if (!_free.TryPop(out var memory)) memory = new DatagramMemory();
            bytes.Span.CopyTo(memory._bytes);
            copy = memory._bytes.AsMemory(0, bytes.Length);
            memory._underWay = 1;
            return memory;
        }

        /// <summary>One copy less is under way.</summary>
        public void Release(DatagramMemory? memory)
        {
            if (memory is not null && --memory._underWay == 0 && !memory._wasShown) _free.Push(memory);
        }
    }
}
