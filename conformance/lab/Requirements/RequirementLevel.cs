namespace WebRtcConformance.Lab.Requirements;

/// <summary>
/// The force of a requirement (RFC 2119, RFC 8174). Synonyms are folded: SHALL and REQUIRED are MUST,
/// RECOMMENDED is SHOULD, OPTIONAL is MAY.
/// </summary>
public enum RequirementLevel
{
    /// <summary>MUST, SHALL, REQUIRED.</summary>
    Must,
    /// <summary>MUST NOT, SHALL NOT.</summary>
    MustNot,
    /// <summary>SHOULD, RECOMMENDED.</summary>
    Should,
    /// <summary>SHOULD NOT, NOT RECOMMENDED.</summary>
    ShouldNot,
    /// <summary>MAY, OPTIONAL.</summary>
    May,
    /// <summary>Void in WebRTC, whatever the base document says. Only as the level in WebRTC.</summary>
    NotUsed,
}

/// <summary>The words of <see cref="RequirementLevel"/> in catalogue files.</summary>
public static class RequirementLevels
{
    private static readonly string[] s_words = ["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "not used"];

    /// <summary>All words, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> Words => s_words;

    /// <summary>The word for a level, such as <c>MUST NOT</c>.</summary>
    public static string Word(this RequirementLevel level) => s_words[(int)level];

    /// <summary>Whether the level leaves no choice: MUST or MUST NOT.</summary>
    public static bool IsAbsolute(this RequirementLevel level) => level is RequirementLevel.Must or RequirementLevel.MustNot;

    /// <summary>Reads a word of a catalogue file. False for anything else, lower case included.</summary>
    public static bool TryParse(string word, out RequirementLevel level)
    {
        int index = Array.IndexOf(s_words, word);
        level = index < 0 ? default : (RequirementLevel)index;
        return index >= 0;
    }
}
