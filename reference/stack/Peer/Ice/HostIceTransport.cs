using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Stack.Peer.Ice;

/// <summary>An <see cref="IceEndpoint"/> as a peer's ICE transport: host candidates, one component, no consent.</summary>
public sealed class HostIceTransport(IcePolicy policy, Entropy entropy, IceCredentials credentials, IceRole role, QuirkSet quirks = default) : IIceTransport
{
    private readonly IceEndpoint _endpoint = new(policy, entropy, credentials, role, quirks);
    private readonly Outbox<IceTransportOutput> _outbox = new();
    private readonly HashSet<TransportAddress> _remotes = [];
    private readonly List<string> _candidates = [];
    private TransportAddress _selectedRemote;

    public IceEndpoint Endpoint => _endpoint;

    public IceTransportState State { get; private set; }

    public (TransportAddress Local, TransportAddress Remote)? Selected => _endpoint.Selected;

    public IReadOnlyList<string> LocalCandidates => _candidates;

    public bool GatheringIsComplete => true;

    public Instant NextDeadline => State == IceTransportState.Closed ? Instant.Never : _endpoint.NextDeadline;

    public bool ExpectsDataFrom(TransportAddress remote) => _remotes.Contains(remote);

    public void AddLocalAddress(Instant now, TransportAddress address)
    {
        _endpoint.AddLocalCandidate(now, address);
        var line = CandidateLine.Host(address, _candidates.Count);
        _candidates.Add(line);
        _outbox.Add(new IceTransportOutput(IceTransportOutputKind.LocalCandidate, Note: line));
    }

    public void SetRemote(Instant now, IceCredentials remote, bool lite)
    {
        _endpoint.SetRemoteCredentials(now, remote);
        Change(IceTransportState.Checking, "the peer's credentials are known");
    }

    public void AddRemoteCandidate(Instant now, RemoteCandidate candidate)
    {
        Know(candidate.Address);
        _endpoint.AddRemoteCandidate(now, candidate.Address, candidate.Priority);
    }

    /// <summary>The endpoint has no state that waits for it.</summary>
    public void EndOfRemoteCandidates(Instant now)
    {
    }

    public void Close(Instant now) => Change(IceTransportState.Closed, "closed by command");

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (State != IceTransportState.Closed) _endpoint.Receive(now, local, remote, datagram);
    }

    public void Advance(Instant now)
    {
        if (State != IceTransportState.Closed) _endpoint.Advance(now);
    }

    public bool TryTake(out IceTransportOutput output)
    {
        while (!_outbox.TryTake(out output))
        {
            if (!_endpoint.TryTake(out var said)) return false;
            switch (said)
            {
                case IceOutput.Transmit transmit:
                    if (State == IceTransportState.Closed) continue;
                    output = new IceTransportOutput(IceTransportOutputKind.Transmit, transmit.Datagram);
                    return true;
                case IceOutput.CheckSucceeded check: Know(check.Remote); break;
                case IceOutput.RequestAccepted request: Know(request.From); break;
                case IceOutput.Nominated when _endpoint.Selected is { } pair && pair.Remote != _selectedRemote:
                    _selectedRemote = pair.Remote;
                    Change(IceTransportState.Connected, $"the pair {pair.Local} to {pair.Remote} is nominated");
                    break;
                case IceOutput.Discarded discarded:
                    output = new IceTransportOutput(IceTransportOutputKind.Discarded, Discard: discarded.Discard);
                    return true;
            }
        }
        return true;
    }

    private void Know(TransportAddress remote)
    {
        if (_remotes.Count < policy.MaxPairs) _remotes.Add(remote);
    }

    private void Change(IceTransportState state, string note)
    {
        if (State == IceTransportState.Closed || State == state && state != IceTransportState.Connected) return;
        if (state == IceTransportState.Checking && State != IceTransportState.New) return;
        State = state;
        _outbox.Add(new IceTransportOutput(IceTransportOutputKind.Changed, Note: note));
    }
}
