using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Lab.Cases;

/// <summary>One thing that may be observed, by name. The first of a list that matches is the outcome of the case.</summary>
/// <param name="Violates">Requirements that this outcome breaks; must be among those that the case links.</param>
public sealed record Outcome<T>(OutcomeKind Kind, string Name, Func<T, bool> Matches, IReadOnlyList<string> Violates);

/// <summary>The three sorts of outcome, for the bodies of cases (<c>using static</c>).</summary>
public static class Outcomes
{
    /// <summary>Every linked requirement holds.</summary>
    public static Outcome<T> Legal<T>(string name, Func<T, bool> matches) => new(OutcomeKind.Legal, name, matches, []);

    /// <summary>A linked requirement is broken, but not what the case is about. Fails the case.</summary>
    public static Outcome<T> Deviant<T>(string name, Func<T, bool> matches, params string[] violates) => new(OutcomeKind.Deviant, name, matches, violates);

    /// <summary>What the case is about is broken. Fails the case.</summary>
    public static Outcome<T> Forbidden<T>(string name, Func<T, bool> matches, params string[] violates) => new(OutcomeKind.Forbidden, name, matches, violates);
}

/// <summary>Ends a case's body early with its result; only the runner catches it.</summary>
public sealed class CaseEndedException(Verdict verdict, string outcome, string detail) : Exception(detail)
{
    public Verdict Verdict { get; } = verdict;
    public string Outcome { get; } = outcome;
    public OutcomeKind? Kind { get; init; }
    public IReadOnlyList<string> Violates { get; init; } = [];
}
