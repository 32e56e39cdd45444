namespace WebRtcConformance.Generator.Notation;

/// <summary>The project's own spec files, as the tests see them.</summary>
internal static class SpecFiles
{
    public static string Folder { get; } = Find();

    public static IReadOnlyList<(string Path, string Text)> All { get; } = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories)
        .Where(p => p.EndsWith(".pdu", StringComparison.Ordinal) || p.EndsWith(".tls", StringComparison.Ordinal)).OrderBy(p => p, StringComparer.Ordinal).Select(p => (Path.GetRelativePath(Folder, p).Replace('\\', '/'), File.ReadAllText(p))).ToArray();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "WebRtcConformance.sln"))) folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder ?? throw new InvalidOperationException("the tests run outside the repository"), "spec");
    }
}
