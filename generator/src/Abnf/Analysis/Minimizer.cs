namespace WebRtcConformance.Generator.Abnf.Analysis;

/// <summary>Makes a deterministic automaton the smallest of its language: dead states, states that no text tells apart, and bytes that no state tells apart go.</summary>
internal static class Minimizer
{
    public static Automaton Run(byte[] classOf, int classes, int[] next, ulong[] tags)
    {
        DropDead(classes, next, tags);
        var (block, blocks) = Blocks(classes, next, tags);
        // Numbering follows the first state of each block, so state 0 is block 0. A dead start is kept.
        var smallNext = new int[blocks * classes];
        var smallTags = new ulong[blocks];
        for (var state = 0; state < tags.Length; state++)
        {
            smallTags[block[state]] = tags[state];
            for (var c = 0; c < classes; c++)
                smallNext[block[state] * classes + c] = next[state * classes + c] is var to && to >= 0 ? block[to] : -1;
        }
        return Trim(classOf, classes, smallNext, smallTags);
    }

    private static void DropDead(int classes, int[] next, ulong[] tags)
    {
        var live = new bool[tags.Length];
        for (var state = 0; state < live.Length; state++) live[state] = tags[state] != 0;
        for (var changed = true; changed;)
        {
            changed = false;
            for (var state = live.Length - 1; state >= 0; state--)
                for (var c = 0; c < classes && !live[state]; c++)
                    if (next[state * classes + c] is var to && to >= 0 && live[to]) live[state] = changed = true;
        }
        for (var i = 0; i < next.Length; i++)
            if (next[i] >= 0 && !live[next[i]]) next[i] = -1;
    }

    /// <summary>Splits states, at first by their tags, by where their steps lead until nothing is split any more.</summary>
    private static (int[] Block, int Count) Blocks(int classes, int[] next, ulong[] tags)
    {
        var count = tags.Length;
        var (block, refined) = (new int[count], new int[count]);
        var slots = 16;
        while (slots < count * 2) slots *= 2;
        var table = new int[slots];
        var blocks = 0;
        for (var round = 0; ; round++)
        {
            Array.Clear(table, 0, slots);
            var found = 0;
            for (var state = 0; state < count; state++)
            {
                var hash = round == 0 ? tags[state].GetHashCode() : block[state];
                if (round > 0)
                    for (var c = 0; c < classes; c++) hash = unchecked(hash * 0x01000193 + (next[state * classes + c] is var to && to >= 0 ? block[to] + 1 : 0));
                var slot = unchecked((int)((uint)hash * 0x9E3779B1u >> 8)) & slots - 1;
                // The table holds a state of each new block, plus 1.
                while (table[slot] != 0 && !Same(table[slot] - 1, state)) slot = slot + 1 & slots - 1;
                if (table[slot] == 0)
                {
                    table[slot] = state + 1;
                    refined[state] = found++;
                }
                else refined[state] = refined[table[slot] - 1];
            }
            (block, refined) = (refined, block);
            if (found == blocks) return (block, found);
            blocks = found;

            bool Same(int x, int y)
            {
                if (round == 0) return tags[x] == tags[y];
                if (block[x] != block[y]) return false;
                for (var c = 0; c < classes; c++)
                {
                    var (a, b) = (next[x * classes + c], next[y * classes + c]);
                    if (a != b && (a < 0 || b < 0 || block[a] != block[b])) return false;
                }
                return true;
            }
        }
    }

    /// <summary>Keeps what can be reached from the start, in the order in which it is reached, and joins classes that all states treat alike.</summary>
    private static Automaton Trim(byte[] classOf, int classes, int[] next, ulong[] tags)
    {
        var number = new int[tags.Length];
        for (var i = 1; i < number.Length; i++) number[i] = -1;
        var order = new int[tags.Length];
        var count = 1;
        for (var i = 0; i < count; i++)
            for (var c = 0; c < classes; c++)
                if (next[order[i] * classes + c] is var to && to >= 0 && number[to] < 0)
                {
                    number[to] = count;
                    order[count++] = to;
                }

        var joined = new int[classes];
        var kept = new int[classes];
        var columns = 0;
        for (var c = 0; c < classes; c++)
        {
            var like = 0;
            while (like < columns && !Alike(kept[like], c)) like++;
            if (like == columns) kept[columns++] = c;
            joined[c] = like;
        }
        var smallNext = new int[count * columns];
        var smallTags = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            smallTags[i] = tags[order[i]];
            for (var c = 0; c < columns; c++) smallNext[i * columns + c] = next[order[i] * classes + kept[c]] is var to && to >= 0 ? number[to] : -1;
        }
        var smallClasses = new byte[256];
        for (var b = 0; b < 256; b++) smallClasses[b] = (byte)joined[classOf[b]];
        return new(smallClasses, columns, smallNext, smallTags);

        bool Alike(int x, int y)
        {
            for (var i = 0; i < count; i++)
                if (next[order[i] * classes + x] != next[order[i] * classes + y]) return false;
            return true;
        }
    }
}
