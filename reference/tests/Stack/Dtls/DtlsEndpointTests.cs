using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.Tls12;
using WebRtcConformance.Wire.TlsEcc;
using WebRtcConformance.Wire.UseSrtp;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>Single rules: what is refused, ignored, answered.</summary>
public class DtlsEndpointTests
{
    private static readonly DtlsPolicy Normal = new();

    private static void Ends(DtlsPair pair, DtlsPair.Side side, AlertDescription alert, string rule)
    {
        Assert.False(pair.Connect(TimeSpan.FromSeconds(10)));
        var end = side.End;
        Assert.True(end is not null, pair.ToString());
        Assert.Equal((alert, rule), (end.Alert!.Value, end.Rule));
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        var other = side == pair.Client ? pair.Server : pair.Client;
        // The alert reaches the other side, unless that is past the epoch in which it was sent.
        if (other.End is not null) Assert.Equal((DtlsCloseCause.RemoteAlert, alert), (other.End.Cause, other.End.Alert!.Value));
    }

    /// <summary>RFC 4145 section 4.1, RFC 8842 section 5.</summary>
    [Theory]
    [InlineData(DtlsSetup.Actpass, DtlsSetup.Active, DtlsRole.Server)]
    [InlineData(DtlsSetup.Actpass, DtlsSetup.Passive, DtlsRole.Client)]
    [InlineData(DtlsSetup.Active, DtlsSetup.Passive, DtlsRole.Client)]
    [InlineData(DtlsSetup.Active, DtlsSetup.Active, null)]
    [InlineData(DtlsSetup.Passive, DtlsSetup.Passive, null)]
    [InlineData(DtlsSetup.Actpass, DtlsSetup.Actpass, null)]
    [InlineData(DtlsSetup.Holdconn, DtlsSetup.Holdconn, null)]
    [InlineData(DtlsSetup.Actpass, DtlsSetup.Holdconn, null)]
    public void Offer_and_answer_give_the_roles(DtlsSetup offer, DtlsSetup answer, DtlsRole? offerer)
    {
        Assert.Equal(offerer, DtlsSetups.RoleOf(offer, answer));
        Assert.Equal(offerer is null ? null : offerer == DtlsRole.Client ? DtlsRole.Server : DtlsRole.Client, DtlsSetups.RoleOf(answer, offer));
    }

    // ---- ServerHello ----

    public static TheoryData<string, AlertDescription, string> BadServerHellos => new()
    {
        { "version", AlertDescription.ProtocolVersion, "RFC5246:7.4.1.3" },
        { "suite", AlertDescription.IllegalParameter, "RFC5246:7.4.1.3" },
        { "compression", AlertDescription.IllegalParameter, "RFC5246:7.4.1.3" },
        { "renegotiation", AlertDescription.HandshakeFailure, "RFC5746:3.4" },
        { "points", AlertDescription.IllegalParameter, "RFC8422:5.1.2" },
        { "two profiles", AlertDescription.IllegalParameter, "RFC5764:4.1.1" },
        { "mki", AlertDescription.IllegalParameter, "RFC5764:4.1.1" },
        { "no ems", AlertDescription.HandshakeFailure, "RFC7627:5.2" },
    };

    [Theory]
    [MemberData(nameof(BadServerHellos))]
    public void A_ServerHello_with_what_was_not_offered_is_refused(string what, AlertDescription alert, string rule)
    {
        var policy = Normal with { SrtpProfiles = [SRTPProtectionProfile.SrtpAeadAes128Gcm, SRTPProtectionProfile.SrtpAeadAes256Gcm],
            RequiresExtendedMasterSecret = true };
        var pair = new DtlsPair(client: policy, server: policy);
        pair.Server.Tamper<ServerHello>(hello => what switch
        {
            "version" => hello with { ServerVersion = ProtocolVersion.Dtls10 },
            "suite" => hello with { CipherSuite = CipherSuite.TlsEcdheEcdsaWithAes128CbcSha },
            "compression" => hello with { CompressionMethod = (CompressionMethod)1 },
            "renegotiation" => With<WebRtcConformance.Wire.Renegotiation.ServerHelloRenegotiationInfo>(hello,
                e => e with { RenegotiatedConnection = new byte[] { 1 } }),
            "points" => With<ServerHelloEcPointFormats>(hello, e => e with { EcPointFormatList = [(ECPointFormat)1] }),
            "two profiles" => With<ServerHelloUseSrtp>(hello, e => e with { SRTPProtectionProfiles = [.. e.SRTPProtectionProfiles,
                .. e.SRTPProtectionProfiles] }),
            "mki" => With<ServerHelloUseSrtp>(hello, e => e with { SrtpMki = new byte[] { 1 } }),
            _ => hello with { Extensions = new(hello.Extensions!.Value.Where(e => e.ExtensionType != ExtensionType.ExtendedMasterSecret)) },
        });
        Ends(pair, pair.Client, alert, rule);
    }

    private static ServerHello With<T>(ServerHello hello, Func<T, ServerHelloExtension> change) where T : ServerHelloExtension =>
        hello with { Extensions = new(hello.Extensions!.Value.Select(e => e is T typed ? change(typed) : e)) };

    // ---- the rest of the handshake ----

    public static TheoryData<string, AlertDescription, string> BadMessagesOfServers => new()
    {
        { "not a certificate", AlertDescription.BadCertificate, "RFC5246:7.4.2" },
        { "no certificate", AlertDescription.BadCertificate, "RFC8122:6.2" },
        { "group", AlertDescription.IllegalParameter, "RFC8422:5.4" },
        { "scheme", AlertDescription.IllegalParameter, "RFC8422:5.4" },
        { "point", AlertDescription.IllegalParameter, "RFC8422:5.11" },
        { "no key exchange", AlertDescription.UnexpectedMessage, "RFC5246:7.3" },
        { "finished", AlertDescription.DecryptError, "RFC5246:7.4.9" },
        { "short finished", AlertDescription.DecryptError, "RFC5246:7.4.9" },
    };

    [Theory]
    [MemberData(nameof(BadMessagesOfServers))]
    public void A_server_that_breaks_a_rule_is_told(string what, AlertDescription alert, string rule)
    {
        var pair = new DtlsPair(client: Normal with { PeerAuthentication = PeerAuthentication.AnyCertificate },
            clientQuirks: what == "point" ? QuirkSet<DtlsQuirk>.Of(DtlsQuirk.SkipsServerKeyExchangeSignature) : default);
        pair.Server.Tamper<Certificate>(m => what switch
        {
            "not a certificate" => m with { CertificateList = [new Asn1Cert { Value = new byte[] { 0x30, 0x80 } }] },
            "no certificate" => m with { CertificateList = default },
            _ => m,
        });
        pair.Server.Tamper<ServerKeyExchange>(m => what switch
        {
            "group" => m with { Params = m.Params with { CurveParams = new ECParametersNamedCurve { Namedcurve = NamedGroup.Secp384r1 } } },
            "scheme" => m with { SignedParams = m.SignedParams with { Algorithm = SignatureScheme.EcdsaSha1 } },
            "point" => m with { Params = m.Params with { Public = new ECPoint { Point = new byte[32] } } },
            "no key exchange" => null,
            _ => m,
        });
        pair.Server.Tamper<Finished>(m => what switch
        {
            "finished" => m with { VerifyData = new byte[12] },
            "short finished" => m with { VerifyData = default },
            _ => m,
        });
        Ends(pair, pair.Client, alert, rule);
    }

    public static TheoryData<string, AlertDescription, string> BadMessagesOfClients => new()
    {
        { "no certificate", AlertDescription.BadCertificate, "RFC8122:6.2" },
        { "no certificate message", AlertDescription.UnexpectedMessage, "RFC5246:7.3" },
        { "point", AlertDescription.IllegalParameter, "RFC8422:5.11" },
        { "scheme", AlertDescription.IllegalParameter, "RFC5246:7.4.8" },
        { "twice", AlertDescription.UnexpectedMessage, "RFC5246:7.3" },
    };

    [Theory]
    [MemberData(nameof(BadMessagesOfClients))]
    public void A_client_that_breaks_a_rule_is_told(string what, AlertDescription alert, string rule)
    {
        var pair = new DtlsPair();
        pair.Client.Tamper<Certificate>(m => what switch { "no certificate" => m with { CertificateList = default },
            "no certificate message" => null, _ => m });
        pair.Client.Tamper<ClientKeyExchange>(m => what == "point" ? m with { EcdhYc = new ECPoint { Point = new byte[32] } } : m);
        pair.Client.Tamper<CertificateVerify>(m => what switch { "scheme" => m with { Algorithm = SignatureScheme.EcdsaSha1 }, _ => m });
        if (what == "twice")
        {
            // ClientKeyExchange in the place of CertificateVerify.
            ClientKeyExchange? first = null;
            pair.Client.Endpoint.Funnels.Composed.Add((Instant _, ref Handshake message) =>
            {
                if (message is ClientKeyExchange exchange) first = exchange;
                else if (message is CertificateVerify verify) message = first! with { MessageSeq = verify.MessageSeq };
                return Disposition.Pass;
            });
        }
        Ends(pair, pair.Server, alert, rule);
    }

    /// <summary>
    /// Without CertificateVerify nothing comes of it. No alert either: ChangeCipherSpec has no number, so it may have overtaken a CertificateVerify
    /// that is yet to come (RFC 6347 section 4.2.5), and Finished behind it cannot be read.
    /// </summary>
    [Fact]
    public void A_client_that_does_not_prove_to_have_its_key_is_left_waiting()
    {
        var pair = new DtlsPair();
        pair.Client.Tamper<CertificateVerify>(_ => null);
        Assert.False(pair.Connect(TimeSpan.FromSeconds(100)));
        Assert.Null(pair.Server.Endpoint.Session);
    }

    [Fact]
    public void What_does_not_parse_is_a_decode_error()
    {
        var pair = new DtlsPair();
        pair.Client.Endpoint.Funnels.Encoded.Add((Instant _, ref byte[] message) =>
        {
            if (message[0] == (byte)HandshakeType.Certificate) message.AsSpan(12, 3).Fill(0xFF); // the length of the list
            return Disposition.Pass;
        });
        Assert.False(pair.Connect(TimeSpan.FromSeconds(5)));
        Assert.Equal(AlertDescription.DecodeError, pair.Server.End!.Alert);
        Assert.Contains("Certificate", pair.Server.End.Rule, StringComparison.Ordinal);
    }

    // ---- GREASE, unknown things ----

    [Fact]
    public void Unknown_suites_groups_schemes_formats_and_extensions_of_a_client_are_passed_over()
    {
        var pair = new DtlsPair(clientQuirks: default);
        pair.Client.Tamper<ClientHello>(hello => hello with
        {
            CipherSuites = [(CipherSuite)0x0A0A, CipherSuite.TlsAes128GcmSha256, .. hello.CipherSuites, CipherSuite.TlsEmptyRenegotiationInfoScsv],
            CompressionMethods = [(CompressionMethod)64, CompressionMethod.Null],
            Extensions = new([new UnknownClientHelloExtension((ExtensionType)0x2A2A, default), .. hello.Extensions!.Value.Select(e => e switch
            {
                ClientHelloSupportedGroups groups => groups with { NamedGroupList = [(NamedGroup)0x3A3A, NamedGroup.X25519mlkem768,
                    .. groups.NamedGroupList] },
                ClientHelloSignatureAlgorithms schemes => schemes with { SupportedSignatureAlgorithms = [(SignatureScheme)0x4A4A,
                    SignatureScheme.Ed25519, .. schemes.SupportedSignatureAlgorithms] },
                ClientHelloEcPointFormats formats => formats with { EcPointFormatList = [(ECPointFormat)0x5A, .. formats.EcPointFormatList] },
                _ => e,
            }), new UnknownClientHelloExtension((ExtensionType)0x6A6A, new byte[] { 0 })]),
        });
        Assert.True(pair.Connect(TimeSpan.FromSeconds(5)), pair.ToString());
    }

    [Theory]
    [InlineData(0xFEFC, true)] // DTLS 1.3 and above: we choose 1.2
    [InlineData(0xFE00, true)]
    [InlineData(0xFEFF, false)]
    [InlineData(0x0303, false)]
    public void The_version_of_a_client_is_the_highest_that_it_has(int version, bool fine)
    {
        var pair = new DtlsPair();
        pair.Client.Tamper<ClientHello>(hello => hello with { ClientVersion = (ProtocolVersion)version });
        Assert.Equal(fine, pair.Connect(TimeSpan.FromSeconds(5)));
        if (!fine) Assert.Equal(AlertDescription.ProtocolVersion, pair.Client.End!.Alert);
    }

    // ---- renegotiation ----

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Renegotiation_is_refused_with_a_warning_and_data_goes_on(bool clientWants)
    {
        var pair = new DtlsPair();
        Assert.True(pair.Connect(), pair.ToString());
        var (wanting, refusing) = clientWants ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        byte[] body = clientWants ? [.. new ClientHello
        {
            ClientVersion = ProtocolVersion.Dtls12, Random = new byte[32], SessionId = default, Cookie = default,
                CipherSuites = [CipherSuite.TlsEcdheEcdsaWithAes128GcmSha256],
            CompressionMethods = [CompressionMethod.Null],
        }.ToArray()] : new HelloRequest().ToArray();
        wanting.Endpoint.Funnels.Records.Add((Instant _, ref PlainRecord record) =>
        {
            if (record.Type == ContentType.ApplicationData && record.Content.Length == 3)
                record = record with { Type = ContentType.Handshake, Content = body };
            return Disposition.Pass;
        });
        Assert.Equal("", pair.Say(wanting, "NEW"));
        Assert.Contains(refusing.Discards, d => d.Rule == "RFC5246:7.2.2" && d.Note.Contains("renegotiation", StringComparison.Ordinal));
        Assert.Contains(wanting.Discards, d => d.Note.Contains("NoRenegotiation", StringComparison.Ordinal));
        Assert.Equal("hello", pair.Say(pair.Client, "hello"));
        Assert.Equal("world", pair.Say(pair.Server, "world"));
    }

    [Fact]
    public void HelloRequest_during_a_handshake_is_ignored_and_not_hashed()
    {
        var pair = new DtlsPair();
        pair.World.Inject(new Datagram(DtlsPair.ServerAddress, DtlsPair.ClientAddress, new HandshakeFragments
        {
            Version = ProtocolVersion.Dtls12, Fragments = [new HandshakeFragment { MsgType = HandshakeType.HelloRequest, Length = 0, MessageSeq = 0,
                FragmentOffset = 0, Body = default }],
        }.ToArray()));
        Assert.True(pair.Connect(TimeSpan.FromSeconds(5)), pair.ToString());
        Assert.Contains(pair.Client.Discards, d => d.Rule == "RFC5246:7.4.1.1");
    }

    // ---- alerts ----

    [Fact]
    public void Warnings_are_noted_and_fatal_alerts_end()
    {
        var pair = new DtlsPair();
        Assert.True(pair.Connect(), pair.ToString());
        var level = AlertLevel.Warning;
        pair.Client.Endpoint.Funnels.Records.Add((Instant _, ref PlainRecord record) =>
        {
            record = record with { Type = ContentType.Alert, Content = new[] { (byte)level, (byte)AlertDescription.UserCanceled } };
            return Disposition.Pass;
        });
        Assert.Equal("", pair.Say(pair.Client, "x"));
        Assert.True(pair.Server.Endpoint.IsConnected);
        level = AlertLevel.Fatal;
        pair.Say(pair.Client, "x");
        Assert.Equal((DtlsCloseCause.RemoteAlert, AlertDescription.UserCanceled), (pair.Server.End!.Cause, pair.Server.End.Alert!.Value));
        Assert.Equal(Instant.Never, pair.Server.Endpoint.NextDeadline);
    }

    [Fact]
    public void Alerts_without_protection_do_not_end_an_association()
    {
        var pair = new DtlsPair();
        Assert.True(pair.Connect(), pair.ToString());
        pair.World.Inject(new Datagram(DtlsPair.ClientAddress, DtlsPair.ServerAddress,
            new Alert { Version = ProtocolVersion.Dtls12, Level = AlertLevel.Fatal, Description = AlertDescription.InternalError }.ToArray()));
        pair.World.Inject(new Datagram(DtlsPair.ClientAddress, DtlsPair.ServerAddress,
            new Alert { Version = ProtocolVersion.Dtls12, Level = AlertLevel.Warning, Description = AlertDescription.CloseNotify }.ToArray()));
        Assert.Equal("hello", pair.Say(pair.Client, "hello"));
        Assert.Equal(2, pair.Server.Discards.Count(d => d.Rule == "RFC6347:4.1"));
    }

    // ---- records ----

    [Fact]
    public void The_replay_window_takes_each_record_once_and_late_ones_up_to_64_behind()
    {
        var pair = new DtlsPair();
        Assert.True(pair.Connect(), pair.ToString());
        var held = new List<Datagram>();
        pair.World.Datagrams.Add((Instant _, ref Datagram d) =>
        {
            if (held.Count >= 100) return Disposition.Pass;
            held.Add(d);
            return Disposition.Drop;
        });
        for (var i = 0; i < 100; i++) pair.Client.Endpoint.Send(pair.World.Now, [(byte)i]);
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(100, held.Count);
        foreach (var n in new[] { 99, 99, 36, 35, 70, 70, 36 }) pair.World.Inject(held[n]);
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([99, 36, 70], pair.Server.TakeData().Select(d => (int)d[0]));
        Assert.Equal(4, pair.Server.Discards.Count(d => d.Rule == "RFC6347:4.1.2.6"));
    }

    [Fact]
    public void Several_records_in_one_datagram_stand_for_themselves()
    {
        var pair = new DtlsPair();
        Assert.True(pair.Connect(), pair.ToString());
        var records = new List<byte[]>();
        pair.Client.Endpoint.Funnels.Sealed.Add((Instant _, ref ReadOnlyMemory<byte> datagram) =>
        {
            records.Add(datagram.ToArray());
            return Disposition.Drop;
        });
        foreach (var text in new[] { "a", "b", "c" }) pair.Client.Endpoint.Send(pair.World.Now, System.Text.Encoding.ASCII.GetBytes(text));
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        records[1][^1] ^= 1;
        pair.World.Inject(new Datagram(DtlsPair.ClientAddress, DtlsPair.ServerAddress, (byte[])[.. records[0], .. records[1], .. records[2], 23, 0xFE]));
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("a|c", string.Join("|", pair.Server.TakeData().Select(System.Text.Encoding.ASCII.GetString)));
        Assert.Equal(["RFC6347:4.1.2.7", "dtls12/DtlsPlaintext.Version"], pair.Server.Discards.Select(d => d.Rule));
    }

    [Fact]
    public void The_largest_record_passes_and_a_larger_one_is_misuse()
    {
        var pair = new DtlsPair();
        Assert.True(pair.Connect(), pair.ToString());
        Assert.True(pair.Client.Endpoint.Send(pair.World.Now, new byte[16384]));
        Assert.Throws<ArgumentException>(() => pair.Client.Endpoint.Send(pair.World.Now, new byte[16385]));
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(16384, Assert.Single(pair.Server.TakeData()).Length);
    }

    [Fact]
    public void A_record_costs_no_allocation()
    {
        var (client, server) = (new DtlsEndpoint(DtlsRole.Client, Normal, new Entropy(1), DtlsPair.ClientCertificate),
            new DtlsEndpoint(DtlsRole.Server, Normal, new Entropy(2), DtlsPair.ServerCertificate));
        client.SetPeerFingerprints(Instant.Start, [DtlsPair.ServerCertificate.Fingerprint]);
        server.SetPeerFingerprints(Instant.Start, [DtlsPair.ClientCertificate.Fingerprint]);
        client.Start(Instant.Start);
        DtlsPairTests.Shuttle(client, server);
        Assert.True(client.IsConnected && server.IsConnected);
        var data = new byte[1150];
        long Run(int count)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < count; i++)
            {
                client.Send(Instant.Start, data);
                client.TryTake(out var sent);
                server.Receive(Instant.Start, sent.Bytes.Span);
                if (!server.TryTake(out var heard) || heard.Bytes.Length != data.Length) throw new InvalidOperationException("lost");
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Run(2000);
        Assert.Equal(0, Run(2000));
    }

    [Fact]
    public void Cookies_are_bound_to_the_peer_and_to_the_hello()
    {
        var policy = Normal with { CookieExchange = true };
        string CookieFor(byte[] address, byte random)
        {
            var server = new DtlsEndpoint(DtlsRole.Server, policy, new Entropy(1), DtlsPair.ServerCertificate) { PeerAddress = address };
            var hello = new ClientHello
            {
                ClientVersion = ProtocolVersion.Dtls12, Random = Enumerable.Repeat(random, 32).ToArray(), SessionId = default, Cookie = default,
                CipherSuites = [CipherSuite.TlsEcdheEcdsaWithAes128GcmSha256], CompressionMethods = [CompressionMethod.Null],
            };
            server.Receive(Instant.Start, new HandshakeFragments
            {
                Version = ProtocolVersion.Dtls12, SequenceNumber = 77,
                Fragments = [new HandshakeFragment { MsgType = HandshakeType.ClientHello, Length = (uint)hello.ToArray().Length - 12, MessageSeq = 0,
                    FragmentOffset = 0, Body = hello.ToArray().AsSpan(12) }],
            }.ToArray());
            Assert.True(server.TryTake(out var output));
            Assert.True(DtlsPlaintext.TryParse(output.Bytes.Span, out var record, out _));
            Assert.Equal(77UL, record.SequenceNumber); // RFC 6347 section 4.2.1
            var body = Assert.Single(Assert.IsType<HandshakeFragments>(record).Fragments);
            Assert.True(Handshake.TryParse(new UnknownHandshake(body.MsgType, body.Body).ToArray(), out var message, out _));
            var request = Assert.IsType<HelloVerifyRequest>(message);
            Assert.Equal(ProtocolVersion.Dtls10, request.ServerVersion);
            Assert.Equal((0, Instant.Never), (server.HeldBytes, server.NextDeadline));
            return request.Cookie.ToString();
        }
        Assert.Equal(CookieFor([1], 1), CookieFor([1], 1));
        Assert.Equal(3, new[] { CookieFor([1], 1), CookieFor([2], 1), CookieFor([1], 2) }.Distinct().Count());
    }
}
