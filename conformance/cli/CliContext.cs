using WebRtcConformance.Lab.Requirements;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Reports;

namespace WebRtcConformance.Cli;

/// <summary>The world as the command line sees it, so that tests can give it another one.</summary>
public sealed record CliContext
{
    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }
    public required TextReader In { get; init; }
    /// <summary>Standard output is a terminal: progress and colours are welcome.</summary>
    public bool Terminal { get; init; }
    public Func<string, string?> Environment { get; init; } = _ => null;
    public required DateOnly Today { get; init; }
    /// <summary>Made when a command needs it: finding all cases costs time.</summary>
    public required Func<ISuite> OpenSuite { get; init; }
    /// <summary>Opens the catalogue of implementations; null = found from here upward.</summary>
    public Func<string?, SutCatalogue> OpenSuts { get; init; } = SutCatalogue.Open;
    public IRequirementText Requirements { get; init; } = CatalogueText.Instance;
    public CancellationToken Stop { get; init; }

    public bool Colours => Terminal && string.IsNullOrEmpty(Environment("NO_COLOR"));
    public bool Trace => Lab.Running.Tracing.Wanted(Environment);
    public bool InCi => Environment("CI") is { Length: > 0 } ci && !ci.Equals("false", StringComparison.OrdinalIgnoreCase) && ci != "0";
}

/// <summary>The catalogue's words for reports.</summary>
public sealed class CatalogueText : IRequirementText
{
    public static readonly CatalogueText Instance = new();

    private readonly Lazy<Dictionary<(string, string), string>> _headings = new(() => Catalogue.Embedded.Documents
        .SelectMany(d => d.Scope.Select(s => (Key: (d.Doc, s.Key), s.Value)))
        .DistinctBy(x => x.Key).ToDictionary(x => x.Key, x => x.Value));

    public RequirementText? Find(string id) => Catalogue.Embedded.TryFind(id, out Requirement? found)
        ? new(id, found.Gist, found.LevelInWebRtc.Word(), _headings.Value.GetValueOrDefault((found.Id.Document, found.Id.Section), ""))
        : null;
}
