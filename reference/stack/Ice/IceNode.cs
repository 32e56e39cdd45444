using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>
/// An <see cref="IceEndpoint"/> as a node of a world or a UDP host: datagrams go to the network, everything else to
/// <see cref="TryTakeEvent"/>.
/// </summary>
public sealed class IceNode(IceEndpoint endpoint) : IWorldNode
{
    private readonly Outbox<IceOutput> _events = new();

    public IceEndpoint Endpoint => endpoint;

    public Instant NextDeadline => endpoint.NextDeadline;

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) =>
        endpoint.Receive(now, local, remote, datagram);

    public void Advance(Instant now) => endpoint.Advance(now);

    public bool TryTake(out Datagram datagram)
    {
        while (endpoint.TryTake(out var output))
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
