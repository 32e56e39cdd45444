using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Stack;

namespace WebRtcConformance.Lab.Running;

/// <summary>What to run, against what.</summary>
public sealed record RunPlan
{
    public required IReadOnlyList<CaseDefinition> Cases { get; init; }
    public required ulong Seed { get; init; }

    /// <summary>Starts the system under test; null = the embedded reference, in virtual time.</summary>
    public Func<ISut>? StartSut { get; init; }

    /// <summary>Name on the command line, for replay lines: "reference", "wrtc", or the adapter's command.</summary>
    public required string SutName { get; init; }

    /// <summary>Rules that the embedded reference breaks on purpose.</summary>
    public QuirkSet Quirks { get; init; }

    /// <summary>Cases at once; 0 = as many as the machine has cores and the system under test allows.</summary>
    public int Jobs { get; init; }

    public TimeSpan Budget { get; init; } = TimeSpan.MaxValue;

    /// <summary>Folder for bundles of failed cases; null = none are written.</summary>
    public string? BundleFolder { get; init; }

    /// <summary>Strongest level of a set of requirements ("MUST", "SHOULD", "MAY").</summary>
    public required Func<IReadOnlyList<string>, string> LevelOf { get; init; }

    /// <summary>Whether an independent implementation passes the case.</summary>
    public Func<string, bool> IsConfirmed { get; init; } = _ => true;
}
