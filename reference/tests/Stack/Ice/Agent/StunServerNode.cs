using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;

namespace WebRtcConformance.Reference.Tests.Stack.Ice.Agent;

/// <summary>A STUN server: tells everybody his address.</summary>
internal sealed class StunServerNode : IWorldNode
{
    private readonly Outbox<Datagram> _out = new();

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        var request = new IceOutput.Transmit(new Datagram(remote, local, datagram.ToArray()));
        _out.Add(new Datagram(local, remote, AgentGatheringTests.ServerAnswer(request, remote)));
    }

    public void Advance(Instant now)
    {
    }

    public Instant NextDeadline => Instant.Never;

    public bool TryTake(out Datagram datagram) => _out.TryTake(out datagram);
}
