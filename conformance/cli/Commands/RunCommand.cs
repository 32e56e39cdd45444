using System.CommandLine;
using System.CommandLine.Parsing;
using WebRtcConformance.Cli.Output;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Running;
using WebRtcConformance.Lab.Wcap;
using WebRtcConformance.Reports;
using WebRtcConformance.Reports.Baselines;
using WebRtcConformance.Stack;

namespace WebRtcConformance.Cli.Commands;

/// <summary>`wrc run`: selects, runs, judges by the baseline, writes the reports.</summary>
internal static class RunCommand
{
    public static Command Make(CliContext context)
    {
        var options = new RunOptions();
        var command = new WrcCommand("run", "Runs the conformance cases against an implementation.",
            "wrc run",
            "wrc run --sut werift --case 'stun/**' --level must",
            "wrc run --adapter \"node my-adapter.js\" --baseline known.txt --junit junit.xml")
        {
            Notes = "Exit: 0 as the baseline says, 1 unexpected results, 2 usage, 3 the implementation did not start, 4 infrastructure, 5 nothing selected, 6 budget ran out, 130 interrupted.",
        };
        foreach (Option option in options.All)
        {
            command.Add(option);
        }

        command.SetAction(parsed => new RunJob(context, options, parsed).Execute());
        return command;
    }
}

/// <summary>One invocation of `wrc run`.</summary>
internal sealed class RunJob(CliContext context, RunOptions options, ParseResult parsed)
{
    private readonly string? _adapter = parsed.GetValue(options.Adapter);
    private readonly string _sut = parsed.GetValue(options.Sut) ?? (parsed.GetValue(options.Adapter) is null ? "reference" : "adapter");
    private readonly string[] _quirks = parsed.GetValue(options.Quirk) ?? [];

    public int Execute()
    {
        ulong seed = Words.Seed(parsed.GetValue(options.Seed));
        BaselineMode mode = Words.Choice(options.BaselineMode.Name, parsed.GetValue(options.BaselineMode), BaselineMode.Strict);
        TimeSpan budget = Words.Time(options.Budget.Name, parsed.GetValue(options.Budget)) ?? TimeSpan.MaxValue;
        int repeat = parsed.GetResult(options.Repeat) is null ? 1 : parsed.GetValue(options.Repeat);
        int jobs = parsed.GetValue(options.Jobs);
        (int shard, int shards) = Words.Shard(parsed.GetValue(options.Shard));
        var selection = new Selection
        {
            Patterns = parsed.GetValue(options.Case) ?? [], Requirements = parsed.GetValue(options.Req) ?? [],
            Level = parsed.GetValue(options.Level), Tier = parsed.GetValue(options.Tier), Shard = shard, Shards = shards,
        };
        CheckUsage(repeat, jobs);

        ISuite suite = context.OpenSuite();
        IReadOnlyList<CaseInfo> chosen = selection.Choose(suite.Cases);
        if (chosen.Count == 0)
        {
            throw new CliException(ExitCode.NothingSelected, "no case fits the selection", Hint(suite, selection));
        }

        if (parsed.GetValue(options.List))
        {
            foreach (CaseInfo c in chosen)
            {
                context.Out.WriteLine($"{c.Id}  {c.Level}  {c.Title}");
            }

            return ExitCode.AsExpected;
        }

        bool update = parsed.GetValue(options.UpdateBaseline);
        BaselineFile baseline = BaselineFile.Open(parsed.GetValue(options.Baseline), _quirks.Length == 0 && _adapter is null ? _sut : null, update);
        if (update && baseline.Path is null)
        {
            throw CliException.Usage("--update-baseline does not know which file to write", "add --baseline FILE");
        }

        RunFiles files = RunFiles.Open(parsed.GetValue(options.Out) ?? Path.Combine("out", FolderName(_sut)),
            parsed.GetValue(options.JUnit), parsed.GetValue(options.Html), parsed.GetValue(options.Md));
        if (update)
        {
            OutputFile.Probe(baseline.Path!);
        }

        using RunLogWriter? writer = files.Stream is { } path ? new RunLogWriter(path) : null;
        var collector = new RunLogCollector();
        var console = new RunConsole(context, baseline.Baseline, parsed.GetValue(options.Verbose));
        console.Line("seed " + CaseSeed.Format(seed));
        if (baseline.Baseline != Baseline.Empty)
        {
            console.Line("baseline " + OneLine.Of(baseline.Path!));
        }

        var request = new RunRequest
        {
            Sut = _sut, Adapter = _adapter is null ? null : Command(_adapter), SutsFolder = parsed.GetValue(options.SutsDir),
            Cases = Order(chosen, baseline.Baseline), Quirks = _quirks, Seed = seed, Jobs = jobs, Budget = budget,
            BundleFolder = files.Bundles, Real = parsed.GetValue(options.Real),
        };
        var observer = new RunObservers(writer is null ? [collector, console] : [writer, collector, console]);
        (RunEnd end, Exception? broken) = console.Around(request.Cases.Count * repeat, () => Run(suite, request, repeat, observer));

        string[] allIds = suite.Cases.Select(c => c.Id).ToArray();
        var data = new ReportData(BaselineComparison.Compare(collector.ToLog(), baseline.Baseline, context.Today, allIds, mode), context.Requirements);
        foreach (Judgement late in data.Comparison.Unexpected.Where(j => j.Standing is Standing.Stale or Standing.TooFlaky))
        {
            console.Line(RunConsole.Describe(late, context.Requirements, CaseSeed.Format(seed)), "red");
        }

        int code = RunSummary.ExitCodeOf(end, data.Comparison);
        ReportException? lost = files.Write(data, writer);
        bool finished = end is RunEnd.Completed or RunEnd.BudgetExhausted;
        if (update && finished && lost is null)
        {
            code = Update(baseline, data, allIds, code, console);
        }

        foreach (string line in RunSummary.Lines(data, lost is null ? code : ExitCode.Infrastructure, files.Page))
        {
            console.Line(line);
        }

        if (broken is not null && context.Trace)
        {
            context.Error.WriteLine(broken);
        }

        return lost is null ? code : throw new CliException(ExitCode.Infrastructure, lost.Message,
            files.Stream is null || writer?.Failure is not null ? null : $"no result is lost: wrc report {files.Stream} --html FILE");
    }

    /// <summary>Runs once or several times as one stream; whatever breaks becomes the stream's footer, so that no result is lost.</summary>
    private (RunEnd End, Exception? Broken) Run(ISuite suite, RunRequest request, int repeat, IRunObserver observer)
    {
        var joined = new JoinedRuns(observer, repeat);
        try
        {
            RunEnd end = RunEnd.Completed;
            for (int i = 0; i < repeat && end == RunEnd.Completed; i++)
            {
                end = suite.Run(request, joined, context.Stop);
            }

            return (joined.Finish(end, null), null);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            return (joined.Finish(RunEnd.Interrupted, null), null);
        }
        catch (SutStartException e)
        {
            return (joined.Finish(RunEnd.SutFailed, e.Message), null);
        }
        catch (Exception e) when (e is not Lab.Suts.SutCatalogueException and not CliException)
        {
            return (joined.Finish(RunEnd.Infrastructure, $"{e.GetType().Name}: {e.Message} (set WRC_TRACE=1 for details)"), e);
        }
    }

    private void CheckUsage(int repeat, int jobs)
    {
        if (repeat is < 1 or > 100_000)
        {
            throw CliException.Usage($"--repeat {repeat}: write a number from 1 to 100000");
        }

        if (jobs is < 0 or > 1024)
        {
            throw CliException.Usage($"--jobs {jobs}: write a number from 1 to 1024");
        }

        if (_adapter is not null && Command(_adapter).Length == 0)
        {
            throw CliException.Usage("--adapter is empty", "write the command that starts your adapter: --adapter \"node my-adapter.js\"");
        }

        Words.Quirks(_quirks, ofCases: true); // says so when there is none

        if (_sut != "reference" || _adapter is not null)
        {
            if (_quirks.Length > 0 || parsed.GetValue(options.Real))
            {
                throw CliException.Usage($"{(_quirks.Length > 0 ? "--quirk" : "--real")} goes with --sut reference only");
            }

            if (_adapter is null)
            {
                context.OpenSuts(parsed.GetValue(options.SutsDir)).Find(_sut); // says so when there is none
            }
        }

        if (parsed.GetValue(options.UpdateBaseline) && context.InCi && !parsed.GetValue(options.Yes))
        {
            throw CliException.Usage("--update-baseline is refused where CI is set", "add --yes if the job really is to rewrite the baseline");
        }
    }

    private int Update(BaselineFile file, ReportData data, string[] allIds, int code, RunConsole console)
    {
        BaselineUpdate update = BaselineUpdate.Of(file.Baseline, data.Comparison, allIds, context.Today);
        if (!update.IsNothing)
        {
            OutputFile.Write(file.Path!, update.Text);
        }

        console.Line($"baseline {OneLine.Of(file.Path!)}: " + (update.IsNothing ? "agrees, not touched"
            : $"{update.Added} added, {update.Changed} changed, {update.Dropped} dropped"));
        return code == ExitCode.Unexpected ? ExitCode.AsExpected : code;
    }

    private static string? Hint(ISuite suite, Selection selection) =>
        selection.Patterns.Count == 1 && Nearest.Of(selection.Patterns[0], suite.Cases.Select(c => c.Id.Split('[')[0]).Distinct()) is { } near
            ? $"did you mean {near}? see: wrc run --list" : "see: wrc run --list";

    /// <summary>What takes an implementation down goes last, so that it costs the others nothing.</summary>
    private static string[] Order(IReadOnlyList<CaseInfo> cases, Baseline baseline) => cases.Select(c => c.Id)
        .OrderBy(id => baseline.For(id)?.Line?.Status is BaselineStatus.Crash or BaselineStatus.Hang).ToArray();

    private static string[] Command(string line) => CommandLineParser.SplitCommandLine(line).ToArray();

    private static string FolderName(string sut) => new(sut.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-').ToArray());
}
