using WebRtcConformance.Lab.Requirements;
using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Cli;

/// <summary>What the command line needs of the suite. <see cref="Suite"/> is the real one; tests have a small one of their own.</summary>
public interface ISuite
{
    /// <summary>All cases, in the order in which they run.</summary>
    IReadOnlyList<CaseInfo> Cases { get; }

    /// <summary>Runs the request's cases. The observer gets header, results and footer.</summary>
    /// <exception cref="Lab.Wcap.SutStartException">The implementation under test could not be started.</exception>
    RunEnd Run(RunRequest request, IRunObserver observer, CancellationToken stop);

    /// <summary>More about a case than <see cref="CaseInfo"/> says, as lines for a person; null when there is no more.</summary>
    string? Explain(string caseId);

    /// <summary>Runs clean and with each quirk, and counts what is verified.</summary>
    /// <param name="tell">Progress, one line each.</param>
    CoverageReport Coverage(Action<string> tell, CancellationToken stop);

    /// <summary>Serves the reference over the adapter protocol until the input ends.</summary>
    void ServeReference(IReadOnlyList<string> quirks, ulong seed, TextReader input, TextWriter output);
}

/// <summary>One case as the command line selects and lists it.</summary>
/// <param name="Id">Permanent id with parameters.</param>
/// <param name="Title">One sentence.</param>
/// <param name="Level">"MUST", "SHOULD" or "MAY": the strongest of its requirements.</param>
/// <param name="Tier">"quick", "pr" or "full": the smallest tier that holds it.</param>
/// <param name="Needs">Features that an implementation must have for it.</param>
public sealed record CaseInfo(string Id, string Title, IReadOnlyList<string> Requirements, string Level, string Tier, IReadOnlyList<string> Needs);

/// <summary>One run, as the user asked for it.</summary>
public sealed record RunRequest
{
    /// <summary>"reference", the name of an implementation of the catalogue, or the name that stands for <see cref="Adapter"/>.</summary>
    public required string Sut { get; init; }
    /// <summary>Program and arguments of the user's own adapter; null = <see cref="Sut"/> is a name.</summary>
    public IReadOnlyList<string>? Adapter { get; init; }
    /// <summary>Folder of the catalogue of implementations; null = found from here upward.</summary>
    public string? SutsFolder { get; init; }
    /// <summary>Case ids, in the order in which they are to run; those known to crash or hang stand last.</summary>
    public required IReadOnlyList<string> Cases { get; init; }
    public IReadOnlyList<string> Quirks { get; init; } = [];
    public required ulong Seed { get; init; }
    /// <summary>Cases at once; 0 = as many as there are cores.</summary>
    public int Jobs { get; init; }
    public TimeSpan Budget { get; init; } = TimeSpan.MaxValue;
    /// <summary>Where bundles of unexpected results go; null = none are written.</summary>
    public string? BundleFolder { get; init; }
    /// <summary>The reference over real UDP and the adapter protocol instead of virtual time.</summary>
    public bool Real { get; init; }
}
