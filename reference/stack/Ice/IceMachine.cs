using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>
/// RFC 8445 section 7 as far as messages go: how checks are composed, sent, answered and judged, and how role conflicts are repaired. What a check is good for
/// is said by the two machines that are built on it: <see cref="IceEndpoint"/>, which checks the pairs that it is given, and <see cref="IceAgent"/>, the full
/// agent.
/// <para>
/// The shape of every machine of this stack: <see cref="Receive"/>, <see cref="Advance"/>, <see cref="NextDeadline"/>,
/// <see cref="TryTake"/>, and commands beside them. After any call take until nothing is left. Any bytes may be received;
/// what has no effect becomes <see cref="IceOutput.Discarded"/>.
/// </para>
/// </summary>
public abstract partial class IceMachine : IMachine<IceOutput>
{
    private readonly StunAuthenticator _authenticator;
    private readonly StunServer _server;
    private readonly StunSealer _sealer;
    private readonly DelayLine _delayed = new();
    private readonly Outbox<IceOutput> _outbox = new();

    private protected IceMachine(IcePolicy policy, Entropy entropy, IceRole role, QuirkSet quirks, ulong? tieBreaker)
    {
        Policy = policy;
        Quirks = quirks;
        Entropy = entropy.Fork("ice");
        _authenticator = new StunAuthenticator(quirks);
        _server = new StunServer(_authenticator, quirks, policy.Software);
        _sealer = new StunSealer(Funnels, quirks);
        Checks = new StunTransactions<Check>(policy.Retransmission, entropy.Fork("stun/transaction-id"), quirks);
        Role = role;
        TieBreaker = tieBreaker ?? Entropy.UInt64();
    }

    private protected IcePolicy Policy { get; }

    private protected QuirkSet Quirks { get; }

    private protected Entropy Entropy { get; }

    private protected StunTransactions<Check> Checks { get; }

    /// <summary>Where outgoing messages may be tampered with.</summary>
    public StunFunnels Funnels { get; } = new();

    public IceRole Role { get; private set; }

    public ulong TieBreaker { get; private set; }

    /// <summary>The earliest of all timers, retransmissions and delayed datagrams.</summary>
    public Instant NextDeadline => Instant.Min(NextTimer, Instant.Min(Checks.NextDeadline, _delayed.Next));

    /// <summary>RFC 8489 section 6.3, in its order: form, method, class, transaction, fingerprint; then the class has its say.</summary>
    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (IsTakenElsewhere(now, local, remote, datagram)) return;
        if (!StunReading.TryRead(datagram, Quirks, out var reading, out var discard))
        {
            Discard(local, remote, discard);
            return;
        }
        if (reading.Message.Method != StunMethod.Binding && !Quirks.Has(Quirk.StunAnswersUnknownMethod))
        {
            Discard(local, remote, DiscardReason.Unsupported, "RFC8489:6.3", $"method {(ushort)reading.Message.Method:x3} is not supported");
            return;
        }

        StunTransaction<Check>? transaction = null;
        var isResponse = reading.Message.Class is StunClass.SuccessResponse or StunClass.ErrorResponse;
        if (isResponse && !TryFindCheck(reading.Id, remote, out transaction) && !Quirks.Has(Quirk.StunAnswersResponses))
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
        else if (reading.Message.Class == StunClass.Indication && !Quirks.Has(Quirk.StunAnswersIndications)) ReceiveIndication(local, remote, reading);
        else ReceiveRequest(now, local, remote, reading);
        AfterEvent(now);
    }

    /// <summary>Fire everything due at or before <paramref name="now"/>.</summary>
    public void Advance(Instant now)
    {
        while (_delayed.TryTakeDue(now, out var datagram)) Emit(new IceOutput.Transmit(datagram));
        Checks.Advance(now);
        HandleTransactionOutputs(now);
        FireTimers(now);
    }

    /// <summary>Take the next output.</summary>
    public bool TryTake(out IceOutput output) => _outbox.TryTake(out output);

    // ---- what the machine built on this one says ----

    /// <summary>The earliest of its timers.</summary>
    private protected abstract Instant NextTimer { get; }

    /// <summary>Do what its timers ask for.</summary>
    private protected abstract void FireTimers(Instant now);

    /// <summary>Something has come in or ended: start or stop timers.</summary>
    private protected abstract void AfterEvent(Instant now);

    /// <summary>Whether the datagram is no connectivity check and has been dealt with.</summary>
    private protected virtual bool IsTakenElsewhere(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) => false;

    /// <summary>The session that a request belongs to, by USERNAME; a request of no session is judged, and refused, by any.</summary>
    private protected abstract IceKeys KeysOf(in StunReading request);

    /// <summary>Whether requests that come to this address are answered still.</summary>
    private protected virtual bool Answers(TransportAddress local, IceKeys keys) => true;

    /// <summary>A request has been answered with success (sections 7.3.1.3 to 7.3.1.5).</summary>
    private protected abstract void Accepted(Instant now, IceKeys keys, TransportAddress local, in AcceptedCheck check);

    /// <summary>A check has succeeded (section 7.2.5.3); its transaction is over.</summary>
    private protected abstract void Succeeded(Instant now, Check check, TransportAddress mapped);

    /// <summary>A check has failed (section 7.2.5.2); its transaction is over.</summary>
    private protected abstract void Failed(Instant now, StunTransaction<Check> transaction, IceFailure reason, int code);

    /// <summary>Section 7.2.5.1: check the pair again, in the new role.</summary>
    private protected abstract void Repeat(CandidatePair pair);

    /// <summary>The role has changed, and with it who nominates.</summary>
    private protected abstract void RoleChanged(Instant now);

    private protected virtual bool TryFindCheck(TransactionId id, TransportAddress responder, out StunTransaction<Check> found) =>
        Checks.TryFind(id, responder, out found);

    private protected virtual void Finish(StunTransaction<Check> transaction) => Checks.Finish(transaction);

    // ---- what it may use ----

    private protected void Emit(IceOutput output) => _outbox.Add(output);

    private protected void Transmit(Instant now, TransportAddress local, TransportAddress remote, in SealedStun message)
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
            else Emit(new IceOutput.Transmit(datagram));
        }
    }

    private protected SealedStun Seal(Instant now, StunMessage message, in StunSeal seal) => _sealer.Seal(now, message, seal);

    private protected uint PriorityOf(uint typePreference, ushort localPreference) =>
        IcePriorities.Candidate(typePreference, localPreference, Policy.Component);

    private protected void SwitchTo(Instant now, IceRole role)
    {
        if (Role == role) return;
        Role = role;
        Emit(new IceOutput.RoleSwitched(role));
        RoleChanged(now);
    }

    private protected void Discard(TransportAddress local, TransportAddress remote, DiscardReason reason, string rule, string note) =>
        Discard(local, remote, new Discard(reason, rule, note));

    private protected void Discard(TransportAddress local, TransportAddress remote, Discard discard) =>
        Emit(new IceOutput.Discarded(local, remote, discard));

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
}
