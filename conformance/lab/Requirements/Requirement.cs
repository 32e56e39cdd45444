namespace WebRtcConformance.Lab.Requirements;

/// <summary>One requirement of one document, in our words: an item of a requirements.json (docs/requirements.md).</summary>
public sealed record Requirement
{
    /// <summary>The permanent name; section and ordinal are part of it.</summary>
    public required RequirementId Id { get; init; }
    /// <summary>First 12 hexadecimal digits of the SHA-256 of the normalised sentence (<see cref="RfcText"/>). Null for drawings.</summary>
    public string? Digest { get; init; }
    /// <summary>One of <see cref="Vocabulary.Origins"/>.</summary>
    public required string Origin { get; init; }
    /// <summary>The force that the document itself gives.</summary>
    public required RequirementLevel Level { get; init; }
    /// <summary>The force after the WebRTC documents have spoken.</summary>
    public required RequirementLevel LevelInWebRtc { get; init; }
    /// <summary>Who has to obey; of <see cref="Vocabulary.Actors"/>.</summary>
    public required IReadOnlyList<string> Actors { get; init; }
    /// <summary>The condition under which it applies; empty means always.</summary>
    public required string When { get; init; }
    /// <summary>The requirement in one sentence of ours.</summary>
    public required string Gist { get; init; }
    /// <summary>The nearest place from which it can be tested.</summary>
    public required Testability Testability { get; init; }
    /// <summary>Why it cannot be tested; of <see cref="Vocabulary.Reasons"/>. Null when it can.</summary>
    public string? Why { get; init; }
    /// <summary>What a test looks at. Empty when there is none.</summary>
    public string Observable { get; init; } = "";
    /// <summary>What an implementation must have for the item to apply; ids of spec/features.json.</summary>
    public required IReadOnlyList<string> Features { get; init; }
    /// <summary>Saboteurs of the reference that break it.</summary>
    public required IReadOnlyList<string> Quirks { get; init; }
    /// <summary>Why no saboteur breaks it yet.</summary>
    public string? Quirkless { get; init; }
    /// <summary>One of <see cref="Vocabulary.Oracles"/>.</summary>
    public required string Oracle { get; init; }
    /// <summary>Requirements that say the same or lean on this one.</summary>
    public required IReadOnlyList<RequirementId> Related { get; init; }
    /// <summary>Anything a reader of a verdict should know.</summary>
    public string? Note { get; init; }

    /// <summary>Whether a program can test it and WebRTC uses it: the denominator of coverage.</summary>
    public bool IsTestable => Testability < Testability.Review && LevelInWebRtc != RequirementLevel.NotUsed;

    /// <summary>Why it is not in the denominator; null when it is.</summary>
    public string? UntestableBecause =>
        IsTestable ? null : Testability >= Testability.Review ? Why ?? "no reason given" : "not used in WebRTC";
}

/// <summary>What a system under test can claim to have (spec/features.json).</summary>
/// <param name="Id">Such as <c>stun.fingerprint</c>.</param>
/// <param name="Summary">One line with its source.</param>
/// <param name="Values">The values of a claim that is not just yes or no; empty otherwise.</param>
public sealed record Feature(string Id, string Summary, IReadOnlyList<string> Values);

/// <summary>All requirements of the covered sections of one document.</summary>
public sealed record CatalogueDocument
{
    /// <summary>Where it was read, for messages.</summary>
    public required string File { get; init; }
    /// <summary>The prefix of its ids, such as <c>RFC8489</c>.</summary>
    public required string Doc { get; init; }
    /// <summary>Its title.</summary>
    public required string Title { get; init; }
    /// <summary>Year and month, such as <c>2020-02</c>.</summary>
    public required string Edition { get; init; }
    /// <summary>The covered sections, number and heading, in order. A subsection that is not listed is not covered.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Scope { get; init; }
    /// <summary>Kind and version of the text that the digests were taken from.</summary>
    public required string Source { get; init; }
    /// <summary>The items in the order of the text.</summary>
    public required IReadOnlyList<Requirement> Items { get; init; }
}
