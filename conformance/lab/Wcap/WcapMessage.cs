using System.Text.Json;
using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>One line of an adapter's stdout, read.</summary>
internal abstract record WcapMessage
{
    /// <param name="Id">The command it answers.</param>
    internal sealed record Answer(long Id, SutReply Reply) : WcapMessage;

    /// <param name="Case">Which case it belongs to; null for events of the adapter itself.</param>
    internal sealed record Event(string? Case, SutEvent Value) : WcapMessage;

    /// <summary>The line breaks the protocol.</summary>
    internal sealed record Broken(string Why) : WcapMessage;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>Reads a line that begins with '{'. Total: any bytes give a message.</summary>
    public static WcapMessage Parse(ReadOnlySpan<byte> line)
    {
        JsonObject message;
        try
        {
            if (JsonNode.Parse(line, documentOptions: Strict) is not JsonObject parsed)
                return new Broken("not a JSON object");
            Materialise(message = parsed);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return new Broken("not JSON: " + FirstSentence(e.Message));
        }
        return message.ContainsKey("ev") ? ParseEvent(message) : ParseAnswer(message);
    }

    private static WcapMessage ParseEvent(JsonObject message)
    {
        if (Text(message["ev"]) is not { Length: > 0 } name)
            return new Broken("\"ev\" is not a name");
        if (message["case"] is not null && Text(message["case"]) is null)
            return new Broken($"event {name}: \"case\" is not a string");
        if (message["peer"] is not null && Text(message["peer"]) is null)
            return new Broken($"event {name}: \"peer\" is not a string");
        if (name == "log") // {"ev":"log","level":...,"text":...}: for people, no data member
            return new Event(null, new SutEvent(name, null, message));
        if (message["data"] is not null and not JsonObject)
            return new Broken($"event {name}: \"data\" is not an object");
        return new Event(Text(message["case"]), new SutEvent(name, Text(message["peer"]), Detached(message, "data") ?? []));
    }

    private static WcapMessage ParseAnswer(JsonObject message)
    {
        if (message["id"] is not JsonValue number || !number.TryGetValue(out long id))
            return new Broken("neither an event (\"ev\") nor an answer (\"id\")");
        var ok = message.ContainsKey("ok");
        if (ok == message.ContainsKey("err"))
            return Bad(id, "an answer has exactly one of \"ok\" and \"err\"");
        if (ok)
            return message["ok"] is JsonObject
                ? new Answer(id, new SutReply(SutReplyKind.Ok, Detached(message, "ok")))
                : Bad(id, "\"ok\" is not an object");
        if (message["err"] is not JsonObject error)
            return Bad(id, "\"err\" is not an object");
        SutReplyKind? kind = Text(error["kind"]) switch
        {
            "unsupported" => SutReplyKind.Unsupported,
            "rejected" => SutReplyKind.Rejected,
            "failed" => SutReplyKind.Failed,
            "badRequest" => SutReplyKind.BadRequest,
            _ => null,
        };
        if (kind is null)
            return Bad(id, "\"err.kind\" is not unsupported, rejected, failed or badRequest");
        var reason = Text(error["reason"]);
        if (kind == SutReplyKind.Rejected && (reason is null || !RejectReasons.Contains(reason)))
            return Bad(id, $"\"err.reason\" {(reason is null ? "is missing" : $"'{reason}' is not in the closed list")}");
        return new Answer(id, new SutReply(kind.Value, null, reason, Text(error["detail"])));
    }

    private static Answer Bad(long id, string why) => new(id, new SutReply(SutReplyKind.Garbage, null, "shape", why));

    /// <summary>The string that a node holds, or null when it holds none.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static JsonObject? Detached(JsonObject message, string member)
    {
        var value = message[member] as JsonObject;
        message.Remove(member);
        return value;
    }

    // JsonNode decodes lazily: a string with half a surrogate pair would throw at its reader, in a case.
    private static void Materialise(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, value) in members)
                    Materialise(value);
                break;
            case JsonArray items:
                foreach (var item in items)
                    Materialise(item);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                _ = value.GetValue<string>();
                break;
        }
    }

    private static string FirstSentence(string text) => text.Split(". ", 2)[0];
}
