namespace WebRtcConformance.Stack.Foundation;

/// <summary>One UDP payload with both ends: <paramref name="Local"/> is the sender's own address.</summary>
public readonly record struct Datagram(TransportAddress Local, TransportAddress Remote, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// Something that lives at addresses and speaks in datagrams: all that a simulated world or a real UDP host needs to
/// know. The same node runs in both. Rules: after any call the pump takes until <see cref="TryTake"/> says no;
/// <see cref="Advance"/> fires everything due, so that <see cref="NextDeadline"/> is later than <c>now</c> afterwards;
/// <see cref="Receive"/> accepts any bytes and never throws.
/// </summary>
public interface IWorldNode
{
    /// <summary>A datagram came to <paramref name="local"/> from <paramref name="remote"/>; the span is valid during the call only.</summary>
    void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram);

    /// <summary>Time has passed: fire every deadline at or before <paramref name="now"/>.</summary>
    void Advance(Instant now);

    /// <summary>When <see cref="Advance"/> is next needed; <see cref="Instant.Never"/> when idle.</summary>
    Instant NextDeadline { get; }

    /// <summary>Take the next datagram to send. Its bytes are lent until the node is called again, this method included.</summary>
    bool TryTake(out Datagram datagram);
}
