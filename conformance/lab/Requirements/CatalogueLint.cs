using System.Text.RegularExpressions;

namespace WebRtcConformance.Lab.Requirements;

/// <summary>One thing wrong with a catalogue.</summary>
/// <param name="File">The file it is in.</param>
/// <param name="Where">An id, or a JSON path of the header.</param>
/// <param name="Rule">The rule's short name, such as <c>quirk-missing</c>.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record LintFinding(string File, string Where, string Rule, string Message)
{
    /// <summary>One line.</summary>
    public override string ToString() => $"{File}: {Where}: {Rule}: {Message}";
}

/// <summary>
/// Checks that a catalogue makes sense: order, closed lists, an observation for what is testable, a reason for what is
/// not, a saboteur for each absolute requirement. docs/requirements.md lists the rules.
/// </summary>
public static partial class CatalogueLint
{
    private const int MinGist = 15;
    private const int MaxGist = 180;

    /// <summary>All findings, in the order of the files. Empty when the catalogue is sound.</summary>
    /// <param name="catalogue">What to check.</param>
    /// <param name="knownQuirks">The names of the registered saboteurs; null leaves their existence unchecked.</param>
    public static IReadOnlyList<LintFinding> Check(Catalogue catalogue, IReadOnlySet<string>? knownQuirks = null)
    {
        var findings = new List<LintFinding>();
        CheckFeatures(catalogue, findings);
        var docs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var document in catalogue.Documents)
        {
            if (!docs.Add(document.Doc))
                findings.Add(new(document.File, "$.header.doc", "duplicate-document", $"{document.Doc} has a file already; join the two."));
            CheckHeader(document, findings);
            CheckOrder(document, findings);
            var gists = new HashSet<string>(StringComparer.Ordinal);
            foreach (var item in document.Items)
            {
                void Report(string rule, string message) => findings.Add(new(document.File, item.Id.ToString(), rule, message));
                CheckAnchor(item, Report);
                CheckLists(item, catalogue, Report);
                CheckTestability(item, Report);
                CheckQuirks(item, knownQuirks, Report);
                CheckGist(item, Report);
                if (!gists.Add(item.Gist))
                    Report("gist-repeated", "another item has the same gist; say what tells them apart.");
            }
        }
        return findings;
    }

    private static void CheckFeatures(Catalogue catalogue, List<LintFinding> findings)
    {
        for (int i = 0; i < catalogue.Features.Count; i++)
        {
            var feature = catalogue.Features[i];
            if (!FeatureId().IsMatch(feature.Id))
                findings.Add(new("features.json", $"$.features[{i}]", "feature-id", "write lower-case words joined by dots or dashes."));
            if (i > 0 && string.CompareOrdinal(catalogue.Features[i - 1].Id, feature.Id) >= 0)
                findings.Add(new("features.json", $"$.features[{i}]", "feature-order", "sort by id, each once."));
        }
    }

    private static void CheckHeader(CatalogueDocument document, List<LintFinding> findings)
    {
        void Report(string path, string rule, string message) => findings.Add(new(document.File, path, rule, message));
        if (!Edition().IsMatch(document.Edition))
            Report("$.header.edition", "edition", "write year and month, such as 2020-02.");
        for (int i = 0; i < document.Scope.Count; i++)
        {
            string section = document.Scope[i].Key;
            if (!SectionNumber.IsValid(section))
                Report($"$.header.scope['{section}']", "scope-number", "it is no section number.");
            else if (i > 0 && SectionNumber.IsValid(document.Scope[i - 1].Key) && SectionNumber.Compare(document.Scope[i - 1].Key, section) >= 0)
                Report($"$.header.scope['{section}']", "scope-order", "sections stand in the order of the text.");
        }
    }

    private static void CheckOrder(CatalogueDocument document, List<LintFinding> findings)
    {
        var scope = document.Scope.Select(section => section.Key).ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<RequirementId>();
        var next = new Dictionary<(string Section, bool HasKeyword), int>();
        string? previous = null;
        foreach (var id in document.Items.Select(item => item.Id))
        {
            void Report(string rule, string message) => findings.Add(new(document.File, id.ToString(), rule, message));
            if (id.Document != document.Doc)
                Report("foreign-id", $"ids of this file begin with {document.Doc}:.");
            if (!scope.Contains(id.Section))
                Report("out-of-scope", "the header does not list this section.");
            if (!seen.Add(id))
            {
                Report("duplicate-id", "an earlier item has this id.");
                continue;
            }
            if (previous is not null && SectionNumber.Compare(previous, id.Section) > 0)
                Report("section-order", $"section {id.Section} stands before section {previous} in the text.");
            previous = id.Section;
            int expected = next.GetValueOrDefault((id.Section, id.HasKeyword), 1);
            if (id.Ordinal != expected)
                Report("ordinal-order", $"the next ordinal of its kind in this section is {expected}.");
            next[(id.Section, id.HasKeyword)] = id.Ordinal + 1;
        }
    }

    private static void CheckAnchor(Requirement item, Action<string, string> report)
    {
        if (item.Digest is null ? item.Origin != "drawing" : !Digest().IsMatch(item.Digest))
            report("digest-form", "give the first 12 digits of the SHA-256, lower case; only drawings have none.");
        if (item.Digest is not null && item.Digest == RfcText.Digest(item.Gist))
            report("gist-copied", "the gist is the sentence of the standard; write it in our words.");
        if (item.Id.HasKeyword != (item.Origin == "keyword"))
            report("origin-kind", "origin keyword goes with a plain ordinal, every other origin with an a-ordinal.");
        if (item.Level == RequirementLevel.NotUsed)
            report("level-void", "only levelInWebRtc may be \"not used\".");
    }

    private static void CheckLists(Requirement item, Catalogue catalogue, Action<string, string> report)
    {
        Closed("actor", item.Actors, Vocabulary.Actors);
        Closed("feature", item.Features, [.. catalogue.Features.Select(feature => feature.Id)]);
        Closed("origin", [item.Origin], Vocabulary.Origins);
        Closed("oracle", [item.Oracle], Vocabulary.Oracles);
        if (item.Actors.Count == 0)
            report("actor-missing", "say who has to obey.");
        foreach (var related in item.Related)
        {
            if (related == item.Id)
                report("related-self", "it names itself as related.");
            else if (catalogue.Documents.Any(document => document.Doc == related.Document) && !catalogue.TryFind(related.ToString(), out _))
                report("related-missing", $"there is no {related}.");
        }
        if (item.Related.Distinct().Count() != item.Related.Count)
            report("list-repeats", "related names something twice.");

        void Closed(string name, IReadOnlyList<string> values, IReadOnlyList<string> allowed)
        {
            foreach (string value in values.Where(value => !allowed.Contains(value)))
                report($"{name}-unknown", $"\"{value}\" is not in the closed list: {string.Join(", ", allowed)}.");
            if (values.Distinct().Count() != values.Count)
                report("list-repeats", $"{name} names something twice.");
        }
    }

    private static void CheckTestability(Requirement item, Action<string, string> report)
    {
        if (item.Testability < Testability.Review)
        {
            if (item.Why is not null)
                report("why-needless", "it is testable, so nothing has to be excused.");
            if (string.IsNullOrWhiteSpace(item.Observable))
                report("observable-missing", "say what a test looks at.");
            if (item.Features.Count == 0)
                report("feature-missing", "say what an implementation must have for it to apply.");
        }
        else
        {
            if (item.Why is null || !Vocabulary.Reasons.Contains(item.Why))
                report("why-missing", $"give a reason of the closed list: {string.Join(", ", Vocabulary.Reasons)}.");
            if (item.Observable.Length > 0 || item.Quirks.Count > 0 || item.Quirkless is not null)
                report("untestable-with-test", "it is not testable, so it has no observation and no saboteur.");
        }
        if (item.Testability == Testability.None != (item.Oracle == "none"))
            report("oracle-kind", "oracle none goes with testability none, and with that alone.");
    }

    private static void CheckQuirks(Requirement item, IReadOnlySet<string>? knownQuirks, Action<string, string> report)
    {
        foreach (string quirk in item.Quirks)
        {
            if (!QuirkName().IsMatch(quirk))
                report("quirk-name", $"\"{quirk}\" is no saboteur's name; write it like StunAcceptsBadIntegrity.");
            else if (knownQuirks is not null && !knownQuirks.Contains(quirk))
                report("quirk-unknown", $"no saboteur is registered as {quirk}.");
        }
        if (item.Quirks.Distinct().Count() != item.Quirks.Count)
            report("list-repeats", "quirks names something twice.");
        if (item.Quirkless is not null && item.Quirks.Count > 0)
            report("quirkless-needless", "it has a saboteur, so nothing has to be excused.");
        if (item.Level.IsAbsolute() && item.Testability < Testability.Review && item.Quirks.Count == 0 && string.IsNullOrWhiteSpace(item.Quirkless))
            report("quirk-missing", "name a saboteur that breaks it, or say in \"quirkless\" why there is none.");
    }

    private static void CheckGist(Requirement item, Action<string, string> report)
    {
        if (item.Gist.Length is < MinGist or > MaxGist)
            report("gist-length", $"a gist has {MinGist} to {MaxGist} characters, this one {item.Gist.Length}.");
        if (!item.Gist.EndsWith('.') || item.Gist.Any(char.IsControl))
            report("gist-form", "a gist is one line that ends with a full stop.");
        if (RfcText.Level(item.Gist) is not null)
            report("gist-keyword", "a gist says what is demanded in plain words, without capitals of RFC 2119.");
    }

    [GeneratedRegex("^[0-9a-f]{12}$")]
    private static partial Regex Digest();

    [GeneratedRegex("^[12][0-9]{3}-(0[1-9]|1[0-2])$")]
    private static partial Regex Edition();

    [GeneratedRegex("^[a-z][a-z0-9]*([.-][a-z0-9]+)*$")]
    private static partial Regex FeatureId();

    [GeneratedRegex("^([A-Z][a-z0-9]+){2,}$")]
    private static partial Regex QuirkName();
}
