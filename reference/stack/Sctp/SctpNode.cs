using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Sctp;

/// <summary>
/// An <see cref="SctpAssociation"/> as a node of a world, without DTLS below: packets go to the network, everything else to <paramref name="onEvent"/>,
/// whose bytes are lent until it returns.
/// </summary>
public sealed class SctpNode(SctpAssociation association, TransportAddress local, TransportAddress remote, Action<Instant, SctpOutput> onEvent) : IWorldNode
{
    private Instant _now = Instant.Start;

    public SctpAssociation Association => association;

    public Instant NextDeadline => association.NextDeadline;

    public void Receive(Instant now, TransportAddress at, TransportAddress from, ReadOnlySpan<byte> datagram)
    {
        _now = now;
        association.Receive(now, datagram);
    }

    public void Advance(Instant now)
    {
        _now = now;
        association.Advance(now);
    }

    public bool TryTake(out Datagram datagram)
    {
        while (association.TryTake(out var output))
        {
            if (output.Kind == SctpOutputKind.Transmit)
            {
                datagram = new Datagram(local, remote, output.Bytes.ToArray());
                return true;
            }
            onEvent(_now, output);
        }
        datagram = default;
        return false;
    }
}
