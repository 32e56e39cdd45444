using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;

namespace WebRtcConformance.Stack.Peer.Ice;

public enum IceTransportOutputKind
{
    /// <summary>Send <see cref="IceTransportOutput.Datagram"/>.</summary>
    Transmit,

    /// <summary><see cref="IIceTransport.State"/> or <see cref="IIceTransport.Selected"/> has changed; <see cref="IceTransportOutput.Note"/> says why.</summary>
    Changed,

    /// <summary>A candidate to be told to the peer: <see cref="IceTransportOutput.Note"/>; empty for the end.</summary>
    LocalCandidate,

    /// <summary>Data of the peer that has come through a relay: <see cref="IceTransportOutput.Datagram"/>, whose local address is the relayed one.</summary>
    Received,
    Discarded,
}

public readonly record struct IceTransportOutput(IceTransportOutputKind Kind, Datagram Datagram = default, string Note = "", Discard Discard = default);

/// <summary>
/// What a peer needs of an ICE agent, and no more: another agent can take the place of the one that is there. The machine shape of this stack.
/// </summary>
public interface IIceTransport
{
    IceTransportState State { get; }

    /// <summary>The pair over which data is sent; null while there is none.</summary>
    (TransportAddress Local, TransportAddress Remote)? Selected { get; }

    /// <summary>Candidate lines for the local description, as far as they are known.</summary>
    IReadOnlyList<string> LocalCandidates { get; }

    /// <summary>No more local candidates will come.</summary>
    bool GatheringIsComplete { get; }

    /// <summary>RFC 8445 section 12.2: data may come from any candidate of the peer, told or learned.</summary>
    bool ExpectsDataFrom(TransportAddress remote);

    void AddLocalAddress(Instant now, TransportAddress address);

    /// <summary>The local description is set: candidates may be told.</summary>
    void Gather(Instant now);

    /// <summary>The peer's description. Other credentials than before: the peer has restarted (RFC 8445 section 9).</summary>
    void SetRemote(Instant now, IceParameters parameters);

    void AddRemoteCandidate(Instant now, IceCandidate candidate);

    void EndOfRemoteCandidates(Instant now);

    /// <summary>A new session (RFC 8445 section 9): candidates are told anew.</summary>
    void Restart(Instant now, IceCredentials credentials);

    void Close(Instant now);

    /// <summary>Send data over <see cref="Selected"/>.</summary>
    /// <returns>True: <paramref name="datagram"/> is to be sent, with the bytes that were given. False: it goes through a relay, as outputs, or nowhere.</returns>
    bool TrySend(Instant now, ReadOnlyMemory<byte> data, out Datagram datagram);

    void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram);

    void Advance(Instant now);

    Instant NextDeadline { get; }

    bool TryTake(out IceTransportOutput output);
}
