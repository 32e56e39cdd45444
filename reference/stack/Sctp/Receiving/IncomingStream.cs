namespace WebRtcConformance.Stack.Sctp.Receiving;

/// <summary>One inbound stream (RFC 9260 section 6.5): what of it is not complete, and which ordered message comes next.</summary>
internal sealed class IncomingStream
{
    public FragmentQueue Ordered { get; } = new();
    public FragmentQueue Unordered { get; } = new();

    /// <summary>The next SSN or MID to deliver in order.</summary>
    public long NextOrdered { get; set; }

    /// <summary>How far the message that is next has come: the last fragment that follows its first one without a gap; null when that is not known.</summary>
    public Fragment? Tip { get; set; }
}

/// <summary>A complete user message, in a buffer that is used again.</summary>
internal sealed class ReceivedMessage
{
    private byte[] _buffer = [];

    public int Length { get; private set; }
    public int Capacity => _buffer.Length;
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, Length);

    /// <summary>Room for a message of that length; its bytes are to be written now.</summary>
    public Span<byte> Resize(int length)
    {
        if (_buffer.Length < length) _buffer = new byte[Math.Max(256, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length))];
        Length = length;
        return _buffer.AsSpan(0, length);
    }
}
