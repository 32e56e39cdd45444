using System.Buffers.Binary;
using WebRtcConformance.Ir;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Asconf;
using WebRtcConformance.Wire.ForwardTsn;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;
using WebRtcConformance.Wire.SctpParameters;
using WebRtcConformance.Wire.ZeroChecksum;

namespace WebRtcConformance.Stack.Sctp;

// RFC 9260 section 5.1: normal establishment, and sections 5.2.1 to 5.2.3: INIT and INIT ACK that come unexpectedly.
public sealed partial class SctpAssociation
{
    private bool _listens, _ended;
    private bool _sendInit, _sendCookieEcho;
    private int _initTransmissions;
    private byte[]? _cookie; // to be echoed
    private Instant _cookieSentAt;
    private TimeSpan _cookiePreservative;
    private EquatableArray<SctpParameter> _unrecognized; // of INIT ACK, to be reported with COOKIE ECHO

    /// <summary>Section 5.1 A: begin an association. Both sides may (RFC 8841 section 9.3 lets both).</summary>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public void Connect(Instant now)
    {
        if (State != SctpState.Closed) throw new InvalidOperationException($"the association is {State}");
        Enter(now);
        (_ended, _listens) = (false, _policy.Listens);
        _localTag = DrawTag();
        BeginSending(_entropy.UInt32());
        _cookiePreservative = TimeSpan.Zero;
        State = SctpState.CookieWait;
        SendInitAgain(first: true);
    }

    private void SendInitAgain(bool first = false)
    {
        if (first) _initTransmissions = 0;
        _initTransmissions++;
        _sendInit = true;
        _deadlines.Set(SctpTimer.T1Init, _now + _rto.Value);
    }

    private void T1InitExpired()
    {
        if (State != SctpState.CookieWait) return;
        if (_initTransmissions > _policy.MaxInitRetransmits)
        {
            Close(SctpCloseReason.NoAnswer, $"no INIT ACK after {_initTransmissions} INIT");
            return;
        }
        _rto.BackOff();
        SendInitAgain();
    }

    private void T1CookieExpired()
    {
        if (State != SctpState.CookieEchoed) return;
        if (_initTransmissions > _policy.MaxInitRetransmits)
        {
            Close(SctpCloseReason.NoAnswer, $"no COOKIE ACK after {_initTransmissions} COOKIE ECHO");
            return;
        }
        _rto.BackOff();
        SendCookieEcho();
    }

    private void SendCookieEcho()
    {
        _initTransmissions++;
        _sendCookieEcho = true;
        _outstanding.AllLost(); // DATA that went with the last one goes with this one
        _deadlines.Stop(SctpTimer.T3Rtx);
        _deadlines.Set(SctpTimer.T1Cookie, _now + _rto.Value);
    }

    private InitChunk MakeInit()
    {
        List<SctpParameter> parameters = [.. OwnParameters()];
        if (_cookiePreservative > TimeSpan.Zero)
            parameters.Add(new CookiePreservativeParameter { LifeSpanIncrement = (uint)_cookiePreservative.TotalMilliseconds });
        // RFC 8261 section 6.1: no addresses.
        if (_quirks.Has(SctpQuirk.SctpPutsAddressIntoInit)) parameters.Add(new Ipv4AddressParameter { Address = WireAddress });
        return new InitChunk
        {
            InitiateTag = _localTag, AdvertisedReceiverWindowCredit = (uint)_policy.ReceiveBufferBytes, InitialTsn = _localInitialTsn,
            OutboundStreams = _policy.OutboundStreams, InboundStreams = _policy.InboundStreams, Parameters = [.. parameters],
        };
    }

    private static byte[] WireAddress => [192, 0, 2, 1]; // RFC 5737: an address of documentation

    private IEnumerable<SctpParameter> OwnParameters()
    {
        if (_policy.PartialReliability) yield return new ForwardTsnSupportedParameter();
        List<SctpChunkType> extensions = [];
        if (_policy.StreamReconfiguration) extensions.Add(SctpChunkType.ReConfig);
        if (_policy.PartialReliability) extensions.Add(SctpChunkType.ForwardTsn);
        if (_policy.Interleaving) extensions.Add(SctpChunkType.IData);
        if (_policy is { Interleaving: true, PartialReliability: true }) extensions.Add(SctpChunkType.IForwardTsn);
        if (extensions.Count > 0) yield return new SupportedExtensionsParameter { ChunkTypes = [.. extensions] };
        if (_policy.ZeroChecksumAcceptable is { } method) yield return new ZeroChecksumAcceptableParameter { Method = method };
    }

    /// <summary>An INIT in a packet of its own with verification tag 0.</summary>
    private void ReceiveInit(InitChunk init)
    {
        if (init.Parameters.OfType<HostNameAddressParameter>().FirstOrDefault() is { } hostName)
        {
            // Section 5.1.2 B.
            Reply(init.InitiateTag, new AbortChunk { Causes = [new UnresolvableAddressCause { Address = [hostName] }] });
            Discard(DiscardReason.Unsupported, "RFC9260:5.1.2", "INIT with a host name");
            return;
        }
        switch (State)
        {
            case SctpState.Closed when !_listens:
                Reply(init.InitiateTag, new AbortChunk()); // section 8.4 step 3
                Discard(DiscardReason.Unsupported, "RFC9260:8.4", "no association is wanted");
                return;
            case SctpState.Closed:
                // Section 5.1 B: no state is kept, all of it is in the cookie.
                AnswerInit(init, DrawTag(), _entropy.UInt32(), 0, 0);
                return;
            case SctpState.ShutdownAckSent:
                // Section 9.2: the peer has not seen that the old association ended.
                _sendShutdownAck = true;
                Discard(DiscardReason.NoEffect, "RFC9260:9.2", "INIT while SHUTDOWN ACK is not answered");
                return;
            case SctpState.CookieWait:
                AnswerInit(init, _localTag, _localInitialTsn, 0, 0); // section 5.2.1
                return;
            case SctpState.CookieEchoed:
                DrawTieTags();
                AnswerInit(init, _localTag, _localInitialTsn, _localTieTag, _peerTieTag); // section 5.2.1
                return;
            default:
                if (_quirks.Has(SctpQuirk.SctpIgnoresRestart)) return;
                DrawTieTags();
                AnswerInit(init, DrawTag(), _entropy.UInt32(), _localTieTag, _peerTieTag); // section 5.2.2
                return;
        }
    }

    private void DrawTieTags()
    {
        if (_localTieTag == 0) (_localTieTag, _peerTieTag) = (DrawTag(), DrawTag());
    }

    private void AnswerInit(InitChunk init, uint localTag, uint initialTsn, uint localTieTag, uint peerTieTag)
    {
        var asked = init.Parameters.OfType<CookiePreservativeParameter>().FirstOrDefault() is { } preservative
            ? TimeSpan.FromMilliseconds(Math.Min(preservative.LifeSpanIncrement, _policy.ValidCookieLife.TotalMilliseconds))
            : TimeSpan.Zero;
        var cookie = new StateCookie
        {
            CreatedAt = _now, Life = _policy.ValidCookieLife + asked, LocalTag = localTag, LocalInitialTsn = initialTsn,
            LocalTieTag = localTieTag, PeerTieTag = peerTieTag, LocalPort = _policy.LocalPort, RemotePort = RemotePort,
            Peer = PeerParameters.From(init),
        };
        List<SctpParameter> parameters = [new StateCookieParameter { Cookie = cookie.Seal(_cookieKey) }, .. OwnParameters()];
        // Section 3.2.2: what was not recognised and asks to be reported.
        parameters.AddRange(ParameterActions.Reported(init.Parameters).Select(SctpParameter (p) => new UnrecognizedParameterParameter { Value = BytesOf(p) }));
        Reply(init.InitiateTag, new InitAckChunk
        {
            InitiateTag = localTag, AdvertisedReceiverWindowCredit = (uint)_policy.ReceiveBufferBytes, InitialTsn = initialTsn,
            OutboundStreams = _policy.OutboundStreams, InboundStreams = _policy.InboundStreams, Parameters = [.. parameters],
        });
    }

    /// <summary>The bytes of a parameter: its record can only be written as part of a whole packet.</summary>
    private static byte[] BytesOf(SctpParameter parameter)
    {
        var chunk = new HeartbeatChunk { Information = [parameter] };
        var bytes = new SctpPacket { SourcePort = 0, DestinationPort = 0, VerificationTag = 0, Chunks = [chunk] }.ToArray().AsSpan(PacketWriter.HeaderSize);
        return bytes[4..BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])].ToArray(); // the chunk's length does not count the padding
    }

    /// <summary>Section 5.1 C.</summary>
    private void ReceiveInitAck(InitAckChunk ack)
    {
        if (State != SctpState.CookieWait)
        {
            Discard(DiscardReason.NoEffect, "RFC9260:5.2.3", $"INIT ACK in {State}");
            return;
        }
        if (ack.Parameters.OfType<HostNameAddressParameter>().FirstOrDefault() is { } hostName)
        {
            AbortWith(ack.InitiateTag, SctpCloseReason.ProtocolViolation, "INIT ACK with a host name", new UnresolvableAddressCause { Address = [hostName] });
            return;
        }
        if (ack.Parameters.OfType<StateCookieParameter>().FirstOrDefault() is not { } cookie)
        {
            AbortWith(ack.InitiateTag, SctpCloseReason.ProtocolViolation, "INIT ACK without a state cookie",
                new MissingMandatoryParameterCause { MissingParamTypes = [SctpParameterType.StateCookie] });
            return;
        }
        _deadlines.Stop(SctpTimer.T1Init);
        _sendInit = false;
        Adopt(PeerParameters.From(ack));
        _cookie = cookie.Cookie.ToArray();
        _unrecognized = [.. ParameterActions.Reported(ack.Parameters)];
        State = SctpState.CookieEchoed;
        _initTransmissions = 0;
        _cookieSentAt = _now;
        SendCookieEcho();
    }

    /// <summary>Section 5.1 E.</summary>
    private void ReceiveCookieAck()
    {
        if (State != SctpState.CookieEchoed)
        {
            Discard(DiscardReason.NoEffect, "RFC9260:5.2.5", $"COOKIE ACK in {State}");
            return;
        }
        Establish();
    }

    private void Establish(bool restarted = false)
    {
        _deadlines.Stop(SctpTimer.T1Init);
        _deadlines.Stop(SctpTimer.T1Cookie);
        (_sendInit, _sendCookieEcho, _cookie, _errorCount) = (false, false, null, 0);
        State = SctpState.Established;
        if (_outstanding.Flight > 0) _deadlines.Set(SctpTimer.T3Rtx, _now + _rto.Value);
        Report(restarted ? SctpOutputKind.Restarted : SctpOutputKind.Opened);
        ScheduleHeartbeat();
        if (_shutdownWanted) BeginShutdown();
    }

    /// <summary>Section 5.2.6, alternative 3: ask for a cookie that lives longer.</summary>
    private void ReceiveStaleCookie(StaleCookieCause cause)
    {
        if (State != SctpState.CookieEchoed)
        {
            Discard(DiscardReason.NoEffect, "RFC9260:5.2.6", $"stale cookie error in {State}");
            return;
        }
        _deadlines.Stop(SctpTimer.T1Cookie);
        (_sendCookieEcho, _cookie, _peer) = (false, null, null);
        _outstanding.AllLost();
        // At most a second beyond the round trip just seen.
        var staleness = TimeSpan.FromMicroseconds(cause.MeasureOfStaleness);
        var most = _now - _cookieSentAt + TimeSpan.FromSeconds(1);
        _cookiePreservative = staleness < most ? staleness + TimeSpan.FromMilliseconds(1) : most;
        _localTag = DrawTag();
        State = SctpState.CookieWait;
        SendInitAgain(first: _initTransmissions <= 1);
    }
}
