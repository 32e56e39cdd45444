using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Lab.Reference;

/// <summary>The codec level of the reference: STUN messages in the JSON form of docs/adapter-protocol.md.</summary>
internal static class ReferenceCodec
{
    private const int MaximumBytes = 1 << 20;

    public static SutReply Handle(string command, JsonObject arguments)
    {
        if (Text(arguments["type"]) is not "stun.message") return new SutReply(SutReplyKind.Unsupported, Detail: "the reference offers stun.message");
        return command switch
        {
            "codec.decode" => Decode(arguments),
            "codec.encode" => Encode(arguments),
            _ => new SutReply(SutReplyKind.Unsupported, Detail: $"the reference has no {command}"),
        };
    }

    private static SutReply Decode(JsonObject arguments)
    {
        if (!TryHex(arguments["bytes"], out var bytes)) return Bad("codec.decode needs \"bytes\" in hex");
        if (!StunMessage.View.TryParse(bytes, out var view, out var error)) return Rejected(error);
        if (arguments["opts"] is JsonObject options && options["key"] is { } keyNode)
        {
            if (!TryHex(keyNode, out var key)) return Bad("\"opts.key\" is hex");
            if (!view.Verify(key, out error)) return Rejected(error);
        }
        var attributes = new JsonArray();
        foreach (var attribute in view.Attributes)
            attributes.Add(new JsonObject { ["type"] = (int)attribute.Type, ["bytes"] = Convert.ToHexStringLower(attribute.Value) });
        return new SutReply(SutReplyKind.Ok, new JsonObject
        {
            ["value"] = new JsonObject
            {
                ["class"] = ClassNames[(int)view.Class], ["method"] = (int)view.Method,
                ["transactionId"] = Convert.ToHexStringLower(view.TransactionId), ["attributes"] = attributes,
            },
        });
    }

    private static SutReply Encode(JsonObject arguments)
    {
        if (arguments["value"] is not JsonObject value || Array.IndexOf(ClassNames, Text(value["class"]) ?? "") is var @class && @class < 0
            || value["method"] is not JsonValue method || !method.TryGetValue<int>(out var number) || number is < 0 or > 0xFFF
            || !TryHex(value["transactionId"], out var id) || id.Length != 12 || value["attributes"] is not JsonArray list)
            return Bad("codec.encode needs \"value\" with class, method, transactionId and attributes");
        var forge = new StunMessage { Method = (StunMethod)number, Class = (StunClass)@class, TransactionId = id }.ToForge();
        foreach (var item in list)
        {
            if (item is not JsonObject attribute || attribute["type"] is not JsonValue type || !type.TryGetValue<int>(out var code) || code is < 0 or > 0xFFFF
                || !TryHex(attribute["bytes"], out var bytes)) return Bad("an attribute has a \"type\" and \"bytes\"");
            forge.Attributes.Add(new UnknownStunAttribute((StunAttributeType)code, bytes));
        }
        return new SutReply(SutReplyKind.Ok, new JsonObject { ["bytes"] = Convert.ToHexStringLower(forge.ToArray()) });
    }

    private static readonly string[] ClassNames = ["request", "indication", "success", "error"];

    private static SutReply Rejected(WireError error) => new(SutReplyKind.Rejected, Reason: error.Kind switch
    {
        WireErrorKind.Truncated => "truncated",
        WireErrorKind.Trailing => "trailing",
        WireErrorKind.BadLength => "badLength",
        WireErrorKind.Order => "order",
        WireErrorKind.Checksum => "integrity",
        WireErrorKind.BadText => "syntax",
        _ => "badValue",
    }, Detail: error.ToString());

    private static SutReply Bad(string detail) => new(SutReplyKind.BadRequest, Detail: detail);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool TryHex(JsonNode? node, out byte[] bytes)
    {
        bytes = [];
        if (Text(node) is not { } text || text.Length > 2 * MaximumBytes || text.Length % 2 != 0 || text.AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF")) return false;
        bytes = Convert.FromHexString(text);
        return true;
    }
}
