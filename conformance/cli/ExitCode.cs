namespace WebRtcConformance.Cli;

/// <summary>How `wrc` ends. A script can rely on these numbers.</summary>
public static class ExitCode
{
    public const int AsExpected = 0, Unexpected = 1, Usage = 2, SutFailed = 3, Infrastructure = 4, NothingSelected = 5, BudgetExhausted = 6, Interrupted = 130;

    public static string Meaning(int code) => code switch
    {
        AsExpected => "everything is as the baseline says",
        Unexpected => "unexpected results",
        Usage => "wrong usage",
        SutFailed => "the implementation under test did not start or did not keep working",
        Infrastructure => "the test environment failed; nothing is said about the implementation",
        NothingSelected => "nothing was selected",
        BudgetExhausted => "the time budget ran out before all cases had run",
        Interrupted => "interrupted",
        _ => "",
    };
}

/// <summary>Ends the command with one line for the user.</summary>
/// <param name="hint">What to do, on a line of its own; null when the message says it.</param>
public sealed class CliException(int exitCode, string message, string? hint = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
    public string? Hint { get; } = hint;

    public static CliException Usage(string message, string? hint = null) => new(Cli.ExitCode.Usage, message, hint);
}
