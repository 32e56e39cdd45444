using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Lab.Suts;

/// <summary>The implementations that the suite knows: one folder each, with a sut.json.</summary>
public sealed class SutCatalogue
{
    private SutCatalogue(string folder, IReadOnlyList<SutManifest> all, IReadOnlyList<string> problems) =>
        (Folder, All, Problems) = (folder, all, problems);

    /// <summary>Full path of the folder of folders.</summary>
    public string Folder { get; }

    /// <summary>Every manifest that could be read, by name.</summary>
    public IReadOnlyList<SutManifest> All { get; }

    /// <summary>One message for each manifest that could not be read.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Opens the given folder, or finds conformance/suts above the current folder or above the program.</summary>
    /// <exception cref="SutCatalogueException">There is no such folder.</exception>
    public static SutCatalogue Open(string? folder = null)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw new SutCatalogueException($"There is no folder '{folder}' (--suts-dir).");
        folder ??= Above(Environment.CurrentDirectory) ?? Above(AppContext.BaseDirectory)
            ?? throw new SutCatalogueException(
                "No folder conformance/suts was found above the current folder or above this program; name it with --suts-dir.");
        List<SutManifest> all = [];
        List<string> problems = [];
        foreach (var file in Directory.EnumerateDirectories(folder).Select(f => Path.Combine(f, "sut.json")).Where(File.Exists).Order(StringComparer.Ordinal))
        {
            try
            {
                all.Add(SutManifest.Load(file));
            }
            catch (SutCatalogueException e)
            {
                problems.Add(e.Message);
            }
        }
        return new SutCatalogue(Path.GetFullPath(folder), all, problems);
    }

    /// <summary>The manifest of that name.</summary>
    /// <exception cref="SutCatalogueException">There is none, or it is broken: names the nearest one.</exception>
    public SutManifest Find(string name)
    {
        if (All.FirstOrDefault(m => m.Name == name) is { } found)
            return found;
        if (Problems.FirstOrDefault(p => p.StartsWith(Path.Combine(Folder, name, "sut.json"), StringComparison.Ordinal)) is { } broken)
            throw new SutCatalogueException(broken);
        var nearest = All.Select(m => (m.Name, Distance: Distance(m.Name, name.ToLowerInvariant())))
            .Where(m => m.Distance <= Math.Max(2, m.Name.Length / 3)).OrderBy(m => m.Distance).FirstOrDefault().Name;
        throw new SutCatalogueException($"There is no implementation '{name}'. " + (nearest is not null ? $"Did you mean '{nearest}'?"
            : All.Count == 0 ? $"{Folder} holds none." : $"Known: {string.Join(", ", All.Select(m => m.Name))}."));
    }

    /// <summary>Starts the adapter of that name.</summary>
    /// <exception cref="SutCatalogueException">No such implementation.</exception>
    /// <exception cref="SutStartException">Not installed, not starting, not speaking the protocol, or not honest.</exception>
    public WcapSut Start(string name, WcapOptions? options = null)
    {
        var manifest = Find(name);
        if (manifest.MissingTools is [var tool, ..])
            throw new SutStartException($"{name} needs the program '{tool.Command}', which was not found. {tool.Advice}");
        if (manifest.Missing is [var file, ..])
            throw new SutStartException($"{name} is not installed ({file} does not exist). Install it with: wrc suts install {name}");
        return WcapSut.Start(manifest.ToCommand(), options);
    }

    private static string? Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "conformance", "suts");
            if (Directory.Exists(candidate))
                return candidate;
        }
        return null;
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Distance(string a, string b)
    {
        if (b.Length > 100)
            return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, _) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}
