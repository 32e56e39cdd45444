using System.Text;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;

namespace WebRtcConformance.Stack.Sctp;

// RFC 9260 section 9: termination, by abort (9.1) and by shutdown (9.2).
public sealed partial class SctpAssociation
{
    private bool _shutdownWanted;
    private bool _sendShutdown, _sendShutdownAck;
    private int _shutdownTransmissions;

    /// <summary>Section 9.2: end the association when all messages have been acknowledged. Nothing when it is ending, or there is none.</summary>
    public void Shutdown(Instant now)
    {
        Enter(now);
        if (State is SctpState.CookieWait or SctpState.CookieEchoed) _shutdownWanted = true;
        else if (State == SctpState.Established) BeginShutdown();
    }

    /// <summary>Section 9.1: end it now; what waits is lost.</summary>
    public void Abort(Instant now, string reason = "")
    {
        Enter(now);
        if (State == SctpState.Closed) return;
        if (_peer is not null) Reply(_peer.Tag, new AbortChunk { Causes = [new UserInitiatedAbortCause { Reason = Encoding.UTF8.GetBytes(reason) }] });
        Close(SctpCloseReason.LocalAbort, reason);
    }

    /// <summary>The peer has broken a rule, or reached a bound: tell it and end.</summary>
    private void Abort(SctpCloseReason reason, string note, SctpErrorCause cause, string rule)
    {
        Discard(DiscardReason.Malformed, rule, note);
        AbortWith(_peer!.Tag, reason, note, cause);
    }

    private void AbortWith(uint tag, SctpCloseReason reason, string note, SctpErrorCause cause)
    {
        Reply(tag, new AbortChunk { Causes = [cause] });
        Close(reason, note, [cause]);
    }

    private void ReceiveAbort(AbortChunk abort)
    {
        var reason = abort.Causes.OfType<UserInitiatedAbortCause>().FirstOrDefault() is { } user ? Encoding.UTF8.GetString(user.Reason.Span) : "";
        Close(SctpCloseReason.PeerAbort, reason, [.. abort.Causes]);
    }

    private void BeginShutdown()
    {
        State = SctpState.ShutdownPending;
        _deadlines.Set(SctpTimer.T5ShutdownGuard, _now + _policy.RtoMax * 5);
        ProceedWithShutdown();
    }

    /// <summary>After every packet: all outstanding data may be acknowledged now.</summary>
    private void ProceedWithShutdown()
    {
        var allAcknowledged = _sendQueue.Messages == 0 && _outstanding.Count == 0 || _quirks.Has(SctpQuirk.SctpShutsDownWithDataOutstanding);
        if (!allAcknowledged) return;
        if (State == SctpState.ShutdownPending)
        {
            State = SctpState.ShutdownSent;
            _shutdownTransmissions = 0;
            SendShutdown();
            _deadlines.Stop(SctpTimer.Heartbeat);
        }
        else if (State == SctpState.ShutdownReceived)
        {
            EnterShutdownAckSent();
        }
    }

    private void SendShutdown()
    {
        _shutdownTransmissions++;
        _sendShutdown = true;
        _deadlines.Set(SctpTimer.T2Shutdown, _now + _rto.Value);
    }

    private void EnterShutdownAckSent()
    {
        State = SctpState.ShutdownAckSent;
        _shutdownTransmissions = 1;
        (_sendShutdown, _sendShutdownAck) = (false, true);
        _deadlines.Stop(SctpTimer.Heartbeat);
        _deadlines.Stop(SctpTimer.T3Rtx);
        _deadlines.Set(SctpTimer.T2Shutdown, _now + _rto.Value);
    }

    private void T2ShutdownExpired()
    {
        if (_shutdownTransmissions > _policy.AssociationMaxRetrans)
        {
            Close(SctpCloseReason.Unreachable, $"no answer to {_shutdownTransmissions} {(State == SctpState.ShutdownSent ? "SHUTDOWN" : "SHUTDOWN ACK")}");
            return;
        }
        _rto.BackOff();
        if (State == SctpState.ShutdownSent) SendShutdown();
        else if (State == SctpState.ShutdownAckSent)
        {
            _shutdownTransmissions++;
            _sendShutdownAck = true;
            _deadlines.Set(SctpTimer.T2Shutdown, _now + _rto.Value);
        }
    }

    private void T5ShutdownGuardExpired()
    {
        if (State == SctpState.Closed) return;
        Reply(_peer!.Tag, new AbortChunk { Causes = [new ProtocolViolationCause { AdditionalInformation = default }] });
        Close(SctpCloseReason.Unreachable, "the shutdown takes too long");
    }

    /// <summary>In SHUTDOWN-SENT every packet with DATA is answered with SHUTDOWN, and with SACK where that alone does not say all.</summary>
    private void AnswerDataWithShutdown()
    {
        _shutdownTransmissions = 0;
        SendShutdown();
        _ackNow |= _received.HasGaps || _packetHasDuplicate;
    }

    private void ReceiveShutdown(uint cumulativeTsn)
    {
        if (State is SctpState.CookieWait or SctpState.CookieEchoed)
        {
            Discard(DiscardReason.NoEffect, "RFC9260:9.2", $"SHUTDOWN in {State}");
            return;
        }
        if (State == SctpState.ShutdownSent)
        {
            EnterShutdownAckSent();
            return;
        }
        if (State == SctpState.ShutdownAckSent)
        {
            _sendShutdownAck = true;
            return;
        }
        Acknowledge(SerialNumbers.Unwrap(cumulativeTsn, _outstanding.CumulativeAck), Sending.GapAckRanges.None, null);
        if (State == SctpState.Closed) return;
        State = SctpState.ShutdownReceived; // what is in the queue is still sent
    }

    private void ReceiveShutdownAck()
    {
        if (State is not (SctpState.ShutdownSent or SctpState.ShutdownAckSent))
        {
            Discard(DiscardReason.NoEffect, "RFC9260:9.2", $"SHUTDOWN ACK in {State}");
            return;
        }
        Reply(_peer!.Tag, new ShutdownCompleteChunk());
        Close(SctpCloseReason.Shutdown, "");
    }

    private void ReceiveShutdownComplete()
    {
        if (State == SctpState.ShutdownAckSent) Close(SctpCloseReason.Shutdown, "");
        else Discard(DiscardReason.NoEffect, "RFC9260:8.5.1", $"SHUTDOWN COMPLETE in {State}");
    }

    private void AppendShutdown()
    {
        if (_sendShutdown && State == SctpState.ShutdownSent && _writer.TryAppend(new ShutdownChunk { CumulativeTsnAck = (uint)_received.CumulativeTsn }))
        {
            _sendShutdown = false;
            // SHUTDOWN acknowledges what has come in sequence.
            if (!_ackNow) (_ackPending, _packetsUnacked) = (false, 0);
        }
        if (_sendShutdownAck && State == SctpState.ShutdownAckSent && _writer.TryAppend(new ShutdownAckChunk())) _sendShutdownAck = false;
    }
}
