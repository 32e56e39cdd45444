using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 sections 7.1 and 7.2: STUN extensions and client procedures.</summary>
public abstract partial class IceMachine
{
    /// <summary>Begin a check of a pair; its first transmission is an output.</summary>
    /// <param name="rto">The first interval (section 14.3).</param>
    /// <param name="priority">What PRIORITY says (section 7.1.1).</param>
    private protected void StartCheck(Instant now, CandidatePair pair, IceKeys keys, bool useCandidate, uint priority, TimeSpan rto)
    {
        // Section 7.1.2: the controlled agent MUST NOT include USE-CANDIDATE.
        useCandidate = Role == IceRole.Controlling ? useCandidate : Quirks.Has(Quirk.IceSendsUseCandidateWhenControlled);
        var check = new Check(pair, Role, useCandidate, keys, keys.RemoteKey, priority);
        pair.State = CandidatePairState.InProgress;
        pair.Transaction = Checks.Start(now, pair.Local, pair.Remote, id => Compose(now, id, check), check, rto);
        HandleTransactionOutputs(now);
    }

    /// <summary>Section 14.3: MAX(500 ms, Ta * number of checks waiting and in progress), the policy's RTO being the 500 ms.</summary>
    private protected TimeSpan CheckRto(TimeSpan ta, int unfinished)
    {
        var paced = ta * unfinished;
        return paced > Policy.Retransmission.Rto ? paced : Policy.Retransmission.Rto;
    }

    /// <summary>The Binding request of a check: sections 7.1.1 to 7.1.3 and 7.2.2.</summary>
    private protected SealedStun Compose(Instant now, TransactionId id, Check check)
    {
        var attributes = new List<StunAttribute>();

        // Section 7.2.2: the peer's fragment, a colon, the own fragment.
        var (first, second) = (check.Keys.Remote!.Fragment, check.Keys.Local.Fragment);
        if (Quirks.Has(Quirk.StunReversesUsername)) (first, second) = (second, first);
        if (!Quirks.Has(Quirk.StunOmitsUsername)) attributes.Add(new Username { Value = $"{first}:{second}" });

        if (!Quirks.Has(Quirk.StunOmitsPriority)) attributes.Add(new Priority { Value = check.Priority }); // section 7.1.1
        if (!Quirks.Has(Quirk.StunOmitsRole)) // section 7.1.3
        {
            attributes.Add(check.Role == IceRole.Controlling
                ? new IceControlling { Tiebreaker = TieBreaker }
                : new IceControlled { Tiebreaker = TieBreaker });
        }
        if (check.UseCandidate) attributes.Add(new UseCandidate()); // section 7.1.2
        if (Policy.Software is { } software) attributes.Add(new Software { Value = software });

        var message = new StunMessage
        {
            Method = StunMethod.Binding,
            Class = StunClass.Request,
            TransactionId = id.ToArray(),
            Attributes = [.. attributes],
        };
        var seal = new StunSeal(
            // Section 7.2.2: short-term credentials MUST be used, with the peer's password.
            Quirks.Has(Quirk.StunOmitsIntegrityInChecks) ? StunIntegrityAlgorithms.None : Policy.Integrity, check.Key,
            // Section 7.2.4: the FINGERPRINT mechanism MUST be used.
            Fingerprint: !Quirks.Has(Quirk.StunOmitsFingerprintInChecks))
        {
            IntegrityFirst = Quirks.Has(Quirk.StunPlacesIntegrityFirst),
            FingerprintFirst = Quirks.Has(Quirk.StunPlacesFingerprintFirst),
        };
        return Seal(now, message, seal);
    }

    private protected void HandleTransactionOutputs(Instant now)
    {
        while (Checks.TryTake(out var output))
        {
            var transaction = output.Transaction;
            if (!output.Ended) Transmit(now, transaction.Local, transaction.Remote, transaction.Request);
            // Section 7.2.5.2.3, and RFC 8489 section 9.1.4 for what to call it.
            else Failed(now, transaction, transaction.IntegrityViolated ? IceFailure.IntegrityViolated : IceFailure.Timeout, 0);
        }
    }

    // ---- section 7.2.5: processing the response ----

    private void ReceiveResponse(Instant now, TransportAddress local, TransportAddress source, in StunReading response, StunTransaction<Check> transaction)
    {
        // RFC 8489 section 9.1.4: what is not authentic is discarded as if it had never been received.
        var authenticity = _authenticator.CheckResponse(response, Policy.Integrity, transaction.Tag.Key);
        if (authenticity != ResponseAuthenticity.Authentic)
        {
            transaction.IntegrityViolated = true;
            Discard(local, source, DiscardReason.Unauthenticated, "RFC8489:9.1.4", $"the response's integrity is {authenticity}");
            if (Quirks.Has(Quirk.StunGivesUpOnBadResponse)) End(now, transaction, IceFailure.IntegrityViolated);
            return;
        }

        // RFC 8489 sections 6.3.3 and 6.3.4: the response is discarded and the transaction has failed.
        var unknown = response.TypesWhere(StunServer.IsUnknownRequired);
        if (unknown.Count > 0 && !Quirks.Has(Quirk.StunIgnoresUnknownRequiredInResponse))
        {
            Discard(local, source, DiscardReason.NotUnderstood, "RFC8489:6.3.3", $"unknown attribute {(ushort)unknown[0]:x4}");
            End(now, transaction, IceFailure.UnusableResponse);
            return;
        }

        if (response.Message.Class == StunClass.ErrorResponse) ReceiveError(now, transaction, response);
        else ReceiveSuccess(now, local, source, response, transaction);
    }

    private void ReceiveError(Instant now, StunTransaction<Check> transaction, in StunReading response)
    {
        // RFC 8489 section 6.3.4: without ERROR-CODE the transaction has failed.
        if (!response.TryFind(StunAttributeType.ErrorCode, out var attribute) || !attribute.TryGet(out ErrorCode.View error))
        {
            End(now, transaction, IceFailure.UnusableResponse);
            return;
        }
        var code = error.Class * 100 + error.Number;
        if (code != 487 || Quirks.Has(Quirk.IceKeepsRoleOn487))
        {
            End(now, transaction, IceFailure.ErrorResponse, code);
            return;
        }

        // RFC 8445 section 7.2.5.1: the role that the request did not assert; a new tiebreaker; check the pair again.
        Finish(transaction);
        SwitchTo(now, transaction.Tag.Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling);
        TieBreaker = Entropy.UInt64();
        Repeat(transaction.Tag.Pair);
    }

    private void ReceiveSuccess(Instant now, TransportAddress local, TransportAddress source, in StunReading response, StunTransaction<Check> transaction)
    {
        // RFC 8445 section 7.2.5.2.1: the addresses of request and response are symmetric.
        var symmetric = source == transaction.Remote && local == transaction.Local;
        if (!symmetric && !Quirks.Has(Quirk.StunAcceptsResponseFromElsewhere))
        {
            Discard(local, source, DiscardReason.WrongAddress, "RFC8445:7.2.5.2.1", $"{transaction.Remote} was asked");
            End(now, transaction, IceFailure.NotSymmetric);
            return;
        }
        // RFC 8489 section 6.3.3: XOR-MAPPED-ADDRESS is present.
        if (!StunAddresses.TryReadXorMapped(response, out var mapped))
        {
            if (!Quirks.Has(Quirk.StunAcceptsResponseWithoutXorMappedAddress))
            {
                Discard(local, source, DiscardReason.Incomplete, "RFC8489:6.3.3", "no XOR-MAPPED-ADDRESS");
                End(now, transaction, IceFailure.UnusableResponse);
                return;
            }
            mapped = transaction.Local;
        }
        Finish(transaction);
        Succeeded(now, transaction.Tag, mapped);
    }

    private void End(Instant now, StunTransaction<Check> transaction, IceFailure reason, int code = 0)
    {
        Finish(transaction);
        Failed(now, transaction, reason, code);
    }
}
