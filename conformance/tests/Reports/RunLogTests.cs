using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports;

namespace WebRtcConformance.Conformance.Tests.Reports;

public class RunLogTests
{
    [Fact]
    public void What_was_written_is_read_back()
    {
        RunLog log = Read(Stream());
        Assert.Empty(log.Warnings);
        Assert.False(log.Truncated);
        Assert.Equal("sample", log.Header.Sut);
        Assert.Equal(SampleRun.AllVerdicts.Count, log.Results.Count);
        foreach ((CaseResult expected, CaseResult actual) in SampleRun.AllVerdicts.Zip(log.Results))
        {
            Assert.Equivalent(expected, actual, strict: true);
        }

        Assert.Equal(RunEnd.Completed, log.Footer!.End);
        Assert.Equal(("warning", "a line\nof two"), Assert.Single(log.Messages));
        Assert.Empty(log.Missing);
    }

    [Fact]
    public void Each_event_is_one_line_of_JSON_with_a_type() => Snapshot.Verify(Stream(SampleRun.AllVerdicts.Take(2)));

    [Fact]
    public void Every_prefix_of_a_stream_reads_without_an_exception_and_keeps_all_whole_results()
    {
        string stream = Stream(SampleRun.AllVerdicts.Take(3));
        for (int length = stream.IndexOf('\n') + 1; length < stream.Length; length++)
        {
            string part = stream[..length];
            RunLog log = Read(part);
            Assert.InRange(log.Results.Count, part.Split('\n').SkipLast(1).Count(l => l.Contains("\"case-end\"")), 3);
            Assert.Equal(3, log.Results.Count + log.Missing.Count);
        }
    }

    [Fact]
    public void A_half_written_last_line_is_a_warning_and_the_run_is_truncated()
    {
        string stream = Stream(SampleRun.AllVerdicts.Take(3));
        RunLog log = Read(stream[..(stream.IndexOf("case-end", stream.IndexOf("case-end") + 1) + 40)]);
        Assert.True(log.Truncated);
        Assert.Single(log.Results);
        Assert.Contains("cut off in the middle", Assert.Single(log.Warnings).Text);
        Assert.Equal(2, log.Missing.Count);
        Assert.Equal("stun/request/bad-integrity[ipv4]", Assert.Single(log.Unfinished));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"type\":\"case-end\"}")]
    [InlineData("{\"type\":\"case-end\",\"case\":null}")]
    [InlineData("{\"type\":7}")]
    [InlineData("[1]")]
    [InlineData("{\"type\":\"case-end\",\"case\":\"a\",\"verdict\":99,\"outcome\":\"o\",\"level\":\"MUST\",\"seed\":\"1\",\"replay\":\"r\"}")]
    [InlineData("{\"type\":\"case-end\",\"case\":\"a\",\"verdict\":\"pass\",\"outcome\":\"o\",\"level\":\"MUST\",\"seed\":\"1\",\"replay\":\"r\",\"requirements\":[null]}")]
    [InlineData("{\"type\":\"case-end\",\"case\":\"a\",\"verdict\":\"pass\",\"outcome\":\"\\ud800\",\"level\":\"MUST\",\"seed\":\"1\",\"replay\":\"r\",\"detail\":null}")]
    public void A_broken_line_is_a_warning_with_its_number_and_nothing_else_is_lost(string broken)
    {
        RunLog log = Read(Stream().Replace("{\"type\":\"log\"", broken + "\n{\"type\":\"log\""));
        Assert.Equal(SampleRun.AllVerdicts.Count, log.Results.Count);
        Assert.Equal(2 + 2 * SampleRun.AllVerdicts.Count, Assert.Single(log.Warnings).Line);
    }

    [Fact]
    public void An_unknown_type_is_of_a_later_version_and_is_passed_over() => Assert.Empty(Read(Stream() + "{\"type\":\"screenshot\"}\n").Warnings);

    [Fact]
    public void Numbers_that_are_none_do_no_harm_in_any_report()
    {
        RunLog log = Read(Stream().Replace("\"milliseconds\":12.5", "\"milliseconds\":1e999"));
        ReportData data = ReportData.Of(log);
        Assert.Empty(log.Warnings);
        Assert.DoesNotContain("Infinity", HtmlReport.Write(data) + JUnitReport.Write(data));
    }

    [Fact]
    public void A_line_over_the_limit_costs_no_more_than_itself()
    {
        RunLog log = Read(Stream().Replace("a line", new string('x', 17 * 1024 * 1024)));
        Assert.Equal(SampleRun.AllVerdicts.Count, log.Results.Count);
        Assert.Contains("longer than 16 MiB", Assert.Single(log.Warnings).Text);
    }

    [Fact]
    public void Without_a_header_the_results_still_count()
    {
        string stream = Stream();
        RunLog log = Read(stream[(stream.IndexOf('\n') + 1)..]);
        Assert.Equal("unknown", log.Header.Sut);
        Assert.Equal(SampleRun.AllVerdicts.Count, log.Results.Count);
        Assert.Contains("header", Assert.Single(log.Warnings).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello\nworld\n")]
    [InlineData("\0\0\0\0")]
    public void What_is_no_stream_says_so(string text) => Assert.Contains("not an event stream", Assert.Throws<ReportException>(() => Read(text)).Message);

    [Fact]
    public void A_missing_file_says_so() => Assert.Contains("no such file", Assert.Throws<ReportException>(() => RunLog.Read("/nowhere/run.jsonl")).Message);

    private static RunLog Read(string text) => RunLog.Read(new StringReader(text), "test");

    private static string Stream(IEnumerable<CaseResult>? results = null)
    {
        CaseResult[] all = (results ?? SampleRun.AllVerdicts).ToArray();
        var text = new StringWriter();
        var writer = new RunLogWriter(text);
        writer.Started(SampleRun.Header([.. all.Select(r => r.Case)]));
        foreach (CaseResult result in all)
        {
            writer.CaseStarted(result.Case);
            writer.CaseEnded(result);
        }

        writer.Log("warning", "a line\nof two");
        writer.Ended(new RunFooter { End = RunEnd.Completed, Milliseconds = 1234 });
        return text.ToString();
    }
}
