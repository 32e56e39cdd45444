using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.UseSrtp;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>Against OpenSSL's s_server and s_client over loopback UDP: data both ways, and the same exported keys. P-256 is always among the curves,
/// as OpenSSL wants that of a certificate to be.</summary>
public sealed class DtlsOpenSslTests : IDisposable
{
    private const string Label = "EXPERIMENTAL_test";
    private readonly string _folder = Directory.CreateTempSubdirectory("dtls-openssl-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    private static readonly DtlsPolicy Normal = new() { SrtpProfiles = [SRTPProtectionProfile.SrtpAeadAes128Gcm] };

    [Theory]
    [InlineData(false, "ECDHE-ECDSA-AES128-GCM-SHA256", "X25519:P-256")]
    [InlineData(false, "ECDHE-ECDSA-AES256-GCM-SHA384", "P-256")]
    [InlineData(false, "ECDHE-ECDSA-CHACHA20-POLY1305", "X25519:P-256", "-listen")]
    [InlineData(true, "ECDHE-RSA-AES128-GCM-SHA256", "X25519:P-256", "-listen")]
    [InlineData(true, "ECDHE-RSA-CHACHA20-POLY1305", "P-256", "-mtu", "300")]
    public void We_are_the_client_of_s_server(bool rsa, string cipher, string group, params string[] more)
    {
        Assert.SkipWhen(OpenSsl.Missing is not null, OpenSsl.Missing ?? "");
        var (file, der) = OpenSsl.MakeCertificate(_folder, rsa);
        var port = OpenSsl.FreePort();
        using var server = OpenSsl.Start(["s_server", "-dtls1_2", "-accept", $"127.0.0.1:{port}", "-cert", file, "-key", file, "-Verify", "1",
            "-cipher", cipher, "-curves", group,
            "-keymatexport", Label, "-keymatexportlen", "40", "-use_srtp", "SRTP_AEAD_AES_128_GCM", .. more]);
        WaitFor(() => server.Output.Contains("ACCEPT", StringComparison.Ordinal), server);
        using var socket = NewSocket();
        socket.Connect(IPAddress.Loopback, port);
        Converse(new DtlsEndpoint(DtlsRole.Client, Normal, new Entropy(1), DtlsPair.ClientCertificate), server, socket, der);
    }

    [Theory]
    [InlineData(false, "ECDHE-ECDSA-AES128-GCM-SHA256", "X25519:P-256", true)]
    [InlineData(false, "ECDHE-ECDSA-AES256-GCM-SHA384", "P-256", true)]
    [InlineData(true, "ECDHE-ECDSA-CHACHA20-POLY1305", "X25519:P-256", false)]
    public void We_are_the_server_of_s_client(bool rsa, string cipher, string groups, bool ems)
    {
        Assert.SkipWhen(OpenSsl.Missing is not null, OpenSsl.Missing ?? "");
        var (file, der) = OpenSsl.MakeCertificate(_folder, rsa);
        using var socket = NewSocket();
        using var client = OpenSsl.Start("s_client", "-dtls1_2", "-connect", $"127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}", "-cert", file,
            "-key", file, "-cipher", cipher,
            "-curves", groups, "-keymatexport", Label, "-keymatexportlen", "40", "-use_srtp", "SRTP_AEAD_AES_128_GCM");
        var policy = Normal with { ExtendedMasterSecret = ems, CookieExchange = rsa, MaxDatagram = rsa ? 200 : 1200 };
        Converse(new DtlsEndpoint(DtlsRole.Server, policy, new Entropy(1), DtlsPair.ServerCertificate), client, socket, der);
    }

    private static Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>Handshake, a line each way, equal keying material, and the end by close_notify.</summary>
    private static void Converse(DtlsEndpoint endpoint, OpenSsl peer, Socket socket, byte[] peerCertificate)
    {
        endpoint.SetPeerFingerprints(Instant.Start, [CertificateFingerprint.Of("sha-256", peerCertificate)!]);
        var clock = Stopwatch.StartNew();
        var buffer = new byte[2048];
        var heard = new StringBuilder();
        var events = new List<DtlsEvent>();
        EndPoint? to = socket.Connected ? socket.RemoteEndPoint : null;
        var (asked, said) = (false, false);
        endpoint.Start(Instant.Start);
        Drain();
        while (!Done() && clock.Elapsed < TimeSpan.FromSeconds(40))
        {
            if (socket.Poll(20_000, SelectMode.SelectRead))
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                var count = socket.ReceiveFrom(buffer, ref from);
                to ??= from;
                endpoint.Receive(Now(), buffer.AsSpan(0, count));
            }
            else if (endpoint.NextDeadline <= Now()) endpoint.Advance(Now());
            Drain();
            if (!endpoint.IsConnected) continue;
            if (!said) said = endpoint.Send(Now(), "line of ours\n"u8);
            if (!asked && peer.KeyingMaterial is not null)
            {
                peer.Say("line of theirs");
                asked = true;
            }
            Drain();
        }
        var story = $"{string.Join("; ", events)}\n{peer.Output}";
        Assert.True(Done() && endpoint.Session is not null, story);
        Assert.Equal(peer.KeyingMaterial, Convert.ToHexString(endpoint.Session!.Export(Encoding.ASCII.GetBytes(Label), null, 40)));
        Assert.Equal(peerCertificate, endpoint.Session.PeerCertificate!.Der.ToArray());
        Assert.Equal(SRTPProtectionProfile.SrtpAeadAes128Gcm, endpoint.Session.SrtpProfile);
        endpoint.Close(Now());
        Drain();

        Instant Now() => Instant.Start + clock.Elapsed;

        bool Done() => peer.Output.Contains("line of ours", StringComparison.Ordinal)
            && heard.ToString().Contains("line of theirs", StringComparison.Ordinal) && peer.KeyingMaterial is not null
            || endpoint.IsClosed;

        void Drain()
        {
            while (endpoint.TryTake(out var output))
            {
                if (output.Kind == DtlsOutputKind.Transmit) socket.SendTo(output.Bytes.Span, to!);
                else if (output.Kind == DtlsOutputKind.ApplicationData) heard.Append(Encoding.UTF8.GetString(output.Bytes.Span));
                else events.Add(output.Event!);
            }
        }
    }

    private static void WaitFor(Func<bool> condition, OpenSsl peer)
    {
        var clock = Stopwatch.StartNew();
        while (!condition() && clock.Elapsed < TimeSpan.FromSeconds(20)) Thread.Sleep(20);
        Assert.True(condition(), peer.Output);
    }
}
