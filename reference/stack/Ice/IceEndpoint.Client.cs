using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 sections 7.1 and 7.2: STUN extensions and client procedures.</summary>
public sealed partial class IceEndpoint
{
    /// <summary>Section 6.1.4.2: whenever Ta fires, one check.</summary>
    private void PaceChecks(Instant now)
    {
        if (NextPair(remove: true) is { } pair) SendCheck(now, pair, useCandidate: Role == IceRole.Controlling && pair.NominateOnSuccess);
        SchedulePacing(now);
    }

    /// <summary>Run the pacing timer exactly while there is a pair to check.</summary>
    private void SchedulePacing(Instant now)
    {
        if (NextPair(remove: false) is null) _deadlines.Stop(IceTimer.Pacing);
        else _deadlines.Set(IceTimer.Pacing, Instant.Max(now, _nextCheckAt));
    }

    private CandidatePair? NextPair(bool remove)
    {
        while (_policy.ChecksByItself && _remoteCredentials is not null && _checklist.Next(Role, remove) is { } pair)
        {
            // Section 7.3.1.4: the password goes with the fragment after the colon; a pair learned from a stranger has none.
            if (pair.RemoteFragment is null || pair.RemoteFragment == _remoteCredentials.Fragment) return pair;
            if (!remove) _checklist.Next(Role, remove: true);
            pair.State = CandidatePairState.Failed;
        }
        return null;
    }

    private void SendCheck(Instant now, CandidatePair pair, bool useCandidate)
    {
        // Section 7.1.2: the controlled agent MUST NOT include USE-CANDIDATE.
        useCandidate = Role == IceRole.Controlling ? useCandidate : _quirks.Has(Quirk.IceSendsUseCandidateWhenControlled);
        var check = new Check(pair, Role, useCandidate, _remoteKey);
        pair.State = CandidatePairState.InProgress;
        _nextCheckAt = now + _policy.Ta;
        pair.Transaction = _transactions.Start(now, pair.Local, pair.Remote, id => Compose(now, id, check), check, CheckRto());
        HandleTransactionOutputs(now);
    }

    /// <summary>Section 14.3: MAX(500 ms, Ta * number of checks waiting and in progress), the policy's RTO being the 500 ms.</summary>
    private TimeSpan CheckRto()
    {
        var paced = _policy.Ta * _checklist.Unfinished;
        return paced > _policy.Retransmission.Rto ? paced : _policy.Retransmission.Rto;
    }

    /// <summary>The Binding request of a check: sections 7.1.1 to 7.1.3 and 7.2.2.</summary>
    private SealedStun Compose(Instant now, TransactionId id, Check check)
    {
        var attributes = new List<StunAttribute>();

        // Section 7.2.2: the peer's fragment, a colon, the own fragment.
        var (first, second) = (_remoteCredentials!.Fragment, _localCredentials.Fragment);
        if (_quirks.Has(Quirk.StunReversesUsername)) (first, second) = (second, first);
        if (!_quirks.Has(Quirk.StunOmitsUsername)) attributes.Add(new Username { Value = $"{first}:{second}" });

        if (!_quirks.Has(Quirk.StunOmitsPriority)) attributes.Add(new Priority { Value = PeerReflexivePriority }); // section 7.1.1
        if (!_quirks.Has(Quirk.StunOmitsRole)) // section 7.1.3
        {
            attributes.Add(check.Role == IceRole.Controlling
                ? new IceControlling { Tiebreaker = TieBreaker }
                : new IceControlled { Tiebreaker = TieBreaker });
        }
        if (check.UseCandidate) attributes.Add(new UseCandidate()); // section 7.1.2
        if (_policy.Software is { } software) attributes.Add(new Software { Value = software });

        var message = new StunMessage
        {
            Method = StunMethod.Binding,
            Class = StunClass.Request,
            TransactionId = id.ToArray(),
            Attributes = [.. attributes],
        };
        var seal = new StunSeal(
            // Section 7.2.2: short-term credentials MUST be used, with the peer's password.
            _quirks.Has(Quirk.StunOmitsIntegrityInChecks) ? StunIntegrityAlgorithms.None : _policy.Integrity, check.Key,
            // Section 7.2.4: the FINGERPRINT mechanism MUST be used.
            Fingerprint: !_quirks.Has(Quirk.StunOmitsFingerprintInChecks))
        {
            IntegrityFirst = _quirks.Has(Quirk.StunPlacesIntegrityFirst),
            FingerprintFirst = _quirks.Has(Quirk.StunPlacesFingerprintFirst),
        };
        return _sealer.Seal(now, message, seal);
    }

    private void HandleTransactionOutputs(Instant now)
    {
        while (_transactions.TryTake(out var output))
        {
            var transaction = output.Transaction;
            if (!output.Ended) Transmit(now, transaction.Local, transaction.Remote, transaction.Request);
            // Section 7.2.5.2.3, and RFC 8489 section 9.1.4 for what to call it.
            else Fail(transaction, transaction.IntegrityViolated ? IceFailure.IntegrityViolated : IceFailure.Timeout);
        }
    }

    // ---- section 7.2.5: processing the response ----

    private void ReceiveResponse(Instant now, TransportAddress local, TransportAddress source, in StunReading response, StunTransaction<Check> transaction)
    {
        // RFC 8489 section 9.1.4: what is not authentic is discarded as if it had never been received.
        var authenticity = _authenticator.CheckResponse(response, _policy.Integrity, transaction.Tag.Key);
        if (authenticity != ResponseAuthenticity.Authentic)
        {
            transaction.IntegrityViolated = true;
            Discard(local, source, DiscardReason.Unauthenticated, "RFC8489:9.1.4", $"the response's integrity is {authenticity}");
            if (_quirks.Has(Quirk.StunGivesUpOnBadResponse)) End(transaction, IceFailure.IntegrityViolated);
            return;
        }

        // RFC 8489 sections 6.3.3 and 6.3.4: the response is discarded and the transaction has failed.
        var unknown = response.TypesWhere(StunServer.IsUnknownRequired);
        if (unknown.Count > 0 && !_quirks.Has(Quirk.StunIgnoresUnknownRequiredInResponse))
        {
            Discard(local, source, DiscardReason.NotUnderstood, "RFC8489:6.3.3", $"unknown attribute {(ushort)unknown[0]:x4}");
            End(transaction, IceFailure.UnusableResponse);
            return;
        }

        if (response.Message.Class == StunClass.ErrorResponse) ReceiveError(transaction, response);
        else ReceiveSuccess(local, source, response, transaction);
    }

    private void ReceiveError(StunTransaction<Check> transaction, in StunReading response)
    {
        // RFC 8489 section 6.3.4: without ERROR-CODE the transaction has failed.
        if (!response.TryFind(StunAttributeType.ErrorCode, out var attribute) || !attribute.TryGet(out ErrorCode.View error))
        {
            End(transaction, IceFailure.UnusableResponse);
            return;
        }
        var code = error.Class * 100 + error.Number;
        if (code != 487 || _quirks.Has(Quirk.IceKeepsRoleOn487))
        {
            End(transaction, IceFailure.ErrorResponse, code);
            return;
        }

        // RFC 8445 section 7.2.5.1: the role that the request did not assert; a new tiebreaker; check the pair again.
        _transactions.Finish(transaction);
        SwitchTo(transaction.Tag.Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling);
        TieBreaker = _entropy.UInt64();
        if (_policy.ChecksByItself) _checklist.Trigger(transaction.Tag.Pair);
        else transaction.Tag.Pair.State = CandidatePairState.Waiting;
    }

    private void ReceiveSuccess(TransportAddress local, TransportAddress source, in StunReading response, StunTransaction<Check> transaction)
    {
        // RFC 8445 section 7.2.5.2.1: the addresses of request and response are symmetric.
        var symmetric = source == transaction.Remote && local == transaction.Local;
        if (!symmetric && !_quirks.Has(Quirk.StunAcceptsResponseFromElsewhere))
        {
            Discard(local, source, DiscardReason.WrongAddress, "RFC8445:7.2.5.2.1", $"{transaction.Remote} was asked");
            End(transaction, IceFailure.NotSymmetric);
            return;
        }
        // RFC 8489 section 6.3.3: XOR-MAPPED-ADDRESS is present.
        if (!StunAddresses.TryReadXorMapped(response, out var mapped))
        {
            if (!_quirks.Has(Quirk.StunAcceptsResponseWithoutXorMappedAddress))
            {
                Discard(local, source, DiscardReason.Incomplete, "RFC8489:6.3.3", "no XOR-MAPPED-ADDRESS");
                End(transaction, IceFailure.UnusableResponse);
                return;
            }
            mapped = transaction.Local;
        }
        _transactions.Finish(transaction);
        Succeed(transaction.Tag, mapped);
    }

    /// <summary>Section 7.2.5.3.</summary>
    private void Succeed(Check check, TransportAddress mapped)
    {
        var pair = check.Pair;
        // Section 7.2.5.3.1: an unknown mapped address is a peer-reflexive local candidate. Its base is the pair's local
        // candidate, so checks and data go from there; the valid pair differs from this one by name only.
        pair.State = CandidatePairState.Succeeded;
        _outbox.Add(new IceOutput.CheckSucceeded(pair.Local, pair.Remote, mapped, check.UseCandidate));

        // Section 7.2.5.3.4.
        if (check.Role == IceRole.Controlling ? check.UseCandidate : pair.NominateOnSuccess)
        {
            Nominate(pair);
            return;
        }
        PickNomination();
    }

    /// <summary>Section 8.1.1: the controlling agent picks a valid pair, one only, and repeats its check with USE-CANDIDATE.</summary>
    private void PickNomination()
    {
        if (Role != IceRole.Controlling || !_policy.Nominates || !_policy.ChecksByItself || _nominating || _selected is not null) return;
        if (_checklist.BestValid(Role) is not { } valid) return;
        _nominating = true;
        valid.NominateOnSuccess = true;
        _checklist.Trigger(valid);
    }

    private bool _nominating;

    private void End(StunTransaction<Check> transaction, IceFailure reason, int code = 0)
    {
        _transactions.Finish(transaction);
        Fail(transaction, reason, code);
    }

    /// <summary>Section 7.2.5.2: the pair has failed; when it was to be nominated, another one may be (section 7.2.5.3.4).</summary>
    private void Fail(StunTransaction<Check> transaction, IceFailure reason, int code = 0)
    {
        var pair = transaction.Tag.Pair;
        _outbox.Add(new IceOutput.CheckFailed(pair.Local, pair.Remote, reason, code));
        if (pair.Transaction != transaction) return; // a newer check of the pair is what counts
        pair.State = CandidatePairState.Failed;
        if (pair.NominateOnSuccess && Role == IceRole.Controlling) _nominating = false;
        pair.NominateOnSuccess = false;
    }
}
