using System.Security.Cryptography;
using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>A system under test behind an adapter in a child process (docs/adapter-protocol.md). A process that crashes, hangs or breaks
/// the protocol costs its open cases; the next case gets a new one.</summary>
/// <remarks>Safe to use from several threads, one session a thread.</remarks>
public sealed class WcapSut : ISut
{
    private readonly WcapCommand _command;
    private readonly WcapOptions _options;
    private readonly RecentLines _log = new();
    private readonly DialogueLog? _introductions;
    private readonly object _gate = new();
    private readonly HashSet<string> _open = [];
    private readonly List<WcapProcess> _processes = [];
    private WcapProcess? _current;
    private bool _disposed;

    private WcapSut(WcapCommand command, WcapOptions options)
    {
        (_command, _options) = (command, options);
        _introductions = options.RecordDialogue ? new DialogueLog() : null;
        _current = Launch(out var info);
        Info = info;
    }

    public SutInfo Info { get; }

    /// <summary>Id of the present process, for messages; null between a crash and the next case.</summary>
    public int? ProcessId
    {
        get
        {
            lock (_gate)
                return _current is { Ended: null } process ? process.ProcessId : null;
        }
    }

    /// <summary>Processes that were started, the first one included.</summary>
    public int Starts { get; private set; }

    /// <summary>The last lines that the adapter wrote for people (stderr, logs).</summary>
    public IReadOnlyList<string> RecentLog => _log.Snapshot();

    /// <summary>Hello and the honesty probe of each start, in the format of <see cref="IDialogueSource"/>; empty unless recording is on.</summary>
    public IReadOnlyList<string> Introductions => _introductions?.Snapshot() ?? [];

    /// <summary>Starts the adapter, exchanges hello and checks that it does not say yes to a feature that does not exist.</summary>
    /// <exception cref="SutStartException">With one or two sentences for the user.</exception>
    public static WcapSut Start(WcapCommand command, WcapOptions? options = null) => new(command, options ?? WcapOptions.Default);

    public ISutSession Begin(string caseId, TimeSpan budget)
    {
        WcapProcess process;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            for (var (name, n) = (caseId, 2); !_open.Add(caseId); n++)
                caseId = $"{name}#{n}"; // the same case twice at a time: events are told apart by this name
            try
            {
                if (_current is not { Ended: null })
                    _current = Launch(out _);
            }
            catch (SutStartException e)
            {
                _open.Remove(caseId);
                return WcapSession.Stillborn(this, new SutReply(SutReplyKind.Crash, null, "no-restart", e.Message), caseId, _options);
            }
            process = _current;
            if (_options.IsolateCases)
                _current = null;
        }
        return WcapSession.Begin(this, process, caseId, budget, _options);
    }

    /// <summary>Ends the processes: bye, end of stdin, kill.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        foreach (var process in _processes)
            process.Dispose();
    }

    internal void Release(string caseId, WcapProcess? process)
    {
        lock (_gate)
            _open.Remove(caseId);
        if (_options.IsolateCases)
            process?.Dispose();
    }

    private WcapProcess Launch(out SutInfo info)
    {
        _processes.RemoveAll(old => old.Ended is not null);
        var process = WcapProcess.Start(_command, _options, _log);
        Starts++;
        try
        {
            info = Introduce(process);
        }
        catch
        {
            process.Kill(new SutReply(SutReplyKind.Crash, null, "refused", "refused at its start"));
            throw;
        }
        _processes.Add(process);
        return process;
    }

    private SutInfo Introduce(WcapProcess process)
    {
        var hello = process.Call("hello", null, Hello.Arguments(), _options.StartDeadline, _introductions);
        if (!hello.IsOk)
            throw Refuse($"did not answer hello ({Describe(hello)})", hello.Kind == SutReplyKind.Crash ? _command.Advice : null);
        if (Hello.Read(hello.Value!, out var why) is not { } info)
            throw Refuse($"answers hello wrongly: {why}");
        var feature = "x-" + RandomNumberGenerator.GetHexString(12, lowercase: true);
        var probe = process.Call("probe", null, new JsonObject { ["feature"] = feature }, _options.CommandDeadline, _introductions);
        return probe.Kind switch
        {
            SutReplyKind.Unsupported => info,
            SutReplyKind.Ok => throw Refuse($"says yes to a feature that does not exist ({feature}), so nothing that it claims can be believed"),
            _ => throw Refuse($"must answer 'unsupported' when asked for an unknown feature ({Describe(probe)})"),
        };
    }

    private SutStartException Refuse(string what, string? advice = null) =>
        new($"{_command.Name}: the adapter {what}.{(advice is null ? "" : " " + advice)}");

    private static string Describe(SutReply reply) =>
        string.Join(": ", new[] { reply.Kind.ToString().ToLowerInvariant(), reply.Reason, reply.Detail }.Where(s => !string.IsNullOrEmpty(s)));
}
