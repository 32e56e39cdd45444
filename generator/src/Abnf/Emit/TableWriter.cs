using System.Text;
using WebRtcConformance.Emit;
using WebRtcConformance.Generator.Abnf.Analysis;

namespace WebRtcConformance.Generator.Abnf.Emit;

/// <summary>The tables of one module's parsers: sets of bytes, eight to a table, and automata.</summary>
internal sealed class TableWriter(string className)
{
    private readonly List<SymbolSet> _sets = [];
    private readonly List<(Automaton Automaton, ulong Mask)> _automata = [];

    /// <summary>C# that is true when a symbol is in the set. <paramref name="symbol"/>: an expression for a byte, or 256 at the end.</summary>
    public string Test(SymbolSet set, string symbol)
    {
        var members = set.Enumerate().ToArray();
        if (members.Length == 0) return "false";
        if (members.Length <= 3) return members.Length == 1 ? $"{symbol} == {members[0]}" : $"{symbol} is {string.Join(" or ", members)}";
        if (members[members.Length - 1] - members[0] == members.Length - 1) return $"(uint)({symbol} - {members[0]}) <= {members.Length - 1}";
        var index = _sets.IndexOf(set);
        if (index < 0)
        {
            index = _sets.Count;
            _sets.Add(set);
        }
        return $"({className}.Sets{index / 8}[{symbol}] & {1 << index % 8}) != 0";
    }

    /// <summary>The arguments of TextScan.Run, Look and Form: tables and shift.</summary>
    public string Arguments(Automaton automaton, ulong mask, bool decides)
    {
        var index = _automata.FindIndex(a => ReferenceEquals(a.Automaton, automaton) && a.Mask == mask);
        if (index < 0)
        {
            index = _automata.Count;
            _automata.Add((automaton, mask));
        }
        var name = $"{className}.A{index}";
        return $"{name}Class, {name}Next, {(decides ? name + "Decides, " : "")}{name}Accepts, {Shift(automaton)}";
    }

    private static int Shift(Automaton automaton)
    {
        var shift = 0;
        while (1 << shift < automaton.Classes) shift++;
        return shift;
    }

    public void Write(CodeWriter code)
    {
        code.Line();
        code.Open($"file static class {className}");
        for (var t = 0; t * 8 < _sets.Count; t++)
        {
            var first = t * 8;
            var cells = Enumerable.Range(0, 257).Select(b =>
            {
                var bits = 0;
                for (var i = first; i < Math.Min(first + 8, _sets.Count); i++)
                    if (_sets[i].Contains(b)) bits |= 1 << i - first;
                return bits;
            });
            Table(code, "byte", $"Sets{t}", cells);
        }
        for (var i = 0; i < _automata.Count; i++)
        {
            var (automaton, mask) = _automata[i];
            var width = 1 << Shift(automaton);
            Table(code, "byte", $"A{i}Class", automaton.ClassOf.Select(c => (int)c));
            Table(code, "ushort", $"A{i}Next", Enumerable.Range(0, automaton.States * width)
                .Select(c => c % width < automaton.Classes ? automaton.Next(c / width, c % width) + 1 : 0));
            Table(code, "byte", $"A{i}Accepts", Enumerable.Range(0, automaton.States).Select(s => Lowest(automaton.Tags(s) & mask)));
            Table(code, "byte", $"A{i}Decides", Enumerable.Range(0, automaton.States).Select(s => automaton.IsDecided(s, mask) ? Lowest(automaton.Viable(s) & mask) : 0));
        }
        code.Close();
    }

    /// <summary>The number of the lowest bit, plus 1; 0 = none.</summary>
    private static int Lowest(ulong bits)
    {
        for (var i = 0; i < 64; i++)
            if ((bits >> i & 1) != 0) return i + 1;
        return 0;
    }

    private static void Table(CodeWriter code, string type, string name, IEnumerable<int> cells)
    {
        var text = new StringBuilder();
        foreach (var cell in cells)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(cell);
        }
        code.Line($"public static ReadOnlySpan<{type}> {name} => new {type}[] {{ {text} }};");
    }
}
