namespace WebRtcConformance.Stack.Sctp.Receiving;

/// <summary>One inbound stream (RFC 9260 section 6.5): what of it is not complete, and which ordered message comes next.</summary>
internal sealed class IncomingStream
{
    public FragmentQueue Ordered { get; } = new();
    public FragmentQueue Unordered { get; } = new();

    /// <summary>The next SSN or MID to deliver in order.</summary>
    public long NextOrdered { get; set; }
}
