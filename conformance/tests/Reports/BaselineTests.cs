using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Conformance.Tests.Reports;

public class BaselineTests
{
    private static readonly DateOnly Today = new(2026, 2, 3);

    [Theory]
    [InlineData("FAIL", "names no case")]
    [InlineData("FAIL stun/a/b", "does not say got=")]
    [InlineData("FAIL stun/a/b got=", "'got=' has no value")]
    [InlineData("FAIL stun/a/b got=x got=y", "says got twice")]
    [InlineData("FAIL stun/a/b got=x sicne=2026-01-01", "'sicne=2026-01-01' is not understood on a FAIL line")]
    [InlineData("FAIL stun/a/b got=x since=yesterday", "since=yesterday is no date")]
    [InlineData("FAIL stun/*/b got=x", "no case id and no prefix")]
    [InlineData("FAIL stun/a/b[ipv6 got=x", "no case id and no prefix")]
    [InlineData("fail stun/a/b got=x", "starts with 'fail'")]
    [InlineData("0 stun/a/b got=x", "starts with '0'")]
    [InlineData("FA", "starts with 'FA'")]
    [InlineData("NA ice/**", "does not say reason=")]
    [InlineData("NA ice/** reason=\"half", "quotation mark is not closed")]
    [InlineData("FLAKY stun/a/b p<=2", "p<=2 is no share")]
    [InlineData("FLAKY stun/a/b got=x", "not understood on a FLAKY line")]
    [InlineData("FAIL stun/ok/one got=x", "repeats line 2")]
    public void A_wrong_line_names_file_line_and_fault(string line, string fault)
    {
        var e = Assert.Throws<ReportException>(() => Baseline.Parse($"# head\nFAIL stun/ok/one got=x\n{line}\n", "b.txt"));
        Assert.StartsWith("b.txt:3: this line ", e.Message);
        Assert.Contains(fault, e.Message);
        Assert.DoesNotContain("half-written?)", e.Message.Replace("(half-written line?)", ""));
    }

    [Fact]
    public void A_file_that_ends_inside_a_line_says_so() =>
        Assert.Contains("half-written", Assert.Throws<ReportException>(() => Baseline.Parse("FAIL stun/a/b got=x\nFAIL stun/a/c go", "b.txt")).Message);

    [Theory]
    [InlineData("FAIL     stun/a/b  got=answers-200  issue=pion/dtls#368  since=2026-01-22  # why not")]
    [InlineData("FLAKY    stun/a/b[tcp]  p<=0.05  expires=2027-02-01")]
    [InlineData("CRASH    sctp/reconfig/huge  sig=SIGSEGV  isolate")]
    [InlineData("HANG     **")]
    [InlineData("NA       ice/tcp/**  reason=\"ICE-TCP not planned\"")]
    public void A_line_is_written_as_it_was_read(string text)
    {
        Assert.Equal(text, BaselineLine.TryParse(text, out string fault)?.ToString());
        Assert.Empty(fault);
    }

    [Theory]
    [InlineData("", Verdict.Pass, "ok", Standing.Passed)]
    [InlineData("", Verdict.Fail, "bad", Standing.Regression)]
    [InlineData("", Verdict.FalseClaim, "bad", Standing.Regression)]
    [InlineData("", Verdict.Crash, "exit-139", Standing.Regression)]
    [InlineData("", Verdict.Unsupported, "unsupported", Standing.Unsupported)]
    [InlineData("", Verdict.Infra, "no-port", Standing.Infrastructure)]
    [InlineData("FAIL a/b/c got=bad", Verdict.Fail, "bad", Standing.Known)]
    [InlineData("FAIL a/b/c got=bad", Verdict.Fail, "worse", Standing.OtherOutcome)]
    [InlineData("FAIL a/b/c got=bad", Verdict.Pass, "ok", Standing.UnexpectedPass)]
    [InlineData("FAIL a/b/c got=bad", Verdict.Unsupported, "unsupported", Standing.OtherOutcome)]
    [InlineData("FAIL a/b/c got=bad", Verdict.Infra, "no-port", Standing.Infrastructure)]
    [InlineData("FAIL a/b/c got=*", Verdict.Fail, "worse", Standing.Known)]
    [InlineData("FAIL a/b/c got=*", Verdict.Crash, "exit-1", Standing.OtherOutcome)]
    [InlineData("FAIL a/b/c got=no-answer", Verdict.Timeout, "no-answer", Standing.Known)]
    [InlineData("FAIL a/** got=bad", Verdict.Fail, "bad", Standing.Known)]
    [InlineData("FAIL a/** got=bad\nFAIL a/b/c got=worse", Verdict.Fail, "worse", Standing.Known)]
    [InlineData("FAIL a/** got=worse\nFAIL a/b/** got=bad", Verdict.Fail, "bad", Standing.Known)]
    [InlineData("FAIL a/b/c got=bad expires=2026-02-02", Verdict.Fail, "bad", Standing.Expired)]
    [InlineData("FAIL a/b/c got=bad expires=2026-02-03", Verdict.Fail, "bad", Standing.Known)]
    [InlineData("CRASH a/b/c sig=SIGSEGV", Verdict.Crash, "exit-139", Standing.Known)]
    [InlineData("CRASH a/b/c sig=SIGSEGV", Verdict.Crash, "signal-11", Standing.Known)]
    [InlineData("CRASH a/b/c sig=SIGSEGV", Verdict.Crash, "signal-6", Standing.OtherOutcome)]
    [InlineData("CRASH a/b/c", Verdict.Crash, "exit-3", Standing.Known)]
    [InlineData("CRASH a/b/c", Verdict.Hang, "no-pong", Standing.OtherOutcome)]
    [InlineData("CRASH a/b/c", Verdict.Pass, "ok", Standing.UnexpectedPass)]
    [InlineData("HANG a/b/c", Verdict.Hang, "no-pong", Standing.Known)]
    [InlineData("FLAKY a/b/c", Verdict.Fail, "bad", Standing.Known)]
    [InlineData("FLAKY a/b/c", Verdict.Pass, "ok", Standing.Passed)]
    [InlineData("FLAKY a/b/c", Verdict.Crash, "exit-1", Standing.OtherOutcome)]
    [InlineData("NA a/** reason=no", Verdict.Fail, "bad", Standing.OutOfScope)]
    [InlineData("NA a/** reason=no", Verdict.Pass, "ok", Standing.OutOfScope)]
    public void A_result_stands_to_its_line(string baseline, Verdict verdict, string outcome, Standing expected) =>
        Assert.Equal(expected, Assert.Single(Compare(baseline, [SampleRun.Result("a/b/c", verdict, outcome)]).Cases).Standing);

    [Theory]
    [InlineData("", Verdict.Fail)]
    [InlineData("", Verdict.Crash)]
    [InlineData("FAIL a/b/c got=bad", Verdict.Pass)]
    public void An_unconfirmed_case_never_gates_and_is_listed(string baseline, Verdict verdict)
    {
        BaselineComparison c = Compare(baseline, [SampleRun.Result("a/b/c", verdict, "x") with { Confirmed = false }]);
        Assert.Equal(Standing.Unconfirmed, Assert.Single(c.Cases).Standing);
        Assert.Empty(c.Gating);
    }

    [Fact]
    public void A_line_for_no_case_is_stale_but_not_one_for_a_case_that_did_not_run()
    {
        BaselineComparison c = Compare("FAIL a/b/c got=x\nFAIL a/gone/c got=x\nNA z/** reason=no\nFAIL a/other/c got=x\n",
            [SampleRun.Result("a/b/c", Verdict.Fail, "x")], "a/other/c");
        Assert.Equal(["a/gone/c", "z/**"], c.Gating.Select(j => j.Case));
        Assert.All(c.Gating, j => Assert.Equal(Standing.Stale, j.Standing));
    }

    [Theory]
    [InlineData(BaselineMode.Strict, "a/b/1 a/b/2 a/b/3 a/gone/c")]
    [InlineData(BaselineMode.Ratchet, "a/b/1 a/b/3")]
    [InlineData(BaselineMode.Report, "")]
    public void The_mode_says_what_gates(BaselineMode mode, string gating)
    {
        CaseResult[] results = [SampleRun.Result("a/b/1", Verdict.Fail, "new"), SampleRun.Result("a/b/2", Verdict.Pass, "ok"), SampleRun.Result("a/b/3", Verdict.Fail, "other")];
        BaselineComparison c = Compare("FAIL a/b/2 got=x\nFAIL a/b/3 got=x\nFAIL a/gone/c got=x\n", results, mode: mode);
        Assert.Equal(gating, string.Join(' ', c.Gating.Select(j => j.Case)));
        Assert.Equal(4, c.Unexpected.Count);
    }

    [Theory]
    [InlineData("FLAKY a/b/c p<=0.1", 20, 2, Standing.Known)]
    [InlineData("FLAKY a/b/c p<=0.1", 20, 3, Standing.TooFlaky)]
    [InlineData("FLAKY a/b/c p<=0.01", 2, 1, Standing.Known)]
    [InlineData("FLAKY a/b/c p<=0", 5, 1, Standing.Known)]
    [InlineData("FLAKY a/b/c p<=0", 5, 2, Standing.TooFlaky)]
    [InlineData("FLAKY a/b/c", 5, 5, Standing.Known)]
    public void A_flaky_case_may_fail_as_often_as_its_share(string baseline, int runs, int failures, Standing expected)
    {
        IEnumerable<CaseResult> results = Enumerable.Range(0, runs).Select(i => SampleRun.Result("a/b/c", i < failures ? Verdict.Fail : Verdict.Pass, "x"));
        Assert.Equal(expected, Assert.Single(Compare(baseline, results).Cases).Standing);
    }

    [Fact]
    public void Updating_keeps_comments_and_order_drops_corrects_and_adds()
    {
        const string old = """
            # sample 1.2, by hand

            FAIL z/first/here got=x  # stays, though not sorted
            # about b
            FAIL a/b/fixed got=x  # goes
            FAIL a/b/other   got=x issue=x/y#1 since=2025-01-01  # keeps its words
            FAIL a/gone/away got=x
            NA   a/na/** reason="not planned"
            FLAKY a/flaky/one
            FAIL a/p/** got=x issue=x/y#2
            FAIL a/not/run got=x
            CRASH a/c/crash sig=SIGSEGV
            """;
        CaseResult[] results =
        [
            SampleRun.Result("z/first/here", Verdict.Fail, "x"), SampleRun.Result("a/b/fixed", Verdict.Pass, "ok"),
            SampleRun.Result("a/b/other", Verdict.Fail, "y"), SampleRun.Result("a/na/one", Verdict.Fail, "x"), SampleRun.Result("a/flaky/one", Verdict.Fail, "x"),
            SampleRun.Result("a/p/one", Verdict.Fail, "x"), SampleRun.Result("a/p/two", Verdict.Pass, "ok"),
            SampleRun.Result("a/c/crash", Verdict.Hang, "no-pong"), SampleRun.Result("b/new/fail", Verdict.Fail, "bad"),
            SampleRun.Result("b/new/crash", Verdict.Crash, "signal-6"), SampleRun.Result("b/new/unsure", Verdict.Fail, "bad") with { Confirmed = false },
            SampleRun.Result("b/new/port", Verdict.Infra, "no-port"), SampleRun.Result("b/new/cannot", Verdict.Unsupported, "unsupported"),
        ];
        string[] suite = [.. results.Select(r => r.Case), "a/not/run"];
        Baseline baseline = Baseline.Parse(old, "b");
        BaselineUpdate update = BaselineUpdate.Of(baseline, Compare(old, results, "a/not/run"), suite, Today);
        Snapshot.Verify($"{update.Added} added, {update.Changed} changed, {update.Dropped} dropped\n{update.Text}");

        BaselineComparison again = BaselineComparison.Compare(SampleRun.Log(results), Baseline.Parse(update.Text, "b"), Today, suite);
        Assert.Empty(again.Unexpected);
        Assert.True(BaselineUpdate.Of(Baseline.Parse(update.Text, "b"), again, suite, Today).IsNothing);
    }

    [Fact]
    public void An_update_that_changes_nothing_gives_the_same_bytes()
    {
        const string text = "# odd   spacing\n\nFAIL   a/b/c   got=x\n\n# end\n";
        CaseResult[] results = [SampleRun.Result("a/b/c", Verdict.Fail, "x")];
        BaselineUpdate update = BaselineUpdate.Of(Baseline.Parse(text, "b"), Compare(text, results), ["a/b/c"], Today);
        Assert.True(update.IsNothing);
        Assert.Equal(text, update.Text);
    }

    private static BaselineComparison Compare(string baseline, IEnumerable<CaseResult> results, string? alsoInSuite = null, BaselineMode mode = BaselineMode.Strict)
    {
        RunLog log = SampleRun.Log(results);
        string[] suite = [.. log.Results.Select(r => r.Case), .. alsoInSuite is null ? Array.Empty<string>() : [alsoInSuite]];
        return BaselineComparison.Compare(log, Baseline.Parse(baseline, "b"), Today, suite, mode);
    }
}
