using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;

namespace WebRtcConformance.Stack.Turn;

/// <summary>How far a <see cref="TurnClient"/> has come.</summary>
public enum TurnClientState
{
    /// <summary>No allocation, and none is being made.</summary>
    Idle,

    /// <summary>An Allocate request is in progress, or waits until the server may be asked again.</summary>
    Allocating,

    /// <summary>There is an allocation.</summary>
    Allocated,

    /// <summary>A Refresh request with a lifetime of 0 is in progress.</summary>
    Deleting,
}

/// <summary>
/// A TURN client over UDP (RFC 8656): one allocation on one server. It keeps the allocation, the permissions and the channels alive for as long as they are
/// wanted. What is sent to a peer before its permission is there waits for it. Requests are in TurnClient.Requests.cs, their responses in TurnClient.Responses.cs,
/// data in TurnClient.Data.cs.
/// <para>The shape of every machine of this stack; see reference/README.md. Peers are named by their transport addresses; of permissions only the IP address counts.</para>
/// </summary>
public sealed partial class TurnClient : IMachine<TurnOutput>
{
    private enum Timer
    {
        /// <summary>A pause after 437, 486 or 508 is over.</summary>
        Pause,

        /// <summary>The allocation is to be refreshed.</summary>
        Refresh,

        /// <summary>The allocation ends.</summary>
        Expiry,

        /// <summary>The next permission or channel is due.</summary>
        Upkeep,
    }

    private const int MaxAddresses = 3; // section 7.4, 437: client transport addresses to try

    private readonly TurnClientPolicy _policy;
    private readonly QuirkSet<TurnQuirk> _quirks;
    private readonly string _username, _password;
    private readonly TurnSending _sending;
    private readonly StunAuthenticator _authenticator = new(QuirkSet.None);
    private readonly StunTransactions<Pending> _transactions;
    private readonly Entropy _ids;
    private readonly Deadlines<Timer> _deadlines = new();
    private readonly Outbox<TurnOutput> _outbox = new();
    private readonly IReadOnlyList<TransportAddress> _locals;
    private readonly List<TransportAddress> _visited = []; // servers asked, RFC 8489 section 10
    private readonly List<TransportAddress> _relayed = [];
    private readonly Dictionary<TransportAddress, Permission> _permissions = []; // by IP address
    private readonly SortedDictionary<ushort, Channel> _channels = [];
    private readonly Dictionary<TransportAddress, ushort> _channelOf = [];
    private readonly Queue<(TransportAddress Peer, byte[] Data)> _queue = new();
    private readonly Queue<Pending> _waiting = new(); // for their turn
    private StunLongTermClient _longTerm;
    private int _local;
    private Instant _notBefore = Instant.Start;
    private Instant _expiresAt = Instant.Never;
    private ushort _nextChannel = TurnNumbers.FirstChannel;
    private bool _dontFragment, _evenPort;

    private sealed class Permission
    {
        public bool Wanted, InProgress;
        public Instant RefreshAt = Instant.Start, ExpiresAt = Instant.Start;

        public bool IsActive(Instant now) => ExpiresAt > now;
    }

    private sealed class Channel
    {
        public required TransportAddress Peer;
        public bool Wanted, InProgress;
        public Instant RefreshAt = Instant.Start, ExpiresAt = Instant.Start;

        public bool IsActive(Instant now) => ExpiresAt > now;
    }

    /// <param name="policy">Numbers and choices.</param>
    /// <param name="entropy">This client's own substream.</param>
    /// <param name="locals">Where it sends from; the second and third are tried when the server says that the one before is in use (section 7.4, 437).</param>
    /// <param name="server">The server.</param>
    /// <param name="username">In its OpaqueString form.</param>
    /// <param name="password">In its OpaqueString form.</param>
    /// <param name="quirks">Rules to break.</param>
    /// <exception cref="ArgumentException">No local address, or the username does not fit USERNAME.</exception>
    public TurnClient(TurnClientPolicy policy, Entropy entropy, IReadOnlyList<TransportAddress> locals, TransportAddress server,
        string username, string password, QuirkSet<TurnQuirk> quirks = default)
    {
        if (locals.Count == 0) throw new ArgumentException("a client needs a local address", nameof(locals));
        (_policy, _quirks, _locals, Server, _username, _password) = (policy, quirks, locals, server, username, password);
        _longTerm = new StunLongTermClient(username, password);
        _sending = new TurnSending(Funnels, _outbox);
        _transactions = new StunTransactions<Pending>(policy.Retransmission, entropy.Fork("stun/transaction-id"), QuirkSet.None);
        _ids = entropy.Fork("turn/indication-id");
    }

    /// <summary>Where outgoing messages may be tampered with.</summary>
    public TurnFunnels Funnels { get; } = new();

    public TurnClientState State { get; private set; }

    /// <summary>The client's end of the 5-tuple.</summary>
    public TransportAddress Local => _locals[_local];

    /// <summary>The server; another one after a redirection.</summary>
    public TransportAddress Server { get; private set; }

    /// <summary>The relayed addresses: none, one, or one of each family.</summary>
    public IReadOnlyList<TransportAddress> Relayed => _relayed;

    /// <summary>Whether a request waits for <see cref="TakeTurn"/>.</summary>
    public bool WaitsForTurn => _waiting.Count > 0;

    /// <summary>The earliest of timers, retransmissions and what a tap holds back.</summary>
    public Instant NextDeadline => Instant.Min(_deadlines.Next, Instant.Min(_transactions.NextDeadline, _sending.NextDeadline));

    // ---- commands ----

    /// <summary>Ask for an allocation; at once, or when the server may be asked again (section 7.4: 437, 486, 508).</summary>
    /// <exception cref="InvalidOperationException">There is one, or it is being made or deleted.</exception>
    public void Allocate(Instant now)
    {
        if (State != TurnClientState.Idle) throw new InvalidOperationException($"an allocation cannot be asked for while {State}");
        State = TurnClientState.Allocating;
        _dontFragment = _policy.AsksForDontFragment;
        _evenPort = _policy.AsksForEvenPort;
        if (_notBefore > now) _deadlines.Set(Timer.Pause, _notBefore);
        else StartAllocate(now);
        HandleTransactionOutputs(now);
    }

    /// <summary>The first request that waits for its turn (<see cref="TurnClientPolicy.TakesTurns"/>) is sent.</summary>
    public void TakeTurn(Instant now)
    {
        if (_waiting.TryDequeue(out var pending)) Begin(now, pending);
        HandleTransactionOutputs(now);
    }

    /// <summary>Install a permission for the peer's IP address and keep it (section 9).</summary>
    /// <returns>False when there are too many, or no relayed address of its family.</returns>
    public bool Permit(Instant now, TransportAddress peer)
    {
        if (State != TurnClientState.Allocated || !CanReach(peer)) return false;
        if (!_permissions.TryGetValue(peer.WithPort(0), out var permission))
        {
            if (_permissions.Count >= _policy.MaxPermissions) return false;
            _permissions[peer.WithPort(0)] = permission = new Permission();
        }
        permission.Wanted = true;
        Upkeep(now);
        HandleTransactionOutputs(now);
        return true;
    }

    /// <summary>Bind a channel to the peer and keep it (section 12); data to the peer goes over it as soon as the server has confirmed.</summary>
    /// <returns>The channel's number; null when there are too many, or no relayed address of the peer's family.</returns>
    public ushort? Bind(Instant now, TransportAddress peer)
    {
        if (State != TurnClientState.Allocated || !CanReach(peer)) return null;
        ForgetRestedChannels(now);
        if (!_channelOf.TryGetValue(peer, out var number))
        {
            if (_channels.Count >= _policy.MaxChannels || !Permit(now, peer)) return null;
            number = ChooseChannel();
            _channels[number] = new Channel { Peer = peer };
            _channelOf[peer] = number;
        }
        _channels[number].Wanted = true;
        Upkeep(now);
        HandleTransactionOutputs(now);
        return number;
    }

    /// <summary>Let the peer's channel and the permission of its IP address expire; sections 9 and 12 know no other way to end them.</summary>
    public void Forget(TransportAddress peer)
    {
        if (_permissions.TryGetValue(peer.WithPort(0), out var permission)) permission.Wanted = false;
        if (_channelOf.TryGetValue(peer, out var number)) _channels[number].Wanted = false;
    }

    /// <summary>Delete the allocation (section 8).</summary>
    public void Close(Instant now)
    {
        if (State == TurnClientState.Allocated && !_quirks.Has(TurnQuirk.AbandonsAllocation))
        {
            State = TurnClientState.Deleting;
            CancelAll();
            _deadlines.Stop(Timer.Refresh);
            _deadlines.Stop(Timer.Upkeep);
            Start(now, TurnRequest.Delete, [TurnAttributes.Lifetime(TimeSpan.Zero)], []);
            HandleTransactionOutputs(now);
        }
        else if (State is TurnClientState.Allocated or TurnClientState.Allocating)
        {
            End(TurnEnd.Deleted);
        }
    }

    // ---- the machine ----

    /// <summary>Fire everything due at or before <paramref name="now"/>.</summary>
    public void Advance(Instant now)
    {
        _sending.Begin();
        _sending.Advance(now);
        _transactions.Advance(now);
        HandleTransactionOutputs(now);
        while (_deadlines.TryTakeExpired(now, out var timer))
        {
            switch (timer)
            {
                case Timer.Pause:
                    StartAllocate(now);
                    break;
                case Timer.Refresh:
                    StartRefresh(now);
                    break;
                case Timer.Expiry:
                    End(TurnEnd.Expired);
                    break;
                default:
                    Upkeep(now);
                    break;
            }
        }
        HandleTransactionOutputs(now);
    }

    public bool TryTake(out TurnOutput output) => _outbox.TryTake(out output);

    private bool CanReach(TransportAddress peer) => RelayedOf(peer.Family) != default;

    /// <summary>The relayed address of that family; none when there is none.</summary>
    public TransportAddress RelayedOf(IpFamily family)
    {
        foreach (var relayed in _relayed)
        {
            if (relayed.Family == family) return relayed;
        }
        return default;
    }

    private void End(TurnEnd reason)
    {
        // After OutOfSync, or a relayed address of the wrong family, the end of the Delete request is no news.
        var isNews = _relayed.Count > 0 || State == TurnClientState.Allocating;
        State = TurnClientState.Idle;
        CancelAll();
        foreach (var timer in Enum.GetValues<Timer>()) _deadlines.Stop(timer);
        _relayed.Clear();
        _permissions.Clear();
        _channels.Clear();
        _channelOf.Clear();
        while (_queue.TryDequeue(out var waiting))
            Discard(Local, waiting.Peer, DiscardReason.NoEffect, "RFC8656:6", "the allocation has ended");
        _nextChannel = TurnNumbers.FirstChannel;
        _expiresAt = Instant.Never;
        if (isNews) _outbox.Add(new TurnEvent.Ended(reason));
    }

    private void CancelAll()
    {
        _waiting.Clear();
        foreach (var transaction in _transactions.InProgress.ToArray()) _transactions.Finish(transaction);
    }

    private void Discard(TransportAddress local, TransportAddress remote, DiscardReason reason, string rule, string note) =>
        _outbox.Add(new TurnEvent.Discarded(local, remote, new Discard(reason, rule, note)));

    private static readonly IComparer<TransportAddress> ByAddress = Comparer<TransportAddress>.Create((a, b) =>
    {
        if (a.Family != b.Family) return a.Family.CompareTo(b.Family);
        Span<byte> left = stackalloc byte[16], right = stackalloc byte[16];
        var length = a.CopyAddressTo(left);
        b.CopyAddressTo(right);
        var order = left[..length].SequenceCompareTo(right[..length]);
        return order != 0 ? order : a.Port.CompareTo(b.Port);
    });
}
