using System.CommandLine;
using System.Globalization;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports;

namespace WebRtcConformance.Cli.Commands;

/// <summary>`wrc confirm`: writes down which independent implementations pass which case. For those who maintain the suite.</summary>
internal static class ConfirmCommand
{
    public static Command Make(CliContext context)
    {
        var runs = new Argument<string[]>("run") { HelpName = "RUN.JSONL", Description = "Event streams of runs against independent implementations.", Arity = ArgumentArity.OneOrMore };
        Option<string> output = RunOptions.One("--out", "FILE", "The list to write. Default: conformance/cases/confirmed.txt.");
        var command = new WrcCommand("confirm", "Lists which independent implementations pass which case (a case that none passes gates nobody).",
            "wrc confirm out/wrtc/run.jsonl out/werift/run.jsonl out/libdatachannel/run.jsonl") { runs, output };
        command.SetAction(parsed =>
        {
            var passed = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
            foreach (string path in parsed.GetValue(runs)!)
            {
                RunLog log = RunLog.Read(path);
                if (log.Header.Sut == "reference" || log.Header.Quirks.Count > 0)
                {
                    throw CliException.Usage($"{path} is a run of {log.Header.Sut}: only independent implementations confirm a case");
                }

                // "Unlisted" cannot pass, so a pass is a legal outcome; a probabilistic one does not count.
                foreach (CaseResult result in log.Results.Where(r => r.Verdict == Verdict.Pass && !r.Probabilistic))
                {
                    if (!passed.TryGetValue(result.Case, out SortedSet<string>? suts))
                    {
                        passed[result.Case] = suts = new SortedSet<string>(StringComparer.Ordinal);
                    }

                    suts.Add(log.Header.Sut);
                }
            }

            string file = parsed.GetValue(output) ?? Path.Combine("conformance", "cases", "confirmed.txt");
            string head = "# Cases that independent implementations pass: case, then the implementations. Written by `wrc confirm` from their event streams.\n";
            OutputFile.Write(file, head + string.Concat(passed.Select(p => $"{p.Key} {string.Join(',', p.Value)}\n")));
            context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed.Count} cases confirmed: {file}"));
            return ExitCode.AsExpected;
        });
        return command;
    }
}
