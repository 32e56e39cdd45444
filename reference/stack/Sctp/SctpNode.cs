using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Sctp;

/// <summary>An <see cref="SctpAssociation"/> as a node of a world, without DTLS below.</summary>
/// <param name="onEvent">Gets what is not for the network; bytes are lent until it returns.</param>
public sealed class SctpNode(SctpAssociation association, TransportAddress local, TransportAddress remote, Action<Instant, SctpOutput> onEvent)
    : PacketNode<SctpOutput>(association, local, remote, onEvent)
{
    public SctpAssociation Association => association;

    protected override Instant Now => association.Now;

    protected override bool IsPacket(SctpOutput output, out ReadOnlyMemory<byte> bytes)
    {
        bytes = output.Bytes;
        return output.Kind == SctpOutputKind.Transmit;
    }
}
