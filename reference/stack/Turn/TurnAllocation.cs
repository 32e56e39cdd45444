using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;

namespace WebRtcConformance.Stack.Turn;

/// <summary>What a server knows of one allocation (RFC 8656 section 6); the 5-tuple is the two addresses and UDP.</summary>
internal sealed class TurnAllocation(TransportAddress client, TransportAddress server, string username, TransactionId createdBy, int bytesPerSecond)
{
    private double _budget = bytesPerSecond;
    private Instant _budgetAt = Instant.Start;

    public TransportAddress Client => client;
    public TransportAddress Server => server;
    public string Username => username;

    /// <summary>Section 7.2, last note: an Allocate request of this id is a retransmission of the one that made the allocation.</summary>
    public TransactionId CreatedBy => createdBy;

    /// <summary>One relayed address, or one of each family.</summary>
    public List<TurnRelay> Relays { get; } = [];

    /// <summary>The relayed address that can reach the peer.</summary>
    public TurnRelay? RelayFor(TransportAddress peer)
    {
        foreach (var relay in Relays)
        {
            if (relay.Address.Family == peer.Family) return relay;
        }
        return null;
    }

    /// <summary>Section 5: data beyond the bandwidth quota is discarded. A bucket that holds what one second allows.</summary>
    public bool TrySpend(Instant now, int bytes)
    {
        if (bytesPerSecond <= 0) return true;
        _budget = Math.Min(bytesPerSecond, _budget + (now - _budgetAt).TotalSeconds * bytesPerSecond);
        _budgetAt = now;
        if (bytes > _budget) return false;
        _budget -= bytes;
        return true;
    }
}

/// <summary>One relayed transport address with its permissions and channels, which live and die with it.</summary>
internal sealed class TurnRelay(TurnAllocation allocation, TransportAddress address, QuirkSet<TurnQuirk> quirks)
{
    private readonly Dictionary<TransportAddress, Instant> _permissions = []; // by IP address, section 9: when it expires
    private readonly Dictionary<ushort, (TransportAddress Peer, Instant ExpiresAt)> _channels = [];
    private readonly Dictionary<TransportAddress, ushort> _channelOf = [];

    public TurnAllocation Allocation => allocation;
    public TransportAddress Address => address;
    public Instant ExpiresAt { get; set; }

    /// <summary>RFC 8656 section 9: IP addresses are compared, ports are not.</summary>
    public bool Permits(TransportAddress peer, Instant now) =>
        _permissions.TryGetValue(Key(peer), out var expiresAt) && (expiresAt > now || quirks.Has(TurnQuirk.NeverExpiresPermissions));

    /// <summary>RFC 8656 section 9: install or refresh.</summary>
    public void Permit(TransportAddress peer, Instant now) => _permissions[Key(peer)] = now + TurnNumbers.PermissionLifetime;

    /// <summary>How many of these peers would need a permission that is not there, plus those that are.</summary>
    public int PermissionsWith(IEnumerable<TransportAddress> peers, Instant now)
    {
        foreach (var expired in _permissions.Where(p => p.Value <= now && !quirks.Has(TurnQuirk.NeverExpiresPermissions)).Select(p => p.Key).ToArray())
            _permissions.Remove(expired);
        return _permissions.Count + peers.Select(Key).Distinct().Count(k => !_permissions.ContainsKey(k));
    }

    /// <summary>Channels bound now.</summary>
    public int ChannelCount(Instant now)
    {
        foreach (var (number, channel) in _channels.Where(c => c.Value.ExpiresAt <= now).ToArray())
        {
            _channels.Remove(number);
            _channelOf.Remove(channel.Peer);
        }
        return _channels.Count;
    }

    /// <summary>The peer that the channel is bound to.</summary>
    public bool TryPeer(ushort number, Instant now, out TransportAddress peer)
    {
        peer = default;
        if (!_channels.TryGetValue(number, out var channel) || channel.ExpiresAt <= now) return false;
        peer = channel.Peer;
        return true;
    }

    /// <summary>The channel that the peer, by its transport address, is bound to.</summary>
    public bool TryChannel(TransportAddress peer, Instant now, out ushort number) =>
        _channelOf.TryGetValue(peer, out number) && _channels[number].ExpiresAt > now;

    /// <summary>RFC 8656 section 12: bind or refresh.</summary>
    public void Bind(ushort number, TransportAddress peer, Instant now)
    {
        if (_channels.TryGetValue(number, out var old) && old.Peer != peer) _channelOf.Remove(old.Peer);
        if (_channelOf.TryGetValue(peer, out var other) && other != number) _channels.Remove(other);
        _channels[number] = (peer, now + TurnNumbers.ChannelLifetime);
        _channelOf[peer] = number;
    }

    private TransportAddress Key(TransportAddress peer) => quirks.Has(TurnQuirk.ComparesPeerPort) ? peer : peer.WithPort(0);
}
