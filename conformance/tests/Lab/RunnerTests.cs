using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Running;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;
using static WebRtcConformance.Lab.Cases.Outcomes;
using CaseLab = WebRtcConformance.Lab.Lab;

namespace WebRtcConformance.Conformance.Tests.Lab;

public class RunnerTests
{
    private static RunPlan Real(SmallSut sut, params IReadOnlyList<CaseDefinition> cases) => Small.Plan(cases) with { StartSut = () => new InProcessSut(sut) };

    /// <summary>Passes only when nobody has used the connection before.</summary>
    private static void FirstOnItsConnection(CaseLab lab)
    {
        var count = (int?)lab.Connect().Call("count", [])["count"];
        lab.Expect(count, c => $"use number {c}", Legal<int?>("first", c => c == 1), Forbidden<int?>("later", _ => true));
    }

    private static void AnyUse(CaseLab lab) =>
        lab.Expect((int?)lab.Connect().Call("count", [])["count"], c => $"{c}", Legal<int?>("first", c => c == 1), Legal<int?>("later", c => c > 1));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Results_come_in_the_order_of_the_cases(int jobs)
    {
        // The later a case stands, the sooner it is ready.
        var cases = Enumerable.Range(0, 12).Select(i => Small.Case($"a/b/c{i:d2}", lab =>
        {
            Thread.Sleep(5 * (12 - i));
            Small.Pass(lab);
        })).ToList();
        var log = Small.Run(Small.Plan(cases) with { Jobs = jobs });
        Assert.Equal(cases.Select(c => c.Id), log.Results.Select(r => r.Case));
        Assert.Equal(RunEnd.Completed, log.Footer!.End);
    }

    [Fact]
    public void Several_workers_work_at_once()
    {
        using var together = new Barrier(3);
        var cases = Enumerable.Range(0, 3).Select(i => Small.Case($"a/b/c{i}", lab =>
        {
            Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(30)));
            Small.Pass(lab);
        })).ToList();
        Assert.All(Small.Run(Small.Plan(cases) with { Jobs = 3 }).Results, r => Assert.Equal(Verdict.Pass, r.Verdict));
    }

    [Fact]
    public void An_implementation_that_takes_one_case_at_a_time_gets_one()
    {
        int now = 0, most = 0;
        var cases = Enumerable.Range(0, 6).Select(i => Small.Case($"a/b/c{i}", lab =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            Thread.Sleep(5);
            Interlocked.Decrement(ref now);
            Small.Pass(lab);
        })).ToList();
        var sut = new SmallSut { Info = new SutInfo { Name = "small", Levels = ["wire"], Concurrency = 1 } };
        Assert.Equal(6, Small.Run(Real(sut, cases) with { Jobs = 6 }).Results.Count);
        Assert.Equal(1, most);
    }

    [Fact]
    public void An_exhausted_budget_ends_the_run_and_keeps_what_there_is()
    {
        var cases = Enumerable.Range(0, 50).Select(i => Small.Case($"a/b/c{i:d2}", lab =>
        {
            Thread.Sleep(20);
            Small.Pass(lab);
        })).ToList();
        var log = Small.Run(Small.Plan(cases) with { Jobs = 2, Budget = TimeSpan.FromMilliseconds(150) });
        Assert.Equal(RunEnd.BudgetExhausted, log.Footer!.End);
        Assert.InRange(log.Results.Count, 1, 49);
        Assert.Equal(50, log.Results.Count + log.Missing.Count);
    }

    [Fact]
    public void A_run_that_is_stopped_keeps_what_there_is()
    {
        using var stop = new CancellationTokenSource();
        var cases = Enumerable.Range(0, 50).Select(i => Small.Case($"a/b/c{i:d2}", lab =>
        {
            if (i == 10) stop.Cancel();
            Small.Pass(lab);
        })).ToList();
        var log = Small.Run(Small.Plan(cases) with { Jobs = 1 }, stop.Token);
        Assert.Equal(RunEnd.Interrupted, log.Footer!.End);
        Assert.Equal(11, log.Results.Count);
    }

    [Fact]
    public void A_fault_of_the_suite_costs_one_case_and_blames_nobody()
    {
        var log = Small.Run(Small.Plan(
            Small.Case("a/b/throws", _ => throw new FormatException("broken")),
            Small.Case("a/b/expects-nothing", _ => { }),
            Small.Case("a/b/unlisted", lab => lab.Expect(3, n => $"{n} of them", Legal<int>("two", n => n == 2))),
            Small.Case("a/b/not-applicable", lab => lab.NotApplicable("no-place", "there is none")),
            Small.Case("a/b/good", Small.Pass)) with { Jobs = 1 });
        Assert.Equal(
            [Verdict.Infra, Verdict.Infra, Verdict.Fail, Verdict.Unsupported, Verdict.Pass], log.Results.Select(r => r.Verdict));
        Assert.Equal(["suite-error", "suite-error", "unlisted", "no-place", "fine"], log.Results.Select(r => r.Outcome));
        Assert.Contains("FormatException: broken", log.Results[0].Detail);
        Assert.Contains("3 of them", log.Results[2].Detail);
    }

    [Fact]
    public void A_case_is_not_blamed_for_its_neighbours()
    {
        var log = Small.Run(Real(new SmallSut(), Small.Case("a/b/one", AnyUse), Small.Case("a/b/two", FirstOnItsConnection), Small.Case("a/b/three", AnyUse)) with { Jobs = 1 });
        // "two" shared a connection, did not pass, and passes alone; only that counts, and it is told once.
        Assert.Equal(["a/b/one first", "a/b/three first", "a/b/two first"], log.Results.Select(r => $"{r.Case} {r.Outcome}").Order(StringComparer.Ordinal));
        Assert.All(log.Results, r => Assert.Equal(Verdict.Pass, r.Verdict));
    }

    [Fact]
    public void Cases_share_connections_unless_they_want_one_of_their_own()
    {
        var log = Small.Run(Real(new SmallSut(), Small.Case("a/b/one", AnyUse), Small.Case("a/b/two", AnyUse), Small.Case("a/b/three", AnyUse, fresh: true)) with { Jobs = 1 });
        Assert.Equal(["a/b/one first", "a/b/two later", "a/b/three first"], log.Results.Select(r => $"{r.Case} {r.Outcome}"));
    }

    [Fact]
    public void What_fails_alone_too_has_failed()
    {
        var runs = 0;
        var log = Small.Run(Real(new SmallSut(), Small.Case("a/b/bad", lab =>
        {
            runs++;
            lab.Expect(0, _ => "it", Forbidden<int>("always", _ => true));
        }), Small.Case("a/b/good", AnyUse)) with { Jobs = 1 });
        Assert.Equal(2, runs);
        Assert.Equal(["a/b/bad Fail", "a/b/good Pass"], log.Results.Select(r => $"{r.Case} {r.Verdict}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_crash_costs_one_case()
    {
        var log = Small.Run(Real(new SmallSut(), Small.Case("a/b/one", AnyUse), Small.Case("a/b/two", lab => lab.Connect().Call("die", [])), Small.Case("a/b/three", AnyUse)) with { Jobs = 1 });
        Assert.Equal(RunEnd.Completed, log.Footer!.End);
        Assert.Equal(["a/b/one Pass", "a/b/three Pass", "a/b/two Crash"], log.Results.Select(r => $"{r.Case} {r.Verdict}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_implementation_that_is_not_well_before_or_after_the_run_ends_it_as_failed()
    {
        var log = Small.Run(Real(new SmallSut { DiesAtPing = 1 }, Small.Case("a/b/one", AnyUse)));
        Assert.Equal((RunEnd.SutFailed, 0), (log.Footer!.End, log.Results.Count));
        Assert.StartsWith("sanity check before the run", log.Footer.Message);
        log = Small.Run(Real(new SmallSut { DiesAtPing = 5 }, Small.Case("a/b/one", AnyUse)));
        Assert.Equal((RunEnd.SutFailed, 1), (log.Footer!.End, log.Results.Count));
        Assert.StartsWith("sanity check after the run", log.Footer.Message);
    }

    [Fact]
    public void One_that_does_not_start_ends_the_run_with_its_reason()
    {
        var log = Small.Run(Small.Plan(Small.Case("a/b/one", AnyUse)) with { StartSut = () => throw new SutStartException("not installed") });
        Assert.Equal((RunEnd.SutFailed, "not installed"), (log.Footer!.End, log.Footer.Message));
        Assert.Equal(["a/b/one"], log.Missing);
    }

    [Fact]
    public void What_the_implementation_does_not_offer_is_unsupported()
    {
        var sut = new SmallSut { Info = new SutInfo { Name = "small", Levels = ["wire"], Features = new Dictionary<string, string> { ["ice.lite"] = "no" } } };
        var ipv6 = Small.Case("a/b/six", AnyUse) with { Parameters = new Dictionary<string, string> { ["family"] = "ipv6" } };
        var log = Small.Run(Real(sut, Small.Case("a/b/codec", AnyUse) with { Level = CaseLevel.Codec }, Small.Case("a/b/lite", AnyUse) with { Needs = ["ice.lite"] },
            Small.Case("a/b/unknown", AnyUse) with { Needs = ["ice.turn"] }, ipv6) with { Jobs = 1 });
        Assert.Equal(["no-codec-level", "no-ice.lite", "first", "no-ipv6"], log.Results.Select(r => r.Outcome));
    }

    [Fact]
    public void A_result_says_how_to_repeat_it()
    {
        var result = Small.Run(Small.Plan(Small.Case("a/b/one", Small.Pass)) with { Seed = 255 }).Results.Single();
        Assert.Equal("wrc run --sut small --case 'a/b/one' --seed 0x00000000000000ff", result.Replay);
        Assert.Equal(CaseSeed.Format(CaseSeed.For(255, "a/b/one")), result.Seed);
    }

    [Fact]
    public void No_case_is_no_trouble() => Assert.Equal(RunEnd.Completed, Small.Run(Small.Plan()).Footer!.End);
}
