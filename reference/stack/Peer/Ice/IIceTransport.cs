using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Stack.Peer.Ice;

public enum IceTransportOutputKind
{
    /// <summary>Send <see cref="IceTransportOutput.Datagram"/>.</summary>
    Transmit,

    /// <summary><see cref="IIceTransport.State"/> or <see cref="IIceTransport.Selected"/> has changed; <see cref="IceTransportOutput.Note"/> says why.</summary>
    Changed,

    /// <summary>A candidate to be told to the peer: <see cref="IceTransportOutput.Note"/>; empty for the end.</summary>
    LocalCandidate,
    Discarded,
}

public readonly record struct IceTransportOutput(IceTransportOutputKind Kind, Datagram Datagram = default, string Note = "", Discard Discard = default);

/// <summary>
/// What a peer needs of an ICE agent, and no more: another agent can take the place of the one that is there. The machine shape of this stack.
/// </summary>
public interface IIceTransport
{
    IceTransportState State { get; }

    /// <summary>The pair over which data is sent; null until one is nominated.</summary>
    (TransportAddress Local, TransportAddress Remote)? Selected { get; }

    /// <summary>Candidate lines for the local description, as far as they are known.</summary>
    IReadOnlyList<string> LocalCandidates { get; }

    /// <summary>No more local candidates will come.</summary>
    bool GatheringIsComplete { get; }

    /// <summary>RFC 8445 section 12.2: data may come from any candidate of the peer, told or learned.</summary>
    bool ExpectsDataFrom(TransportAddress remote);

    void AddLocalAddress(Instant now, TransportAddress address);

    /// <param name="lite">The peer is lite (RFC 8445 section 2.5), and this side controls.</param>
    void SetRemote(Instant now, IceCredentials credentials, bool lite);

    void AddRemoteCandidate(Instant now, RemoteCandidate candidate);

    void EndOfRemoteCandidates(Instant now);

    void Close(Instant now);

    void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram);

    void Advance(Instant now);

    Instant NextDeadline { get; }

    bool TryTake(out IceTransportOutput output);
}
