using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Stack.Turn;
using WebRtcConformance.Wire.UseSrtp;

namespace WebRtcConformance.Stack.Peer;

/// <summary>
/// W3C WebRTC, RTCIceServer, with one address in place of URLs. With a username it is a TURN server, otherwise a STUN server; a TURN server is not asked as one.
/// </summary>
/// <param name="Username">In its OpaqueString form.</param>
/// <param name="Credential">The password, in its OpaqueString form.</param>
public sealed record IceServer(TransportAddress Address, string? Username = null, string? Credential = null)
{
    public bool IsTurn => Username is not null;
}

/// <summary>W3C WebRTC, RTCIceTransportPolicy; RFC 8829 section 3.5.3.</summary>
public enum IceTransportPolicy
{
    /// <summary>Every candidate.</summary>
    All,

    /// <summary>Relayed candidates alone: nobody but the TURN servers learns this side's addresses, and nothing is sent to the peer from them.</summary>
    Relay,
}

/// <summary>Every number and choice of a <see cref="PeerConnection"/>, and those of the machines inside it.</summary>
public sealed record PeerPolicy
{
    /// <summary>
    /// RFC 8445 section 12.1 allows data on any valid pair; a peer that follows RFC 5245 section 11.1 may not expect it before it has selected one, so to it data waits
    /// until then. Its section 14.2 advises a Ta of 50 ms and allows others down to 5 ms (appendix B.1: that much no path minds), which is what is proposed here: a peer
    /// that does not propose the same still gets its own.
    /// </summary>
    public IcePolicy Ice { get; init; } = new() { EarlyData = IceEarlyData.ToPeersWithIce2, Ta = TimeSpan.FromMilliseconds(5) };

    /// <summary>W3C WebRTC, RTCConfiguration.iceServers: where server-reflexive and relayed candidates come from.</summary>
    public IReadOnlyList<IceServer> IceServers { get; init; } = [];

    /// <summary>Which candidates are used.</summary>
    public IceTransportPolicy IceTransportPolicy { get; init; } = IceTransportPolicy.All;

    /// <summary>How TURN servers are used.</summary>
    public TurnClientPolicy Turn { get; init; } = new();

    /// <summary>
    /// After so long without a response to consent checks, which go out about each 5 s, ICE is "disconnected"; when consent expires (RFC 7675 section 5.1)
    /// it is "failed".
    /// </summary>
    public TimeSpan DisconnectedAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// RFC 5764 section 4.1: with use_srtp, as every other implementation, also where there is only data: media that joins later shares the association, and werift refuses a
    /// client that does not offer it.
    /// </summary>
    public DtlsPolicy Dtls { get; init; } = new() { SrtpProfiles = [SRTPProtectionProfile.SrtpAeadAes128Gcm, SRTPProtectionProfile.SrtpAes128CmHmacSha180] };

    /// <summary>Its remote port is what the peer's description says (RFC 8841 section 5).</summary>
    public SctpPolicy Sctp { get; init; } = new();

    /// <summary>Its bound on what the peer takes is what the peer's description says (RFC 8841 section 6).</summary>
    public DataChannelPolicy DataChannels { get; init; } = new();

    /// <summary>RFC 8829 section 5.3.1: to an offer of "actpass" an answerer says "active"; "passive" is allowed, too (RFC 8842 section 5.3).</summary>
    public DtlsRole RoleInAnswer { get; init; } = DtlsRole.Client;

    /// <summary>RFC 8842 section 5.2: an offer says "actpass"; a role is for tests of peers.</summary>
    public DtlsRole? RoleInOffer { get; init; }

    /// <summary>RFC 8842 section 4: "tls-id" in offers, and in answers to offers that have it.</summary>
    public bool TlsId { get; init; } = true;

    /// <summary>RFC 8838 section 3: the option "trickle" in descriptions.</summary>
    public bool Trickle { get; init; } = true;

    /// <summary>DTLS datagrams that are kept until ICE has a pair and the peer's description has come (RFC 8842 section 5.2).</summary>
    public int MaxEarlyDatagrams { get; init; } = 32;

    /// <summary>Bytes of them.</summary>
    public int MaxEarlyBytes { get; init; } = 32 * 1024;

    /// <summary>Bytes of a description that is read at all.</summary>
    public int MaxDescriptionBytes { get; init; } = 512 * 1024;

    /// <summary>RFC 8838 section 9: candidates kept for a session whose description has not come yet; the oldest makes room for another.</summary>
    public int MaxEarlyCandidates { get; init; } = 32;

    /// <summary>Candidates of the peer, however they come; more are not looked at.</summary>
    public int MaxRemoteCandidates { get; init; } = 100;
}
