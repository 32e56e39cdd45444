using System.CommandLine;
using WebRtcConformance.Cli.Output;
using WebRtcConformance.Lab.Running;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Reports;
using WebRtcConformance.Stack;

namespace WebRtcConformance.Cli.Commands;

/// <summary>`wrc adapter`: for those who write an adapter: check one, or see the reference be one.</summary>
internal static class AdapterCommand
{
    public static Command Make(CliContext context)
    {
        var command = new WrcCommand("adapter", "Helps to write an adapter: checks one, or serves the reference as one (docs/adapter-protocol.md).",
            "wrc adapter check \"node my-adapter.js\"", "wrc adapter serve", "wrc run --adapter \"wrc adapter serve\"");
        command.Add(Check(context));
        command.Add(Serve(context));
        return command;
    }

    private static WrcCommand Check(CliContext context)
    {
        var line = new Argument<string>("command") { HelpName = "\"CMD ...\"", Description = "The command that starts the adapter." };
        var command = new WrcCommand("check", "Checks that an adapter speaks the protocol.",
            "wrc adapter check \"node my-adapter.js\"", "wrc adapter check ./my-adapter", "wrc adapter check \"wrc adapter serve\"") { line };
        command.SetAction(parsed =>
        {
            string[] words = System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(parsed.GetValue(line)!).ToArray();
            if (words.Length == 0)
            {
                throw CliException.Usage("the command is empty", "write it in quotes: wrc adapter check \"node my-adapter.js\"");
            }

            IReadOnlyList<SutCheckResult> results = SutCheck.Run(new WcapCommand("adapter", words[0], words[1..]));
            foreach (SutCheckResult result in results)
            {
                context.Out.WriteLine(OneLine.Of($"{(result.Passed ? "ok  " : "FAIL")} {result.Name}{(result.Detail.Length > 0 ? ": " + result.Detail : "")}", 1000));
            }

            int failed = results.Count(r => !r.Passed);
            context.Out.WriteLine(failed == 0 ? "the adapter speaks the protocol" : $"{RunConsole.Count(failed, "check")} failed; see docs/adapter-protocol.md");
            return failed == 0 ? ExitCode.AsExpected : ExitCode.SutFailed;
        });
        return command;
    }

    private static WrcCommand Serve(CliContext context)
    {
        Option<string[]> quirks = RunOptions.Many("--quirk", "NAME", "Break a rule on purpose. May be repeated.");
        Option<string> seed = RunOptions.One("--seed", "N", "Seed. Default: 1.");
        var command = new WrcCommand("serve", "Serves the reference over the adapter protocol on standard input and output, over real UDP on loopback.",
            "wrc adapter serve", "wrc adapter serve --quirk StunAcceptsBadIntegrity", "wrc run --adapter \"wrc adapter serve\"") { quirks, seed };
        command.SetAction(parsed =>
        {
            string[] names = parsed.GetValue(quirks) ?? [];
            Words.Quirks(names, ofCases: true); // says so when there is none
            context.OpenSuite().ServeReference(names, Words.Seed(parsed.GetValue(seed)), context.In, context.Out);
            return ExitCode.AsExpected;
        });
        return command;
    }
}
