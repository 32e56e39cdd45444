using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.DataChannels;

/// <summary>The <see cref="DataChannelHub"/> of a peer as a node of a world, without DTLS below.</summary>
/// <param name="onEvent">Gets what is not for the network; bytes are lent until it returns.</param>
public sealed class DataChannelNode(DataChannelHub hub, TransportAddress local, TransportAddress remote, Action<Instant, DataChannelOutput> onEvent)
    : PacketNode<DataChannelOutput>(hub, local, remote, onEvent)
{
    public DataChannelHub Hub => hub;

    protected override Instant Now => hub.Now;

    protected override bool IsPacket(DataChannelOutput output, out ReadOnlyMemory<byte> bytes)
    {
        bytes = output.Bytes;
        return output.Kind == DataChannelOutputKind.Transmit;
    }
}
