namespace WebRtcConformance.Lab.Requirements;

/// <summary>The nearest place from which a requirement can be seen to hold or to be broken.</summary>
public enum Testability
{
    /// <summary>One call of an encoder or decoder.</summary>
    Codec,
    /// <summary>A machine in virtual time: timers, internal events.</summary>
    Machine,
    /// <summary>A peer on the wire that knows the credentials.</summary>
    Wire,
    /// <summary>The programming interface or its statistics.</summary>
    Api,
    /// <summary>True by a type or by generation; nothing to run.</summary>
    Static,
    /// <summary>A measurement.</summary>
    Performance,
    /// <summary>A human being who reads. Not counted as testable.</summary>
    Review,
    /// <summary>Not testable by nature; the item says why.</summary>
    None,
}

/// <summary>The closed lists of the catalogue format (docs/requirements.md says what each word means).</summary>
public static class Vocabulary
{
    /// <summary>Who has to obey.</summary>
    public static IReadOnlyList<string> Actors { get; } =
    [
        "stun.client", "stun.server", "turn.client", "turn.server",
        "ice.agent", "ice.controlling", "ice.controlled", "ice.lite",
        "dtls.client", "dtls.server", "srtp.sender", "srtp.receiver", "rtp.sender", "rtp.receiver", "rtcp",
        "sctp", "dcep.opener", "dcep.acceptor", "sdp.offerer", "sdp.answerer", "jsep", "browser", "app", "iana", "spec",
    ];

    /// <summary>What kind of text the item stands for.</summary>
    public static IReadOnlyList<string> Origins { get; } =
        ["keyword", "prose", "algorithm-step", "table", "drawing", "abnf", "idl"];

    /// <summary>How a test decides.</summary>
    public static IReadOnlyList<string> Oracles { get; } =
        ["assert", "differential", "statistics", "measure", "proof", "inspection", "none"];

    /// <summary>Why an item is not testable, or only by reading.</summary>
    public static IReadOnlyList<string> Reasons { get; } =
    [
        "application", "configuration", "human-judgement", "iana", "permission", "secret-randomness",
        "spec-author", "statement", "superseded", "unobservable",
    ];

    internal static string Word(this Testability testability) => testability.ToString().ToLowerInvariant();

    internal static bool TryParse(string word, out Testability testability)
    {
        foreach (var value in Enum.GetValues<Testability>())
        {
            testability = value;
            if (value.Word() == word)
                return true;
        }
        testability = default;
        return false;
    }
}
