namespace WebRtcConformance.Lab.Results;

/// <summary>What became of one case. The classes are never merged: a crash is not a failure, "unsupported" is not a pass.</summary>
public enum Verdict
{
    /// <summary>A legal outcome was observed.</summary>
    Pass,
    /// <summary>A deviant or forbidden outcome was observed.</summary>
    Fail,
    /// <summary>The implementation says that it cannot do what the case needs.</summary>
    Unsupported,
    /// <summary>The implementation claims a feature and then says that it cannot do it.</summary>
    FalseClaim,
    /// <summary>The case's budget ran out while the adapter still answered.</summary>
    Timeout,
    /// <summary>The adapter stopped answering.</summary>
    Hang,
    /// <summary>The adapter's process ended.</summary>
    Crash,
    /// <summary>The test environment failed; says nothing about the implementation.</summary>
    Infra,
}

/// <summary>How a named outcome stands to the requirements that its case links.</summary>
public enum OutcomeKind
{
    /// <summary>Allowed by every linked requirement.</summary>
    Legal,
    /// <summary>Breaks one of the linked requirements, without breaking the point of the case.</summary>
    Deviant,
    /// <summary>Breaks what the case is about.</summary>
    Forbidden,
}

/// <summary>The result of one case, as it is written to the event stream (run.jsonl).</summary>
public sealed record CaseResult
{
    /// <summary>Permanent id with parameters, e.g. "stun/request/bad-integrity[ipv6,controlled]".</summary>
    public required string Case { get; init; }
    public required Verdict Verdict { get; init; }
    /// <summary>Name of the observed outcome, e.g. "answers-401"; for other verdicts a closed word such as "exit-139" or "no-answer".</summary>
    public required string Outcome { get; init; }
    public OutcomeKind? Kind { get; init; }
    /// <summary>Strongest level among the linked requirements: "MUST", "SHOULD" or "MAY".</summary>
    public required string Level { get; init; }
    /// <summary>Requirements that the case links.</summary>
    public IReadOnlyList<string> Requirements { get; init; } = [];
    /// <summary>Requirements that the observed outcome breaks.</summary>
    public IReadOnlyList<string> Violated { get; init; } = [];
    /// <summary>One sentence for a person: what was expected, what was seen.</summary>
    public string Detail { get; init; } = "";
    /// <summary>At least one independent implementation passes this case; others do not gate.</summary>
    public bool Confirmed { get; init; } = true;
    /// <summary>The verdict leans on a grace period because the implementation does not process packets in order.</summary>
    public bool Probabilistic { get; init; }
    /// <summary>Seed of the case (derived from the run's seed and the id), hex.</summary>
    public required string Seed { get; init; }
    /// <summary>Command line that repeats exactly this case.</summary>
    public required string Replay { get; init; }
    /// <summary>What happened, one line a step or packet: time, direction, decoded summary.</summary>
    public IReadOnlyList<string> Timeline { get; init; } = [];
    /// <summary>Files of this result, relative to the run's folder.</summary>
    public IReadOnlyList<string> Artifacts { get; init; } = [];
    /// <summary>Wall time in milliseconds, for information only.</summary>
    public double Milliseconds { get; init; }
}

/// <summary>First line of the event stream.</summary>
public sealed record RunHeader
{
    public required string Tool { get; init; }
    public required string Seed { get; init; }
    public required string Sut { get; init; }
    public string? SutVersion { get; init; }
    public string? AdapterVersion { get; init; }
    /// <summary>"virtual" or "real".</summary>
    public required string Clock { get; init; }
    public IReadOnlyList<string> Quirks { get; init; } = [];
    /// <summary>Selected cases, so that a stream that ends early shows what is missing.</summary>
    public required IReadOnlyList<string> Cases { get; init; }
    /// <summary>Local start time, ISO 8601; for information only.</summary>
    public string? Started { get; init; }
}

/// <summary>Why a run ended.</summary>
public enum RunEnd { Completed, BudgetExhausted, Interrupted, SutFailed, Infrastructure }

/// <summary>Last line of the event stream; absent when the run was cut short.</summary>
public sealed record RunFooter
{
    public required RunEnd End { get; init; }
    public string? Message { get; init; }
    public double Milliseconds { get; init; }
}

/// <summary>Receives the run's events in order, on one thread.</summary>
public interface IRunObserver
{
    void Started(RunHeader header);
    void CaseStarted(string caseId);
    void CaseEnded(CaseResult result);
    /// <param name="level">"info" or "warning".</param>
    void Log(string level, string text);
    void Ended(RunFooter footer);
}
