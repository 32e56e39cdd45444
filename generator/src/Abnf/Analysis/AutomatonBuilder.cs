using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Analysis;

/// <summary>Makes automata: Thompson's construction with the smallest automata of rules as building blocks, subsets, then minimisation.</summary>
/// <remarks>The compiler runs this each time it starts, before anything of it is compiled well: hence plain arrays.</remarks>
internal sealed class AutomatonBuilder(Grammar grammar)
{
    public const int MaxStates = 3000;
    private const int MaxNodes = 60_000;

    // A node has at most one step over a set of bytes, and any number of free steps, which form a list.
    private int _nodes;
    private int[] _set = new int[256];
    private int[] _to = new int[256];
    private int[] _firstFree = new int[256];
    private int _frees;
    private int[] _freeTo = new int[256];
    private int[] _nextFree = new int[256];
    private readonly List<SymbolSet> _sets = [];
    private readonly Dictionary<SymbolSet, int> _setNumbers = new();

    /// <summary>One automaton of several languages, each with its tag. Null when it would have more than <see cref="MaxStates"/> states.</summary>
    public Automaton? Build(IReadOnlyList<TextElement> languages)
    {
        var start = Node();
        var ends = new int[languages.Count];
        for (var i = 0; i < languages.Count; i++)
        {
            var from = Node();
            Free(start, from);
            ends[i] = Add(languages[i], from);
            if (ends[i] < 0) return null;
        }
        return new SubsetConstruction(_set, _to, _firstFree, _freeTo, _nextFree, _nodes, _sets).Run(start, ends);
    }

    private int Node()
    {
        if (_nodes == _set.Length)
        {
            Array.Resize(ref _set, _nodes * 2);
            Array.Resize(ref _to, _nodes * 2);
            Array.Resize(ref _firstFree, _nodes * 2);
        }
        _to[_nodes] = _firstFree[_nodes] = -1;
        return _nodes++;
    }

    private void Free(int from, int to)
    {
        if (_frees == _freeTo.Length)
        {
            Array.Resize(ref _freeTo, _frees * 2);
            Array.Resize(ref _nextFree, _frees * 2);
        }
        _freeTo[_frees] = to;
        _nextFree[_frees] = _firstFree[from];
        _firstFree[from] = _frees++;
    }

    private void Connect(int from, SymbolSet on, int to)
    {
        if (!_setNumbers.TryGetValue(on, out var number))
        {
            number = _sets.Count;
            _sets.Add(on);
            _setNumbers.Add(on, number);
        }
        if (_to[from] >= 0)
        {
            var branch = Node();
            Free(from, branch);
            from = branch;
        }
        _set[from] = number;
        _to[from] = to;
    }

    /// <summary>Adds the element from a node on; gives the node where it ends, or -1 when there are too many.</summary>
    private int Add(TextElement element, int from)
    {
        if (_nodes > MaxNodes || from < 0) return -1;
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
                    Free(from, branch);
                    var end = Add(item, branch);
                    if (end < 0) return -1;
                    Free(end, join);
                }
                return join;
            }
            case TextRepeat repeat: return Repeat(repeat, from);
            case TextReference reference:
                return grammar.AutomatonOf(reference) is { } automaton ? Embed(automaton, from) : Add(grammar.Rule(reference).Body, from);
            default: throw new ArgumentOutOfRangeException(nameof(element));
        }
    }

    private int Repeat(TextRepeat repeat, int from)
    {
        for (var i = 0; i < repeat.Min; i++) from = Add(repeat.Item, from);
        if (from < 0) return -1;
        if (repeat.Max < 0)
        {
            var loop = Node();
            Free(from, loop);
            var body = Node();
            Free(loop, body);
            var end = Add(repeat.Item, body);
            if (end < 0) return -1;
            Free(end, loop);
            var exit = Node();
            Free(loop, exit);
            return exit;
        }
        var done = Node();
        for (var i = repeat.Min; i < repeat.Max; i++)
        {
            Free(from, done);
            var body = Node();
            Free(from, body);
            from = Add(repeat.Item, body);
            if (from < 0) return -1;
        }
        Free(from, done);
        return done;
    }

    private int Step(int from, SymbolSet on)
    {
        var to = Node();
        Connect(from, on, to);
        return to;
    }

    private int Embed(Automaton automaton, int from)
    {
        var first = _nodes;
        for (var state = 0; state < automaton.States; state++) Node();
        Free(from, first);
        var end = Node();
        var onto = new SymbolSet[automaton.States];
        for (var state = 0; state < automaton.States; state++)
        {
            if (automaton.Accepts(state)) Free(first + state, end);
            for (var c = 0; c < automaton.Classes; c++)
                if (automaton.Next(state, c) is var to && to >= 0) onto[to] |= automaton.Sets[c];
            for (var c = 0; c < automaton.Classes; c++)
            {
                var to = automaton.Next(state, c);
                if (to < 0 || onto[to].IsEmpty) continue;
                Connect(first + state, onto[to], first + to);
                onto[to] = default;
            }
        }
        return end;
    }
}
