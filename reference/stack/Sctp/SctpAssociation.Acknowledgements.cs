using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp.Sending;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;

namespace WebRtcConformance.Stack.Sctp;

// RFC 9260 sections 6.2.1 (a SACK comes), 6.3.2 and 6.3.3 (T3-rtx), 7.2.4 (fast retransmit) and 8.1 (the peer is gone).
public sealed partial class SctpAssociation
{
    private long _peerWindow;
    private bool _fastRetransmit; // the next packet ignores cwnd
    private bool _sackSinceTimeout;

    private void ReceiveSack(in SackChunk.View sack)
    {
        if (State is SctpState.CookieWait or SctpState.CookieEchoed)
        {
            Discard(DiscardReason.NoEffect, "RFC9260:6.2.1", $"SACK in {State}");
            return;
        }
        var cumulative = SerialNumbers.Unwrap(sack.CumulativeTsnAck, _outstanding.CumulativeAck);
        Acknowledge(cumulative, new GapAckRanges(sack.GapAckBlocks), sack.AdvertisedReceiverWindowCredit);
    }

    private void Acknowledge(long cumulative, GapAckRanges gaps, uint? window)
    {
        if (cumulative >= _outstanding.NextTsn)
        {
            Abort(SctpCloseReason.ProtocolViolation, "an acknowledgement of what was not sent", new ProtocolViolationCause { AdditionalInformation = default }, "RFC9260:6.2.1");
            return;
        }
        var flightBefore = _outstanding.Flight;
        var effect = _outstanding.Acknowledge(_now, cumulative, gaps);
        if (!effect.IsValid)
        {
            Discard(DiscardReason.NoEffect, "RFC9260:6.2.1", "an acknowledgement older than the last"); // rule D i
            return;
        }
        _sackSinceTimeout = true;
        if (effect.NewlyAcked > 0 || effect.Advanced) PathAnswered();
        if (effect.RoundTrip is { } roundTrip) _rto.Measure(roundTrip);

        // Section 7.2.4: the window grows first, then losses are counted.
        _congestion.Acknowledged(effect.NewlyAcked, effect.Advanced, flightBefore);
        _congestion.CumulativeAck(cumulative);
        if (!gaps.IsEmpty) CountMisses(effect.Advanced);

        if (window is { } credit)
        {
            _peerWindow = Math.Max(0, (long)credit - _outstanding.FlightData); // rule D ii
            if (credit > 0) _deadlines.Stop(SctpTimer.ZeroWindowProbe);
        }
        AdvancePeerAckPoint(cumulative);

        // Section 6.3.2: rules R2 to R4.
        if (_outstanding.AllSettled && !_sendForwardTsnPending) _deadlines.Stop(SctpTimer.T3Rtx);
        else if (effect.AckedEarliest || _deadlines[SctpTimer.T3Rtx] == Instant.Never) _deadlines.Set(SctpTimer.T3Rtx, _now + _rto.Value);
        if (_outstanding.Count == 0) _congestion.AllAcknowledged();
    }

    private void CountMisses(bool advanced)
    {
        if (_quirks.Has(SctpQuirk.SctpNeverFastRetransmits)) return;
        var below = _congestion.InFastRecovery && advanced ? _outstanding.HighestGapAcked : _outstanding.HighestNewlyAcked;
        if (_outstanding.CountMisses(below) == 0) return;
        AbandonLost();
        if (_congestion.InFastRecovery) return;
        _congestion.EnterFastRecovery(_outstanding.NextTsn - 1);
        _fastRetransmit = true;
    }

    /// <summary>Section 6.3.3.</summary>
    private void T3RtxExpired()
    {
        if (_outstanding.AllSettled && !_sendForwardTsnPending) return;
        _congestion.TimedOut(); // E1
        _rto.BackOff(); // E2
        _fastRetransmit = false;
        // Section 6.1 rule A: a window that stays closed is no error as long as the peer answers.
        var probesClosedWindow = _sackSinceTimeout && _peerWindow == 0;
        _sackSinceTimeout = false;
        if (!probesClosedWindow && CountError("no acknowledgement")) return;
        if (!_quirks.Has(SctpQuirk.SctpNeverRetransmits))
        {
            _outstanding.AllLost(); // E3: one packet of them now, as cwnd is one packet
            AbandonLost();
        }
        AdvancePeerAckPoint(_outstanding.CumulativeAck); // RFC 3758 section 3.5 A5
        _deadlines.Set(SctpTimer.T3Rtx, _now + _rto.Value); // E4
    }

    /// <summary>Sections 8.1 and 8.2: one more transmission was in vain.</summary>
    /// <returns>The association has ended.</returns>
    private bool CountError(string note)
    {
        _errorCount++;
        if (_errorCount > _policy.PathMaxRetrans && !_pathInactive)
        {
            _pathInactive = true;
            Report(SctpOutputKind.PathInactive);
        }
        if (_errorCount <= _policy.AssociationMaxRetrans) return false;
        Close(SctpCloseReason.Unreachable, $"{note}, {_errorCount} times");
        return true;
    }

    /// <summary>The peer has answered: the counters begin anew.</summary>
    private void PathAnswered()
    {
        _errorCount = 0;
        if (!_pathInactive) return;
        _pathInactive = false;
        Report(SctpOutputKind.PathActive);
    }
}
