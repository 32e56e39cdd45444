using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Reports;

/// <summary>One self-contained page: it loads nothing, and its content security policy allows no script and no style but its own. Several runs give
/// a matrix of implementations and cases.</summary>
public static class HtmlReport
{
    private static readonly string Style = Resource("report.css");
    private static readonly string Script = Resource("report.js");

    /// <exception cref="ArgumentException">No run was given.</exception>
    public static string Write(params IReadOnlyList<ReportData> runs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(runs.Count);
        bool single = runs.Count == 1;
        string title = single ? runs[0].SutTitle : string.Join(" · ", runs.Take(6).Select(r => r.Log.Header.Sut));
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; ")
            .Append(CultureInfo.InvariantCulture, $"style-src 'unsafe-inline'; script-src '{Hash(Script)}'\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{Text(title)} – WebRTC conformance</title>\n<style>\n{Style}</style>\n</head>\n<body>\n<main>\n")
            .Append("<div class=\"brand\">WebRTC conformance</div>\n")
            .Append(CultureInfo.InvariantCulture, $"<h1>{Text(title)}</h1>\n");
        if (single)
        {
            Single(page, runs[0]);
        }
        else
        {
            Several(page, runs);
        }

        page.Append("<h2 id=\"cases\">Cases</h2>\n<div class=\"tools\" id=\"pills\"></div>\n<div class=\"tools\">")
            .Append("<input type=\"search\" id=\"search\" placeholder=\"Filter by case, outcome, requirement …\" aria-label=\"Filter cases\">")
            .Append("<select id=\"section\" aria-label=\"Section\"></select><select id=\"level\" aria-label=\"Level\"></select></div>\n")
            .Append("<div class=\"card rows scroll\"><div id=\"rows\"></div><div class=\"more\" id=\"more\"></div></div>\n")
            .Append("<noscript><p>The list of cases needs scripting; the figures above do not. run.jsonl and summary.md hold the same facts.</p></noscript>\n")
            .Append(CultureInfo.InvariantCulture, $"<footer>{Text(runs[0].Log.Header.Tool)} · one file, nothing is loaded from the network</footer>\n</main>\n")
            .Append("<script type=\"application/json\" id=\"data\">").Append(HtmlData.Write(runs)).Append("</script>\n")
            .Append("<script>").Append(Script).Append("</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void Single(StringBuilder page, ReportData data)
    {
        RunHeader header = data.Log.Header;
        BaselineComparison comparison = data.Comparison;
        Facts(page, ("seed", header.Seed), ("clock", header.Clock), ("adapter", header.AdapterVersion), ("started", header.Started),
            ("took", MarkdownReport.Seconds(data.Log.Milliseconds)), ("quirks", header.Quirks.Count == 0 ? null : string.Join(", ", header.Quirks)));
        if (data.Log.Truncated || data.Log.Missing.Count > 0 || data.Log.Footer is { End: not RunEnd.Completed })
        {
            string why = data.Log.Footer is { } footer ? footer.End switch
            {
                RunEnd.BudgetExhausted => "The time budget ran out.",
                RunEnd.Interrupted => "The run was interrupted.",
                RunEnd.SutFailed => "The implementation under test could not be run.",
                RunEnd.Infrastructure => "The test environment failed.",
                _ => "The run is not complete.",
            } + (footer.Message is { Length: > 0 } said ? " " + said : "") : "The run was cut short.";
            Banner(page, "warn", why, $"{MarkdownReport.Plural(data.Log.Missing.Count, "selected case")} without a result.");
        }

        Banner(page, comparison.Gating.Count > 0 ? "bad" : "good",
            comparison.Gating.Count > 0 ? MarkdownReport.Plural(comparison.Gating.Count, "unexpected result") : "Nothing unexpected",
            comparison.Count(Standing.Known) is > 0 and var known ? $"{MarkdownReport.Plural(known, "failure")} known to the baseline" : "");
        page.Append("<div class=\"tiles\">\n");
        Tile(page, "", comparison.Cases.Count, "cases");
        Tile(page, "", data.LinkedRequirements.Count, "requirements");
        Tile(page, "pass", data.Count(Verdict.Pass), "passed");
        Tile(page, "fail", data.Count(Verdict.Fail) + data.Count(Verdict.FalseClaim), "failed");
        Tile(page, "err", data.Count(Verdict.Crash) + data.Count(Verdict.Hang) + data.Count(Verdict.Timeout), "crash, hang, timeout");
        Tile(page, "", data.Count(Verdict.Unsupported), "unsupported");
        page.Append("</div>\n");
        if (data.Log.Warnings.Count + comparison.Stale.Count > 0)
        {
            page.Append("<ul class=\"warns\">");
            foreach (string warning in comparison.Stale.Select(s => $"stale line {s.Case}: {s.Reason}").Concat(data.Log.Warnings.Select(w => w.ToString())))
            {
                page.Append("<li>").Append(Text(warning)).Append("</li>");
            }

            page.Append("</ul>\n");
        }

        Sections(page, data);
    }

    private static void Several(StringBuilder page, IReadOnlyList<ReportData> runs)
    {
        page.Append("<h2>Implementations</h2>\n<div class=\"card scroll\"><table class=\"sections\"><thead><tr><th>Implementation</th><th>Clock</th><th>Seed</th>")
            .Append("<th></th><th class=\"num\">Cases</th><th class=\"num\">Passed</th><th class=\"num\">Failed</th><th class=\"num\">Unsupported</th></tr></thead><tbody>\n");
        foreach (ReportData run in runs)
        {
            int cases = run.Comparison.Cases.Count, passed = run.Count(Verdict.Pass), unsupported = run.Count(Verdict.Unsupported);
            int failed = cases - passed - unsupported;
            page.Append(CultureInfo.InvariantCulture, $"<tr><td><b>{Text(run.SutTitle)}</b></td><td>{Text(run.Log.Header.Clock)}</td><td><code>{Text(run.Log.Header.Seed)}</code></td>");
            page.Append("<td>").Append(Bar(cases, passed, failed)).Append("</td>");
            Numbers(page, cases, passed, failed, unsupported);
        }

        page.Append("</tbody></table></div>\n");
    }

    private static void Sections(StringBuilder page, ReportData data)
    {
        IReadOnlyList<SectionRow> sections = data.Sections;
        if (sections.Count == 0)
        {
            return;
        }

        Dictionary<string, string> titles = HtmlData.SectionTitles(data);
        page.Append("<h2>By section</h2>\n<div class=\"card scroll tall\"><table class=\"sections\"><thead><tr><th>Section</th><th class=\"title\"></th><th></th>")
            .Append("<th class=\"num\">Cases</th><th class=\"num\">Passed</th><th class=\"num\">Failed</th><th class=\"num\">Unsupported</th></tr></thead><tbody>\n");
        foreach (SectionRow s in sections)
        {
            string place = Text(s.Place.ToString());
            string name = s.Place.Url is { } url ? $"<a href=\"{Text(url)}\" rel=\"noreferrer\">{place}</a>" : place;
            page.Append(CultureInfo.InvariantCulture, $"<tr data-place=\"{place}\" tabindex=\"0\"><td>{name}</td><td class=\"title\">{Text(titles.GetValueOrDefault(s.Place.ToString(), ""))}</td>");
            page.Append("<td>").Append(Bar(s.Cases, s.Passed, s.Failed)).Append("</td>");
            Numbers(page, s.Cases, s.Passed, s.Failed, s.Unsupported);
        }

        page.Append("</tbody></table></div>\n");
    }

    private static void Numbers(StringBuilder page, int cases, int passed, int failed, int unsupported) => page.Append(CultureInfo.InvariantCulture,
        $"<td class=\"num\">{cases}</td><td class=\"num\">{passed}</td><td class=\"num{(failed > 0 ? " f" : "")}\">{failed}</td><td class=\"num\">{unsupported}</td></tr>\n");

    private static string Bar(int all, int passed, int failed) => all == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
        $"<div class=\"bar\"><i class=\"p\" style=\"width:{100.0 * passed / all:0.##}%\"></i><i class=\"f\" style=\"width:{100.0 * failed / all:0.##}%\"></i></div>");

    private static void Facts(StringBuilder page, params (string Name, string? Value)[] facts)
    {
        page.Append("<div class=\"facts\">");
        foreach ((string name, string? value) in facts)
        {
            if (!string.IsNullOrEmpty(value))
            {
                page.Append(CultureInfo.InvariantCulture, $"<span>{name} <b>{Text(value)}</b></span>");
            }
        }

        page.Append("</div>\n");
    }

    private static void Banner(StringBuilder page, string mood, string head, string rest) =>
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"banner {mood}\">{Text(head)}{(rest.Length > 0 ? $" <span>– {Text(rest)}</span>" : "")}</div>\n");

    private static void Tile(StringBuilder page, string mood, int number, string label) =>
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"tile {mood}{(number == 0 ? " zero" : "")}\"><b>{number}</b><span>{label}</span></div>\n");

    private static string Text(string text) => HtmlEncoder.Default.Encode(OneLine.Of(text));

    private static string Hash(string script) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
