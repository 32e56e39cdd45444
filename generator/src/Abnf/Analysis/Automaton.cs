using System.Text;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Analysis;

/// <summary>A deterministic automaton over bytes without dead states. State 0 is the start. An accepting state knows which of the tagged
/// languages end there: <see cref="Tags"/> is a bit mask (bit 0 = the first).</summary>
internal sealed class Automaton(byte[] classOf, int classes, int[] next, ulong[] tags) : IEquatable<Automaton>
{
    private readonly int[] _next = next;
    private readonly ulong[] _tags = tags;
    private ulong[]? _viable;
    private SymbolSet[]? _sets;

    public int Classes => classes;
    public byte[] ClassOf => classOf;
    public int States => _tags.Length;
    public ulong Tags(int state) => _tags[state];
    public bool Accepts(int state) => _tags[state] != 0;
    /// <summary>-1 = none.</summary>
    public int Next(int state, int @class) => _next[state * classes + @class];

    /// <summary>The bytes of each class.</summary>
    public SymbolSet[] Sets
    {
        get
        {
            if (_sets is not null) return _sets;
            _sets = new SymbolSet[classes];
            for (var b = 0; b < 256; b++) _sets[classOf[b]] |= SymbolSet.Of(b);
            return _sets;
        }
    }

    /// <summary>The bytes on which the state goes on.</summary>
    public SymbolSet Out(int state)
    {
        var set = default(SymbolSet);
        for (var c = 0; c < classes; c++)
            if (Next(state, c) >= 0) set |= Sets[c];
        return set;
    }

    /// <summary>The bytes on which the state stays.</summary>
    public SymbolSet Loop(int state)
    {
        var set = default(SymbolSet);
        for (var c = 0; c < classes; c++)
            if (Next(state, c) == state) set |= Sets[c];
        return set;
    }

    /// <summary>Whether both have the same states and steps: automata are minimal and numbered by their shortest texts, so then they say the same.</summary>
    public bool Equals(Automaton? other) => other is not null
        && (ReferenceEquals(this, other) || classes == other.Classes && States == other.States && Same(classOf, other.ClassOf)
            && Same(_tags, other._tags) && Same(_next, other._next));
    public override bool Equals(object? obj) => Equals(obj as Automaton);
    private static bool Same<T>(T[] x, T[] y) where T : IEquatable<T> => x.AsSpan().SequenceEqual(y);
    public override int GetHashCode() => States * 31 + classes;

    /// <summary>The tags that some text from the state on leads to.</summary>
    public ulong Viable(int state)
    {
        if (_viable is not null) return _viable[state];
        _viable = (ulong[])_tags.Clone();
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
        var seen = new bool[States];
        seen[0] = true;
        found.Add(0);
        for (var i = 0; i < found.Count; i++)
            for (var c = 0; c < classes; c++)
            {
                var to = Next(found[i], c);
                if (to < 0 || seen[to] || IsDecided(to, mask)) continue;
                seen[to] = true;
                found.Add(to);
            }
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
            if ((_tags[state] & mask) != 0 && Out(state).Intersects(follow)) return state;
        return -1;
    }

    /// <summary>Whether each text of the second language that begins with one of the bytes is one of the first, too.</summary>
    public bool FirstCoversSecond(SymbolSet begin)
    {
        var seen = new bool[States];
        var open = new Stack<int>();
        for (var c = 0; c < classes; c++)
            if (Sets[c].Intersects(begin) && Next(0, c) is var to && to >= 0 && !seen[to])
            {
                seen[to] = true;
                open.Push(to);
            }
        while (open.Count > 0)
        {
            var from = open.Pop();
            if ((_tags[from] & 3) == 2) return false;
            for (var c = 0; c < classes; c++)
            {
                var to = Next(from, c);
                if (to < 0 || seen[to]) continue;
                seen[to] = true;
                open.Push(to);
            }
        }
        return true;
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
    public int Shared() => Array.FindIndex(_tags, t => (t & (t - 1)) != 0);

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
