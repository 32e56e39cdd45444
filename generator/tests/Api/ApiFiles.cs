using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator.Api;

/// <summary>The project's own Web IDL files, as the tests see them.</summary>
internal static class ApiFiles
{
    public static IReadOnlyList<(string Path, string Text)> All { get; } = Directory.GetFiles(Notation.SpecFiles.Folder, "*.webidl", SearchOption.AllDirectories)
        .OrderBy(p => p, StringComparer.Ordinal).Select(p => (Path.GetRelativePath(Notation.SpecFiles.Folder, p).Replace('\\', '/'), File.ReadAllText(p))).ToArray();

    private static readonly Lazy<(IReadOnlyList<ApiSpec> Specs, IReadOnlyList<SpecDiagnostic> Diagnostics)> Loaded = new(() => WebIdl.ApiLibrary.Load(All));

    public static IReadOnlyList<ApiSpec> Specs => Loaded.Value.Specs;
    public static IReadOnlyList<SpecDiagnostic> Diagnostics => Loaded.Value.Diagnostics;

    /// <summary>Links one text on its own.</summary>
    public static ApiSpec Link(string text)
    {
        var (specs, diagnostics) = WebIdl.ApiLibrary.Load([("x/test.webidl", text)]);
        Assert.Equal([], diagnostics);
        return Assert.Single(specs);
    }
}
