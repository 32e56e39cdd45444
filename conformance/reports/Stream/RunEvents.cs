using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using WebRtcConformance.Lab.Results;

namespace WebRtcConformance.Reports;

/// <summary>The JSON form of the run's events: one object a line, told apart by "type" (docs/run-log.md).</summary>
internal static class RunEvents
{
    public const int Version = 1;
    public const string Header = "header", CaseStart = "case-start", CaseEnd = "case-end", Log = "log", Footer = "footer";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    public static string Write<T>(string type, T value)
    {
        var line = new JsonObject { ["type"] = type };
        if (type == Header)
        {
            line["version"] = Version;
        }

        foreach ((string name, JsonNode? member) in JsonSerializer.SerializeToNode(value, Options)!.AsObject().ToArray())
        {
            line[name] = member?.DeepClone();
        }

        return line.ToJsonString(Options);
    }

    /// <summary>Hands the event of one line to the observer.</summary>
    /// <returns>Null, or what is wrong with the line. An unknown type is no fault: later versions add some.</returns>
    public static string? Read(string line, IRunObserver observer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("type", out JsonElement type) || type.ValueKind != JsonValueKind.String)
            {
                return "not an event: no \"type\"";
            }

            switch (type.GetString())
            {
                case Header:
                    return Hand(root.Deserialize<RunHeader>(Options)!, h => HasNull(h.Cases, h.Quirks), observer.Started);
                case CaseStart:
                    return Hand(root.Deserialize<CaseStartEvent>(Options)!, _ => false, e => observer.CaseStarted(e.Case));
                case CaseEnd:
                    return Hand(root.Deserialize<CaseResult>(Options)!,
                        r => HasNull(r.Requirements, r.Violated, r.Timeline, r.Artifacts), r => observer.CaseEnded(Finite(r)));
                case Log:
                    return Hand(root.Deserialize<LogEvent>(Options)!, _ => false, e => observer.Log(e.Level, e.Text));
                case Footer:
                    return Hand(root.Deserialize<RunFooter>(Options)!, _ => false, f => observer.Ended(Finite(f)));
                default:
                    return null;
            }
        }
        catch (JsonException e)
        {
            return OneLine.Of(e.Message, 160);
        }
        catch (InvalidOperationException e)
        {
            // A string with half a surrogate pair.
            return OneLine.Of(e.Message, 160);
        }
    }

    private static string? Hand<T>(T value, Func<T, bool> hasNull, Action<T> hand)
    {
        if (hasNull(value))
        {
            return "a list holds null";
        }

        hand(value);
        return null;
    }

    private static bool HasNull(params IReadOnlyList<string>[] lists) => lists.Any(l => l.Any(s => s is null));

    private static CaseResult Finite(CaseResult r) => double.IsFinite(r.Milliseconds) ? r : r with { Milliseconds = 0 };

    private static RunFooter Finite(RunFooter f) => double.IsFinite(f.Milliseconds) ? f : f with { Milliseconds = 0 };
}

internal sealed record CaseStartEvent
{
    public required string Case { get; init; }
}

internal sealed record LogEvent
{
    public required string Level { get; init; }
    public required string Text { get; init; }
}
