using WebRtcConformance.Cli;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Reports;

namespace WebRtcConformance.Conformance.Tests.Suite;

/// <summary>What becomes of a run against an adapter that does one thing wrong (conformance/tests/bad-adapter): each case has its verdict,
/// the run goes on and ends in order, and the exit code says what happened.</summary>
public sealed class BadAdapterTests : IDisposable
{
    private static readonly string[] Cases = ["stun/request/good[ipv4,controlled]", "stun/vector/sample-ipv4-response", "stun/vector/sample-request"];

    private readonly string _folder = Directory.CreateTempSubdirectory("wrc-bad-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("exits-mid-dialogue", Verdict.Crash, "exit-7", ExitCode.Unexpected)]
    [InlineData("dies-by-signal", Verdict.Crash, "signal-6", ExitCode.Unexpected)]
    [InlineData("hang", Verdict.Hang, "no-answer", ExitCode.Unexpected)]
    [InlineData("hang-but-ping", Verdict.Timeout, "late-answer", ExitCode.Unexpected)]
    [InlineData("rubbish", Verdict.Infra, "adapter-breaks-protocol", ExitCode.Infrastructure)]
    [InlineData("wrong-shape", Verdict.Infra, "adapter-breaks-protocol", ExitCode.Infrastructure)]
    [InlineData("huge-line", Verdict.Infra, "adapter-breaks-protocol", ExitCode.Infrastructure)]
    public void Each_case_has_its_verdict_and_the_run_ends_in_order(string mode, Verdict verdict, string outcome, int code)
    {
        var log = Run(mode, code);
        Assert.All(log.Results, r => Assert.Equal((verdict, outcome), (r.Verdict, r.Outcome)));
        Assert.All(log.Results, r => Assert.False(string.IsNullOrWhiteSpace(r.Detail)));
        Assert.All(log.Results, r => Assert.All(r.Artifacts, file => Assert.True(File.Exists(Path.Combine(_folder, file)), file)));
        Assert.All(log.Results, r => Assert.Contains("\"case.begin\"", File.ReadAllText(Path.Combine(_folder, r.Artifacts.Single(a => a.EndsWith("dialogue.jsonl", StringComparison.Ordinal))))));
    }

    [Fact]
    public void A_claim_that_is_not_kept_is_a_false_claim()
    {
        var log = Run("false-claim", ExitCode.Unexpected);
        Assert.Equal(
            [(Cases[0], Verdict.Unsupported, "no-wire-level"), (Cases[1], Verdict.FalseClaim, "claims-codec.stun.message"), (Cases[2], Verdict.FalseClaim, "claims-codec.stun.message")],
            log.Results.OrderBy(r => r.Case, StringComparer.Ordinal).Select(r => (r.Case, r.Verdict, r.Outcome)));
    }

    [Fact]
    public void What_is_not_claimed_is_unsupported()
    {
        var log = Run("good", ExitCode.AsExpected);
        Assert.All(log.Results, r => Assert.Equal((Verdict.Unsupported, "unsupported"), (r.Verdict, r.Outcome)));
    }

    [Theory]
    [InlineData("crash-on-start", "cannot open libfoo.so")]
    [InlineData("crash-on-case", "no case for me")]
    [InlineData("dishonest", "says yes to a feature that does not exist")]
    [InlineData("old-version", "\"version\" is not 1")]
    public void An_adapter_that_cannot_be_used_ends_the_run_with_its_reason(string mode, string why)
    {
        var log = Run(mode, ExitCode.SutFailed, cases: 0);
        Assert.Contains(why, log.Footer!.Message);
        Assert.Equal(RunEnd.SutFailed, log.Footer.End);
    }

    [Fact]
    public void A_program_that_is_not_there_ends_the_run_with_its_reason()
    {
        var (code, output, _) = Wrc("no-such-program --flag");
        Assert.Equal(ExitCode.SutFailed, code);
        Assert.Contains("'no-such-program' was not found", output);
        Assert.Equal(RunEnd.SutFailed, RunLog.Read(Path.Combine(_folder, "run.jsonl")).Footer!.End);
    }

    private RunLog Run(string mode, int expected, int? cases = null)
    {
        var (code, output, error) = Wrc($"\"{Wcap.BadAdapterTests.Command(mode).Command}\" {mode}");
        Assert.True(expected == code, $"exit {code}, not {expected}\n{output}\n{error}");
        var log = RunLog.Read(Path.Combine(_folder, "run.jsonl"));
        Assert.Empty(log.Warnings);
        Assert.Equal(Cases.Order(StringComparer.Ordinal).Take(cases ?? Cases.Length), log.Results.Select(r => r.Case).Order(StringComparer.Ordinal));
        Assert.NotNull(log.Footer);
        Assert.Equal(cases is null ? RunEnd.Completed : log.Footer.End, log.Footer.End);
        return log;
    }

    /// <summary>Short where no answer comes, long where one is expected: the machine may be busy.</summary>
    private static WcapOptions Limits(string adapter)
    {
        var (command, ping) = adapter.EndsWith(" hang", StringComparison.Ordinal) ? (1, 0.5) : adapter.EndsWith(" hang-but-ping", StringComparison.Ordinal) ? (1, 20) : (20, 20.0);
        return new() { StartDeadline = TimeSpan.FromSeconds(30), CommandDeadline = TimeSpan.FromSeconds(command), PingDeadline = TimeSpan.FromSeconds(ping) };
    }

    private (int Code, string Out, string Error) Wrc(string adapter) =>
        RealSuite.Wrc(Limits(adapter), ["run", "--adapter", adapter, "--out", _folder, .. Cases.SelectMany(id => new[] { "--case", id })]);
}
