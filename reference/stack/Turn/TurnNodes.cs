using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Turn;

/// <summary>A <see cref="TurnClient"/> as a node.</summary>
/// <param name="copies">Datagrams get bytes of their own, which a world that keeps them needs; a socket that sends at once does not.</param>
public sealed class TurnClientNode(TurnClient client, bool copies = true) : MachineNode<TurnOutput, TurnEvent>(client, copies)
{
    public TurnClient Client => client;
}

/// <summary>A <see cref="TurnServer"/> as a node: at home at its listening addresses and at all that it may hand out.</summary>
/// <inheritdoc cref="TurnClientNode" path="/param"/>
public sealed class TurnServerNode(TurnServer server, bool copies = true) : MachineNode<TurnOutput, TurnEvent>(server, copies)
{
    public TurnServer Server => server;
}
