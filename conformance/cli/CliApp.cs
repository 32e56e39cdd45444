using System.CommandLine;
using System.CommandLine.Help;
using WebRtcConformance.Cli.Commands;
using WebRtcConformance.Lab.Requirements;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Reports;

namespace WebRtcConformance.Cli;

/// <summary>The tool `wrc`: parses the command line and runs one command. Every way it can end is an exit code and at most one line (and a hint).</summary>
public static class CliApp
{
    public static int Run(IReadOnlyList<string> arguments, CliContext context)
    {
        try
        {
            RootCommand root = Root(context);
            // A leading @ is a file of bytes for "decode", not a file of more arguments.
            ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Errors.Count > 0 && parsed.Action is not HelpText)
            {
                throw Usage(parsed);
            }

            return parsed.Invoke(new InvocationConfiguration
            {
                Output = context.Out, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
            });
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            return Fail(e, context);
        }
    }

    private static RootCommand Root(CliContext context)
    {
        var root = new RootCommand("Tests WebRTC implementations on the wire with a peer that misbehaves on purpose.")
        {
            RunCommand.Make(context), SutsCommand.Make(context), ReportCommand.Make(context), ExplainCommand.Make(context), DecodeCommand.Make(context),
            CoverageCommand.Make(context), ConfirmCommand.Make(context), FuzzCommandLine.Make(context), AdapterCommand.Make(context), PeerCommand.Make(context),
        };
        root.Options.OfType<VersionOption>().Single().Description = "Print the version.";
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Description = "Print this help.";
        help.Action = new HelpText(context.Out);
        root.SetAction(_ =>
        {
            context.Out.Write(HelpText.Of(root));
            return ExitCode.Usage;
        });
        return root;
    }

    private static CliException Usage(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = command is RootCommand ? "wrc" : "wrc " + command.Name;
        string message = OneLine.Of(parsed.Errors[0].Message).TrimEnd('.');
        string? wrong = parsed.UnmatchedTokens.FirstOrDefault();
        IEnumerable<string> known = wrong?.StartsWith('-') == true
            ? command.Options.SelectMany(o => o.Aliases.Append(o.Name))
            : command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
        if (wrong is not null)
        {
            message = wrong.StartsWith('-') ? $"there is no option '{OneLine.Of(wrong, 60)}'"
                : command.Subcommands.Count > 0 ? $"there is no command '{OneLine.Of(wrong, 60)}'" : $"'{OneLine.Of(wrong, 60)}' is one argument too many";
        }

        string meant = wrong is not null && Nearest.Of(wrong, known) is { } near ? $"did you mean {near}? " : "";
        return CliException.Usage(message, $"{meant}see: {path} --help");
    }

    private static int Fail(Exception e, CliContext context)
    {
        (int code, string? hint, bool ours) = e switch
        {
            CliException cli => (cli.ExitCode, cli.Hint, true),
            ReportException => (ExitCode.Usage, null, true),
            SutCatalogueException => (ExitCode.Usage, null, true),
            SutStartException => (ExitCode.SutFailed, null, true),
            CatalogueException => (ExitCode.Infrastructure, null, true),
            _ => (ExitCode.Infrastructure, "this is a fault of wrc itself; set WRC_TRACE=1 for details", false),
        };
        context.Error.WriteLine("wrc: " + OneLine.Of(ours ? e.Message : $"{e.GetType().Name}: {e.Message}", 2000));
        if (hint is not null)
        {
            context.Error.WriteLine("     " + hint);
        }

        if (context.Trace)
        {
            context.Error.WriteLine(e.ToString());
        }

        return code;
    }
}
