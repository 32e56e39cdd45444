using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>Says how a process ended: its exit code or signal, and which runtime's obituary its last lines are.</summary>
public static class CrashReport
{
    // First match wins: a sanitizer's report may be followed by the runtime's own.
    private static readonly (string Mark, string Kind)[] Obituaries =
    [
        ("ERROR: AddressSanitizer", "asan"),
        ("ERROR: LeakSanitizer", "lsan"),
        ("WARNING: MemorySanitizer", "msan"),
        ("WARNING: ThreadSanitizer", "tsan"),
        ("runtime error: ", "ubsan"),
        ("WARNING: DATA RACE", "go-race"),
        ("goroutine ", "go-panic"),
        ("panicked at ", "rust-panic"),
        ("Unhandled exception. ", "dotnet-unhandled"),
        ("FATAL ERROR: ", "node-fatal"),
        ("Node.js v", "node-uncaught"),
        ("Traceback (most recent call last)", "python-uncaught"),
        ("Exception in thread ", "jvm-uncaught"),
    ];

    /// <summary>The kind of end that the last lines of stderr speak of ("asan", "go-panic", "node-uncaught" ...), or null.</summary>
    public static string? KindOf(IReadOnlyList<string> lines)
    {
        foreach (var (mark, kind) in Obituaries)
        {
            // Go says "panic: runtime error: index out of range", and UBSan "file.c:1:2: runtime error: ...".
            if (kind == "ubsan" && lines.Any(line => line.StartsWith("panic: ", StringComparison.Ordinal)))
                continue;
            if (lines.Any(line => line.Contains(mark, StringComparison.Ordinal)))
                return kind;
        }
        return null;
    }

    /// <summary>"exit-3" or, for a process that a signal ended (128 + n on Unix), "signal-11".</summary>
    public static string ReasonOf(int exitCode) => exitCode is > 128 and <= 128 + 64 ? $"signal-{exitCode - 128}" : $"exit-{exitCode}";

    /// <summary>The reply for every command that the ended process still owed.</summary>
    /// <param name="exitCode">Null when the process closed its stdout but did not end.</param>
    /// <param name="lines">Last lines of stderr.</param>
    public static SutReply Reply(int? exitCode, IReadOnlyList<string> lines)
    {
        var reason = exitCode is { } code ? ReasonOf(code) : "closed-stdout";
        var kind = KindOf(lines);
        var tail = string.Join('\n', lines.TakeLast(8));
        return new SutReply(SutReplyKind.Crash, null, reason, (kind, tail) switch
        {
            (null, "") => "it wrote nothing to stderr",
            (null, _) => tail,
            _ => $"{kind}: {tail}",
        });
    }
}
