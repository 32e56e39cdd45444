using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>One case's conversation with an adapter in a child process.</summary>
internal sealed class WcapSession : ISutSession, IDialogueSource, WcapProcess.IEventSink
{
    private readonly WcapSut _owner;
    private readonly WcapProcess? _process;
    private readonly SutReply? _stillborn;
    private readonly string _caseId;
    private readonly WcapOptions _options;
    private readonly TimeSpan _budget;
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<SutEvent> _events = new();
    private bool _abort, _released, _ended;

    private WcapSession(WcapSut owner, WcapProcess? process, SutReply? stillborn, string caseId, TimeSpan budget, WcapOptions options)
    {
        (_owner, _process, _stillborn, _caseId, _budget, _options) = (owner, process, stillborn, caseId, budget, options);
        if (options.RecordDialogue)
            Recorder = new DialogueLog();
    }

    private DialogueLog? Recorder { get; }

    DialogueLog? WcapProcess.IEventSink.Dialogue => Recorder;

    public IReadOnlyList<string> Dialogue => Recorder?.Snapshot() ?? [];

    /// <summary>A session with a process that could not be started again: every command gets the same reply.</summary>
    public static WcapSession Stillborn(WcapSut owner, SutReply reply, string caseId, WcapOptions options) =>
        new(owner, null, reply, caseId, TimeSpan.MaxValue, options);

    public static WcapSession Begin(WcapSut owner, WcapProcess process, string caseId, TimeSpan budget, WcapOptions options)
    {
        var session = new WcapSession(owner, process, null, caseId, budget, options);
        process.Route(caseId, session);
        var reply = session.Call("case.begin", new JsonObject { ["budgetMs"] = Milliseconds(budget) });
        if (reply.IsOk || process.Ended is not null)
            return session;
        session.Dispose(); // an adapter that cannot begin a case gets no commands of it
        return Stillborn(owner, reply with { Detail = $"case.begin: {reply.Detail}" }, caseId, options);
    }

    public SutReply Call(string command, JsonObject? arguments = null, TimeSpan? deadline = null)
    {
        if (_stillborn is not null)
            return _stillborn;
        if (_ended)
            return new SutReply(SutReplyKind.BadRequest, null, "ended", "the case has ended");
        var left = _budget - Stopwatch.GetElapsedTime(_began);
        if (left < TimeSpan.FromMilliseconds(10)) // timers are no finer
            return new SutReply(SutReplyKind.Timeout, null, "budget", $"the case's {Milliseconds(_budget)} ms are used up");
        var wait = deadline ?? _options.CommandDeadline;
        wait = wait < left ? wait : left;
        var reply = _process!.Call(command, _caseId, arguments, wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Recorder);
        _abort |= reply.Kind is SutReplyKind.Timeout or SutReplyKind.Garbage;
        _released |= reply.IsOk && (command is "case.end" or "case.abort");
        return reply;
    }

    public bool TryTakeEvent(out SutEvent sutEvent) => _events.TryDequeue(out sutEvent!);

    bool WcapProcess.IEventSink.Offer(SutEvent sutEvent)
    {
        if (_events.Count >= _options.EventLimit)
            return false;
        _events.Enqueue(sutEvent);
        return true;
    }

    /// <summary>Ends the case. An adapter that does not let go of it is killed, and the next case gets a new one.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        if (!_released && _process is { Ended: null })
        {
            var reply = _process.Call(_abort ? "case.abort" : "case.end", _caseId, null, _options.CommandDeadline, Recorder);
            if (!reply.IsOk && _process.Ended is null)
                _process.Kill(new SutReply(SutReplyKind.Crash, null, "killed", $"it did not end the case {_caseId}: {reply.Detail}"));
        }
        _process?.Unroute(_caseId);
        _owner.Release(_caseId, _process);
    }

    private static long Milliseconds(TimeSpan time) => (long)Math.Min(time.TotalMilliseconds, int.MaxValue);
}
