using System.CommandLine;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Reports;

namespace WebRtcConformance.Cli.Commands;

/// <summary>`wrc suts`: the implementations that the suite knows.</summary>
internal static class SutsCommand
{
    public static Command Make(CliContext context)
    {
        var command = new WrcCommand("suts", "Lists, installs and checks the implementations that the suite knows.",
            "wrc suts list", "wrc suts install werift", "wrc suts check werift");
        command.Add(List(context));
        command.Add(Install(context));
        command.Add(Check(context));
        return command;
    }

    private static WrcCommand List(CliContext context)
    {
        var command = new WrcCommand("list", "Lists the implementations and whether they are installed.",
            "wrc suts list", "wrc suts list --suts-dir my-suts", "wrc suts list | grep installed");
        Option<string> folder = Folder(command);
        command.SetAction(parsed =>
        {
            SutCatalogue catalogue = context.OpenSuts(parsed.GetValue(folder));
            context.Out.WriteLine($"{"reference",-16} built in       the suite's own stack, in virtual time");
            foreach (SutManifest sut in catalogue.All)
            {
                string state = sut.MissingTools is [var tool, ..] ? $"needs {tool.Command}" : sut.IsInstalled ? "installed" : "not installed";
                context.Out.WriteLine(OneLine.Of($"{sut.Name,-16} {state,-14} {sut.Title}{(sut.Version is null ? "" : " " + sut.Version)}, {sut.Licence}"));
            }

            foreach (string problem in catalogue.Problems)
            {
                context.Error.WriteLine("wrc: " + OneLine.Of(problem));
            }

            return catalogue.Problems.Count == 0 ? ExitCode.AsExpected : ExitCode.Usage;
        });
        return command;
    }

    private static WrcCommand Install(CliContext context)
    {
        var command = new WrcCommand("install", "Installs implementations as their manifests say.",
            "wrc suts install werift", "wrc suts install wrtc werift libdatachannel", "wrc suts install my-stack --suts-dir my-suts");
        Argument<string[]> names = Names(command);
        Option<string> folder = Folder(command);
        command.SetAction(parsed =>
        {
            SutCatalogue catalogue = context.OpenSuts(parsed.GetValue(folder));
            SutManifest[] wanted = parsed.GetValue(names)!.Select(catalogue.Find).ToArray();
            foreach (SutManifest sut in wanted)
            {
                context.Stop.ThrowIfCancellationRequested();
                try
                {
                    SutInstaller.Install(sut, line => context.Out.WriteLine(OneLine.Of(line, 2000)));
                }
                catch (SutCatalogueException e)
                {
                    throw new CliException(ExitCode.SutFailed, e.Message);
                }

                context.Out.WriteLine($"{sut.Name}: installed; next: wrc suts check {sut.Name}");
            }

            return ExitCode.AsExpected;
        });
        return command;
    }

    private static WrcCommand Check(CliContext context)
    {
        var command = new WrcCommand("check", "Checks that adapters speak the protocol, whatever their implementations can do.",
            "wrc suts check werift", "wrc suts check wrtc werift", "wrc suts check my-stack --suts-dir my-suts");
        Argument<string[]> names = Names(command);
        Option<string> folder = Folder(command);
        command.SetAction(parsed =>
        {
            SutCatalogue catalogue = context.OpenSuts(parsed.GetValue(folder));
            SutManifest[] wanted = parsed.GetValue(names)!.Select(catalogue.Find).ToArray();
            int failed = 0;
            foreach (SutManifest sut in wanted)
            {
                context.Stop.ThrowIfCancellationRequested();
                foreach (SutCheckResult result in SutCheck.Run(sut.ToCommand()))
                {
                    failed += result.Passed ? 0 : 1;
                    context.Out.WriteLine(OneLine.Of($"{(result.Passed ? "ok  " : "FAIL")} {sut.Name}: {result.Name}{(result.Detail.Length > 0 ? ": " + result.Detail : "")}", 1000));
                }
            }

            return failed == 0 ? ExitCode.AsExpected : ExitCode.SutFailed;
        });
        return command;
    }

    private static Argument<string[]> Names(Command command)
    {
        var names = new Argument<string[]>("name") { HelpName = "NAME", Description = "Name of the list.", Arity = ArgumentArity.OneOrMore };
        command.Add(names);
        return names;
    }

    private static Option<string> Folder(Command command)
    {
        Option<string> folder = RunOptions.One("--suts-dir", "DIR", "Folder of the manifests. Default: conformance/suts, found from here upward.");
        command.Add(folder);
        return folder;
    }
}
