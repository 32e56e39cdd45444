using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 7675 (consent) and RFC 8445 section 11 (keepalives), for the pair that data goes over.</summary>
public sealed partial class IceAgent
{
    private bool ChecksConsent => Policy.KeepsConsent && !Policy.Lite && !Quirked(IceAgentQuirk.NeverChecksConsent);

    /// <summary>Whether the pair of data is being kept up: once it is selected, or data goes over it (RFC 7675 section 5.1).</summary>
    private bool _keepsUp;

    /// <summary>RFC 7675 section 5.1: consent came with the last response, and is good for 30 s.</summary>
    private bool HasConsent(Instant now, CandidatePair pair) => !ChecksConsent || now < pair.ConsentAt + Policy.ConsentExpiry;

    /// <summary>The pair is kept up from now on. When its consent is too old it has to be regained before anything is sent (RFC 7675 section 5.1).</summary>
    private void BeginConsent(Instant now, CandidatePair pair)
    {
        _keepsUp = true;
        NoteSent(now);
        if (!ChecksConsent) return;
        var isFresh = HasConsent(now, pair);
        _deadlines.Set(IceTimer.Consent, isFresh ? now + DrawConsentInterval() : now);
        _deadlines.Set(IceTimer.ConsentExpiry, (isFresh ? pair.ConsentAt : now) + Policy.ConsentExpiry);
    }

    private void EndConsent()
    {
        _keepsUp = false;
        _deadlines.Stop(IceTimer.Keepalive);
        _deadlines.Stop(IceTimer.Consent);
        _deadlines.Stop(IceTimer.ConsentExpiry);
    }

    /// <summary>RFC 7675 section 5.1: each interval is randomized between 0.8 and 1.2 times the basic period.</summary>
    private TimeSpan DrawConsentInterval() => Quirked(IceAgentQuirk.KeepsConsentIntervalConstant)
        ? Policy.ConsentInterval
        : Policy.ConsentInterval * (0.8 + 0.4 * _consentEntropy.UInt32() / uint.MaxValue);

    /// <summary>RFC 7675 section 5.1: a Binding request, authenticated like the checks, with a new transaction id each time.</summary>
    private void CheckConsent(Instant now)
    {
        if (_dataPair is not { } pair || _dataSession is not { Keys.Remote: not null } session) return;
        var check = new Check(pair, Role, UseCandidate: false, session.Keys, session.Keys.RemoteKey, PeerReflexivePriority(pair), IsConsent: true);
        _consentChecks.Start(now, pair.Local, pair.Remote, id => Compose(now, id, check), check);
        SendConsentChecks(now);
        _deadlines.Set(IceTimer.Consent, now + DrawConsentInterval());
    }

    private void SendConsentChecks(Instant now)
    {
        while (_consentChecks.TryTake(out var output))
        {
            if (output.Ended) continue; // it says nothing: consent expires by its own timer
            Transmit(now, output.Transaction.Local, output.Transaction.Remote, output.Transaction.Request);
            NoteSent(now);
        }
    }

    private void RenewConsent(CandidatePair pair)
    {
        if (pair == _dataPair && _keepsUp && ChecksConsent) _deadlines.Set(IceTimer.ConsentExpiry, pair.ConsentAt + Policy.ConsentExpiry);
    }

    /// <summary>
    /// RFC 7675 section 5.1: nothing is sent any more on that 5-tuple; outstanding consent checks are discarded; the same credentials are not used on it
    /// again, so only a restart helps.
    /// </summary>
    private void LoseConsent(Instant now, bool revoked)
    {
        if (_dataPair is not { } pair || _dataSession is not { } session) return;
        Emit(new IceOutput.ConsentLost(new IcePath(pair.Local, pair.Remote), revoked));
        if (Quirked(IceAgentQuirk.SendsWithoutConsent)) return;
        pair.IsRevoked = true;
        pair.IsValid = false;
        pair.State = CandidatePairState.Failed;
        session.Checklist.Unqueue(pair);
        foreach (var transaction in _consentChecks.InProgress.Where(t => t.Tag.Pair == pair).ToArray()) _consentChecks.Finish(transaction);
        foreach (var transaction in Checks.InProgress.Where(t => t.Tag.Pair == pair).ToArray()) Checks.Finish(transaction);
        if (session == _previous) Drop(ref _previous);
        if (session == _current && _current.Nominating == pair && _current.Selected is null) _current.NominationFailed = true;
        UpdatePath(now);
    }

    // ---- section 11 ----

    /// <summary>Whatever is sent on the pair keeps the bindings alive; full agents are obliged to (section 11).</summary>
    private void NoteSent(Instant now)
    {
        if (!Policy.Lite) _deadlines.Set(IceTimer.Keepalive, now + Policy.KeepaliveInterval);
    }

    /// <summary>Section 11: nothing was sent for Tr: a Binding indication, without authentication, with FINGERPRINT and nothing else.</summary>
    private void KeepAlive(Instant now)
    {
        if (_dataPair is not { } pair || _dataSession is not { } session || Quirked(IceAgentQuirk.OmitsKeepalives)) return;
        var indication = new StunMessage
        {
            Method = StunMethod.Binding,
            Class = StunClass.Indication,
            TransactionId = TransactionId.Draw(_keepaliveEntropy).ToArray(),
            Attributes = [],
        };
        var integrity = Quirked(IceAgentQuirk.AuthenticatesKeepalives) ? StunIntegrityAlgorithms.Sha1 : StunIntegrityAlgorithms.None;
        Transmit(now, pair.Local, pair.Remote, Seal(now, indication, new StunSeal(integrity, session.Keys.RemoteKey, Fingerprint: true)));
        NoteSent(now);
    }
}
