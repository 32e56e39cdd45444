using System.Runtime.CompilerServices;
using WebRtcConformance.Fuzz.Coverage;
using WebRtcConformance.Fuzz.Mutation;
using WebRtcConformance.Fuzz.Supervision;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Fuzz;

/// <summary>How an engine works.</summary>
public sealed record FuzzEngineSettings
{
    public ulong Seed { get; init; } = 1;

    /// <summary>Bytes of the longest input that is made, 1 to 65,535.</summary>
    public int MaxLength { get; init; } = 1024;

    /// <summary>One input in this many gets the heavy oracles; inputs that show something new always do. 1 = every input.</summary>
    public int SampleEvery { get; init; } = 256;

    /// <summary>Inputs that are never executed, because they kill the process.</summary>
    public IReadOnlyList<byte[]> Skip { get; init; } = [];
}

/// <summary>The managed fuzzing loop of one process: takes a corpus entry, mutates it inside the journal's memory, runs the target, keeps what is
/// new. One execution in <see cref="StructureEvery"/> is a variation that knows the structure; the others differ from the latest one in some bytes,
/// and between those nothing is allocated. No clock is read, so the same seed and corpus give the same executions everywhere.</summary>
public sealed class FuzzEngine
{
    /// <summary>Executions for each structural variation: it costs as much as some executions.</summary>
    public const int StructureEvery = 64;

    /// <summary>Bytes of the longest sequence of choices.</summary>
    private const int ChoiceBytes = 192;

    private readonly IFuzzTarget _target;
    private readonly FuzzEngineSettings _settings;
    private readonly FuzzJournal _journal;
    private readonly CounterRegions? _counters;
    private readonly FeatureTable _features = new();
    private readonly FuzzCorpus _corpus;
    private readonly long[] _oracleRuns;
    private readonly IReadOnlyList<byte[]> _dictionary;
    private readonly HashSet<string> _buckets = [];
    private FuzzRandom _random;
    private int _untilSample;
    private CorpusEntry? _parent;
    private byte[] _base = [];
    private int _energy, _untilStructure;

    public FuzzEngine(IFuzzTarget target, FuzzEngineSettings settings, FuzzJournal? journal = null, CounterRegions? counters = null)
    {
        _target = target;
        _settings = settings;
        _journal = journal ?? FuzzJournal.InMemory(settings.MaxLength);
        _counters = counters is { Total: > 0 } ? counters : null;
        _corpus = new(_features);
        _oracleRuns = new long[target.Oracles.Count];
        _dictionary = [.. target.Dictionary.Where(word => word.Length is > 0 and <= 256)];
        _random = new(settings.Seed);
        _untilSample = settings.SampleEvery;
    }

    /// <summary>A finding whose bucket is new.</summary>
    public event Action<FuzzFinding>? Found;

    /// <summary>An input that was kept.</summary>
    public event Action<byte[]>? Kept;

    public long Executions { get; private set; }

    /// <summary>Executions whose input the target called valid.</summary>
    public long Accepted { get; private set; }

    /// <summary>Findings of any bucket, repetitions included.</summary>
    public long Findings { get; private set; }

    public FuzzCorpus Corpus => _corpus;
    public FeatureTable Features => _features;

    /// <summary>How often each of the target's oracles ran.</summary>
    public IReadOnlyDictionary<string, long> Oracles =>
        _target.Oracles.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => _oracleRuns[pair.index]);

    /// <summary>Runs an input with every oracle, and keeps it when it shows something new. Over-long ones are cut.</summary>
    public FuzzFinding? Add(ReadOnlySpan<byte> input)
    {
        if (input.Length > _settings.MaxLength) input = input[.._settings.MaxLength];
        if (Skipped(input)) return null;
        input.CopyTo(_journal.Buffer);
        var finding = Execute(input.Length, true, out var news);
        // A first input is needed even if it shows nothing.
        if (finding is not null) Report(finding);
        else if (news || _corpus.Entries.Count == 0) Keep(input.Length);
        return finding;
    }

    /// <summary>Executes this many mutated inputs.</summary>
    public void Run(long executions)
    {
        if (_corpus.Entries.Count == 0) Add([]);
        if (_corpus.Entries.Count == 0) _corpus.Add(new([], []));
        for (var end = Executions + executions; Executions < end;)
        {
            if (_parent is null || _energy-- <= 0) Turn();
            var length = Mutate();
            if (Skipped(_journal.Buffer[..length]))
            {
                Executions++;
                continue;
            }
            var sampled = --_untilSample <= 0;
            if (sampled) _untilSample = _settings.SampleEvery;
            var finding = Execute(length, sampled, out var news);
            if (finding is not null) Report(finding);
            else if (news) Keep(length);
        }
        _journal.Rest();
    }

    /// <summary>Goes to the next parent.</summary>
    private void Turn()
    {
        (_parent, _energy) = _corpus.Next();
        _base = _parent.Bytes;
    }

    /// <summary>Composes the next input in the journal; returns its length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Mutate()
    {
        var buffer = _journal.Buffer;
        if (--_untilStructure <= 0)
        {
            _untilStructure = StructureEvery;
            _base = _parent!.Bytes;
            if (Vary() is { } varied)
            {
                _base = varied;
                varied.CopyTo(buffer);
                return varied.Length;
            }
        }
        _base.CopyTo(buffer);
        return HavocMutator.Mutate(buffer, _base.Length, _corpus.Any(ref _random).Bytes, _dictionary, ref _random);
    }

    /// <summary>A structural variation of the parent, or null.</summary>
    private byte[]? Vary()
    {
        Span<byte> bytes = stackalloc byte[ChoiceBytes];
        bytes = bytes[..(16 + _random.Below(ChoiceBytes - 15))];
        _random.Fill(bytes);
        var choices = new Choices(bytes);
        return _target.Mutate(_parent!.Bytes, _corpus.Any(ref _random).Bytes, ref choices) is { } varied && varied.Length <= _settings.MaxLength ? varied : null;
    }

    private FuzzFinding? Execute(int length, bool sampled, out bool news)
    {
        var input = _journal.Begin(length);
        Executions++;
        var context = new FuzzContext(_features, _oracleRuns) { Sampled = sampled };
        FuzzFinding? finding;
        try
        {
            finding = _target.Run(input, ref context);
        }
        catch (Exception exception)
        {
            finding = FuzzFinding.Of(exception, input);
        }
        if (context.Accepted) Accepted++;
        news = context.HasNew;
        if (_counters is not null) news |= _counters.Harvest();
        return finding;
    }

    private bool Skipped(ReadOnlySpan<byte> input)
    {
        foreach (var deadly in _settings.Skip)
            if (input.SequenceEqual(deadly)) return true;
        return false;
    }

    private void Report(FuzzFinding finding)
    {
        Findings++;
        if (_buckets.Add(finding.Bucket)) Found?.Invoke(finding);
    }

    /// <summary>Runs the input again with every oracle, notes its features, and adds it to the corpus.</summary>
    private void Keep(int length)
    {
        _features.StartRecording();
        var finding = Execute(length, true, out _);
        var features = _features.StopRecording();
        var bytes = _journal.Buffer[..length].ToArray();
        if (finding is not null)
        {
            Report(finding);
            return;
        }
        if (_corpus.Add(new(bytes, features))) Kept?.Invoke(bytes);
    }
}
