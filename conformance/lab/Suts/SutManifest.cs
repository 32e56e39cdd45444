using System.Text.Json;
using System.Text.Json.Serialization;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Lab.Suts;

/// <summary>A program to run, with its working folder relative to the manifest's own.</summary>
public sealed record SutStep
{
    public required string Command { get; init; }
    public IReadOnlyList<string> Arguments { get; init; } = [];
    public string Folder { get; init; } = ".";
}

/// <summary>A program that must be on the machine already.</summary>
public sealed record SutTool
{
    public required string Command { get; init; }
    /// <summary>How to get it, one sentence.</summary>
    public required string Advice { get; init; }
}

/// <summary>What the suite knows of an implementation: conformance/suts/&lt;name&gt;/sut.json. Unknown members are an error, so that a
/// misspelt one is seen.</summary>
public sealed record SutManifest
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>The name on the command line: lower case letters, digits, '-'; equal to the folder's name.</summary>
    public required string Name { get; init; }
    public required string Title { get; init; }
    public string? Version { get; init; }
    public string? Language { get; init; }
    /// <summary>SPDX identifier.</summary>
    public required string Licence { get; init; }
    public required string Homepage { get; init; }
    public required string Command { get; init; }
    public IReadOnlyList<string> Arguments { get; init; } = [];
    public string Folder { get; init; } = ".";
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    /// <summary>Steps that install it, in order. Empty when there is nothing to install.</summary>
    public IReadOnlyList<SutStep> Install { get; init; } = [];
    /// <summary>Files that exist once it is installed.</summary>
    public IReadOnlyList<string> Requires { get; init; } = [];
    public IReadOnlyList<SutTool> Tools { get; init; } = [];
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Full path of the folder that holds sut.json.</summary>
    [JsonIgnore]
    public string Location { get; private set; } = "";

    /// <summary>Whether everything that it requires exists.</summary>
    [JsonIgnore]
    public bool IsInstalled => Missing.Count == 0;

    /// <summary>Required files that do not exist, as the manifest names them.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Missing => [.. Requires.Where(file => !File.Exists(At(file)))];

    /// <summary>Tools that are not on this machine.</summary>
    [JsonIgnore]
    public IReadOnlyList<SutTool> MissingTools => [.. Tools.Where(tool => ChildProcess.Find(tool.Command, Location) is null)];

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="SutCatalogueException">It is missing or broken: says which file, where and what.</exception>
    public static SutManifest Load(string file)
    {
        SutManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<SutManifest>(File.ReadAllText(file), Format)
                ?? throw new SutCatalogueException($"{file}: holds no object");
        }
        catch (JsonException e)
        {
            throw new SutCatalogueException($"{file}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SutCatalogueException($"{file}: cannot be read ({e.Message})");
        }
        manifest.Location = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return manifest.Fault() is { } fault ? throw new SutCatalogueException($"{file}: {fault}") : manifest;
    }

    // What the serializer does not check.
    private string? Fault()
    {
        if (Name != Path.GetFileName(Location))
            return $"\"name\" is '{Name}', but its folder is '{Path.GetFileName(Location)}'";
        if (Name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            return "\"name\" may have lower case letters, digits and '-' only";
        if (Install.Contains(null!) || Tools.Contains(null!))
            return "\"install\" or \"tools\" holds a null";
        string?[] texts =
        [
            Command, Folder, .. Arguments, .. Requires, .. Notes, .. Environment.Values,
            .. Install.SelectMany(step => (string?[])[step.Command, step.Folder, .. step.Arguments]), .. Tools.Select(tool => tool.Command),
        ];
        if (texts.Any(text => text is null || text.Contains('\0')))
            return "a text is null or holds a NUL";
        if (new[] { Command }.Concat(Install.Select(step => step.Command)).Concat(Tools.Select(tool => tool.Command)).Contains(""))
            return "a \"command\" is empty";
        return null;
    }

    /// <summary>The command line of its adapter.</summary>
    public WcapCommand ToCommand() => new(Name, Command, Arguments)
    {
        Folder = At(Folder),
        Environment = Environment,
        Advice = MissingTools is [var tool, ..] ? tool.Advice
            : Install.Count > 0 ? $"Install it with: wrc suts install {Name}" : null,
    };

    /// <summary>A path of the manifest as a full path.</summary>
    public string At(string path) => Path.GetFullPath(Path.Combine(Location, path));
}

/// <summary>The catalogue cannot give what is asked of it. The message is for the user.</summary>
public sealed class SutCatalogueException(string message) : Exception(message);
