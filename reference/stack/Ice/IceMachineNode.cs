using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>
/// An <see cref="IceMachine"/> as a node of a world or a UDP host: datagrams go to the network, everything else to
/// <see cref="TryTakeEvent"/>.
/// </summary>
public class IceMachineNode<TMachine>(TMachine machine) : IWorldNode where TMachine : IceMachine
{
    private readonly Outbox<IceOutput> _events = new();

    protected TMachine Machine => machine;

    public Instant NextDeadline => machine.NextDeadline;

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) =>
        machine.Receive(now, local, remote, datagram);

    public void Advance(Instant now) => machine.Advance(now);

    public bool TryTake(out Datagram datagram)
    {
        while (machine.TryTake(out var output))
        {
            if (output is IceOutput.Transmit transmit)
            {
                datagram = transmit.Datagram;
                return true;
            }
            _events.Add(output);
        }
        datagram = default;
        return false;
    }

    /// <summary>Take the next output that is not a datagram. Outputs arrive here as the pump drains datagrams.</summary>
    public bool TryTakeEvent(out IceOutput output) => _events.TryTake(out output);
}

/// <summary>An <see cref="IceAgent"/> as a node.</summary>
public sealed class IceAgentNode(IceAgent agent) : IceMachineNode<IceAgent>(agent)
{
    public IceAgent Agent => Machine;
}
