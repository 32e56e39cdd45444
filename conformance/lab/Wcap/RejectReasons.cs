namespace WebRtcConformance.Lab.Wcap;

/// <summary>The closed list of reasons that may come with "rejected" (docs/adapter-protocol.md). An implementation's own error text is
/// "detail" and decides nothing.</summary>
public static class RejectReasons
{
    /// <summary>Every reason, in the order of the document.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "truncated", "trailing", "syntax", "badLength", "badValue", "unknownCritical", "duplicate", "order", "integrity", "auth", "crypto",
        "state", "limit", "policy",
    ];

    public static bool Contains(string reason) => All.Contains(reason, StringComparer.Ordinal);
}
