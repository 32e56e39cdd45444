namespace WebRtcConformance.Stack.Sctp.Receiving;

/// <summary>RFC 9260 section 6.2: which TSNs have been received.</summary>
internal sealed class TsnTracker(SctpPolicy policy)
{
    private const int MostDuplicates = 32;

    private readonly List<(long First, long Last)> _ranges = []; // above CumulativeTsn + 1, ascending, not touching
    private readonly List<uint> _duplicates = [];

    /// <summary>The highest TSN up to which all have been received.</summary>
    public long CumulativeTsn { get; private set; }

    public bool HasGaps => _ranges.Count > 0;

    public long Highest => _ranges.Count > 0 ? _ranges[^1].Last : CumulativeTsn;

    /// <summary>Ranges above the cumulative TSN: the gap ack blocks.</summary>
    public IReadOnlyList<(long First, long Last)> Gaps => _ranges;

    /// <summary>TSNs that came again since the last SACK, some of them when there are many.</summary>
    public List<uint> Duplicates => _duplicates;

    public void Begin(long firstTsn)
    {
        CumulativeTsn = firstTsn - 1;
        _ranges.Clear();
        _duplicates.Clear();
    }

    public bool IsDuplicate(long tsn) => tsn <= CumulativeTsn || Find(tsn) >= 0;

    public void NoteDuplicate(long tsn)
    {
        if (_duplicates.Count < MostDuplicates) _duplicates.Add((uint)tsn);
    }

    /// <summary>Whether the TSN can be recorded: a gap ack block reaches 65535 TSNs far, and the policy bounds how many there are.</summary>
    public bool HasRoom(long tsn)
    {
        if (tsn == CumulativeTsn + 1) return true;
        if (tsn - CumulativeTsn > ushort.MaxValue) return false;
        var at = ~Find(tsn);
        var touches = at > 0 && _ranges[at - 1].Last == tsn - 1 || at < _ranges.Count && _ranges[at].First == tsn + 1;
        return touches || _ranges.Count < policy.MaxGapRanges;
    }

    /// <summary>A TSN that is no duplicate and has room.</summary>
    public void Add(long tsn)
    {
        if (tsn == CumulativeTsn + 1)
        {
            CumulativeTsn = tsn;
            Close();
            return;
        }
        var at = ~Find(tsn);
        var joinsLeft = at > 0 && _ranges[at - 1].Last == tsn - 1;
        var joinsRight = at < _ranges.Count && _ranges[at].First == tsn + 1;
        if (joinsLeft && joinsRight)
        {
            _ranges[at - 1] = (_ranges[at - 1].First, _ranges[at].Last);
            _ranges.RemoveAt(at);
        }
        else if (joinsLeft) _ranges[at - 1] = (_ranges[at - 1].First, tsn);
        else if (joinsRight) _ranges[at] = (tsn, _ranges[at].Last);
        else _ranges.Insert(at, (tsn, tsn));
    }

    /// <summary>RFC 3758 section 3.6: as if all up to that TSN had been received, and then further over what has.</summary>
    public void Skip(long tsn)
    {
        CumulativeTsn = tsn;
        var below = 0;
        while (below < _ranges.Count && _ranges[below].First <= tsn) CumulativeTsn = Math.Max(CumulativeTsn, _ranges[below++].Last);
        _ranges.RemoveRange(0, below);
        Close();
    }

    /// <summary>The first range may now touch the cumulative TSN.</summary>
    private void Close()
    {
        if (_ranges.Count == 0 || _ranges[0].First != CumulativeTsn + 1) return;
        CumulativeTsn = _ranges[0].Last;
        _ranges.RemoveAt(0);
    }

    /// <summary>The range that holds the TSN, or the complement of where it would stand.</summary>
    private int Find(long tsn)
    {
        int low = 0, high = _ranges.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (tsn < _ranges[middle].First) high = middle - 1;
            else if (tsn > _ranges[middle].Last) low = middle + 1;
            else return middle;
        }
        return ~low;
    }
}
