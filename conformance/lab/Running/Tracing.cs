namespace WebRtcConformance.Lab.Running;

/// <summary>Whether the user asked for the traces of the suite's own faults (WRC_TRACE is set, and not to 0).</summary>
public static class Tracing
{
    public static bool IsOn => Wanted(Environment.GetEnvironmentVariable);

    /// <summary>The same rule over an environment that is handed in.</summary>
    public static bool Wanted(Func<string, string?> environment) => environment("WRC_TRACE") is { Length: > 0 } and not "0";
}
