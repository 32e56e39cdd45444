namespace WebRtcConformance.Generator.Abnf.Analysis;

/// <summary>Whether a text can be cut at two places into one of a first language and one of a second.</summary>
internal sealed class Cuts
{
    private readonly Automaton _first, _second;
    private readonly List<int> _bytes = [];
    /// <summary>What has been reached, in order, and from where by which byte (-1 = by none).</summary>
    private readonly List<(Phase Phase, int X, int Y, int From, int Byte)> _found = [];
    private readonly HashSet<(Phase, int, int)> _seen = [];

    /// <summary>Before the earlier cut (X: the first language), between both (X: the first language, Y: the second, since the earlier cut), and after the later
    /// one (X and Y: the second language, since either cut).</summary>
    private enum Phase { Before, Between, After }

    private Cuts(Automaton first, Automaton second)
    {
        (_first, _second) = (first, second);
        // One byte for each pair of classes, a printable one where there is one.
        var classes = new HashSet<(byte, byte)>();
        for (var i = 0; i < 256; i++)
            if ((i + '0' & 0xFF) is var b && classes.Add((first.ClassOf[b], second.ClassOf[b]))) _bytes.Add(b);
    }

    /// <summary>A shortest text that can be cut at two places, as <see cref="Automaton.Witness"/> shows texts; null when there is none.</summary>
    public static string? Witness(Automaton first, Automaton second) => new Cuts(first, second).Search();

    private string? Search()
    {
        Reach(Phase.Before, 0, 0, -1, -1);
        for (var i = 0; i < _found.Count; i++)
        {
            var (phase, x, y, _, _) = _found[i];
            if (phase == Phase.After && _second.Accepts(x) && _second.Accepts(y)) return Text(i);
            if (phase == Phase.Between && _first.Accepts(x)) Reach(Phase.After, y, 0, i, -1);
            foreach (var b in _bytes)
                switch (phase)
                {
                    case Phase.Before:
                        Reach(Phase.Before, Next(_first, x, b), 0, i, b);
                        if (_first.Accepts(x)) Reach(Phase.Between, Next(_first, x, b), Next(_second, 0, b), i, b);
                        break;
                    case Phase.Between: Reach(phase, Next(_first, x, b), Next(_second, y, b), i, b); break;
                    default: Reach(phase, Next(_second, x, b), Next(_second, y, b), i, b); break;
                }
        }
        return null;
    }

    private static int Next(Automaton automaton, int state, int b) => automaton.Next(state, automaton.ClassOf[b]);

    private void Reach(Phase phase, int x, int y, int from, int b)
    {
        if (x >= 0 && y >= 0 && _seen.Add((phase, x, y))) _found.Add((phase, x, y, from, b));
    }

    private string Text(int at)
    {
        var text = "";
        for (; at >= 0; at = _found[at].From)
            if (_found[at].Byte >= 0) text = Automaton.Show(_found[at].Byte) + text;
        return text;
    }
}
