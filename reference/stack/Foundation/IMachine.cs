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

/// <summary>An output of a machine that knows addresses: a datagram for the network, or something for whoever runs the machine.</summary>
/// <typeparam name="TEvent">The latter, when it is kept.</typeparam>
public interface IMachineOutput<TEvent>
{
    /// <summary>It is for the network.</summary>
    bool TryGetDatagram(out Datagram datagram);

    /// <summary>It is not: the same with bytes of its own.</summary>
    TEvent Keep();
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
