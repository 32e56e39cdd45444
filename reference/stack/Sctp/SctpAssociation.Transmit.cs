using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp.Sending;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.ZeroChecksum;

namespace WebRtcConformance.Stack.Sctp;

// RFC 9260 sections 6.1 (transmission of DATA), 6.9 (fragmentation) and 6.10 (bundling): what the next packet is.
public sealed partial class SctpAssociation
{
    private int _burst;
    private bool _probeWindow;
    private Instant _lastDataAt = Instant.Start;

    private bool TryMakePacket(out SctpOutput output)
    {
        while (true)
        {
            if (_packets.TryDequeue(out var reply))
            {
                if (TrySeal(reply, zeroAllowed: false, out output)) return true;
                continue;
            }
            if (!TryCompose(out var zeroAllowed)) break;
            if (TrySealComposed(zeroAllowed, out output)) return true;
        }
        output = default;
        return false;
    }

    /// <summary>Write the next packet of the association; false when there is nothing to send.</summary>
    private bool TryCompose(out bool zeroAllowed)
    {
        zeroAllowed = true;
        switch (State)
        {
            case SctpState.Closed: return false;
            case SctpState.CookieWait: return TryComposeInit(out zeroAllowed);
            case SctpState.CookieEchoed when !_sendCookieEcho: return false; // section 5.1 C: no other packets
        }
        Begin(_peer!.Tag);
        if (_sendCookieEcho)
        {
            (_sendCookieEcho, zeroAllowed) = (false, false);
            _writer.TryAppend(new CookieEchoChunk { Cookie = _cookie! });
            if (_unrecognized.Count > 0)
                _writer.TryAppend(new ErrorChunk { Causes = [new Wire.SctpCauses.UnrecognizedParametersCause { Parameters = _unrecognized }] });
            AppendData();
            return true;
        }
        if (_sendCookieAck)
        {
            _sendCookieAck = false;
            _writer.TryAppend(new CookieAckChunk());
        }
        AppendReplies();
        AppendReconfiguration();
        if (_ackNow) AppendSack();
        AppendForwardTsn();
        AppendData();
        AppendShutdown();
        return !_writer.IsEmpty;
    }

    private bool TryComposeInit(out bool zeroAllowed)
    {
        zeroAllowed = false;
        if (!_sendInit) return false;
        _sendInit = false;
        Begin(_quirks.Has(SctpQuirk.SctpSendsInitWithTag) ? _localTag : 0); // section 8.5.1 A
        return _writer.TryAppend(MakeInit());
    }

    private void Begin(uint tag) => _writer.Begin(_policy.LocalPort, RemotePort, tag);

    private void AppendReplies()
    {
        while (_replies.TryPeek(out var chunk))
        {
            if (!_writer.TryAppend(chunk))
            {
                if (!_writer.IsEmpty) return; // it goes into the next packet
                Discard(DiscardReason.LimitReached, "RFC9260:6.10", "a reply is larger than a packet");
            }
            _replies.Dequeue();
        }
    }

    // ---- DATA ----

    private int HeaderOfData => IsInterleaving ? PacketWriter.IDataHeaderSize : PacketWriter.DataHeaderSize;

    private bool MaySendData => State is SctpState.CookieEchoed or SctpState.Established or SctpState.ShutdownPending or SctpState.ShutdownReceived;

    /// <summary>Section 6.1: first what is to be sent again, then what is new.</summary>
    private void AppendData()
    {
        if (!MaySendData || _burst <= 0) return;
        var bundled = 0;
        _sendQueue.Scheduler.BeginPacket();
        var ignoreWindow = _fastRetransmit || _quirks.Has(SctpQuirk.SctpIgnoresCongestionWindow);
        // Rule B: a packet may begin while less than cwnd is in flight, and then be filled.
        var mayBegin = _outstanding.Flight < _congestion.Window || ignoreWindow;
        if (!mayBegin || _congestion.OnePacketOnly && _outstanding.Flight > 0 && !ignoreWindow) return;
        while (_outstanding.TryFindLost(out var tsn))
        {
            var chunk = _outstanding[tsn];
            if (!Fits(chunk.Size)) break;
            if (IsToBeAbandoned(chunk))
            {
                Abandon(chunk.Message);
                continue;
            }
            BundleSackFirst(chunk.Size);
            _writer.AppendData(tsn, chunk, WritesIData, immediate: false, RepeatsSequenceNumber);
            _outstanding.Resent(_now, tsn);
            _peerWindow = Math.Max(0, _peerWindow - chunk.Length);
            var isEarliest = tsn == _outstanding.CumulativeAck + 1;
            if (isEarliest || _deadlines[SctpTimer.T3Rtx] == Instant.Never) StartT3();
            bundled++;
        }
        if (bundled > 0) _fastRetransmit = false;
        if (_outstanding.Lost == 0 && !_sendForwardTsn) bundled += AppendNewData(bundled);
        if (bundled > 0)
        {
            _burst--;
            _lastDataAt = _now;
        }
    }

    private int AppendNewData(int bundled)
    {
        var made = 0;
        // Section 6.1: fewer than 2^16 messages of a stream in the send window; and what is further ahead could not be reported in a gap ack block.
        while (_outstanding.Count < ushort.MaxValue && _sendQueue.Scheduler.Next(IsInterleaving) is { } stream)
        {
            var message = stream.Head;
            if (IsExpired(message) || message.Abandoned)
            {
                DropHead(stream);
                continue;
            }
            var length = ChooseLength(message);
            var size = HeaderOfData + length + 3 & ~3;
            if (length == 0 || !MayUsePeerWindow(length)) break;
            if (made == 0 && bundled == 0 && _outstanding.Count == 0) _congestion.Idle(_now - _lastDataAt, _rto.Value);
            BundleSackFirst(size);
            if (message.Fragmented == 0) message.Number = message.Unordered ? stream.NextUnordered++ : stream.NextOrdered++;
            var tsn = _outstanding.NextTsn;
            var chunk = _outstanding.Add(_now, message, length, size);
            if (stream.Consume(length)) Report(SctpOutputKind.BufferedAmountLow, stream.Id);
            _sendQueue.Scheduler.Sent(stream, length);
            // Section 6.1: the peer need not wait when nothing more will come.
            var immediate = State == SctpState.ShutdownPending && _sendQueue.Scheduler.IsEmpty;
            _writer.AppendData(tsn, chunk, WritesIData, immediate, RepeatsSequenceNumber);
            _peerWindow = Math.Max(0, _peerWindow - length);
            if (_deadlines[SctpTimer.T3Rtx] == Instant.Never && State != SctpState.CookieEchoed) StartT3();
            made++;
            _probeWindow = false;
        }
        return made;
    }

    private bool WritesIData => IsInterleaving && !_quirks.Has(SctpQuirk.SctpSendsDataWhenInterleaving);

    private bool RepeatsSequenceNumber => _quirks.Has(SctpQuirk.SctpRepeatsStreamSequenceNumber);

    private void StartT3() => _deadlines.Set(SctpTimer.T3Rtx, _now + _rto.Value);

    /// <summary>
    /// Section 6.9: how much of the message goes into this packet. The rest of it when that fits; a full chunk in a fresh packet; a part of at least half
    /// a packet in one that holds something; otherwise 0.
    /// </summary>
    private int ChooseLength(OutgoingMessage message)
    {
        var rest = message.Length - message.Fragmented;
        var sack = _ackPending ? RoomForSack : 0;
        var room = _writer.Room - (sack + HeaderOfData <= _writer.Room ? sack : 0) - HeaderOfData & ~3;
        if (rest <= room) return rest;
        return room >= (_pmdcs - HeaderOfData) / 2 ? room : 0;
    }

    private bool Fits(int size) => size <= _writer.Room;

    /// <summary>Section 6.1 rule A: what the peer has room for, and a single chunk when it has none and nothing is in flight.</summary>
    private bool MayUsePeerWindow(int length)
    {
        if (length <= _peerWindow || _quirks.Has(SctpQuirk.SctpIgnoresPeerWindow)) return true;
        if (_outstanding.Flight > 0 || _outstanding.Lost > 0) return false;
        if (_probeWindow || State == SctpState.CookieEchoed) return true;
        // The first zero window probe is sent after an RTO; T3-rtx sends it again, less and less often.
        if (_deadlines[SctpTimer.ZeroWindowProbe] == Instant.Never) _deadlines.Set(SctpTimer.ZeroWindowProbe, _now + _rto.Value);
        return false;
    }

    private int RoomForSack => 16 + 4 * Math.Min(_received.Gaps.Count, 16);

    /// <summary>Section 6.1: an acknowledgement that waits goes with the first DATA chunk, as far as there is room.</summary>
    private void BundleSackFirst(int size)
    {
        if (_ackPending && State != SctpState.CookieEchoed && _writer.Room >= size + RoomForSack && _received.Gaps.Count <= 16 && _received.Duplicates.Count == 0) AppendSack();
    }

    // ---- sealing ----

    /// <summary>RFC 9653 section 5.2: zero when the peer has said that the packets are protected in the way that this side knows them to be.</summary>
    private bool SendsZeroChecksum(bool allowed) =>
        _quirks.Has(SctpQuirk.SctpSendsZeroChecksumUnasked)
        || _peer is { ZeroChecksum: var method and not 0 } && method == _policy.ZeroChecksumAcceptable
            && (allowed || _quirks.Has(SctpQuirk.SctpSendsZeroChecksumWithCookieEcho) && State == SctpState.CookieEchoed);

    private bool TrySealComposed(bool zeroAllowed, out SctpOutput output)
    {
        if (!Funnels.AreIdle) return TrySeal(_writer.Packet.ToArray(), zeroAllowed, out output);
        _writer.Seal(SendsZeroChecksum(zeroAllowed));
        output = SctpOutput.Transmit(_writer.Packet);
        return true;
    }

    /// <summary>Composed, encoded, sealed, with what the taps say; false when none of it is to be sent now.</summary>
    private bool TrySeal(byte[] packet, bool zeroAllowed, out SctpOutput output)
    {
        output = default;
        var disposition = Disposition.Pass;
        if (!Funnels.Composed.IsEmpty && SctpPacket.TryParse(packet, out var composed, out _))
        {
            disposition = Funnels.Composed.Pass(_now, ref composed);
            if (disposition.Dropped) return false;
            packet = disposition.RawBytes ?? composed.ToArray();
        }
        if (disposition.RawBytes is null)
        {
            disposition = disposition.And(Funnels.Encoded.Pass(_now, ref packet));
            if (disposition.Dropped) return false;
            if (disposition.RawBytes is { } encoded) packet = encoded;
            else PacketWriter.Seal(packet, SendsZeroChecksum(zeroAllowed));
        }
        if (disposition.RawBytes is null)
        {
            disposition = disposition.And(Funnels.Sealed.Pass(_now, ref packet));
            if (disposition.Dropped) return false;
            packet = disposition.RawBytes ?? packet;
        }
        output = SctpOutput.Transmit(packet);
        var isDelayed = disposition.DelayedBy > TimeSpan.Zero;
        for (var copy = isDelayed ? 0 : 1; copy <= disposition.ExtraCopies; copy++)
        {
            if (isDelayed) _delayed.Enqueue(packet, (_now + disposition.DelayedBy, _delayedSequence++));
            else _ready.Enqueue(packet);
        }
        return !isDelayed;
    }
}
