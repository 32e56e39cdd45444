namespace WebRtcConformance.Fuzz.Supervision;

/// <summary>Reads what a dead worker left behind.</summary>
internal static class Deaths
{
    /// <summary>The finding for a process that ended by itself while it executed <paramref name="input"/>.</summary>
    public static FuzzFinding Explain(int exitCode, string errorText, byte[] input)
    {
        var lines = errorText.Split('\n').Select(line => line.Trim()).ToArray();
        var headline = lines.FirstOrDefault(line => line.StartsWith("Stack overflow", StringComparison.Ordinal)
            || line.StartsWith("Process terminated", StringComparison.Ordinal) || line.StartsWith("Unhandled exception", StringComparison.Ordinal)
            || line.Contains("ut of memory", StringComparison.Ordinal)) ?? $"the process ended with exit code {exitCode}";
        var outOfMemory = lines.Any(line => line.Contains("ut of memory", StringComparison.Ordinal) || line.Contains("OutOfMemoryException", StringComparison.Ordinal));
        // The frames nearest to the fault, without the runtime's own and without their parameters; recursion folds to its distinct members.
        var frames = lines.Where(line => line.StartsWith("at ", StringComparison.Ordinal))
            .Select(line => line[3..].Split('(')[0])
            .Where(frame => !frame.StartsWith("System.", StringComparison.Ordinal))
            .Distinct().Take(3);
        var kind = outOfMemory ? FindingKind.Oom : FindingKind.Crash;
        var bucket = $"death/{headline.Split('.')[0]}/{string.Join('<', frames)}";
        return new(kind, FuzzFinding.NoThrow, $"{headline} (exit code {exitCode})\n{errorText}", input, bucket);
    }

    /// <summary>The finding for an input whose execution did not end.</summary>
    public static FuzzFinding Hang(TimeSpan limit, byte[] input) =>
        new(FindingKind.Hang, "no-hang", $"no end within {limit.TotalSeconds:0.#} s", input, "hang");
}
