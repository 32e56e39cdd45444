namespace WebRtcConformance.Stack.Foundation;

/// <summary>A machine as a node of a world or a UDP host: datagrams go to the network, everything else to <see cref="TryTakeEvent"/>.</summary>
/// <param name="copies">Datagrams get bytes of their own: the machine lends its own ones until it is called again, and whoever runs the node keeps them longer.</param>
/// <param name="maxEvents">Events that wait to be taken; later ones are lost, so that an attacker cannot fill the memory of somebody who does not look.</param>
public abstract class MachineNode<TOutput, TEvent>(IMachine<TOutput> machine, bool copies = false, int maxEvents = 65_536) : IWorldNode
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
            if (output.TryGetDatagram(out datagram))
            {
                if (copies) datagram = datagram with { Bytes = datagram.Bytes.ToArray() };
                return true;
            }
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
    private Instant _now = Instant.Start;

    public Instant NextDeadline => machine.NextDeadline;

    public void Receive(Instant now, TransportAddress at, TransportAddress from, ReadOnlySpan<byte> datagram)
    {
        _now = now;
        machine.Receive(now, datagram);
    }

    public void Advance(Instant now)
    {
        _now = now;
        machine.Advance(now);
    }

    public bool TryTake(out Datagram datagram)
    {
        while (machine.TryTake(out var output))
        {
            if (IsPacket(output, out var bytes))
            {
                datagram = new Datagram(local, remote, bytes.ToArray());
                return true;
            }
            onEvent(_now, output);
        }
        datagram = default;
        return false;
    }

    /// <summary>The output is for the network.</summary>
    protected abstract bool IsPacket(TOutput output, out ReadOnlyMemory<byte> bytes);
}
