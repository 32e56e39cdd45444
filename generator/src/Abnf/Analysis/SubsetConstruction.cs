namespace WebRtcConformance.Generator.Abnf.Analysis;

/// <summary>From an automaton with free steps to the smallest deterministic one.</summary>
/// <param name="set">For each node the number of the set of bytes of its step.</param>
/// <param name="to">Where that step leads; -1 = none.</param>
/// <param name="firstFree">The first of the node's free steps in <paramref name="freeTo"/> and <paramref name="nextFree"/>; -1 = none.</param>
internal sealed class SubsetConstruction(int[] set, int[] to, int[] firstFree, int[] freeTo, int[] nextFree, int nodes, List<SymbolSet> sets)
{
    private readonly int[] _mark = new int[nodes];
    private int _round;
    private int[] _stack = new int[64];
    private readonly Dictionary<int[], int> _numbers = new(new SameNodes());
    private readonly List<int[]> _states = [];
    /// <summary>The state that a single node leads to, plus 1; 0 = not yet known.</summary>
    private readonly int[] _alone = new int[nodes];

    private sealed class SameNodes : IEqualityComparer<int[]>
    {
        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] numbers)
        {
            var hash = numbers.Length;
            foreach (var number in numbers) hash = unchecked(hash * 0x01000193 ^ number);
            return hash;
        }
    }

    /// <param name="ends">For each tag the node where its language ends.</param>
    /// <returns>Null when there would be more than <see cref="AutomatonBuilder.MaxStates"/> states.</returns>
    public Automaton? Run(int start, int[] ends)
    {
        var (classOf, classes) = Classes();
        var classesOf = ClassesOf(classOf, classes);
        var next = new List<int>();
        var bucket = new int[classes][];
        var count = new int[classes];
        State([start], 1);
        for (var state = 0; state < _states.Count; state++)
        {
            if (_states.Count > AutomatonBuilder.MaxStates) return null;
            Array.Clear(count, 0, classes);
            foreach (var node in _states[state])
            {
                if (to[node] < 0) continue;
                foreach (var c in classesOf[set[node]])
                {
                    if (bucket[c] is null) bucket[c] = new int[8];
                    else if (count[c] == bucket[c].Length) Array.Resize(ref bucket[c], count[c] * 2);
                    bucket[c][count[c]++] = to[node];
                }
            }
            for (var c = 0; c < classes; c++)
                next.Add(c > 0 && count[c] == count[c - 1] && Same(bucket[c], bucket[c - 1], count[c]) ? next[next.Count - 1] : State(bucket[c], count[c]));
        }
        var tags = new ulong[_states.Count];
        for (var state = 0; state < tags.Length; state++)
            for (var i = 0; i < ends.Length; i++)
                if (Array.BinarySearch(_states[state], ends[i]) >= 0) tags[state] |= 1UL << Math.Min(i, 63);
        return Minimizer.Run(classOf, classes, next.ToArray(), tags);
    }

    private static bool Same(int[] x, int[] y, int count)
    {
        for (var i = 0; i < count; i++)
            if (x[i] != y[i]) return false;
        return true;
    }

    /// <summary>The number of the state that consists of the nodes and of all that they lead to without a byte; -1 = of none.</summary>
    private int State(int[] from, int count)
    {
        if (count == 0) return -1;
        if (count == 1 && _alone[from[0]] != 0) return _alone[from[0]] - 1;
        var closed = Close(from, count);
        if (!_numbers.TryGetValue(closed, out var number))
        {
            number = _states.Count;
            _numbers.Add(closed, number);
            _states.Add(closed);
        }
        if (count == 1) _alone[from[0]] = number + 1;
        return number;
    }

    /// <summary>Nodes reachable without a byte, those only that have a step or are an end; sorted.</summary>
    private int[] Close(int[] from, int count)
    {
        _round++;
        var (depth, found) = (0, 0);
        var result = new int[count + 8];
        for (var i = 0; i < count; i++) Push(from[i]);
        while (depth > 0)
        {
            var node = _stack[--depth];
            if (to[node] >= 0 || firstFree[node] < 0)
            {
                if (found == result.Length) Array.Resize(ref result, found * 2);
                result[found++] = node;
            }
            for (var free = firstFree[node]; free >= 0; free = nextFree[free]) Push(freeTo[free]);
        }
        Array.Resize(ref result, found);
        Array.Sort(result);
        return result;

        void Push(int node)
        {
            if (_mark[node] == _round) return;
            _mark[node] = _round;
            if (depth == _stack.Length) Array.Resize(ref _stack, depth * 2);
            _stack[depth++] = node;
        }
    }

    /// <summary>Bytes that no step tells apart are one class.</summary>
    private (byte[] ClassOf, int Count) Classes()
    {
        var classOf = new byte[256];
        var count = 1;
        var split = new int[256];
        foreach (var one in sets)
        {
            // The part of each class that is in the set becomes a new class, unless all of it is.
            var (inside, size) = (new int[count], new int[count]);
            for (var b = 0; b < 256; b++)
            {
                size[classOf[b]]++;
                if (one.Contains(b)) inside[classOf[b]]++;
            }
            var old = count;
            for (var c = 0; c < old; c++) split[c] = inside[c] > 0 && inside[c] < size[c] ? count++ : c;
            if (count == old) continue;
            for (var b = 0; b < 256; b++)
                if (one.Contains(b)) classOf[b] = (byte)split[classOf[b]];
        }
        // Numbered by their first bytes: equal languages then have equal automata.
        var renumbered = new int[count];
        var known = 0;
        for (var b = 0; b < 256; b++)
        {
            ref var number = ref renumbered[classOf[b]];
            if (number == 0) number = ++known;
            classOf[b] = (byte)(number - 1);
        }
        return (classOf, count);
    }

    private int[][] ClassesOf(byte[] classOf, int classes)
    {
        var representative = new int[classes];
        for (var b = 255; b >= 0; b--) representative[classOf[b]] = b;
        var all = new int[sets.Count][];
        for (var i = 0; i < all.Length; i++)
        {
            var inside = new int[classes];
            var count = 0;
            for (var c = 0; c < classes; c++)
                if (sets[i].Contains(representative[c])) inside[count++] = c;
            Array.Resize(ref inside, count);
            all[i] = inside;
        }
        return all;
    }
}
