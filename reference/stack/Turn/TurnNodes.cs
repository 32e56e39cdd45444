using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Turn;

/// <summary>A machine of TURN as a node.</summary>
public abstract class TurnNode(IMachine<TurnOutput> machine) : MachineNode<TurnOutput>(machine, MaxEvents)
{
    private const int MaxEvents = 65_536;

    protected override bool IsDatagram(TurnOutput output, out Datagram datagram)
    {
        datagram = (output as TurnOutput.Transmit)?.Datagram ?? default;
        return output is TurnOutput.Transmit;
    }
}

/// <summary>A <see cref="TurnClient"/> as a node.</summary>
public sealed class TurnClientNode(TurnClient client) : TurnNode(client)
{
    public TurnClient Client => client;
}

/// <summary>A <see cref="TurnServer"/> as a node: at home at its listening addresses and at all that it may hand out.</summary>
public sealed class TurnServerNode(TurnServer server) : TurnNode(server)
{
    public TurnServer Server => server;
}
