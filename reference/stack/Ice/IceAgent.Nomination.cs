using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 section 8: nominating, concluding, freeing.</summary>
public sealed partial class IceAgent
{
    /// <summary>Section 7.2.5.1, second note: the switch changes who nominates.</summary>
    private protected override void RoleChanged(Instant now)
    {
        _current.Checklist.ForgetNominations();
        _current.Nominating = null;
        _current.NominationFailed = false;
    }

    /// <summary>
    /// Section 8.1.1: the controlling agent picks a valid pair and repeats its check with USE-CANDIDATE. It picks one only: when that fails, the checklist has
    /// failed (section 7.2.5.3.4), until a check of the peer revives the pair.
    /// </summary>
    private void PickNomination(Instant now)
    {
        PickLitePair(now);
        var session = _current;
        if (Role != IceRole.Controlling || Policy.Lite || !Policy.Nominates || session.Selected is not null || Policy.Nomination == IceNomination.Aggressive) return;
        if (session.Nominating is not null || session.Checklist.BestValid(Role) is not { } best) return;
        var end = session.ValidSince + Policy.NominationPatience;
        if (now < end && session.Checklist.MayImproveOn(best, Role))
        {
            _deadlines.Set(IceTimer.Nomination, end);
            return;
        }
        _deadlines.Stop(IceTimer.Nomination);
        session.Nominating = best;
        best.NominateOnSuccess = true;
        session.Checklist.Enqueue(best);
    }

    /// <summary>Section 8.2: two lite agents check nothing; the pair of the highest priority is selected once all candidates are known.</summary>
    private void PickLitePair(Instant now)
    {
        if (!Policy.Lite || !_current.RemoteIsLite || _current.Selected is not null || !_current.IsGathered) return;
        if (!_current.RemoteHasEnded && _current.RemoteTrickles) return;
        if (_current.Checklist.Pairs.MaxBy(p => p.Priority(Role)) is not { } best) return;
        (best.State, best.IsValid, best.ConsentAt) = (CandidatePairState.Succeeded, true, now);
        Nominate(now, best);
    }

    /// <summary>Sections 7.2.5.3.4, 7.3.1.5 and 8.1.2: the pair is nominated; checks of the others end; the session before a restart is over.</summary>
    private void Nominate(Instant now, CandidatePair pair)
    {
        if (pair.IsNominated) return;
        pair.IsNominated = true;
        pair.IsValid = true;
        pair.State = CandidatePairState.Succeeded;
        var isFirst = _current.Selected is null;
        // Section 8.1.1: of several nominated pairs, the one with the highest priority.
        if (isFirst || pair.Priority(Role) > _current.Selected!.Priority(Role)) _current.Selected = pair;
        _current.NominationFailed = false;
        Emit(new IceOutput.Nominated(pair.Local, pair.Remote));
        _current.Checklist.Conclude(pair, Checks, other => MayStillWin(other, pair));
        if (!isFirst) return;
        _deadlines.Set(IceTimer.Freeing, now + Policy.FreeAfter);
        Drop(ref _previous);
    }

    /// <summary>
    /// Section 8.1.1: a controlled agent that has accepted several nominations uses the pair of the highest priority, so a nomination that waits for this side's
    /// check (section 7.3.1.5) is not forgotten for a worse one that was faster. RFC 5245 section 8.1.2: who nominates aggressively goes on with better checks.
    /// </summary>
    private bool MayStillWin(CandidatePair other, CandidatePair nominated) => other.Priority(Role) > nominated.Priority(Role)
        && (Role == IceRole.Controlled ? other.NominateOnSuccess : Policy.Nomination == IceNomination.Aggressive && other.State == CandidatePairState.InProgress);

    /// <summary>Section 8.3.1: three seconds after completion the other candidates are not answered on any more, nor are server bindings kept.</summary>
    private void Free(Instant now)
    {
        _gatherer.Stop();
        _expectedRelays = 0;
        FinishGathering(now);
        if (_current.Selected is not { } selected || Quirked(IceAgentQuirk.NeverFreesCandidates)) return;
        _current.IsFreed = true;
        _current.Checklist.Conclude(selected, Checks);
        foreach (var @base in _bases.Where(b => b.Address != selected.Local)) Emit(new IceOutput.CandidateFreed(@base.Address));
    }
}
