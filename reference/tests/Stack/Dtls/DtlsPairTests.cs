using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.UseSrtp;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>Two of our endpoints: what they agree on, and how they end.</summary>
public class DtlsPairTests
{
    private static readonly CipherSuite[] Suites =
    [
        CipherSuite.TlsEcdheEcdsaWithAes128GcmSha256, CipherSuite.TlsEcdheEcdsaWithAes256GcmSha384, CipherSuite.TlsEcdheEcdsaWithChacha20Poly1305Sha256,
    ];

    public static TheoryData<CipherSuite, NamedGroup, bool> Choices =>
        new(from suite in Suites from grp in new[] { NamedGroup.X25519, NamedGroup.Secp256r1 } from ems in new[] { true, false } select (suite, grp, ems));

    [Theory]
    [MemberData(nameof(Choices))]
    public void They_agree_on_what_both_have_and_exchange_data(CipherSuite suite, NamedGroup group, bool ems)
    {
        var policy = new DtlsPolicy { CipherSuites = [suite], Groups = [group], ExtendedMasterSecret = ems };
        var pair = new DtlsPair(client: policy);
        Assert.True(pair.Connect(), pair.ToString());
        foreach (var session in new[] { pair.Client.Endpoint.Session!, pair.Server.Endpoint.Session! })
            Assert.Equal((suite, group, ems, ProtocolVersion.Dtls12), (session.CipherSuite, session.Group, session.ExtendedMasterSecret, session.Version));
        Assert.Equal(DtlsPair.ServerCertificate.Der.ToArray(), pair.Client.Endpoint.Session!.PeerCertificate!.Der.ToArray());
        Assert.Equal(DtlsPair.ClientCertificate.Der.ToArray(), pair.Server.Endpoint.Session!.PeerCertificate!.Der.ToArray());
        Assert.Equal(pair.Client.Keys, pair.Server.Keys);
        Assert.Matches("^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$", pair.Client.Keys);
        Assert.Equal("hello", pair.Say(pair.Client, "hello"));
        Assert.Equal("", pair.Say(pair.Server, ""));
        Assert.Equal("world", pair.Say(pair.Server, "world"));
        Assert.Equal((pair.Client.Endpoint.NextDeadline, pair.Server.Endpoint.NextDeadline), (Instant.Never, Instant.Never));
        // Two flights of two datagrams each way at most, 20 ms each.
        Assert.Equal(Instant.Start + TimeSpan.FromMilliseconds(80) + TimeSpan.FromSeconds(3), pair.World.Now);
        Assert.Empty(pair.Client.Discards.Concat(pair.Server.Discards));
    }

    [Fact]
    public void Exporters_are_equal_and_differ_by_label_context_and_length()
    {
        var srtp = new DtlsPolicy { SrtpProfiles = [SRTPProtectionProfile.SrtpAeadAes128Gcm, SRTPProtectionProfile.SrtpAes128CmHmacSha180] };
        var pair = new DtlsPair(client: srtp, server: srtp with { SrtpProfiles = [SRTPProtectionProfile.SrtpAes128CmHmacSha180] });
        Assert.True(pair.Connect(), pair.ToString());
        var (client, server) = (pair.Client.Endpoint.Session!, pair.Server.Endpoint.Session!);
        Assert.Equal(SRTPProtectionProfile.SrtpAes128CmHmacSha180, client.SrtpProfile);
        Assert.Equal(client.SrtpProfile, server.SrtpProfile);
        byte[]?[] contexts = [null, [], [1, 2]];
        var seen = new HashSet<string>();
        foreach (var context in contexts)
        {
            Assert.Equal(client.Export("EXPERIMENTAL"u8, context, 100), server.Export("EXPERIMENTAL"u8, context, 100));
            seen.Add(Convert.ToHexString(client.Export("EXPERIMENTAL"u8, context, 100)));
        }
        Assert.Equal(3, seen.Count);
        var keys = client.ExportSrtpKeys()!;
        Assert.Equal((16, 16, 14, 14), (keys.ClientKey.Length, keys.ServerKey.Length, keys.ClientSalt.Length, keys.ServerSalt.Length));
        byte[] all = [.. keys.ClientKey, .. keys.ServerKey, .. keys.ClientSalt, .. keys.ServerSalt];
        Assert.Equal(client.Export("EXTRACTOR-dtls_srtp"u8, null, 60), all);
        Assert.Equal(keys.ServerSalt, server.ExportSrtpKeys()!.ServerSalt);
    }

    public static TheoryData<string, DtlsPolicy, DtlsPolicy> Shapes
    {
        get
        {
            var normal = new DtlsPolicy();
            return new()
            {
                { "cookie", normal, normal with { CookieExchange = true } },
                { "small datagrams", normal with { MaxDatagram = 150 }, normal with { MaxDatagram = 150, CookieExchange = true } },
                { "tiny fragments", normal with { MaxFragmentBody = 7 }, normal with { MaxFragmentBody = 1 } },
                { "a record a datagram", normal with { SharesDatagrams = false }, normal with { SharesDatagrams = false } },
                { "messages share records", normal with { SharesRecords = true }, normal with { SharesRecords = true } },
                { "fragments share records", normal with { SharesRecords = true, MaxFragmentBody = 50 },
                    normal with { SharesRecords = true, MaxDatagram = 300 } },
                { "DTLS 1.2 in the first record", normal with { HelloRecordVersion = ProtocolVersion.Dtls12 }, normal },
                { "no client certificate", normal, normal with { PeerAuthentication = PeerAuthentication.None } },
                { "any certificate", normal with { PeerAuthentication = PeerAuthentication.AnyCertificate },
                    normal with { PeerAuthentication = PeerAuthentication.AnyCertificate } },
                { "extended master secret required", normal with { RequiresExtendedMasterSecret = true },
                    normal with { RequiresExtendedMasterSecret = true } },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_shape_of_flights_is_free(string what, DtlsPolicy client, DtlsPolicy server)
    {
        var pair = new DtlsPair(client: client, server: server);
        Assert.True(pair.Connect(TimeSpan.FromSeconds(1)), $"{what}: {pair}");
        Assert.Equal("hello", pair.Say(pair.Client, "hello"));
        Assert.Equal("world", pair.Say(pair.Server, "world"));
        Assert.Empty(pair.Client.Discards.Concat(pair.Server.Discards));
    }

    [Fact]
    public void No_datagram_is_larger_than_the_policy_says()
    {
        foreach (var limit in new[] { 100, 150, 300, 600 })
        {
            var policy = new DtlsPolicy { MaxDatagram = limit };
            var pair = new DtlsPair(client: policy, server: policy);
            var largest = 0;
            pair.World.Observer = e => largest = Math.Max(largest, e.Datagram.Bytes.Length);
            Assert.True(pair.Connect(), pair.ToString());
            Assert.InRange(largest, limit * 2 / 3, limit);
        }
    }

    [Fact]
    public void A_close_is_answered_with_a_close()
    {
        var pair = new DtlsPair();
        Assert.True(pair.Connect(), pair.ToString());
        pair.Client.Endpoint.Close(pair.World.Now);
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(DtlsCloseCause.Local, pair.Client.End!.Cause);
        Assert.Equal((DtlsCloseCause.Remote, AlertDescription.CloseNotify), (pair.Server.End!.Cause, pair.Server.End.Alert!.Value));
        Assert.False(pair.Server.Endpoint.Send(pair.World.Now, [1]));
        // The answer has come to the closed client, without effect.
        Assert.Equal("RFC5246:7.2.1", Assert.Single(pair.Client.Discards).Rule);
    }

    [Fact]
    public void A_certificate_without_its_fingerprint_ends_the_handshake_on_either_side()
    {
        var pair = new DtlsPair();
        pair.Client.Endpoint.SetPeerFingerprints(pair.World.Now, [DtlsPair.ClientCertificate.Fingerprint]);
        Assert.False(pair.Connect());
        Assert.Equal((DtlsCloseCause.NotAuthenticated, AlertDescription.BadCertificate), (pair.Client.End!.Cause, pair.Client.End.Alert!.Value));

        pair = new DtlsPair();
        pair.Server.Endpoint.SetPeerFingerprints(pair.World.Now, [DtlsPair.ServerCertificate.Fingerprint]);
        Assert.False(pair.Connect());
        Assert.Equal((DtlsCloseCause.NotAuthenticated, AlertDescription.BadCertificate), (pair.Server.End!.Cause, pair.Server.End.Alert!.Value));
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal((DtlsCloseCause.RemoteAlert, AlertDescription.BadCertificate), (pair.Client.End!.Cause, pair.Client.End.Alert!.Value));
    }

    [Fact]
    public void Fingerprints_may_come_after_the_handshake_and_data_waits_for_them()
    {
        var pair = new DtlsPair(knowEachOther: false);
        pair.Client.Endpoint.SetPeerFingerprints(pair.World.Now, [DtlsPair.ServerCertificate.Fingerprint]);
        Assert.False(pair.Connect(TimeSpan.FromSeconds(1)));
        Assert.True(pair.Client.Endpoint.IsConnected);
        Assert.NotNull(pair.Server.Endpoint.Session);
        Assert.Equal("", pair.Say(pair.Client, "early"));
        Assert.False(pair.Server.Endpoint.Send(pair.World.Now, [1]));
        pair.Server.Endpoint.SetPeerFingerprints(pair.World.Now, [DtlsPair.ClientCertificate.Fingerprint]);
        Assert.Equal("early|late", pair.Say(pair.Client, "late"));

        pair = new DtlsPair(knowEachOther: false);
        pair.Client.Endpoint.SetPeerFingerprints(pair.World.Now, [DtlsPair.ServerCertificate.Fingerprint]);
        pair.Connect(TimeSpan.FromSeconds(1));
        Assert.Equal("", pair.Say(pair.Client, "early"));
        pair.Server.Endpoint.SetPeerFingerprints(pair.World.Now, [DtlsPair.ServerCertificate.Fingerprint]);
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(DtlsCloseCause.NotAuthenticated, pair.Server.End!.Cause);
        Assert.Empty(pair.Server.TakeData());
        Assert.Equal(AlertDescription.BadCertificate, pair.Client.End!.Alert);
    }

    [Theory]
    [InlineData("RFC5246:7.4.1.3", AlertDescription.HandshakeFailure, "cipher suite")]
    [InlineData("RFC8422:4", AlertDescription.HandshakeFailure, "group")]
    [InlineData("RFC7627:5.2", AlertDescription.HandshakeFailure, "extended master secret")]
    [InlineData("RFC5246:7.4.3", AlertDescription.HandshakeFailure, "signature scheme")]
    public void Without_anything_in_common_the_client_gets_an_alert_and_the_server_goes_on_waiting(string rule, AlertDescription alert, string what)
    {
        var normal = new DtlsPolicy();
        var (client, server) = what switch
        {
            "cipher suite" => (normal with { CipherSuites = [CipherSuite.TlsEcdheRsaWithAes128GcmSha256] }, normal),
            "group" => (normal with { Groups = [NamedGroup.X25519] }, normal with { Groups = [NamedGroup.Secp256r1] }),
            "extended master secret" => (normal with { ExtendedMasterSecret = false }, normal with { RequiresExtendedMasterSecret = true }),
            _ => (normal with { SignatureSchemes = [SignatureScheme.RsaPkcs1Sha256] }, normal),
        };
        var pair = new DtlsPair(client: client, server: server);
        Assert.False(pair.Connect());
        Assert.Equal((DtlsCloseCause.RemoteAlert, alert), (pair.Client.End!.Cause, pair.Client.End.Alert!.Value));
        Assert.Null(pair.Server.End);
        Assert.Equal(rule, Assert.Single(pair.Server.Discards).Rule);

        // Somebody else may come.
        var other = new DtlsEndpoint(DtlsRole.Client, normal with { Groups = server.Groups }, new Entropy(9), DtlsPair.ClientCertificate);
        other.SetPeerFingerprints(Instant.Start, [DtlsPair.ServerCertificate.Fingerprint]);
        other.Start(Instant.Start);
        Shuttle(other, pair.Server.Endpoint);
        Assert.True(other.IsConnected && pair.Server.Endpoint.IsConnected);
    }

    /// <summary>Carry datagrams between two endpoints until both are silent.</summary>
    internal static void Shuttle(DtlsEndpoint a, DtlsEndpoint b)
    {
        for (var moved = true; moved;)
        {
            moved = Carry(a, b) | Carry(b, a);
        }

        static bool Carry(DtlsEndpoint from, DtlsEndpoint to)
        {
            var datagrams = new List<byte[]>();
            while (from.TryTake(out var output))
                if (output.Kind == DtlsOutputKind.Transmit) datagrams.Add(output.Bytes.ToArray());
            foreach (var datagram in datagrams) to.Receive(Instant.Start, datagram);
            return datagrams.Count > 0;
        }
    }

    [Fact]
    public void Without_the_extensions_of_ServerHello_the_keys_differ()
    {
        var pair = new DtlsPair();
        pair.Server.Endpoint.Funnels.Composed.Add((Instant _, ref WebRtcConformance.Wire.Dtls12.Handshake message) =>
        {
            if (message is WebRtcConformance.Wire.Tls12.ServerHello hello) message = hello with { Extensions = null };
            return Disposition.Pass;
        });
        // Now the client has no extended master secret and the server has one: they differ, which Finished shows.
        Assert.False(pair.Connect(TimeSpan.FromSeconds(1)));
        Assert.Equal(("RFC6347:4.1.2.7", true), (pair.Server.Discards.First().Rule, pair.Client.End is null));
    }

    [Fact]
    public void An_endpoint_that_hears_nothing_gives_up_after_as_many_transmissions_as_the_policy_says()
    {
        var pair = new DtlsPair(link: new LinkPolicy { Loss = 1 }, client: new DtlsPolicy { MaxTransmissions = 9 });
        var times = new List<double>();
        pair.World.Observer = e => { if (e.Fate == Fate.Sent) times.Add((e.At - Instant.Start).TotalSeconds); };
        Assert.False(pair.Connect());
        Assert.Equal([0, 1, 3, 7, 15, 31, 63, 123, 183], times); // RFC 6347 section 4.2.4.1: 1 s, doubling, up to 60 s
        Assert.Equal(DtlsCloseCause.Timeout, pair.Client.End!.Cause);
        Assert.Equal(Instant.Start + TimeSpan.FromSeconds(243), pair.World.Now);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_one_others()
    {
        static string Run(ulong seed)
        {
            var pair = new DtlsPair(seed);
            Assert.True(pair.Connect(), pair.ToString());
            pair.Say(pair.Client, "hello");
            return pair.World.TraceHash;
        }
        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
        Assert.Equal(LocalCertificate.Generate(new Entropy(7)).Der.ToArray(), LocalCertificate.Generate(new Entropy(7)).Der.ToArray());
    }
}
