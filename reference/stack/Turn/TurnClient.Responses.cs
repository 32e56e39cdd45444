using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;
using WebRtcConformance.Wire.Turn;

namespace WebRtcConformance.Stack.Turn;

/// <summary>Receiving responses (RFC 8656 sections 7.3, 7.4, 8.3, 10.3 and 12.3).</summary>
public sealed partial class TurnClient
{
    private void ReceiveResponse(Instant now, TransportAddress local, TransportAddress remote, in StunReading reading)
    {
        if (!_transactions.TryFind(reading.Id, remote, out var transaction))
        {
            Discard(local, remote, DiscardReason.UnknownTransaction, "RFC8489:6.3", $"no transaction {reading.Id} is in progress");
            return;
        }
        var pending = transaction.Tag;
        if (local != transaction.Local || remote != transaction.Remote || reading.Message.Method != pending.Method)
        {
            Discard(local, remote, DiscardReason.WrongAddress, "RFC8656:5", "the response comes from, or to, elsewhere, or is of another method");
            return;
        }
        switch (_longTerm.Receive(pending.Sent!, reading, default, out var next))
        {
            case LongTermReaction.Discard:
                transaction.IntegrityViolated = true;
                Discard(local, remote, DiscardReason.Unauthenticated, "RFC8489:9.2.5", "the response is not authentic");
                break;
            case LongTermReaction.Retry:
                _transactions.Finish(transaction);
                pending.Next = next;
                Start(now, pending);
                break;
            case LongTermReaction.Rejected:
                _transactions.Finish(transaction);
                Fail(now, pending, TurnFailure.CredentialsRejected, TurnAttributes.ReadError(reading));
                break;
            default:
                _transactions.Finish(transaction);
                Deliver(now, pending, reading);
                break;
        }
    }

    /// <summary>RFC 8489 sections 6.3.3 and 6.3.4.</summary>
    private void Deliver(Instant now, Pending pending, in StunReading reading)
    {
        var code = TurnAttributes.ReadError(reading);
        var isSuccess = reading.Message.Class == StunClass.SuccessResponse;
        var unknown = reading.TypesWhere(type => type.IsComprehensionRequired() && !TurnAttributes.Understands(type, dontFragment: true));
        if (unknown.Count > 0 || !isSuccess && code == 0) Fail(now, pending, TurnFailure.UnusableResponse, code);
        else if (!isSuccess) ReceiveError(now, pending, reading, code);
        else Succeed(now, pending, reading);
    }

    private void Succeed(Instant now, Pending pending, in StunReading reading)
    {
        switch (pending.Request)
        {
            case TurnRequest.Allocate:
                ReceiveAllocation(now, pending, reading);
                break;
            case TurnRequest.Refresh when TurnAttributes.ReadLifetime(reading) is { } seconds:
                SetLifetime(now, TimeSpan.FromSeconds(seconds));
                _outbox.Add(new TurnEvent.Refreshed(TimeSpan.FromSeconds(seconds)));
                break;
            case TurnRequest.Refresh:
                Fail(now, pending, TurnFailure.UnusableResponse, 0);
                break;
            case TurnRequest.Delete:
                End(TurnEnd.Deleted);
                break;
            case TurnRequest.CreatePermission:
                foreach (var peer in pending.Peers) Permitted(now, peer);
                break;
            case TurnRequest.ChannelBind:
                ReceiveBinding(now, pending);
                break;
        }
        Upkeep(now);
        SendQueued(now);
    }

    /// <summary>RFC 8656 section 7.3.</summary>
    private void ReceiveAllocation(Instant now, Pending pending, in StunReading reading)
    {
        var relayed = TurnAttributes.ReadRelayed(reading);
        if (relayed.Count is 0 or > 2 || TurnAttributes.ReadLifetime(reading) is not { } seconds)
        {
            Fail(now, pending, TurnFailure.UnusableResponse, 0);
            return;
        }
        var isWanted = _policy.Families switch
        {
            TurnFamilies.Both => relayed.Count == 1 || relayed[0].Family != relayed[1].Family,
            TurnFamilies.IPv6 => relayed is [{ Family: IpFamily.IPv6 }],
            _ => relayed is [{ Family: IpFamily.IPv4 }],
        };
        if (!isWanted)
        {
            // Section 7.3: the allocation MUST be deleted.
            _outbox.Add(new TurnEvent.Failed(TurnRequest.Allocate, TurnFailure.WrongFamily, 0, relayed));
            State = TurnClientState.Deleting;
            Start(now, TurnRequest.Delete, [TurnAttributes.Lifetime(TimeSpan.Zero)], []);
            return;
        }
        State = TurnClientState.Allocated;
        _relayed.AddRange(relayed);
        _visited.Clear();
        SetLifetime(now, TimeSpan.FromSeconds(seconds));
        StunAddresses.TryReadXorMapped(reading, out var mapped);
        _outbox.Add(new TurnEvent.Allocated([.. relayed], mapped, TimeSpan.FromSeconds(seconds)));
        if (reading.TryFind(StunAttributeType.AddressErrorCode, out var attribute) && attribute.TryGet(out AddressErrorCode.View error))
            _outbox.Add(new TurnEvent.FamilyRefused(TurnAttributes.FamilyOf(error.Family), error.Class * 100 + error.Number));
    }

    /// <summary>RFC 8656 section 8: the lifetime that the server has granted, not the one asked for.</summary>
    private void SetLifetime(Instant now, TimeSpan lifetime)
    {
        _expiresAt = now + lifetime;
        _deadlines.Set(Timer.Expiry, _expiresAt);
        var ahead = lifetime > 2 * _policy.RefreshAhead ? _policy.RefreshAhead : lifetime / 2;
        _deadlines.Set(Timer.Refresh, _quirks.Has(TurnQuirk.NeverRefreshes) ? Instant.Never : _expiresAt - ahead);
    }

    private void Permitted(Instant now, TransportAddress peer)
    {
        if (!_permissions.TryGetValue(peer.WithPort(0), out var permission)) return;
        var isNew = !permission.IsActive(now);
        permission.InProgress = false;
        permission.ExpiresAt = now + TurnNumbers.PermissionLifetime;
        permission.RefreshAt = _quirks.Has(TurnQuirk.NeverRefreshesPermissions) ? Instant.Never : now + _policy.PermissionRefresh;
        if (isNew) _outbox.Add(new TurnEvent.Permitted(peer.WithPort(0)));
    }

    /// <summary>RFC 8656 section 12.3: the binding is active, and so is the permission.</summary>
    private void ReceiveBinding(Instant now, Pending pending)
    {
        if (!_channels.TryGetValue(pending.Channel, out var channel)) return;
        var isNew = !channel.IsActive(now);
        channel.InProgress = false;
        channel.ExpiresAt = now + TurnNumbers.ChannelLifetime;
        channel.RefreshAt = _quirks.Has(TurnQuirk.NeverRefreshesChannels) ? Instant.Never : now + _policy.ChannelRefresh;
        if (isNew) _outbox.Add(new TurnEvent.ChannelBound(pending.Channel, channel.Peer));
        Permitted(now, channel.Peer);
    }

    /// <summary>RFC 8656 sections 7.4, 8.3 and 12.3: what another attempt may mend is tried again; the rest has failed.</summary>
    private void ReceiveError(Instant now, Pending pending, in StunReading reading, int code)
    {
        switch (pending.Request, code)
        {
            case (TurnRequest.Allocate, 437) when _local + 1 < Math.Min(_locals.Count, MaxAddresses):
                _local++;
                TryAgain(now, code, "from another address");
                break;
            case (TurnRequest.Allocate, 437):
                _local = 0;
                _notBefore = now + _policy.MismatchPause;
                Fail(now, pending, TurnFailure.ErrorResponse, code);
                break;
            case (TurnRequest.Allocate, 300) when TurnAttributes.TryReadAlternate(reading, out var alternate) && MayVisit(alternate):
                Server = alternate;
                _longTerm = new StunLongTermClient(_username, _password);
                TryAgain(now, code, "on the alternate server");
                break;
            case (TurnRequest.Allocate, 420) when _dontFragment:
                _dontFragment = false;
                TryAgain(now, code, "without DONT-FRAGMENT");
                break;
            case (TurnRequest.Allocate, 508) when _evenPort:
                _evenPort = false;
                TryAgain(now, code, "without EVEN-PORT");
                break;
            case (TurnRequest.Allocate, 486 or 508):
                _notBefore = now + _policy.CapacityPause;
                Fail(now, pending, TurnFailure.ErrorResponse, code);
                break;
            case (TurnRequest.Delete, 437):
                End(TurnEnd.Deleted);
                break;
            case (not TurnRequest.Allocate, 437):
                End(TurnEnd.Lost);
                break;
            default:
                Fail(now, pending, TurnFailure.ErrorResponse, code);
                break;
        }
    }

    /// <summary>RFC 8489 section 10: a server that has been asked already is not asked again.</summary>
    private bool MayVisit(TransportAddress server) =>
        server.Family == Local.Family && !_visited.Contains(server) && _visited.Distinct().Count() <= _policy.MaxRedirections;

    private void TryAgain(Instant now, int code, string how)
    {
        _outbox.Add(new TurnEvent.TriesAgain(TurnRequest.Allocate, code, how));
        StartAllocate(now);
    }

    private void Fail(Instant now, Pending pending, TurnFailure reason, int code)
    {
        if (pending.Request == TurnRequest.CreatePermission && pending.Peers.Count > 1 && reason == TurnFailure.ErrorResponse)
        {
            // Section 10.2 refuses all peers for the sake of one: ask for each.
            foreach (var peer in pending.Peers) StartPermissions(now, [peer]);
            return;
        }
        if (reason == TurnFailure.Timeout && IsStillThere(now, pending))
        {
            _outbox.Add(new TurnEvent.TriesAgain(pending.Request, 0, "after a timeout"));
            if (pending.Request == TurnRequest.Refresh) StartRefresh(now);
            if (_channels.TryGetValue(pending.Channel, out var bound)) bound.InProgress = false;
            foreach (var peer in pending.Peers)
            {
                if (_permissions.TryGetValue(peer, out var permission)) permission.InProgress = false;
            }
            Upkeep(now);
            return;
        }
        _outbox.Add(new TurnEvent.Failed(pending.Request, reason, code, pending.Peers));
        switch (pending.Request)
        {
            case TurnRequest.Allocate:
                State = TurnClientState.Idle;
                _visited.Clear();
                break;
            case TurnRequest.Delete:
                End(TurnEnd.Deleted); // it expires by itself
                break;
            case TurnRequest.CreatePermission:
                foreach (var peer in pending.Peers) Forbid(peer);
                break;
            case TurnRequest.ChannelBind when code == 400:
                // Section 12.3: the two sides are out of sync; delete the allocation.
                End(TurnEnd.OutOfSync);
                Start(now, TurnRequest.Delete, [TurnAttributes.Lifetime(TimeSpan.Zero)], []);
                State = TurnClientState.Deleting;
                break;
            case TurnRequest.ChannelBind:
                if (_channels.Remove(pending.Channel, out var channel)) _channelOf.Remove(channel.Peer);
                break;
        }
        Upkeep(now);
    }

    /// <summary>Whether what was to be refreshed has not run out, so that there is time to ask again.</summary>
    private bool IsStillThere(Instant now, Pending pending) => pending.Request switch
    {
        TurnRequest.Refresh => _expiresAt > now,
        TurnRequest.CreatePermission => pending.Peers.All(p => _permissions.TryGetValue(p, out var permission) && permission.IsActive(now)),
        TurnRequest.ChannelBind => _channels.TryGetValue(pending.Channel, out var channel) && channel.IsActive(now),
        _ => false,
    };

    /// <summary>The permission is not to be had: what waits for it is discarded, and its channels are not kept.</summary>
    private void Forbid(TransportAddress peer)
    {
        _permissions.Remove(peer);
        foreach (var channel in _channels.Values.Where(c => c.Peer.SameIp(peer))) channel.Wanted = false;
        for (var waiting = _queue.Count; waiting > 0; waiting--)
        {
            var item = _queue.Dequeue();
            if (!item.Peer.SameIp(peer)) _queue.Enqueue(item);
            else Discard(Local, item.Peer, DiscardReason.Unauthenticated, "RFC8656:11.1", "the permission was refused");
        }
    }
}
