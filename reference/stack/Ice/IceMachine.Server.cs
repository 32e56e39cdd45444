using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>A request that has been answered with success.</summary>
/// <param name="Source">Where it came from.</param>
/// <param name="Priority">What its PRIORITY says; 0 without one.</param>
/// <param name="UseCandidate">Whether it has USE-CANDIDATE.</param>
/// <param name="Fragment">The peer's fragment as its USERNAME has it; null without one.</param>
internal readonly record struct AcceptedCheck(TransportAddress Source, uint Priority, bool UseCandidate, string? Fragment);

/// <summary>RFC 8445 section 7.3: STUN server procedures.</summary>
public abstract partial class IceMachine
{
    private void ReceiveRequest(Instant now, TransportAddress local, TransportAddress source, in StunReading request)
    {
        // RFC 8489 section 9.1.3 and RFC 8445 section 7.3: short-term credentials with the local password.
        var keys = KeysOf(request);
        var verdict = _server.Judge(request, keys.IsValidUsername, keys.LocalKey);
        if (!verdict.IsGood)
        {
            Reject(now, keys, local, source, request, verdict);
            return;
        }
        if (!Answers(local, keys))
        {
            Discard(local, source, DiscardReason.NoEffect, "RFC8445:8.3.1", "the candidate was not selected and has been freed");
            return;
        }

        var priority = request.TryFind(StunAttributeType.Priority, out var attribute) && attribute.TryGet(out Priority.View value) ? value.Value : (uint?)null;
        if (priority is null && Policy.RequiresPriority)
        {
            Reject(now, keys, local, source, request, verdict with { ErrorCode = 400 });
            return;
        }
        if (!ResolveRoleConflict(now, request))
        {
            Reject(now, keys, local, source, request, verdict with { ErrorCode = 487 });
            return;
        }

        // RFC 8489 section 6.3.1.2: back to where it came from, from where it came to.
        var response = _server.Success(request, source);
        Transmit(now, local, source, Seal(now, response, _server.SealOf(verdict, keys.LocalKey, keys.RemoteKey, isError: false)));

        var useCandidate = request.Has(StunAttributeType.UseCandidate);
        Emit(new IceOutput.RequestAccepted(local, source, priority ?? 0, useCandidate));
        var fragment = request.TryFind(StunAttributeType.Username, out var username) ? IceKeys.FragmentAfterColon(username.Value) : null;
        Accepted(now, keys, local, new AcceptedCheck(source, priority ?? 0, useCandidate, fragment));
    }

    private void Reject(Instant now, IceKeys keys, TransportAddress local, TransportAddress source, in StunReading request, in StunVerdict verdict)
    {
        if (!verdict.Answers)
        {
            Discard(local, source, DiscardReason.Unauthenticated, "RFC8489:9.1.3", $"a quirk keeps the {verdict.ErrorCode} response back");
            return;
        }
        var response = _server.Error(request, verdict.ErrorCode, verdict.Unknown);
        Transmit(now, local, source, Seal(now, response, _server.SealOf(verdict, keys.LocalKey, keys.RemoteKey, isError: true)));
        Emit(new IceOutput.RequestRejected(local, source, verdict.ErrorCode));
    }

    /// <summary>RFC 8445 section 7.3.1.1. False: answer 487 and keep the role.</summary>
    private bool ResolveRoleConflict(Instant now, in StunReading request)
    {
        if (Quirks.Has(Quirk.IceIgnoresRoleConflict)) return true;
        var mine = Role == IceRole.Controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled;
        if (!request.TryFind(mine, out var attribute)) return true; // the roles differ: no conflict
        var theirs = TieBreakerOf(attribute);
        if (theirs == 0 && Quirks.Has(Quirk.IceTreatsZeroTieBreakerAsAbsent)) return true;

        var largerOrEqual = TieBreaker >= theirs;
        if (Quirks.Has(Quirk.IceSwitchesOnSmallerTieBreaker)) largerOrEqual = !largerOrEqual;
        // The agent with the larger tiebreaker ends up controlling: it keeps that role, or takes it.
        var keeps = Role == IceRole.Controlling ? largerOrEqual : !largerOrEqual;
        if (keeps) return false;
        SwitchTo(now, Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling);
        return true;
    }

    private static ulong TieBreakerOf(in StunAttribute.View attribute) =>
        attribute.TryGet(out IceControlling.View controlling) ? controlling.Tiebreaker
        : attribute.TryGet(out IceControlled.View controlled) ? controlled.Tiebreaker
        : 0;
}
