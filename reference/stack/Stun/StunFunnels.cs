using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Stun;

/// <summary>
/// Where outgoing STUN messages may be tampered with. Composed and encoded are passed once a message, sealed once a
/// datagram: a retransmission passes <see cref="Sealed"/> again, and only that.
/// </summary>
public sealed class StunFunnels
{
    /// <summary>The typed message, without integrity and fingerprint. What is changed here goes out well authenticated.</summary>
    public Funnel<StunMessage> Composed { get; } = new();

    /// <summary>Its bytes, still without integrity and fingerprint.</summary>
    public Funnel<byte[]> Encoded { get; } = new();

    /// <summary>The datagram, as it leaves.</summary>
    public Funnel<byte[]> Sealed { get; } = new();
}

/// <summary>How a message is protected.</summary>
/// <param name="Integrity">Which integrity attributes to append.</param>
/// <param name="Key">Their key.</param>
/// <param name="Fingerprint">Whether to append FINGERPRINT.</param>
public readonly record struct StunSeal(StunIntegrityAlgorithms Integrity, ReadOnlyMemory<byte> Key, bool Fingerprint)
{
    /// <summary>Integrity before all other attributes: <see cref="Quirk.StunPlacesIntegrityFirst"/>.</summary>
    public bool IntegrityFirst { get; init; }

    /// <summary>FINGERPRINT before all other attributes: <see cref="Quirk.StunPlacesFingerprintFirst"/>.</summary>
    public bool FingerprintFirst { get; init; }
}

/// <summary>A datagram, and what the composed and encoded funnels want done with each transmission of it.</summary>
public readonly record struct SealedStun(byte[] Bytes, Disposition Disposition);
