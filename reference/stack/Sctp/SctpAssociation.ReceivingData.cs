using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp.Receiving;
using WebRtcConformance.Wire.IData;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;

namespace WebRtcConformance.Stack.Sctp;

// RFC 9260 section 6.2: acknowledgement on reception of DATA chunks, delayed and not, and the receive window.
public sealed partial class SctpAssociation
{
    private bool _ackNow, _ackPending, _firstDataSeen;
    private int _packetsUnacked;
    private bool _packetHasData, _packetHasNewData, _packetHasDuplicate, _packetIsImmediate, _packetHasDropped;
    private uint _windowAdvertised;

    /// <summary>Section 6.2, rules B to D: room in the receive buffer. Nothing is advertised rather than less than a packet (silly window avoidance).</summary>
    private uint Window
    {
        get
        {
            if (_quirks.Has(SctpQuirk.SctpAdvertisesFullWindow)) return (uint)_policy.ReceiveBufferBytes;
            var room = _policy.ReceiveBufferBytes - (long)BytesInWindow;
            return room < _policy.MaxPacketSize || ChunksHeld >= _policy.MaxReassemblyChunks || _reassembly.BytesInSequence >= MaxUnfinishedBytes ? 0 : (uint)room;
        }
    }

    /// <summary>What the window is closed by: all that waits, except for what the peer alone can set free, by sending more (section 6.9).</summary>
    private int BytesInWindow => ReceiveBufferBytes - _reassembly.BytesInSequence;

    private int MaxUnfinishedBytes => Math.Max(_policy.MaxUnfinishedBytes, _policy.MaxReceiveMessageBytes);

    /// <summary>Chunks and messages that are held, whatever their size.</summary>
    private int ChunksHeld => _reassembly.Fragments + _deferred.Count + _unreadMessages;

    private void BeginPacketOfData() =>
        (_packetHasData, _packetHasNewData, _packetHasDuplicate, _packetIsImmediate, _packetHasDropped) = (false, false, false, false, false);

    private void ReceiveData(in DataChunk.View data)
    {
        if (!MayReceiveData(data.Tsn, data.UserData.Length, data.StreamIdentifier, interleaved: false)) return;
        var tsn = SerialNumbers.Unwrap(data.Tsn, _received.CumulativeTsn);
        var message = data.Unordered ? 0 : SerialNumbers.Unwrap(data.StreamSequenceNumber, _reassembly.NextOrdered(data.StreamIdentifier));
        _packetIsImmediate |= data.Immediate;
        ReceiveChunkOfMessage(new IncomingChunk
        {
            Tsn = tsn, Stream = data.StreamIdentifier, Unordered = data.Unordered, Beginning = data.Beginning, Ending = data.Ending,
            Message = message, Number = tsn, Protocol = data.PayloadProtocolIdentifier, Data = data.UserData,
        });
    }

    /// <summary>RFC 8260 section 2.2.3.</summary>
    private void ReceiveIData(in IDataChunk.View data)
    {
        if (!MayReceiveData(data.Tsn, data.UserData.Length, data.StreamIdentifier, interleaved: true)) return;
        var near = data.Unordered ? 0 : _reassembly.NextOrdered(data.StreamIdentifier);
        _packetIsImmediate |= data.Immediate;
        ReceiveChunkOfMessage(new IncomingChunk
        {
            Tsn = SerialNumbers.Unwrap(data.Tsn, _received.CumulativeTsn), Stream = data.StreamIdentifier, Unordered = data.Unordered,
            Beginning = data.Beginning, Ending = data.Ending,
            Message = SerialNumbers.Unwrap(data.MessageIdentifier, near), Number = data.Beginning ? 0 : data.ProtocolIdentifierOrFragmentNumber,
            Protocol = data.Beginning ? (SctpPayloadProtocolIdentifier)data.ProtocolIdentifierOrFragmentNumber : default, Data = data.UserData,
        });
    }

    private bool MayReceiveData(uint tsn, int length, ushort stream, bool interleaved)
    {
        if (State is SctpState.CookieWait or SctpState.CookieEchoed or SctpState.ShutdownReceived or SctpState.ShutdownAckSent)
        {
            Discard(DiscardReason.NoEffect, "RFC9260:6", $"DATA in {State}");
            return false;
        }
        if (interleaved != IsInterleaving)
        {
            Abort(SctpCloseReason.ProtocolViolation, interleaved ? "I-DATA without interleaving" : "DATA with interleaving", new ProtocolViolationCause { AdditionalInformation = default }, "RFC8260:2.2.3");
            return false;
        }
        if (length == 0)
        {
            if (!_quirks.Has(SctpQuirk.SctpIgnoresEmptyData)) Abort(SctpCloseReason.ProtocolViolation, "DATA without user data", new NoUserDataCause { Tsn = tsn }, "RFC9260:6.2");
            return false;
        }
        if (stream < _inboundStreams) return true;
        // Section 6.5: acknowledged, but not delivered.
        Bundle(new ErrorChunk { Causes = [new InvalidStreamIdentifierCause { StreamIdentifier = stream }] });
        Discard(DiscardReason.Incomplete, "RFC9260:6.5", $"stream {stream} of {_inboundStreams}");
        var unwrapped = SerialNumbers.Unwrap(tsn, _received.CumulativeTsn);
        _packetHasData = true;
        if (!_received.IsDuplicate(unwrapped) && _received.HasRoom(unwrapped)) _received.Add(unwrapped);
        return false;
    }

    private void ReceiveChunkOfMessage(in IncomingChunk chunk)
    {
        _packetHasData = true;
        if (_received.IsDuplicate(chunk.Tsn))
        {
            _packetHasDuplicate = true;
            _received.NoteDuplicate(chunk.Tsn);
            if (_quirks.Has(SctpQuirk.SctpDeliversDuplicates) && chunk is { Beginning: true, Ending: true })
                _reassembly.Add(chunk with { Unordered = true });
            return;
        }
        if (!HasRoomFor(chunk))
        {
            _packetHasDropped = true;
            Discard(DiscardReason.LimitReached, "RFC9260:6.2", $"no room for TSN {(uint)chunk.Tsn}");
            return;
        }
        _packetHasNewData = true;
        _received.Add(chunk.Tsn);
        if (IsDeferred(chunk)) Defer(chunk);
        else if (!_reassembly.Add(chunk)) Discard(DiscardReason.NoEffect, "RFC9260:6.6", $"TSN {(uint)chunk.Tsn} belongs to a message that is done with");
        if (_reassembly.IsOverrun)
            Abort(SctpCloseReason.OutOfResource, $"a message of more than {_policy.MaxReceiveMessageBytes} bytes", new OutOfResourceCause(), "policy");
        else EndDeferral();
    }

    /// <summary>
    /// Section 6.2: with no window, only what fills a gap is taken, and for that there is an eighth more room, and for the next TSN of all another
    /// one: no peer that keeps to the window, and ends each message before it begins the next of its stream, can use that up. Whose next TSN finds no
    /// room all the same, although nothing waits to be read, is stuck for good.
    /// </summary>
    private bool HasRoomFor(in IncomingChunk chunk)
    {
        if (!_received.HasRoom(chunk.Tsn)) return false;
        var isNext = chunk.Tsn == _received.CumulativeTsn + 1;
        var eighths = chunk.Tsn >= _received.Highest ? 0 : isNext ? 2 : 1;
        var fitsWindow = BytesInWindow + chunk.Data.Length <= _policy.ReceiveBufferBytes * (8L + eighths) / 8
            && ChunksHeld < _policy.MaxReassemblyChunks * (8L + eighths) / 8;
        // What ends a message can only set bytes free.
        var mayBePart = chunk.Ending || _reassembly.BytesInSequence + (long)chunk.Data.Length <= MaxUnfinishedBytes;
        if (fitsWindow && mayBePart) return true;
        if (!isNext || _unreadBytes > 0) return false;
        var note = fitsWindow ? $"unfinished messages of more than {MaxUnfinishedBytes} bytes" : "the receive buffer is full of parts of messages";
        Abort(SctpCloseReason.OutOfResource, note, new OutOfResourceCause(), "policy");
        return false;
    }

    /// <summary>Section 6.2, for the packet as a whole: when to acknowledge.</summary>
    private void EndPacketOfData()
    {
        if (!_packetHasData || State == SctpState.Closed) return;
        _ackPending = true;
        _packetsUnacked++;
        if (State == SctpState.ShutdownSent) AnswerDataWithShutdown();
        var atOnce = !_firstDataSeen // section 5.1
            || _packetIsImmediate || _packetHasDropped || _packetHasDuplicate && !_packetHasNewData
            || _received.HasGaps && !_quirks.Has(SctpQuirk.SctpDelaysAcksOfGaps) // section 7.2.4
            || _packetsUnacked >= _policy.SackEvery;
        if (_quirks.Has(SctpQuirk.SctpDelaysAcksTooLong)) atOnce = false;
        _firstDataSeen = true;
        if (atOnce) _ackNow = true;
        else if (_deadlines[SctpTimer.DelayedAck] == Instant.Never)
            _deadlines.Set(SctpTimer.DelayedAck, _now + (_quirks.Has(SctpQuirk.SctpDelaysAcksTooLong) ? TimeSpan.FromSeconds(1) : _policy.SackDelay));
    }

    /// <summary>Put a SACK into the packet that is being made.</summary>
    private void AppendSack()
    {
        var window = Window;
        if (!_writer.TryAppendSack(_received, window, withGaps: !_quirks.Has(SctpQuirk.SctpNeverReportsGaps))) return;
        _windowAdvertised = window;
        (_ackNow, _ackPending, _packetsUnacked) = (false, false, 0);
        _deadlines.Stop(SctpTimer.DelayedAck);
    }

    /// <summary>Section 6.2: tell the peer that there is room again, when it is a quarter of the buffer more than it knows of.</summary>
    private void WindowOpened()
    {
        if (State is not (SctpState.Established or SctpState.ShutdownPending or SctpState.ShutdownSent) || !_firstDataSeen) return;
        if (_windowAdvertised < _policy.ReceiveBufferBytes / 4 && Window >= _windowAdvertised + _policy.ReceiveBufferBytes / 4) _ackNow = true;
    }
}
