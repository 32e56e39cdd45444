using System.Text;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>RFC 8445 section 7.3: STUN server procedures.</summary>
public sealed partial class IceEndpoint
{
    private void ReceiveRequest(Instant now, TransportAddress local, TransportAddress source, in StunReading request)
    {
        // RFC 8489 section 9.1.3 and RFC 8445 section 7.3: short-term credentials with the local password.
        var verdict = _server.Judge(request, IsValidUsername, _localKey);
        if (!verdict.IsGood)
        {
            Reject(now, local, source, request, verdict);
            return;
        }

        var priority = request.TryFind(StunAttributeType.Priority, out var attribute) && attribute.TryGet(out Priority.View value) ? value.Value : (uint?)null;
        if (priority is null && _policy.RequiresPriority)
        {
            Reject(now, local, source, request, verdict with { ErrorCode = 400 });
            return;
        }
        if (!ResolveRoleConflict(request))
        {
            Reject(now, local, source, request, verdict with { ErrorCode = 487 });
            return;
        }

        // RFC 8489 section 6.3.1.2: back to where it came from, from where it came to.
        var response = _server.Success(request, source);
        Transmit(now, local, source, _sealer.Seal(now, response, _server.SealOf(verdict, _localKey, _remoteKey, isError: false)));

        var remotePriority = priority ?? 0;
        var useCandidate = request.Has(StunAttributeType.UseCandidate);
        _outbox.Add(new IceOutput.RequestAccepted(local, source, remotePriority, useCandidate));
        LearnFrom(request, local, source, remotePriority, useCandidate);
    }

    /// <summary>
    /// RFC 8445 section 7.3: two values separated by a colon, the first equal to the local username fragment.
    /// </summary>
    private bool IsValidUsername(ReadOnlySpan<byte> username)
    {
        var colon = username.IndexOf((byte)':');
        return colon > 0
            && colon + 1 < username.Length
            && !username[(colon + 1)..].Contains((byte)':')
            && username[..colon].SequenceEqual(Encoding.UTF8.GetBytes(_localCredentials.Fragment));
    }

    private void Reject(Instant now, TransportAddress local, TransportAddress source, in StunReading request, in StunVerdict verdict)
    {
        if (!verdict.Answers)
        {
            Discard(local, source, DiscardReason.Unauthenticated, "RFC8489:9.1.3", $"a quirk keeps the {verdict.ErrorCode} response back");
            return;
        }
        var response = _server.Error(request, verdict.ErrorCode, verdict.Unknown);
        Transmit(now, local, source, _sealer.Seal(now, response, _server.SealOf(verdict, _localKey, _remoteKey, isError: true)));
        _outbox.Add(new IceOutput.RequestRejected(local, source, verdict.ErrorCode));
    }

    /// <summary>RFC 8445 section 7.3.1.1. False: answer 487 and keep the role.</summary>
    private bool ResolveRoleConflict(in StunReading request)
    {
        if (_quirks.Has(Quirk.IceIgnoresRoleConflict)) return true;
        var mine = Role == IceRole.Controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled;
        if (!request.TryFind(mine, out var attribute)) return true; // the roles differ: no conflict
        var theirs = TieBreakerOf(attribute);
        if (theirs == 0 && _quirks.Has(Quirk.IceTreatsZeroTieBreakerAsAbsent)) return true;

        var largerOrEqual = TieBreaker >= theirs;
        if (_quirks.Has(Quirk.IceSwitchesOnSmallerTieBreaker)) largerOrEqual = !largerOrEqual;
        // The agent with the larger tiebreaker ends up controlling: it keeps that role, or takes it.
        var keeps = Role == IceRole.Controlling ? largerOrEqual : !largerOrEqual;
        if (keeps) return false;
        SwitchTo(Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling);
        return true;
    }

    private static ulong TieBreakerOf(in StunAttribute.View attribute) =>
        attribute.TryGet(out IceControlling.View controlling) ? controlling.Tiebreaker
        : attribute.TryGet(out IceControlled.View controlled) ? controlled.Tiebreaker
        : 0;

    /// <summary>RFC 8445 sections 7.3.1.3 to 7.3.1.5, and 7.3.2 for a lite agent.</summary>
    private void LearnFrom(in StunReading request, TransportAddress local, TransportAddress source, uint remotePriority, bool useCandidate)
    {
        // Section 7.3.1.3: an unknown source is a new peer-reflexive remote candidate, not paired with anything else.
        if (_remotes.Count < _policy.MaxPairs && _remotes.All(r => r.Address != source)) _remotes.Add(new RemoteCandidate(source, remotePriority));
        if (_checklist.FindOrAdd(local, source, HostPriority, remotePriority) is not { } pair) return;
        if (!pair.IsSignalled && request.TryFind(StunAttributeType.Username, out var username)) pair.RemoteFragment = FragmentAfterColon(username.Value);

        if (_policy.Lite) pair.State = CandidatePairState.Succeeded;
        else Trigger(pair);

        // Section 7.3.1.5, for the controlled agent only.
        if (!useCandidate || Role != IceRole.Controlled) return;
        if (pair.State == CandidatePairState.Succeeded || _quirks.Has(Quirk.IceNominatesUnverifiedPair)) Nominate(pair);
        else pair.NominateOnSuccess = true;
    }

    /// <summary>RFC 8445 section 7.3.1.4.</summary>
    private void Trigger(CandidatePair pair)
    {
        if (!_policy.ChecksByItself || _quirks.Has(Quirk.IceSkipsTriggeredCheck)) return;
        if (pair.State == CandidatePairState.Succeeded) return; // nothing further is done
        if (pair.State == CandidatePairState.InProgress && pair.Transaction is { } running) _transactions.Cancel(running);
        _checklist.Trigger(pair);
    }

    private static string FragmentAfterColon(ReadOnlySpan<byte> username) => Encoding.UTF8.GetString(username[(username.IndexOf((byte)':') + 1)..]);

    private void Nominate(CandidatePair pair)
    {
        if (pair.IsNominated) return;
        pair.IsNominated = true;
        // Section 8.1.1: of several nominated pairs, the one with the highest priority.
        if (_selected is null || pair.Priority(Role) > _selected.Priority(Role)) _selected = pair;
        _outbox.Add(new IceOutput.Nominated(pair.Local, pair.Remote));
        // Section 8.1.2: checks of the other pairs end.
        foreach (var other in _checklist.Conclude(pair))
        {
            if (other.Transaction is { } running) _transactions.Cancel(running);
        }
    }
}
