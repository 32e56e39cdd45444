using System.Text.Encodings.Web;
using System.Text.Json;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Reports.Baselines;

namespace WebRtcConformance.Reports;

/// <summary>A badge as the shields.io endpoint reads it: passed of judged, over confirmed cases of MUST level.</summary>
public static class BadgeReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ReportData data)
    {
        CaseResult[] judged = data.Comparison.Cases
            .Where(j => j.Standing is not Standing.OutOfScope and not Standing.Unsupported and not Standing.Infrastructure)
            .Select(j => j.Result!)
            .Where(r => r.Confirmed && r.Level.StartsWith("MUST", StringComparison.Ordinal))
            .ToArray();
        int passed = judged.Count(r => r.Verdict == Verdict.Pass);
        double share = judged.Length == 0 ? 0 : (double)passed / judged.Length;
        string color = judged.Length == 0 || data.Log.Truncated ? "lightgrey"
            : share == 1 ? "brightgreen" : share >= 0.95 ? "green" : share >= 0.85 ? "yellowgreen" : share >= 0.7 ? "yellow" : "orange";
        string message = judged.Length == 0 ? "nothing judged" : $"{passed}/{judged.Length} MUST" + (data.Log.Truncated ? " (partial run)" : "");
        var badge = new Dictionary<string, object>
        {
            ["schemaVersion"] = 1, ["label"] = data.SutTitle, ["message"] = message, ["color"] = color,
        };
        return JsonSerializer.Serialize(badge, Indented) + "\n";
    }
}
