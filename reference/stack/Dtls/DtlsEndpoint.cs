using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Dtls.Handshaking;
using WebRtcConformance.Stack.Dtls.Record;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Dtls;

/// <summary>RFC 8842 section 5: "setup:active" is the client, "setup:passive" the server.</summary>
public enum DtlsRole
{
    Client,
    Server,
}

/// <summary>
/// One end of a DTLS 1.2 association (RFC 6347) over some path of datagrams: handshake, records, alerts. What comes in: DtlsEndpoint.Receiving.cs;
/// what goes out: DtlsEndpoint.Sending.cs; the handshake itself: Handshaking/ClientHandshake12.cs and ServerHandshake12.cs; records: Record/.
/// <para>
/// The shape of every machine of this stack: <see cref="Receive"/>, <see cref="Advance"/>, <see cref="NextDeadline"/>, <see cref="TryTake"/>, and
/// commands beside them. After any call take until nothing is left. Any bytes may be received; what has no effect becomes
/// <see cref="DtlsEvent.Discarded"/>.
/// </para>
/// </summary>
public sealed partial class DtlsEndpoint : IPacketMachine<DtlsOutput>
{
    private enum State
    {
        /// <summary>A client that has not been told to begin.</summary>
        New,
        Handshaking,

        /// <summary>The handshake is complete, but nobody has said yet who the peer should be (RFC 8122 section 6.2).</summary>
        Unverified,
        Connected,
        Closed,
    }

    private readonly Handshake12 _handshake;
    private readonly Outbox<DtlsOutput> _outbox = new();
    private readonly Entropy _cookieKey;
    private IReadOnlyList<CertificateFingerprint>? _fingerprints;
    private DtlsSession? _session;
    private State _state;

    /// <param name="policy">Numbers and choices.</param>
    /// <param name="entropy">This endpoint's own substream.</param>
    /// <param name="certificate">Its own; shown by a server always, by a client when it is asked for.</param>
    /// <param name="quirks">Rules to break.</param>
    public DtlsEndpoint(DtlsRole role, DtlsPolicy policy, Entropy entropy, LocalCertificate certificate, QuirkSet<DtlsQuirk> quirks = default)
    {
        (Role, Policy, Certificate, Quirks) = (role, policy, certificate, quirks);
        (Randoms, KeyShares, _cookieKey) = (entropy.Fork("dtls/random"), entropy.Fork("dtls/key-share"), entropy.Fork("dtls/cookie"));
        Records = new RecordLayer(quirks) { Version = policy.HelloRecordVersion };
        Flight = new Flight(policy, quirks);
        _reassembler = new Reassembler(policy, quirks);
        (_earlyRecords, _earlyData) = (new EarlyBuffer(policy), new EarlyBuffer(policy));
        _handshake = role == DtlsRole.Client ? new ClientHandshake12(this) : new ServerHandshake12(this);
        _state = role == DtlsRole.Client ? State.New : State.Handshaking;
    }

    public DtlsRole Role { get; }

    public LocalCertificate Certificate { get; }

    /// <summary>Where outgoing messages, records and datagrams may be tampered with.</summary>
    public DtlsFunnels Funnels { get; } = new();

    /// <summary>Data can be sent.</summary>
    public bool IsConnected => _state == State.Connected;

    public bool IsClosed => _state == State.Closed;

    /// <summary>A server has answered a ClientHello with more than a HelloVerifyRequest; a client has from the beginning.</summary>
    internal bool HasBegun => !_handshake.IsIdle;

    /// <summary>What was agreed on; null before the end of the handshake.</summary>
    public DtlsSession? Session => _session;

    /// <summary>Where the peer is, in whatever form: cookies are bound to it (RFC 6347 section 4.2.1).</summary>
    public byte[] PeerAddress { get; init; } = [];

    /// <summary>Bytes held for the peer's sake: messages that are not whole, records and data that came early.</summary>
    public int HeldBytes => _reassembler.HeldBytes + _earlyRecords.Bytes + _earlyData.Bytes;

    /// <summary>The earlier of the retransmission timer and the datagrams that a tap holds back.</summary>
    public Instant NextDeadline => Instant.Min(Flight.Deadline, _delayed.TryPeek(out _, out var held) ? held.At : Instant.Never);

    internal DtlsPolicy Policy { get; }
    internal QuirkSet<DtlsQuirk> Quirks { get; }
    internal RecordLayer Records { get; }
    internal Flight Flight { get; }
    internal Entropy Randoms { get; }
    internal Entropy KeyShares { get; }

    // ---- commands ----

    /// <summary>A client begins; a server waits anyway.</summary>
    public void Start(Instant now)
    {
        if (_state != State.New) return;
        Begin();
        _state = State.Handshaking;
        ((ClientHandshake12)_handshake).SayHello(now);
    }

    /// <summary>
    /// Whom to expect: what signalling has said (RFC 8122 section 5). Until then a handshake may run, but nothing comes of it (section 6.2).
    /// Fingerprints that are given later take the place of earlier ones, as long as the peer has not been accepted.
    /// </summary>
    public void SetPeerFingerprints(Instant now, IReadOnlyList<CertificateFingerprint> fingerprints)
    {
        Begin();
        _fingerprints = fingerprints;
        if (_state == State.Unverified) Verify(now);
    }

    /// <summary>One record of application data. False when the endpoint is not connected.</summary>
    /// <exception cref="ArgumentException">More than 16384 bytes (RFC 5246 section 6.2.1).</exception>
    public bool Send(Instant now, ReadOnlySpan<byte> data)
    {
        if (data.Length > RecordLayer.MaxContent) throw new ArgumentException($"a record has {RecordLayer.MaxContent} bytes at most", nameof(data));
        if (_state != State.Connected) return false;
        Begin();
        WriteRecord(now, Records.WriteEpochNumber, ContentType.ApplicationData, Copy(data));
        FlushDatagram(now);
        return true;
    }

    /// <summary>RFC 5246 section 7.2.1: announce the end.</summary>
    public void Close(Instant now)
    {
        if (_state == State.Closed) return;
        Begin();
        if (_state != State.New) SayCloseNotify(now);
        End(new DtlsEvent.Closed(DtlsCloseCause.Local, null, "RFC5246:7.2.1", "closed by command"));
    }

    // ---- the machine ----

    /// <summary>Fire everything due at or before <paramref name="now"/>.</summary>
    public void Advance(Instant now)
    {
        Begin();
        while (_delayed.TryPeek(out var datagram, out var held) && held.At <= now)
        {
            _delayed.Dequeue();
            _outbox.Add(new DtlsOutput(DtlsOutputKind.Transmit, datagram, null));
        }
        if (Flight.Deadline > now) return;
        if (Flight.Expire(now)) TransmitFlight(now);
        else if (Flight.IsExhausted)
            End(new DtlsEvent.Closed(DtlsCloseCause.Timeout, null, "RFC6347:4.2.4", "the flight was sent as often as the policy allows"));
    }

    /// <summary>Take the next output.</summary>
    public bool TryTake(out DtlsOutput output) => _outbox.TryTake(out output);

    /// <summary>At the start of each call: what was taken before is given up.</summary>
    private void Begin()
    {
        if (_outbox.Count == 0) _arena.Reset();
    }

    // ---- what the handshake has to say ----

    internal void Report(DtlsEvent happened) => _outbox.Add(new DtlsOutput(DtlsOutputKind.Event, default, happened));

    internal void AgreeOnVersion(ProtocolVersion version)
    {
        Records.Version = version;
        _versionIsAgreed = true;
    }

    /// <summary>RFC 8122 section 5.1, if it is known by now whom to expect.</summary>
    internal DtlsFailure? CheckFingerprint(PeerCertificate certificate)
    {
        if (Policy.PeerAuthentication != PeerAuthentication.Fingerprint || _fingerprints is null || Quirks.Has(DtlsQuirk.AcceptsWrongFingerprint))
            return null;
        return CertificateFingerprint.Matches(_fingerprints, certificate.Der.Span)
            ? null
            : new DtlsFailure(AlertDescription.BadCertificate, "RFC8122:5.1", "the certificate matches none of the fingerprints",
                DtlsCloseCause.NotAuthenticated);
    }

    /// <summary>The handshake is complete.</summary>
    internal void Complete(Instant now, DtlsSession session)
    {
        _session = session;
        _state = State.Unverified;
        if (Policy.PeerAuthentication != PeerAuthentication.Fingerprint || _fingerprints is not null) Verify(now);
    }

    private void Verify(Instant now)
    {
        var failure = _session!.PeerCertificate is { } certificate ? CheckFingerprint(certificate)
            : Policy.PeerAuthentication == PeerAuthentication.None ? null
            : new DtlsFailure(AlertDescription.BadCertificate, "RFC8122:6.2", "no certificate", DtlsCloseCause.NotAuthenticated);
        if (failure is not null)
        {
            Fail(now, failure);
            return;
        }
        _state = State.Connected;
        Report(new DtlsEvent.Connected(_session));
        foreach (var data in _earlyData.TakeAll()) _outbox.Add(new DtlsOutput(DtlsOutputKind.ApplicationData, data, null));
    }

    /// <summary>A fatal alert, and the end (RFC 5246 section 7.2.2). A server that has not begun goes on waiting: nothing has been agreed that could
    /// end.</summary>
    private void Fail(Instant now, DtlsFailure failure)
    {
        SayAlert(now, AlertLevel.Fatal, failure.Alert);
        if (_state == State.Handshaking && _handshake.IsIdle)
        {
            _reassembler.Expect(Math.Max(_reassembler.Next - 1, 0));
            Discard(DiscardReason.Unsupported, failure.Rule, failure.Note);
            return;
        }
        End(new DtlsEvent.Closed(failure.Cause, failure.Alert, failure.Rule, failure.Note));
    }

    private void End(DtlsEvent.Closed closed)
    {
        _state = State.Closed;
        Flight.Finish();
        _reassembler.Forget();
        _earlyRecords.TakeAll();
        _earlyData.TakeAll();
        Report(closed);
    }

    private void Discard(DiscardReason reason, string rule, string note) => Report(new DtlsEvent.Discarded(new Discard(reason, rule, note)));
}
