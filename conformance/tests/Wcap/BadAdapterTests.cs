using System.Diagnostics;
using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Conformance.Tests.Wcap;

/// <summary>The client against an adapter that does one thing wrong (conformance/tests/bad-adapter).</summary>
public class BadAdapterTests
{
    internal static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);
    // Generous where an answer is expected (the machine may be busy), short where none comes.
    private static readonly WcapOptions Options = new()
    {
        StartDeadline = TimeSpan.FromSeconds(30), CommandDeadline = TimeSpan.FromSeconds(20), PingDeadline = TimeSpan.FromSeconds(2),
        EndDeadline = TimeSpan.FromSeconds(2),
    };
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);

    internal static WcapCommand Command(string mode) =>
        new(mode, Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "bad-adapter.exe" : "bad-adapter"), mode);

    internal static WcapSut Start(string mode, WcapOptions? options = null) => WcapSut.Start(Command(mode), options ?? Options);

    private static string Refusal(string mode, WcapOptions? options = null) =>
        Assert.Throws<SutStartException>(() => Start(mode, options).Dispose()).Message;

    private static SutReply OneCall(string mode, TimeSpan? deadline = null, Action<WcapSut, ISutSession>? then = null)
    {
        using var sut = Start(mode);
        using var session = sut.Begin("a/case", Budget);
        var reply = session.Call("echo", new JsonObject { ["a"] = 1 }, deadline);
        then?.Invoke(sut, session);
        return reply;
    }

    internal static void NextCaseWorks(WcapSut sut, int starts)
    {
        using var next = sut.Begin("a/next-case", Budget);
        Assert.Equal(SutReplyKind.Ok, next.Call("ping").Kind);
        Assert.Equal(starts, sut.Starts);
    }

    [Fact]
    public void Good()
    {
        using var sut = Start("good");
        Assert.Equal("bad", sut.Info.Name);
        Assert.Equal("1.2", sut.Info.Version);
        Assert.Equal("1.2,1.3", sut.Info.Features["dtls.version"]);
        Assert.Equal(4, sut.Info.Concurrency);
        using var session = sut.Begin("a/case", Budget);
        var reply = session.Call("echo", new JsonObject { ["text"] = "é\n\u2028" });
        Assert.Equal("é\n\u2028", (string?)reply.Value!["text"]);
        Assert.Equal(SutReplyKind.Unsupported, session.Call("no.such").Kind);
        Assert.Equal(1, sut.Starts);
    }

    [Fact]
    public void MissingProgramSaysWhatToDo()
    {
        var e = Assert.Throws<SutStartException>(() =>
            WcapSut.Start(new WcapCommand("foo", "no-such-program") { Advice = "Install it with: wrc suts install foo" }));
        Assert.Equal("foo cannot be started: the program 'no-such-program' was not found. Install it with: wrc suts install foo", e.Message);
    }

    [Fact]
    public void MissingFolderIsNamed() =>
        Assert.Contains("/no/such/folder", Assert.Throws<SutStartException>(() =>
            WcapSut.Start(new WcapCommand("foo", "sh") { Folder = "/no/such/folder" })).Message);

    [Fact]
    public void CrashOnStart()
    {
        var message = Refusal("crash-on-start");
        Assert.Contains("exit-3", message);
        Assert.Contains("cannot open libfoo.so", message);
    }

    [Fact]
    public void SlowHello() =>
        Assert.Contains("did not answer hello (hang", Refusal("slow-hello", Options with { StartDeadline = Short, PingDeadline = Short }));

    [Fact]
    public void Dishonest() => Assert.Contains("says yes to a feature that does not exist", Refusal("dishonest"));

    [Theory]
    [InlineData("old-version", "\"version\" is not 1")]
    [InlineData("nameless", "\"sut.name\" is missing")]
    public void BadHello(string mode, string what) => Assert.Contains(what, Refusal(mode));

    [Fact]
    public void CrashOnCase()
    {
        using var sut = Start("crash-on-case");
        using var session = sut.Begin("a/case", Budget);
        var reply = session.Call("echo");
        Assert.Equal(SutReplyKind.Crash, reply.Kind);
        Assert.StartsWith("dotnet-unhandled: ", reply.Detail);
        Assert.Contains("no case for me", reply.Detail);
        Assert.Equal("signal-6", reply.Reason);
    }

    [Theory]
    [InlineData("exits-mid-dialogue", "exit-7")]
    [InlineData("dies-by-signal", "signal-6")]
    public void CrashCostsOneCase(string mode, string reason)
    {
        var reply = OneCall(mode, null, (sut, session) =>
        {
            Assert.Equal(SutReplyKind.Crash, session.Call("again").Kind); // the session stays dead
            NextCaseWorks(sut, starts: 2);
        });
        Assert.Equal((SutReplyKind.Crash, reason), (reply.Kind, reply.Reason));
    }

    [Fact]
    public void Hang()
    {
        var watch = Stopwatch.StartNew();
        var reply = OneCall("hang", Short, (sut, _) => NextCaseWorks(sut, starts: 2));
        Assert.Equal(SutReplyKind.Hang, reply.Kind);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "ended " + watch.Elapsed);
    }

    [Fact]
    public void HangOfOneSessionEndsTheOthersToo()
    {
        using var sut = Start("hang");
        using var one = sut.Begin("a/one", Budget);
        using var two = sut.Begin("a/two", Budget);
        Assert.Equal(SutReplyKind.Hang, one.Call("x", null, Short).Kind);
        Assert.Equal(SutReplyKind.Hang, two.Call("x").Kind);
    }

    [Fact]
    public void TimeoutWhenPingIsAnswered()
    {
        var reply = OneCall("hang-but-ping", Short, (sut, session) =>
        {
            Assert.Equal(SutReplyKind.Ok, session.Call("ping").Kind);
            NextCaseWorks(sut, starts: 1); // no reason to kill it
        });
        Assert.Equal(SutReplyKind.Timeout, reply.Kind);
    }

    [Fact]
    public void AnAnswerThatComesTooLateIsIgnored()
    {
        using var sut = Start("late");
        using var session = sut.Begin("a/case", Budget);
        Assert.Equal(SutReplyKind.Timeout, session.Call("late", null, Short).Kind);
        Thread.Sleep(600);
        Assert.Equal("x", (string?)session.Call("echo", new JsonObject { ["a"] = "x" }).Value?["a"]);
        Assert.Equal(1, sut.Starts);
    }

    [Fact]
    public void ACaseThatDoesNotEndIsEndedWithItsProcess()
    {
        using var sut = Start("keeps-cases", Options with { CommandDeadline = TimeSpan.FromSeconds(2) });
        sut.Begin("a/case", Budget).Dispose();
        NextCaseWorks(sut, starts: 2);
    }

    [Fact]
    public void TheBudgetBoundsEveryCall()
    {
        using var sut = Start("hang-but-ping");
        using var session = sut.Begin("a/case", TimeSpan.FromSeconds(1));
        Assert.Equal(SutReplyKind.Timeout, session.Call("x").Kind);
        Assert.Equal("budget", session.Call("y").Reason);
    }

    [Theory]
    [InlineData("rubbish", "not JSON")]
    [InlineData("half-surrogate", "not JSON")]
    [InlineData("wrong-ids", "which is not open")]
    public void BrokenProtocolEndsTheProcess(string mode, string detail)
    {
        var reply = OneCall(mode, null, (sut, _) => NextCaseWorks(sut, starts: 2));
        Assert.Equal(SutReplyKind.Garbage, reply.Kind);
        Assert.Contains(detail, reply.Detail);
    }

    [Theory]
    [InlineData("wrong-shape", "\"ok\" is not an object")]
    [InlineData("wrong-reason", "'because' is not in the closed list")]
    public void WrongShapeCostsOneCommand(string mode, string detail)
    {
        var reply = OneCall(mode, null, (sut, _) => NextCaseWorks(sut, starts: 1));
        Assert.Equal(SutReplyKind.Garbage, reply.Kind);
        Assert.Contains(detail, reply.Detail);
    }

    [Fact]
    public void FalseClaimIsVisible()
    {
        using var sut = Start("false-claim");
        Assert.Equal("yes", sut.Info.Features["codec.stun.message"]);
        using var session = sut.Begin("a/case", Budget);
        Assert.Equal(SutReplyKind.Unsupported, session.Call("codec.decode").Kind);
    }

    [Fact]
    public void StderrIsBounded()
    {
        using var sut = Start("stderr-flood");
        using var session = sut.Begin("a/case", Budget);
        Assert.True(session.Call("ping").IsOk);
        Assert.InRange(sut.RecentLog.Count, 1, 200);
    }

    [Fact]
    public void EventFloodIsEnded()
    {
        var reply = OneCall("event-flood");
        Assert.Equal(SutReplyKind.Garbage, reply.Kind);
        Assert.Contains("events", reply.Detail);
    }

    [Fact]
    public void EventsGoToTheirCaseAndLogsToTheLog()
    {
        using var sut = Start("events");
        using var one = sut.Begin("one", Budget);
        using var two = sut.Begin("two", Budget);
        Assert.True(one.Call("x").IsOk);
        Assert.False(two.TryTakeEvent(out _));
        Assert.True(one.TryTakeEvent(out var e));
        Assert.Equal(("peer.state", "p", "new"), (e.Name, e.Peer, (string?)e.Data["ice"]));
        Assert.False(one.TryTakeEvent(out _));
        Assert.Contains("a log event", sut.RecentLog);
    }

    [Fact]
    public void LinesThatAreNoProtocolAreLog()
    {
        using var sut = Start("log-on-stdout");
        Assert.Contains("[INFO] a library that prints to stdout", sut.RecentLog);
        Assert.Contains("  {indented is not protocol}", sut.RecentLog);
    }

    [Fact]
    public void ManySessionsAtOnce()
    {
        using var sut = Start("good");
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 8 }, n =>
        {
            using var session = sut.Begin("same/name", Budget);
            for (var i = 0; i < 50; i++)
                Assert.Equal(n * 1000 + i, (int?)session.Call("echo", new JsonObject { ["n"] = n * 1000 + i }).Value?["n"]);
        });
        Assert.Equal(1, sut.Starts);
    }

    [Fact]
    public void IsolatedCasesHaveAProcessEach()
    {
        using var sut = Start("good", Options with { IsolateCases = true });
        for (var i = 1; i <= 3; i++)
            NextCaseWorks(sut, starts: i);
    }

    [Fact]
    public void DisposeEndsAnAdapterThatOutlivesItsStdin()
    {
        var sut = Start("outlives-stdin", Options with { EndDeadline = TimeSpan.FromMilliseconds(300) });
        var id = sut.ProcessId!.Value;
        sut.Dispose();
        Assert.True(IsGone(id), "the adapter lives on");
    }

    [Fact]
    public void AHangingAdapterDiesWithItsRunner()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/setpriv"), "needs setpriv (Debian: apt install util-linux)");
        using var runner = Process.Start(new ProcessStartInfo(Command("x").Command, ["runner"]) { RedirectStandardOutput = true })!;
        var adapter = int.Parse(runner.StandardOutput.ReadLine()!);
        Assert.False(IsGone(adapter, TimeSpan.Zero));
        runner.Kill(entireProcessTree: false);
        runner.WaitForExit();
        Assert.True(IsGone(adapter), "the adapter is an orphan");
    }

    [Fact]
    public void DialogueIsRecorded()
    {
        using var sut = Start("good", Options with { RecordDialogue = true });
        var session = sut.Begin("a/case", Budget);
        session.Call("echo", new JsonObject { ["sdp"] = "v=0\r\n\"" });
        session.Dispose();
        var lines = ((IDialogueSource)session).Dialogue.Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(["case.begin", "echo", "case.end"], lines.Select(l => (string?)l["send"]?["cmd"]).OfType<string>());
        Assert.Equal(3, lines.Count(l => l["receive"] is not null));
        Assert.Contains(lines, l => (string?)l["receive"]?["ok"]?["sdp"] == "v=0\r\n\"");
    }

    private static bool IsGone(int processId, TimeSpan? within = null)
    {
        var watch = Stopwatch.StartNew();
        do
        {
            try
            {
                if (File.Exists($"/proc/{processId}/stat") && File.ReadAllText($"/proc/{processId}/stat").Contains(") Z "))
                    return true; // dead, and nobody has asked for its exit code
                using var process = Process.GetProcessById(processId);
            }
            catch (Exception e) when (e is ArgumentException or IOException)
            {
                return true;
            }
            Thread.Sleep(20);
        }
        while (watch.Elapsed < (within ?? TimeSpan.FromSeconds(10)));
        return false;
    }
}
