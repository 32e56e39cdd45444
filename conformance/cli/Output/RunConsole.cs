using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Cli.Output;

/// <summary>Tells a person how a run goes: one line for each unexpected result as it comes. On a terminal with a bar below; in a pipe plain lines.</summary>
internal sealed class RunConsole : IRunObserver
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private readonly CliContext _context;
    private readonly Baseline _baseline;
    private readonly bool _verbose;
    private readonly IAnsiConsole? _terminal;
    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
    private ProgressTask? _task;
    private int _done, _total;
    private string _seed = "";

    public RunConsole(CliContext context, Baseline baseline, bool verbose)
    {
        _context = context;
        _baseline = baseline;
        _verbose = verbose;
        _terminal = !context.Terminal ? null : AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(context.Out),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = context.Colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        });
    }

    /// <summary>Does the work, with the bar below it if there is a terminal.</summary>
    public T Around<T>(int total, Func<T> work)
    {
        _total = total;
        if (_terminal is null)
        {
            return work();
        }

        return _terminal.Progress().AutoClear(true)
            .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(progress =>
            {
                _task = progress.AddTask("starting", maxValue: Math.Max(1, total));
                return work();
            });
    }

    public void Line(string text, string colour = "")
    {
        _sinceLine.Restart();
        if (_terminal is null)
        {
            _context.Out.WriteLine(text);
        }
        else
        {
            _terminal.MarkupLine(colour.Length > 0 ? $"[{colour}]{Markup.Escape(text)}[/]" : Markup.Escape(text));
        }
    }

    public void Started(RunHeader header)
    {
        _seed = header.Seed;
        string version = header.SutVersion is { Length: > 0 } v ? " " + v : "";
        string quirks = header.Quirks.Count > 0 ? ", quirks " + string.Join(", ", header.Quirks) : "";
        Line(OneLine.Of($"{header.Sut}{version}, {header.Clock} time, {Count(header.Cases.Count, "case")}{quirks}"));
    }

    public void CaseStarted(string caseId) { }

    public void CaseEnded(CaseResult result)
    {
        _done++;
        if (_task is not null)
        {
            _task.Value = _done;
            _task.Description = Markup.Escape(OneLine.Of(result.Case, 60));
        }

        Judgement judgement = Judgement.Of(result, _baseline.For(result.Case), _context.Today);
        if (judgement.IsUnexpected || judgement.Standing == Standing.Infrastructure || _verbose)
        {
            Line(Describe(judgement, _context.Requirements, _seed), ColourOf(judgement));
        }
        else if (_task is null && _sinceLine.Elapsed > Heartbeat)
        {
            Line($"... {_done} of {_total} cases");
        }
    }

    public void Log(string level, string text)
    {
        if (_verbose || level != "info")
        {
            Line($"{OneLine.Of(level, 20)}: {OneLine.Of(text)}", "yellow");
        }
    }

    public void Ended(RunFooter footer) { }

    /// <summary>Verdict, case, outcome, first broken requirement with gist and section, why it is unexpected, the run's seed: one line.</summary>
    public static string Describe(Judgement judgement, IRequirementText requirements, string seed)
    {
        if (judgement.Result is not { } r)
        {
            return $"{"STALE",-11} {judgement.Case}  {judgement.Reason}";
        }

        string line = $"{r.Verdict.Word(),-11} {r.Case}  {r.Outcome}";
        string? id = r.Verdict == Verdict.Pass ? null : r.Violated.Count > 0 ? r.Violated[0] : r.Requirements.Count > 0 ? r.Requirements[0] : null;
        if (id is not null)
        {
            line += $"  {id} {requirements.Find(id)?.Gist} ({RequirementPlace.Of(id)})";
        }

        if (judgement.Reason.Length > 0)
        {
            line += $"  [{judgement.Reason}]";
        }

        return OneLine.Of(r.Verdict == Verdict.Pass ? line : $"{line}  seed {seed}", 1000);
    }

    internal static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string ColourOf(Judgement judgement) => judgement.Standing switch
    {
        Standing.Passed => "green",
        Standing.UnexpectedPass or Standing.Infrastructure => "yellow",
        Standing.Known or Standing.OutOfScope or Standing.Unsupported or Standing.Unconfirmed => "grey",
        _ => "red",
    };
}
