using System.Text.Json;

namespace WebRtcConformance.Fuzz.Supervision;

/// <summary>What a worker process is told, as the JSON file that is its only argument.</summary>
public sealed record WorkerJob
{
    public required string Target { get; init; }
    public required int ParentProcess { get; init; }

    /// <summary>False: fuzz. True: wait for single inputs on standard input.</summary>
    public bool Probe { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>Executions after which the worker ends; null = when told to.</summary>
    public long? Runs { get; init; }

    public int MaxLength { get; init; } = 1024;
    public int SampleEvery { get; init; } = 256;

    /// <summary>The memory-mapped file with the current input.</summary>
    public string? Journal { get; init; }

    /// <summary>A folder to read inputs from and keep new ones in.</summary>
    public string? Corpus { get; init; }

    /// <summary>Look every few seconds for what other workers kept in <see cref="Corpus"/>.</summary>
    public bool Share { get; init; }

    /// <summary>A folder with inputs that kill the process.</summary>
    public string? Skip { get; init; }

    public void Save(string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this));

    public static WorkerJob? Load(string path) => JsonSerializer.Deserialize<WorkerJob>(File.ReadAllBytes(path));
}

/// <summary>One line of a worker's standard output.</summary>
public sealed record WorkerMessage
{
    /// <summary>"stats", "finding", "ready", "result" (a probe's answer), "text" (a probe's description), "done", "error".</summary>
    public required string Kind { get; init; }
    public WorkerStats? Stats { get; init; }
    public FuzzFinding? Finding { get; init; }
    public string? Text { get; init; }
    public byte[]? Bytes { get; init; }
}

/// <summary>Figures of one worker since it began.</summary>
public sealed record WorkerStats
{
    public long Executions { get; init; }
    public long Accepted { get; init; }
    public int Corpus { get; init; }
    public int Features { get; init; }
    public int Blocks { get; init; }
    public int TotalBlocks { get; init; }
    public long Findings { get; init; }

    /// <summary>Processor time of the fuzzing loop, without start and seeds, in seconds, and the executions in that time.</summary>
    public double LoopCpu { get; init; }
    public double LoopTime { get; init; }
    public long LoopExecutions { get; init; }

    /// <summary>Runs of each oracle.</summary>
    public IReadOnlyDictionary<string, long> Oracles { get; init; } = new Dictionary<string, long>();
}
