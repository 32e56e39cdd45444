using System.Text.Json;

namespace WebRtcConformance.Lab.Requirements;

/// <summary>Reads the JSON of the catalogue strictly: unknown, missing and doubled members are errors with their path.</summary>
internal static class CatalogueReader
{
    internal const int MaxBytes = 16 << 20;

    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    internal static CatalogueDocument ReadDocument(string file, string json) => Read(file, json, ReadDocument);

    internal static IReadOnlyList<Feature> ReadFeatures(string file, string json) => Read(file, json, ReadFeatures);

    private static T Read<T>(string file, string json, Func<Node, T> read)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json, s_options);
            return read(new Node(file, "$", parsed.RootElement));
        }
        catch (JsonException e)
        {
            throw new CatalogueException(file, $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}",
                "it is not JSON, or names a member twice.", "Mend it there; docs/requirements.md has the format.", e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // What the JSON reader throws on half a surrogate pair, raw or escaped.
            throw new CatalogueException(file, "", "it contains a text that is not Unicode.", "Save it as UTF-8.", e);
        }
    }

    private static CatalogueDocument ReadDocument(Node root)
    {
        root.OnlyMembers("header", "items");
        var header = root.Member("header");
        header.OnlyMembers("doc", "title", "edition", "scope", "source");
        var source = header.Member("source");
        source.OnlyMembers("kind", "version");
        return new CatalogueDocument
        {
            File = root.File,
            Doc = header.Text("doc"),
            Title = header.Text("title"),
            Edition = header.Text("edition"),
            Scope = header.Member("scope").TextMembers(),
            Source = $"{source.Text("kind")} {source.Text("version")}",
            Items = [.. root.Member("items").Elements().Select(ReadItem)],
        };
    }

    private static IReadOnlyList<Feature> ReadFeatures(Node root)
    {
        root.OnlyMembers("about", "features");
        return [.. root.Member("features").Elements().Select(node =>
        {
            node.OnlyMembers("id", "summary", "values");
            return new Feature(node.Text("id"), node.Text("summary"), node.Has("values") ? node.Texts("values") : []);
        })];
    }

    private static Requirement ReadItem(Node node)
    {
        node.OnlyMembers("id", "section", "ordinal", "digest", "origin", "level", "levelInWebRtc", "actor", "when", "gist",
            "testability", "why", "observable", "features", "quirks", "quirkless", "oracle", "related", "note");
        var id = ReadId(node.Member("id"));
        if (node.Text("section") != id.Section)
            throw node.Member("section").Error($"the section is not that of {id}.", "Make the two agree.");
        if (node.Number("ordinal") != id.Ordinal)
            throw node.Member("ordinal").Error($"the ordinal is not that of {id}.", "Make the two agree.");
        return new Requirement
        {
            Id = id,
            Digest = node.TextOrNull("digest"),
            Origin = node.Text("origin"),
            Level = ReadLevel(node.Member("level")),
            LevelInWebRtc = ReadLevel(node.Member("levelInWebRtc")),
            Actors = node.Texts("actor"),
            When = node.Text("when"),
            Gist = node.Text("gist"),
            Testability = ReadTestability(node.Member("testability")),
            Why = node.TextOrNull("why"),
            Observable = node.TextOrNull("observable") ?? "",
            Features = node.Texts("features"),
            Quirks = node.Texts("quirks"),
            Quirkless = node.TextOrNull("quirkless"),
            Oracle = node.Text("oracle"),
            Related = [.. node.Member("related").Elements().Select(ReadId)],
            Note = node.TextOrNull("note"),
        };
    }

    private static RequirementId ReadId(Node node) => RequirementId.TryParse(node.Text(), out var id)
        ? id
        : throw node.Error($"\"{Short(node.Text())}\" is no requirement id.", "Write it like RFC8489:9.1.3-7 or RFC8489:14.2-a3.");

    private static RequirementLevel ReadLevel(Node node) => RequirementLevels.TryParse(node.Text(), out var level)
        ? level
        : throw node.Error($"\"{Short(node.Text())}\" is no level.", $"Use one of: {string.Join(", ", RequirementLevels.Words)}.");

    private static Testability ReadTestability(Node node) => Vocabulary.TryParse(node.Text(), out var testability)
        ? testability
        : throw node.Error($"\"{Short(node.Text())}\" is no testability.",
            $"Use one of: {string.Join(", ", Enum.GetValues<Testability>().Select(value => value.Word()))}.");

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "...";

    /// <summary>A JSON value with the path that leads to it.</summary>
    private readonly record struct Node(string File, string Path, JsonElement Value)
    {
        internal CatalogueException Error(string problem, string advice) => new(File, Path, problem, advice);

        internal bool Has(string name) => Value.TryGetProperty(name, out _);

        internal Node Member(string name)
        {
            RequireKind(JsonValueKind.Object, "an object");
            return Value.TryGetProperty(name, out var member)
                ? new Node(File, $"{Path}.{name}", member)
                : throw Error($"the member \"{name}\" is missing.", "Add it; docs/requirements.md has the format.");
        }

        internal void OnlyMembers(params ReadOnlySpan<string> names)
        {
            RequireKind(JsonValueKind.Object, "an object");
            foreach (var member in Value.EnumerateObject())
            {
                if (!names.Contains(member.Name))
                    throw Error($"there is no member \"{Short(member.Name)}\" in the format.", "Remove or rename it; docs/requirements.md has the format.");
            }
        }

        internal IEnumerable<Node> Elements()
        {
            RequireKind(JsonValueKind.Array, "a list");
            var node = this;
            return Value.EnumerateArray().Select((element, index) => new Node(node.File, $"{node.Path}[{index}]", element));
        }

        internal string Text()
        {
            RequireKind(JsonValueKind.String, "a text");
            return Value.GetString()!;
        }

        internal string Text(string name) => Member(name).Text();

        internal string? TextOrNull(string name) => Has(name) ? Text(name) : null;

        internal IReadOnlyList<string> Texts(string name) => [.. Member(name).Elements().Select(element => element.Text())];

        internal int Number(string name)
        {
            var member = Member(name);
            return member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out int number)
                ? number
                : throw member.Error("it is not a whole number.", "Write the number without quotes.");
        }

        internal IReadOnlyList<KeyValuePair<string, string>> TextMembers()
        {
            RequireKind(JsonValueKind.Object, "an object");
            var node = this;
            return [.. Value.EnumerateObject().Select(member =>
                KeyValuePair.Create(member.Name, new Node(node.File, $"{node.Path}['{member.Name}']", member.Value).Text()))];
        }

        private void RequireKind(JsonValueKind kind, string name)
        {
            if (Value.ValueKind != kind)
                throw Error($"it is not {name}.", "docs/requirements.md has the format.");
        }
    }
}
