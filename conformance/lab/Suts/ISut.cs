using System.Text.Json.Nodes;

namespace WebRtcConformance.Lab.Suts;

/// <summary>A system under test. The reference in this process and an adapter in a child process look the same: commands and events of the
/// adapter protocol (docs/adapter-protocol.md).</summary>
public interface ISut : IDisposable
{
    SutInfo Info { get; }

    /// <summary>Starts a case. Commands of one case go to its session only.</summary>
    ISutSession Begin(string caseId, TimeSpan budget);
}

/// <summary>One case's conversation with a system under test.</summary>
public interface ISutSession : IDisposable
{
    /// <summary>Sends a command and waits for the answer. Never throws for anything the system under test does.</summary>
    SutReply Call(string command, JsonObject? arguments = null, TimeSpan? deadline = null);

    /// <summary>Takes the next event (peer.state, peer.candidate ...) if there is one; never waits.</summary>
    bool TryTakeEvent(out SutEvent sutEvent);
}

/// <summary>What the system under test says of itself in its hello.</summary>
public sealed record SutInfo
{
    public required string Name { get; init; }
    public string? Version { get; init; }
    public string? Language { get; init; }
    public string? Adapter { get; init; }
    public string? AdapterVersion { get; init; }
    /// <summary>"codec", "machine", "wire", "api".</summary>
    public IReadOnlyList<string> Levels { get; init; } = [];
    /// <summary>Feature id to claim: "yes", "no", "partial", or a list of values joined by a comma. Absent = unknown.</summary>
    public IReadOnlyDictionary<string, string> Features { get; init; } = new Dictionary<string, string>();
    /// <summary>Packets of one socket are processed in the order of arrival, so that an answered later packet proves that an earlier one was seen.</summary>
    public bool Ordered { get; init; } = true;
    /// <summary>Cases that may run at once.</summary>
    public int Concurrency { get; init; } = 1;
    /// <summary>Addresses it can be reached on, e.g. "127.0.0.1", "::1".</summary>
    public IReadOnlyList<string> Bind { get; init; } = ["127.0.0.1"];
    public bool VirtualTime { get; init; }
}

/// <summary>How a command ended.</summary>
public enum SutReplyKind
{
    Ok,
    /// <summary>The implementation or its adapter cannot do this.</summary>
    Unsupported,
    /// <summary>The implementation looked at the input and refused it: a legal result.</summary>
    Rejected,
    /// <summary>The implementation tried and broke.</summary>
    Failed,
    /// <summary>The runner's command was wrong: the suite's own fault.</summary>
    BadRequest,
    /// <summary>No answer in time, but the adapter answers ping.</summary>
    Timeout,
    /// <summary>No answer in time, and none to ping.</summary>
    Hang,
    /// <summary>The adapter's process ended.</summary>
    Crash,
    /// <summary>The adapter broke the protocol: not JSON, wrong shape, an over-long line.</summary>
    Garbage,
}

/// <param name="Value">The "ok" object.</param>
/// <param name="Reason">For <see cref="SutReplyKind.Rejected"/>: one of the closed list (docs/adapter-protocol.md); for a crash: "exit-3", "signal-11".</param>
/// <param name="Detail">For a person; never decides a verdict.</param>
public sealed record SutReply(SutReplyKind Kind, JsonObject? Value = null, string? Reason = null, string? Detail = null)
{
    public bool IsOk => Kind == SutReplyKind.Ok;
}

/// <summary>An unsolicited message of the system under test.</summary>
/// <param name="Name">e.g. "peer.state".</param>
public sealed record SutEvent(string Name, string? Peer, JsonObject Data);
