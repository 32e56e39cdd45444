using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>
/// A small ICE agent (RFC 8445): one component of one data stream, host candidates. It answers the peer's connectivity
/// checks (section 7.3, in IceEndpoint.Server.cs), sends its own (section 7.2, in IceEndpoint.Client.cs), repairs role
/// conflicts and nominates. Consent and gathering are other machines.
/// <para>
/// The shape of every machine of this stack: <see cref="Receive"/>, <see cref="Advance"/>, <see cref="NextDeadline"/>,
/// <see cref="TryTake"/>, and commands beside them. After any call take until nothing is left. Any bytes may be received;
/// what has no effect becomes <see cref="IceOutput.Discarded"/>.
/// </para>
/// </summary>
public sealed partial class IceEndpoint : IMachine<IceOutput>
{
    private enum IceTimer
    {
        /// <summary>Ta: the next check may go out (section 14.2).</summary>
        Pacing,
    }

    private readonly IcePolicy _policy;
    private readonly QuirkSet _quirks;
    private readonly Entropy _entropy;
    private readonly StunAuthenticator _authenticator;
    private readonly StunServer _server;
    private readonly StunSealer _sealer;
    private readonly StunTransactions<Check> _transactions;
    private readonly Checklist _checklist;
    private readonly Deadlines<IceTimer> _deadlines = new();
    private readonly DelayLine _delayed = new();
    private readonly Outbox<IceOutput> _outbox = new();
    private readonly List<TransportAddress> _locals = [];
    private readonly List<RemoteCandidate> _remotes = [];
    private readonly IceCredentials _localCredentials;
    private readonly byte[] _localKey;
    private IceCredentials? _remoteCredentials;
    private byte[] _remoteKey = [];
    private Instant _nextCheckAt = Instant.Start;

    private readonly record struct RemoteCandidate(TransportAddress Address, uint Priority);

    /// <param name="policy">Numbers and choices.</param>
    /// <param name="entropy">This agent's own substream.</param>
    /// <param name="credentials">The local fragment and password.</param>
    /// <param name="role">The role to begin with.</param>
    /// <param name="quirks">Rules to break.</param>
    /// <param name="tieBreaker">The tiebreaker; drawn when null (section 16.1).</param>
    public IceEndpoint(IcePolicy policy, Entropy entropy, IceCredentials credentials, IceRole role,
        QuirkSet quirks = default, ulong? tieBreaker = null)
    {
        _policy = policy;
        _quirks = quirks;
        _entropy = entropy.Fork("ice");
        _localCredentials = credentials;
        _localKey = StunCredentials.ShortTermKey(credentials.Password);
        _authenticator = new StunAuthenticator(quirks);
        _server = new StunServer(_authenticator, quirks, policy.Software);
        _sealer = new StunSealer(Funnels, quirks);
        _transactions = new StunTransactions<Check>(policy.Retransmission, entropy.Fork("stun/transaction-id"), quirks);
        _checklist = new Checklist(policy.MaxPairs);
        Role = role;
        TieBreaker = tieBreaker ?? _entropy.UInt64();
    }

    /// <summary>Where outgoing messages may be tampered with.</summary>
    public StunFunnels Funnels { get; } = new();

    public IceRole Role { get; private set; }

    public ulong TieBreaker { get; private set; }

    public IceCredentials LocalCredentials => _localCredentials;

    /// <summary>The nominated pair (section 8.1.1); of several, that of the highest priority.</summary>
    public (TransportAddress Local, TransportAddress Remote)? Selected => _selected is { } pair ? (pair.Local, pair.Remote) : null;

    private CandidatePair? _selected;

    /// <summary>The earliest of pacing, retransmissions and delayed datagrams.</summary>
    public Instant NextDeadline => Instant.Min(_deadlines.Next, Instant.Min(_transactions.NextDeadline, _delayed.Next));

    // ---- commands ----

    /// <summary>Use a local address (a host candidate, section 5.1.1.1).</summary>
    public void AddLocalCandidate(Instant now, TransportAddress address)
    {
        if (_locals.Contains(address)) return;
        _locals.Add(address);
        foreach (var remote in _remotes) Pair(address, remote);
        SchedulePacing(now);
    }

    /// <summary>The peer's fragment and password have become known. A second call changes them (a restart of the peer is a new endpoint).</summary>
    public void SetRemoteCredentials(Instant now, IceCredentials credentials)
    {
        _remoteCredentials = credentials;
        _remoteKey = StunCredentials.ShortTermKey(credentials.Password);
        SchedulePacing(now);
    }

    /// <summary>A candidate of the peer; paired with every local candidate of its family (section 6.1.2.2).</summary>
    public void AddRemoteCandidate(Instant now, TransportAddress address, uint priority)
    {
        if (_remotes.Any(r => r.Address == address)) return;
        var remote = new RemoteCandidate(address, priority);
        _remotes.Add(remote);
        foreach (var local in _locals) Pair(local, remote);
        SchedulePacing(now);
    }

    /// <summary>Send a check at once, whatever the checklist says.</summary>
    /// <param name="now">The time.</param>
    /// <param name="local">From where.</param>
    /// <param name="remote">To where.</param>
    /// <param name="useCandidate">With USE-CANDIDATE; a controlled agent does not send it (section 7.1.2).</param>
    /// <exception cref="InvalidOperationException">The peer's credentials are not known yet, or there are too many pairs.</exception>
    public void Check(Instant now, TransportAddress local, TransportAddress remote, bool useCandidate = false)
    {
        if (_remoteCredentials is null) throw new InvalidOperationException("a check needs the peer's credentials: call SetRemoteCredentials first");
        var pair = _checklist.FindOrAdd(local, remote, HostPriority, PeerReflexivePriority)
            ?? throw new InvalidOperationException($"there are already {_checklist.Count} pairs");
        SendCheck(now, pair, useCandidate);
        SchedulePacing(now);
    }

    // ---- the machine ----

    /// <summary>RFC 8489 section 6.3, in its order: form, method, class, transaction, fingerprint; then the class has its say.</summary>
    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (!StunReading.TryRead(datagram, _quirks, out var reading, out var discard))
        {
            Discard(local, remote, discard);
            return;
        }
        if (reading.Message.Method != StunMethod.Binding && !_quirks.Has(Quirk.StunAnswersUnknownMethod))
        {
            Discard(local, remote, DiscardReason.Unsupported, "RFC8489:6.3", $"method {(ushort)reading.Message.Method:x3} is not supported");
            return;
        }

        StunTransaction<Check>? transaction = null;
        var isResponse = reading.Message.Class is StunClass.SuccessResponse or StunClass.ErrorResponse;
        if (isResponse && !_transactions.TryFind(reading.Id, remote, out transaction) && !_quirks.Has(Quirk.StunAnswersResponses))
        {
            Discard(local, remote, DiscardReason.UnknownTransaction, "RFC8489:6.3", $"no transaction {reading.Id} is in progress");
            return;
        }
        if (!_authenticator.HasRightFingerprint(reading))
        {
            Discard(local, remote, DiscardReason.BadChecksum, "RFC8489:6.3", "FINGERPRINT is absent or wrong");
            return;
        }

        if (transaction is not null) ReceiveResponse(now, local, remote, reading, transaction);
        else if (reading.Message.Class == StunClass.Indication && !_quirks.Has(Quirk.StunAnswersIndications)) ReceiveIndication(local, remote, reading);
        else ReceiveRequest(now, local, remote, reading);
        SchedulePacing(now);
    }

    /// <summary>Fire everything due at or before <paramref name="now"/>.</summary>
    public void Advance(Instant now)
    {
        while (_delayed.TryTakeDue(now, out var datagram)) _outbox.Add(new IceOutput.Transmit(datagram));
        _transactions.Advance(now);
        HandleTransactionOutputs(now);
        while (_deadlines.TryTakeExpired(now, out _)) PaceChecks(now);
    }

    /// <summary>Take the next output.</summary>
    public bool TryTake(out IceOutput output) => _outbox.TryTake(out output);

    /// <summary>
    /// RFC 8489 section 6.3.2: no response to an indication; RFC 8445 section 11: Binding indications are keepalives
    /// without authentication.
    /// </summary>
    private void ReceiveIndication(TransportAddress local, TransportAddress remote, in StunReading indication)
    {
        var unknown = indication.TypesWhere(StunServer.IsUnknownRequired);
        if (unknown.Count > 0) Discard(local, remote, DiscardReason.NotUnderstood, "RFC8489:6.3.2", $"unknown attribute {(ushort)unknown[0]:x4}");
        else Discard(local, remote, DiscardReason.NoEffect, "RFC8489:6.3.2", "a Binding indication needs no answer");
    }

    private void Transmit(Instant now, TransportAddress local, TransportAddress remote, in SealedStun message)
    {
        var bytes = message.Disposition.RawBytes ?? message.Bytes;
        var disposition = message.Disposition;
        if (disposition.Dropped) return;
        var last = Funnels.Sealed.Pass(now, ref bytes);
        disposition = disposition.And(last);
        if (disposition.Dropped) return;
        var datagram = new Datagram(local, remote, last.RawBytes ?? bytes);
        for (var copy = 0; copy <= disposition.ExtraCopies; copy++)
        {
            if (disposition.DelayedBy > TimeSpan.Zero) _delayed.Add(now + disposition.DelayedBy, datagram);
            else _outbox.Add(new IceOutput.Transmit(datagram));
        }
    }

    private void Pair(TransportAddress local, RemoteCandidate remote)
    {
        if (!_policy.ChecksByItself || _policy.Lite || local.Family != remote.Address.Family) return;
        _checklist.FindOrAdd(local, remote.Address, HostPriority, remote.Priority)?.Signal();
    }

    /// <summary>RFC 8445 section 5.1.2.1, type preference 126 (section 5.1.2.2).</summary>
    private uint HostPriority => PriorityOf(126);

    /// <summary>RFC 8445 section 7.1.1: what PRIORITY says, with the type preference of peer-reflexive candidates, 110.</summary>
    private uint PeerReflexivePriority => PriorityOf(110);

    private uint PriorityOf(uint typePreference) => typePreference << 24 | (uint)_policy.LocalPreference << 8 | 256u - _policy.Component;

    private void SwitchTo(IceRole role)
    {
        if (Role == role) return;
        Role = role;
        _outbox.Add(new IceOutput.RoleSwitched(role));
        // Section 7.2.5.1, second note: the switch changes who nominates.
        _checklist.ForgetNominations();
        _nominating = false;
        PickNomination();
    }

    private void Discard(TransportAddress local, TransportAddress remote, DiscardReason reason, string rule, string note) =>
        Discard(local, remote, new Discard(reason, rule, note));

    private void Discard(TransportAddress local, TransportAddress remote, Discard discard) =>
        _outbox.Add(new IceOutput.Discarded(local, remote, discard));
}
