using System.CommandLine;
using WebRtcConformance.Lab.Requirements;
using WebRtcConformance.Reports;

namespace WebRtcConformance.Cli.Commands;

/// <summary>`wrc coverage`: how much of the standards is tested, and how much of that is proved to bite.</summary>
internal static class CoverageCommand
{
    public static Command Make(CliContext context)
    {
        Option<bool> json = RunOptions.Flag("--json", "Print JSON instead of a table.");
        Option<string> output = RunOptions.One("--out", "FILE", "Write there instead of printing.");
        var command = new WrcCommand("coverage", "Counts per section what is testable, cited, tested and verified (a quirk that breaks it makes a case fail).",
            "wrc coverage", "wrc coverage --json --out coverage.json", "wrc explain RFC8489:9.1.3-8") { json, output };
        command.SetAction(parsed =>
        {
            string? path = parsed.GetValue(output);
            if (path is not null)
            {
                OutputFile.Probe(path);
            }

            CoverageReport report = context.OpenSuite().Coverage(line => context.Error.WriteLine(OneLine.Of(line)), context.Stop);
            context.Stop.ThrowIfCancellationRequested();
            string text = parsed.GetValue(json) ? CoverageText.Json(report) : CoverageText.Table(report);
            if (path is null)
            {
                context.Out.WriteLine(text.TrimEnd('\n'));
            }
            else
            {
                OutputFile.Write(path, text.TrimEnd('\n') + "\n");
            }

            if (report.UnknownCitations.Count > 0)
            {
                UnknownCitation first = report.UnknownCitations[0];
                throw new CliException(ExitCode.Infrastructure, $"{report.UnknownCitations.Count} links lead to requirements that the catalogue does not have, "
                    + $"first {first.RequirementId} of {first.CaseId}");
            }

            return ExitCode.AsExpected;
        });
        return command;
    }
}
