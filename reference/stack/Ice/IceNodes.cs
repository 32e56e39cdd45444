using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>An <see cref="IceEndpoint"/> as a node.</summary>
public sealed class IceNode(IceEndpoint endpoint) : MachineNode<IceOutput, IceOutput>(endpoint)
{
    public IceEndpoint Endpoint => endpoint;
}

/// <summary>An <see cref="IceAgent"/> as a node.</summary>
public sealed class IceAgentNode(IceAgent agent) : MachineNode<IceOutput, IceOutput>(agent)
{
    public IceAgent Agent => agent;
}
