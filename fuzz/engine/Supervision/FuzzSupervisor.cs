using System.Diagnostics;

namespace WebRtcConformance.Fuzz.Supervision;

/// <summary>What a supervisor is to do.</summary>
public sealed record CampaignPlan
{
    public required string Target { get; init; }
    public required WorkerCommand Command { get; init; }

    /// <summary>A folder for journals and job files, of this campaign only.</summary>
    public required string WorkDirectory { get; init; }
    public required ulong Seed { get; init; }
    public required int Jobs { get; init; }
    public required string CorpusDirectory { get; init; }
    public TimeSpan? Time { get; init; }
    public long? Runs { get; init; }
    public int MaxLength { get; init; } = 1024;
    public int SampleEvery { get; init; } = 256;
    public TimeSpan HangTimeout { get; init; } = TimeSpan.FromSeconds(5);
    public int MemoryLimitMegabytes { get; init; } = 512;
    public int MaxFindings { get; init; } = 16;
}

/// <summary>Why a campaign ended.</summary>
public enum CampaignEnd { Time, Runs, Findings, Interrupted, WorkersFail }

/// <summary>Starts the workers, watches them, starts them again when they die, and turns the journal of a dead one into a finding.</summary>
public sealed class FuzzSupervisor(CampaignPlan plan)
{
    private const int FailedStartsAllowed = 5;
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);
    private readonly List<Job> _jobs = [];
    private readonly HashSet<string> _buckets = [];
    private readonly string _skipDirectory = Path.Combine(plan.WorkDirectory, "skip");
    private int _failedStarts;

    private sealed class Job(int index)
    {
        public int Index => index;
        public WorkerProcess? Worker;
        public int Starts;
        public WorkerStats Stats = new();
        public long EarlierExecutions, EarlierLoopExecutions;
        public double EarlierCpu, EarlierTime;
        public long SeenExecutions;
        public readonly Stopwatch SinceProgress = new();
        public bool Done;
    }

    /// <summary>A finding whose bucket is new.</summary>
    public event Action<FuzzFinding>? Found;

    /// <summary>Something that the user should know but that is no finding.</summary>
    public event Action<string>? Noted;

    /// <summary>Called about twenty times a second.</summary>
    public event Action? Ticked;

    /// <summary>Time since the start.</summary>
    public Stopwatch Clock { get; } = new();

    /// <summary>Worker processes that died or had to be killed.</summary>
    public int Deaths { get; private set; }

    public long Executions => _jobs.Sum(job => job.EarlierExecutions + job.Stats.Executions);
    public long LoopExecutions => _jobs.Sum(job => job.EarlierLoopExecutions + job.Stats.LoopExecutions);
    public double LoopCpu => _jobs.Sum(job => job.EarlierCpu + job.Stats.LoopCpu);
    public double LoopTime => _jobs.Sum(job => job.EarlierTime + job.Stats.LoopTime);

    /// <summary>The last figures of each worker.</summary>
    public IEnumerable<WorkerStats> Stats => _jobs.Select(job => job.Stats);

    public int FindingCount => _buckets.Count;

    /// <summary>Runs the campaign to its end on the calling thread.</summary>
    /// <exception cref="InvalidOperationException">No worker can be started.</exception>
    public CampaignEnd Run(CancellationToken cancellation)
    {
        Directory.CreateDirectory(_skipDirectory);
        Directory.CreateDirectory(plan.CorpusDirectory);
        Clock.Start();
        try
        {
            for (var i = 0; i < plan.Jobs; i++) _jobs.Add(new(i));
            foreach (var job in _jobs) Start(job);
            var end = Watch(cancellation);
            Stop();
            return end;
        }
        finally
        {
            foreach (var job in _jobs) job.Worker?.Dispose();
        }
    }

    private CampaignEnd Watch(CancellationToken cancellation)
    {
        while (true)
        {
            if (cancellation.IsCancellationRequested) return CampaignEnd.Interrupted;
            if (plan.Time is { } time && Clock.Elapsed >= time) return CampaignEnd.Time;
            if (FindingCount >= plan.MaxFindings) return CampaignEnd.Findings;
            if (_failedStarts >= FailedStartsAllowed) return CampaignEnd.WorkersFail;
            if (_jobs.All(job => job.Done)) return CampaignEnd.Runs;
            foreach (var job in _jobs.Where(job => !job.Done)) Attend(job);
            Ticked?.Invoke();
            cancellation.WaitHandle.WaitOne(20);
        }
    }

    private string JournalOf(Job job) => Path.Combine(plan.WorkDirectory, $"journal-{job.Index}");

    private void Start(Job job)
    {
        var done = job.EarlierLoopExecutions + job.Stats.LoopExecutions;
        job.EarlierExecutions += job.Stats.Executions;
        job.EarlierLoopExecutions += job.Stats.LoopExecutions;
        job.EarlierCpu += job.Stats.LoopCpu;
        job.EarlierTime += job.Stats.LoopTime;
        job.Stats = job.Stats with { Executions = 0, LoopExecutions = 0, LoopCpu = 0, LoopTime = 0 };
        if (plan.Runs <= done) { job.Done = true; return; }
        File.Delete(JournalOf(job));
        var file = Path.Combine(plan.WorkDirectory, $"job-{job.Index}.json");
        new WorkerJob
        {
            Target = plan.Target, ParentProcess = Environment.ProcessId,
            // A worker that is started again must not walk into the same input at once.
            Seed = FuzzRandom.Derive(plan.Seed, ((ulong)job.Index << 32) | (uint)job.Starts),
            Runs = plan.Runs - done, MaxLength = plan.MaxLength, SampleEvery = plan.SampleEvery,
            Journal = JournalOf(job), Corpus = plan.CorpusDirectory, Share = plan.Jobs > 1, Skip = _skipDirectory,
        }.Save(file);
        job.Starts++;
        job.SeenExecutions = 0;
        job.SinceProgress.Restart();
        job.Worker = WorkerProcess.Start(plan.Command, file, plan.MemoryLimitMegabytes);
    }

    private void Attend(Job job)
    {
        Listen(job);
        if (job.Done) return;
        if (job.Worker!.HasExited)
        {
            job.Worker.Drain();
            Listen(job);
            if (!job.Done) Bury(job, hung: false);
            return;
        }
        if (job.SinceProgress.ElapsedMilliseconds < 500) return;
        // The journal's counter moves with every execution. It is read only when the last progress is some time ago.
        var journal = FuzzJournal.Read(JournalOf(job));
        if (journal is not null && journal.Executions != job.SeenExecutions)
        {
            job.SeenExecutions = journal.Executions;
            job.SinceProgress.Restart();
        }
        else if (journal?.State == JournalState.Executing && job.SinceProgress.Elapsed > plan.HangTimeout)
        {
            job.Worker.Kill();
            job.Worker.Drain();
            Bury(job, hung: true);
        }
    }

    private void Listen(Job job)
    {
        while (job.Worker!.TryTake(out var message))
        {
            switch (message.Kind)
            {
                case "stats": job.Stats = message.Stats!; _failedStarts = 0; break;
                case "finding": Report(message.Finding!); break;
                case "error": Noted?.Invoke(message.Text!); break;
                case "done": job.Done = true; break;
            }
        }
    }

    /// <summary>A worker is dead: its journal says which input it executed. Then the next one starts.</summary>
    private void Bury(Job job, bool hung)
    {
        Deaths++;
        var worker = job.Worker!;
        var journal = FuzzJournal.Read(JournalOf(job));
        if (journal is { State: JournalState.Executing })
        {
            // Statistics come twice a second; the journal knows the rest.
            job.Stats = job.Stats with { Executions = Math.Max(job.Stats.Executions, journal.Executions) };
            job.Stats = job.Stats with { LoopExecutions = Math.Max(job.Stats.LoopExecutions, journal.Executions - (job.Stats.Executions - job.Stats.LoopExecutions)) };
            File.WriteAllBytes(Path.Combine(_skipDirectory, FuzzFinding.HashOf(journal.Input)), journal.Input);
            if (!hung) Report(Supervision.Deaths.Explain(worker.ExitCode, worker.ErrorText, journal.Input));
            else if (ConfirmHang(journal.Input) is { } finding) Report(finding);
        }
        else
        {
            _failedStarts++;
            var said = worker.ErrorText;
            Noted?.Invoke($"a worker ended with exit code {worker.ExitCode} outside of any input{(said.Length > 0 ? ": " + said.Split('\n')[0] : "")}");
        }
        worker.Dispose();
        Start(job);
    }

    /// <summary>A busy machine can hold any execution up. The input hangs only if it does so again, alone, for longer.</summary>
    private FuzzFinding? ConfirmHang(byte[] input)
    {
        if (_buckets.Contains(Supervision.Deaths.Hang(plan.HangTimeout, input).Bucket)) return null;
        using var probe = new FuzzProbe(plan.Command, plan.Target, plan.WorkDirectory, plan.HangTimeout * 1.5, plan.MemoryLimitMegabytes);
        var finding = probe.Run(input);
        if (finding is null) Noted?.Invoke($"an input took longer than {plan.HangTimeout.TotalSeconds:0.#} s once, but not alone: {Convert.ToHexStringLower(input)}");
        return finding;
    }

    private void Report(FuzzFinding finding)
    {
        if (_buckets.Add(finding.Bucket)) Found?.Invoke(finding);
    }

    private void Stop()
    {
        foreach (var job in _jobs.Where(job => !job.Done)) job.Worker?.Send("stop");
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < StopTime && _jobs.Any(job => !job.Done && job.Worker is { HasExited: false }))
        {
            foreach (var job in _jobs.Where(job => !job.Done)) Listen(job);
            Thread.Sleep(10);
        }
        foreach (var job in _jobs.Where(job => !job.Done && job.Worker is not null))
        {
            if (job.Worker!.HasExited) job.Worker.Drain();
            Listen(job);
        }
    }
}
