using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using WebRtcConformance.Lab.Suts;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>One life of an adapter's process: sends commands, matches answers, routes events, and says how it ended.</summary>
/// <remarks>Three threads: one starts the process and reads its stdout, one reads stderr, one writes stdin (an adapter that stops reading
/// blocks nobody else). Every end goes through <see cref="End"/>, once.</remarks>
internal sealed class WcapProcess : IDisposable
{
    private readonly WcapOptions _options;
    private readonly RecentLines _log;
    private readonly object _gate = new();
    private readonly Dictionary<long, PendingCall> _pending = [];
    private readonly HashSet<long> _late = [];
    private readonly Dictionary<string, IEventSink> _sinks = [];
    private readonly BlockingCollection<byte[]> _outgoing = [];
    private readonly ManualResetEventSlim _reaped = new();
    private readonly Process _process;
    private long _lastId;
    private SutReply? _end;
    private bool _draining;

    /// <summary>Receives a case's events, on the reader's thread.</summary>
    internal interface IEventSink
    {
        DialogueLog? Dialogue { get; }

        /// <returns>False when more are waiting than is reasonable.</returns>
        bool Offer(SutEvent sutEvent);
    }

    private WcapProcess(Process process, WcapOptions options, RecentLines log)
    {
        _process = process;
        ProcessId = process.Id;
        _options = options;
        _log = log;
    }

    /// <summary>How the process ended, or null while it lives.</summary>
    public SutReply? Ended
    {
        get
        {
            lock (_gate)
                return _end;
        }
    }

    public int ProcessId { get; }

    /// <exception cref="SutStartException">The program is missing or cannot be executed.</exception>
    public static WcapProcess Start(WcapCommand command, WcapOptions options, RecentLines log)
    {
        var started = new TaskCompletionSource<WcapProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        Background("wcap-stdout", () =>
        {
            WcapProcess process;
            try
            {
                process = new WcapProcess(ChildProcess.Start(command), options, log);
            }
            catch (Exception e)
            {
                started.SetException(e);
                return;
            }
            var errors = Background("wcap-stderr", process.ReadErrors);
            Background("wcap-stdin", process.Write);
            started.SetResult(process);
            process.ReadAnswers(errors); // the thread that started the process stays with it to its end: see ChildProcess.Start
        });
        return started.Task.GetAwaiter().GetResult();
    }

    /// <summary>Sends a command and waits. A missed deadline is followed by a ping: <see cref="SutReplyKind.Timeout"/> if it is answered,
    /// otherwise <see cref="SutReplyKind.Hang"/> and the process is killed.</summary>
    public SutReply Call(string command, string? caseId, JsonObject? arguments, TimeSpan deadline, DialogueLog? dialogue)
    {
        var call = Send(command, caseId, arguments, deadline, dialogue);
        if (call.Wait(deadline) is { } reply)
            return reply;
        var milliseconds = (long)deadline.TotalMilliseconds;
        if (Abandon(call) is { } end)
            return end;
        var ping = Send("ping", null, null, _options.PingDeadline, dialogue);
        switch (ping.Wait(_options.PingDeadline))
        {
            case { Kind: SutReplyKind.Crash or SutReplyKind.Garbage or SutReplyKind.Hang } broken:
                return broken;
            case not null:
                return new SutReply(SutReplyKind.Timeout, null, "no-answer", $"{command} was not answered in {milliseconds} ms; ping was");
        }
        if (Abandon(ping) is { } ended)
            return ended;
        return Kill(new SutReply(SutReplyKind.Hang, null, "no-answer",
            $"{command} was not answered in {milliseconds} ms, nor ping in {(long)_options.PingDeadline.TotalMilliseconds} ms"));
    }

    public void Route(string caseId, IEventSink sink)
    {
        lock (_gate)
            _sinks[caseId] = sink;
    }

    public void Unroute(string caseId)
    {
        lock (_gate)
            _sinks.Remove(caseId);
    }

    /// <summary>Ends the process at once.</summary>
    /// <returns>How the process ended: the given reply, unless it had ended before.</returns>
    public SutReply Kill(SutReply because)
    {
        var end = End(because);
        ChildProcess.KillTree(_process);
        _reaped.Wait(_options.EndDeadline);
        return end;
    }

    /// <summary>Ends the process in good order: bye, end of stdin, and after the deadline a kill.</summary>
    public void Dispose()
    {
        if (Ended is null)
            Send("bye", null, null, _options.EndDeadline, null).Wait(_options.EndDeadline);
        _outgoing.CompleteAdding();
        if (!_reaped.Wait(_options.EndDeadline))
            Kill(new SutReply(SutReplyKind.Hang, null, "no-end", "it did not end when its stdin ended"));
        End(new SutReply(SutReplyKind.Crash, null, "closed", "the conversation is over"));
    }

    private PendingCall Send(string command, string? caseId, JsonObject? arguments, TimeSpan deadline, DialogueLog? dialogue)
    {
        var call = new PendingCall(Interlocked.Increment(ref _lastId), dialogue);
        var json = WcapText.Command(call.Id, command, caseId, arguments, deadline);
        lock (_gate)
        {
            if (_end is not null)
            {
                call.Complete(_end);
                return call;
            }
            _pending.Add(call.Id, call);
            dialogue?.Sent(json); // before the answer can come
            if (!_outgoing.IsAddingCompleted)
                _outgoing.Add(Encoding.UTF8.GetBytes(json + "\n"));
        }
        return call;
    }

    /// <summary>Stops waiting for an answer; one that comes later is ignored.</summary>
    /// <returns>How the process ended, if it did so in the meantime; waits for a crash that is being looked into.</returns>
    private SutReply? Abandon(PendingCall call)
    {
        bool draining;
        lock (_gate)
        {
            if (_end is not null)
                return _end;
            if (_pending.Remove(call.Id))
                _late.Add(call.Id);
            draining = _draining;
        }
        if (draining)
            _reaped.Wait(_options.EndDeadline * 3);
        return Ended;
    }

    private SutReply End(SutReply reply)
    {
        List<PendingCall> open;
        lock (_gate)
        {
            if (_end is not null)
                return _end;
            _end = reply;
            open = [.. _pending.Values];
            _pending.Clear();
            _sinks.Clear();
        }
        if (!_outgoing.IsAddingCompleted)
            _outgoing.CompleteAdding();
        foreach (var call in open)
            call.Complete(reply);
        return reply;
    }

    private void ReadAnswers(Thread errors)
    {
        var reader = new LineReader(_process.StandardOutput.BaseStream, _options.LineLimit);
        while (reader.TryRead(out var line, out var overlong))
        {
            if (line.IsEmpty || line[0] != (byte)'{')
                _log.Add(Encoding.UTF8.GetString(line[..Math.Min(line.Length, 4096)]));
            else if (overlong)
                Reject($"a line longer than {_options.LineLimit} bytes");
            else if (Ended is null)
                Dispatch(line);
        }
        lock (_gate)
            _draining = true;
        var exited = _process.WaitForExit(_options.ExitDeadline);
        if (exited)
            errors.Join(_options.EndDeadline); // the last words are worth a moment
        End(CrashReport.Reply(exited ? _process.ExitCode : null, _log.Snapshot()));
        ChildProcess.KillTree(_process);
        _reaped.Set();
        _process.Dispose();
    }

    private void Dispatch(ReadOnlySpan<byte> line)
    {
        switch (WcapMessage.Parse(line))
        {
            case WcapMessage.Answer answer:
                PendingCall? call;
                lock (_gate)
                {
                    if (!_pending.Remove(answer.Id, out call) && _late.Remove(answer.Id))
                        return; // too late: its caller was told so
                }
                if (call is null)
                {
                    Reject($"an answer to command {answer.Id}, which is not open");
                    return;
                }
                call.Dialogue?.Received(Encoding.UTF8.GetString(line));
                call.Complete(answer.Reply);
                return;
            case WcapMessage.Event { Value.Name: "log" } log:
                _log.Add(WcapMessage.Text(log.Value.Data["text"]) ?? "");
                return;
            case WcapMessage.Event { Case: { } caseId } routed:
                IEventSink? sink;
                lock (_gate)
                    sink = _sinks.GetValueOrDefault(caseId); // none: the case has ended, its last events are of no interest
                sink?.Dialogue?.Received(Encoding.UTF8.GetString(line));
                if (sink?.Offer(routed.Value) == false)
                    Reject($"more than {_options.EventLimit} events of one case wait to be taken");
                return;
            case WcapMessage.Broken broken:
                Reject($"{broken.Why}: {Encoding.UTF8.GetString(line[..Math.Min(line.Length, 120)])}");
                return;
        }
    }

    // Nothing that an adapter says after breaking the protocol can be trusted.
    private void Reject(string what)
    {
        if (End(new SutReply(SutReplyKind.Garbage, null, "protocol", what)).Kind == SutReplyKind.Garbage)
            ChildProcess.KillTree(_process);
    }

    private void ReadErrors()
    {
        var reader = new LineReader(_process.StandardError.BaseStream, 8 * 1024);
        while (reader.TryRead(out var line, out _))
            _log.Add(Encoding.UTF8.GetString(line));
    }

    private void Write()
    {
        var stream = _process.StandardInput.BaseStream;
        try
        {
            foreach (var message in _outgoing.GetConsumingEnumerable())
            {
                stream.Write(message);
                stream.Flush();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process has ended; its reader says how.
        }
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
        }
    }

    private static Thread Background(string name, Action body)
    {
        var thread = new Thread(() => body()) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }
}
