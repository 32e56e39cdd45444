using System.Globalization;
using System.Text;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Reports;

/// <summary>A summary for a CI page ($GITHUB_STEP_SUMMARY): totals, what is unexpected, the table by section. Always under 1 MiB.</summary>
public static class MarkdownReport
{
    private const int MostRows = 200;
    private const int LongestCell = 300;
    /// <summary>GitHub takes 1 MiB; a character is at most three bytes of UTF-8, and one section row or table row may still follow.</summary>
    private const int LongestText = 300_000;

    public static string Write(ReportData data)
    {
        var text = new StringBuilder();
        BaselineComparison comparison = data.Comparison;
        string mark = comparison.Gating.Count > 0 ? "❌" : data.Log.Truncated || data.Log.Missing.Count > 0 ? "⚠️" : "✅";
        Line(text, $"## {mark} {Cell(data.SutTitle)}: {Plural(comparison.Gating.Count, "unexpected result")}");
        Line(text, $"{Plural(comparison.Cases.Count, "case")}, {Plural(data.LinkedRequirements.Count, "requirement")}, "
            + $"seed `{Code(data.Log.Header.Seed)}`, {Cell(data.Log.Header.Clock)} time, {Seconds(data.Log.Milliseconds)}");
        if (data.Log.Header.Quirks.Count > 0)
        {
            Line(text, "Quirks: " + string.Join(", ", data.Log.Header.Quirks.Take(MostRows).Select(q => $"`{Code(q)}`")));
        }

        if (data.Log.Truncated || data.Log.Missing.Count > 0)
        {
            Line(text, $"**The run is not complete:** {Plural(data.Log.Missing.Count, "selected case")} without a result"
                + (data.Log.Unfinished.Count > 0 ? $"; it ended inside `{Code(data.Log.Unfinished[^1])}`" : "") + ".");
        }

        Totals(text, data);
        Table(text, "Unexpected", comparison.Unexpected, data);
        Table(text, "Unconfirmed (no independent implementation passes these yet; they do not gate)",
            comparison.Cases.Where(j => j.Standing == Standing.Unconfirmed).ToArray(), data);
        Sections(text, data);
        return text.ToString();
    }

    private static void Totals(StringBuilder text, ReportData data)
    {
        Row(text, "Passed", "Failed", "of these known", "Crash, hang, timeout", "Unsupported", "Out of scope", "Infrastructure");
        Row(text, Enumerable.Repeat("--:", 7).ToArray());
        Row(text, new[]
        {
            data.Comparison.Cases.Count(j => j.Result!.Verdict == Verdict.Pass && j.Standing != Standing.OutOfScope),
            data.Comparison.Cases.Count(j => j.Result!.Verdict is Verdict.Fail or Verdict.FalseClaim && j.Standing != Standing.OutOfScope),
            data.Comparison.Count(Standing.Known),
            data.Comparison.Cases.Count(j => j.Result!.Verdict is Verdict.Crash or Verdict.Hang or Verdict.Timeout && j.Standing != Standing.OutOfScope),
            data.Comparison.Count(Standing.Unsupported),
            data.Comparison.Count(Standing.OutOfScope),
            data.Comparison.Count(Standing.Infrastructure),
        }.Select(n => n.ToString(CultureInfo.InvariantCulture)).ToArray());
        text.Append('\n');
    }

    private static void Table(StringBuilder text, string title, IReadOnlyList<Judgement> judgements, ReportData data)
    {
        if (judgements.Count == 0)
        {
            return;
        }

        Line(text, $"### {title}");
        Row(text, "Verdict", "Case", "Outcome", "Requirement", "Repeat with");
        Row(text, Enumerable.Repeat("---", 5).ToArray());
        int shown = 0;
        foreach (Judgement j in judgements.Take(MostRows).TakeWhile(_ => text.Length < LongestText))
        {
            shown++;
            string standing = j.Standing is Standing.Regression or Standing.Unconfirmed ? "" : $" ({j.Standing.Word()})";
            Row(text, (j.Result?.Verdict.Word() ?? "-") + standing, $"`{Code(j.Case)}`", Cell(j.Result?.Outcome ?? "-"),
                j.Result is null || j.Result.Verdict == Verdict.Pass ? Cell(j.Reason) : Cell(data.Explain(j.Result)),
                j.Result is null ? "" : $"`{Code(j.Result.Replay)}`");
        }

        text.Append('\n');
        if (judgements.Count > shown)
        {
            Line(text, $"… and {judgements.Count - shown} more: see the JUnit or HTML report.");
        }
    }

    private static void Sections(StringBuilder text, ReportData data)
    {
        IReadOnlyList<SectionRow> sections = data.Sections;
        if (sections.Count == 0)
        {
            return;
        }

        Line(text, "### By section");
        Row(text, "Section", "Cases", "Passed", "Failed", "Unsupported");
        Row(text, "---", "--:", "--:", "--:", "--:");
        foreach (SectionRow s in sections.Take(4 * MostRows).TakeWhile(_ => text.Length < LongestText))
        {
            string name = Cell(s.Place.ToString());
            Row(text, s.Place.Url is { } url ? $"[{name}]({url})" : name, $"{s.Cases}", $"{s.Passed}", s.Failed > 0 ? $"**{s.Failed}**" : "0", $"{s.Unsupported}");
        }

        text.Append('\n');
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\n\n");

    private static void Row(StringBuilder text, params string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    internal static string Plural(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    internal static string Seconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.0} s");

    /// <summary>Every character with a meaning in Markdown or HTML is escaped: names and reasons come from outside.</summary>
    private static string Cell(string text)
    {
        var cell = new StringBuilder();
        foreach (char c in OneLine.Of(text, LongestCell))
        {
            switch (c)
            {
                case '<': cell.Append("&lt;"); break;
                case '>': cell.Append("&gt;"); break;
                case '&': cell.Append("&amp;"); break;
                case '|' or '`' or '*' or '_' or '[' or ']' or '\\' or '!' or '~' or '#': cell.Append('\\').Append(c); break;
                case '@': cell.Append("&#64;"); break;
                default: cell.Append(c); break;
            }
        }

        return cell.ToString();
    }

    /// <summary>Inside a code span only the back tick (and, in a table, the bar) can do harm.</summary>
    private static string Code(string text) => OneLine.Of(text, LongestCell).Replace('`', '\'').Replace("|", "\\|", StringComparison.Ordinal);
}
