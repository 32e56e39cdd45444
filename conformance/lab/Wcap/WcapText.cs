using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>Writes the lines of the protocol.</summary>
internal static class WcapText
{
    // Readable transcripts: no \u0022 for a quotation mark inside SDP. Control characters, and so line feeds, are still escaped.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Command(long id, string command, string? caseId, JsonObject? arguments, TimeSpan? deadline)
    {
        var message = new JsonObject { ["id"] = id, ["cmd"] = command };
        if (caseId is not null)
            message["case"] = caseId;
        message["args"] = arguments?.DeepClone() ?? new JsonObject();
        if (deadline is { } time)
            message["deadlineMs"] = (long)time.TotalMilliseconds;
        return message.ToJsonString(Readable);
    }

    public static string Answer(long id, SutReply reply)
    {
        if (reply.IsOk)
            return new JsonObject { ["id"] = id, ["ok"] = reply.Value?.DeepClone() ?? new JsonObject() }.ToJsonString(Readable);
        var error = new JsonObject
        {
            ["kind"] = reply.Kind switch
            {
                SutReplyKind.Unsupported => "unsupported",
                SutReplyKind.Rejected => "rejected",
                SutReplyKind.BadRequest => "badRequest",
                _ => "failed",
            },
        };
        if (reply.Reason is not null)
            error["reason"] = reply.Reason;
        if (reply.Detail is not null)
            error["detail"] = reply.Detail;
        return new JsonObject { ["id"] = id, ["err"] = error }.ToJsonString(Readable);
    }

    public static string Event(string caseId, SutEvent sutEvent)
    {
        var message = new JsonObject { ["ev"] = sutEvent.Name, ["case"] = caseId };
        if (sutEvent.Peer is not null)
            message["peer"] = sutEvent.Peer;
        message["data"] = sutEvent.Data.DeepClone();
        return message.ToJsonString(Readable);
    }
}
