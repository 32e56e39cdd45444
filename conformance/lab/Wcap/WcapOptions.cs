namespace WebRtcConformance.Lab.Wcap;

/// <summary>What to start: an adapter's command line.</summary>
/// <param name="Name">Name of the system under test, for messages.</param>
/// <param name="Command">A path, or a name that is looked up in PATH.</param>
public sealed record WcapCommand(string Name, string Command, params IReadOnlyList<string> Arguments)
{
    /// <summary>Working folder; the current one when null.</summary>
    public string? Folder { get; init; }

    /// <summary>Environment variables to add.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>One sentence that tells the user what to do when the command is missing, e.g. "Install it: wrc suts install werift".</summary>
    public string? Advice { get; init; }
}

/// <summary>Limits of the conversation with an adapter.</summary>
public sealed record WcapOptions
{
    public static WcapOptions Default { get; } = new();

    /// <summary>For the process to start and answer hello: long, because interpreters load slowly on a busy machine, and nothing is judged by it.</summary>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For a command whose caller gives none.</summary>
    public TimeSpan CommandDeadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For the ping that tells a timeout from a hang.</summary>
    public TimeSpan PingDeadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For an orderly end (bye, end of stdin) before the process is killed.</summary>
    public TimeSpan EndDeadline { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For a process that has closed its standard output to end, too: its exit code says why.</summary>
    public TimeSpan ExitDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest protocol line in bytes.</summary>
    public int LineLimit { get; init; } = 4 * 1024 * 1024;

    /// <summary>Events of one case that may wait to be taken.</summary>
    public int EventLimit { get; init; } = 10_000;

    /// <summary>A process for each case, so that exactly one case can be blamed for its end.</summary>
    public bool IsolateCases { get; init; }

    /// <summary>Keeps each session's dialogue (<see cref="IDialogueSource"/>).</summary>
    public bool RecordDialogue { get; init; }
}

/// <summary>The system under test cannot be used at all: not installed, not starting, not speaking the protocol, or not honest.</summary>
public sealed class SutStartException(string message) : Exception(message);
