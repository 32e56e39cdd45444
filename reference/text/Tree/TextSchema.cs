using System.Text.Json.Nodes;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Text;

/// <summary>JSON Schema (draft 2020-12) of what <see cref="TextTree.ToJson"/> writes. It admits what that says of refused texts, too:
/// <c>{"raw":"..."}</c>.</summary>
public static class TextSchema
{
    public static JsonObject Of(TextReference rule, TextGrammar? grammar = null)
    {
        grammar ??= TextGrammar.Default;
        var definitions = new JsonObject();
        Define(rule);
        var raw = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["raw"] = new JsonObject { ["type"] = "string" } }, ["required"] = new JsonArray("raw"), ["additionalProperties"] = false };
        raw["title"] = "a text that is refused";
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = $"{grammar.Rule(rule).Name} ({grammar.Rule(rule).Clause})",
            ["anyOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/$defs/" + grammar.Type(rule)!.CsName }, raw),
            ["$defs"] = definitions,
        };

        void Define(TextReference type)
        {
            var found = grammar.Type(type)!;
            if (definitions.ContainsKey(found.CsName)) return;
            var properties = new JsonObject();
            var required = new JsonArray();
            definitions[found.CsName] = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false };
            foreach (var capture in found.Captures)
            {
                var name = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(capture.CsName);
                var item = Item(capture);
                item["description"] = capture.Clause.ToString();
                properties[name] = capture.Many ? new JsonObject { ["type"] = "array", ["items"] = item } : item;
                // A number may be of no digits where its rule allows that.
                if (capture.Many || capture is { AtLeast: > 0, Kind: not TextCaptureKind.Integer }) required.Add(name);
            }
        }

        JsonObject Item(TextCapture capture)
        {
            switch (capture.Kind)
            {
                case TextCaptureKind.Integer:
                {
                    var number = new JsonObject { ["type"] = "integer", ["minimum"] = capture.Min, ["maximum"] = Math.Min(capture.Max, TextTree.LargestSafe) };
                    if (capture.Max <= TextTree.LargestSafe) return number;
                    return new JsonObject { ["anyOf"] = new JsonArray(number, new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{16,20}$" }) };
                }
                case TextCaptureKind.Nested:
                    Define(capture.Target!);
                    return new JsonObject { ["$ref"] = "#/$defs/" + grammar.Type(capture.Target!)!.CsName };
                case TextCaptureKind.Union:
                {
                    var known = new JsonObject();
                    foreach (var extension in grammar.Union(capture.Target!)!.Extensions)
                    {
                        if (extension.Rule is not { } rule || grammar.Type(rule) is not { } type) continue;
                        Define(rule);
                        known[System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(extension.CsName)] = new JsonObject { ["$ref"] = "#/$defs/" + type.CsName };
                    }
                    var typed = new JsonObject { ["type"] = "object", ["properties"] = known, ["additionalProperties"] = false, ["minProperties"] = 1, ["maxProperties"] = 1 };
                    return new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, typed) };
                }
                default: return new JsonObject { ["type"] = "string" };
            }
        }
    }
}
