using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>The first exchange: what the runner says of itself, and what the adapter says of its implementation.</summary>
internal static class Hello
{
    public const int Version = 1;

    public static JsonObject Arguments() => new()
    {
        ["protocol"] = "WCAP",
        ["versions"] = new JsonArray(Version),
        ["runner"] = "wrc",
    };

    /// <summary>Reads the "ok" of a hello.</summary>
    /// <returns>Null and the reason when a member is missing or has the wrong shape; unknown members are ignored.</returns>
    public static SutInfo? Read(JsonObject hello, out string why)
    {
        why = "";
        if (hello["version"] is not JsonValue version || !version.TryGetValue(out long number) || number != Version)
            return Fail($"\"version\" is not {Version}", out why);
        if (hello["sut"] is not JsonObject sut || WcapMessage.Text(sut["name"]) is not { Length: > 0 } name)
            return Fail("\"sut.name\" is missing", out why);
        if (Strings(hello["levels"]) is not { } levels)
            return Fail("\"levels\" is not a list of strings", out why);
        if (Features(hello["features"], out var badFeature) is not { } features)
            return Fail($"\"features\" has a value that is neither a string nor a list of strings: {badFeature}", out why);
        if (hello["clock"] is not null && Strings(hello["clock"]) is null)
            return Fail("\"clock\" is not a list of strings", out why);
        if (hello["bind"] is not null && Strings(hello["bind"]) is null)
            return Fail("\"bind\" is not a list of strings", out why);
        long concurrency = 1;
        if (hello["concurrency"] is { } given
            && (given is not JsonValue value || !value.TryGetValue(out concurrency) || concurrency is < 1 or > 1000))
            return Fail("\"concurrency\" is not a number from 1 to 1000", out why);
        var ordered = true;
        if (hello["ordered"] is { } flag && (flag is not JsonValue boolean || !boolean.TryGetValue(out ordered)))
            return Fail("\"ordered\" is not true or false", out why);
        var adapter = hello["adapter"] as JsonObject;
        return new SutInfo
        {
            Name = name,
            Version = WcapMessage.Text(sut["version"]),
            Language = WcapMessage.Text(sut["language"]),
            Adapter = WcapMessage.Text(adapter?["name"]),
            AdapterVersion = WcapMessage.Text(adapter?["version"]),
            Levels = levels,
            Features = features,
            Ordered = ordered,
            Concurrency = (int)concurrency,
            Bind = Strings(hello["bind"]) ?? ["127.0.0.1"],
            VirtualTime = Strings(hello["clock"])?.Contains("virtual") ?? false,
        };
    }

    /// <summary>The "ok" of a hello that says this of an implementation.</summary>
    public static JsonObject Write(SutInfo info) => new()
    {
        ["version"] = Version,
        ["sut"] = new JsonObject { ["name"] = info.Name, ["version"] = info.Version, ["language"] = info.Language },
        ["adapter"] = new JsonObject { ["name"] = info.Adapter ?? info.Name, ["version"] = info.AdapterVersion },
        ["levels"] = List(info.Levels),
        ["clock"] = List(info.VirtualTime ? ["real", "virtual"] : ["real"]),
        ["ordered"] = info.Ordered,
        ["concurrency"] = info.Concurrency,
        ["bind"] = List(info.Bind),
        ["features"] = new JsonObject(info.Features.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key,
            f.Value.Contains(',') ? List(f.Value.Split(',')) : (JsonNode?)f.Value))),
    };

    private static Dictionary<string, string>? Features(JsonNode? node, out string bad)
    {
        bad = "features";
        var features = new Dictionary<string, string>();
        if (node is null)
            return features;
        if (node is not JsonObject members)
            return null;
        foreach (var (name, value) in members)
        {
            if ((WcapMessage.Text(value) ?? (Strings(value) is { } list ? string.Join(',', list) : null)) is not { } text)
            {
                bad = name;
                return null;
            }
            features[name] = text;
        }
        return features;
    }

    private static List<string>? Strings(JsonNode? node)
    {
        if (node is not JsonArray items)
            return null;
        var texts = items.Select(WcapMessage.Text).OfType<string>().ToList();
        return texts.Count == items.Count ? texts : null;
    }

    private static JsonArray List(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode?)item)]);

    private static SutInfo? Fail(string what, out string why)
    {
        why = what;
        return null;
    }
}
