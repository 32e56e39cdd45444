using System.Security.Cryptography;
using System.Text;
using WebRtcConformance.Simulation.Capture;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Wire.Tests.Tshark;

namespace WebRtcConformance.Reference.Tests.Stack.Peer;

/// <summary>What a capture of two peers shows to somebody who was not there.</summary>
public class PeerCaptureTests
{
    private const string Said = "what nobody else should read";

    [Fact]
    public void The_keys_of_a_session_stand_in_its_capture_once_and_early()
    {
        var file = Capture(keys: true);
        Assert.True(PcapngReader.TryRead(file, out var capture, out var error), error);
        Assert.Matches("^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}\n$", capture.TlsSecrets);
        var keys = file.AsSpan().IndexOf("CLIENT_RANDOM"u8);
        // A record of change_cipher_spec in DTLS 1.2, RFC 5246 section 7.1.
        var protectedFrom = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[20, 0xFE, 0xFD, 0, 0]);
        Assert.InRange(keys, 1, protectedFrom);
    }

    [Fact]
    public void Tshark_reads_what_two_peers_say_to_each_other()
    {
        Assert.SkipUnless(TsharkProgram.IsInstalled, TsharkProgram.Missing);
        var seen = Chunks(Capture(keys: true));
        // INIT, INIT ACK, COOKIE ECHO, COOKIE ACK, DATA, SACK (RFC 9260 section 3.2), RE-CONFIG (RFC 6525 section 3.1), ABORT.
        foreach (var type in (string[])["1", "2", "10", "11", "0", "3", "130", "6"]) Assert.Contains(type, seen.SelectMany(s => s.Types));
        // DATA_CHANNEL_OPEN and _ACK (RFC 8832 section 8.1), a string (RFC 8831 section 8).
        foreach (var protocol in (string[])["50", "51"]) Assert.Contains(protocol, seen.SelectMany(s => s.Protocols));
        Assert.Contains(seen, s => s.Data.Contains(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Said))));
        Assert.DoesNotContain(seen, s => s.Malformed);
    }

    [Fact]
    public void Without_the_keys_tshark_reads_nothing()
    {
        Assert.SkipUnless(TsharkProgram.IsInstalled, TsharkProgram.Missing);
        Assert.All(Chunks(Capture(keys: false)), s => Assert.Empty(s.Types));
    }

    private sealed record Shown(string[] Types, string[] Protocols, string Data, bool Malformed);

    /// <summary>
    /// What tshark finds in each packet. That a port's DTLS carries SCTP it can be told in its table of RSA keys only, so it gets one that opens nothing.
    /// </summary>
    private static List<Shown> Chunks(byte[] capture)
    {
        using var rsa = RSA.Create(2048);
        var key = Path.Combine(Path.GetTempPath(), $"wrc-{Guid.NewGuid():N}.pem");
        try
        {
            File.WriteAllText(key, rsa.ExportRSAPrivateKeyPem());
            var rows = TsharkProgram.Fields(capture, ["frame.number", "sctp.chunk_type", "sctp.data_payload_proto_id", "data.data", "_ws.malformed"],
                "-o", $"uat:dtlsdecrypttablefile:\"\",\"{PeerPair.OffererAddress.Port}\",\"sctp\",\"{key}\",\"\"");
            Assert.InRange(rows.Count, 30, 1000);
            return [.. rows.Select(r => new Shown(Values(r[1]), Values(r[2]), r[3], r[4].Length > 0))];
        }
        finally
        {
            File.Delete(key);
        }

        static string[] Values(string shown) => shown.Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A session from its first check to its end.</summary>
    private static byte[] Capture(bool keys)
    {
        var file = new MemoryStream();
        var pair = new PeerPair();
        _ = new WorldCapture(pair.World, new PcapngWriter(file));
        if (!keys) pair.World.KeyLogObserver = null;
        var chat = pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "chat" })!;
        pair.Negotiate().Await("the channel opens", () => pair.Offerer.Open("chat") is not null && pair.Answerer.Open("chat") is not null);
        pair.Offerer.Peer.Send(pair.World.Now, chat, true, Encoding.UTF8.GetBytes(Said));
        pair.Await("it comes", () => pair.Answerer.Messages.Count == 1);
        pair.Offerer.Peer.CloseChannel(pair.World.Now, chat);
        pair.Await("the channel closes", () => pair.Answerer.Has(PeerOutputKind.ChannelClosed));
        pair.Offerer.Peer.Close(pair.World.Now);
        pair.RunUntil(() => false, TimeSpan.FromSeconds(1));
        return file.ToArray();
    }
}
