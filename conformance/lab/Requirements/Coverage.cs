namespace WebRtcConformance.Lab.Requirements;

/// <summary>Computes coverage from links and verdicts (docs/requirements.md has the definitions).</summary>
public static class Coverage
{
    /// <summary>
    /// Joins links and verdicts. A verdict for <c>a/b[ipv6]</c> counts for a link of <c>a/b[ipv6]</c> or of <c>a/b</c>.
    /// A case that does not pass on the clean reference proves nothing, whatever it says under a saboteur.
    /// A case with several verdicts in one place has passed there when all of them are passes.
    /// </summary>
    public static CoverageReport Compute(
        Catalogue catalogue, IEnumerable<CaseLink> links, IEnumerable<CleanResult> clean, IEnumerable<QuirkResult> quirks)
    {
        var cases = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal); // requirement -> cases
        var unknown = new List<UnknownCitation>();
        foreach (var link in links)
        {
            foreach (string id in link.RequirementIds)
            {
                if (!catalogue.TryFind(id, out _))
                    unknown.Add(new UnknownCitation(link.CaseId, id));
                else if (cases.TryGetValue(id, out var linked))
                    linked.Add(link.CaseId);
                else
                    cases[id] = new HashSet<string>(StringComparer.Ordinal) { link.CaseId };
            }
        }

        var verdicts = new Verdicts(clean, quirks);
        List<RequirementCoverage> all = [.. catalogue.Items.Select(item =>
            new RequirementCoverage(item, StateOf(item, cases.GetValueOrDefault(item.Id.ToString()), verdicts)))];
        var bySection = all.ToLookup(item => (item.Requirement.Id.Document, item.Requirement.Id.Section));
        return new CoverageReport(
            CoverageCounts.Of(all),
            [.. catalogue.Documents.Select(document => new DocumentCoverage(
                document.Doc, document.Title, document.Edition,
                CoverageCounts.Of([.. all.Where(item => item.Requirement.Id.Document == document.Doc)]),
                [.. document.Scope.Select(section => new SectionCoverage(
                    section.Key, section.Value, CoverageCounts.Of([.. bySection[(document.Doc, section.Key)]])))]))],
            all,
            [.. unknown.Distinct()]);
    }

    private static CoverageState StateOf(Requirement item, HashSet<string>? cases, Verdicts verdicts)
    {
        if (!item.IsTestable)
            return CoverageState.Untestable;
        if (cases is null)
            return CoverageState.Testable;
        if (!cases.Any(verdicts.HasClean))
            return CoverageState.Cited;
        return cases.Any(id => item.Quirks.Any(quirk => verdicts.IsKilledBy(quirk, id)))
            ? CoverageState.Verified
            : CoverageState.Tested;
    }

    /// <summary>Verdicts, reachable from the id of a case and from that of its variant.</summary>
    private sealed class Verdicts
    {
        private readonly HashSet<string> _clean = new(StringComparer.Ordinal);
        private readonly HashSet<(string Quirk, string CaseId)> _kills = [];

        internal Verdicts(IEnumerable<CleanResult> clean, IEnumerable<QuirkResult> quirks)
        {
            var passes = new Dictionary<string, bool>(StringComparer.Ordinal);
            foreach (var result in clean)
            {
                passes[result.CaseId] = result.Passed && passes.GetValueOrDefault(result.CaseId, true);
                _clean.UnionWith(Names(result.CaseId));
            }
            foreach (var result in quirks.Where(result => !result.Passed && passes.GetValueOrDefault(result.CaseId)))
                _kills.UnionWith(Names(result.CaseId).Select(name => (result.Quirk, name)));
        }

        internal bool HasClean(string caseId) => _clean.Contains(caseId);

        internal bool IsKilledBy(string quirk, string caseId) => _kills.Contains((quirk, caseId));

        private static IEnumerable<string> Names(string caseId)
        {
            yield return caseId;
            int bracket = caseId.IndexOf('[');
            if (bracket > 0)
                yield return caseId[..bracket];
        }
    }
}
