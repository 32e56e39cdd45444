using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Conformance.Tests.Wcap;

/// <summary>One handler, attached in process and over text: both must look the same.</summary>
public class HandlerTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);

    /// <summary>Counts; says an event for each "tell"; throws at "throw".</summary>
    private sealed class Counter : IWcapHandler
    {
        private readonly Queue<(string, SutEvent)> _events = new();
        public List<string> Seen { get; } = [];

        public SutInfo Info { get; } = new()
        {
            Name = "counter", Version = "1", Levels = ["machine"], Concurrency = 3, VirtualTime = true, Bind = ["::1"], Ordered = false,
            Features = new Dictionary<string, string> { ["dcep"] = "yes", ["turn"] = "no", ["dtls.version"] = "1.2,1.3" },
        };

        public SutReply Handle(string? caseId, string command, JsonObject arguments)
        {
            Seen.Add($"{caseId} {command}");
            switch (command)
            {
                case "tell":
                    _events.Enqueue((caseId!, new SutEvent("peer.state", "p", new JsonObject { ["n"] = arguments["n"]?.DeepClone() })));
                    return new SutReply(SutReplyKind.Ok, new JsonObject { ["told"] = true });
                case "refuse":
                    return new SutReply(SutReplyKind.Rejected, null, "state", "not \"now\"");
                case "throw":
                    throw new InvalidOperationException("broken");
                case "case.begin" when caseId == "unwanted":
                    return new SutReply(SutReplyKind.Failed, null, null, "no");
                case "case.begin" or "case.end" or "case.abort":
                    return new SutReply(SutReplyKind.Ok);
                default:
                    return new SutReply(SutReplyKind.Unsupported);
            }
        }

        public bool TryTakeEvent(out (string CaseId, SutEvent Event) taken) => _events.TryDequeue(out taken);

        public void Idle()
        {
        }
    }

    [Fact]
    public void InProcess()
    {
        var counter = new Counter();
        using var sut = new InProcessSut(counter) { RecordDialogue = true };
        using (var one = sut.Begin("one", Budget))
        using (var two = sut.Begin("two", Budget))
        {
            Assert.True(one.Call("tell", new JsonObject { ["n"] = 5 }).IsOk);
            Assert.False(two.TryTakeEvent(out _)); // and it is not lost
            Assert.True(one.TryTakeEvent(out var e));
            Assert.Equal(5, (long?)e.Data["n"]); // put in as an int
            Assert.Equal((SutReplyKind.Rejected, "state"), (one.Call("refuse").Kind, one.Call("refuse").Reason));
            Assert.Equal(SutReplyKind.Unsupported, one.Call("x").Kind);
            Assert.Equal(SutReplyKind.Unsupported, one.Call("probe", new JsonObject { ["feature"] = "turn" }).Kind);
            Assert.Equal("1.2,1.3", (string?)one.Call("probe", new JsonObject { ["feature"] = "dtls.version" }).Value!["value"]);
            Assert.Contains(((IDialogueSource)one).Dialogue, line => line.Contains("\"ev\":\"peer.state\""));
        }
        Assert.Equal(["two case.end", "one case.end"], counter.Seen[^2..]);
    }

    [Fact]
    public void AnExceptionIsACrashOfOneCase()
    {
        var counter = new Counter();
        using var sut = new InProcessSut(counter);
        using (var session = sut.Begin("one", Budget))
        {
            Assert.Equal((SutReplyKind.Crash, "exception-InvalidOperationException"), (session.Call("throw").Kind, session.Call("tell").Reason));
        }
        Assert.Equal("one case.abort", counter.Seen[^1]);
        using var next = sut.Begin("two", Budget);
        Assert.True(next.Call("tell").IsOk);
    }

    [Fact]
    public void ACaseThatCannotBeginAnswersNothing()
    {
        using var sut = new InProcessSut(new Counter());
        using var session = sut.Begin("unwanted", Budget);
        Assert.Equal(SutReplyKind.Failed, session.Call("tell").Kind);
    }

    [Fact]
    public void TheSameCaseTwiceAtATimeIsTwoCases()
    {
        using var sut = new InProcessSut(new Counter());
        using var one = sut.Begin("same", Budget);
        using var two = sut.Begin("same", Budget);
        one.Call("tell");
        Assert.False(two.TryTakeEvent(out _));
        Assert.True(one.TryTakeEvent(out _));
    }

    [Fact]
    public void HelloSurvivesTheWire()
    {
        var info = new Counter().Info;
        var back = Hello.Read(JsonNode.Parse(Hello.Write(info).ToJsonString())!.AsObject(), out var why);
        Assert.Equal("", why);
        Assert.Equal(info.Features.OrderBy(f => f.Key), back!.Features.OrderBy(f => f.Key));
        Assert.Equal((info.Name, info.Version, info.Concurrency, info.VirtualTime, info.Ordered), (back.Name, back.Version, back.Concurrency, back.VirtualTime, back.Ordered));
        Assert.Equal(info.Levels, back.Levels);
        Assert.Equal(info.Bind, back.Bind);
    }

    private static List<JsonObject> Serve(params string[] lines)
    {
        var output = new StringWriter();
        WcapServer.Run(new Counter(), new StringReader(string.Join('\n', lines) + "\n"), output);
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!.AsObject())];
    }

    [Fact]
    public void OverText()
    {
        var said = Serve(
            """{"id":1,"cmd":"hello","args":{"protocol":"WCAP","versions":[1]}}""",
            """{"id":2,"cmd":"case.begin","case":"c","args":{"budgetMs":5}}""",
            """{"id":3,"cmd":"tell","case":"c","args":{"n":7}}""",
            """{"id":4,"cmd":"refuse","case":"c"}""",
            """{"id":5,"cmd":"no.such","case":"c"}""",
            """{"id":6,"cmd":"bye"}""",
            """{"id":7,"cmd":"ping"}""");
        SutReply Reply(int id) => Assert.IsType<WcapMessage.Answer>(WcapMessage.Parse(System.Text.Encoding.UTF8.GetBytes(
            Assert.Single(said, m => (int?)m["id"] == id).ToJsonString()))).Reply;
        Assert.Equal("counter", (string?)Reply(1).Value!["sut"]!["name"]);
        Assert.True(Reply(3).IsOk);
        Assert.Equal((SutReplyKind.Rejected, "not \"now\""), (Reply(4).Kind, Reply(4).Detail));
        Assert.Equal(SutReplyKind.Unsupported, Reply(5).Kind);
        Assert.True(Reply(6).IsOk);
        Assert.DoesNotContain(said, m => (int?)m["id"] == 7);
        var told = Assert.Single(said, m => m.ContainsKey("ev"));
        Assert.Equal(("c", "p", 7), ((string?)told["case"], (string?)told["peer"], (int?)told["data"]!["n"]));
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("[]")]
    [InlineData("""{"cmd":"ping"}""")]
    [InlineData("""{"id":1,"cmd":5}""")]
    [InlineData("""{"id":1,"cmd":"ping","args":[]}""")]
    [InlineData("""{"id":1,"cmd":"hello","args":{"versions":[2]}}""")]
    [InlineData("""{"id":1,"cmd":"probe","args":{}}""")]
    public void TheServerAnswersABadCommand(string line) =>
        Assert.Equal("badRequest", (string?)Assert.Single(Serve(line))["err"]!["kind"]);

    [Fact]
    public void TheServerEndsWithItsInput() => Assert.Empty(Serve());

    [Fact]
    public void AnExceptionEndsTheServer() =>
        Assert.Throws<InvalidOperationException>(() => Serve("""{"id":1,"cmd":"throw","case":"c"}"""));
}
