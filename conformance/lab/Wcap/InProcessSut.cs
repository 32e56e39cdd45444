using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>A system under test in this process: the same commands and events as over stdio, without a child, threads or waiting.</summary>
/// <remarks>Objects pass through their text, so that both sides see the same numbers and strings as over stdio, and never each other's
/// objects (JsonNode will not read a long from an int that code has put in). Takes the handler over and disposes it if it can be. Sessions may be used from several threads; the handler sees one at a time.</remarks>
public sealed class InProcessSut(IWcapHandler handler) : ISut
{
    private readonly object _gate = new();
    private readonly Dictionary<string, Session> _open = [];

    public SutInfo Info => handler.Info;

    /// <summary>Keeps each session's dialogue (<see cref="IDialogueSource"/>).</summary>
    public bool RecordDialogue { get; init; }

    public ISutSession Begin(string caseId, TimeSpan budget)
    {
        lock (_gate)
        {
            var name = caseId;
            for (var n = 2; _open.ContainsKey(name); n++)
                name = $"{caseId}#{n}";
            var session = new Session(this, name, RecordDialogue ? new DialogueLog() : null);
            _open.Add(name, session);
            var reply = session.Call("case.begin",
                new JsonObject { ["budgetMs"] = (long)Math.Min(budget.TotalMilliseconds, int.MaxValue) });
            if (!reply.IsOk)
                session.Refuse(reply with { Detail = $"case.begin: {reply.Detail}" });
            return session;
        }
    }

    public void Dispose() => (handler as IDisposable)?.Dispose();

    private SutReply Carry(string caseId, string command, JsonObject arguments)
    {
        try
        {
            return WcapCommands.Carry(handler, caseId, command, arguments);
        }
        catch (Exception e)
        {
            // What would end an adapter's process ends the case here.
            return new SutReply(SutReplyKind.Crash, null, "exception-" + e.GetType().Name, "dotnet-unhandled: " + e);
        }
    }

    private static JsonObject? ThroughText(JsonObject? value) => value is null ? null : (JsonObject?)JsonNode.Parse(value.ToJsonString());

    private void TakeEvents()
    {
        handler.Idle();
        while (handler.TryTakeEvent(out var taken))
        {
            if (_open.TryGetValue(taken.CaseId, out var session))
                session.Offer(taken.Event);
        }
    }

    private sealed class Session(InProcessSut owner, string caseId, DialogueLog? recorder) : ISutSession, IDialogueSource
    {
        private readonly Queue<SutEvent> _events = new();
        private SutReply? _broken;
        private bool _released, _ended;
        private long _lastId;

        public IReadOnlyList<string> Dialogue => recorder?.Snapshot() ?? [];

        public SutReply Call(string command, JsonObject? arguments = null, TimeSpan? deadline = null)
        {
            lock (owner._gate)
            {
                if (_broken is not null)
                    return _broken;
                if (_ended)
                    return new SutReply(SutReplyKind.BadRequest, null, "ended", "the case has ended");
                var copy = ThroughText(arguments) ?? [];
                recorder?.Sent(WcapText.Command(++_lastId, command, caseId, copy, null));
                var reply = owner.Carry(caseId, command, copy);
                reply = reply with { Value = ThroughText(reply.Value) };
                recorder?.Received(WcapText.Answer(_lastId, reply));
                if (reply.Kind == SutReplyKind.Crash)
                    _broken = reply;
                _released |= reply.IsOk && (command is "case.end" or "case.abort");
                return reply;
            }
        }

        public bool TryTakeEvent(out SutEvent sutEvent)
        {
            lock (owner._gate)
            {
                if (_broken is null && !_ended)
                {
                    try
                    {
                        owner.TakeEvents();
                    }
                    catch (Exception e)
                    {
                        _broken = new SutReply(SutReplyKind.Crash, null, "exception-" + e.GetType().Name, "dotnet-unhandled: " + e);
                    }
                }
                return _events.TryDequeue(out sutEvent!);
            }
        }

        public void Offer(SutEvent sutEvent)
        {
            recorder?.Received(WcapText.Event(caseId, sutEvent));
            _events.Enqueue(sutEvent with { Data = ThroughText(sutEvent.Data)! });
        }

        public void Refuse(SutReply reply) => _broken = reply;

        public void Dispose()
        {
            lock (owner._gate)
            {
                if (_ended)
                    return;
                if (_broken is null && !_released)
                    Call("case.end");
                else if (!_released)
                    owner.Carry(caseId, "case.abort", []);
                _ended = true;
                owner._open.Remove(caseId);
            }
        }
    }
}
