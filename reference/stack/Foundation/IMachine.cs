namespace WebRtcConformance.Stack.Foundation;

/// <summary>A machine without IO that knows addresses: what drives it needs to know no more. The rules are those of <see cref="IWorldNode"/>.</summary>
public interface IMachine<TOutput>
{
    /// <inheritdoc cref="IWorldNode.Receive"/>
    void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram);

    /// <inheritdoc cref="IWorldNode.Advance"/>
    void Advance(Instant now);

    /// <inheritdoc cref="IWorldNode.NextDeadline"/>
    Instant NextDeadline { get; }

    /// <summary>Take the next output.</summary>
    bool TryTake(out TOutput output);
}

/// <summary>A machine without IO that speaks to one peer in packets and leaves it to others how these get there.</summary>
public interface IPacketMachine<TOutput>
{
    /// <summary>A packet of the peer; the span is valid during the call only.</summary>
    void Receive(Instant now, ReadOnlySpan<byte> packet);

    /// <inheritdoc cref="IWorldNode.Advance"/>
    void Advance(Instant now);

    /// <inheritdoc cref="IWorldNode.NextDeadline"/>
    Instant NextDeadline { get; }

    /// <summary>Take the next output.</summary>
    bool TryTake(out TOutput output);
}
