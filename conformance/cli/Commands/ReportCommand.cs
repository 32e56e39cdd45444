using System.CommandLine;
using WebRtcConformance.Cli.Output;
using WebRtcConformance.Reports;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Cli.Commands;

/// <summary>`wrc report`: everything that a run writes, made again from its event stream, also elsewhere and later.</summary>
internal static class ReportCommand
{
    public static Command Make(CliContext context)
    {
        var runs = new Argument<string[]>("run") { HelpName = "RUN.JSONL", Description = "Event streams of runs; several make a matrix (HTML).", Arity = ArgumentArity.OneOrMore };
        Option<string> html = RunOptions.One("--html", "FILE", "Write an HTML page.");
        Option<string> junit = RunOptions.One("--junit", "FILE", "Write JUnit XML (one run).");
        Option<string> md = RunOptions.One("--md", "FILE", "Write a Markdown summary.");
        Option<string> badge = RunOptions.One("--badge", "FILE", "Write a badge for the shields.io endpoint (one run).");
        Option<string> baseline = RunOptions.One("--baseline", "FILE", "What is known to fail (one run). Unexpected results then give exit 1.");
        Option<string> mode = RunOptions.One("--baseline-mode", "MODE", "strict, ratchet or report. Default: strict.");
        var command = new WrcCommand("report", "Makes reports from the event stream of a run, also of one that was cut short.",
            "wrc report out/werift/run.jsonl --html report.html",
            "wrc report out/*/run.jsonl --html matrix.html",
            "wrc report run.jsonl --junit junit.xml --md \"$GITHUB_STEP_SUMMARY\"")
        {
            runs, html, junit, md, badge, baseline, mode,
        };
        command.SetAction(parsed =>
        {
            string[] paths = parsed.GetValue(runs)!;
            BaselineMode how = Words.Choice("--baseline-mode", parsed.GetValue(mode), BaselineMode.Strict);
            foreach ((Option<string> single, string name) in new[] { (junit, "--junit"), (badge, "--badge"), (baseline, "--baseline") })
            {
                if (paths.Length > 1 && parsed.GetValue(single) is not null)
                {
                    throw CliException.Usage($"{name} is for one run, and {paths.Length} were given");
                }
            }

            Baseline known = parsed.GetValue(baseline) is { } file ? Baseline.Load(file) : Baseline.Empty;
            ReportData[] data = paths.Select(p => Read(context, p, known, how)).ToArray();
            bool wrote = Write(parsed.GetValue(html), () => HtmlReport.Write(data));
            wrote |= Write(parsed.GetValue(junit), () => JUnitReport.Write(data[0]));
            wrote |= Write(parsed.GetValue(md), () => string.Concat(data.Select(MarkdownReport.Write)));
            wrote |= Write(parsed.GetValue(badge), () => BadgeReport.Write(data[0]));
            if (!wrote)
            {
                Tell(context, data);
            }

            return known != Baseline.Empty && data[0].Comparison.Gating.Count > 0 ? ExitCode.Unexpected : ExitCode.AsExpected;
        });
        return command;
    }

    private static ReportData Read(CliContext context, string path, Baseline known, BaselineMode mode)
    {
        RunLog log = RunLog.Read(path);
        foreach (RunLogWarning warning in log.Warnings)
        {
            context.Error.WriteLine($"wrc: {OneLine.Of(path)}: {warning}");
        }

        if (log.Truncated)
        {
            context.Error.WriteLine($"wrc: {OneLine.Of(path)}: the run was cut short; {RunConsole.Count(log.Missing.Count, "selected case")} without a result");
        }

        return new(BaselineComparison.Compare(log, known, context.Today, mode: mode), context.Requirements);
    }

    private static bool Write(string? path, Func<string> make)
    {
        if (path is null)
        {
            return false;
        }

        OutputFile.Write(path, make());
        return true;
    }

    /// <summary>Without a file to write: the same lines that the run printed.</summary>
    private static void Tell(CliContext context, ReportData[] runs)
    {
        foreach (ReportData data in runs)
        {
            context.Out.WriteLine($"{data.SutTitle}, {OneLine.Of(data.Log.Header.Clock)} time, seed {OneLine.Of(data.Log.Header.Seed)}");
            foreach (Judgement j in data.Comparison.Unexpected)
            {
                context.Out.WriteLine(RunConsole.Describe(j, context.Requirements, data.Log.Header.Seed));
            }

            context.Out.WriteLine(RunSummary.Figures(data));
        }
    }
}
