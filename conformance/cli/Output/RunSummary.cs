using System.Globalization;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Cli.Output;

/// <summary>The last lines of a run: figures, what the exit code means, where the report is, what to do next.</summary>
internal static class RunSummary
{
    /// <summary>The run's exit code: what ended the run early comes first, then what was found, then what was not finished.</summary>
    public static int ExitCodeOf(RunEnd end, BaselineComparison comparison) => end switch
    {
        RunEnd.Interrupted => ExitCode.Interrupted,
        RunEnd.SutFailed => ExitCode.SutFailed,
        RunEnd.Infrastructure => ExitCode.Infrastructure,
        _ when comparison.Gating.Count > 0 => ExitCode.Unexpected,
        _ when comparison.Count(Standing.Infrastructure) > 0 => ExitCode.Infrastructure,
        RunEnd.BudgetExhausted => ExitCode.BudgetExhausted,
        _ when comparison.Log.Missing.Count > 0 => ExitCode.Infrastructure,
        _ => ExitCode.AsExpected,
    };

    /// <param name="report">Path of the page to look at; null when none was written.</param>
    public static IReadOnlyList<string> Lines(ReportData data, int exitCode, string? report)
    {
        BaselineComparison comparison = data.Comparison;
        var lines = new List<string>
        {
            Figures(data),
        };
        if (comparison.Count(Standing.Known) is > 0 and var known)
        {
            lines.Add($"{RunConsole.Count(known, "failure")} known to the baseline");
        }

        Judgement[] unconfirmed = comparison.Cases.Where(j => j.Standing == Standing.Unconfirmed).ToArray();
        if (unconfirmed.Length > 0)
        {
            lines.Add($"{RunConsole.Count(unconfirmed.Length, "failure")} unconfirmed (no independent implementation passes yet), not counted: "
                + string.Join(", ", unconfirmed.Take(5).Select(j => OneLine.Of(j.Case, 80))) + (unconfirmed.Length > 5 ? ", ..." : ""));
        }

        if (data.Log.Missing.Count > 0)
        {
            lines.Add($"{RunConsole.Count(data.Log.Missing.Count, "selected case")} without a result");
        }

        if (data.Log.Footer?.Message is { Length: > 0 } message)
        {
            lines.Add(OneLine.Of(message, 1000));
        }

        lines.Add($"exit {exitCode}: {ExitCode.Meaning(exitCode)}"
            + (exitCode == ExitCode.Unexpected ? $" ({comparison.Gating.Count})" : ""));
        if (report is not null)
        {
            lines.Add("report: " + report);
        }

        lines.AddRange(Next(comparison, exitCode));
        int unexpected = comparison.Gating.Count;
        // Scripts read this line.
        lines.Add(string.Create(CultureInfo.InvariantCulture,
            $"totals: {comparison.Cases.Count(j => !comparison.Gating.Contains(j))} as expected, {unexpected} unexpected"));
        return lines;
    }

    /// <summary>"64 cases, 41 requirements, 1.2 s: 60 passed, 2 failed, 2 unsupported".</summary>
    public static string Figures(ReportData data)
    {
        (string Word, int Count)[] figures =
        [
            ("passed", data.Count(Verdict.Pass)), ("failed", data.Count(Verdict.Fail)), ("false claims", data.Count(Verdict.FalseClaim)),
            ("crashed", data.Count(Verdict.Crash)), ("hung", data.Count(Verdict.Hang)), ("timed out", data.Count(Verdict.Timeout)),
            ("unsupported", data.Count(Verdict.Unsupported)), ("out of scope", data.Comparison.Count(Standing.OutOfScope)), ("infrastructure", data.Count(Verdict.Infra)),
        ];
        return string.Create(CultureInfo.InvariantCulture, $"{RunConsole.Count(data.Comparison.Cases.Count, "case")}, ")
            + string.Create(CultureInfo.InvariantCulture, $"{RunConsole.Count(data.LinkedRequirements.Count, "requirement")}, {data.Log.Milliseconds / 1000:0.0} s: ")
            + string.Join(", ", figures.Where((f, i) => i < 2 || f.Count > 0).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Count} {f.Word}")));
    }

    private static IEnumerable<string> Next(BaselineComparison comparison, int exitCode)
    {
        Judgement? first = comparison.Gating.FirstOrDefault(j => j.Result is not null);
        if (exitCode == ExitCode.Unexpected && first is not null)
        {
            yield return "next: " + OneLine.Of(first.Result!.Replay, 500);
            yield return "      wrc explain '" + first.Case + "'";
            if (comparison.Log.Header.Quirks.Count == 0)
            {
                yield return "      if this is known, run again with --update-baseline";
            }
        }
        else if (exitCode == ExitCode.Unexpected)
        {
            yield return "next: run again with --update-baseline to drop stale lines";
        }
        else if (exitCode == ExitCode.BudgetExhausted)
        {
            yield return "next: a larger --budget, or --shard 1/2 and 2/2 on two machines";
        }
        else if (exitCode == ExitCode.Infrastructure)
        {
            yield return "next: run again; set WRC_TRACE=1 for details";
        }
    }
}
