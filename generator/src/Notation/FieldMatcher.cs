using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Notation;

/// <summary>Brings the cells of a drawing and the descriptions under "where" together, in order. Every cell and every description must find
/// its partner.</summary>
internal sealed class FieldMatcher(List<Cell> cells, List<LocalDiagnostic> diagnostics)
{
    private readonly Dictionary<string, Queue<int>> _places = Index(cells);
    private int _next;

    public List<FieldSyntax> Match(List<Entry> entries, string pduCsName)
    {
        var fields = new List<FieldSyntax>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var shorts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
        {
            if (entry.Elsewhere)
            {
                Take(entry);
                continue;
            }
            var csName = entry.CsName ?? Names.CSharp(entry.Name);
            if (!Names.IsIdentifier(csName))
            {
                Report(SpecRules.NoShape, entry.Position, entry.Name, "nothing that makes a C# name; say 'as Name'");
                csName = "Unnamed" + fields.Count;
            }
            if (csName == pduCsName) Report(SpecRules.SelfName, entry.Position, csName);
            if (!names.Add(csName)) Report(SpecRules.Duplicate, entry.Position, "field", entry.Name);
            if (entry.Short is { } alias && !shorts.Add(alias)) Report(SpecRules.Duplicate, entry.Position, "short name", alias);
            fields.Add(Field(entry, csName));
        }
        foreach (var cell in cells.Skip(_next)) Undescribed(cell);
        return fields;
    }

    private FieldSyntax Field(Entry entry, string csName)
    {
        var taken = Take(entry);
        if (entry.Broken) return new(entry.At, entry.Name, entry.Short, csName, entry.Clause, new BytesSyntax(null, TextEncoding.None, null), null, null, default, default);
        int? width = taken.Count > 0 && taken.All(c => !c.Open) ? taken.Sum(c => c.Bits) : null;
        if (taken.Count == 1) CheckConstant(entry, taken[0]);
        CheckWidth(entry, taken, width);
        var shape = entry.Shape(entry.DrawnBits is null ? width : null, taken.Count == 1 ? taken[0].Constant : null,
            what => Report(SpecRules.NoShape, entry.Position, entry.Name, what));
        CheckValue(entry, shape);
        if (shape is IntegerSyntax { Bits: var bits, Mask: not null } && bits % 8 != 0) Report(SpecRules.NotAligned, entry.Position, entry.Name, "end");
        var equal = shape is ConstantSyntax ? null : entry.Equal;
        if (equal is not null && shape is not IntegerSyntax) Report(SpecRules.NoShape, entry.EqualPosition, entry.Name, "'==', and is not an integer");
        return new(entry.At, entry.Name, entry.Short, csName, entry.Clause, shape, equal, entry.Present,
            new EquatableArray<RuleSyntax>(entry.Musts), new EquatableArray<string>(entry.Covers));
    }

    private List<Cell> Take(Entry entry)
    {
        var taken = new List<Cell>();
        if (entry.NotDrawn || entry.Name == "this" || entry.Computed is not null || cells.Count == 0) return taken;
        var wanted = entry.DrawnAs.Count > 0 ? entry.DrawnAs : [entry.Name];
        foreach (var name in wanted)
        {
            var place = Find(name);
            if (place < 0 && entry.DrawnAs.Count == 0 && entry.Short is { } alias) place = Find(alias);
            if (place < 0)
            {
                Report(SpecRules.EntryWithoutCell, entry.Position, name);
                continue;
            }
            while (_next < place) Undescribed(cells[_next++]);
            taken.Add(cells[_next++]);
        }
        return taken;
    }

    private int Find(string name)
    {
        if (name == "zeros") return _next < cells.Count && cells[_next].Constant == 0 ? _next : -1;
        var key = Names.Key(name);
        if (key.Length > 0 && key.All(c => c is '0' or '1' or ' ')) key = key.Replace(" ", "");
        if (!_places.TryGetValue(key, out var places)) return -1;
        while (places.Count > 0 && places.Peek() < _next) places.Dequeue();
        return places.Count > 0 ? places.Peek() : -1;
    }

    private static Dictionary<string, Queue<int>> Index(List<Cell> cells)
    {
        var places = new Dictionary<string, Queue<int>>();
        for (var i = 0; i < cells.Count; i++)
        {
            if (!places.TryGetValue(cells[i].Key, out var queue)) places.Add(cells[i].Key, queue = new());
            queue.Enqueue(i);
        }
        return places;
    }

    private void Undescribed(Cell cell) => Report(SpecRules.CellWithoutEntry, cell.Position, cell.Text);

    /// <summary>A width that is both said and drawn must be one; a crooked bar is settled by what is said.</summary>
    private void CheckWidth(Entry entry, List<Cell> taken, int? drawn)
    {
        if (entry.DrawnBits is { } claimed)
        {
            if (drawn is { } d && claimed != d) Report(SpecRules.WidthMismatch, entry.Position, entry.Name, claimed, d);
            return;
        }
        if (drawn is not { } width) return;
        var said = entry.Bits;
        if (entry.Size is not null || entry.Rest || entry.Count is not null)
        {
            if (entry.ListOfBits is { } itemBits && itemBits % 8 != 0 && entry.Count is NumberExpr items && items.Value * itemBits != width)
                Report(SpecRules.WidthMismatch, entry.Position, entry.Name, items.Value * itemBits, width);
            var fixedBytes = entry.Size is NumberExpr n && entry.ListOf is null ? n.Value * 8 : -1;
            if (fixedBytes != width && entry.ListOfBits is null && entry.ListOf is null)
                Report(SpecRules.WidthMismatch, entry.Position, entry.Name, fixedBytes < 0 ? "a variable number of" : fixedBytes, width);
            return;
        }
        if (taken.FirstOrDefault(c => c.Fewer + c.More > 0) is { } crooked && said is null)
        {
            Report(SpecRules.OffLattice, crooked.Position, $"; say how many bits '{entry.Name}' has");
            return;
        }
        if (said is null || entry.ListOf is not null || entry.Nested is not null) return;
        if (said < width - taken.Sum(c => c.Fewer) || said > width + taken.Sum(c => c.More))
            Report(SpecRules.WidthMismatch, entry.BitsPosition, entry.Name, said, width);
    }

    private void CheckConstant(Entry entry, Cell cell)
    {
        var said = entry.Sent ?? (entry.Equal is NumberExpr number ? (ulong)number.Value : null);
        if (cell.Constant is { } drawn && said is { } value && drawn != value)
            Report(SpecRules.ConstantConflict, entry.Position, entry.Name, drawn, value);
    }

    private void CheckValue(Entry entry, ShapeSyntax shape)
    {
        var (bits, value) = shape switch
        {
            ConstantSyntax c => (c.Bits, c.Value),
            ReservedSyntax r => (r.Bits, r.Sent),
            _ => (64, 0UL),
        };
        if (bits > 64) Report(SpecRules.OutOfRange, entry.Position, bits, "1 to 64 bits");
        else if (bits < 64 && value >> bits != 0) Report(SpecRules.TooWide, entry.Position, value, bits);
    }

    private void Report(SpecRule rule, SpecPosition position, params object[] arguments) =>
        diagnostics.Add(new(rule, rule.Message(arguments), position));
}
