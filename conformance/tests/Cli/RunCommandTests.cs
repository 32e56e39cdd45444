using WebRtcConformance.Cli;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Conformance.Tests.Cli;

public class RunCommandTests : CliTest
{
    [Fact]
    public void A_run_without_surprises_is_quiet_and_says_what_it_did()
    {
        Assert.Equal(ExitCode.AsExpected, Run("--baseline", "-"));
        Snapshot.Verify(Out);
    }

    [Fact]
    public void Each_unexpected_result_is_one_line()
    {
        Suite.Says["stun/request/bad-integrity[ipv4]"] = (Verdict.Fail, "answers-success");
        Suite.Says["stun/request/software"] = (Verdict.Unsupported, "unsupported");
        Suite.Says["ice/check/role"] = (Verdict.Crash, "signal-11");
        File.WriteAllText(At("b.txt"), "FAIL stun/request/bad-integrity[ipv6] got=x\nFAIL stun/old/case got=x\n");
        Assert.Equal(ExitCode.Unexpected, Run("--baseline", At("b.txt"), "--seed", "0xa7"));
        Snapshot.Verify(Out.Replace(Folder, "FOLDER"));
    }

    [Fact]
    public void Help() => Snapshot.Verify(string.Join("\n----\n", new[] { Array.Empty<string>(), ["run"], ["suts"], ["suts", "check"], ["report"], ["decode"], ["fuzz"], ["adapter"], ["explain"], ["coverage"] }
        .Select(words =>
        {
            Assert.Equal(ExitCode.AsExpected, Wrc([.. words, "--help"]));
            return Out;
        })));

    [Theory]
    [InlineData("stun/**", 3)]
    [InlineData("stun/*/software", 1)]
    [InlineData("stun/request/bad-integrity", 2)]
    [InlineData("stun/request/bad-integrity[ipv6]", 1)]
    [InlineData("*/check/*", 1)]
    [InlineData("**", 4)]
    public void A_pattern_selects(string pattern, int count)
    {
        Assert.Equal(ExitCode.AsExpected, Run("--case", pattern));
        Assert.Equal(count, Suite.Requests.Single().Cases.Count);
    }

    [Theory]
    [InlineData("--req", "RFC8489:9.1", 2)]
    [InlineData("--req", "RFC8489:14.1", 0)]
    [InlineData("--req", "RFC8489:14.1*", 1)]
    [InlineData("--req", "RFC8489:", 3)]
    [InlineData("--level", "must", 3)]
    [InlineData("--level", "should", 4)]
    [InlineData("--tier", "quick", 2)]
    [InlineData("--tier", "pr", 3)]
    public void Other_selections(string option, string value, int count)
    {
        Assert.Equal(count == 0 ? ExitCode.NothingSelected : ExitCode.AsExpected, Wrc("run", "--list", option, value));
        Assert.Equal(count, Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Shards_are_disjoint_and_together_everything()
    {
        var seen = new List<string>();
        for (int i = 1; i <= 3; i++)
        {
            Wrc("run", "--list", "--shard", $"{i}/3");
            seen.AddRange(Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        Assert.Equal(4, seen.Count);
        Assert.Equal(4, seen.Distinct().Count());
    }

    [Theory]
    [InlineData(RunEnd.BudgetExhausted, ExitCode.BudgetExhausted)]
    [InlineData(RunEnd.SutFailed, ExitCode.SutFailed)]
    [InlineData(RunEnd.Infrastructure, ExitCode.Infrastructure)]
    [InlineData(RunEnd.Interrupted, ExitCode.Interrupted)]
    public void The_end_of_the_run_is_its_exit_code(RunEnd end, int code)
    {
        Suite = new FakeSuite { End = end };
        Assert.Equal(code, Run());
        Assert.Contains($"exit {code}: {ExitCode.Meaning(code)}", Out);
    }

    [Fact]
    public void An_implementation_that_does_not_start_is_exit_3_with_its_reason()
    {
        Suite = new FakeSuite { Breaks = new SutStartException("x is not installed. Install it with: wrc suts install x") };
        Assert.Equal(ExitCode.SutFailed, Run());
        Assert.Contains("wrc suts install x", Out);
    }

    [Fact]
    public void An_interrupted_run_leaves_its_partial_reports()
    {
        Suite = new FakeSuite { AfterFirst = Stop };
        Assert.Equal(ExitCode.Interrupted, Wrc("run", "--out", At("out")));
        Assert.Contains("3 selected cases without a result", Out);
        Assert.Contains("interrupted", File.ReadAllText(At("out/report.html")));
        Assert.Equal(3, File.ReadAllText(At("out/junit.xml")).Split("no-result").Length - 1);
    }

    [Fact]
    public void An_infrastructure_result_is_exit_4_and_a_regression_beside_it_exit_1()
    {
        Suite.Says["ice/check/role"] = (Verdict.Infra, "no-port");
        Assert.Equal(ExitCode.Infrastructure, Run());
        Suite.Says["stun/request/software"] = (Verdict.Fail, "x");
        Assert.Equal(ExitCode.Unexpected, Run());
    }

    [Fact]
    public void What_an_update_wrote_makes_the_next_run_pass_and_the_fix_after_it_fail()
    {
        Suite.Says["ice/check/role"] = (Verdict.Hang, "no-pong");
        Suite.Says["stun/request/software"] = (Verdict.Fail, "x");
        Assert.Equal(ExitCode.AsExpected, Run("--baseline", At("b.txt"), "--update-baseline"));
        Assert.Contains("2 added, 0 changed, 0 dropped", Out);
        Assert.Equal("HANG     ice/check/role  since=2026-02-03  isolate\nFAIL     stun/request/software  got=x  since=2026-02-03\n", File.ReadAllText(At("b.txt")));
        Assert.Equal(ExitCode.AsExpected, Run("--baseline", At("b.txt")));
        Assert.Equal("ice/check/role", Suite.Requests[^1].Cases[^1]); // what hangs runs last
        Suite.Says.Remove("ice/check/role");
        Assert.Equal(ExitCode.Unexpected, Run("--baseline", At("b.txt")));
        Assert.Equal(ExitCode.AsExpected, Run("--baseline", At("b.txt"), "--baseline-mode", "ratchet"));
        Assert.Equal(ExitCode.AsExpected, Run("--baseline", At("b.txt"), "--baseline-mode", "report"));
    }

    [Fact]
    public void Repeating_is_one_stream_in_which_the_worst_counts()
    {
        Suite = new FakeSuite { AfterFirst = () => Suite.Says["ice/check/role"] = (Suite.Requests.Count == 2 ? Verdict.Fail : Verdict.Pass, "x") };
        Assert.Equal(ExitCode.Unexpected, Wrc("run", "--out", At("out"), "--repeat", "3"));
        string[] lines = File.ReadAllLines(At("out/run.jsonl"));
        Assert.Equal(1 + 3 * 4 * 2 + 1, lines.Length);
        Assert.Contains("4 cases", Out);
        Assert.Equal(3, Suite.Requests.Count);
    }

    [Fact]
    public void The_request_says_what_was_asked()
    {
        Assert.Equal(ExitCode.AsExpected, Run("--quirk", "StunAcceptsBadIntegrity", "--quirk", "StunAnswersIndications", "--seed", "7", "-j", "3", "--budget", "90s", "--real"));
        var request = Suite.Requests.Single();
        Assert.Equal(["StunAcceptsBadIntegrity", "StunAnswersIndications"], request.Quirks);
        Assert.Equal((7ul, 3, TimeSpan.FromSeconds(90), true, "reference"), (request.Seed, request.Jobs, request.Budget, request.Real, request.Sut));
        Run("--adapter", "node \"my adapter.js\" -x");
        Assert.Equal(["node", "my adapter.js", "-x"], Suite.Requests[^1].Adapter);
    }

    [Fact]
    public void A_terminal_gets_colours_unless_NO_COLOR_is_set()
    {
        Suite.Says["ice/check/role"] = (Verdict.Fail, "x");
        const string red = "\x1b[31m", anyColour = "\x1b[3";
        Run();
        Assert.DoesNotContain("\x1b", Out); // a pipe
        Terminal = true;
        Run();
        Assert.Contains(red, Out.Replace("\x1b[91m", red).Replace("\x1b[38;5;9m", red));
        Variables["NO_COLOR"] = "1";
        Run();
        Assert.DoesNotContain(anyColour, Out);
        Assert.Contains("FAIL", Out);
    }

    [Fact]
    public void Explaining()
    {
        Wrc("explain", "stun/request/bad-integrity");
        string text = Out;
        Wrc("explain", "stun/request/software");
        Snapshot.Verify(text + "----\n" + Out);
        Assert.Equal(ExitCode.AsExpected, Wrc("explain", "StunAcceptsBadIntegrity"));
        Assert.Equal(ExitCode.AsExpected, Wrc("explain", "quirks"));
        Assert.Equal(ExitCode.AsExpected, Wrc("explain", "RFC8489:9.1.3-1"));
    }

    [Fact]
    public void Coverage_prints_a_table_or_JSON()
    {
        Suite = new FakeSuite();
        int code = Wrc("coverage", "--json", "--out", At("c.json"));
        Assert.True(code is ExitCode.AsExpected or ExitCode.Infrastructure, Error);
        System.Text.Json.JsonDocument.Parse(File.ReadAllText(At("c.json")));
    }
}
