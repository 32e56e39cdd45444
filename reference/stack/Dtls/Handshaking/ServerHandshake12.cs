using System.Security.Cryptography;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Dtls.Record;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.ExtendedMasterSecretExtension;
using WebRtcConformance.Wire.Renegotiation;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.Tls12;
using WebRtcConformance.Wire.TlsEcc;
using WebRtcConformance.Wire.UseSrtp;
using ECPoint = WebRtcConformance.Wire.TlsEcc.ECPoint;
using SignatureField = WebRtcConformance.Wire.TlsEcc.Signature;

namespace WebRtcConformance.Stack.Dtls.Handshaking;

/// <summary>The server of a DTLS 1.2 handshake (RFC 5246 figure 1, RFC 6347 figure 1): one method for each state, named after what the server waits
/// for.</summary>
internal sealed class ServerHandshake12(DtlsEndpoint endpoint) : Handshake12(endpoint)
{
    private enum State
    {
        ClientHello,
        Certificate,
        ClientKeyExchange,
        CertificateVerify,
        Finished,
        Done,
    }

    private State _state;
    private RecordProtection? _writing;
    private RecordProtection? _reading;

    public override bool IsIdle => _state == State.ClientHello;

    protected override DtlsFailure? ReceiveInState(Instant now, Handshake message, byte[] bytes, int before) => _state switch
    {
        State.ClientHello => AwaitClientHello(now, message, bytes),
        State.Certificate => AwaitCertificate(message),
        State.ClientKeyExchange => AwaitClientKeyExchange(now, message),
        State.CertificateVerify => AwaitCertificateVerify(now, message, before),
        State.Finished => AwaitFinished(now, message, before),
        _ => Unexpected(message, "nothing"),
    };

    /// <summary>RFC 5246 section 7.4.1.2, RFC 6347 section 4.2.1: flight 2 or flight 4.</summary>
    private DtlsFailure? AwaitClientHello(Instant now, Handshake message, byte[] bytes)
    {
        if (!Quirks.Has(DtlsQuirk.HashesCookieExchange))
        {
            // Section 4.2.6: of several ClientHellos the last one counts.
            Transcript.Clear();
            Transcript.Add(bytes);
        }
        if (message is not ClientHello hello) return Unexpected(message, "ClientHello");

        // RFC 5246 appendix E.1: a client says the highest version that it has; higher versions of DTLS have lower numbers.
        if (hello.ClientVersion is > ProtocolVersion.Dtls12 or < (ProtocolVersion)0xFE00)
            return new(AlertDescription.ProtocolVersion, "RFC5246:E.1", $"the client has version {(ushort)hello.ClientVersion:x4} only");
        if (Policy.CookieExchange && !HasGoodCookie(hello))
        {
            SayVerifyRequest(now, hello);
            return null;
        }
        if (Choose(hello, out var chosen) is { } failure) return failure;
        ClientRandom = hello.Random.ToArray();
        ServerRandom = DrawRandom();
        Endpoint.AgreeOnVersion(ProtocolVersion.Dtls12);
        SayFlight4(now, hello, chosen);
        _state = Policy.PeerAuthentication == PeerAuthentication.None ? State.ClientKeyExchange : State.Certificate;
        return null;
    }

    /// <summary>RFC 6347 section 4.2.1: an answer that keeps no state; the number of the message is that of the ClientHello.</summary>
    private void SayVerifyRequest(Instant now, ClientHello hello)
    {
        if (!Quirks.Has(DtlsQuirk.HashesCookieExchange)) Transcript.Clear();
        Endpoint.NextMessageSequence = hello.MessageSeq;
        Endpoint.Flight.Prepare();
        // Section 4.2.1: server_version is DTLS 1.0, whatever will be agreed on.
        var request = Endpoint.Say(now, new HelloVerifyRequest { ServerVersion = ProtocolVersion.Dtls10, Cookie = Endpoint.Cookie(hello) });
        if (request is not null && Quirks.Has(DtlsQuirk.HashesCookieExchange)) Transcript.Add(request);
        Endpoint.SendFlight(now, isLast: true);
    }

    private bool HasGoodCookie(ClientHello hello) => hello.Cookie.Length > 0
        && (Quirks.Has(DtlsQuirk.AcceptsAnyCookie) || CryptographicOperations.FixedTimeEquals(hello.Cookie.Span, Endpoint.Cookie(hello)));

    /// <param name="Scheme">Of the signature in ServerKeyExchange.</param>
    private readonly record struct Choice(SignatureScheme Scheme, bool AnswersRenegotiationInfo, bool AnswersPointFormats);

    /// <summary>Picks from what the client offers; null when there is something to pick everywhere.</summary>
    private DtlsFailure? Choose(ClientHello hello, out Choice choice)
    {
        choice = default;
        var extensions = hello.Extensions.GetValueOrDefault();
        if (!hello.CompressionMethods.Contains(CompressionMethod.Null))
            return new(AlertDescription.IllegalParameter, "RFC5246:7.4.1.2", "the client does not offer null compression");

        // RFC 5246 section 7.4.1.3: a suite of the client's list, and one that fits our certificate.
        CipherSuite = Policy.CipherSuites.FirstOrDefault(s => CipherSuiteParameters.Of(s)?.Authentication == CertificateKeyKind.Ecdsa
            && hello.CipherSuites.Contains(s));
        if (CipherSuite == default) return new(AlertDescription.HandshakeFailure, "RFC5246:7.4.1.3", "no cipher suite in common");
        Parameters = CipherSuiteParameters.Of(CipherSuite)!;

        // RFC 8422 section 4: a client that does not say has no limits; RFC 5246 section 7.4.1.4.1: one that does not say signs with SHA-1, which we
        // do not.
        var groups = extensions.OfType<ClientHelloSupportedGroups>().FirstOrDefault()?.NamedGroupList ?? [NamedGroup.Secp256r1];
        Group = Policy.Groups.FirstOrDefault(g => EcdheShare.Supports(g) && groups.Contains(g));
        if (Group == default) return new(AlertDescription.HandshakeFailure, "RFC8422:4", "no group in common");
        var formats = extensions.OfType<ClientHelloEcPointFormats>().FirstOrDefault();
        if (formats is not null && !formats.EcPointFormatList.Contains(ECPointFormat.Uncompressed))
            return new(AlertDescription.IllegalParameter, "RFC8422:5.1.2", "the client does not take uncompressed points");
        var schemes = extensions.OfType<ClientHelloSignatureAlgorithms>().FirstOrDefault()?.SupportedSignatureAlgorithms ?? [];
        var scheme = Policy.SignatureSchemes.FirstOrDefault(s => LocalCertificate.Signs(s) && schemes.Contains(s));
        if (scheme == default) return new(AlertDescription.HandshakeFailure, "RFC5246:7.4.3", "no signature scheme in common");

        // RFC 7627 section 5.2.
        ExtendedMasterSecret = Policy.ExtendedMasterSecret && extensions.Any(e => e is ClientHelloExtendedMasterSecret);
        if (Policy.RequiresExtendedMasterSecret && !ExtendedMasterSecret)
            return new(AlertDescription.HandshakeFailure, "RFC7627:5.2", "the client has no extended master secret");

        // RFC 5746 section 3.6: by the extension, empty, or by the cipher suite value that stands for it.
        var renegotiation = extensions.OfType<ClientHelloRenegotiationInfo>().FirstOrDefault();
        if (renegotiation?.RenegotiatedConnection.Length > 0)
            return new(AlertDescription.HandshakeFailure, "RFC5746:3.6", "renegotiation_info of an initial handshake is not empty");

        // RFC 5764 section 4.1.1: one of the profiles that the client offers, or no answer.
        SrtpProfile = null;
        if (extensions.OfType<ClientHelloUseSrtp>().FirstOrDefault() is { } srtp)
        {
            foreach (var profile in Policy.SrtpProfiles)
            {
                if (srtp.SRTPProtectionProfiles.Contains(profile) == Quirks.Has(DtlsQuirk.ChoosesUnofferedSrtpProfile)) continue;
                SrtpProfile = profile;
                break;
            }
        }
        choice = new Choice(scheme, renegotiation is not null
            || hello.CipherSuites.Contains(CipherSuite.TlsEmptyRenegotiationInfoScsv), formats is not null);
        return null;
    }

    private void SayFlight4(Instant now, ClientHello hello, Choice choice)
    {
        Endpoint.NextMessageSequence = hello.MessageSeq; // RFC 6347 section 4.2.2: 0, or 1 after a HelloVerifyRequest
        Endpoint.Flight.Prepare();
        var extensions = ServerExtensions(choice).ToArray();
        Say(now, new ServerHello
        {
            ServerVersion = ProtocolVersion.Dtls12,
            Random = ServerRandom,
            SessionId = default,
            CipherSuite = CipherSuite,
            CompressionMethod = CompressionMethod.Null,
            Extensions = extensions.Length > 0 ? new(extensions) : null,
        });
        Say(now, OwnCertificate);
        Share = EcdheShare.Create(Group, Endpoint.KeyShares);
        Say(now, KeyExchange(choice.Scheme));
        if (Policy.PeerAuthentication != PeerAuthentication.None) // RFC 8122 section 6.2
        {
            Say(now, new CertificateRequest
            {
                CertificateTypes = [ClientCertificateType.EcdsaSign, ClientCertificateType.RsaSign],
                SupportedSignatureAlgorithms = [.. Policy.SignatureSchemes],
            });
        }
        Say(now, new ServerHelloDone());
        Endpoint.SendFlight(now, isLast: false);
    }

    private IEnumerable<ServerHelloExtension> ServerExtensions(Choice choice)
    {
        if (choice.AnswersRenegotiationInfo)
            yield return new ServerHelloRenegotiationInfo { RenegotiatedConnection = RenegotiatedConnection };
        if (ExtendedMasterSecret) yield return new ServerHelloExtendedMasterSecret();
        if (choice.AnswersPointFormats) yield return new ServerHelloEcPointFormats { EcPointFormatList = [ECPointFormat.Uncompressed] };
        if (SrtpProfile is { } profile) yield return new ServerHelloUseSrtp { SRTPProtectionProfiles = [profile], SrtpMki = default };
    }

    /// <summary>RFC 8422 section 5.4: both randoms and ServerECDHParams are signed.</summary>
    private ServerKeyExchange KeyExchange(SignatureScheme scheme)
    {
        var unsigned = new ServerKeyExchange
        {
            Params = new ServerECDHParams { CurveParams = new ECParametersNamedCurve { Namedcurve = Group },
                Public = new ECPoint { Point = Share!.PublicKey } },
            SignedParams = new SignatureField { Algorithm = scheme, SignatureValue = default },
        };
        Handshake.View.TryParse(unsigned.ToArray(), out var view, out _);
        view.TryGet(out ServerKeyExchange.View written);
        byte[] signed = [.. ClientRandom, .. ServerRandom, .. written.Params.Bytes];
        return unsigned with { SignedParams = new SignatureField { Algorithm = scheme, SignatureValue = Endpoint.Certificate.Sign(scheme, signed) } };
    }

    /// <summary>RFC 5246 section 7.4.6; RFC 8122 section 6.2: a client without a certificate is refused.</summary>
    private DtlsFailure? AwaitCertificate(Handshake message)
    {
        _state = State.ClientKeyExchange;
        return AcceptCertificate(message);
    }

    /// <summary>RFC 8422 section 5.7.</summary>
    private DtlsFailure? AwaitClientKeyExchange(Instant now, Handshake message)
    {
        if (message is not ClientKeyExchange exchange) return Unexpected(message, "ClientKeyExchange");
        if (!Share!.TryAgree(exchange.EcdhYc.Point.Span, out var premasterSecret))
            return new(AlertDescription.IllegalParameter, "RFC8422:5.11", "the client's key is not a point of the group");
        Share.Dispose();
        (_reading, _writing) = DeriveKeys(premasterSecret);
        if (Peer is null) ExpectFinished(now);
        else _state = State.CertificateVerify;
        return null;
    }

    /// <summary>RFC 5246 section 7.4.8: the client has the key of its certificate.</summary>
    private DtlsFailure? AwaitCertificateVerify(Instant now, Handshake message, int before)
    {
        if (message is not CertificateVerify verify) return Unexpected(message, "CertificateVerify");
        if (!Quirks.Has(DtlsQuirk.SkipsCertificateVerify)
            && Verify(verify.Algorithm, Transcript.Messages[..before], verify.Signature, "RFC5246:7.4.8") is { } failure)
            return failure;
        ExpectFinished(now);
        return null;
    }

    private void ExpectFinished(Instant now)
    {
        _state = State.Finished;
        Endpoint.AwaitChangeCipherSpec(_reading!);
    }

    /// <summary>RFC 5246 section 7.4.9: our turn, for the last time: flight 6.</summary>
    private DtlsFailure? AwaitFinished(Instant now, Handshake message, int before)
    {
        if (AcceptFinished(message, DtlsRole.Client, before) is { } failure) return failure;
        _state = State.Done;
        Endpoint.Flight.Prepare();
        SayFinished(now, _writing!);
        Endpoint.SendFlight(now, isLast: true);
        Endpoint.Complete(now, Agreed);
        return null;
    }
}
