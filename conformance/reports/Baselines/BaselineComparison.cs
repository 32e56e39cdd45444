using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Reports.Baselines;

/// <summary>Which differences from the baseline fail the run.</summary>
public enum BaselineMode
{
    /// <summary>All of them: the baseline always tells the truth.</summary>
    Strict,
    /// <summary>Improvements (unexpected passes, stale lines) are forgiven.</summary>
    Ratchet,
    /// <summary>None; they are listed.</summary>
    Report,
}

/// <summary>A run beside its baseline.</summary>
public sealed class BaselineComparison
{
    private BaselineComparison(RunLog log, BaselineMode mode, IReadOnlyList<Judgement> cases, IReadOnlyList<Judgement> stale)
    {
        Log = log;
        Mode = mode;
        Cases = cases;
        Stale = stale;
        Unexpected = cases.Where(j => j.IsUnexpected).Concat(stale).ToArray();
        Gating = mode switch
        {
            BaselineMode.Strict => Unexpected,
            BaselineMode.Ratchet => Unexpected.Where(j => !j.IsImprovement).ToArray(),
            _ => [],
        };
    }

    public RunLog Log { get; }
    public BaselineMode Mode { get; }
    /// <summary>One judgement a case that has a result, in the order of the results; of several repetitions the worst speaks.</summary>
    public IReadOnlyList<Judgement> Cases { get; }
    public IReadOnlyList<Judgement> Stale { get; }
    public IReadOnlyList<Judgement> Unexpected { get; }
    /// <summary>The unexpected ones that fail the run in this mode.</summary>
    public IReadOnlyList<Judgement> Gating { get; }

    public int Count(params Standing[] standings) => Cases.Count(j => standings.Contains(j.Standing));

    /// <param name="log">The run.</param>
    /// <param name="baseline">What is known of the implementation.</param>
    /// <param name="today">For "expires".</param>
    /// <param name="suiteCases">Every case id of the suite, selected or not: a line that matches none is stale. Null when not known (a stream
    /// read later, elsewhere): then no line is called stale.</param>
    /// <param name="mode">Which differences fail the run.</param>
    public static BaselineComparison Compare(RunLog log, Baseline baseline, DateOnly today, IReadOnlyCollection<string>? suiteCases = null,
        BaselineMode mode = BaselineMode.Strict)
    {
        var cases = new List<Judgement>();
        foreach (IGrouping<string, CaseResult> runs in log.Results.GroupBy(r => r.Case, StringComparer.Ordinal))
        {
            BaselineRow? row = baseline.For(runs.Key);
            Judgement worst = runs.Select(r => Judgement.Of(r, row, today)).MaxBy(j => j.Standing)!;
            cases.Add(row?.Line is { Status: BaselineStatus.Flaky } line ? Flaky(worst, line, runs.ToArray()) : worst);
        }

        Judgement[] stale = suiteCases is null ? [] : baseline.Rows
            .Where(r => r.Line is not null && !suiteCases.Any(r.Line.Matches))
            .Select(r => new Judgement(r.Line!.Pattern, Standing.Stale, null, r, $"no such case in this suite (baseline line {r.Number})"))
            .ToArray();
        return new(log, mode, cases, stale);
    }

    /// <summary>A share needs numbers: one failure more than the share allows is still chance, so the limit is at least one.</summary>
    private static Judgement Flaky(Judgement worst, BaselineLine line, CaseResult[] runs)
    {
        int failed = runs.Count(r => r.Verdict is not Verdict.Pass and not Verdict.Infra);
        int allowed = Math.Max(1, (int)Math.Ceiling((line.Share ?? 1) * runs.Length));
        return worst.Standing == Standing.Known && failed > allowed
            ? worst with { Standing = worst.Result!.Confirmed ? Standing.TooFlaky : Standing.Unconfirmed,
                Reason = $"failed {failed} of {runs.Length} times, {line.Share:0.##%} is tolerated (baseline line {worst.Row!.Number})" }
            : worst;
    }
}
