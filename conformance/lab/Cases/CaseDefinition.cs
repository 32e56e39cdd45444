namespace WebRtcConformance.Lab.Cases;

/// <summary>One case with its parameters bound: what the runner runs and reports.</summary>
public sealed record CaseDefinition
{
    /// <summary>Slug and parameters, e.g. "stun/request/bad-integrity[ipv6,controlled]".</summary>
    public required string Id { get; init; }
    /// <summary>The id without parameters.</summary>
    public required string Slug { get; init; }
    public required string About { get; init; }
    public required IReadOnlyList<string> Requirements { get; init; }
    public IReadOnlyList<string> Needs { get; init; } = [];
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
    public CaseLevel Level { get; init; } = CaseLevel.Wire;
    public bool Fresh { get; init; }
    public required Action<Lab> Body { get; init; }

    /// <summary>First part of the slug, e.g. "stun".</summary>
    public string Area => Slug[..Slug.IndexOf('/')];
}
