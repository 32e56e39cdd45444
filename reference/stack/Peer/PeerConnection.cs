using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Peer.Ice;

namespace WebRtcConformance.Stack.Peer;

/// <summary>Makes the ICE agent of a peer, when its role is known.</summary>
public delegate IIceTransport IceTransportFactory(IceCredentials credentials, IceRole role);

/// <summary>
/// A whole peer for data channels: one transport, on it ICE, DTLS, SCTP and data channels (RFC 8829 with its data subset, RFC 8831). Offers and answers:
/// PeerConnection.Negotiation.cs; what passes between the layers: PeerConnection.Layers.cs.
/// <para>
/// The shape of every machine of this stack: <see cref="Receive"/>, <see cref="Advance"/>, <see cref="NextDeadline"/>, <see cref="TryTake"/>, and commands beside
/// them. After any call take until nothing is left. Any bytes and any descriptions may be received.
/// </para>
/// </summary>
public sealed partial class PeerConnection
{
    private readonly PeerPolicy _policy;
    private readonly Entropy _entropy;
    private readonly QuirkSet _quirks;
    private readonly IceTransportFactory _iceFactory;
    private readonly Entropy _iceCredentialEntropy;
    private IceCredentials _iceCredentials;
    private readonly LocalCertificate _certificate;
    private readonly DataChannelHub _hub;
    private readonly Outbox<PeerOutput> _outbox = new();
    private readonly List<TransportAddress> _addresses = [];
    private IIceTransport? _ice;
    private DtlsEndpoint? _dtls;
    private PeerState _state;
    private Instant _now = Instant.Start;

    /// <param name="policy">Numbers and choices.</param>
    /// <param name="entropy">This peer's own substream: the same one gives the same bytes.</param>
    /// <param name="certificate">Its identity; made from the entropy when null.</param>
    /// <param name="quirks">Rules to break, of any protocol inside it.</param>
    /// <param name="ice">Another ICE transport than an <see cref="AgentIceTransport"/>.</param>
    public PeerConnection(PeerPolicy policy, Entropy entropy, LocalCertificate? certificate = null, QuirkSet quirks = default,
        IceTransportFactory? ice = null)
    {
        (_policy, _entropy, _quirks) = (policy, entropy, quirks);
        _iceFactory = ice ?? ((credentials, role) => new AgentIceTransport(policy, entropy, credentials, role, quirks, Pacer));
        _iceCredentialEntropy = entropy.Fork("peer/ice-credentials");
        _iceCredentials = DrawCredentials();
        _certificate = certificate ?? LocalCertificate.Generate(entropy.Fork("peer/certificate"));
        _sessionId = entropy.Fork("peer/session-id").UInt64() >> 1;
        _tlsId = DrawText(entropy.Fork("peer/tls-id"), 24); // RFC 8842 section 4: 120 bits
        _earlyCandidates = new EarlyCandidates(policy.MaxEarlyCandidates);
        _hub = new DataChannelHub(policy.DataChannels, policy.Sctp, entropy, quirks);
    }

    /// <summary>The time of the latest call, commands included: when what is taken now has happened.</summary>
    public Instant Now => _now;

    public PeerState State => _state;

    /// <summary>
    /// The pace of all peers of this implementation (RFC 8445 section 14.2), to be set before the local description is; null when this one is alone.
    /// Whoever runs several sets it.
    /// </summary>
    public IcePacer? Pacer { get; set; }

    /// <summary>The data channels, and below them the association, for what is not passed on here.</summary>
    public DataChannelHub DataChannels => _hub;

    /// <summary>Null until both descriptions are there and ICE has a pair.</summary>
    public DtlsEndpoint? Dtls => _dtls;

    /// <summary>Null until the local description is set.</summary>
    public IIceTransport? Ice => _ice;

    public CertificateFingerprint Fingerprint => _certificate.Fingerprint;

    /// <summary>The pair of addresses in use.</summary>
    public (TransportAddress Local, TransportAddress Remote)? Selected => _ice?.Selected;

    public Instant NextDeadline => Instant.Min(_ice?.NextDeadline ?? Instant.Never, Instant.Min(_dtls?.NextDeadline ?? Instant.Never, HubDeadline));

    /// <summary>Without DTLS there is nobody whom its packets could reach.</summary>
    private Instant HubDeadline => _dtls is { IsConnected: true } ? _hub.NextDeadline : Instant.Never;

    // ---- commands ----

    /// <summary>Use a local address, at which datagrams come in and from which they go out. Before the local description it enters that; later it is trickled.</summary>
    public void AddLocalAddress(Instant now, TransportAddress address)
    {
        _now = now;
        if (_addresses.Contains(address)) return;
        _addresses.Add(address);
        _ice?.AddLocalAddress(now, address);
    }

    /// <summary>Open a channel, before or after the negotiation.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <returns>Null when no identifier is left, or the peer is closed.</returns>
    public DataChannel? CreateDataChannel(Instant now, DataChannelOptions options)
    {
        _now = now;
        return _state.Signaling == SignalingState.Closed ? null : _hub.Open(now, options);
    }

    public DataChannelSendResult Send(Instant now, DataChannel channel, bool text, ReadOnlySpan<byte> message)
    {
        _now = now;
        return _hub.Send(now, channel, text, message);
    }

    public void CloseChannel(Instant now, DataChannel channel)
    {
        _now = now;
        _hub.Close(now, channel);
    }

    /// <summary>W3C WebRTC section 4.4.1.6: abort the association, say close_notify, and be done.</summary>
    public void Close(Instant now)
    {
        if (_state.Signaling == SignalingState.Closed) return;
        _now = now;
        _hub.Abort(now);
        while (_hub.TryTake(out var output)) Keep(output);
        _dtls?.Close(now);
        while (_dtls is not null && _dtls.TryTake(out var output))
        {
            if (output.Kind != DtlsOutputKind.Transmit || _ice is null) continue;
            if (_ice.TrySend(now, output.Bytes.ToArray(), out var datagram)) _outbox.Add(PeerOutput.Transmit(datagram));
        }
        _ice?.Close(now);
        _early.Clear();
        Change(_state with
        {
            Signaling = SignalingState.Closed, Ice = IceTransportState.Closed, Dtls = DtlsTransportState.Closed, Sctp = SctpTransportState.Closed,
        }, "closed by command");
    }

    // ---- the machine ----

    /// <summary>RFC 7983 section 7: whose is it?</summary>
    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        _now = now;
        if (_state.Signaling == SignalingState.Closed) return;
        switch (PacketKinds.Of(datagram))
        {
            case PacketKind.Stun:
                if (_ice is null) Discard(DiscardReason.NoEffect, "RFC8445:7.3", "a check before the local description is set");
                else _ice.Receive(now, local, remote, datagram);
                break;
            case PacketKind.TurnChannel when _ice is not null: _ice.Receive(now, local, remote, datagram); break;
            case PacketKind.Dtls: ReceiveDtls(remote, datagram); break;
            case var other: Discard(DiscardReason.Unsupported, "RFC7983:7", $"{other}: {datagram.Length} bytes"); break;
        }
    }

    /// <summary>Fire everything due at or before <paramref name="now"/>.</summary>
    public void Advance(Instant now)
    {
        _now = now;
        if (_ice is not null && _ice.NextDeadline <= now) _ice.Advance(now);
        if (_dtls is not null && _dtls.NextDeadline <= now) _dtls.Advance(now);
        if (HubDeadline <= now) _hub.Advance(now);
    }

    /// <summary>RFC 8445 section 5.3: 24 and 128 bits of randomness at least.</summary>
    private IceCredentials DrawCredentials() => new(DrawText(_iceCredentialEntropy, 8), DrawText(_iceCredentialEntropy, 24));

    private static string DrawText(Entropy entropy, int length)
    {
        const string iceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        return string.Create(length, entropy, (text, source) =>
        {
            foreach (ref var character in text) character = iceChars[(int)source.UniformBelow(64)];
        });
    }

    private void Change(in PeerState state, string reason)
    {
        if (state == _state) return;
        _state = state;
        _outbox.Add(PeerOutput.StateChanged(state, reason));
    }

    private void Discard(DiscardReason reason, string rule, string note) => _outbox.Add(PeerOutput.Discarded(new Discard(reason, rule, note)));
}
