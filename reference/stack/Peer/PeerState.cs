namespace WebRtcConformance.Stack.Peer;

/// <summary>Where offer and answer stand (W3C WebRTC, RTCSignalingState; RFC 8829 section 3.2).</summary>
public enum SignalingState
{
    Stable,
    HaveLocalOffer,
    HaveRemoteOffer,
    Closed,
}

/// <summary>W3C WebRTC, RTCIceTransportState.</summary>
public enum IceTransportState
{
    New,
    Checking,
    Connected,
    Disconnected,
    Failed,
    Closed,
}

/// <summary>W3C WebRTC, RTCDtlsTransportState.</summary>
public enum DtlsTransportState
{
    New,
    Connecting,
    Connected,
    Closed,
    Failed,
}

/// <summary>W3C WebRTC, RTCSctpTransportState, with a word for "not negotiated yet".</summary>
public enum SctpTransportState
{
    New,
    Connecting,
    Connected,
    Closed,
}

/// <summary>W3C WebRTC, RTCPeerConnectionState.</summary>
public enum PeerConnectionState
{
    New,
    Connecting,
    Connected,
    Disconnected,
    Failed,
    Closed,
}

/// <summary>The states of all layers at one moment.</summary>
public readonly record struct PeerState(SignalingState Signaling, IceTransportState Ice, DtlsTransportState Dtls, SctpTransportState Sctp)
{
    /// <summary>W3C WebRTC section 4.4.3, RTCPeerConnectionState: the first line that applies.</summary>
    public PeerConnectionState Connection => this switch
    {
        { Signaling: SignalingState.Closed } => PeerConnectionState.Closed,
        { Ice: IceTransportState.Failed } or { Dtls: DtlsTransportState.Failed } => PeerConnectionState.Failed,
        { Ice: IceTransportState.Disconnected } => PeerConnectionState.Disconnected,
        { Ice: IceTransportState.New or IceTransportState.Closed, Dtls: DtlsTransportState.New or DtlsTransportState.Closed } => PeerConnectionState.New,
        { Ice: IceTransportState.New or IceTransportState.Checking } or { Dtls: DtlsTransportState.New or DtlsTransportState.Connecting } => PeerConnectionState.Connecting,
        _ => PeerConnectionState.Connected,
    };
}
