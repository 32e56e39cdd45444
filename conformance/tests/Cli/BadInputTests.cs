using WebRtcConformance.Cli;
using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Conformance.Tests.Cli;

public class BadInputTests : CliTest
{
    [Theory]
    [InlineData("there is no option '--sutt'", "did you mean --sut?", "run", "--sutt", "x")]
    [InlineData("there is no command 'rnu'", "did you mean run?", "rnu")]
    [InlineData("one argument too many", "wrc run --help", "run", "stun")]
    [InlineData("--level often", null, "run", "--level", "often")]
    [InlineData("--tier slow", null, "run", "--tier", "slow")]
    [InlineData("--seed seven", null, "run", "--seed", "seven")]
    [InlineData("--shard 3/2", null, "run", "--shard", "3/2")]
    [InlineData("--budget soon", null, "run", "--budget", "soon")]
    [InlineData("--jobs -1", null, "run", "--jobs", "-1")]
    [InlineData("Cannot parse argument 'two'", "wrc run --help", "run", "-j", "two")]
    [InlineData("--repeat 0", null, "run", "--repeat", "0")]
    [InlineData("--baseline-mode lax", null, "run", "--baseline-mode", "lax")]
    [InlineData("Required argument missing", "wrc run --help", "run", "--sut")]
    [InlineData("there is no quirk 'StunAcceptBadIntegrity'", "did you mean StunAcceptsBadIntegrity?", "run", "--quirk", "StunAcceptBadIntegrity")]
    [InlineData("--adapter is empty", null, "run", "--adapter", " ")]
    [InlineData("--quirk goes with --sut reference only", null, "run", "--adapter", "x", "--quirk", "StunAcceptsBadIntegrity")]
    [InlineData("--real goes with --sut reference only", null, "run", "--adapter", "x", "--real")]
    [InlineData("There is no implementation 'werfit'", null, "run", "--sut", "werfit")]
    [InlineData("There is no implementation 'x'", null, "suts", "install", "x")]
    [InlineData("there is no case, requirement or quirk 'stun/request/bad-integrty'", "did you mean stun/request/bad-integrity?", "explain", "stun/request/bad-integrty")]
    [InlineData("'x' at line 1, column 3", null, "decode", "00xx")]
    [InlineData("half a byte", null, "decode", "00 0")]
    [InlineData("no such file", null, "decode", "@/nowhere/x.hex")]
    [InlineData("there is no message type 'stun.mesage'", null, "decode", "--type", "stun.mesage", "00")]
    [InlineData("no such file", null, "report", "/nowhere/run.jsonl")]
    [InlineData("Required argument 'RUN.JSONL' missing", "wrc report --help", "report")]
    public void A_wrong_word_is_one_line_and_exit_2(string about, string? hint, params string[] arguments)
    {
        Complains(ExitCode.Usage, about, arguments);
        Assert.Contains(hint ?? "", Error);
    }

    [Theory]
    [InlineData("FAIL stun/request/software got=x\nFAIL stun/request/so", "b.txt:2: this line does not say got=")]
    [InlineData("FAIL stun/request/software got=x since=20", "half-written")]
    public void A_half_written_baseline_names_the_line(string text, string about)
    {
        File.WriteAllText(At("b.txt"), text);
        Complains(ExitCode.Usage, about, "run", "--out", "-", "--baseline", At("b.txt"));
        Assert.Empty(Suite.Requests);
    }

    [Fact]
    public void An_unreadable_baseline_says_so()
    {
        Complains(ExitCode.Usage, "no such file", "run", "--out", "-", "--baseline", At("none.txt"));
        Complains(ExitCode.Usage, "it is a folder", "run", "--out", "-", "--baseline", Folder);
        File.WriteAllBytes(At("binary"), [0xFF, 0xFE, 0x00, 0xD8]);
        Complains(ExitCode.Usage, "not UTF-8", "run", "--out", "-", "--baseline", At("binary"));
    }

    [Theory]
    [InlineData("--junit")]
    [InlineData("--html")]
    [InlineData("--md")]
    [InlineData("--out")]
    public void A_report_that_could_not_be_written_is_found_before_the_run(string option)
    {
        File.WriteAllText(At("file"), "");
        Complains(ExitCode.Usage, "cannot write", ["run", .. option == "--out" ? Array.Empty<string>() : ["--out", "-"], option, At("file/below")]);
        Assert.Empty(Suite.Requests);
    }

    [Fact]
    public void A_report_that_cannot_be_written_after_the_run_loses_no_result()
    {
        Suite = new FakeSuite { AfterFirst = () => Directory.CreateDirectory(At("out/report.html")) };
        Suite.Says["ice/check/role"] = (Verdict.Fail, "ignores");
        Assert.Equal(ExitCode.Infrastructure, Wrc("run", "--out", At("out")));
        Assert.Contains("cannot write", Error);
        Assert.Contains("wrc report " + At("out/run.jsonl"), Error);
        Assert.Contains("FAIL        ice/check/role  ignores", Out);
        Assert.True(File.Exists(At("out/junit.xml")));
        Assert.Equal(ExitCode.AsExpected, Wrc("report", At("out/run.jsonl"), "--html", At("again.html")));
    }

    [Fact]
    public void A_stream_that_was_cut_off_still_reports()
    {
        Wrc("run", "--out", At("out"));
        string stream = File.ReadAllText(At("out/run.jsonl"));
        File.WriteAllText(At("cut.jsonl"), stream[..(stream.Length * 2 / 3)]);
        Assert.Equal(ExitCode.AsExpected, Wrc("report", At("cut.jsonl"), "--html", At("r.html"), "--junit", At("j.xml"), "--md", At("s.md"), "--badge", At("b.json")));
        Assert.Contains("the run was cut short", Error);
        Assert.Contains("The run was cut short", File.ReadAllText(At("r.html")));
        Assert.Contains("no-result", File.ReadAllText(At("j.xml")));
    }

    [Fact]
    public void An_empty_selection_is_exit_5_and_names_what_was_perhaps_meant()
    {
        Complains(ExitCode.NothingSelected, "no case fits", "run", "--case", "stun/request/bad-integity");
        Assert.Contains("did you mean stun/request/bad-integrity?", Error);
    }

    [Fact]
    public void A_fault_of_the_tool_is_one_line_unless_details_are_wanted()
    {
        Suite = new FakeSuite { Breaks = new InvalidOperationException("broken\ninside") };
        Suite.Says["ice/check/role"] = (Verdict.Fail, "ignores");
        Assert.Equal(ExitCode.Infrastructure, Wrc("run", "--out", At("out")));
        Assert.Contains("InvalidOperationException: broken inside (set WRC_TRACE=1 for details)", Out);
        Assert.Contains("2 selected cases without a result", Out);
        Assert.Contains("\"type\":\"footer\",\"end\":\"infrastructure\"", File.ReadAllText(At("out/run.jsonl")));
    }

    [Fact]
    public void Updating_a_baseline_in_CI_needs_a_word_more()
    {
        Variables["CI"] = "true";
        Complains(ExitCode.Usage, "refused where CI is set", "run", "--out", "-", "--baseline", At("b.txt"), "--update-baseline");
        Assert.False(File.Exists(At("b.txt")));
        Assert.Equal(ExitCode.AsExpected, Run("--baseline", At("b.txt"), "--update-baseline", "--yes"));
    }
}
