using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Dtls;

/// <summary>A record before it is protected. The content is good during the tap only; a tap that wants other content sets other memory.</summary>
public record struct PlainRecord(ContentType Type, ProtocolVersion Version, ushort Epoch, ulong SequenceNumber, ReadOnlyMemory<byte> Content);

/// <summary>
/// Where what goes out may be tampered with, from the inside out. <see cref="Composed"/> and <see cref="Encoded"/> are passed once a message; a
/// retransmission passes
/// <see cref="Records"/> and <see cref="Sealed"/> again. Only <see cref="Sealed"/> delays; elsewhere a disposition drops, duplicates or replaces.
/// </summary>
public sealed class DtlsFunnels
{
    /// <summary>A handshake message, typed, with its message_seq; what is changed here enters the transcript as changed. Dropped: as if it had never
    /// been made.</summary>
    public Funnel<Handshake> Composed { get; } = new();

    /// <summary>Its bytes in one fragment, before they enter the transcript. Dropped: in the transcript, but not sent.</summary>
    public Funnel<byte[]> Encoded { get; } = new();

    /// <summary>A record before it is protected. Replaced: by the bytes of a whole record.</summary>
    public Funnel<PlainRecord> Records { get; } = new();

    /// <summary>The datagram, as it leaves.</summary>
    public Funnel<ReadOnlyMemory<byte>> Sealed { get; } = new();
}
