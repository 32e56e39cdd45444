using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Stack.Sctp;

/// <summary>Where outgoing packets may be tampered with; every packet passes once, a retransmission too, because it is a new packet.</summary>
public sealed class SctpFunnels
{
    /// <summary>The typed packet. What is changed here goes out under a right checksum.</summary>
    public Funnel<SctpPacket> Composed { get; } = new();

    /// <summary>Its bytes, before the checksum.</summary>
    public Funnel<byte[]> Encoded { get; } = new();

    /// <summary>The packet, as it leaves.</summary>
    public Funnel<byte[]> Sealed { get; } = new();

    internal bool AreIdle => Composed.IsEmpty && Encoded.IsEmpty && Sealed.IsEmpty;
}
