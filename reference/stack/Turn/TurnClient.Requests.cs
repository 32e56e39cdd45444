using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;
using WebRtcConformance.Wire.Turn;

namespace WebRtcConformance.Stack.Turn;

/// <summary>Sending requests (RFC 8656 sections 7.1, 8.1, 10.1 and 12.1), and sending them again in time.</summary>
public sealed partial class TurnClient
{
    private const int PeersPerRequest = 16;

    /// <summary>What a transaction is about. One that has to be authenticated is started again with <see cref="Next"/>.</summary>
    private sealed class Pending(TurnRequest request, IReadOnlyList<StunAttribute> attributes, IReadOnlyList<TransportAddress> peers, ushort channel)
    {
        public TurnRequest Request => request;
        public IReadOnlyList<StunAttribute> Attributes => attributes;
        public IReadOnlyList<TransportAddress> Peers => peers;
        public ushort Channel => channel;

        /// <summary>The request as it was sent.</summary>
        public LongTermRequest? Sent { get; set; }

        /// <summary>The answer to a challenge.</summary>
        public LongTermRequest? Next { get; set; }

        public StunMethod Method => request switch
        {
            TurnRequest.Allocate => StunMethod.Allocate,
            TurnRequest.CreatePermission => StunMethod.CreatePermission,
            TurnRequest.ChannelBind => StunMethod.ChannelBind,
            _ => StunMethod.Refresh,
        };
    }

    /// <summary>RFC 8656 section 7.1.</summary>
    private void StartAllocate(Instant now)
    {
        List<StunAttribute> attributes = [];
        if (!_quirks.Has(TurnQuirk.OmitsRequestedTransport)) attributes.Add(new RequestedTransport { Protocol = ProtocolNumber.Udp });
        if (_policy.Lifetime is { } lifetime) attributes.Add(TurnAttributes.Lifetime(lifetime));
        if (_dontFragment) attributes.Add(new DontFragment());
        if (_evenPort) attributes.Add(new EvenPort());
        switch (_policy.Families)
        {
            case TurnFamilies.IPv4:
                attributes.Add(new RequestedAddressFamily { Family = AddressFamily.IPv4 });
                break;
            case TurnFamilies.IPv6:
                attributes.Add(new RequestedAddressFamily { Family = AddressFamily.IPv6 });
                break;
            case TurnFamilies.Both:
                attributes.Add(new AdditionalAddressFamily { Family = AddressFamily.IPv6 });
                break;
        }
        _visited.Add(Server);
        Start(now, TurnRequest.Allocate, attributes, []);
    }

    /// <summary>RFC 8656 section 8.1: all relayed addresses at once.</summary>
    private void StartRefresh(Instant now) =>
        Start(now, TurnRequest.Refresh, _policy.Lifetime is { } lifetime ? [TurnAttributes.Lifetime(lifetime)] : [], []);

    /// <summary>RFC 8656 section 10.1.</summary>
    private void StartPermissions(Instant now, IReadOnlyList<TransportAddress> peers)
    {
        foreach (var peer in peers)
        {
            if (_permissions.TryGetValue(peer, out var permission)) permission.InProgress = true;
        }
        Start(now, TurnRequest.CreatePermission, [.. peers.Select(TurnAttributes.Peer)], peers);
    }

    /// <summary>RFC 8656 section 12.1.</summary>
    private void StartChannelBind(Instant now, ushort number, Channel channel)
    {
        channel.InProgress = true;
        var shown = _quirks.Has(TurnQuirk.SharesOneChannel) ? TurnNumbers.FirstChannel : number;
        Start(now, TurnRequest.ChannelBind, [new ChannelNumber { Number = shown }, TurnAttributes.Peer(channel.Peer)], [channel.Peer], number);
    }

    /// <summary>Whatever is wanted and due: permissions first, then channels; what has run out is dropped.</summary>
    private void Upkeep(Instant now)
    {
        if (State != TurnClientState.Allocated) return;
        var due = _permissions.Where(p => p.Value is { Wanted: true, InProgress: false } && p.Value.RefreshAt <= now).Select(p => p.Key)
            .Order(ByAddress).ToArray(); // in a fixed order, so that runs repeat
        foreach (var peers in due.Chunk(PeersPerRequest)) StartPermissions(now, peers);
        foreach (var (number, channel) in _channels)
        {
            if (channel is { Wanted: true, InProgress: false } && channel.RefreshAt <= now) StartChannelBind(now, number, channel);
        }
        foreach (var (peer, permission) in _permissions.Where(p => p.Value is { Wanted: false, InProgress: false } && !p.Value.IsActive(now)).ToArray())
            _permissions.Remove(peer);

        var next = Instant.Never;
        foreach (var permission in _permissions.Values.Where(p => !p.InProgress))
            next = Instant.Min(next, permission.Wanted ? permission.RefreshAt : permission.ExpiresAt);
        foreach (var channel in _channels.Values.Where(c => c is { Wanted: true, InProgress: false })) next = Instant.Min(next, channel.RefreshAt);
        _deadlines.Set(Timer.Upkeep, next);
    }

    /// <summary>RFC 8656 section 12: a number that was never used, or has rested.</summary>
    private ushort ChooseChannel()
    {
        while (_channels.ContainsKey(_nextChannel)) Step();
        var number = _nextChannel;
        Step();
        return number;

        void Step() => _nextChannel = _nextChannel == TurnNumbers.LastChannel ? TurnNumbers.FirstChannel : (ushort)(_nextChannel + 1);
    }

    /// <summary>RFC 8656 section 12: number and peer of a binding stay together until 5 minutes after its end.</summary>
    private void ForgetRestedChannels(Instant now)
    {
        foreach (var (number, channel) in _channels.Where(c => c.Value is { Wanted: false, InProgress: false }
            && c.Value.ExpiresAt + TurnNumbers.ChannelRest <= now).ToArray())
        {
            _channels.Remove(number);
            _channelOf.Remove(channel.Peer);
        }
    }

    private void Start(Instant now, TurnRequest request, IReadOnlyList<StunAttribute> attributes, IReadOnlyList<TransportAddress> peers, ushort channel = 0)
    {
        // RFC 8656 section 5: SOFTWARE in all Allocate and Refresh requests.
        if (_policy.Software is not null && request is TurnRequest.Allocate or TurnRequest.Refresh or TurnRequest.Delete)
            attributes = [.. attributes, new Software { Value = _policy.Software! }];
        Start(now, new Pending(request, attributes, peers, channel));
    }

    private void Start(Instant now, Pending pending)
    {
        if (!_policy.TakesTurns || pending.Request is TurnRequest.Refresh or TurnRequest.Delete)
        {
            Begin(now, pending);
            return;
        }
        _waiting.Enqueue(pending);
        _outbox.Add(new TurnEvent.WaitsForTurn(pending.Request));
    }

    /// <summary>Each entry point ends with <see cref="HandleTransactionOutputs"/>, which sends it; not here, where a list may be being walked.</summary>
    private void Begin(Instant now, Pending pending) => _transactions.Start(now, Local, Server, id => Compose(now, pending, id), pending);

    private SealedStun Compose(Instant now, Pending pending, TransactionId id)
    {
        var plain = new StunMessage
        {
            Method = pending.Method, Class = StunClass.Request, TransactionId = id.ToArray(), Attributes = [.. pending.Attributes],
        };
        pending.Sent = pending.Next is { } next
            ? next with { Plain = plain, Message = next.Message with { TransactionId = id.ToArray() } }
            : _longTerm.Begin(plain);
        return _sending.Seal(now, pending.Sent.Message, pending.Sent.Seal);
    }

    private void HandleTransactionOutputs(Instant now)
    {
        while (_transactions.TryTake(out var output))
        {
            var transaction = output.Transaction;
            if (!output.Ended) _sending.Stun(now, transaction.Local, transaction.Remote, transaction.Request);
            else Fail(now, transaction.Tag, transaction.IntegrityViolated ? TurnFailure.IntegrityViolated : TurnFailure.Timeout, 0);
        }
    }
}
