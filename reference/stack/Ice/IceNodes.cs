using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>An <see cref="IceMachine"/> as a node.</summary>
public abstract class IceMachineNode(IceMachine machine) : MachineNode<IceOutput>(machine)
{
    protected override bool IsDatagram(IceOutput output, out Datagram datagram)
    {
        datagram = (output as IceOutput.Transmit)?.Datagram ?? default;
        return output is IceOutput.Transmit;
    }
}

/// <summary>An <see cref="IceEndpoint"/> as a node.</summary>
public sealed class IceNode(IceEndpoint endpoint) : IceMachineNode(endpoint)
{
    public IceEndpoint Endpoint => endpoint;
}

/// <summary>An <see cref="IceAgent"/> as a node.</summary>
public sealed class IceAgentNode(IceAgent agent) : IceMachineNode(agent)
{
    public IceAgent Agent => agent;
}
