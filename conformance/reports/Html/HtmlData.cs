using System.Text.Json;
using System.Text.Json.Serialization;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Reports;

/// <summary>The page's facts as JSON inside the page. The serialiser's default encoder writes &lt;, &gt; and &amp; as escapes, so no text can end the
/// script element that holds it.</summary>
internal static class HtmlData
{
    /// <summary>Timelines beyond this many characters are left out, those of passed cases first, so that the page stays quick.</summary>
    private const int TimelineBudget = 16 * 1024 * 1024;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    public static string Write(IReadOnlyList<ReportData> runs)
    {
        HashSet<CaseResult> withTimeline = WithinBudget(runs);
        var requirements = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (ReportData run in runs)
        {
            foreach (string id in run.Judged.SelectMany(r => r.Requirements.Concat(r.Violated)))
            {
                if (!requirements.ContainsKey(id))
                {
                    RequirementPlace place = RequirementPlace.Of(id);
                    RequirementText? text = run.Requirements.Find(id);
                    requirements.Add(id, new { Place = place.ToString(), place.Url, text?.Gist, text?.Level });
                }
            }
        }

        return JsonSerializer.Serialize(new
        {
            Runs = runs.Select(r => Run(r, withTimeline)),
            Requirements = requirements,
            Places = runs.SelectMany(r => r.Sections).Select(s => s.Place).Distinct().OrderBy(p => p.Document, StringComparer.Ordinal)
                .ThenBy(p => p.Section, Comparer<string>.Create(RequirementPlace.CompareSections)).Select(p => p.ToString()),
        }, Options);
    }

    public static Dictionary<string, string> SectionTitles(ReportData data) => data.LinkedRequirements
        .Select(id => (Place: RequirementPlace.Of(id).ToString(), Title: data.Requirements.Find(id)?.SectionTitle ?? ""))
        .Where(x => x.Title.Length > 0)
        .GroupBy(x => x.Place, x => x.Title, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);

    private static object Run(ReportData run, HashSet<CaseResult> withTimeline) => new
    {
        run.Log.Header.Sut,
        Title = run.SutTitle,
        Results = run.Comparison.Cases.Select(j => Result(j, withTimeline.Contains(j.Result!)))
            .Concat(run.Log.Missing.Select(m => (object)new
            {
                Case = m, Verdict = "missing", Outcome = run.Log.Unfinished.Contains(m) ? "cut-short" : "not-run", Standing = "missing",
                Requirements = Array.Empty<string>(), Violated = Array.Empty<string>(),
            })),
    };

    private static object Result(Judgement j, bool withTimeline)
    {
        CaseResult r = j.Result!;
        return new
        {
            r.Case,
            Verdict = r.Verdict.Word().ToLowerInvariant(),
            r.Outcome,
            Kind = r.Kind?.ToString().ToLowerInvariant(),
            r.Level,
            r.Requirements,
            r.Violated,
            r.Detail,
            Standing = j.Standing.Word(),
            Unexpected = j.IsUnexpected,
            j.Reason,
            r.Probabilistic,
            r.Seed,
            r.Replay,
            Ms = r.Milliseconds,
            Timeline = withTimeline ? r.Timeline : null,
            TimelineCut = !withTimeline && r.Timeline.Count > 0,
            Artifacts = r.Artifacts.Count == 0 ? null : r.Artifacts.Select(a => new { Name = a, Href = Link(a) }),
        };
    }

    /// <summary>A link only for a plain path below the page's own folder: never a scheme, a host or a way upward.</summary>
    private static string? Link(string artifact)
    {
        string[] parts = artifact.Split('/');
        bool plain = artifact.Length > 0 && !artifact.Contains('\\') && !artifact.Contains(':')
            && parts.All(p => p.Length > 0 && p is not "." and not "..") && !artifact.Any(char.IsControl);
        return plain ? "./" + string.Join('/', parts.Select(Uri.EscapeDataString)) : null;
    }

    private static HashSet<CaseResult> WithinBudget(IReadOnlyList<ReportData> runs)
    {
        var chosen = new HashSet<CaseResult>(ReferenceEqualityComparer.Instance);
        long left = TimelineBudget;
        foreach (CaseResult r in runs.SelectMany(x => x.Judged).OrderBy(r => r.Verdict == Verdict.Pass))
        {
            left -= r.Timeline.Sum(t => (long)t.Length);
            if (left < 0)
            {
                break;
            }

            chosen.Add(r);
        }

        return chosen;
    }
}
