using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Turn;

/// <summary>
/// A TURN server over UDP (RFC 8656) that also answers Binding requests (RFC 8489 section 12): requests in TurnServer.Requests.cs, Allocate in
/// TurnServer.Allocate.cs, data in TurnServer.Relaying.cs. It has any number of listening addresses and hands out relayed addresses from the ranges of its policy;
/// each output says from which of them it goes. No reservation of ports: EVEN-PORT with R and RESERVATION-TOKEN are answered with 508.
/// <para>The shape of every machine of this stack; see reference/README.md.</para>
/// </summary>
public sealed partial class TurnServer : IMachine<TurnOutput>
{
    private readonly TurnServerPolicy _policy;
    private readonly QuirkSet<TurnQuirk> _quirks;
    private readonly Entropy _ports;
    private readonly Entropy _ids;
    private readonly StunLongTermServer? _longTerm;
    private readonly TurnSending _sending;
    private readonly StunAuthenticator _authenticator = new(QuirkSet.None);
    private readonly Func<StunAttributeType, bool> _isUnknown;
    private readonly HashSet<TransportAddress> _listening;
    private readonly Dictionary<FiveTuple, TurnAllocation> _allocations = [];
    private readonly Dictionary<TransportAddress, TurnRelay> _relays = [];
    private readonly Outbox<TurnOutput> _outbox = new();
    private Instant _nextExpiry = Instant.Never; // not later than the first expiry

    /// <summary>RFC 8656 section 6, without the protocol, which is UDP here.</summary>
    private readonly record struct FiveTuple(TransportAddress Client, TransportAddress Server);

    /// <param name="policy">Numbers and choices.</param>
    /// <param name="entropy">This server's own substream.</param>
    /// <param name="passwords">Passwords by username; not needed when the policy has no authentication.</param>
    /// <param name="listening">The addresses where clients reach it.</param>
    /// <param name="quirks">Rules to break.</param>
    public TurnServer(TurnServerPolicy policy, Entropy entropy, IReadOnlyDictionary<string, string> passwords,
        IEnumerable<TransportAddress> listening, QuirkSet<TurnQuirk> quirks = default)
    {
        _policy = policy;
        _quirks = quirks;
        _ports = entropy.Fork("turn/ports");
        _ids = entropy.Fork("turn/transaction-id");
        _listening = [.. listening];
        if (policy.Authentication is { } authentication)
        {
            if (quirks.Has(TurnQuirk.AcceptsStaleNonces)) authentication = authentication with { NonceLifetime = TimeSpan.FromDays(36_500) };
            _longTerm = new StunLongTermServer(authentication, passwords, entropy.Fork("turn/nonces"));
        }
        _sending = new TurnSending(Funnels, _outbox);
        _isUnknown = type => type.IsComprehensionRequired() && !TurnAttributes.Understands(type, policy.SupportsDontFragment);
    }

    /// <summary>Where outgoing messages may be tampered with.</summary>
    public TurnFunnels Funnels { get; } = new();

    /// <summary>Allocations there are.</summary>
    public int AllocationCount => _allocations.Count;

    /// <summary>The first expiry of an allocation, or what a tap holds back.</summary>
    public Instant NextDeadline => Instant.Min(_nextExpiry, _sending.NextDeadline);

    /// <summary>A datagram came to one of the listening or relayed addresses. Total.</summary>
    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        _sending.Begin();
        if (remote.Family == IpFamily.None) Discard(local, remote, DiscardReason.WrongAddress, "RFC8656:11.3", "it comes from nowhere");
        else if (_relays.TryGetValue(local, out var relay)) ReceiveFromPeer(now, relay, remote, datagram);
        else if (_listening.Contains(local)) ReceiveFromClient(now, local, remote, datagram);
        else Discard(local, remote, DiscardReason.WrongAddress, "RFC8656:11.3", "neither a listening nor a relayed address");
    }

    /// <summary>Let expire what is due (RFC 8656 section 6).</summary>
    public void Advance(Instant now)
    {
        _sending.Begin();
        _sending.Advance(now);
        if (_nextExpiry > now) return;
        if (!_quirks.Has(TurnQuirk.NeverExpiresAllocations))
        {
            foreach (var relay in _relays.Values.Where(r => r.ExpiresAt <= now).OrderBy(r => r.ExpiresAt).ThenBy(r => r.Address.Port).ToArray())
                End(relay, TurnEnd.Expired);
        }
        FindNextExpiry();
    }

    public bool TryTake(out TurnOutput output) => _outbox.TryTake(out output);

    /// <summary>RFC 8656 section 12, table 3: the first byte tells STUN from ChannelData.</summary>
    private void ReceiveFromClient(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        switch (PacketKinds.Of(datagram))
        {
            case PacketKind.Stun:
                ReceiveStun(now, local, remote, datagram);
                break;
            case PacketKind.TurnChannel:
                ReceiveChannelData(now, local, remote, datagram);
                break;
            default:
                Discard(local, remote, DiscardReason.Malformed, "RFC8656:12", "neither STUN nor ChannelData");
                break;
        }
    }

    /// <summary>RFC 8489 section 6.3.</summary>
    private void ReceiveStun(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (!StunReading.TryRead(datagram, QuirkSet.None, out var reading, out var discard))
        {
            Discard(local, remote, discard);
            return;
        }
        if (reading.Has(StunAttributeType.Fingerprint) && !_authenticator.HasRightFingerprint(reading))
        {
            Discard(local, remote, DiscardReason.BadChecksum, "RFC8489:7", "FINGERPRINT is wrong");
            return;
        }
        switch (reading.Message.Class)
        {
            case StunClass.Request:
                ReceiveRequest(now, local, remote, reading);
                break;
            case StunClass.Indication:
                ReceiveIndication(now, local, remote, reading);
                break;
            default:
                Discard(local, remote, DiscardReason.UnknownTransaction, "RFC8489:6.3", "a server sends no requests");
                break;
        }
    }

    private bool TryFindAllocation(TransportAddress local, TransportAddress remote, out TurnAllocation allocation) =>
        _allocations.TryGetValue(new FiveTuple(remote, local), out allocation!);

    /// <summary>RFC 8656 section 10.2: peers that the server does not relay to; its own listening addresses for section 21.1.7's sake.</summary>
    private bool IsForbidden(TransportAddress peer)
    {
        for (var i = 0; i < _policy.ForbiddenPeers.Count; i++)
        {
            if (_policy.ForbiddenPeers[i].Contains(peer)) return true;
        }
        return _listening.Contains(peer);
    }

    private void End(TurnRelay relay, TurnEnd reason)
    {
        var allocation = relay.Allocation;
        _relays.Remove(relay.Address);
        allocation.Relays.Remove(relay);
        if (allocation.Relays.Count == 0) _allocations.Remove(new FiveTuple(allocation.Client, allocation.Server));
        _outbox.Add(new TurnEvent.RelayEnded(allocation.Client, relay.Address, reason));
        FindNextExpiry();
    }

    private void FindNextExpiry()
    {
        _nextExpiry = Instant.Never;
        if (_quirks.Has(TurnQuirk.NeverExpiresAllocations)) return;
        foreach (var relay in _relays.Values) _nextExpiry = Instant.Min(_nextExpiry, relay.ExpiresAt);
    }

    private void Discard(TransportAddress local, TransportAddress remote, DiscardReason reason, string rule, string note) =>
        Discard(local, remote, new Discard(reason, rule, note));

    private void Discard(TransportAddress local, TransportAddress remote, Discard discard) =>
        _outbox.Add(new TurnEvent.Discarded(local, remote, discard));
}
