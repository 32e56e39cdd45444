using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.UseSrtp;

namespace WebRtcConformance.Stack.Dtls;

/// <summary>How the peer has to prove who it is.</summary>
public enum PeerAuthentication
{
    /// <summary>RFC 8122 section 5: its certificate matches a fingerprint that came by signalling; a client without a certificate is
    /// refused.</summary>
    Fingerprint,

    /// <summary>Any certificate will do, but its owner has to prove that it has the key.</summary>
    AnyCertificate,

    /// <summary>A server does not ask for a certificate.</summary>
    None,
}

/// <summary>Every number and choice of a <see cref="DtlsEndpoint"/>.</summary>
public sealed record DtlsPolicy
{
    // ---- what is offered and chosen, most preferred first ----

    /// <summary>RFC 8827 section 6.5 asks for TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256. A server uses those that fit its certificate: ECDSA.</summary>
    public IReadOnlyList<CipherSuite> CipherSuites { get; init; } =
    [
        CipherSuite.TlsEcdheEcdsaWithAes128GcmSha256, CipherSuite.TlsEcdheRsaWithAes128GcmSha256,
        CipherSuite.TlsEcdheEcdsaWithAes256GcmSha384, CipherSuite.TlsEcdheRsaWithAes256GcmSha384,
        CipherSuite.TlsEcdheEcdsaWithChacha20Poly1305Sha256, CipherSuite.TlsEcdheRsaWithChacha20Poly1305Sha256,
    ];

    /// <summary>RFC 8422 section 5.1.1.</summary>
    public IReadOnlyList<NamedGroup> Groups { get; init; } = [NamedGroup.X25519, NamedGroup.Secp256r1];

    /// <summary>RFC 5246 section 7.4.1.4.1: what the peer may sign with.</summary>
    public IReadOnlyList<SignatureScheme> SignatureSchemes { get; init; } =
    [
        SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.EcdsaSecp521r1Sha512,
        SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPkcs1Sha256, SignatureScheme.RsaPkcs1Sha384, SignatureScheme.RsaPkcs1Sha512,
    ];

    /// <summary>RFC 5764 section 4.1.1; none: use_srtp is not offered, and not answered.</summary>
    public IReadOnlyList<SRTPProtectionProfile> SrtpProfiles { get; init; } = [];

    /// <summary>RFC 7627 section 5.1.</summary>
    public bool ExtendedMasterSecret { get; init; } = true;

    /// <summary>RFC 7627 section 5.2: give up when the peer does not have it.</summary>
    public bool RequiresExtendedMasterSecret { get; init; }

    public PeerAuthentication PeerAuthentication { get; init; } = PeerAuthentication.Fingerprint;

    /// <summary>RFC 6347 section 4.2.1: a server answers a ClientHello without a good cookie with HelloVerifyRequest, and remembers
    /// nothing.</summary>
    public bool CookieExchange { get; init; }

    /// <summary>In the records of a client's first flight. RFC 5246 appendix E.1 leaves it open; most implementations say DTLS 1.0.</summary>
    public ProtocolVersion HelloRecordVersion { get; init; } = ProtocolVersion.Dtls10;

    // ---- flights ----

    /// <summary>RFC 6347 section 4.2.4.1: the first value of the retransmission timer.</summary>
    public TimeSpan RetransmissionTimer { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Section 4.2.4.1: it doubles up to this.</summary>
    public TimeSpan MaxRetransmissionTimer { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often one flight is sent, at most, before the handshake is given up. RFC 6347 has no limit.</summary>
    public int MaxTransmissions { get; init; } = 40;

    /// <summary>A repeated flight of the peer leads to a retransmission (section 4.2.4), but to no more than one in this time.</summary>
    public TimeSpan RepeatedFlightInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>RFC 6347 section 4.1.1.1: bytes of a datagram, without UDP and IP headers; handshake messages are cut so that they fit.</summary>
    public int MaxDatagram { get; init; } = 1200;

    /// <summary>Several records go into one datagram (section 4.1.1).</summary>
    public bool SharesDatagrams { get; init; } = true;

    /// <summary>Several messages go into one record (section 4.2.3).</summary>
    public bool SharesRecords { get; init; }

    /// <summary>Bytes of a message in one fragment, at most; 0: as many as fit.</summary>
    public int MaxFragmentBody { get; init; }

    // ---- bounds ----

    /// <summary>Bytes of a handshake message; longer ones are not put together.</summary>
    public int MaxMessageSize { get; init; } = 32 * 1024;

    /// <summary>How many messages beyond the next one are kept.</summary>
    public int MaxEarlyMessages { get; init; } = 8;

    /// <summary>Bytes of all messages that are being put together.</summary>
    public int MaxReassemblyBytes { get; init; } = 64 * 1024;

    /// <summary>Gaps in a message that is being put together.</summary>
    public int MaxGaps { get; init; } = 64;

    /// <summary>Bytes of records of the next epoch that are kept until its keys are in use, and of application data until Finished.</summary>
    public int MaxEarlyBytes { get; init; } = 32 * 1024;

    /// <summary>How many of them.</summary>
    public int MaxEarlyRecords { get; init; } = 64;
}
