using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 sections 6.1.4 and 7: when checks are sent, and what comes of those of both sides.</summary>
public sealed partial class IceAgent
{
    // ---- section 6.1.4.2: pacing ----

    private bool HasSomethingToSend() => HasSomethingToAsk || NextPair(remove: false) is not null;

    private bool HasSomethingToAsk => _gatherer.HasWaiting || _hasBegun && _queuedRelays > 0;

    private CandidatePair? NextPair(bool remove) =>
        Policy.ChecksByItself && !Policy.Lite && _current.Keys.Remote is { } remote ? _current.Checklist.NextFor(remote.Fragment, Role, remove) : null;

    /// <summary>
    /// Whenever Ta fires, one transaction: checks and gathering in turn, and for gathering STUN and TURN servers (section 14.1 paces all of them).
    /// </summary>
    private void Pace(Instant now)
    {
        _nextCheckAt = now + _ta;
        var gathers = HasSomethingToAsk && (_gatherersTurn || NextPair(remove: false) is null);
        _gatherersTurn = !gathers;
        if (gathers)
        {
            var asksRelay = _queuedRelays > 0 && (_relaysTurn || !_gatherer.HasWaiting);
            _relaysTurn = !asksRelay;
            if (asksRelay)
            {
                _queuedRelays--;
                Emit(new IceOutput.RelayTurn());
                return;
            }
            _gatherer.SendNext(now, _ta);
            HandleGathering(now);
            return;
        }
        if (NextPair(remove: true) is not { } pair) return;
        MakeRoomForCheck();
        var useCandidate = pair.NominateOnSuccess || Policy.Nomination == IceNomination.Aggressive || Quirked(IceAgentQuirk.NominatesAggressively);
        StartCheck(now, pair, _current.Keys, useCandidate && Role == IceRole.Controlling, PeerReflexivePriority(pair), CheckRto(_ta, _current.Checklist.Unfinished));
    }

    /// <summary>The limit of pending checks: a cancelled one is forgotten before its time. There is one, as a pair has one check at most that is not.</summary>
    private void MakeRoomForCheck()
    {
        if (Checks.InProgress.Count < Policy.MaxPendingChecks) return;
        if (Checks.InProgress.FirstOrDefault(c => c.Cancelled) is { } oldest) Checks.Finish(oldest);
    }

    /// <summary>Section 7.1.1: the priority that a peer-reflexive candidate learned from this check would have.</summary>
    private uint PeerReflexivePriority(CandidatePair pair) =>
        PriorityOf(IcePriorities.PeerReflexive, BaseAt(pair.Local)?.Preference ?? Policy.LocalPreference);

    // ---- section 7.3: checks of the peer ----

    private protected override bool IsTakenElsewhere(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (PacketKinds.Of(datagram) != PacketKind.Stun)
        {
            ReceiveData(local, remote, datagram);
            return true;
        }
        if (!_gatherer.TryReceive(now, local, remote, datagram)) return false;
        HandleGathering(now);
        AfterEvent(now);
        return true;
    }

    private protected override IceKeys KeysOf(in StunReading request) =>
        _previous is { } previous && request.TryFind(StunAttributeType.Username, out var username) && previous.Keys.IsValidUsername(username.Value)
            ? previous.Keys
            : _current.Keys;

    private IceSession? SessionOf(IceKeys keys) => _current.Keys == keys ? _current : _previous?.Keys == keys ? _previous : null;

    /// <summary>Section 8.1.2: requests are answered after completion, too; section 8.3.1: until candidates are freed.</summary>
    private protected override bool Answers(TransportAddress local, IceKeys keys)
    {
        if (SessionOf(keys) is not { Selected: { } selected } session) return true;
        if (Quirked(IceAgentQuirk.StopsAnsweringWhenCompleted)) return false;
        return !session.IsFreed || local == selected.Local;
    }

    private protected override void Accepted(Instant now, IceKeys keys, TransportAddress local, in AcceptedCheck check)
    {
        // A request of the session before the restart has its answer; there is nothing to learn from it.
        if (SessionOf(keys) != _current || BaseAt(local) is not { } @base) return;
        var remote = Learn(check);
        if (remote is null) return;
        // Section 7.3.1.4: the pair of where the request came to and where it came from.
        var pair = _current.Checklist.Find(local, check.Source) ?? AddPair(CandidateOf(@base), remote);
        if (pair is null || pair.IsRevoked) return;
        var foundation = FoundationOf(@base);
        if (!IsLearned(remote)) pair.Signal(remote.Priority, foundation, remote.Foundation);
        else if (!pair.IsSignalled) (pair.RemoteFragment, pair.Foundation) = (check.Fragment, (foundation, remote.Foundation));

        if (Policy.Lite)
        {
            // Section 7.3.2: a lite agent believes the peer's check.
            (pair.State, pair.IsValid, pair.ConsentAt) = (CandidatePairState.Succeeded, true, now);
            if (check.UseCandidate && Role == IceRole.Controlled) Nominate(now, pair);
            return;
        }
        if (pair.State == CandidatePairState.Failed && (pair == _current.Nominating || check.UseCandidate)) _current.NominationFailed = false;
        _current.Checklist.Trigger(pair, Checks, Quirks);

        // Section 7.3.1.5, for the controlled agent only.
        if (!check.UseCandidate || Role != IceRole.Controlled) return;
        if (pair.State == CandidatePairState.Succeeded || Quirks.Has(Quirk.IceNominatesUnverifiedPair)) Nominate(now, pair);
        else pair.NominateOnSuccess = true;
    }

    /// <summary>Section 7.3.1.3: an unknown source is a new peer-reflexive remote candidate, of a foundation unlike any other. Null when there are too many.</summary>
    private IceCandidate? Learn(in AcceptedCheck check)
    {
        if (_current.Remotes.TryGetValue(check.Source, out var known)) return known;
        // A nomination is worth more than what has led nowhere: between two NATs that map anew for each address checks can come from ever new ones.
        if (_current.Remotes.Count >= Policy.MaxRemoteCandidates && !(check.UseCandidate && TryForgetLearned()))
        {
            Ignore(DiscardReason.NoEffect, "RFC8445:6.1.2.5", $"a check from {check.Source}, and there are already {_current.Remotes.Count} remote candidates");
            return null;
        }
        var learned = new IceCandidate($"({check.Source})", Policy.Component, check.Priority, check.Source, IceCandidateType.PeerReflexive);
        return _current.Remotes[check.Source] = learned;
    }

    // ---- section 7.2.5: responses ----

    private protected override bool TryFindCheck(TransactionId id, TransportAddress responder, out StunTransaction<Check> found) =>
        base.TryFindCheck(id, responder, out found) || _consentChecks.TryFind(id, responder, out found);

    private protected override void Finish(StunTransaction<Check> transaction)
    {
        if (transaction.Tag.IsConsent) _consentChecks.Finish(transaction);
        else base.Finish(transaction);
    }

    /// <summary>Section 7.2.5.3.</summary>
    private protected override void Succeeded(Instant now, Check check, TransportAddress mapped)
    {
        var pair = check.Pair;
        if (SessionOf(check.Keys) is not { } session || pair.IsRevoked) return;
        pair.ConsentAt = now;
        RenewConsent(pair);
        if (check.IsConsent) return;
        Emit(new IceOutput.CheckSucceeded(pair.Local, pair.Remote, mapped, check.UseCandidate));
        if (!session.Checklist.Pairs.Contains(pair)) return; // cancelled by section 8.1.2 and removed
        pair.State = CandidatePairState.Succeeded;
        pair.IsValid = true;
        if (session.ValidSince == Instant.Never) session.ValidSince = now;
        LearnLocal(session, pair, check.Priority, mapped);
        session.Checklist.ThawFoundation(pair.Foundation); // section 7.2.5.3.3

        // Section 7.2.5.3.4.
        if (check.Role == IceRole.Controlling ? check.UseCandidate : pair.NominateOnSuccess)
        {
            session.Checklist.Unqueue(pair);
            Nominate(now, pair);
        }
        else if (session.Nominating == pair && pair.NominateOnSuccess && session.Selected is null)
        {
            session.Checklist.Enqueue(pair); // a cancelled check has answered; the nomination is still to come
        }
        else
        {
            session.Checklist.Unqueue(pair); // a triggered check would tell nothing new
        }
    }

    /// <summary>Section 7.2.5.3.1: an unknown mapped address is a peer-reflexive local candidate; its base is the pair's.</summary>
    private void LearnLocal(IceSession session, CandidatePair pair, uint priority, TransportAddress mapped)
    {
        pair.Mapped = mapped;
        if (session.HasLocal(mapped) || session.PeerReflexive.Count >= Policy.MaxPeerReflexiveLocals) return;
        var learned = new IceCandidate(
            $"({pair.Foundation.Local})", Policy.Component, priority, mapped, IceCandidateType.PeerReflexive) { Related = pair.Local, Base = pair.Local };
        session.PeerReflexive.Add(learned);
        Emit(new IceOutput.PeerReflexiveLearned(learned));
    }

    /// <summary>Section 7.2.5.2.</summary>
    private protected override void Failed(Instant now, StunTransaction<Check> transaction, IceFailure reason, int code)
    {
        var (check, pair) = (transaction.Tag, transaction.Tag.Pair);
        if (SessionOf(check.Keys) is not { } session || pair.IsRevoked) return;
        // RFC 7675 section 5.2: an authentic 403 revokes consent at once.
        if (code == 403 && pair == _dataPair && !Quirked(IceAgentQuirk.IgnoresRevocation)) LoseConsent(now, revoked: true);
        if (check.IsConsent) return; // section 5.1 there: one check without response means nothing
        Emit(new IceOutput.CheckFailed(pair.Local, pair.Remote, reason, code));
        if (pair.Transaction != transaction) return; // a newer check of the pair is what counts
        if (pair.State is not CandidatePairState.InProgress) return; // triggered anew
        pair.State = CandidatePairState.Failed;
        pair.IsValid = false;
        // Section 7.2.5.3.4, and 7.3.1.5 for the controlled agent: the nomination has failed, and with it the checklist.
        if (session.Selected is null && (pair.NominateOnSuccess || check.UseCandidate && Policy.Nomination == IceNomination.Regular)) session.NominationFailed = true;
        if (Role == IceRole.Controlled) pair.NominateOnSuccess = false;
        AfterEvent(now);
    }

    private protected override void Repeat(CandidatePair pair)
    {
        if (pair.State == CandidatePairState.InProgress && _current.Checklist.Pairs.Contains(pair)) _current.Checklist.Enqueue(pair);
    }
}
