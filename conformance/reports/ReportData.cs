using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Reports;

/// <summary>What every report is made from: one run beside its baseline, and the words for its requirements.</summary>
public sealed record ReportData(BaselineComparison Comparison, IRequirementText Requirements)
{
    public RunLog Log => Comparison.Log;

    /// <summary>A run without a baseline: every failure is unexpected.</summary>
    public static ReportData Of(RunLog log, IRequirementText? requirements = null) =>
        new(BaselineComparison.Compare(log, Baseline.Empty, DateOnly.MinValue), requirements ?? NoRequirementText.Instance);

    public IEnumerable<CaseResult> Judged => Comparison.Cases.Select(j => j.Result!);

    public int Count(Verdict verdict) => Judged.Count(r => r.Verdict == verdict);

    /// <summary>Requirements that at least one case with a result links.</summary>
    public IReadOnlyList<string> LinkedRequirements => Judged.SelectMany(r => r.Requirements).Distinct(StringComparer.Ordinal).ToArray();

    /// <summary>"werift 0.24.4".</summary>
    public string SutTitle => OneLine.Of(Log.Header.SutVersion is { Length: > 0 } version ? $"{Log.Header.Sut} {version}" : Log.Header.Sut, 80);

    /// <summary>Results by the place of their requirements, in the documents' order. A case that links several sections counts in each.</summary>
    public IReadOnlyList<SectionRow> Sections => Judged
        .SelectMany(r => r.Requirements.Select(RequirementPlace.Of).Distinct(), (result, place) => (result, place))
        .GroupBy(x => x.place, x => x.result)
        .Select(g => new SectionRow(g.Key, g.Count(), g.Count(r => r.Verdict == Verdict.Pass),
            g.Count(r => r.Verdict == Verdict.Unsupported), g.Count(r => r.Verdict is not Verdict.Pass and not Verdict.Unsupported)))
        .OrderBy(s => s.Place.Document, StringComparer.Ordinal)
        .ThenBy(s => s.Place.Section, Comparer<string>.Create(RequirementPlace.CompareSections))
        .ToArray();

    /// <summary>First broken requirement in words: id, gist and place. For a crash, which breaks none by itself, the first linked one.</summary>
    public string Explain(CaseResult result)
    {
        string? id = result.Violated.Count > 0 ? result.Violated[0] : result.Requirements.Count > 0 ? result.Requirements[0] : null;
        return id is null ? "" : Explain(id);
    }

    public string Explain(string requirement)
    {
        string? gist = Requirements.Find(requirement)?.Gist;
        string place = RequirementPlace.Of(requirement).ToString();
        return OneLine.Of(gist is null ? $"{requirement} ({place})" : $"{requirement} {gist} ({place})");
    }
}

/// <summary>Cases of one section of one document.</summary>
/// <param name="Failed">Everything but passed and unsupported: crashes, hangs and timeouts too.</param>
public sealed record SectionRow(RequirementPlace Place, int Cases, int Passed, int Unsupported, int Failed);

/// <summary>The words that people see for verdicts.</summary>
public static class VerdictWords
{
    /// <summary>"FAIL", "FALSE-CLAIM" ...</summary>
    public static string Word(this Verdict verdict) => verdict == Verdict.FalseClaim ? "FALSE-CLAIM" : verdict.ToString().ToUpperInvariant();

    /// <summary>"regression", "unexpected pass" ...</summary>
    public static string Word(this Standing standing) => standing switch
    {
        Standing.OutOfScope => "declared out of scope",
        Standing.UnexpectedPass => "unexpected pass",
        Standing.OtherOutcome => "other outcome",
        Standing.Expired => "expired line",
        Standing.TooFlaky => "too flaky",
        Standing.Stale => "stale line",
        _ => standing.ToString().ToLowerInvariant(),
    };
}
