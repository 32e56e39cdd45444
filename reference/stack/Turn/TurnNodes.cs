using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Turn;

/// <summary>A <see cref="TurnClient"/> as a node.</summary>
public sealed class TurnClientNode(TurnClient client) : MachineNode<TurnOutput, TurnEvent>(client)
{
    public TurnClient Client => client;
}

/// <summary>A <see cref="TurnServer"/> as a node: at home at its listening addresses and at all that it may hand out.</summary>
public sealed class TurnServerNode(TurnServer server) : MachineNode<TurnOutput, TurnEvent>(server)
{
    public TurnServer Server => server;
}
