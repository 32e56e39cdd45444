using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WebRtcConformance.Conformance.Tests.Wcap;

/// <summary>Validates JSON against the part of JSON Schema 2020-12 that docs/wcap uses. A keyword that it does not know is an exception,
/// so that no schema seems to check what nobody checks.</summary>
internal sealed class SchemaValidator(JsonObject root)
{
    public static SchemaValidator Load(string file) => new(JsonNode.Parse(File.ReadAllText(file))!.AsObject());

    /// <returns>Null when the instance is valid, otherwise where and why it is not.</returns>
    public string? Fault(JsonNode? instance) => Fault(root, instance, "$");

    private string? Fault(JsonObject schema, JsonNode? instance, string at)
    {
        foreach (var (keyword, value) in schema)
        {
            if (Check(schema, keyword, value!, instance, at) is { } fault)
                return fault;
        }
        return null;
    }

    private string? Check(JsonObject schema, string keyword, JsonNode value, JsonNode? instance, string at)
    {
        var members = instance as JsonObject;
        switch (keyword)
        {
            case "$schema" or "title" or "description" or "$defs":
                return null;
            case "$ref":
                return Fault(root["$defs"]![((string)value!)["#/$defs/".Length..]]!.AsObject(), instance, at);
            case "type":
                var allowed = value is JsonArray many ? many.Select(t => (string)t!) : [(string)value!];
                return allowed.Any(t => Is(t, instance)) ? null : $"{at} is not {string.Join(" or ", allowed)}";
            case "const":
                return JsonNode.DeepEquals(value, instance) ? null : $"{at} is not {value.ToJsonString()}";
            case "enum":
                return value.AsArray().Any(v => JsonNode.DeepEquals(v, instance)) ? null : $"{at} is none of {value.ToJsonString()}";
            case "minProperties":
                return members?.Count < (int)value ? $"{at} has {members.Count} members" : null;
            case "maxProperties":
                return members?.Count > (int)value ? $"{at} has {members.Count} members" : null;
            case "required":
                return value.AsArray().Where(n => members?.ContainsKey((string)n!) == false).Select(n => $"{at}.{n} is missing").FirstOrDefault();
            case "properties":
                return members?.Where(m => value.AsObject().ContainsKey(m.Key))
                    .Select(m => Fault(value[m.Key]!.AsObject(), m.Value, $"{at}.{m.Key}")).FirstOrDefault(f => f is not null);
            case "additionalProperties":
                return members?.Where(m => schema["properties"]?.AsObject().ContainsKey(m.Key) != true)
                    .Select(m => value is JsonObject other ? Fault(other, m.Value, $"{at}.{m.Key}") : $"{at}.{m.Key} is not known")
                    .FirstOrDefault(f => f is not null);
            case "items":
                return (instance as JsonArray)?.Select((item, n) => Fault(value.AsObject(), item, $"{at}[{n}]")).FirstOrDefault(f => f is not null);
            case "minItems":
                return (instance as JsonArray)?.Count < (int)value ? $"{at} has {((JsonArray)instance!).Count} items" : null;
            case "maxItems":
                return (instance as JsonArray)?.Count > (int)value ? $"{at} has {((JsonArray)instance!).Count} items" : null;
            case "pattern":
                return instance is null || Regex.IsMatch((string)instance!, (string)value!) ? null : $"{at} does not match {value}";
            case "minimum":
                return Number(instance) < Number(value) ? $"{at} is less than {value}" : null;
            case "maximum":
                return Number(instance) > Number(value) ? $"{at} is more than {value}" : null;
            case "oneOf":
                var faults = value.AsArray().Select(branch => Fault(branch!.AsObject(), instance, at)).ToList();
                return faults.Count(f => f is null) == 1 ? null : $"{at} fits {faults.Count(f => f is null)} of oneOf: {string.Join("; ", faults.OfType<string>())}";
            case "anyOf":
                var misfits = value.AsArray().Select(branch => Fault(branch!.AsObject(), instance, at)).ToList();
                return misfits.Contains(null) ? null : $"{at} fits none of anyOf: {string.Join("; ", misfits)}";
            default:
                throw new NotSupportedException($"the schema keyword '{keyword}' at {at}");
        }
    }

    // By its text: a number that code has put in and one that was read are different things to JsonNode.
    private static double? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number
        ? double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : null;

    private static bool Is(string type, JsonNode? node) => type switch
    {
        "object" => node is JsonObject,
        "array" => node is JsonArray,
        "null" => node is null,
        "string" => node?.GetValueKind() == JsonValueKind.String,
        "boolean" => node?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "integer" => Number(node) is { } number && Math.Floor(number) == number,
        _ => throw new NotSupportedException($"the schema type '{type}'"),
    };
}
