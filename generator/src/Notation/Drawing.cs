using System.Globalization;

namespace WebRtcConformance.Generator.Notation;

/// <summary>One cell of a packet drawing.</summary>
/// <param name="Text">What is written in the cell, lines joined by a space.</param>
/// <param name="Key"><paramref name="Text"/> as <see cref="Names.Key"/>, without an inline constant.</param>
/// <param name="FirstBit">Bit of the row where the cell begins, 0 = most significant.</param>
/// <param name="Bits">Width; for an open cell the width of one row.</param>
/// <param name="Fewer">Bits by which the cell may be narrower, because a bar stands between two columns.</param>
/// <param name="More">Likewise wider.</param>
/// <param name="Open">The drawing does not fix the cell's size (dots, torn borders, several full rows).</param>
/// <param name="Constant">The value that is drawn in the cell ("V=2", "0 0").</param>
internal sealed record Cell(
    string Text, string Key, int FirstBit, int Bits, int Fewer, int More, bool Open, ulong? Constant, SpecPosition Position);

/// <summary>A packet drawing as the RFCs have it: the '+' of its first line are the bit boundaries, and bars stand on them.
/// Read from top to bottom in one pass; every mistake is reported and reading goes on.</summary>
internal sealed class Drawing
{
    private readonly List<LocalDiagnostic> _diagnostics;
    private readonly List<SourceLine> _band = [];
    private int[] _lattice = [];
    private int _width;

    private Drawing(List<LocalDiagnostic> diagnostics) => _diagnostics = diagnostics;

    public List<Cell> Cells { get; } = [];
    public int Width => Math.Max(0, _lattice.Length - 1);

    public static Drawing Read(IEnumerable<SourceLine> lines, List<LocalDiagnostic> diagnostics)
    {
        var drawing = new Drawing(diagnostics);
        SourceLine? ruler = null;
        var first = default(SourceLine?);
        foreach (var line in lines)
        {
            if (line.IsBlank) continue;
            first ??= line;
            if (line.Text.IndexOf('\t') is >= 0 and var tab)
            {
                diagnostics.Add(new(SpecRules.NoDrawing, SpecRules.NoDrawing.Message("a drawing holds no tab characters"), line.At(tab, 1)));
                continue;
            }
            var rule = drawing.IsNotch(line.Text) ? null : RuleColumns(line.Text);
            if (drawing._lattice.Length == 0)
            {
                if (rule is not null) drawing.Begin(rule, ruler);
                else if (line.Text.All(c => c == ' ' || Names.IsDigit(c))) ruler = line;
                else diagnostics.Add(new(SpecRules.NoDrawing,
                    SpecRules.NoDrawing.Message("a drawing begins with a ruler of digits or a line of +-+-+"), line.Whole));
            }
            else if (rule is not null) drawing.Close(drawing.Measure(rule, line));
            else drawing._band.Add(line);
        }
        if (drawing._band.Count > 0) drawing.Close(drawing._width);
        if (first is { } at && drawing._lattice.Length == 0 && ruler is not null)
            diagnostics.Add(new(SpecRules.NoDrawing, SpecRules.NoDrawing.Message("a ruler without a drawing"), at.Whole));
        return drawing;
    }

    /// <summary>The columns of '+' when the line is (from the first '+' on, gutter text before it) a rule line, else null.</summary>
    private static int[]? RuleColumns(string text)
    {
        var start = text.IndexOf('+');
        if (start < 0 || start + 1 >= text.Length || text[start + 1] is not ('-' or '=') || text.IndexOf('|', 0, start) >= 0) return null;
        var columns = new List<int>();
        for (var i = start; i < text.Length && text[i] is '+' or '-' or '='; i++)
            if (text[i] == '+') columns.Add(i);
        return columns.Count < 2 ? null : columns.ToArray();
    }

    private void Begin(int[] rule, SourceLine? ruler)
    {
        _lattice = rule;
        _width = rule.Length - 1;
        if (ruler is not { } line) return;
        var digits = line.Text.Count(Names.IsDigit);
        if (digits < _width)
            _diagnostics.Add(new(SpecRules.RulerMismatch, SpecRules.RulerMismatch.Message(digits, _width), line.Whole));
    }

    /// <summary>Width in bits of the row that this rule line closes.</summary>
    private int Measure(int[] rule, SourceLine line)
    {
        foreach (var column in rule)
        {
            if (Array.BinarySearch(_lattice, column) >= 0) continue;
            _diagnostics.Add(new(SpecRules.CrookedRule, SpecRules.CrookedRule.Message(), line.At(column, 1)));
            return _width;
        }
        if (rule[0] == _lattice[0]) return Array.BinarySearch(_lattice, rule[rule.Length - 1]);
        _diagnostics.Add(new(SpecRules.CrookedRule, SpecRules.CrookedRule.Message(), line.At(rule[0], 1)));
        return _width;
    }

    /// <summary>Turns the lines between two rule lines into cells.</summary>
    private void Close(int width)
    {
        if (_band.Count > 0)
        {
            var notched = Unnotched(out var notch);
            new Band(this, _band, notched ? _width : width).Read();
            if (notch is not null) Cells.Add(notch);
        }
        _band.Clear();
        _width = width;
    }

    /// <summary>Whether a line with a piece of rule in it only notches the cell that it stands in: "|     +-----+", "/     +-----\\".</summary>
    private bool IsNotch(string text) => _lattice.Length > 0 && _lattice[0] < text.Length && text[_lattice[0]] is '|' or '/' or '\\' or ':' or '~';

    /// <summary>An open cell may be drawn with a notch, its last rows shorter than the others: "|     +-----+", "|     |". Takes the notch away.</summary>
    /// <param name="cell">What is written in the notch: a cell of its own.</param>
    private bool Unnotched(out Cell? cell)
    {
        cell = null;
        var notch = _band.FindIndex(l => l.Text.IndexOf("+-", StringComparison.Ordinal) > _lattice[0]);
        if (notch <= 0) return false;
        var column = _band[notch].Text.IndexOf("+-", _lattice[0], StringComparison.Ordinal);
        var texts = new List<(string Text, SpecPosition Position)>();
        foreach (var line in _band.Skip(notch))
        {
            var rest = _lattice[0] < line.Text.Length ? line.Text.Substring(_lattice[0]) : "";
            if (line.Text.Length > column && rest.Substring(0, column - _lattice[0]).Trim('|', '/', '\\', ':', '~', ' ').Length == 0)
            {
                var text = line.Text.Substring(column).Trim('|', '/', '\\', ':', '~', '+', '-', ' ');
                if (text.Length > 0) texts.Add((text, line.At(line.Text.IndexOf(text, column, StringComparison.Ordinal), text.Length)));
            }
            else if (rest.Any(c => c is not (' ' or '|' or '+' or '-')))
                _diagnostics.Add(new(SpecRules.CrookedRule, SpecRules.CrookedRule.Message(), line.Whole));
        }
        _band.RemoveRange(notch, _band.Count - notch);
        if (texts.Count == 0) return true;
        var joined = string.Join(" ", texts.Select(t => t.Text));
        var first = Array.BinarySearch(_lattice, column);
        if (first < 0) first = ~first;
        cell = new(joined, Names.Key(joined), first, _width - first, 0, 0, true, null, texts[0].Position);
        return true;
    }

    /// <summary>The lines between two rule lines.</summary>
    private sealed class Band(Drawing drawing, List<SourceLine> lines, int width)
    {
        private readonly int _left = drawing._lattice[0];
        private readonly int _right = drawing._lattice[width];
        private bool _torn;

        public void Read()
        {
            var bars = new List<int>();
            var barred = false;
            foreach (var line in lines.ToArray())
            {
                var border = _left < line.Text.Length ? line.Text[_left] : ' ';
                var dotted = border == '.' && !line.Text.TrimStart().StartsWith("..", StringComparison.Ordinal);
                _torn |= dotted || border is '/' or '\\' or ':' or '~';
                if (!dotted && border is not ('|' or '/' or '\\' or ':' or '~' or '+') && !Continues(line))
                {
                    Report(SpecRules.CrookedRule, line.Whole);
                    return;
                }
                var own = Bars(line.Text);
                if (own.Count > 0 && !barred)
                {
                    bars = own;
                    barred = true;
                }
                else if (own.Count > 0 && !own.SequenceEqual(bars))
                {
                    Report(SpecRules.RaggedBand, line.Whole);
                    lines.Remove(line);
                }
            }
            var from = _left;
            for (var i = 0; i <= bars.Count; i++)
            {
                var to = i < bars.Count ? bars[i] : _right;
                Add(from, to, i == bars.Count, bars.Count == 0);
                from = to;
            }
        }

        /// <summary>A line that goes on where an open cell was cut off: "...   |  value string".</summary>
        private bool Continues(SourceLine line) =>
            drawing.Cells.Count > 0 && drawing.Cells[drawing.Cells.Count - 1].Open && line.Text.TrimStart().StartsWith("..", StringComparison.Ordinal)
            && (line.Indent == _left || line.Indent == _left + 1);

        private List<int> Bars(string text)
        {
            var bars = new List<int>();
            for (var i = _left + 1; i < text.Length && i < _right; i++)
                if (text[i] == '|') bars.Add(i);
            return bars;
        }

        private void Add(int from, int to, bool last, bool whole)
        {
            var texts = new List<string>();
            var position = lines[0].At(from, to - from);
            var open = _torn || (whole && lines.Count > 1);
            foreach (var line in lines)
            {
                var begin = Math.Min(from + 1, line.Text.Length);
                var ragged = last && (to >= line.Text.Length || !(line.Text[to] is '|' or '/' or '\\' or ':' or '~' or '+'));
                var end = ragged ? line.Text.Length : Math.Min(to, line.Text.Length);
                var text = line.Text.Substring(begin, Math.Max(0, end - begin));
                open |= ragged;
                if (text.Trim().Length == 0) continue;
                if (texts.Count == 0) position = line.At(begin + text.Length - text.TrimStart().Length, text.Trim().Length);
                texts.Add(text.Trim());
            }
            var joined = string.Join(" ", texts);
            open |= joined.Contains("..") || joined.IndexOf("(variable", StringComparison.OrdinalIgnoreCase) >= 0;
            var first = Bit(from, out var looseFrom);
            var bits = Bit(to, out var looseTo) - first;
            if (from == _left && Names.Key(joined) == "..." && lines.All(l => _left >= l.Text.Length || l.Text[_left] is ' ' or '.')) return;
            if (lines.Count == 1 && !open && !looseFrom && !looseTo && BitByBit(lines[0], first, bits)) return;
            var constant = Constant(joined, out var key);
            drawing.Cells.Add(new(joined, key, first, bits, looseFrom ? 1 : 0, looseTo ? 1 : 0, open, constant, position));
        }

        /// <summary>Bit boundary at a column; a bar between two boundaries counts as the earlier one and is loose.</summary>
        private int Bit(int column, out bool loose)
        {
            var index = Array.BinarySearch(drawing._lattice, column);
            loose = index < 0;
            return loose ? ~index - 1 : index;
        }

        /// <summary>A cell with one character under each bit, "0 0 0 A B 0": digits are constants, letters are fields of one bit.</summary>
        private bool BitByBit(SourceLine line, int first, int bits)
        {
            var end = drawing._lattice[first + bits];
            var marks = 0;
            for (var column = drawing._lattice[first] + 1; column < end && column < line.Text.Length; column++)
            {
                if (line.Text[column] == ' ') continue;
                if (!IsMark(line.Text[column]) || Array.BinarySearch(drawing._lattice, column - 1) < 0) return false;
                marks++;
            }
            if (marks != bits) return false;
            var i = 0;
            while (i < bits)
            {
                var start = i;
                var column = drawing._lattice[first + i] + 1;
                var mark = line.Text[column];
                var value = 0UL;
                if (mark is '0' or '1')
                    while (i < bits && line.Text[drawing._lattice[first + i] + 1] is '0' or '1')
                        value = (value << 1) | (line.Text[drawing._lattice[first + i++] + 1] == '1' ? 1UL : 0);
                else i++;
                var digits = mark is '0' or '1';
                var length = drawing._lattice[first + i - 1] + 2 - column;
                var text = line.Text.Substring(column, length);
                var key = digits ? text.Replace(" ", "") : Names.Key(text);
                drawing.Cells.Add(new(text, key, first + start, i - start, 0, 0, false, digits ? value : null, line.At(column, length)));
            }
            return true;
        }

        private static bool IsMark(char c) => Names.IsLetter(c) || c is '0' or '1';

        private void Report(SpecRule rule, SpecPosition position) => drawing._diagnostics.Add(new(rule, rule.Message(""), position));
    }

    /// <summary>The value in "V=2", "PT=SR=200", "Type = 1" or "0xBE"; <paramref name="key"/> is the name before it.</summary>
    private static ulong? Constant(string text, out string key)
    {
        key = Names.Key(text);
        var equals = text.LastIndexOf('=');
        if (!TryNumber(text.Substring(equals + 1).Trim(), out var value)) return null;
        if (equals >= 0) key = Names.Key(text.Substring(0, text.IndexOf('=')));
        else if (!text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return null;
        return value;
    }

    private static bool TryNumber(string text, out ulong value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.Substring(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
