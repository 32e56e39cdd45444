using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Reports.Baselines;

/// <summary>How a result stands to the baseline.</summary>
public enum Standing
{
    /// <summary>Passed, and nobody said otherwise.</summary>
    Passed,
    /// <summary>The implementation cannot do it; never gates.</summary>
    Unsupported,
    /// <summary>Fails as the baseline says.</summary>
    Known,
    /// <summary>Declared out of scope (NA).</summary>
    OutOfScope,
    /// <summary>Would gate, but no independent implementation passes this case yet.</summary>
    Unconfirmed,
    /// <summary>The test environment failed: nothing is said about the implementation.</summary>
    Infrastructure,
    /// <summary>Fails, and no line knows it.</summary>
    Regression,
    /// <summary>Passes although a line says that it fails.</summary>
    UnexpectedPass,
    /// <summary>Does not pass, but not in the way that the line says.</summary>
    OtherOutcome,
    /// <summary>The line's expiry day is over.</summary>
    Expired,
    /// <summary>A FLAKY case fails more often than its line tolerates.</summary>
    TooFlaky,
    /// <summary>A line that speaks for no case of the suite.</summary>
    Stale,
}

/// <summary>One case, or one line of the baseline, judged.</summary>
/// <param name="Case">Case id; the line's pattern for <see cref="Standing.Stale"/>.</param>
/// <param name="Row">The baseline's line, if one speaks for the case.</param>
/// <param name="Reason">A clause for a person: "no longer fails (baseline line 4 says answers-200)".</param>
public sealed record Judgement(string Case, Standing Standing, CaseResult? Result, BaselineRow? Row, string Reason)
{
    /// <summary>Counts against the implementation or the baseline, unless the mode forgives it.</summary>
    public bool IsUnexpected => Standing >= Standing.Regression;

    /// <summary>Better than the baseline says.</summary>
    public bool IsImprovement => Standing is Standing.UnexpectedPass or Standing.Stale;

    /// <summary>Judges one result. FLAKY shares need all repetitions: see <see cref="BaselineComparison"/>.</summary>
    /// <param name="result">What was observed.</param>
    /// <param name="row">The line that speaks for it, or null.</param>
    /// <param name="today">For "expires".</param>
    public static Judgement Of(CaseResult result, BaselineRow? row, DateOnly today)
    {
        (Standing standing, string reason) = Judge(result, row?.Line, today);
        // A crash, a hang and a false claim are faults whatever the case asks: those gate even when nobody passes it.
        if (!result.Confirmed && standing >= Standing.Regression && result.Verdict is not (Verdict.Crash or Verdict.Hang or Verdict.FalseClaim))
        {
            reason = reason.Length > 0 ? "does not gate; " + reason : "does not gate";
            standing = Standing.Unconfirmed;
        }

        return new(result.Case, standing, result, row, row is null || reason.Length == 0 ? reason : $"{reason} (baseline line {row.Number})");
    }

    private static (Standing, string) Judge(CaseResult result, BaselineLine? line, DateOnly today)
    {
        if (result.Verdict == Verdict.Infra)
        {
            return (Standing.Infrastructure, "the test environment failed");
        }

        if (line is null)
        {
            return result.Verdict switch
            {
                Verdict.Pass => (Standing.Passed, ""),
                Verdict.Unsupported => (Standing.Unsupported, ""),
                _ => (Standing.Regression, ""),
            };
        }

        if (line.Expires < today)
        {
            return (Standing.Expired, $"the line expired on {line.Expires:yyyy-MM-dd}");
        }

        bool passed = result.Verdict == Verdict.Pass;
        bool down = result.Verdict is Verdict.Crash or Verdict.Hang;
        (bool asSaid, string said) = line.Status switch
        {
            BaselineStatus.Na => (true, ""),
            BaselineStatus.Flaky => (!down && result.Verdict != Verdict.Unsupported, "flaky"),
            BaselineStatus.Fail => (!down && !passed && (line.Got == "*" ? result.Verdict != Verdict.Unsupported : line.Got == result.Outcome),
                line.Got == "*" ? "some failure" : line.Got!),
            BaselineStatus.Crash => (result.Verdict == Verdict.Crash && (line.Signal is null || Signals.Same(line.Signal, result.Outcome)),
                line.Signal ?? "a crash"),
            _ => (result.Verdict == Verdict.Hang, "a hang"),
        };
        return (asSaid, passed, line.Status) switch
        {
            (true, _, BaselineStatus.Na) => (Standing.OutOfScope, line.Reason!),
            (true, true, _) => (Standing.Passed, ""),
            (true, false, _) => (Standing.Known, ""),
            (false, true, _) => (Standing.UnexpectedPass, $"passes now; {said} was known"),
            _ => (Standing.OtherOutcome, $"{said} was known"),
        };
    }
}

/// <summary>Names of the signals that end a process: "SIGSEGV", "signal-11" and "exit-139" are one thing.</summary>
internal static class Signals
{
    private static readonly Dictionary<string, int> Numbers = new(StringComparer.Ordinal)
    {
        ["SIGILL"] = 4, ["SIGTRAP"] = 5, ["SIGABRT"] = 6, ["SIGBUS"] = 7, ["SIGFPE"] = 8, ["SIGKILL"] = 9, ["SIGSEGV"] = 11,
        ["SIGPIPE"] = 13, ["SIGTERM"] = 15,
    };

    public static bool Same(string left, string right) => left == right || Number(left) is { } n && n == Number(right);

    private static int? Number(string word)
    {
        if (Numbers.TryGetValue(word, out int number))
        {
            return number;
        }

        if (word.StartsWith("signal-", StringComparison.Ordinal) && int.TryParse(word.AsSpan(7), out number))
        {
            return number;
        }

        return word.StartsWith("exit-", StringComparison.Ordinal) && int.TryParse(word.AsSpan(5), out number) && number > 128
            ? number - 128 : null;
    }
}
