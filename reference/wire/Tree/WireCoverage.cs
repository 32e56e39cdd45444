using System.Numerics;

namespace WebRtcConformance.Wire;

/// <summary>The nodes that a coverage is about, each with a dense index: those of packet drawings (<see cref="WirePlans"/>) or of grammars.</summary>
public interface ICoveragePoints
{
    /// <summary>Indexes are below this.</summary>
    int Count { get; }

    /// <summary>The index of a node that an error can name; null when it is none of these.</summary>
    int? IndexOf(uint node);

    /// <summary>Every node with its index, in order.</summary>
    IEnumerable<(int Index, WireNode Node)> All { get; }
}

/// <summary>Which nodes of the standards parses have touched: one bit a node, kept apart for accepted and refused messages, and for
/// the nodes that errors named. Feedback for a fuzzer and the source of "which rules were exercised".</summary>
public sealed class WireCoverage
{
    private readonly ulong[] _touched, _accepted, _refused, _named;
    private readonly ICoveragePoints _points;

    public WireCoverage(ICoveragePoints points)
    {
        _points = points;
        var words = points.Count + 63 >> 6;
        (_touched, _accepted, _refused, _named) = (new ulong[words], new ulong[words], new ulong[words], new ulong[words]);
    }

    /// <summary>Bitmaps over dense node indexes (module after module).</summary>
    public ReadOnlySpan<ulong> Accepted => _accepted;
    public ReadOnlySpan<ulong> Refused => _refused;
    /// <summary>Nodes that an error named: rules that were seen to bite.</summary>
    public ReadOnlySpan<ulong> Named => _named;
    /// <summary>Bits set in all three; grows when a parse found something new.</summary>
    public int Count { get; private set; }

    internal void Touch(WirePlan plan, int node) => Touch(plan.CoverageBase + node);

    /// <summary>The parse that is going on touches a node, given by its index.</summary>
    public void Touch(int i)
    {
        _touched[i >> 6] |= 1UL << i;
    }

    /// <summary>Ends one parse: its touched nodes go to the accepted or the refused ones.</summary>
    public void Verdict(WireError error)
    {
        var into = error.IsError ? _refused : _accepted;
        for (var i = 0; i < into.Length; i++)
        {
            var fresh = _touched[i] & ~into[i];
            Count += BitOperations.PopCount(fresh);
            into[i] |= fresh;
            _touched[i] = 0;
        }
        if (!error.IsError || _points.IndexOf(error.Node) is not { } named) return;
        var bit = 1UL << named;
        if ((_named[named >> 6] & bit) == 0) Count++;
        _named[named >> 6] |= bit;
    }

    /// <summary>Adds another run's bits (of the same modules).</summary>
    public void Merge(WireCoverage other)
    {
        if (other._accepted.Length != _accepted.Length) throw new ArgumentException("coverage of other modules", nameof(other));
        Count = 0;
        foreach (var (to, from) in new[] { (_accepted, other._accepted), (_refused, other._refused), (_named, other._named) })
            for (var i = 0; i < to.Length; i++) Count += BitOperations.PopCount(to[i] |= from[i]);
    }

    /// <summary>Every node with its marks, in order of module and node.</summary>
    public IEnumerable<(WireNode Node, bool Accepted, bool Refused, bool Named)> Report()
    {
        foreach (var (i, node) in _points.All) yield return (node, Has(_accepted, i), Has(_refused, i), Has(_named, i));
    }

    private static bool Has(ulong[] map, int i) => (map[i >> 6] >> i & 1) != 0;
}
