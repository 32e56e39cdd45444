using System.Diagnostics.CodeAnalysis;

namespace WebRtcConformance.Lab.Requirements;

/// <summary>
/// What the standards demand, sentence by sentence: the requirements.json files of the spec folders.
/// Loading checks the form only; <see cref="CatalogueLint"/> checks that the content makes sense.
/// </summary>
public sealed class Catalogue
{
    private static readonly Lazy<Catalogue> s_embedded = new(LoadEmbedded);
    private readonly Dictionary<string, Requirement> _byId;

    private Catalogue(IReadOnlyList<CatalogueDocument> documents, IReadOnlyList<Feature> features)
    {
        Documents = documents;
        Features = features;
        _byId = new Dictionary<string, Requirement>(StringComparer.Ordinal);
        foreach (var item in documents.SelectMany(document => document.Items))
            _byId.TryAdd(item.Id.ToString(), item); // the lint names duplicates
    }

    /// <summary>The catalogue inside this assembly. Throws <see cref="CatalogueException"/> when it is broken.</summary>
    public static Catalogue Embedded => s_embedded.Value;

    /// <summary>The documents, ordered by their file.</summary>
    public IReadOnlyList<CatalogueDocument> Documents { get; }

    /// <summary>The closed list of features.</summary>
    public IReadOnlyList<Feature> Features { get; }

    /// <summary>All items of all documents.</summary>
    public IEnumerable<Requirement> Items => Documents.SelectMany(document => document.Items);

    /// <summary>Finds an item by its id, such as <c>RFC8489:9.1.3-7</c>.</summary>
    public bool TryFind(string id, [NotNullWhen(true)] out Requirement? requirement) => _byId.TryGetValue(id, out requirement);

    /// <summary>
    /// Reads <c>features.json</c> and each <c>*/requirements.json</c> of a spec folder.
    /// Throws <see cref="CatalogueException"/> when one is missing, unreadable or not of the format.
    /// </summary>
    public static Catalogue FromDirectory(string directory)
    {
        if (!Directory.Exists(directory))
            throw new CatalogueException(directory, "", "there is no such folder.", "Give the folder that holds features.json (spec).");
        string[] folders;
        try
        {
            folders = Directory.GetDirectories(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CatalogueException(directory, "", "the folder cannot be listed.", "Check its permissions.", e);
        }
        Array.Sort(folders, StringComparer.Ordinal);
        var files = folders.Select(folder => Path.Combine(folder, "requirements.json")).Where(File.Exists).ToList();
        if (files.Count == 0)
            throw new CatalogueException(directory, "", "no folder in it has a requirements.json.", "Give the folder that holds features.json (spec).");
        string features = Path.Combine(directory, "features.json");
        return Parse(files.Select(file => (file, ReadFile(file))), (features, ReadFile(features)));
    }

    /// <summary>Reads a catalogue from texts; the names are for messages. Throws <see cref="CatalogueException"/>.</summary>
    public static Catalogue Parse(IEnumerable<(string Name, string Json)> documents, (string Name, string Json) features) =>
        new([.. documents.Select(file => CatalogueReader.ReadDocument(file.Name, file.Json))],
            CatalogueReader.ReadFeatures(features.Name, features.Json));

    private static Catalogue LoadEmbedded()
    {
        var assembly = typeof(Catalogue).Assembly;
        var names = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("spec/", StringComparison.Ordinal) && name.EndsWith("/requirements.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        return Parse(names.Select(name => (name, Resource(name))), ("spec/features.json", Resource("spec/features.json")));

        string Resource(string name)
        {
            using var stream = assembly.GetManifestResourceStream(name)
                ?? throw new CatalogueException(name, "", "it is not embedded in the assembly.", "Build the lab again from a complete checkout.");
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    private static string ReadFile(string file)
    {
        try
        {
            if (new FileInfo(file).Length > CatalogueReader.MaxBytes)
                throw new CatalogueException(file, "", $"it is larger than {CatalogueReader.MaxBytes} bytes.", "Split the document.");
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CatalogueException(file, "", "it cannot be read.", "Check that it is there and readable.", e);
        }
    }
}
