using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using WebRtcConformance.Fuzz.Coverage;

namespace WebRtcConformance.Fuzz.Supervision;

/// <summary>The worker process: the hidden command "fuzz-worker JOB.json". It runs the target's code, so it may die at any moment; everything it
/// learns goes to the supervisor at once.</summary>
public static class FuzzWorker
{
    /// <summary>Name of the hidden command.</summary>
    public const string Command = "fuzz-worker";

    private static readonly BlockingCollection<string> Lines = [];
    private static readonly Lock OutputLock = new();
    private static volatile bool _stop;

    /// <summary>Runs a job to its end; returns the exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments)
    {
        WorkerJob? job = null;
        try
        {
            if (arguments.Count == 1) job = WorkerJob.Load(arguments[0]);
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{Command}: {exception.Message}");
        }
        if (job is null || FuzzTargets.Find(job.Target) is not { } target)
        {
            Console.Error.WriteLine($"{Command} is started by the fuzzer itself, not by hand");
            return 2;
        }
        ParentWatch.Ask(job.ParentProcess);
        // Ctrl-C reaches the whole terminal; the supervisor decides what it means.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        new Thread(ReadInput) { IsBackground = true, Name = "standard input" }.Start();
        if (job.Probe) Probe(target);
        else Fuzz(job, target);
        return 0;
    }

    private static void ReadInput()
    {
        while (Console.In.ReadLine() is { } line)
        {
            if (line == "stop") _stop = true;
            else Lines.Add(line);
        }
        Environment.Exit(0);
    }

    private static void Send(WorkerMessage message)
    {
        var line = JsonSerializer.Serialize(message);
        lock (OutputLock)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }

    /// <summary>Answers "run HEX" and "describe HEX", one line each.</summary>
    private static void Probe(IFuzzTarget target)
    {
        Send(new() { Kind = "ready" });
        foreach (var line in Lines.GetConsumingEnumerable())
        {
            var parts = line.Split(' ');
            var bytes = Convert.FromHexString(parts[1]);
            switch (parts[0])
            {
                case "run": Send(new() { Kind = "result", Finding = FuzzReplay.Run(target, bytes) }); break;
                case "describe": Send(new() { Kind = "text", Text = FuzzReplay.Describe(target, bytes) }); break;
            }
        }
    }

    private static void Fuzz(WorkerJob job, IFuzzTarget target)
    {
        using var journal = FuzzJournal.Create(job.Journal!, job.MaxLength);
        var counters = InstrumentedCode.Find();
        var settings = new FuzzEngineSettings { Seed = job.Seed, MaxLength = job.MaxLength, SampleEvery = job.SampleEvery, Skip = ReadAll(job.Skip).ToArray() };
        var engine = new FuzzEngine(target, settings, journal, counters);
        engine.Found += finding => Send(new() { Kind = "finding", Finding = finding });
        var seen = new HashSet<string>();
        Seed(job, target, engine, seen);
        if (job.Corpus is not null) engine.Kept += bytes => Write(job.Corpus, bytes, seen);
        Loop(job, engine, counters, seen);
        Send(new() { Kind = "done" });
    }

    private static void Seed(WorkerJob job, IFuzzTarget target, FuzzEngine engine, HashSet<string> seen)
    {
        foreach (var (_, bytes) in FuzzFiles.Shipped(target.Name, "regressions")) engine.Add(bytes);
        foreach (var (_, bytes) in FuzzFiles.Shipped(target.Name, "seeds")) engine.Add(bytes);
        foreach (var bytes in target.Seeds) engine.Add(bytes);
        foreach (var bytes in Fresh(job.Corpus, seen)) engine.Add(bytes);
    }

    private static void Loop(WorkerJob job, FuzzEngine engine, CounterRegions counters, HashSet<string> seen)
    {
        const double statsEvery = 0.5, shareEvery = 5;
        var watch = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        var start = engine.Executions;
        double statsAt = 0, shareAt = shareEvery;
        var batch = 256L;
        while (!_stop)
        {
            if (job.Runs is { } runs)
            {
                if (engine.Executions - start >= runs) break;
                batch = Math.Min(batch, runs - (engine.Executions - start));
            }
            var before = watch.Elapsed.TotalSeconds;
            engine.Run(batch);
            var now = watch.Elapsed.TotalSeconds;
            batch = now - before < 0.02 ? Math.Min(batch * 2, 1 << 20) : Math.Max(batch / 2, 1);
            if (now >= statsAt)
            {
                statsAt = now + statsEvery;
                SendStats();
            }
            if (!job.Share || now < shareAt) continue;
            shareAt = now + shareEvery;
            foreach (var bytes in Fresh(job.Corpus, seen)) engine.Add(bytes);
        }
        SendStats();

        void SendStats() => Send(new()
        {
            Kind = "stats",
            Stats = new()
            {
                Executions = engine.Executions, Accepted = engine.Accepted, Corpus = engine.Corpus.Entries.Count,
                Features = engine.Features.Count, Blocks = counters.Covered, TotalBlocks = counters.Total, Findings = engine.Findings,
                LoopCpu = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, LoopTime = watch.Elapsed.TotalSeconds,
                LoopExecutions = engine.Executions - start,
                Oracles = engine.Oracles,
            },
        });
    }

    private static void Write(string directory, byte[] bytes, HashSet<string> seen)
    {
        var name = FuzzFinding.HashOf(bytes);
        if (!seen.Add(name)) return;
        try
        {
            // Written aside first, so that no other worker reads half a file.
            var temporary = Path.Combine(directory, $".{Environment.ProcessId}.tmp");
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, Path.Combine(directory, name), overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Send(new() { Kind = "error", Text = $"cannot keep an input: {exception.Message}" });
        }
    }

    /// <summary>The inputs of the folder that were not seen before.</summary>
    private static IEnumerable<byte[]> Fresh(string? directory, HashSet<string> seen)
    {
        if (directory is null) yield break;
        foreach (var path in FuzzFiles.In(directory))
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith('.') || !seen.Add(name)) continue;
            if (FuzzFiles.TryRead(path, out var bytes, out var error)) yield return bytes;
            else Send(new() { Kind = "error", Text = error });
        }
    }

    private static IEnumerable<byte[]> ReadAll(string? directory) => Fresh(directory, []);
}
