namespace WebRtcConformance.Stack.Foundation;

/// <summary>A machine as a node of a world or a UDP host: datagrams go to the network, everything else to <see cref="TryTakeEvent"/>.</summary>
/// <param name="maxEvents">Events that wait to be taken; later ones are lost, so that an attacker cannot fill the memory of somebody who does not look.</param>
public abstract class MachineNode<TOutput, TEvent>(IMachine<TOutput> machine, int maxEvents = 65_536) : IWorldNode
    where TOutput : IMachineOutput<TEvent>
{
    private readonly Outbox<TEvent> _events = new();

    public Instant NextDeadline => machine.NextDeadline;

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) => machine.Receive(now, local, remote, datagram);

    public void Advance(Instant now) => machine.Advance(now);

    public bool TryTake(out Datagram datagram)
    {
        while (machine.TryTake(out var output))
        {
            if (output.TryGetDatagram(out datagram)) return true;
            if (_events.Count < maxEvents) _events.Add(output.Keep());
        }
        datagram = default;
        return false;
    }

    /// <summary>Take the next output that is not a datagram. Outputs arrive here as the pump drains datagrams.</summary>
    public bool TryTakeEvent(out TEvent happened) => _events.TryTake(out happened);
}

/// <summary>A machine of packets as a node of a world, with nothing below: packets go to the network, everything else to <paramref name="onEvent"/>,
/// whose bytes are lent until it returns.</summary>
public abstract class PacketNode<TOutput>(IPacketMachine<TOutput> machine, TransportAddress local, TransportAddress remote, Action<Instant, TOutput> onEvent) : IWorldNode
{
    public Instant NextDeadline => machine.NextDeadline;

    public void Receive(Instant now, TransportAddress at, TransportAddress from, ReadOnlySpan<byte> datagram) => machine.Receive(now, datagram);

    public void Advance(Instant now) => machine.Advance(now);

    public bool TryTake(out Datagram datagram)
    {
        while (machine.TryTake(out var output))
        {
            if (IsPacket(output, out var bytes))
            {
                datagram = new Datagram(local, remote, bytes);
                return true;
            }
            onEvent(Now, output);
        }
        datagram = default;
        return false;
    }

    /// <summary>The time of the machine's latest call, commands included: when what is taken now has happened.</summary>
    protected abstract Instant Now { get; }

    /// <summary>The output is for the network.</summary>
    protected abstract bool IsPacket(TOutput output, out ReadOnlyMemory<byte> bytes);
}
