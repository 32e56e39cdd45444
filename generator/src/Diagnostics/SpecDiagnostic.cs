namespace WebRtcConformance.Generator;

/// <summary>A place in a spec file: 1-based line and column, length in characters.</summary>
public readonly record struct SpecPosition(int Line, int Column, int Length)
{
    public override string ToString() => $"{Line}:{Column}";
}

/// <summary>One kind of mistake in a spec file. <paramref name="Format"/> takes the message's arguments.</summary>
public sealed record SpecRule(string Id, string Title, string Format)
{
    /// <summary>Whether what the rule finds is allowed, and only unwise.</summary>
    public bool IsWarning { get; init; }

    public string Message(params object[] arguments) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, Format, arguments);
}

/// <summary>A mistake in a spec file, at its place.</summary>
public sealed record SpecDiagnostic(SpecRule Rule, string Message, string Path, SpecPosition Position)
{
    public override string ToString() => $"{Path}({Position.Line},{Position.Column}): {(Rule.IsWarning ? "warning" : "error")} {Rule.Id}: {Message}";
}

/// <summary>A mistake found within one file; the path is added by whoever knows it.</summary>
public sealed record LocalDiagnostic(SpecRule Rule, string Message, SpecPosition Position);

/// <summary>A mistake found by linking. It names its place by number (<see cref="At"/>, an index into the file's position table), so that a
/// link result does not change when text merely moves.</summary>
public sealed record LinkDiagnostic(SpecRule Rule, string Message, string Path, int At);
