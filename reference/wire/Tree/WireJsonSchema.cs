using System.Text.Json.Nodes;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>JSON Schemas (2020-12) of the JSON that <see cref="WireJson"/> writes and reads, one definition a PDU. They admit what WireJson says of
/// damaged messages, too: <c>{"raw":"00ff"}</c> in place of anything that is not in its shape.</summary>
public static class WireJsonSchema
{
    private const int SafeBits = 53;
    private const string Hex = "^([0-9a-f]{2})*$";

    /// <summary>The schema of one message format.</summary>
    public static JsonObject Of(Pdu schema) => Of(WirePlans.Default.Of(schema));

    /// <inheritdoc cref="Of(Pdu)"/>
    public static JsonObject Of(WirePlan plan)
    {
        var definitions = new JsonObject { ["raw"] = Raw() };
        Define(plan, definitions);
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = $"{plan.Pdu.Name} ({plan.Pdu.Clause})",
            ["$ref"] = Path(plan.Pdu.CsName),
            ["$defs"] = definitions,
        };
    }

    private static JsonObject Raw() => new()
    {
        ["title"] = "bytes that are not in the schema's shape", ["type"] = "object", ["required"] = new JsonArray("raw"),
        ["properties"] = new JsonObject { ["raw"] = OfHex() }, ["additionalProperties"] = false,
    };

    private static string Path(string definition) => "#/$defs/" + definition;
    private static JsonObject Reference(string definition) => new() { ["$ref"] = Path(definition) };
    private static JsonObject OfHex() => new() { ["type"] = "string", ["pattern"] = Hex };
    private static JsonObject OneOf(params JsonNode?[] branches) => new() { ["oneOf"] = new JsonArray(branches) };

    private static JsonObject Define(WirePlan plan, JsonObject definitions)
    {
        if (definitions.ContainsKey(plan.Pdu.CsName)) return Reference(plan.Pdu.CsName);
        definitions.Add(plan.Pdu.CsName, null); // a place in order of appearance, also for PDUs that hold themselves
        var properties = new JsonObject
        {
            ["$type"] = new JsonObject { ["const"] = plan.Pdu.CsName },
            ["name"] = new JsonObject { ["title"] = "the registry's name of the code", ["type"] = "string" },
            ["$tail"] = OfHex(),
        };
        var required = new JsonArray();
        var shape = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        foreach (var f in plan.Fields)
        {
            if (f.IsVirtual) continue;
            var name = WireJson.NameOf(f.Field.CsName);
            if (f.Kind == FieldKind.Split)
            {
                foreach (var part in f.Parts) properties[WireJson.NameOf(part.Part.CsName)] = Integer(part.Part.WireBits.Count, false);
                properties.TryAdd(name, Reference("raw"));
                if (f.When is not null) continue;
                var parts = new JsonArray([.. f.Parts.Select(p => (JsonNode)WireJson.NameOf(p.Part.CsName))]);
                shape["anyOf"] = new JsonArray(new JsonObject { ["required"] = parts }, new JsonObject { ["required"] = new JsonArray(name) });
                continue;
            }
            var field = Field(f, definitions);
            field["title"] = $"{f.Field.Name} ({f.Field.Clause})";
            properties[name] = field;
            if (IsAlwaysShown(f)) required.Add(name);
        }
        if (required.Count > 0) shape["required"] = required;
        definitions[plan.Pdu.CsName] = new JsonObject { ["title"] = $"{plan.Pdu.Name} ({plan.Pdu.Clause})", ["oneOf"] = new JsonArray(shape, Reference("raw")) };
        return Reference(plan.Pdu.CsName);
    }

    private static bool IsAlwaysShown(FieldPlan f) => f.When is null && f.Field.Shape switch
    {
        ConstShape or ReservedShape or PadShape => false,
        BytesShape => f.Field.Role != Role.Free,
        ChecksumShape c => WireChecksum.IsKeyed(c.Algorithm),
        _ => f.Derive is null,
    };

    private static JsonObject Field(FieldPlan f, JsonObject definitions)
    {
        switch (f.Kind)
        {
            case FieldKind.Nested: return Define(f.Element!, definitions);
            case FieldKind.Union:
                var branches = new JsonArray();
                foreach (var plan in f.Plans.Distinct())
                {
                    var branch = Define(plan, definitions);
                    if (f.Peek is not null) branch["required"] = new JsonArray("$type");
                    branches.Add(branch);
                }
                branches.Add(OfHex());
                branches.Add(Reference("raw"));
                return new JsonObject { ["anyOf"] = branches };
            case FieldKind.Sequence: return List(Define(f.Element!, definitions));
            case FieldKind.UIntSequence when f.Packed > 0:
                return OneOf(new JsonObject { ["type"] = "array", ["items"] = Integer(f.Bits, false), ["minItems"] = f.Packed, ["maxItems"] = f.Packed }, Reference("raw"));
            case FieldKind.UIntSequence: return List(OneOf(Integer(f.Bits, f.Signed), Reference("raw")));
            case FieldKind.Bytes when f.Text != TextEncoding.None: return OneOf(new JsonObject { ["type"] = "string" }, Reference("raw"));
            case FieldKind.Bytes or FieldKind.Pad or FieldKind.Checksum: return OneOf(OfHex(), Reference("raw"));
            default: return OneOf(Integer(f.Bits, f.Signed), Reference("raw"));
        }
    }

    private static JsonObject List(JsonObject element) => OneOf(new JsonObject { ["type"] = "array", ["items"] = element }, Reference("raw"));

    /// <summary>Integers beyond 2^53-1 are decimal strings, for JavaScript's sake.</summary>
    private static JsonObject Integer(int bits, bool signed)
    {
        var number = new JsonObject
        {
            ["type"] = "integer",
            ["minimum"] = signed && bits <= SafeBits ? -(1L << bits - 1) : 0,
            ["maximum"] = bits > SafeBits ? (1L << SafeBits) - 1 : signed ? (1L << bits - 1) - 1 : (1L << bits) - 1,
        };
        return bits <= SafeBits ? number : OneOf(number, new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{1,20}$" });
    }
}
