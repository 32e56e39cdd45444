using WebRtcConformance.Fuzz.Coverage;

namespace WebRtcConformance.Fuzz;

/// <summary>An input worth mutating.</summary>
/// <param name="Features">The features that it showed when it was added.</param>
public sealed record CorpusEntry(byte[] Bytes, uint[] Features)
{
    /// <summary>Times that the schedule came to this entry.</summary>
    public int Rounds { get; set; }
}

/// <summary>The inputs that showed something new, and the schedule: round after round, every entry gets executions by its energy, new, short and
/// rare ones more.</summary>
public sealed class FuzzCorpus(FeatureTable features)
{
    private const int BaseEnergy = 128;
    private readonly List<CorpusEntry> _entries = [];
    private readonly HashSet<string> _hashes = [];
    private int _next;
    private long _totalLength;

    public IReadOnlyList<CorpusEntry> Entries => _entries;

    /// <summary>Adds an input unless it is there; false when it is.</summary>
    public bool Add(CorpusEntry entry)
    {
        if (!_hashes.Add(FuzzFinding.HashOf(entry.Bytes))) return false;
        _entries.Add(entry);
        _totalLength += entry.Bytes.Length;
        return true;
    }

    public bool Contains(ReadOnlySpan<byte> bytes) => _hashes.Contains(FuzzFinding.HashOf(bytes));

    /// <summary>The entry whose turn it is, and how many executions it gets.</summary>
    public (CorpusEntry Entry, int Energy) Next()
    {
        if (_next >= _entries.Count) _next = 0;
        // The newest entry goes first, once: what it opened is most likely near it.
        var entry = _entries[^1].Rounds == 0 ? _entries[^1] : _entries[_next++];
        var energy = BaseEnergy;
        if (entry.Rounds == 0) energy *= 8;
        else if (Rarest(entry) < 1000) energy *= 4;
        var average = (int)(_totalLength / _entries.Count);
        if (entry.Bytes.Length > 2 * average) energy /= 2;
        if (entry.Bytes.Length * 2 < average) energy *= 2;
        entry.Rounds++;
        return (entry, energy);
    }

    /// <summary>Any entry.</summary>
    public CorpusEntry Any(ref FuzzRandom random) => _entries[random.Below(_entries.Count)];

    private uint Rarest(CorpusEntry entry)
    {
        var rarest = uint.MaxValue;
        foreach (var feature in entry.Features) rarest = Math.Min(rarest, features.Hits(feature));
        return rarest;
    }
}
