using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Peer;

/// <summary>
/// A <see cref="PeerConnection"/> as a node of a world or a UDP host: datagrams go to the network, everything else to <paramref name="onOutput"/>, whose bytes are
/// lent until it returns. It must not call into the peer; what it wants done waits until the node is called again.
/// </summary>
public sealed class PeerNode(PeerConnection peer, Action<Instant, PeerOutput> onOutput) : IWorldNode, IKeyLogSource
{
    public PeerConnection Peer => peer;

    public event Action<string>? KeyLogged;

    public Instant NextDeadline => peer.NextDeadline;

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) => peer.Receive(now, local, remote, datagram);

    public void Advance(Instant now) => peer.Advance(now);

    public bool TryTake(out Datagram datagram)
    {
        while (peer.TryTake(out var output))
        {
            if (output.Kind == PeerOutputKind.Transmit)
            {
                datagram = output.Datagram;
                return true;
            }
            if (output.Kind == PeerOutputKind.KeyLogged) KeyLogged?.Invoke(output.Note);
            onOutput(peer.Now, output);
        }
        datagram = default;
        return false;
    }
}
