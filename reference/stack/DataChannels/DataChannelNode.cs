using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.DataChannels;

/// <summary>
/// The <see cref="DataChannelHub"/> of a peer as a node of a world, without DTLS below: packets go to the network, everything else to <paramref name="onEvent"/>,
/// whose bytes are lent until it returns.
/// </summary>
public sealed class DataChannelNode(DataChannelHub hub, TransportAddress local, TransportAddress remote, Action<Instant, DataChannelOutput> onEvent) : IWorldNode
{
    private Instant _now = Instant.Start;

    public DataChannelHub Hub => hub;

    public Instant NextDeadline => hub.NextDeadline;

    public void Receive(Instant now, TransportAddress at, TransportAddress from, ReadOnlySpan<byte> datagram)
    {
        _now = now;
        hub.Receive(now, datagram);
    }

    public void Advance(Instant now)
    {
        _now = now;
        hub.Advance(now);
    }

    public bool TryTake(out Datagram datagram)
    {
        while (hub.TryTake(out var output))
        {
            if (output.Kind == DataChannelOutputKind.Transmit)
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
