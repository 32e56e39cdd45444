using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Conformance.Tests.Reports;

public class ReportTests
{
    private const string Hostile = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>|`*[x](javascript:alert(3))\n# h\0\u202e\ud800]]>&amp;";

    private static ReportData Data(string baseline = "FAIL stun/request/bad-integrity[ipv4] got=answers-success\nFAIL stun/request/good[ipv4] got=x\nFAIL stun/gone/case got=x", bool footer = true)
    {
        RunLog log = SampleRun.Log(footer: footer, alsoSelected: "ice/check/never-ran");
        return new(BaselineComparison.Compare(log, Baseline.Parse(baseline, "b"), new(2026, 2, 3), log.Header.Cases.ToArray()), SampleRun.Requirements);
    }

    [Fact]
    public void JUnit() => Snapshot.Verify(JUnitReport.Write(Data()));

    [Fact]
    public void Markdown() => Snapshot.Verify(MarkdownReport.Write(Data()));

    [Fact]
    public void Badge() => Snapshot.Verify(BadgeReport.Write(Data()));

    [Fact]
    public void JUnit_counts_are_those_of_its_elements()
    {
        XElement root = XDocument.Parse(JUnitReport.Write(Data())).Root!;
        foreach (XElement suite in root.Elements("testsuite").Prepend(root))
        {
            Assert.Equal((int)suite.Attribute("tests")!, suite.Descendants("testcase").Count());
            Assert.Equal((int)suite.Attribute("failures")!, suite.Descendants("failure").Count());
            Assert.Equal((int)suite.Attribute("errors")!, suite.Descendants("error").Count());
            Assert.Equal((int)suite.Attribute("skipped")!, suite.Descendants("skipped").Count());
        }
    }

    [Fact]
    public void Nothing_that_comes_from_outside_breaks_out_of_a_report()
    {
        CaseResult bad = SampleRun.Result("stun/x/y", Verdict.Fail, Hostile, Hostile, Hostile) with
        {
            Detail = Hostile, Replay = Hostile, Seed = Hostile, Timeline = [Hostile], Artifacts = [Hostile, "javascript:alert(1)", "../../etc/passwd", "//host/x", "ok/a b.pcapng"],
        };
        var collector = new RunLogCollector();
        collector.Started(SampleRun.Header(Hostile) with { Sut = Hostile, SutVersion = Hostile, AdapterVersion = Hostile, Tool = Hostile, Seed = Hostile, Clock = Hostile, Quirks = [Hostile] });
        collector.CaseEnded(bad);
        collector.Ended(new RunFooter { End = RunEnd.SutFailed, Message = Hostile });
        ReportData data = new(BaselineComparison.Compare(collector.ToLog(), Baseline.Empty, new(2026, 1, 1)), new HostileText());

        foreach (string page in new[] { HtmlReport.Write(data), HtmlReport.Write(data, data) })
        {
            Assert.Equal(2, Regex.Count(page, "<script"));
            Assert.Equal(2, Regex.Count(page, "</script>"));
            Assert.DoesNotContain("<img", page);
            Assert.DoesNotContain("href=\"javascript", page);
            string json = Regex.Match(page, "id=\"data\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;
            JsonElement artifacts = JsonDocument.Parse(json).RootElement.GetProperty("runs")[0].GetProperty("results")[0].GetProperty("artifacts");
            Assert.Equal(["./ok/a%20b.pcapng"], artifacts.EnumerateArray().Where(a => a.TryGetProperty("href", out _)).Select(a => a.GetProperty("href").GetString()));
        }

        XDocument.Parse(JUnitReport.Write(data));
        string markdown = MarkdownReport.Write(data);
        string outsideCode = Regex.Replace(markdown, @"(?<!\\)`[^`]*`", "");
        Assert.DoesNotContain("<script", outsideCode);
        Assert.DoesNotContain("<img", outsideCode);
        Assert.DoesNotContain("\0", markdown);
        JsonDocument.Parse(BadgeReport.Write(data));
    }

    [Fact]
    public void The_page_loads_nothing()
    {
        string page = HtmlReport.Write(Data());
        Assert.DoesNotMatch("<(link|img|iframe|script[^>]+src|object|embed)", page);
        Assert.DoesNotMatch(@"url\(|@import|fetch\(|XMLHttpRequest", page);
        Assert.Contains("default-src 'none'", page);
    }

    [Fact]
    public void The_policy_names_the_script_that_is_there()
    {
        string page = HtmlReport.Write(Data());
        string script = page[(page.LastIndexOf("<script>", StringComparison.Ordinal) + 8)..page.LastIndexOf("</script>", StringComparison.Ordinal)];
        string hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        Assert.Contains($"script-src 'sha256-{hash}'", page);
    }

    [Fact]
    public void A_run_that_was_cut_short_says_so_everywhere()
    {
        ReportData data = Data(footer: false);
        Assert.Contains("The run was cut short", HtmlReport.Write(data));
        Assert.Contains("not complete", MarkdownReport.Write(data));
        Assert.Contains("partial run", BadgeReport.Write(data));
        Assert.Contains("type=\"no-result\"", JUnitReport.Write(data));
    }

    [Fact]
    public void The_summary_stays_below_one_mebibyte()
    {
        string wide = new('&', 6000);
        IEnumerable<CaseResult> many = Enumerable.Range(0, 5000).Select(i => SampleRun.Result($"a/b/c-{i}", Verdict.Fail, wide, wide + i) with { Replay = wide, Confirmed = i % 2 == 0 });
        string markdown = MarkdownReport.Write(ReportData.Of(SampleRun.Log(many)));
        Assert.InRange(Encoding.UTF8.GetByteCount(markdown), 10_000, 1 << 20);
        Assert.Contains("more: see", markdown);
    }

    [Fact]
    public void Ten_thousand_cases_make_a_page_of_bounded_size()
    {
        string[] steps = Enumerable.Repeat(new string('x', 1000), 10).ToArray();
        IEnumerable<CaseResult> many = Enumerable.Range(0, 10_000).Select(i => SampleRun.Result($"a/b/c-{i}", i % 100 == 0 ? Verdict.Fail : Verdict.Pass, "ok") with { Timeline = steps });
        string page = HtmlReport.Write(ReportData.Of(SampleRun.Log(many)));
        Assert.InRange(page.Length, 1 << 20, 28 << 20);
    }

    private sealed class HostileText : IRequirementText
    {
        public RequirementText? Find(string id) => new(id, Hostile, Hostile, Hostile);
    }
}
