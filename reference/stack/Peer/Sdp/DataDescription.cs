using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Text.TcpSdp;

namespace WebRtcConformance.Stack.Peer.Sdp;

/// <summary>RFC 8829 section 4.1.8: offer and answer; provisional answers and rollback are not played.</summary>
public enum DescriptionType
{
    Offer,
    Answer,
}

/// <summary>How a data section is written.</summary>
public enum DataSectionForm
{
    /// <summary>RFC 8841: "UDP/DTLS/SCTP webrtc-datachannel", "sctp-port".</summary>
    SctpPort,

    /// <summary>draft-ietf-mmusic-sctp-sdp-05: "DTLS/SCTP 5000", "sctpmap". aiortc offers it.</summary>
    Sctpmap,
}

/// <summary>One m= line as the peer wrote it: answers repeat it (RFC 3264 section 6).</summary>
public sealed record MediaLine(string Media, ushort Port, string Protocol, IReadOnlyList<string> Formats, string? Mid, bool BundleOnly)
{
    /// <summary>RFC 3264 section 6: a port of 0; RFC 9143 section 6 uses it for "bundle-only" in offers, too.</summary>
    public bool IsRejected => Port == 0 && !BundleOnly;

    public bool IsData => Media == "application"
        && (Protocol is "UDP/DTLS/SCTP" or "TCP/DTLS/SCTP" && Formats is ["webrtc-datachannel"] || Protocol == "DTLS/SCTP");
}

/// <summary>What a description of the peer says about data channels and the transport below them.</summary>
public sealed record DataDescription
{
    /// <summary>All m= lines, in order.</summary>
    public required IReadOnlyList<MediaLine> Sections { get; init; }

    /// <summary>Which of them is for data; -1 for none, or none that is accepted.</summary>
    public required int DataSection { get; init; }

    /// <summary>RFC 9143 section 7: the mids of the group; empty for none.</summary>
    public IReadOnlyList<string> Bundle { get; init; } = [];

    public DataSectionForm Form { get; init; }
    public IceCredentials Ice { get; init; } = new("", "");

    /// <summary>RFC 8839 section 5.3.</summary>
    public bool IceLite { get; init; }

    /// <summary>RFC 8839 section 5.6.</summary>
    public IReadOnlyList<string> IceOptions { get; init; } = [];

    /// <summary>RFC 8839 section 5.5; null: not said, so 50 ms.</summary>
    public TimeSpan? IcePacing { get; init; }

    /// <summary>What an ICE agent has to know of the peer beside candidates.</summary>
    public IceParameters IceParameters => new(Ice) { Lite = IceLite, Pacing = IcePacing, Options = IceOptions };

    public IReadOnlyList<CertificateFingerprint> Fingerprints { get; init; } = [];

    /// <summary>RFC 4145 section 4: "active" when it is not there.</summary>
    public SetupRole Setup { get; init; } = SetupRole.Active;

    /// <summary>RFC 8842 section 4.</summary>
    public string? TlsId { get; init; }

    /// <summary>RFC 8841 section 5; 0: no association is wanted (section 9.3).</summary>
    public ushort SctpPort { get; init; }

    /// <summary>RFC 8841 section 6.1: bytes, 64 K when it does not say; 0 for any size.</summary>
    public ulong MaxMessageSize { get; init; } = 65_536;

    public IReadOnlyList<IceCandidate> Candidates { get; init; } = [];

    /// <summary>RFC 8840 section 4.1: no more come.</summary>
    public bool EndOfCandidates { get; init; }

    /// <summary>Candidates that are of no use here, and why.</summary>
    public IReadOnlyList<Discard> Ignored { get; init; } = [];
}
