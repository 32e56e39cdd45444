using System.Text;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Analysis;

/// <summary>A deterministic automaton over bytes without dead states. State 0 is the start. An accepting state knows which of the tagged
/// languages end there: <see cref="Tags"/> is a bit mask (bit 0 = the first).</summary>
internal sealed class Automaton(byte[] classOf, int classes, int[] next, ulong[] tags)
{
    private ulong[]? _viable;

    public int Classes => classes;
    public byte[] ClassOf => classOf;
    public int States => tags.Length;
    public ulong Tags(int state) => tags[state];
    public bool Accepts(int state) => tags[state] != 0;
    /// <summary>-1 = none.</summary>
    public int Next(int state, int @class) => next[state * classes + @class];

    /// <summary>The bytes on which the state goes on.</summary>
    public SymbolSet Out(int state)
    {
        var set = default(SymbolSet);
        for (var b = 0; b < 256; b++)
            if (Next(state, classOf[b]) >= 0) set |= SymbolSet.Of(b);
        return set;
    }

    /// <summary>The tags that some text from the state on leads to.</summary>
    public ulong Viable(int state)
    {
        if (_viable is not null) return _viable[state];
        _viable = (ulong[])tags.Clone();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var from = States - 1; from >= 0; from--)
                for (var c = 0; c < classes; c++)
                    if (Next(from, c) is var to && to >= 0 && (_viable[from] | _viable[to]) != _viable[from])
                    {
                        _viable[from] |= _viable[to];
                        changed = true;
                    }
        }
        return _viable[state];
    }

    /// <summary>The state's tags under <paramref name="mask"/> that can still come true are less than two: there is nothing more to decide.</summary>
    public bool IsDecided(int state, ulong mask) => (Viable(state) & mask) is var left && (left & (left - 1)) == 0;

    /// <summary>States that are reached before the decision between the tags under <paramref name="mask"/> has fallen.</summary>
    public List<int> Undecided(ulong mask)
    {
        var found = new List<int>();
        if (IsDecided(0, mask)) return found;
        found.Add(0);
        for (var i = 0; i < found.Count; i++)
            for (var c = 0; c < classes; c++)
                if (Next(found[i], c) is var to && to >= 0 && !IsDecided(to, mask) && !found.Contains(to)) found.Add(to);
        return found;
    }

    /// <summary>Whether some text leads from the state back to it.</summary>
    public bool IsOnCycle(int state)
    {
        var seen = new bool[States];
        var stack = new Stack<int>();
        stack.Push(state);
        while (stack.Count > 0)
        {
            var from = stack.Pop();
            for (var c = 0; c < classes; c++)
            {
                var to = Next(from, c);
                if (to == state) return true;
                if (to < 0 || seen[to]) continue;
                seen[to] = true;
                stack.Push(to);
            }
        }
        return false;
    }

    /// <summary>As <see cref="Doubt(SymbolSet)"/>, for states where the decision between tags has not fallen.</summary>
    public int Doubt(SymbolSet follow, ulong mask)
    {
        foreach (var state in Undecided(mask))
            if ((tags[state] & mask) != 0 && Out(state).Intersects(follow)) return state;
        return -1;
    }

    /// <summary>A state where the language can end before, or go on with, a byte that can follow; -1 = the longest match is the only one that
    /// can be right.</summary>
    public int Doubt(SymbolSet follow)
    {
        for (var state = 0; state < States; state++)
            if (Accepts(state) && Out(state).Intersects(follow)) return state;
        return -1;
    }

    /// <summary>The set and the least number of bytes, when the language is "so many bytes of a set, or more" (often what is left of a long list of forms).</summary>
    public (SymbolSet Set, int Min)? AsRun()
    {
        var last = States - 1;
        if (States > 2 || !Accepts(last) || States == 2 && (Accepts(0) || !Out(0).Equals(Out(1)))) return null;
        for (var state = 0; state < States; state++)
            for (var c = 0; c < classes; c++)
                if (Next(state, c) is var to && to >= 0 && to != last) return null;
        return (Out(last), last);
    }

    /// <summary>An accepting state that several tagged languages share; -1 = none.</summary>
    public int Shared() => Array.FindIndex(tags, t => (t & (t - 1)) != 0);

    /// <summary>A shortest text of the language, each char one byte.</summary>
    public string Shortest() => Path(-1);

    /// <summary>A shortest text that leads to the state, of printable characters where possible.</summary>
    public string Witness(int state) => string.Concat(Path(state).Select(c => Show(c)));

    /// <param name="state">-1 = any that accepts.</param>
    private string Path(int state)
    {
        var from = new (int State, char Symbol)[States];
        var seen = new bool[States];
        var queue = new Queue<int>();
        queue.Enqueue(0);
        seen[0] = true;
        var end = -1;
        while (queue.Count > 0)
        {
            var current = queue.Dequeue();
            if (current == state || state < 0 && Accepts(current))
            {
                end = current;
                break;
            }
            for (var i = 0; i < 256; i++)
            {
                var b = i + '0' & 0xFF;
                var to = Next(current, classOf[b]);
                if (to < 0 || seen[to]) continue;
                seen[to] = true;
                from[to] = (current, (char)b);
                queue.Enqueue(to);
            }
        }
        var text = new StringBuilder();
        for (var at = end; at > 0; at = from[at].State) text.Insert(0, from[at].Symbol);
        return text.ToString();
    }

    public static string Show(int symbol) => symbol is >= 0x20 and < 0x7F ? ((char)symbol).ToString() : symbol == SymbolSet.End ? "the end" : $"\\x{symbol:X2}";
}

/// <summary>Makes automata: Thompson's construction with the smallest automata of rules as building blocks, subsets, then minimisation.</summary>
internal sealed class AutomatonBuilder(Grammar grammar)
{
    public const int MaxStates = 3000;
    private const int MaxNodes = 60_000;
    private readonly List<(SymbolSet On, int To)?> _edge = [];
    private readonly List<List<int>> _free = [];

    /// <summary>One automaton of several languages, each with its tag. Null when it would have more than <see cref="MaxStates"/> states.</summary>
    public Automaton? Build(IReadOnlyList<TextElement> languages)
    {
        var start = Node();
        var ends = new int[languages.Count];
        for (var i = 0; i < languages.Count; i++)
        {
            var from = Node();
            _free[start].Add(from);
            ends[i] = Add(languages[i], from);
            if (ends[i] < 0) return null;
        }
        return Determine(start, ends);
    }

    private int Node()
    {
        _edge.Add(null);
        _free.Add([]);
        return _edge.Count - 1;
    }

    /// <summary>Adds the element from a node on; gives the node where it ends, or -1 when there are too many.</summary>
    private int Add(TextElement element, int from)
    {
        if (_edge.Count > MaxNodes || from < 0) return -1;
        switch (element)
        {
            case TextBytes bytes: return Step(from, SymbolSet.Of(bytes));
            case TextLiteral literal:
                foreach (var c in literal.Text) from = Step(from, SymbolSet.Of(c, literal.AnyCase));
                return from;
            case TextSequence sequence:
                foreach (var item in sequence.Items) from = Add(item, from);
                return from;
            case TextAlternatives alternatives:
            {
                var join = Node();
                foreach (var item in alternatives.Items)
                {
                    var branch = Node();
                    _free[from].Add(branch);
                    var end = Add(item, branch);
                    if (end < 0) return -1;
                    _free[end].Add(join);
                }
                return join;
            }
            case TextRepeat repeat:
            {
                for (var i = 0; i < repeat.Min; i++) from = Add(repeat.Item, from);
                if (from < 0) return -1;
                if (repeat.Max < 0)
                {
                    var loop = Node();
                    _free[from].Add(loop);
                    var body = Node();
                    _free[loop].Add(body);
                    var end = Add(repeat.Item, body);
                    if (end < 0) return -1;
                    _free[end].Add(loop);
                    var exit = Node();
                    _free[loop].Add(exit);
                    return exit;
                }
                var done = Node();
                for (var i = repeat.Min; i < repeat.Max; i++)
                {
                    _free[from].Add(done);
                    var body = Node();
                    _free[from].Add(body);
                    from = Add(repeat.Item, body);
                    if (from < 0) return -1;
                }
                _free[from].Add(done);
                return done;
            }
            case TextReference reference:
                return grammar.AutomatonOf(reference) is { } automaton ? Embed(automaton, from) : Add(grammar.Rule(reference).Body, from);
            default: throw new ArgumentOutOfRangeException(nameof(element));
        }
    }

    private int Step(int from, SymbolSet on)
    {
        var to = Node();
        if (_edge[from] is null) _edge[from] = (on, to);
        else
        {
            var branch = Node();
            _free[from].Add(branch);
            _edge[branch] = (on, to);
        }
        return to;
    }

    private int Embed(Automaton automaton, int from)
    {
        var nodes = new int[automaton.States];
        for (var i = 0; i < nodes.Length; i++) nodes[i] = Node();
        _free[from].Add(nodes[0]);
        var end = Node();
        for (var state = 0; state < nodes.Length; state++)
        {
            if (automaton.Accepts(state)) _free[nodes[state]].Add(end);
            var byTarget = new Dictionary<int, SymbolSet>();
            for (var b = 0; b < 256; b++)
            {
                var to = automaton.Next(state, automaton.ClassOf[b]);
                if (to < 0) continue;
                byTarget.TryGetValue(to, out var set);
                byTarget[to] = set | SymbolSet.Of(b);
            }
            foreach (var pair in byTarget)
            {
                var branch = Node();
                _free[nodes[state]].Add(branch);
                _edge[branch] = (pair.Value, nodes[pair.Key]);
            }
        }
        return end;
    }

    private Automaton? Determine(int start, int[] ends)
    {
        var (classOf, classes, representative) = Classes();
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var sets = new List<int[]>();
        var next = new List<int>();
        var mark = new bool[_edge.Count];

        int State(List<int> nodes)
        {
            var closed = Close(nodes, mark);
            if (closed.Length == 0) return -1;
            var key = new string(closed.SelectMany(n => new[] { (char)(n & 0xFFFF), (char)(n >> 16) }).ToArray());
            if (index.TryGetValue(key, out var found)) return found;
            index.Add(key, sets.Count);
            sets.Add(closed);
            return sets.Count - 1;
        }

        State([start]);
        for (var state = 0; state < sets.Count; state++)
        {
            if (sets.Count > MaxStates) return null;
            for (var c = 0; c < classes; c++)
            {
                var moved = new List<int>();
                foreach (var node in sets[state])
                    if (_edge[node] is { } edge && edge.On.Contains(representative[c])) moved.Add(edge.To);
                next.Add(State(moved));
            }
        }
        var tags = sets.Select(set =>
        {
            var mask = 0UL;
            for (var i = 0; i < ends.Length; i++)
                if (Array.BinarySearch(set, ends[i]) >= 0) mask |= 1UL << Math.Min(i, 63);
            return mask;
        }).ToArray();
        return Minimize(classOf, classes, next.ToArray(), tags);
    }

    /// <summary>Nodes reachable without a byte, those only that have an edge or are an end; sorted.</summary>
    private int[] Close(List<int> nodes, bool[] mark)
    {
        var stack = new Stack<int>(nodes);
        var found = new List<int>();
        var seen = new List<int>();
        while (stack.Count > 0)
        {
            var node = stack.Pop();
            if (mark[node]) continue;
            mark[node] = true;
            seen.Add(node);
            if (_edge[node] is not null || _free[node].Count == 0) found.Add(node);
            foreach (var free in _free[node]) stack.Push(free);
        }
        foreach (var node in seen) mark[node] = false;
        found.Sort();
        return found.ToArray();
    }

    /// <summary>Bytes that no edge tells apart.</summary>
    private (byte[] ClassOf, int Count, int[] Representative) Classes()
    {
        var sets = _edge.Where(e => e is not null).Select(e => e!.Value.On).Distinct().ToArray();
        var classOf = new byte[256];
        var representative = new List<int>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var b = 0; b < 256; b++)
        {
            var key = new string(sets.Select(s => s.Contains(b) ? '1' : '0').ToArray());
            if (!known.TryGetValue(key, out var number))
            {
                number = known.Count;
                known.Add(key, number);
                representative.Add(b);
            }
            classOf[b] = (byte)number;
        }
        return (classOf, known.Count, representative.ToArray());
    }

    /// <summary>Merges states that no text tells apart, and drops those from which nothing is accepted.</summary>
    private static Automaton Minimize(byte[] classOf, int classes, int[] next, ulong[] tags)
    {
        var count = tags.Length;
        var live = tags.Select(t => t != 0).ToArray();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var state = count - 1; state >= 0; state--)
            {
                if (live[state]) continue;
                for (var c = 0; c < classes && !live[state]; c++)
                    if (next[state * classes + c] is var to && to >= 0 && live[to]) live[state] = changed = true;
            }
        }
        for (var i = 0; i < next.Length; i++)
            if (next[i] >= 0 && !live[next[i]]) next[i] = -1;

        var block = new int[count];
        var blocks = 0;
        var byTag = new Dictionary<ulong, int>();
        for (var i = 0; i < count; i++)
        {
            if (!byTag.TryGetValue(tags[i], out block[i])) byTag.Add(tags[i], block[i] = byTag.Count);
            blocks = byTag.Count;
        }
        while (true)
        {
            var split = new Dictionary<string, int>(StringComparer.Ordinal);
            var refined = new int[count];
            var key = new char[classes + 1];
            for (var state = 0; state < count; state++)
            {
                key[0] = (char)block[state];
                for (var c = 0; c < classes; c++) key[c + 1] = next[state * classes + c] is var to && to >= 0 ? (char)(block[to] + 1) : '\0';
                var text = new string(key);
                if (!split.TryGetValue(text, out refined[state])) split.Add(text, refined[state] = split.Count);
            }
            block = refined;
            if (split.Count == blocks) break;
            blocks = split.Count;
        }

        // The start's block comes first; numbering follows the first state of each block, so state 0 is block 0. A dead start is kept.
        var smallNext = Enumerable.Repeat(-1, blocks * classes).ToArray();
        var smallTags = new ulong[blocks];
        for (var state = 0; state < count; state++)
        {
            smallTags[block[state]] = tags[state];
            for (var c = 0; c < classes; c++)
                if (next[state * classes + c] is var to && to >= 0) smallNext[block[state] * classes + c] = block[to];
        }
        return Trim(classOf, classes, smallNext, smallTags);
    }

    /// <summary>Keeps what can be reached from the start.</summary>
    private static Automaton Trim(byte[] classOf, int classes, int[] next, ulong[] tags)
    {
        var number = Enumerable.Repeat(-1, tags.Length).ToArray();
        var order = new List<int> { 0 };
        number[0] = 0;
        for (var i = 0; i < order.Count; i++)
            for (var c = 0; c < classes; c++)
                if (next[order[i] * classes + c] is var to && to >= 0 && number[to] < 0)
                {
                    number[to] = order.Count;
                    order.Add(to);
                }
        var kept = new int[order.Count * classes];
        for (var i = 0; i < order.Count; i++)
            for (var c = 0; c < classes; c++)
                kept[i * classes + c] = next[order[i] * classes + c] is var to && to >= 0 ? number[to] : -1;
        return new(classOf, classes, kept, order.Select(o => tags[o]).ToArray());
    }
}
