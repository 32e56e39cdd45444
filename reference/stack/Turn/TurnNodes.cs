using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Turn;

/// <summary>A <see cref="TurnClient"/> as a node of a world or a UDP host: datagrams go to the network, everything else to <see cref="TryTakeEvent"/>.</summary>
public sealed class TurnClientNode(TurnClient client) : IWorldNode
{
    private readonly Outbox<TurnOutput> _events = new();

    public TurnClient Client => client;

    public Instant NextDeadline => client.NextDeadline;

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) => client.Receive(now, local, remote, datagram);

    public void Advance(Instant now) => client.Advance(now);

    public bool TryTake(out Datagram datagram)
    {
        while (client.TryTake(out var output))
        {
            if (output is TurnOutput.Transmit transmit)
            {
                datagram = transmit.Datagram;
                return true;
            }
            if (_events.Count < TurnNodes.MaxEvents) _events.Add(output);
        }
        datagram = default;
        return false;
    }

    /// <summary>Take the next output that is not a datagram. Outputs arrive here as the pump drains datagrams.</summary>
    public bool TryTakeEvent(out TurnOutput output) => _events.TryTake(out output);
}

internal static class TurnNodes
{
    /// <summary>Events that wait to be taken; later ones are lost, so that an attacker cannot fill the memory of somebody who does not look.</summary>
    public const int MaxEvents = 65_536;
}

/// <summary>A <see cref="TurnServer"/> as a node: at home at its listening addresses and at all that it may hand out.</summary>
public sealed class TurnServerNode(TurnServer server) : IWorldNode
{
    private readonly Outbox<TurnOutput> _events = new();

    public TurnServer Server => server;

    public Instant NextDeadline => server.NextDeadline;

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) => server.Receive(now, local, remote, datagram);

    public void Advance(Instant now) => server.Advance(now);

    public bool TryTake(out Datagram datagram)
    {
        while (server.TryTake(out var output))
        {
            if (output is TurnOutput.Transmit transmit)
            {
                datagram = transmit.Datagram;
                return true;
            }
            if (_events.Count < TurnNodes.MaxEvents) _events.Add(output);
        }
        datagram = default;
        return false;
    }

    /// <summary>Take the next output that is not a datagram.</summary>
    public bool TryTakeEvent(out TurnOutput output) => _events.TryTake(out output);
}
