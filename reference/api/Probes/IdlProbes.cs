using System.Text.Json;

namespace WebRtcConformance.Api;

/// <summary>Scripts that look at the shape of an implementation: whether interfaces, members and so on are there and are as Web IDL says. Plain ES2017, so
/// that browsers and libraries for Node run them too.</summary>
public static partial class IdlProbes
{
    private static readonly Lazy<SortedDictionary<string, string>> Rows = new(() =>
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        AddGenerated(rows);
        return rows;
    });

    private static readonly Lazy<string> Runner = new(() =>
    {
        using var stream = typeof(IdlProbes).Assembly.GetManifestResourceStream("probes.js")!;
        return new StreamReader(stream).ReadToEnd();
    });

    static partial void AddGenerated(SortedDictionary<string, string> rows);

    /// <summary>Names of the spec files, in order.</summary>
    public static IReadOnlyCollection<string> Specs => Rows.Value.Keys;

    /// <summary>The script for one spec file. Its value is a string: a JSON list of {id, ok, observed}. Where the global "idlExposure" is a list of strings,
    /// those are the names of the globals that the script believes to run in; else it is ["Window"].</summary>
    /// <exception cref="KeyNotFoundException">There is no such spec file.</exception>
    public static string Script(string spec) => Runner.Value.TrimEnd() + "(" + Rows.Value[spec] + ");\n";

    /// <summary>Reads what a script gave.</summary>
    /// <exception cref="JsonException">It is not what a script gives.</exception>
    public static IReadOnlyList<IdlProbeResult> Read(string json) =>
        JsonSerializer.Deserialize<List<IdlProbeResult>>(json, Options) ?? throw new JsonException("no results");

    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true, AllowDuplicateProperties = false };
}

/// <param name="Id">Permanent: "idl/RTCPeerConnection/createOffer/length".</param>
/// <param name="Observed">What was found, in words; for a person.</param>
public sealed record IdlProbeResult(string Id, bool Ok, string Observed);
