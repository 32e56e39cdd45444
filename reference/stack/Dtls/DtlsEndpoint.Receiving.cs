using WebRtcConformance.Stack.Dtls.Handshaking;
using WebRtcConformance.Stack.Dtls.Record;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.Tls12;

namespace WebRtcConformance.Stack.Dtls;

/// <summary>What comes in: datagrams to records, records to fragments, fragments to messages.</summary>
public sealed partial class DtlsEndpoint
{
    private readonly Reassembler _reassembler;
    private readonly EarlyBuffer _earlyRecords;
    private readonly EarlyBuffer _earlyData;
    private RecordProtection? _nextReading;
    private bool _versionIsAgreed;
    private bool _changeCipherSpecSeen;

    /// <summary>A datagram has come from the peer; the span is needed during the call only. Total: any bytes.</summary>
    public void Receive(Instant now, ReadOnlySpan<byte> datagram)
    {
        Begin();
        if (datagram.IsEmpty) Discard(DiscardReason.Malformed, "RFC6347:4.1", "an empty datagram");
        while (!datagram.IsEmpty)
        {
            // RFC 6347 section 4.1.2.7: invalid records are discarded, and the association goes on.
            if (IncomingRecord.TryCut(ref datagram, out var record, out var problem)) ReceiveRecord(now, record);
            else Report(new DtlsEvent.Discarded(problem));
        }
    }

    private void ReceiveRecord(Instant now, in IncomingRecord record)
    {
        if (_state is State.Closed or State.New)
        {
            Discard(DiscardReason.NoEffect, "RFC5246:7.2.1", _state == State.New ? "the endpoint has not begun" : "the endpoint is closed");
            return;
        }
        // RFC 6347 section 4.1, RFC 5246 appendix E.1: until a version is agreed on, and in what is sent again from before that, any version of DTLS
        // will do.
        if ((ushort)record.Version < 0xFE00 || _versionIsAgreed && record.Epoch > 0 && record.Version != Records.Version)
        {
            Discard(DiscardReason.Malformed, "RFC6347:4.1", $"a record of version {(ushort)record.Version:x4}");
            return;
        }
        if (record.Fragment.Length > RecordLayer.MaxFragment)
        {
            Discard(DiscardReason.Malformed, "RFC5246:6.2.3", $"a record of {record.Fragment.Length} bytes");
            return;
        }
        if (record.Epoch != Records.ReadEpochNumber) ReceiveOtherEpoch(record);
        else if (record.Epoch == 0) ReceivePlaintext(now, record);
        else ReceiveCiphertext(now, record);
        ChangeReadEpoch(now);
    }

    /// <summary>RFC 6347 section 4.1: records of the next epoch may overtake those before them, and are kept for a while; older ones are
    /// discarded.</summary>
    private void ReceiveOtherEpoch(in IncomingRecord record)
    {
        if (record.Epoch == 0 && record.Type == ContentType.ApplicationData && _state == State.Connected
            && Quirks.Has(DtlsQuirk.AcceptsPlaintextAfterHandshake))
            _outbox.Add(new DtlsOutput(DtlsOutputKind.ApplicationData, Copy(record.Fragment), null));
        else if (_session is not null && Role == DtlsRole.Server && IsClientHello(record)) RefuseNewAssociation();
        else if (record.Epoch != Records.ReadEpochNumber + 1 || _session is not null)
            Discard(DiscardReason.Unauthenticated, "RFC6347:4.1", $"a record of epoch {record.Epoch} in epoch {Records.ReadEpochNumber}");
        else if (!_earlyRecords.TryKeep(record.Bytes))
            Discard(DiscardReason.NoEffect, "RFC6347:4.1", "too many records of the next epoch");
    }

    private static bool IsClientHello(in IncomingRecord record) =>
        record is { Epoch: 0, Type: ContentType.Handshake, Fragment: [(byte)HandshakeType.ClientHello, ..] };

    /// <summary>RFC 6347 section 4.2.8: whoever sends it must not destroy the association by that. Who wants to serve it has a <see cref="DtlsServer"/>.</summary>
    private void RefuseNewAssociation()
    {
        if (Quirks.Has(DtlsQuirk.DiesOfNewClientHello))
            End(new DtlsEvent.Closed(DtlsCloseCause.ProtocolViolation, null, "RFC6347:4.2.8", "a ClientHello without protection"));
        else Discard(DiscardReason.Unsupported, "RFC6347:4.2.8", "a ClientHello without protection; a new association is agreed on by signalling");
    }

    private void ReceivePlaintext(Instant now, in IncomingRecord record)
    {
        // No replay window here: sequence numbers that nobody has authenticated would let anybody shut out the peer's records.
        if (_handshake.IsIdle) Records.ContinueFrom(record.SequenceNumber);
        if (record.Type == ContentType.ApplicationData) Discard(DiscardReason.Unauthenticated, "RFC5246:10", "application data without protection");
        else ReceiveContent(now, record.Type, record.Bytes);
    }

    private void ReceiveCiphertext(Instant now, in IncomingRecord record)
    {
        if (!Records.IsNew(record))
        {
            Discard(DiscardReason.NoEffect, "RFC6347:4.1.2.6", $"record {record.SequenceNumber} has been received before, or is too old");
            return;
        }
        // The content as a DTLSPlaintext, which is what the codec reads; its epoch is 0 there.
        var size = Records.ContentSize(record);
        var plaintext = _arena.Take(IncomingRecord.HeaderSize + Math.Max(size, 0));
        if (size < 0 || !Records.TryOpen(record, plaintext.Span[IncomingRecord.HeaderSize..]))
        {
            _arena.Return(plaintext.Length);
            // Section 4.1.2.7: an alert is possible, and not recommended.
            if (Quirks.Has(DtlsQuirk.DiesOfBadRecords))
                Fail(now, new DtlsFailure(AlertDescription.BadRecordMac, "RFC6347:4.1.2.7", "a record that is not authentic"));
            else Discard(DiscardReason.Unauthenticated, "RFC6347:4.1.2.7", "the record is not authentic");
            return;
        }
        if (size > RecordLayer.MaxContent)
        {
            Fail(now, new DtlsFailure(AlertDescription.RecordOverflow, "RFC5246:6.2.1", $"{size} bytes in one record"));
            return;
        }
        if (record.Type == ContentType.ApplicationData)
        {
            ReceiveApplicationData(plaintext[IncomingRecord.HeaderSize..]);
            return;
        }
        RecordLayer.WritePlaintextHeader(record.Type, record.Version, record.SequenceNumber, size, plaintext.Span);
        ReceiveContent(now, record.Type, plaintext.Span);
    }

    /// <summary>RFC 6347 section 4.2.4: data of the new epoch is kept until Finished has come, and until it is known who the peer should be (RFC 8122
    /// section 6.2).</summary>
    private void ReceiveApplicationData(ReadOnlyMemory<byte> data)
    {
        if (_state == State.Connected || Quirks.Has(DtlsQuirk.DeliversDataBeforeFinished))
            _outbox.Add(new DtlsOutput(DtlsOutputKind.ApplicationData, data, null));
        else if (!_earlyData.TryKeep(data.Span)) Discard(DiscardReason.NoEffect, "RFC6347:4.2.4", "too much application data before Finished");
    }

    /// <summary>RFC 5246 section 6.2.1: by the type of the content.</summary>
    private void ReceiveContent(Instant now, ContentType type, ReadOnlySpan<byte> bytes)
    {
        if (!DtlsPlaintext.View.TryParse(bytes, out var record, out var error))
        {
            Discard(DiscardReason.Malformed, error.Path, error.ToString());
            return;
        }
        if (record.TryGet(out HandshakeFragments.View fragments))
        {
            foreach (var fragment in fragments.Fragments)
            {
                if (_state == State.Closed) return;
                if (_session is null) ReceiveFragment(now, fragment);
                else ReceiveAfterHandshake(now, fragment);
            }
        }
        else if (record.TryGet(out Alert.View alert)) ReceiveAlert(now, alert.Level, alert.Description);
        else if (type == ContentType.ChangeCipherSpec) _changeCipherSpecSeen = true;
        else Discard(DiscardReason.Unsupported, "RFC6347:4.1", $"content of type {(byte)type}");
    }

    // ---- alerts ----

    /// <summary>RFC 5246 section 7.2.</summary>
    private void ReceiveAlert(Instant now, AlertLevel level, AlertDescription description)
    {
        if (description == AlertDescription.CloseNotify)
        {
            SayCloseNotify(now); // section 7.2.1: answer with the same, and close
            End(new DtlsEvent.Closed(DtlsCloseCause.Remote, description, "RFC5246:7.2.1", "the peer has closed"));
        }
        else if (level == AlertLevel.Fatal)
            End(new DtlsEvent.Closed(DtlsCloseCause.RemoteAlert, description, "RFC5246:7.2.2", $"the peer sent the alert {description}"));
        else Discard(DiscardReason.NoEffect, "RFC5246:7.2.2", $"the warning {description}");
    }

    // ---- handshake messages ----

    /// <summary>RFC 6347 section 4.2.2: the next message is read, earlier ones are repetitions, later ones are kept.</summary>
    private void ReceiveFragment(Instant now, in HandshakeFragment.View fragment)
    {
        // RFC 5246 section 7.4.1.1: ignored while a handshake is under way, and never hashed.
        if (Role == DtlsRole.Client && fragment.MsgType == HandshakeType.HelloRequest)
        {
            Discard(DiscardReason.NoEffect, "RFC5246:7.4.1.1", "HelloRequest during a handshake");
            return;
        }
        // Section 4.2.1: a server that has not begun knows of no earlier ClientHello.
        if (_handshake.IsIdle && fragment.MsgType == HandshakeType.ClientHello && fragment.MessageSeq != _reassembler.Next)
            _reassembler.Expect(fragment.MessageSeq);

        if (fragment.MessageSeq < _reassembler.Next)
        {
            ReceiveRepetition(now, fragment);
            return;
        }
        if (_reassembler.Add(fragment) is { } discard) Report(new DtlsEvent.Discarded(discard));
        while (_state != State.Closed && _reassembler.TryTake(out var bytes)) ReceiveMessage(now, bytes);
    }

    private void ReceiveMessage(Instant now, byte[] bytes)
    {
        var failure = Handshake.TryParse(bytes, out var message, out var error)
            ? _handshake.Receive(now, message, bytes)
            : new DtlsFailure(AlertDescription.DecodeError, error.Path, error.ToString());
        if (failure is not null) Fail(now, failure);
    }

    /// <summary>RFC 6347 section 4.2.4: a flight of the peer that comes again tells that ours was lost. The end of the last message stands for the
    /// whole flight.</summary>
    private void ReceiveRepetition(Instant now, in HandshakeFragment.View fragment)
    {
        var endsFlight = fragment.MessageSeq == _reassembler.Next - 1 && fragment.FragmentOffset + fragment.FragmentLength == fragment.Length;
        if (endsFlight && Flight.Repeat(now)) TransmitFlight(now);
        else Discard(DiscardReason.NoEffect, "RFC6347:4.2.2", $"message {fragment.MessageSeq} has been received before");
    }

    /// <summary>
    /// A repeated last flight of the peer (RFC 6347 section 4.2.4), or the wish to renegotiate, which is refused (RFC 5246 section 7.2.2). A new
    /// handshake begins with message 0 (RFC 6347 section 4.2.2).
    /// </summary>
    private void ReceiveAfterHandshake(Instant now, in HandshakeFragment.View fragment)
    {
        var begins = Role == DtlsRole.Client ? HandshakeType.HelloRequest : HandshakeType.ClientHello;
        if (fragment.MsgType == begins && fragment.MessageSeq == 0)
        {
            SayAlert(now, AlertLevel.Warning, AlertDescription.NoRenegotiationReserved);
            Discard(DiscardReason.Unsupported, "RFC5246:7.2.2", "renegotiation is refused");
        }
        else ReceiveRepetition(now, fragment);
    }

    // ---- the change of the cipher ----

    /// <summary>The keys of the next epoch are there, and every message before ChangeCipherSpec has come.</summary>
    internal void AwaitChangeCipherSpec(RecordProtection reading) => _nextReading = reading;

    /// <summary>
    /// RFC 6347 section 4.2.5: ChangeCipherSpec has no number, and may overtake the messages before it; it counts when those have come. What was kept
    /// of the old epoch is void then, as nobody has authenticated it, and what came early of the new one is read.
    /// </summary>
    private void ChangeReadEpoch(Instant now)
    {
        if (_nextReading is null || !_changeCipherSpecSeen && !Quirks.Has(DtlsQuirk.SkipsChangeCipherSpec)) return;
        Records.BeginReadEpoch(_nextReading);
        _nextReading = null;
        _reassembler.Forget();
        foreach (var early in _earlyRecords.TakeAll())
        {
            ReadOnlySpan<byte> bytes = early;
            if (IncomingRecord.TryCut(ref bytes, out var record, out _)) ReceiveRecord(now, record);
        }
    }
}
