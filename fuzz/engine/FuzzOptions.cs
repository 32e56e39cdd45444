using System.Globalization;

namespace WebRtcConformance.Fuzz;

/// <summary>What the user asked of `wrc fuzz`. Nothing here needs to exist: <see cref="FuzzCommand"/> says so if something does not.</summary>
public sealed record FuzzOptions
{
    /// <summary>Target name, e.g. "stun"; see <see cref="FuzzTargets.Listed"/>.</summary>
    public string? Target { get; init; }

    /// <summary>Stop after this time; default 30 s when <see cref="Runs"/> is not given either.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Stop after this many executions a job. With one job, the same seed and corpus then give the same executions.</summary>
    public long? Runs { get; init; }

    /// <summary>Null: chosen and printed.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Worker processes.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>This run is shard <see cref="Shard"/> (from 1) of <see cref="Shards"/>: the same seed with other random numbers.</summary>
    public int Shard { get; init; } = 1;
    public int Shards { get; init; } = 1;

    /// <summary>Folder whose files are read as inputs, and where new ones are kept; null = nothing is kept.</summary>
    public string? CorpusDirectory { get; init; }

    /// <summary>Folder for what is found; null = out/fuzz/TARGET.</summary>
    public string? ArtifactsDirectory { get; init; }

    /// <summary>Bytes of the longest input.</summary>
    public int MaxLength { get; init; } = 1024;

    /// <summary>One input in this many gets the heavy oracles.</summary>
    public int SampleEvery { get; init; } = 256;

    /// <summary>An execution that takes longer is a hang.</summary>
    public TimeSpan HangTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Heap of a worker, in megabytes.</summary>
    public int MemoryLimitMegabytes { get; init; } = 512;

    /// <summary>Stop after this many different findings.</summary>
    public int MaxFindings { get; init; } = 16;

    /// <summary>Count blocks of the code under test by instrumenting a copy of it.</summary>
    public bool Instrument { get; init; } = true;

    /// <summary>Instead of fuzzing: run this file, or the files of this folder, once.</summary>
    public string? Replay { get; init; }

    /// <summary>Instead of fuzzing: make this failing input smaller.</summary>
    public string? Minimize { get; init; }

    /// <summary>Instead of fuzzing: print the engine's speed on several targets.</summary>
    public bool Bench { get; init; }

    /// <summary>Instead of fuzzing: name the targets.</summary>
    public bool List { get; init; }

    /// <summary>How to start a worker: a program and its first arguments. Null: this program, with the hidden command "fuzz-worker".</summary>
    public IReadOnlyList<string>? WorkerCommand { get; init; }

    /// <summary>Reads "30s", "500ms", "5m", "2h" or a number of seconds.</summary>
    public static bool TryParseTime(string text, out TimeSpan time)
    {
        time = default;
        var (digits, unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001),
            _ when text.EndsWith('s') => (text[..^1], 1.0),
            _ when text.EndsWith('m') => (text[..^1], 60.0),
            _ when text.EndsWith('h') => (text[..^1], 3600.0),
            _ => (text, 1.0),
        };
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value <= 0 || value * unit > 1e7) return false;
        time = TimeSpan.FromSeconds(value * unit);
        return true;
    }

    /// <summary>Reads "2/4": the second of four.</summary>
    public static bool TryParseShard(string text, out int shard, out int shards)
    {
        (shard, shards) = (0, 0);
        var parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out shard)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out shards)
            && shard >= 1 && shard <= shards;
    }

    /// <summary>Reads a decimal or 0x-hexadecimal seed.</summary>
    public static bool TryParseSeed(string text, out ulong seed) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out seed)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}
