using System.Diagnostics;

namespace WebRtcConformance.Fuzz.Supervision;

/// <summary>Runs single inputs in a process of its own, so that those that kill it can be run as well. A dead process is started again.</summary>
public sealed class FuzzProbe(WorkerCommand command, string target, string workDirectory, TimeSpan timeout, int memoryLimitMegabytes = 512) : IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(15);
    private WorkerProcess? _worker;
    private bool _ready;

    /// <summary>Runs one input with every oracle; null when none objects.</summary>
    public FuzzFinding? Run(byte[] input)
    {
        var (message, worker) = Ask("run", input);
        if (message is not null) return message.Finding;
        return worker is null ? Deaths.Hang(timeout, input) : Deaths.Explain(worker.ExitCode, worker.ErrorText, input);
    }

    /// <summary>The input decoded for a person.</summary>
    public string Describe(byte[] input) =>
        Ask("describe", input).Message?.Text ?? $"{input.Length} bytes {Convert.ToHexStringLower(input)}\nthe decoder did not survive this input";

    /// <summary>Sends a question. Without an answer: the dead worker, or null when it had to be killed.</summary>
    private (WorkerMessage? Message, WorkerProcess? Dead) Ask(string question, byte[] input)
    {
        var worker = _worker ??= StartWorker();
        worker.Send(question + " " + Convert.ToHexStringLower(input));
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (worker.TryTake(out var message))
            {
                if (message.Kind is "result" or "text") return (message, null);
                // The time of the start does not count.
                if (message.Kind == "ready") watch.Restart();
                _ready |= message.Kind == "ready";
                continue;
            }
            if (worker.HasExited)
            {
                worker.Drain();
                while (worker.TryTake(out message))
                    if (message.Kind is "result" or "text") return (message, null);
                _worker = null;
                return (null, worker);
            }
            if (watch.Elapsed > (_ready ? timeout : StartTime))
            {
                worker.Dispose();
                _worker = null;
                return (null, null);
            }
            Thread.Sleep(watch.ElapsedMilliseconds < 20 ? 0 : 5);
        }
    }

    private WorkerProcess StartWorker()
    {
        _ready = false;
        var file = Path.Combine(workDirectory, "probe.json");
        new WorkerJob { Target = target, Probe = true, ParentProcess = Environment.ProcessId }.Save(file);
        return WorkerProcess.Start(command, file, memoryLimitMegabytes);
    }

    public void Dispose() => _worker?.Dispose();
}
