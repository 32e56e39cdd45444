using System.Globalization;
using System.Text;
using WebRtcConformance.Emit;
using WebRtcConformance.Generator.Abnf.Analysis;

namespace WebRtcConformance.Generator.Abnf.Emit;

/// <summary>The tables of one module's parsers: sets of bytes and automata.</summary>
internal sealed class TableWriter
{
    private const string ClassName = "Tables";
    private static readonly SymbolSet HighBytes = SymbolSet.Range(0x80, 0xFF);
    private readonly List<SymbolSet> _sets = [];
    private readonly List<(Automaton Automaton, ulong Mask, bool Decides)> _automata = [];

    /// <summary>C# that is true when a byte is in the set.</summary>
    public string Test(SymbolSet set, string symbol)
    {
        set = set.Bytes;
        if (set.IsEmpty) return "false";
        var ranges = Ranges(set);
        if (ranges.Count > 2 && IsAscii(set)) return $"{Set(set)}.Has({symbol})";
        if (ranges.Count > 2 && IsAscii(~set)) return $"!{Set((~set).Bytes)}.Has({symbol})";
        var tests = ranges.Select(r => r.From == r.To ? Number(r.From) : r.To == r.From + 1 ? $"{r.From} or {r.To}" : $">= {r.From} and <= {r.To}");
        return ranges.Count == 1 && ranges[0].From == ranges[0].To ? $"{symbol} == {ranges[0].From}" : $"{symbol} is {string.Join(" or ", tests)}";
    }

    /// <summary>C# that is true when a byte is not in a set of one byte or two.</summary>
    public string TestNot(SymbolSet set, string symbol) =>
        Ranges(set) is [var one] && one.From == one.To ? $"{symbol} != {one.From}" : $"{symbol} is not ({string.Join(" or ", set.Enumerate())})";

    /// <summary>C# that gives the end of the run of the set's bytes from <c>at</c> on; null when there is none but a loop.</summary>
    /// <param name="most">-1 = of any length.</param>
    /// <param name="often">Most texts come through: faster, but more code.</param>
    public string? Run(SymbolSet set, int most, bool often = false)
    {
        var end = most < 0 ? "" : $", {most}";
        var how = often && most < 0 ? "Often" : "";
        if (IsAscii(set)) return $"TextScan.While{how}(s, at, {Set(set)}{end})";
        return IsAscii(~set) ? $"TextScan.Until{how}(s, at, {Set((~set).Bytes)}{end})" : null;
    }

    private static bool IsAscii(SymbolSet set) => !set.Intersects(HighBytes);

    private string Set(SymbolSet set)
    {
        var index = _sets.IndexOf(set);
        if (index < 0)
        {
            index = _sets.Count;
            _sets.Add(set);
        }
        return $"{ClassName}.Set{index}";
    }

    /// <summary>The C# name of a TextAutomaton.</summary>
    /// <param name="decides">It is for Look: a state where only one alternative is left says which.</param>
    public string Automaton(Automaton automaton, ulong mask, bool decides)
    {
        var index = _automata.FindIndex(a => a.Mask == mask && a.Decides == decides && a.Automaton.Equals(automaton));
        if (index < 0)
        {
            index = _automata.Count;
            _automata.Add((automaton, mask, decides));
        }
        return $"{ClassName}.A{index}";
    }

    public void Write(CodeWriter code)
    {
        if (_sets.Count + _automata.Count == 0) return;
        code.Line();
        code.Open($"file static class {ClassName}");
        for (var i = 0; i < _sets.Count; i++)
        {
            code.Summary(Shown(_sets[i]));
            code.Line($"public static ByteSet Set{i} => new({Bits(_sets[i])});");
        }
        for (var i = 0; i < _automata.Count; i++)
        {
            var (automaton, mask, decides) = _automata[i];
            code.Line($"public static readonly TextAutomaton A{i} = {Text(automaton, mask, decides)};");
        }
        code.Close();
    }

    private static List<(int From, int To)> Ranges(SymbolSet set)
    {
        var ranges = new List<(int From, int To)>();
        for (var b = 0; b < 256; b++)
        {
            if (!set.Contains(b)) continue;
            var from = b;
            while (b < 255 && set.Contains(b + 1)) b++;
            ranges.Add((from, b));
        }
        return ranges;
    }

    private static string Shown(SymbolSet set) =>
        string.Join(" ", Ranges(set).Select(r => r.From == r.To ? Analysis.Automaton.Show(r.From) : $"{Analysis.Automaton.Show(r.From)}-{Analysis.Automaton.Show(r.To)}"));

    /// <summary>As ByteSet lays them out.</summary>
    private static string Bits(SymbolSet set)
    {
        var (low, high) = (0UL, 0UL);
        for (var b = 0; b < 0x80; b++)
        {
            if (!set.Contains(b)) continue;
            var bit = 1UL << (b & 7) * 8 + (b >> 4);
            if ((b & 8) == 0) low |= bit;
            else high |= bit;
        }
        return $"0x{low:X16}, 0x{high:X16}";
    }

    /// <summary>As TextAutomaton reads it: the largest class is the one that is not listed.</summary>
    private static string Text(Automaton automaton, ulong mask, bool decides)
    {
        var largest = 0;
        var listed = new string[automaton.Classes];
        for (var c = 0; c < listed.Length; c++)
        {
            listed[c] = string.Join(",", Ranges(automaton.Sets[c]).Select(r => r.From == r.To ? r.From.ToString("X2") : $"{r.From:X2}-{r.To:X2}"));
            if (listed[c].Length > listed[largest].Length) largest = c;
        }
        var order = new List<int> { largest };
        for (var c = 0; c < listed.Length; c++)
            if (c != largest) order.Add(c);
        var text = new StringBuilder("new(\"").Append(string.Join(" ", order.Skip(1).Select(c => listed[c]))).Append("\", \"");
        for (var state = 0; state < automaton.States; state++)
        {
            if (state > 0) text.Append(';');
            if ((automaton.Tags(state) & mask) is var tags && tags != 0) text.Append('=').Append(Lowest(tags)).Append(':');
            Row(text, order.Select(c => Cell(automaton, state, automaton.Next(state, c), mask, decides)).ToArray());
        }
        return text.Append("\")").ToString();
    }

    private static string Cell(Automaton automaton, int state, int next, ulong mask, bool decides) =>
        next < 0 ? "" : decides && automaton.IsDecided(next, mask) && (automaton.Viable(next) & mask) is var left && left != 0 ? "!" + Lowest(left)
        : next == state ? "." : next == state + 1 ? "+" : Number(next);

    private static void Row(StringBuilder text, string[] cells)
    {
        var count = cells.Length;
        while (count > 0 && cells[count - 1].Length == 0) count--;
        for (var c = 0; c < count; c++)
        {
            if (c > 0) text.Append(',');
            text.Append(cells[c]);
            var same = 1;
            while (c + same < count && cells[c + same] == cells[c]) same++;
            if (same * (cells[c].Length + 1) <= cells[c].Length + 3) continue;
            text.Append('*').Append(same);
            c += same - 1;
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Lowest(ulong bits)
    {
        var lowest = 0;
        while (lowest < 63 && (bits >> lowest & 1) == 0) lowest++;
        return lowest;
    }
}
