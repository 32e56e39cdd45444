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

namespace WebRtcConformance.Stack.Dtls.Handshaking;

/// <summary>The client of a DTLS 1.2 handshake (RFC 5246 figure 1, RFC 6347 figure 1): one method for each state, named after what the client waits
/// for.</summary>
internal sealed class ClientHandshake12(DtlsEndpoint endpoint) : Handshake12(endpoint)
{
    private enum State
    {
        ServerHello,
        Certificate,
        ServerKeyExchange,
        CertificateRequest,
        ServerHelloDone,
        Finished,
        Done,
    }

    private State _state;
    private WireBytes _cookie;
    private CertificateRequest? _request;
    private byte[] _serverKey = [];

    /// <summary>Flight 1, and with a cookie flight 3 (RFC 6347 section 4.2.1).</summary>
    public void SayHello(Instant now)
    {
        if (ClientRandom.Length == 0 || Quirks.Has(DtlsQuirk.ChangesHelloOnCookie)) ClientRandom = DrawRandom();
        Endpoint.Flight.Prepare();
        Say(now, new ClientHello
        {
            ClientVersion = ProtocolVersion.Dtls12,
            Random = ClientRandom,
            SessionId = default, // no resumption
            Cookie = Quirks.Has(DtlsQuirk.OmitsCookie) ? default : _cookie,
            CipherSuites = [.. Policy.CipherSuites],
            CompressionMethods = [CompressionMethod.Null],
            Extensions = new([.. Extensions()]),
        });
        Endpoint.SendFlight(now, isLast: false);
    }

    private IEnumerable<ClientHelloExtension> Extensions()
    {
        yield return new ClientHelloRenegotiationInfo { RenegotiatedConnection = RenegotiatedConnection };
        if (Policy.ExtendedMasterSecret) yield return new ClientHelloExtendedMasterSecret(); // RFC 7627 section 5.2
        yield return new ClientHelloSupportedGroups { NamedGroupList = [.. Policy.Groups] }; // RFC 8422 section 5.1.1
        yield return new ClientHelloEcPointFormats { EcPointFormatList = [ECPointFormat.Uncompressed] }; // section 5.1.2
        yield return new ClientHelloSignatureAlgorithms { SupportedSignatureAlgorithms = [.. Policy.SignatureSchemes] }; // RFC 5246 section 7.4.1.4.1
        if (Policy.SrtpProfiles.Count > 0)
            yield return new ClientHelloUseSrtp { SRTPProtectionProfiles = [.. Policy.SrtpProfiles], SrtpMki = default }; // RFC 5764 section 4.1.1
    }

    protected override DtlsFailure? ReceiveInState(Instant now, Handshake message, byte[] bytes, int before) => _state switch
    {
        State.ServerHello => AwaitServerHello(now, message, before),
        State.Certificate => AwaitCertificate(message),
        State.ServerKeyExchange => AwaitServerKeyExchange(message, bytes),
        State.CertificateRequest => AwaitCertificateRequest(now, message),
        State.ServerHelloDone => AwaitServerHelloDone(now, message),
        State.Finished => AwaitFinished(now, message, before),
        _ => Unexpected(message, "nothing"),
    };

    /// <summary>RFC 6347 section 4.2.1: HelloVerifyRequest, which is answered as often as it comes; RFC 5246 section 7.4.1.3: ServerHello.</summary>
    private DtlsFailure? AwaitServerHello(Instant now, Handshake message, int before)
    {
        if (message is HelloVerifyRequest request)
        {
            // Section 4.2.6: neither the first ClientHello nor HelloVerifyRequest is hashed.
            if (!Quirks.Has(DtlsQuirk.HashesCookieExchange)) Transcript.Clear();
            _cookie = request.Cookie;
            SayHello(now);
            return null;
        }
        if (message is not ServerHello hello) return Unexpected(message, "ServerHello");

        if (hello.ServerVersion != ProtocolVersion.Dtls12)
            return new(AlertDescription.ProtocolVersion, "RFC5246:7.4.1.3", $"the server chose version {(ushort)hello.ServerVersion:x4}");
        if (CipherSuiteParameters.Of(hello.CipherSuite) is not { } parameters
            || !Policy.CipherSuites.Contains(hello.CipherSuite) && !Quirks.Has(DtlsQuirk.AcceptsUnofferedCipherSuite))
            return new(AlertDescription.IllegalParameter, "RFC5246:7.4.1.3",
                $"the server chose cipher suite {(ushort)hello.CipherSuite:x4}, which was not offered");
        if (hello.CompressionMethod != CompressionMethod.Null)
            return new(AlertDescription.IllegalParameter, "RFC5246:7.4.1.3", $"the server chose compression method {(byte)hello.CompressionMethod}");
        (ServerRandom, CipherSuite, Parameters) = (hello.Random.ToArray(), hello.CipherSuite, parameters);
        if (ReadExtensions(hello) is { } failure) return failure;

        Endpoint.AgreeOnVersion(hello.ServerVersion);
        _state = State.Certificate;
        return null;
    }

    /// <summary>RFC 5246 section 7.4.1.4: only what was offered.</summary>
    private DtlsFailure? ReadExtensions(ServerHello hello)
    {
        var offered = Extensions().Select(e => e.ExtensionType).ToHashSet();
        foreach (var extension in hello.Extensions.GetValueOrDefault())
        {
            if (!offered.Contains(extension.ExtensionType) && !Quirks.Has(DtlsQuirk.AcceptsUnofferedExtension))
                return new(AlertDescription.UnsupportedExtension, "RFC5246:7.4.1.4", $"extension {(ushort)extension.ExtensionType} was not offered");
            switch (extension)
            {
                case ServerHelloExtendedMasterSecret:
                    ExtendedMasterSecret = true;
                    break;
                case ServerHelloRenegotiationInfo { RenegotiatedConnection.Length: > 0 }:
                    return new(AlertDescription.HandshakeFailure, "RFC5746:3.4", "renegotiation_info of an initial handshake is not empty");
                case ServerHelloEcPointFormats formats when !formats.EcPointFormatList.Contains(ECPointFormat.Uncompressed):
                    return new(AlertDescription.IllegalParameter, "RFC8422:5.1.2", "the server does not take uncompressed points");
                case ServerHelloUseSrtp srtp:
                    // RFC 5764 section 4.1.1: exactly one profile, and one that was offered; section 4.1.3: the MKI that was offered, which was none.
                    if (srtp.SRTPProtectionProfiles.Count != 1 || !Policy.SrtpProfiles.Contains(srtp.SRTPProtectionProfiles[0]) || srtp.SrtpMki.Length > 0)
                        return new(AlertDescription.IllegalParameter, "RFC5764:4.1.1",
                            "the server did not choose one of the SRTP protection profiles that were offered");
                    SrtpProfile = srtp.SRTPProtectionProfiles[0];
                    break;
            }
        }
        return Policy.RequiresExtendedMasterSecret && !ExtendedMasterSecret
            ? new(AlertDescription.HandshakeFailure, "RFC7627:5.2", "the server has no extended master secret")
            : null;
    }

    /// <summary>RFC 5246 section 7.4.2; RFC 8422 section 5.3: the kind of key that the cipher suite asks for.</summary>
    private DtlsFailure? AwaitCertificate(Handshake message)
    {
        if (AcceptCertificate(message) is { } failure) return failure;
        if (Peer!.Key != Parameters.Authentication)
            return new(AlertDescription.UnsupportedCertificate, "RFC8422:5.3", $"a certificate with an {Peer.Key} key does not fit {CipherSuite}");
        _state = State.ServerKeyExchange;
        return null;
    }

    /// <summary>RFC 8422 section 5.4: the server's ephemeral key, signed together with both randoms.</summary>
    private DtlsFailure? AwaitServerKeyExchange(Handshake message, byte[] bytes)
    {
        if (message is not ServerKeyExchange exchange) return Unexpected(message, "ServerKeyExchange");
        if (exchange.Params.CurveParams is not ECParametersNamedCurve { Namedcurve: var group } || !Policy.Groups.Contains(group)
            || !EcdheShare.Supports(group))
            return new(AlertDescription.IllegalParameter, "RFC8422:5.4", "the server chose a group that was not offered");
        byte[] signed = [.. ClientRandom, .. ServerRandom, .. SignedParams(bytes)];
        if (!Quirks.Has(DtlsQuirk.SkipsServerKeyExchangeSignature)
            && Verify(exchange.SignedParams.Algorithm, signed, exchange.SignedParams.SignatureValue, "RFC8422:5.4") is { } failure)
            return failure;
        (Group, _serverKey) = (group, exchange.Params.Public.Point.ToArray());
        _state = State.CertificateRequest;
        return null;
    }

    /// <summary>ServerECDHParams, as it was sent.</summary>
    private static ReadOnlySpan<byte> SignedParams(byte[] bytes) =>
        Handshake.View.TryParse(bytes, out var view, out _) && view.TryGet(out ServerKeyExchange.View exchange) ? exchange.Params.Bytes : default;

    /// <summary>RFC 5246 section 7.4.4: may be left out.</summary>
    private DtlsFailure? AwaitCertificateRequest(Instant now, Handshake message)
    {
        if (message is not CertificateRequest request) return AwaitServerHelloDone(now, message);
        _request = request;
        _state = State.ServerHelloDone;
        return null;
    }

    /// <summary>RFC 5246 section 7.4.5: the server's flight is complete, so it is our turn: flight 5.</summary>
    private DtlsFailure? AwaitServerHelloDone(Instant now, Handshake message)
    {
        if (message is not ServerHelloDone) return Unexpected(message, "ServerHelloDone");
        using var share = EcdheShare.Create(Group, Endpoint.KeyShares);
        if (!share.TryAgree(_serverKey, out var premasterSecret))
            return new(AlertDescription.IllegalParameter, "RFC8422:5.11", "the server's key is not a point of the group");

        Endpoint.Flight.Prepare();
        var scheme = _request?.SupportedSignatureAlgorithms.FirstOrDefault(LocalCertificate.Signs) ?? default;
        var signs = scheme != default && _request!.CertificateTypes.Contains(ClientCertificateType.EcdsaSign);
        // Section 7.4.6: a client without a suitable certificate sends a Certificate message without certificates.
        if (_request is not null) Say(now, signs ? OwnCertificate : new Certificate());
        Say(now, new ClientKeyExchange { EcdhYc = new ECPoint { Point = share.PublicKey } }); // RFC 8422 section 5.7
        var (writing, reading) = DeriveKeys(premasterSecret);
        if (signs)
            Say(now, new CertificateVerify { Algorithm = scheme, Signature = Endpoint.Certificate.Sign(scheme,
                Transcript.Messages) }); // RFC 5246 section 7.4.8
        SayFinished(now, writing);
        _state = State.Finished;
        Endpoint.SendFlight(now, isLast: false);
        Endpoint.AwaitChangeCipherSpec(reading);
        return null;
    }

    /// <summary>RFC 5246 section 7.4.9: the handshake is complete.</summary>
    private DtlsFailure? AwaitFinished(Instant now, Handshake message, int before)
    {
        if (AcceptFinished(message, DtlsRole.Server, before) is { } failure) return failure;
        _state = State.Done;
        Endpoint.Flight.Finish();
        Endpoint.Complete(now, Agreed);
        return null;
    }
}
