namespace WebRtcConformance.Stack.Ice;

/// <summary>An <see cref="IceEndpoint"/> as a node.</summary>
public sealed class IceNode(IceEndpoint endpoint) : IceMachineNode<IceEndpoint>(endpoint)
{
    public IceEndpoint Endpoint => Machine;
}
