using System.Text;
using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Reports.Baselines;

/// <summary>A baseline rewritten so that the run just made agrees with it.</summary>
/// <param name="Text">The new file: comments and order kept.</param>
public sealed record BaselineUpdate(string Text, int Added, int Changed, int Dropped)
{
    public bool IsNothing => Added + Changed + Dropped == 0;

    /// <summary>Adds what fails and is not known, corrects outcomes, drops lines whose cases pass or are gone. A case that did not run keeps its
    /// line, and so does what another line than FAIL, CRASH or HANG says. Unconfirmed cases are not added: they do not gate.</summary>
    /// <param name="comparison">The run beside the baseline as it is.</param>
    /// <param name="suiteCases">All case ids of the suite.</param>
    /// <param name="since">Day that new lines carry.</param>
    public static BaselineUpdate Of(Baseline baseline, BaselineComparison comparison, IReadOnlyCollection<string> suiteCases, DateOnly since)
    {
        var rows = new List<(string Text, string? Pattern)>();
        int changed = 0, dropped = 0, added = 0;
        ILookup<BaselineRow?, Judgement> byRow = comparison.Cases.ToLookup(j => j.Row);
        var add = new List<BaselineLine>();
        foreach (BaselineRow row in baseline.Rows)
        {
            if (row.Line is not { } line)
            {
                rows.Add((row.Text, null));
                continue;
            }

            Judgement[] judged = byRow[row].Where(j => j.Result is not null && j.Standing != Standing.Infrastructure).ToArray();
            if (comparison.Stale.Any(s => s.Row == row))
            {
                dropped++;
            }
            else if (!IsMeasured(line) || judged.Length == 0 || judged.All(Agrees))
            {
                rows.Add((row.Text, line.Pattern));
            }
            else if (line.IsPrefix)
            {
                // One case under the prefix disagrees. If all of them ran, each gets its own line; else the prefix still speaks for the rest.
                bool allRan = judged.Length == suiteCases.Count(c => baseline.For(c) == row);
                if (allRan)
                {
                    dropped++;
                    add.AddRange(judged.Where(Fails).Select(j => New(j.Result!, line.Since ?? since) with { Issue = line.Issue, Comment = line.Comment }));
                }
                else
                {
                    rows.Add((row.Text, line.Pattern));
                }
            }
            else if (Fails(judged[0]))
            {
                changed++;
                BaselineLine corrected = New(judged[0].Result!, line.Since ?? since);
                corrected = corrected with { Issue = line.Issue, Comment = line.Comment, Reason = line.Reason, Isolate = corrected.Isolate || line.Isolate };
                rows.Add((corrected.ToString(), line.Pattern));
            }
            else
            {
                dropped++;
            }
        }

        add.AddRange(comparison.Cases.Where(j => j.Standing == Standing.Regression && j.Row is null).Select(j => New(j.Result!, since)));
        foreach (BaselineLine line in add.OrderBy(l => l.Pattern, StringComparer.Ordinal))
        {
            added++;
            rows.Insert(PlaceOf(rows, line.Pattern), (line.ToString(), line.Pattern));
        }

        var text = new StringBuilder();
        foreach ((string row, _) in rows)
        {
            text.Append(row).Append('\n');
        }

        return new(text.ToString(), added, changed, dropped);
    }

    private static bool IsMeasured(BaselineLine line) => line.Status is BaselineStatus.Fail or BaselineStatus.Crash or BaselineStatus.Hang;

    private static bool Agrees(Judgement j) => j.Standing == Standing.Known;

    private static bool Fails(Judgement j) => j.Result!.Verdict is not Verdict.Pass and not Verdict.Unsupported and not Verdict.Infra;

    private static BaselineLine New(CaseResult result, DateOnly since) => result.Verdict switch
    {
        Verdict.Crash => new() { Status = BaselineStatus.Crash, Pattern = result.Case, Signal = result.Outcome, Since = since, Isolate = true },
        Verdict.Hang => new() { Status = BaselineStatus.Hang, Pattern = result.Case, Since = since, Isolate = true },
        _ => new() { Status = BaselineStatus.Fail, Pattern = result.Case, Got = result.Outcome, Since = since },
    };

    /// <summary>After the last entry that sorts before it; in a file without entries, at the end.</summary>
    private static int PlaceOf(List<(string Text, string? Pattern)> rows, string pattern)
    {
        int before = rows.FindLastIndex(r => r.Pattern is not null && string.CompareOrdinal(r.Pattern, pattern) < 0);
        if (before >= 0)
        {
            return before + 1;
        }

        int first = rows.FindIndex(r => r.Pattern is not null);
        return first < 0 ? rows.Count : first;
    }
}
