using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Turn;

namespace WebRtcConformance.Stack.Peer.Ice;

/// <summary>
/// An <see cref="IceAgent"/> as a peer's ICE transport: host candidates of every local address, server-reflexive and relayed ones from
/// <see cref="PeerPolicy.IceServers"/>.
/// Relays: AgentIceTransport.Relays.cs.
/// </summary>
public sealed partial class AgentIceTransport : IIceTransport
{
    private readonly PeerPolicy _policy;
    private readonly Entropy _entropy;
    private readonly IceAgent _agent;
    private readonly Outbox<IceTransportOutput> _outbox = new();
    private readonly List<string> _candidates = [];
    private readonly List<TransportAddress> _addresses = [];
    private (IceTransportState State, IcePath? Path) _told;
    private string _reason = "";
    private readonly bool _relaysOnly;
    private bool _remoteIsKnown, _mayGather, _gathers;

    /// <param name="policy">Of the peer; <see cref="PeerPolicy.Ice"/> and <see cref="PeerPolicy.IceServers"/> are used.</param>
    /// <param name="entropy">Its own substream.</param>
    /// <param name="credentials">The local fragment and password.</param>
    /// <param name="role">The role to begin with.</param>
    /// <param name="quirks">Rules of checks, of the agent and of the TURN client to break.</param>
    /// <param name="pacer">Of all agents of this implementation; null when it is the only one.</param>
    public AgentIceTransport(PeerPolicy policy, Entropy entropy, IceCredentials credentials, IceRole role, QuirkSet quirks = default, IcePacer? pacer = null)
    {
        (_policy, _entropy, _turnQuirks, _relaysOnly) = (policy, entropy, quirks.Turn, policy.IceTransportPolicy == IceTransportPolicy.Relay);
        IReadOnlyList<TransportAddress> stun = [.. policy.Ice.StunServers, .. policy.IceServers.Where(s => !s.IsTurn).Select(s => s.Address)];
        _agent = new IceAgent(policy.Ice with { StunServers = stun }, entropy, role, credentials, quirks, quirks.IceAgent, pacer: pacer);
    }

    public IceAgent Agent => _agent;

    public IceTransportState State => _told.State;

    public (TransportAddress Local, TransportAddress Remote)? Selected => _told.Path is { } path ? (path.Local, path.Remote) : null;

    public IReadOnlyList<string> LocalCandidates => _candidates;

    public bool GatheringIsComplete { get; private set; }

    public Instant NextDeadline => State == IceTransportState.Closed ? Instant.Never
        : Instant.Min(Instant.Min(_agent.NextDeadline, RelayDeadline), State == IceTransportState.Connected ? SilenceIsLongAt : Instant.Never);

    /// <summary>When the peer will have been silent for so long that the transport counts as disconnected.</summary>
    private Instant SilenceIsLongAt => _agent.ConsentAt is { } last ? last + _policy.DisconnectedAfter : Instant.Never;

    public bool ExpectsDataFrom(TransportAddress remote) => _agent.AcceptsData(remote);

    // ---- commands ----

    public void AddLocalAddress(Instant now, TransportAddress address)
    {
        if (_addresses.Contains(address)) return;
        _addresses.Add(address);
        if (!_relaysOnly) _agent.AddBase(now, address);
        AddRelays(now, address);
        if (_mayGather) Begin(now);
        Settle(now);
    }

    public void Gather(Instant now)
    {
        _mayGather = true;
        if (_addresses.Count > 0) Begin(now);
        Settle(now);
    }

    public void SetRemote(Instant now, IceParameters parameters)
    {
        _remoteIsKnown = true;
        _reason = "the peer's credentials are known";
        _agent.SetRemoteParameters(now, parameters);
        Settle(now);
    }

    public void AddRemoteCandidate(Instant now, IceCandidate candidate)
    {
        _agent.AddRemoteCandidate(now, candidate);
        Settle(now);
    }

    public void EndOfRemoteCandidates(Instant now)
    {
        _agent.EndOfRemoteCandidates(now);
        Settle(now);
    }

    public void Restart(Instant now, IceCredentials credentials)
    {
        _candidates.Clear();
        (GatheringIsComplete, _remoteIsKnown) = (false, false);
        _reason = "restarted";
        ReviveRelays(now);
        _agent.Restart(now, credentials);
        Settle(now);
    }

    public void Close(Instant now)
    {
        if (State == IceTransportState.Closed) return;
        CloseRelays(now);
        Settle(now);
        Tell(IceTransportState.Closed, null, "closed by command");
    }

    public bool TrySend(Instant now, ReadOnlyMemory<byte> data, out Datagram datagram)
    {
        datagram = default;
        if (State == IceTransportState.Closed || !_agent.TryRoute(now, out var path)) return false;
        datagram = new Datagram(path.Local, path.Remote, data);
        if (_addresses.Contains(path.Local)) return true;
        RelayOf(path.Local)?.Client.Send(now, path.Remote, data.Span);
        Settle(now);
        return false;
    }

    // ---- the machine ----

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (State == IceTransportState.Closed) return;
        if (RelayFor(local, remote, datagram) is { } relay) relay.Client.Receive(now, local, remote, datagram);
        else if (_relaysOnly) Discard(new Discard(DiscardReason.WrongAddress, "RFC8829:3.5.3", $"{remote} is no TURN server of ours, and relayed candidates alone are used"));
        else if (PacketKinds.Of(datagram) == PacketKind.Stun) _agent.Receive(now, local, remote, datagram);
        else Discard(new Discard(DiscardReason.NoEffect, "RFC8656:12.6", $"{remote} is no TURN server of ours"));
        Settle(now);
    }

    public void Advance(Instant now)
    {
        if (State == IceTransportState.Closed) return;
        _agent.Advance(now);
        AdvanceRelays(now);
        Settle(now);
        // A request to a TURN server may have its turn at once.
        if (_agent.NextDeadline > now) return;
        _agent.Advance(now);
        Settle(now);
    }

    public bool TryTake(out IceTransportOutput output) => _outbox.TryTake(out output);

    // ---- what comes of it ----

    private void Begin(Instant now)
    {
        if (_gathers) return;
        _gathers = true;
        _agent.Gather(now);
    }

    /// <summary>After anything: take what agent and relays have to say, and see whether the state has changed.</summary>
    private void Settle(Instant now)
    {
        if (_outbox.Count == 0) _arena.Reset();
        do
        {
            while (_agent.TryTake(out var output)) Process(now, output);
        }
        while (TakeFromRelays(now));
        Tell(StateAt(now), _agent.Path, _reason);
    }

    private void Process(Instant now, IceOutput output)
    {
        switch (output)
        {
            case IceOutput.Transmit transmit:
                if (_addresses.Contains(transmit.Datagram.Local)) _outbox.Add(new IceTransportOutput(IceTransportOutputKind.Transmit, transmit.Datagram));
                // When its allocation has ended: nowhere.
                else RelayOf(transmit.Datagram.Local)?.Client.Send(now, transmit.Datagram.Remote, transmit.Datagram.Bytes.Span);
                break;
            case IceOutput.CandidateGathered gathered:
                var line = IceText.Write(gathered.Candidate);
                _candidates.Add(line);
                _outbox.Add(new IceTransportOutput(IceTransportOutputKind.LocalCandidate, Note: line));
                break;
            case IceOutput.GatheringDone:
                GatheringIsComplete = true;
                _outbox.Add(new IceTransportOutput(IceTransportOutputKind.LocalCandidate));
                break;
            case IceOutput.RelayTurn: TakeRelayTurn(now); break;
            case IceOutput.PathChanged { Path: { } path }:
                _reason = $"data goes from {path.Local} to {path.Remote}";
                BindChannel(now, path);
                break;
            case IceOutput.ConsentLost lost: _reason = lost.Revoked ? "the peer has revoked its consent" : "the peer's consent has expired"; break;
            case IceOutput.StateChanged { State: IceState.Failed } when _agent.Path is null && !_reason.Contains("consent", StringComparison.Ordinal):
                _reason = "no pair of candidates works";
                break;
            case IceOutput.CandidateFreed freed: Release(now, freed.Base); break;
            case IceOutput.CandidateIgnored ignored: Discard(ignored.Discard); break;
            case IceOutput.Discarded discarded: Discard(discarded.Discard); break;
        }
    }

    /// <summary>W3C WebRTC, RTCIceTransportState.</summary>
    private IceTransportState StateAt(Instant now)
    {
        if (_told.State == IceTransportState.Closed) return IceTransportState.Closed;
        if (_agent.Path is not null) return now >= SilenceIsLongAt ? IceTransportState.Disconnected : IceTransportState.Connected;
        if (_agent.State == IceState.Failed) return IceTransportState.Failed;
        return _remoteIsKnown || _told.State is not IceTransportState.New ? IceTransportState.Checking : IceTransportState.New;
    }

    private void Tell(IceTransportState state, IcePath? path, string reason)
    {
        if (_told == (state, path)) return;
        if (state == IceTransportState.Connected && _told.State == IceTransportState.Disconnected) reason = "the peer responds again";
        if (state == IceTransportState.Disconnected) reason = $"no response to consent checks for {_policy.DisconnectedAfter.TotalSeconds} s";
        _told = (state, path);
        _outbox.Add(new IceTransportOutput(IceTransportOutputKind.Changed, Note: reason));
    }

    private void Discard(in Discard discard) => _outbox.Add(new IceTransportOutput(IceTransportOutputKind.Discarded, Discard: discard));
}
