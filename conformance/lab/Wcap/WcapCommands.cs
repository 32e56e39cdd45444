using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>The commands that are the same for every handler, however it is attached.</summary>
internal static class WcapCommands
{
    public static SutReply Carry(IWcapHandler handler, string? caseId, string command, JsonObject arguments) => command switch
    {
        "hello" => Greet(handler, arguments),
        "ping" or "bye" => new SutReply(SutReplyKind.Ok, []),
        "probe" => Probe(handler, arguments),
        _ => handler.Handle(caseId, command, arguments),
    };

    private static SutReply Greet(IWcapHandler handler, JsonObject arguments) =>
        arguments["versions"] is JsonArray versions
        && versions.Any(v => v is JsonValue value && value.TryGetValue(out long number) && number == Hello.Version)
            ? new SutReply(SutReplyKind.Ok, Hello.Write(handler.Info))
            : new SutReply(SutReplyKind.BadRequest, null, null, $"\"versions\" does not hold {Hello.Version}");

    private static SutReply Probe(IWcapHandler handler, JsonObject arguments)
    {
        if (WcapMessage.Text(arguments["feature"]) is not { } feature)
            return new SutReply(SutReplyKind.BadRequest, null, null, "\"feature\" is missing");
        return handler.Info.Features.TryGetValue(feature, out var claim) && claim != "no"
            ? new SutReply(SutReplyKind.Ok, new JsonObject { ["value"] = claim })
            : new SutReply(SutReplyKind.Unsupported);
    }
}
