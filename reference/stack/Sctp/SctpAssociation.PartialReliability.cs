using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp.Sending;
using WebRtcConformance.Wire.ForwardTsn;
using WebRtcConformance.Wire.IData;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;

namespace WebRtcConformance.Stack.Sctp;

// RFC 3758 sections 3.5 (sender) and 3.6 (receiver), with the policies of its section 4.1 (timed) and of RFC 7496 section 3.1 (limited retransmissions); RFC 8260
// section 2.3.1 for I-FORWARD-TSN.
public sealed partial class SctpAssociation
{
    private long _advancedPeerAckPoint;
    private bool _sendForwardTsn;

    /// <summary>The peer has not yet acknowledged what was given up.</summary>
    private bool _sendForwardTsnPending => _advancedPeerAckPoint > _outstanding.CumulativeAck;

    private bool IsExpired(OutgoingMessage message) => HasPartialReliability && message.Expires <= _now;

    private bool IsToBeAbandoned(OutgoingChunk chunk, bool resend) =>
        HasPartialReliability && (chunk.Message.Expires <= _now || resend && chunk.Transmissions > chunk.Message.MaxRetransmissions);

    /// <summary>Rule A2: of the chunks that would be sent again, those that may not be.</summary>
    private void AbandonLost()
    {
        if (!HasPartialReliability || _outstanding.Lost == 0) return;
        for (var tsn = _outstanding.CumulativeAck + 1; tsn < _outstanding.NextTsn; tsn++)
        {
            var chunk = _outstanding[tsn];
            if (chunk.State == ChunkState.Lost && IsToBeAbandoned(chunk, resend: true)) Abandon(chunk.Message);
        }
    }

    /// <summary>Rules A2 and A3: the whole message. When not all of it has a TSN, one more stands for the rest, so that there is something to skip.</summary>
    private void Abandon(OutgoingMessage message)
    {
        _outstanding.Abandon(message);
        if (!message.IsFragmented)
        {
            _outstanding.Add(_now, message, length: 0, size: 0, abandoned: true);
            Drop(message.Stream);
        }
        Report(SctpOutputKind.Abandoned, message.Stream.Id);
        AdvancePeerAckPoint(_outstanding.CumulativeAck);
    }

    /// <summary>The message at the front of a stream has expired before all of it was sent.</summary>
    private void DropHead(OutgoingStream stream)
    {
        var message = stream.Head;
        if (message.Fragmented > 0)
        {
            Abandon(message);
            return;
        }
        Drop(stream);
        _sendQueue.Release(message);
        Report(SctpOutputKind.Abandoned, stream.Id);
    }

    private void Drop(OutgoingStream stream)
    {
        if (stream.Drop()) Report(SctpOutputKind.BufferedAmountLow, stream.Id);
        _sendQueue.Scheduler.Update(stream);
    }

    /// <summary>Rules C1 to C3.</summary>
    private void AdvancePeerAckPoint(long acknowledged)
    {
        _advancedPeerAckPoint = Math.Max(_advancedPeerAckPoint, acknowledged);
        while (_outstanding.HasAbandoned && _advancedPeerAckPoint + 1 < _outstanding.NextTsn && _outstanding[_advancedPeerAckPoint + 1].State == ChunkState.Abandoned)
            _advancedPeerAckPoint++;
        _sendForwardTsn = _sendForwardTsnPending;
    }

    /// <summary>Rules C3 to C5, F2: bundled with whatever is sent.</summary>
    private void AppendForwardTsn()
    {
        if (!_sendForwardTsn || State == SctpState.CookieEchoed) return;
        var entrySize = IsInterleaving ? 8 : 4;
        var most = (_writer.Room - 8) / entrySize;
        if (most <= 0) return;
        var skipped = new SortedDictionary<(ushort Stream, bool Unordered), long>();
        var newCumulative = _outstanding.CumulativeAck;
        for (var tsn = newCumulative + 1; tsn <= _advancedPeerAckPoint; newCumulative = tsn++)
        {
            var message = _outstanding[tsn].Message;
            if (message.Unordered && !IsInterleaving) continue;
            var key = (message.Stream.Id, message.Unordered);
            // C4: when there is no room for one more stream, so far and no further.
            if (!skipped.TryGetValue(key, out var highest) && skipped.Count == most) break;
            skipped[key] = Math.Max(highest, message.Number);
        }
        if (newCumulative == _outstanding.CumulativeAck) return;
        if (_quirks.Has(SctpQuirk.SctpOmitsSkippedStreams)) skipped.Clear();
        SctpChunk chunk = IsInterleaving
            ? new IForwardTsnChunk
            {
                NewCumulativeTsn = (uint)newCumulative,
                Streams = [.. skipped.Select(s => new SkippedMessage { StreamIdentifier = s.Key.Stream, Unordered = s.Key.Unordered, MessageIdentifier = (uint)s.Value })],
            }
            : new ForwardTsnChunk
            {
                NewCumulativeTsn = (uint)newCumulative,
                Streams = [.. skipped.Select(s => new SkippedStream { Stream = s.Key.Stream, StreamSequence = (ushort)s.Value })],
            };
        if (!_writer.TryAppend(chunk)) return;
        _sendForwardTsn = false;
        if (_deadlines[SctpTimer.T3Rtx] == Instant.Never) StartT3();
    }

    // ---- receiver ----

    private void ReceiveForwardTsn(in ForwardTsnChunk.View forward)
    {
        if (!MaySkip(forward.NewCumulativeTsn, interleaved: false, out var tsn)) return;
        foreach (var skipped in forward.Streams)
            if (skipped.Stream < _inboundStreams) _reassembly.SkipOrdered(skipped.Stream, SerialNumbers.Unwrap(skipped.StreamSequence, _reassembly.NextOrdered(skipped.Stream)));
        _reassembly.SkipUnorderedTsns(tsn);
        EndDeferral();
    }

    private void ReceiveIForwardTsn(in IForwardTsnChunk.View forward)
    {
        if (!MaySkip(forward.NewCumulativeTsn, interleaved: true, out _)) return;
        foreach (var skipped in forward.Streams)
        {
            if (skipped.StreamIdentifier >= _inboundStreams) continue;
            if (skipped.Unordered) _reassembly.SkipUnordered(skipped.StreamIdentifier, SerialNumbers.Unwrap(skipped.MessageIdentifier, 0));
            else _reassembly.SkipOrdered(skipped.StreamIdentifier, SerialNumbers.Unwrap(skipped.MessageIdentifier, _reassembly.NextOrdered(skipped.StreamIdentifier)));
        }
        EndDeferral();
    }

    private bool MaySkip(uint newCumulative, bool interleaved, out long tsn)
    {
        tsn = SerialNumbers.Unwrap(newCumulative, _received.CumulativeTsn);
        if (State is not (SctpState.Established or SctpState.ShutdownPending or SctpState.ShutdownSent) || _quirks.Has(SctpQuirk.SctpIgnoresForwardTsn))
        {
            Discard(DiscardReason.NoEffect, "RFC3758:3.6", $"FORWARD TSN in {State}");
            return false;
        }
        if (interleaved != IsInterleaving)
        {
            Abort(SctpCloseReason.ProtocolViolation, "FORWARD TSN of the other kind", new ProtocolViolationCause { AdditionalInformation = default }, "RFC8260:2.3.1");
            return false;
        }
        _packetHasData = true;
        if (tsn <= _received.CumulativeTsn)
        {
            _packetHasDuplicate = true;
            Discard(DiscardReason.NoEffect, "RFC3758:3.6", "FORWARD TSN that is out of date");
            return false;
        }
        _packetHasNewData = true;
        _received.Skip(tsn);
        return true;
    }
}
