using System.Net;
using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Conformance.Tests.Wcap;

/// <summary>The adapters in JavaScript. Skipped, with the command that installs them, where they are not installed.</summary>
public class NodeAdapterTests
{
    public static TheoryData<string> Names => ["wrtc", "werift", "libdatachannel"];

    internal static readonly WcapOptions Options = new() { StartDeadline = TimeSpan.FromSeconds(40), CommandDeadline = TimeSpan.FromSeconds(20), RecordDialogue = true };

    internal static SutManifest Installed(string name)
    {
        var manifest = SutCatalogue.Open().Find(name);
        Assert.SkipUnless(manifest.MissingTools.Count == 0 && manifest.IsInstalled, $"{name} is not installed: wrc suts install {name} (or npm ci in {manifest.At("../node")})");
        return manifest;
    }

    [Theory, MemberData(nameof(Names))]
    public void Check(string name) => Assert.All(SutCheck.Run(Installed(name).ToCommand(), Options), r => Assert.True(r.Passed, r.Name + ": " + r.Detail));

    [Theory, MemberData(nameof(Names))]
    public void ClaimsAreFeaturesOfTheCatalogue(string name)
    {
        Installed(name);
        var file = Path.Combine(SutCatalogue.Open().Folder, "..", "..", "spec", "features.json");
        var known = JsonNode.Parse(File.ReadAllText(file))!["features"]!.AsArray().Select(f => (string)f!["id"]!).ToHashSet();
        using var sut = SutCatalogue.Open().Start(name, Options);
        Assert.All(sut.Info.Features.Keys.Where(f => !f.StartsWith("codec.", StringComparison.Ordinal)), f => Assert.Contains(f, known));
    }

    [Theory]
    [InlineData("wrtc", "127.0.0.1"), InlineData("wrtc", "::1")]
    [InlineData("werift", "127.0.0.1"), InlineData("werift", "::1")]
    [InlineData("libdatachannel", "127.0.0.1"), InlineData("libdatachannel", "::1")]
    public void TwoPeersTalkOverLoopback(string name, string bind)
    {
        Installed(name);
        using var sut = SutCatalogue.Open().Start(name, Options);
        using var session = sut.Begin("self-loop", TimeSpan.FromSeconds(60));
        Dialogues.Seen? seen = null;
        for (var attempt = 1; seen is null; attempt++)
        {
            try
            {
                seen = Dialogues.SelfLoop(session, bind, $"-{attempt}");
            }
            catch (Exception e) when (name == "libdatachannel" && attempt < 4 && e.Message.Contains("without ICE transport", StringComparison.Ordinal))
            {
                // A race inside the library, see libdatachannel.mjs.
            }
        }
        Assert.Equal(("grüß dich", "00ff10"), (seen.Text, seen.Bytes));
        // On a machine with other interfaces the libraries use sockets of those too, towards the loopback addresses that they were told of. The
        // other end then sees a peer-reflexive candidate, whose address libwebrtc hides. Where there is only loopback, it is the bound address.
        var selected = seen.Stats["selected"];
        Assert.NotNull(selected);
        if (OnlyLoopback()) Assert.Equal((bind, bind), ((string?)selected["local"]?["ip"], (string?)selected["remote"]?["ip"]));
        // Loopback only, in events and in SDP.
        var candidates = seen.Events.Where(e => e.Name == "peer.candidate").Select(e => (string?)e.Data["candidate"]).OfType<string>()
            .Concat(seen.OfferSdp.Split('\n').Where(l => l.StartsWith("a=candidate:", StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(candidates);
        Assert.All(candidates, c => Assert.True(IPAddress.IsLoopback(IPAddress.Parse(c.Split(' ')[4])), c));
    }

    private static bool OnlyLoopback() => System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
        .All(n => n.NetworkInterfaceType == System.Net.NetworkInformation.NetworkInterfaceType.Loopback);

    [Theory, InlineData("wrtc"), InlineData("werift")] // libdatachannel takes one case at a time
    public void ManyPeersInOneProcess(string name)
    {
        Installed(name);
        using var sut = SutCatalogue.Open().Start(name, Options);
        Assert.True(sut.Info.Concurrency >= 4);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, n =>
        {
            using var session = sut.Begin($"loop-{n}", TimeSpan.FromSeconds(60));
            Assert.Equal("00ff10", Dialogues.SelfLoop(session, "127.0.0.1").Bytes);
        });
        Assert.Equal(1, sut.Starts);
    }

    [Theory, MemberData(nameof(Names))]
    public void MistakesAreToldApart(string name)
    {
        Installed(name);
        using var sut = SutCatalogue.Open().Start(name, Options);
        using var session = sut.Begin("mistakes", TimeSpan.FromSeconds(60));
        Assert.Equal(SutReplyKind.BadRequest, session.Call("peer.createOffer", new JsonObject { ["peer"] = "nobody" }).Kind);
        Assert.Equal(SutReplyKind.Unsupported, session.Call("peer.create", new JsonObject { ["peer"] = "m", ["media"] = new JsonArray(new JsonObject()) }).Kind);
        Assert.Equal(SutReplyKind.Unsupported, session.Call("peer.create", new JsonObject { ["peer"] = "m", ["bind"] = "192.0.2.1" }).Kind);
        Assert.True(session.Call("peer.create", new JsonObject { ["peer"] = "p" }).IsOk);
        Assert.Equal(SutReplyKind.BadRequest, session.Call("peer.create", new JsonObject { ["peer"] = "p" }).Kind);
if (name != "werift") // it takes anything for an empty session description
            Assert.Equal(SutReplyKind.Rejected, session.Call("peer.setRemote", new JsonObject { ["peer"] = "p", ["type"] = "offer", ["sdp"] = "rubbish" }).Kind);
        Assert.Equal(1, sut.Starts);
    }

    [Fact]
    public void WeriftDecodesStun()
    {
        Installed("werift");
        using var sut = SutCatalogue.Open().Start("werift", Options);
        using var session = sut.Begin("stun", TimeSpan.FromSeconds(60));
        SutReply Decode(string bytes, string? key = null)
        {
            var arguments = new JsonObject { ["type"] = "stun.message", ["bytes"] = bytes };
            if (key is not null)
                arguments["opts"] = new JsonObject { ["key"] = key };
            return session.Call("codec.decode", arguments);
        }
        // A binding indication with SOFTWARE "x" and an unknown attribute.
        var value = Decode("001100102112a442000102030405060708090a0b" + "8022000178000000" + "07770002abcd0000").Value!["value"]!;
        Assert.Equal(("indication", 1, "000102030405060708090a0b"), ((string?)value["class"], (int?)value["method"], (string?)value["transactionId"]));
        Assert.Equal(["8022:78", "777:abcd"], value["attributes"]!.AsArray().Select(a => $"{(int)a!["type"]!:x}:{a["bytes"]}"));
        // The sample request of RFC 5769 section 2.1 and its short-term password.
        const string Request = "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36" +
            "000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf";
        Assert.True(Decode(Request, Convert.ToHexStringLower("VOkJxbRl1RmTxUk/WvJxBt"u8)).IsOk);
        Assert.Equal("integrity", Decode(Request, "00").Reason);
        Assert.Equal(SutReplyKind.Rejected, Decode("000100042112a442000102030405060708090a0b").Kind);
        Assert.Equal(SutReplyKind.BadRequest, Decode("0g").Kind);
    }
}
