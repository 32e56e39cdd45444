using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 section 12: which way application data goes, and whose is taken.</summary>
public sealed partial class IceAgent
{
    private CandidatePair? _dataPair;
    private IceSession? _dataSession;

    /// <summary>The way of data, if there is one. Whoever sends by himself over it says so here, too: the call counts as sending.</summary>
    public bool TryRoute(Instant now, out IcePath path)
    {
        path = default;
        if (_dataPair is not { } pair) return false;
        if (!_keepsUp) BeginConsent(now, pair);
        if (!HasConsent(now, pair) && !Quirked(IceAgentQuirk.SendsWithoutConsent)) return false;
        path = new IcePath(pair.Local, pair.Remote);
        NoteSent(now);
        return true;
    }

    /// <summary>Send application data (section 12.1). False: there is no pair to send it over, and nothing was sent.</summary>
    public bool Send(Instant now, ReadOnlyMemory<byte> data)
    {
        if (!TryRoute(now, out var path)) return false;
        Emit(new IceOutput.Transmit(new Datagram(path.Local, path.Remote, data)));
        return true;
    }

    /// <summary>
    /// Section 12.2: data is taken on every local candidate, from every address that the peer has told of or has sent a good check from. For those who hand
    /// datagrams on themselves; <see cref="IceMachine.Receive"/> makes <see cref="IceOutput.Data"/> of them.
    /// </summary>
    public bool AcceptsData(TransportAddress remote) => _current.Remotes.ContainsKey(remote) || _previous is { } previous && previous.Remotes.ContainsKey(remote);

    private void ReceiveData(TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty) Discard(local, remote, DiscardReason.Malformed, "RFC7983:7", "an empty datagram");
        else if (!AcceptsData(remote)) Discard(local, remote, DiscardReason.WrongAddress, "RFC8445:12.2", $"data from {remote}, which is no candidate of the peer");
        else Emit(new IceOutput.Data(local, remote, datagram.ToArray()));
    }

    /// <summary>
    /// Section 12.1: the selected pair; while a restart is under way that of the session before; before there is any, if the policy likes, the best valid pair.
    /// </summary>
    private void UpdatePath(Instant now)
    {
        var (pair, session) = ChoosePath();
        var isSelected = pair is not null && session?.Selected == pair;
        if (pair == _dataPair)
        {
            if (isSelected && !_keepsUp) BeginConsent(now, pair!);
            return;
        }
        (_dataPair, _dataSession) = (pair, session);
        EndConsent();
        if (isSelected) BeginConsent(now, pair!);
        Emit(new IceOutput.PathChanged(pair is null ? null : new IcePath(pair.Local, pair.Remote)));
    }

    private bool MaySendEarly => Policy.EarlyData == IceEarlyData.Always || Policy.EarlyData == IceEarlyData.ToPeersWithIce2 && _current.RemoteFollowsRfc8445;

    private (CandidatePair?, IceSession?) ChoosePath()
    {
        if (_current.Selected is { } selected) return selected.IsRevoked ? (null, null) : (selected, _current);
        if (_previous?.Selected is { IsRevoked: false } previous) return (previous, _previous);
        return MaySendEarly && _current.Checklist.BestValid(Role) is { } valid ? (valid, _current) : (null, null);
    }
}
