using System.Diagnostics;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.UseSrtp;
using Bc = Org.BouncyCastle.Tls;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>Against BouncyCastle's DTLS 1.2, in both roles: data both ways, the same exported keys, the right certificates.</summary>
public class DtlsBouncyCastleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<bool, CipherSuite, NamedGroup, bool> Choices => new(
        from weAreClient in new[] { true, false }
        from suite in new[]
        {
            CipherSuite.TlsEcdheEcdsaWithAes128GcmSha256, CipherSuite.TlsEcdheEcdsaWithAes256GcmSha384,
                CipherSuite.TlsEcdheEcdsaWithChacha20Poly1305Sha256,
            CipherSuite.TlsEcdheRsaWithAes128GcmSha256, CipherSuite.TlsEcdheRsaWithAes256GcmSha384, CipherSuite.TlsEcdheRsaWithChacha20Poly1305Sha256,
        }
        from grp in new[] { NamedGroup.X25519, NamedGroup.Secp256r1 }
        where weAreClient || CipherSuiteParameters.Of(suite)!.Authentication == CertificateKeyKind.Ecdsa // our certificates are ECDSA
        select (weAreClient, suite, grp, grp == NamedGroup.X25519));

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task They_agree(bool weAreClient, CipherSuite suite, NamedGroup group, bool ems)
    {
        var rsa = CipherSuiteParameters.Of(suite)!.Authentication == CertificateKeyKind.Rsa;
        var peer = new BouncyCastlePeer(new() { CipherSuites = [(int)suite], Groups = [(int)group], Rsa = rsa, ExtendedMasterSecret = ems });
        var (result, ours, data) = await Converse(peer, weAreClient, new DtlsPolicy { Groups = [group] });
        Assert.Equal((suite, group, ems), (ours.CipherSuite, ours.Group, ours.ExtendedMasterSecret));
        Agree(result, ours, peer);
        Assert.Equal(weAreClient ? "HELLO" : "from bc", data);
    }

    [Fact]
    public async Task A_client_with_an_RSA_certificate_is_verified()
    {
        var peer = new BouncyCastlePeer(new() { Rsa = true });
        var (result, ours, _) = await Converse(peer, false, new DtlsPolicy());
        Assert.Equal(CertificateKeyKind.Rsa, ours.PeerCertificate!.Key);
        Agree(result, ours, peer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_SRTP_cookie_and_small_fragments(bool weAreClient)
    {
        var peer = new BouncyCastlePeer(new() { SrtpProfiles = [Bc.SrtpProtectionProfile.SRTP_AEAD_AES_128_GCM,
            Bc.SrtpProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_80] });
        var policy = new DtlsPolicy { MaxDatagram = 120, CookieExchange = true, SrtpProfiles = [SRTPProtectionProfile.SrtpAes128CmHmacSha180] };
        var (result, ours, _) = await Converse(peer, weAreClient, policy);
        Assert.Equal(SRTPProtectionProfile.SrtpAes128CmHmacSha180, ours.SrtpProfile);
        Assert.Equal((int)ours.SrtpProfile!, result.SrtpProfile);
        Agree(result, ours, peer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Messages_that_share_records(bool weAreClient)
    {
        var peer = new BouncyCastlePeer(new());
        var (result, ours, _) = await Converse(peer, weAreClient, new DtlsPolicy { SharesRecords = true });
        Agree(result, ours, peer);
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        var peer = new BouncyCastlePeer(new() { HasCertificate = false });
        var endpoint = new DtlsEndpoint(DtlsRole.Server, new DtlsPolicy(), new Entropy(1), DtlsPair.ServerCertificate);
        var running = peer.RunAsync(asClient: true);
        Pump(endpoint, peer, () => endpoint.IsClosed, out var events, out _);
        var closed = events.OfType<DtlsEvent.Closed>().Single();
        Assert.Equal((DtlsCloseCause.NotAuthenticated, AlertDescription.BadCertificate, "RFC8122:6.2"), (closed.Cause, closed.Alert!.Value, closed.Rule));
        Assert.Equal((byte)AlertDescription.BadCertificate, Assert.IsType<Bc.TlsFatalAlertReceived>((await running).Problem).AlertDescription);
    }

    private static void Agree(BouncyCastlePeer.Result result, DtlsSession ours, BouncyCastlePeer peer)
    {
        Assert.Null(result.Problem);
        Assert.Equal(ours.ExtendedMasterSecret, result.Exported is not null);
        if (result.Exported is not null)
            Assert.Equal(Convert.ToHexString(result.Exported), Convert.ToHexString(ours.Export("EXPERIMENTAL_test"u8, null, 40)));
        Assert.Equal(peer.Der, ours.PeerCertificate!.Der.ToArray());
        Assert.Equal(DtlsPair.ServerCertificate.Der.ToArray(), result.PeerCertificate);
    }

    private static async Task<(BouncyCastlePeer.Result Result, DtlsSession Ours, string Data)> Converse(BouncyCastlePeer peer, bool weAreClient,
        DtlsPolicy policy)
    {
        var endpoint = new DtlsEndpoint(weAreClient ? DtlsRole.Client : DtlsRole.Server, policy, new Entropy(1), DtlsPair.ServerCertificate);
        endpoint.SetPeerFingerprints(Instant.Start, [CertificateFingerprint.Of("sha-256", peer.Der)!]);
        var running = peer.RunAsync(asClient: !weAreClient);
        var said = false;
        string? heard = null;
        Pump(endpoint, peer, () =>
        {
            if (weAreClient && endpoint.IsConnected && !said) said = endpoint.Send(Instant.Start, "hello"u8);
            return heard is not null || endpoint.IsClosed || running.IsCompleted;
        }, out var events, out heard, text =>
        {
            heard = text;
            if (!weAreClient) endpoint.Send(Instant.Start, "answer"u8);
        });
        Assert.True(endpoint.IsConnected, string.Join("; ", events));
        return (await running.WaitAsync(TimeSpan.FromSeconds(30), Stop), endpoint.Session!, heard ?? "(nothing)");
    }

    /// <summary>Carry datagrams between the peer's queues and the endpoint, in real time, until the condition holds and nothing is on its
    /// way.</summary>
    private static void Pump(DtlsEndpoint endpoint, BouncyCastlePeer peer, Func<bool> until, out List<DtlsEvent> events, out string? data,
        Action<string>? heard = null)
    {
        events = [];
        data = null;
        var clock = Stopwatch.StartNew();
        endpoint.Start(Instant.Start);
        for (var quiet = 0; clock.Elapsed < TimeSpan.FromSeconds(60);)
        {
            var now = Instant.Start + clock.Elapsed;
            while (endpoint.TryTake(out var output))
            {
                if (output.Kind == DtlsOutputKind.Transmit) peer.Received.Add(output.Bytes.ToArray(), Stop);
                else if (output.Kind == DtlsOutputKind.Event) events.Add(output.Event!);
                else
                {
                    data = System.Text.Encoding.UTF8.GetString(output.Bytes.Span);
                    heard?.Invoke(data);
                }
            }
            if (until() && quiet++ > 2) return;
            if (peer.Sent.TryTake(out var datagram, 5, Stop)) endpoint.Receive(now, datagram);
            else if (endpoint.NextDeadline <= now) endpoint.Advance(now);
        }
    }
}
