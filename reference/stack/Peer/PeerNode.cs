using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Peer;

/// <summary>
/// A <see cref="PeerConnection"/> as a node of a world or a UDP host: datagrams go to the network, everything else to <paramref name="onOutput"/>, whose bytes are
/// lent until it returns. It must not call into the peer; what it wants done waits until the node is called again.
/// </summary>
/// <param name="copies">Datagrams get bytes of their own, which a world that keeps them needs; a socket that sends at once does not.</param>
public sealed class PeerNode(PeerConnection peer, Action<Instant, PeerOutput> onOutput, bool copies = true) : IWorldNode
{
    public PeerConnection Peer => peer;

    public Instant NextDeadline => peer.NextDeadline;

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) => peer.Receive(now, local, remote, datagram);

    public void Advance(Instant now) => peer.Advance(now);

    public bool TryTake(out Datagram datagram)
    {
        while (peer.TryTake(out var output))
        {
            if (output.Kind == PeerOutputKind.Transmit)
            {
                datagram = copies ? output.Datagram with { Bytes = output.Datagram.Bytes.ToArray() } : output.Datagram;
                return true;
            }
            onOutput(peer.Now, output);
        }
        datagram = default;
        return false;
    }
}
