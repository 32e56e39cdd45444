using System.Diagnostics;
using WebRtcConformance.Fuzz.Artifacts;
using WebRtcConformance.Fuzz.Supervision;

namespace WebRtcConformance.Fuzz;

/// <summary>What `wrc fuzz` does. Exit codes: 0 nothing found, 1 a finding, 2 usage, 4 the machinery failed, 130 interrupted.</summary>
public static class FuzzCommand
{
    public const int Clean = 0, Finding = 1, Usage = 2, Infrastructure = 4, Interrupted = 130;

    /// <summary>The name that stands for every listed target.</summary>
    private const string All = "all";

    private static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(30);

    /// <summary>Of a target among all, with the start of its worker.</summary>
    private static readonly TimeSpan ShortestTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs the command. Results go to <paramref name="output"/>, complaints to <paramref name="error"/>, one line each.</summary>
    /// <param name="terminal">Standard output is a terminal: one progress line that renews itself, instead of a line every five seconds.</param>
    public static int Run(FuzzOptions options, TextWriter output, TextWriter error, bool terminal, CancellationToken cancellation)
    {
        try
        {
            return Dispatch(options, output, error, terminal, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            error.WriteLine($"wrc fuzz: {exception.Message}");
            return Infrastructure;
        }
    }

    private static int Dispatch(FuzzOptions options, TextWriter output, TextWriter error, bool terminal, CancellationToken cancellation)
    {
        if (options.List)
        {
            foreach (var listed in FuzzTargets.Listed) output.WriteLine(listed.Name);
            return Clean;
        }
        if (Complaint(options) is { } complaint)
        {
            error.WriteLine($"wrc fuzz: {complaint}");
            return Usage;
        }
        if (options.Bench) return FuzzBenchmark.Run(options, output, cancellation);
        if (options.Target == All) return FuzzAll(options, output, error, terminal, cancellation);
        var target = FuzzTargets.Find(options.Target!)!;
        using var work = new WorkDirectory();
        if (options.Replay is not null) return Replay(options, target, work, output, error, cancellation);
        if (options.Minimize is not null) return Minimize(options, target, work, output, error, cancellation);
        return Fuzz(options, target, CommandOf(options, work, target.IsUnderTest), work, output, error, terminal, cancellation).Code;
    }

    /// <summary>One target after the other; those to come share evenly what is left of the time.</summary>
    private static int FuzzAll(FuzzOptions options, TextWriter output, TextWriter error, bool terminal, CancellationToken cancellation)
    {
        var targets = FuzzTargets.Listed.ToArray();
        var time = options.Time ?? (options.Runs is null ? DefaultTime : null);
        var (found, idle) = (new List<string>(), new List<string>());
        var watch = Stopwatch.StartNew();
        // One copy of the program for all of them: to make one takes longer than a short turn of a target.
        using var program = new WorkDirectory();
        var command = CommandOf(options, program, type => targets.Any(target => target.IsUnderTest(type)));
        for (var i = 0; i < targets.Length; i++)
        {
            var name = targets[i].Name;
            using var work = new WorkDirectory();
            var part = options with
            {
                Target = name,
                Time = time is { } all ? Max((all - watch.Elapsed) / (targets.Length - i), ShortestTime) : null,
                CorpusDirectory = options.CorpusDirectory is { } corpus ? Path.Combine(corpus, name) : null,
                ArtifactsDirectory = options.ArtifactsDirectory is { } artifacts ? Path.Combine(artifacts, name) : null,
            };
            var (code, executions) = Fuzz(part, targets[i], command, work, output, error, terminal, cancellation);
            if (code == Finding) found.Add(name);
            else if (code != Clean) return code;
            if (executions == 0) idle.Add(name);
        }
        output.WriteLine($"{targets.Length} targets: {(found.Count == 0 ? "nothing found" : "findings in " + string.Join(", ", found))}");
        if (found.Count > 0) return Finding;
        if (idle.Count == 0) return Clean;
        error.WriteLine($"wrc fuzz: the time was up before one input was executed by: {string.Join(", ", idle)}; give more --time, or --runs");
        return Infrastructure;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    /// <summary>What is wrong with the options, or null.</summary>
    private static string? Complaint(FuzzOptions options)
    {
        if (options.MaxLength is < 1 or > 65535) return $"the longest input must have 1 to 65535 bytes, not {options.MaxLength}";
        if (options.SampleEvery < 1) return "the sample must be 1 or more";
        if (options.Jobs is < 1 or > 256) return $"the number of jobs must be 1 to 256, not {options.Jobs}";
        if (options.Shard < 1 || options.Shard > options.Shards) return $"shard {options.Shard}/{options.Shards} does not exist; write e.g. --shard 1/4";
        if (options.Time <= TimeSpan.Zero) return "the time must be more than nothing";
        if (options.Runs < 1) return "the number of runs must be 1 or more";
        if (options.MemoryLimitMegabytes < 64) return "a worker needs 64 megabytes at least";
        if (options.HangTimeout < TimeSpan.FromMilliseconds(100)) return "the time limit of one execution must be 100 ms or more";
        if (options.Bench) return null;
        if (options.Target == All) return options.Replay is null && options.Minimize is null ? null : "an input belongs to one target: name it";
        if (options.Target is null) return "name a target, or all; --list names them";
        if (FuzzTargets.Find(options.Target) is null) return $"there is no target '{options.Target}'; --list names them";
        return null;
    }

    private static string ArtifactsOf(FuzzOptions options, IFuzzTarget target) => options.ArtifactsDirectory ?? Path.Combine("out", "fuzz", target.Name);

    private static WorkerCommand CommandOf(FuzzOptions options) =>
        options.WorkerCommand is { Count: > 0 } given ? new(given[0], [.. given.Skip(1)]) : WorkerCommand.Self();

    /// <summary>Over an instrumented copy of the program in <paramref name="work"/>, if the options want that.</summary>
    private static WorkerCommand CommandOf(FuzzOptions options, WorkDirectory work, Func<string, bool> isUnderTest) =>
        options.Instrument ? CommandOf(options).Instrumented(Path.Combine(work.Path, "program"), isUnderTest).Command : CommandOf(options);

    private static (int Code, long Executions) Fuzz(
        FuzzOptions options, IFuzzTarget target, WorkerCommand command, WorkDirectory work, TextWriter output, TextWriter error, bool terminal, CancellationToken cancellation)
    {
        var seed = options.Seed ?? (ulong)Random.Shared.NextInt64();
        var artifacts = ArtifactsOf(options, target);
        // Better to learn now than after an hour that nothing can be written there.
        Directory.CreateDirectory(artifacts);
        var plan = new CampaignPlan
        {
            Target = target.Name, Command = command, WorkDirectory = work.Path,
            Seed = options.Shards == 1 ? seed : FuzzRandom.Derive(seed, (ulong)options.Shard),
            Jobs = options.Jobs, CorpusDirectory = options.CorpusDirectory ?? Path.Combine(work.Path, "corpus"),
            Time = options.Time ?? (options.Runs is null ? DefaultTime : null), Runs = options.Runs,
            MaxLength = options.MaxLength, SampleEvery = options.SampleEvery, HangTimeout = options.HangTimeout,
            MemoryLimitMegabytes = options.MemoryLimitMegabytes, MaxFindings = options.MaxFindings,
        };
        output.WriteLine($"fuzz {target.Name}: seed {seed}{(options.Shards > 1 ? $", shard {options.Shard}/{options.Shards}" : "")}, {options.Jobs} job{(options.Jobs > 1 ? "s" : "")}");
        var supervisor = new FuzzSupervisor(plan);
        var progress = new FuzzProgress(supervisor, output, terminal);
        var writer = new ArtifactWriter(artifacts, target.Name);
        using var probe = new FuzzProbe(command, target.Name, work.Path, options.HangTimeout, options.MemoryLimitMegabytes);
        supervisor.Found += finding => progress.Line($"FOUND {finding.Bucket}: {finding.Headline}\n      {writer.Write(finding, seed, probe.Describe(finding.Bytes))}");
        supervisor.Noted += note => progress.Line("note: " + note);
        supervisor.Ticked += progress.Tick;
        var end = supervisor.Run(cancellation);
        progress.Summary(end);
        if (end == CampaignEnd.WorkersFail)
        {
            error.WriteLine("wrc fuzz: the workers end before they execute anything; the notes above say why");
            return (Infrastructure, supervisor.Executions);
        }
        return (supervisor.FindingCount > 0 ? Finding : end == CampaignEnd.Interrupted ? Interrupted : Clean, supervisor.Executions);
    }

    private static int Replay(FuzzOptions options, IFuzzTarget target, WorkDirectory work, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (!TryInputs(options.Replay!, error, out var inputs)) return Usage;
        using var probe = new FuzzProbe(CommandOf(options), target.Name, work.Path, options.HangTimeout, options.MemoryLimitMegabytes);
        var findings = 0;
        foreach (var (name, bytes) in inputs)
        {
            if (cancellation.IsCancellationRequested) return Interrupted;
            if (probe.Run(bytes) is not { } finding) continue;
            findings++;
            output.WriteLine($"FOUND {finding.Bucket}: {finding.Headline}\n      {name}");
            if (inputs.Count == 1) output.WriteLine(probe.Describe(bytes));
        }
        output.WriteLine($"replayed {inputs.Count} inputs of {target.Name}: {findings} with a finding");
        return findings > 0 ? Finding : Clean;
    }

    private static int Minimize(FuzzOptions options, IFuzzTarget target, WorkDirectory work, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (!FuzzFiles.TryRead(options.Minimize!, out var bytes, out var complaint))
        {
            error.WriteLine($"wrc fuzz: {complaint}");
            return Usage;
        }
        using var probe = new FuzzProbe(CommandOf(options), target.Name, work.Path, options.HangTimeout, options.MemoryLimitMegabytes);
        if (probe.Run(bytes) is not { } finding)
        {
            error.WriteLine($"wrc fuzz: {options.Minimize}: no oracle objects to this input, so there is nothing to keep while making it smaller");
            return Usage;
        }
        var minimizer = new FuzzMinimizer(target, candidate => !cancellation.IsCancellationRequested && probe.Run(candidate)?.Bucket == finding.Bucket);
        var smaller = minimizer.Minimize(bytes);
        var path = new ArtifactWriter(ArtifactsOf(options, target), target.Name).Write(finding with { Bytes = smaller }, 0, probe.Describe(smaller));
        output.WriteLine($"{finding.Bucket}: {bytes.Length} -> {smaller.Length} bytes in {minimizer.Attempts} runs\n      {path}");
        return cancellation.IsCancellationRequested ? Interrupted : Finding;
    }

    private static bool TryInputs(string path, TextWriter error, out List<(string Name, byte[] Bytes)> inputs)
    {
        inputs = [];
        if (!Directory.Exists(path) && !File.Exists(path))
        {
            error.WriteLine($"wrc fuzz: {path}: no such file or folder");
            return false;
        }
        foreach (var file in Directory.Exists(path) ? FuzzFiles.In(path) : [path])
        {
            if (!FuzzFiles.TryRead(file, out var bytes, out var complaint))
            {
                error.WriteLine($"wrc fuzz: {complaint}");
                return false;
            }
            inputs.Add((file, bytes));
        }
        return true;
    }
}
