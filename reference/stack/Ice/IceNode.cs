using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>An <see cref="IceEndpoint"/> as a node.</summary>
public sealed class IceNode(IceEndpoint endpoint) : MachineNode<IceOutput>(endpoint)
{
    public IceEndpoint Endpoint => endpoint;

    protected override bool IsDatagram(IceOutput output, out Datagram datagram)
    {
        datagram = (output as IceOutput.Transmit)?.Datagram ?? default;
        return output is IceOutput.Transmit;
    }
}
