using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Conformance.Tests.Wcap;

/// <summary>The recorded dialogues of docs/wcap/transcripts: valid by the schemas, and understood by the client.</summary>
public class TranscriptTests
{
    private static readonly string Docs = Path.GetFullPath(Path.Combine(SutCatalogue.Open().Folder, "..", "..", "docs", "wcap"));

    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(Docs, "transcripts"), "*.jsonl").Select(f => Path.GetFileName(f)).Order()];

    private static SchemaValidator Schema(string name) => SchemaValidator.Load(Path.Combine(Docs, name + ".schema.json"));

    private static List<JsonObject> Lines(string file) =>
        [.. File.ReadLines(Path.Combine(Docs, "transcripts", file)).Select(l => JsonNode.Parse(l)!.AsObject())];

    [Fact]
    public void ThereAreTranscripts() => Assert.True(Files.Count >= 4);

    [Theory, MemberData(nameof(Files))]
    public void Valid(string file)
    {
        var (command, peerCommand, answer, peerAnswer, hello, sutEvent) =
            (Schema("command"), Schema("peer-commands"), Schema("answer"), Schema("peer-answers"), Schema("hello"), Schema("event"));
        Dictionary<int, string> asked = [];
        foreach (var line in Lines(file))
        {
            if (line["send"] is JsonObject sent)
            {
                Assert.Null(command.Fault(sent));
                asked.Add((int)sent["id"]!, (string)sent["cmd"]!);
                if (((string)sent["cmd"]!).StartsWith("peer.", StringComparison.Ordinal))
                    Assert.Null(peerCommand.Fault(sent));
                continue;
            }
            var said = Assert.IsType<JsonObject>(line["receive"]);
            if (said.ContainsKey("ev"))
            {
                Assert.Null(sutEvent.Fault(said));
                continue;
            }
            Assert.Null(answer.Fault(said));
            var name = asked[(int)said["id"]!];
            if (name == "hello")
                Assert.Null(hello.Fault(said["ok"]));
            else if (said["ok"] is not null && !name.StartsWith("codec.", StringComparison.Ordinal))
                Assert.Null(peerAnswer.Fault(new JsonObject { ["cmd"] = name, ["ok"] = said["ok"]!.DeepClone() }));
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void TheClientUnderstandsThem(string file)
    {
        var command = BadAdapterTests.Command("replay") with { Arguments = ["replay", Path.Combine(Docs, "transcripts", file)] };
        var lines = Lines(file);
        using var sut = WcapSut.Start(command, NodeAdapterTests.Options);
        ISutSession? session = null;
        List<SutEvent> events = [];
        foreach (var sent in lines.Select(l => l["send"]).OfType<JsonObject>())
        {
            var name = (string)sent["cmd"]!;
            if (name is "hello" or "probe")
                continue;
            if (name == "case.begin")
            {
                session = sut.Begin((string)sent["case"]!, TimeSpan.FromMilliseconds((long)sent["args"]!["budgetMs"]!));
                continue;
            }
            var reply = session!.Call(name, (JsonObject)sent["args"]!.DeepClone());
            var expected = lines.Select(l => l["receive"]).OfType<JsonObject>().Single(r => JsonNode.DeepEquals(r["id"], sent["id"]));
            if (expected["ok"] is { } ok)
                Assert.True(JsonNode.DeepEquals(ok, reply.Value), $"{name}: {reply}");
            else
                Assert.Equal(((string?)expected["err"]!["kind"], (string?)expected["err"]!["reason"]), (char.ToLowerInvariant($"{reply.Kind}"[0]) + $"{reply.Kind}"[1..], reply.Reason));
            while (session.TryTakeEvent(out var e))
                events.Add(e);
        }
        var recorded = lines.Select(l => l["receive"]).OfType<JsonObject>().Where(r => r.ContainsKey("ev")).ToList();
        Assert.Equal(recorded.Select(r => ((string?)r["ev"], (string?)r["peer"], r["data"]!.ToJsonString())), events.Select(e => ((string?)e.Name, e.Peer, e.Data.ToJsonString())));
        session!.Dispose();
        Assert.Equal(1, sut.Starts);
        Assert.DoesNotContain(sut.RecentLog, l => l.StartsWith("expected ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("answer", """{"id":1,"err":{"kind":"rejected","reason":"because"}}""")]
    [InlineData("answer", """{"id":1,"ok":{},"err":{"kind":"failed"}}""")]
    [InlineData("answer", """{"id":1}""")]
    [InlineData("answer", """{"id":1.5,"ok":{}}""")]
    [InlineData("event", """{"ev":"peer.candidate","case":"c","peer":"p","data":{}}""")]
    [InlineData("event", """{"ev":"peer.channel","case":"c","peer":"p","data":{"event":"message","label":"l","bytes":"0"}}""")]
    [InlineData("event", """{"ev":"peer.state","data":{}}""")]
    [InlineData("hello", """{"version":2,"sut":{"name":"x"},"levels":[]}""")]
    [InlineData("hello", """{"version":1,"sut":{"name":"x"},"levels":["wires"]}""")]
    [InlineData("hello", """{"version":1,"sut":{"name":"x"},"levels":[],"features":{"a":true}}""")]
    [InlineData("command", """{"cmd":"ping","args":{}}""")]
    [InlineData("peer-commands", """{"id":1,"cmd":"peer.createOfer","case":"c","args":{"peer":"a"}}""")]
    [InlineData("peer-answers", """{"cmd":"peer.stats","ok":{"selected":{"local":{"ip":"::1","port":70000},"remote":{"ip":"::1","port":7}}}}""")]
    [InlineData("sut", """{"name":"x","title":"t","licence":"MIT","homepage":"h","command":"c","argument":[]}""")]
    public void TheSchemasRefuse(string schema, string json) => Assert.NotNull(Schema(schema).Fault(JsonNode.Parse(json)));

    [Fact]
    public void TheReasonsOfTheSchemaAreThoseOfTheCode() =>
        Assert.All(RejectReasons.All, reason => Assert.Null(Schema("answer").Fault(
            new JsonObject { ["id"] = 1, ["err"] = new JsonObject { ["kind"] = "rejected", ["reason"] = reason } })));

    [Fact]
    public void ManifestsAreValid() =>
        Assert.All(SutCatalogue.Open().All, m => Assert.Null(Schema("sut").Fault(JsonNode.Parse(File.ReadAllText(Path.Combine(m.Location, "sut.json"))))));

    /// <summary>Records the transcripts anew. Explicit: run it after a change of an adapter, look at the difference, commit.</summary>
    [Theory(Explicit = true), MemberData(nameof(NodeAdapterTests.Names), MemberType = typeof(NodeAdapterTests))]
    public void Record(string name)
    {
        NodeAdapterTests.Installed(name);
        using var sut = SutCatalogue.Open().Start(name, NodeAdapterTests.Options);
        var session = sut.Begin("transcript/two-peers[ipv4]", TimeSpan.FromSeconds(60));
        Dialogues.SelfLoop(session, "127.0.0.1");
        Save(name, sut, session);
    }

    private static readonly (string Command, string Arguments)[] Codec =
    [
        ("codec.decode", """{"type":"stun.message","bytes":"000100002112a442000102030405060708090a0b"}"""),
        ("codec.decode", """{"type":"stun.message","bytes":"000100042112a442000102030405060708090a0b"}"""),
        ("codec.decode", """{"type":"dtls.record","bytes":""}"""),
    ];

    private static readonly (string Command, string Arguments)[] Refused =
    [
        ("peer.create", """{"peer":"a","bind":"127.0.0.1"}"""),
        ("peer.setRemote", """{"peer":"a","type":"offer","sdp":"rubbish"}"""),
        ("peer.createAnswer", """{"peer":"a"}"""),
        ("peer.createOffer", """{"peer":"nobody"}"""),
        ("peer.create", """{"peer":"m","media":[{"kind":"video"}]}"""),
    ];

    [Theory(Explicit = true), InlineData("werift", "codec"), InlineData("wrtc", "refusals")]
    public void RecordCommands(string name, string what)
    {
        NodeAdapterTests.Installed(name);
        using var sut = SutCatalogue.Open().Start(name, NodeAdapterTests.Options);
        var session = sut.Begin("transcript/" + what, TimeSpan.FromSeconds(60));
        foreach (var (command, arguments) in what == "codec" ? Codec : Refused)
            session.Call(command, JsonNode.Parse(arguments)!.AsObject());
        Save($"{name}-{what}", sut, session);
    }

    private static void Save(string name, WcapSut sut, ISutSession session)
    {
        session.Dispose();
        File.WriteAllLines(Path.Combine(Docs, "transcripts", name + ".jsonl"), [.. sut.Introductions, .. ((IDialogueSource)session).Dialogue]);
    }
}
