namespace WebRtcConformance.Lab.Requirements;

/// <summary>Which requirements a case asserts.</summary>
/// <param name="CaseId">The id of a case; without a bracketed variant it stands for all its variants.</param>
/// <param name="RequirementIds">Ids such as <c>RFC8489:9.1.3-7</c>.</param>
public sealed record CaseLink(string CaseId, IReadOnlyList<string> RequirementIds);

/// <summary>What a case said about the clean reference.</summary>
public sealed record CleanResult(string CaseId, bool Passed);

/// <summary>What a case said about the reference with one saboteur switched on.</summary>
public sealed record QuirkResult(string Quirk, string CaseId, bool Passed);

/// <summary>How far a requirement has come; each state includes those before it.</summary>
public enum CoverageState
{
    /// <summary>Not in the denominator.</summary>
    Untestable,
    /// <summary>Testable, and no case links it.</summary>
    Testable,
    /// <summary>A case links it.</summary>
    Cited,
    /// <summary>A linked case came to a verdict, passed or failed, on the clean reference.</summary>
    Tested,
    /// <summary>A linked case passes on the clean reference, and fails under a saboteur that the requirement names.</summary>
    Verified,
}

/// <summary>One requirement and how far it has come.</summary>
public sealed record RequirementCoverage(Requirement Requirement, CoverageState State);

/// <summary>Counts over some requirements. Cited, tested and verified count testable ones only.</summary>
/// <param name="Total">All items.</param>
/// <param name="Testable">Items that a program can test and WebRTC uses.</param>
/// <param name="Cited">Testable items that some case links.</param>
/// <param name="Tested">Those with a verdict on the clean reference.</param>
/// <param name="Verified">Those whose test has been seen to bite.</param>
/// <param name="UntestableByReason">The other items, counted by reason, sorted by it.</param>
public sealed record CoverageCounts(
    int Total, int Testable, int Cited, int Tested, int Verified, IReadOnlyList<KeyValuePair<string, int>> UntestableByReason)
{
    internal static CoverageCounts Of(IReadOnlyCollection<RequirementCoverage> items) => new(
        items.Count,
        items.Count(item => item.State >= CoverageState.Testable),
        items.Count(item => item.State >= CoverageState.Cited),
        items.Count(item => item.State >= CoverageState.Tested),
        items.Count(item => item.State >= CoverageState.Verified),
        [.. items.Where(item => item.State == CoverageState.Untestable)
            .GroupBy(item => item.Requirement.UntestableBecause!, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => KeyValuePair.Create(group.Key, group.Count()))]);
}

/// <summary>Coverage of one section; sections without items have zeros.</summary>
public sealed record SectionCoverage(string Number, string Title, CoverageCounts Counts);

/// <summary>Coverage of one document and its sections, in the order of the text.</summary>
public sealed record DocumentCoverage(string Doc, string Title, string Edition, CoverageCounts Counts, IReadOnlyList<SectionCoverage> Sections);

/// <summary>A link of a case to an id that the catalogue does not have.</summary>
public sealed record UnknownCitation(string CaseId, string RequirementId);

/// <summary>How much of the standards is tested, and how much of that is proved to bite.</summary>
/// <param name="Counts">Over everything. The headline is Verified of Testable.</param>
/// <param name="Documents">Per document and section.</param>
/// <param name="Requirements">Per item, in the order of the catalogue.</param>
/// <param name="UnknownCitations">Links that lead nowhere: mistakes in the cases.</param>
public sealed record CoverageReport(
    CoverageCounts Counts,
    IReadOnlyList<DocumentCoverage> Documents,
    IReadOnlyList<RequirementCoverage> Requirements,
    IReadOnlyList<UnknownCitation> UnknownCitations)
{
    /// <summary>Testable and absolute in WebRTC, and no case asserts it.</summary>
    public IEnumerable<Requirement> AbsoluteWithoutCase => Requirements
        .Where(item => item.State == CoverageState.Testable && item.Requirement.LevelInWebRtc.IsAbsolute())
        .Select(item => item.Requirement);

    /// <summary>Tested, and nothing has ever been seen to fail the test.</summary>
    public IEnumerable<Requirement> TestedNotVerified => Requirements
        .Where(item => item.State == CoverageState.Tested)
        .Select(item => item.Requirement);
}
