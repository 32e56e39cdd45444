using System.Text;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Notation;

/// <summary>Reads one declaration: its first line by tokens, its block by kind.</summary>
internal sealed class DeclarationParser(
    TokenReader head, BlockReader block, Clause clause, string document,
    Func<(IReadOnlyList<SourceLine> Lines, int From), TokenReader> cut, List<LocalDiagnostic> diagnostics)
{
    /// <summary>"message STUN Message (StunMessage)", "variant X (Y) of REGISTRY like Z".</summary>
    public PduSyntax? Pdu(int order, string keyword)
    {
        var kind = keyword switch { "message" => PduKind.Message, "element" => PduKind.Element, _ => PduKind.Variant };
        var name = head.Name("a name");
        var csName = Alias(name.Text);
        NameUse? registry = null, like = null;
        if (kind == PduKind.Variant && head.Expect("of")) registry = head.Name("a registry");
        if (head.TryTake("like")) like = head.Name("a PDU");
        End(head);

        var drawing = Drawing.Read(block.Drawing, diagnostics);
        var entries = Entries();
        if (like is not null && (block.Drawing.Count > 0 || entries.Count > 0))
            Report(SpecRules.WrongKind, block.Drawing.Concat(block.Entries.SelectMany(e => e)).First().Whole, $"'{name.Text}' takes its fields from '{like.Text}'");
        var fields = new FieldMatcher(drawing.Cells, diagnostics).Match(entries, csName);
        var rules = Rules();
        return head.Failed ? null : new(name.At, order, name.Text, csName, kind, clause, registry, like, new(fields), new(rules));
    }

    private string Alias(string name)
    {
        if (!head.TryTake("(")) return head.Failed ? "" : Checked(Names.CSharp(name), head);
        var alias = head.Identifier();
        head.Expect(")");
        return alias;
    }

    private static string Checked(string csName, TokenReader reader)
    {
        if (!Names.IsIdentifier(csName)) reader.Unexpected("a C# name in parentheses");
        return csName;
    }

    private static void End(TokenReader reader)
    {
        if (!reader.AtEnd) reader.Unexpected("the end of the line");
    }

    private List<Entry> Entries()
    {
        var entries = new List<Entry>();
        foreach (var lines in block.Entries)
        {
            if (Body(lines, out var reader) is not { } label) continue;
            var entry = new Entry
            {
                Name = label.Name, Short = label.Short, NotDrawn = label.NotDrawn, At = reader.Place(label.Position), Position = label.Position, Clause = clause,
            };
            new EntryParser(reader, entry, document).Read();
            entry.Broken = reader.Failed;
            entries.Add(entry);
        }
        return entries;
    }

    private List<RuleSyntax> Rules()
    {
        var rules = new List<RuleSyntax>();
        foreach (var lines in block.Rules)
        {
            if (Body(lines, out var reader) is not { } label) continue;
            if (Rule(label, reader) is { } rule) rules.Add(rule);
        }
        return rules;
    }

    /// <summary>"name: CONDITION; section 5; covers ID.", or a sentence about the elements of a list: "name: VALUE is last in LIST; ...".</summary>
    private RuleSyntax? Rule(Label label, TokenReader reader)
    {
        var at = reader.Place(label.Position);
        var name = Names.Kebab(label.Name);
        if (name != label.Name) Report(SpecRules.Expected, label.Position, "a rule name such as " + (name.Length > 0 ? name : "length-multiple-of-4"), "'" + label.Name + "'");
        return Rule(reader, at, name, clause, document);
    }

    /// <summary>What stands after the rule's name.</summary>
    public static RuleSyntax? Rule(TokenReader reader, int at, string name, Clause clause, string document)
    {
        var ahead = 0;
        while (reader.Peek(ahead) is { Kind: not TokenKind.End } token && !token.Is(";") && !IsVerb(token)) ahead++;
        var elements = IsVerb(reader.Peek(ahead)) ? ElementRule(reader, reader.Peek(ahead).Text) : null;
        var condition = elements is null ? ExpressionParser.Read(reader) : null;
        var where = clause;
        var force = Force.Reject;
        var covers = new List<string>();
        while (!reader.Failed && reader.TryTake(";"))
        {
            if (reader.TryTake("section")) where = reader.Section(document);
            else if (reader.TryTake("ignored")) force = Force.Ignore;
            else if (reader.TryTake("warned")) force = Force.Warn;
            else if (reader.TryTake("covers"))
                do covers.Add(EntryParser.RequirementId(reader));
                while (!reader.Failed && reader.TryTake(","));
            else reader.Unexpected("'section', 'covers', 'ignored' or 'warned'");
        }
        if (!reader.Failed && !reader.AtEnd) reader.Unexpected("';' or the full stop");
        if (reader.Failed) return null;
        return elements is { } e
            ? new ElementRuleSyntax(at, name, where, new(covers), e.Kind, new(e.Values), e.List, force, e.Mark)
            : new MustSyntax(at, name, where, new(covers), condition!, force);
    }

    private static bool IsVerb(Token token) => token.Is("is") || token.Is("contains") || token.Is("has");

    /// <summary>"VALUE is last in LIST", "bits N..N == N is last in LIST", "VALUE or VALUE is first in LIST", "LIST contains VALUE or VALUE",
    /// "LIST has no two of the same code".</summary>
    private static (ElementRuleKind Kind, List<NameUse> Values, NameUse List, MarkSyntax? Mark)? ElementRule(TokenReader reader, string verb)
    {
        if (verb == "is" && reader.Current.Is("bits"))
        {
            var bits = EntryParser.Bits(reader);
            reader.Expect("==");
            var mark = new MarkSyntax(bits, reader.Number(0, uint.MaxValue));
            if (!reader.TryTake("is", "last", "in")) reader.Unexpected("'is last in'");
            return (ElementRuleKind.Last, [], reader.Name("a list"), mark);
        }
        if (verb == "is")
        {
            var values = Values();
            var kind = ElementRuleKind.First;
            if (reader.TryTake("is", "last", "in") && values.Count == 1) kind = ElementRuleKind.Last;
            else if (!reader.TryTake("is", "first", "in")) reader.Unexpected("'is first in', or after one value 'is last in'");
            return (kind, values, reader.Name("a list"), null);
        }
        var list = reader.Name("a list");
        if (reader.TryTake("contains")) return (ElementRuleKind.Contains, Values(), list, null);
        if (!reader.TryTake("has", "no", "two", "of", "the", "same", "code")) reader.Unexpected("'has no two of the same code'");
        return (ElementRuleKind.Unique, [], list, null);

        List<NameUse> Values()
        {
            var values = new List<NameUse>();
            do values.Add(reader.Name("a value of the registry"));
            while (!reader.Failed && reader.TryTake("or"));
            return values;
        }
    }

    /// <summary>Label and tokens of a description, without its full stop.</summary>
    private Label? Body(List<SourceLine> lines, out TokenReader reader)
    {
        reader = head;
        if (Label.Read(lines[0], diagnostics) is not { } label) return null;
        var tokens = new List<Token>();
        for (var i = 0; i < lines.Count; i++) Tokenizer.Cut(lines[i], i == 0 ? label.End : 0, tokens, diagnostics);
        var stop = tokens.FindIndex(t => t.Kind == TokenKind.Symbol && t.Text == ".");
        if (stop < 0) Report(SpecRules.Unclosed, label.Position, label.Name);
        else if (stop + 1 < tokens.Count) Report(SpecRules.AfterStop, tokens[stop + 1].Position);
        var end = stop >= 0 ? tokens[stop].Position : lines[lines.Count - 1].At(lines[lines.Count - 1].Text.TrimEnd().Length, 1);
        if (stop >= 0) tokens.RemoveRange(stop, tokens.Count - stop);
        reader = new(tokens, end, head.Positions, diagnostics);
        return label;
    }

    /// <summary>"split NAME", a drawing of single bits, and the parts that their letters stand for.</summary>
    public SplitSyntax? Split()
    {
        var name = head.Name("a name");
        End(head);
        var drawing = Drawing.Read(block.Drawing, diagnostics);
        var wires = new Dictionary<string, Dictionary<int, int>>(StringComparer.Ordinal);
        foreach (var cell in drawing.Cells)
        {
            var text = cell.Text.Replace(" ", "");
            var letters = text.TakeWhile(Names.IsLetter).Count();
            if (cell.Bits != 1 || letters == 0 || !int.TryParse(text.Substring(letters), out var bit) || bit is < 0 or > 63)
            {
                Report(SpecRules.BadSplit, cell.Position, $"a split draws each bit as a letter and a number, not '{cell.Text}'");
                continue;
            }
            var key = text.Substring(0, letters);
            if (!wires.TryGetValue(key, out var bits)) wires.Add(key, bits = new());
            if (bits.ContainsKey(bit)) Report(SpecRules.BadSplit, cell.Position, $"bit {bit} of '{key}' is drawn twice");
            else bits.Add(bit, drawing.Width - 1 - cell.FirstBit);
        }
        var parts = new List<SplitPartSyntax>();
        foreach (var entry in Entries())
        {
            if (!wires.TryGetValue(entry.Name, out var bits))
            {
                Report(SpecRules.BadSplit, entry.Position, $"no bit of '{entry.Name}' is drawn");
                continue;
            }
            wires.Remove(entry.Name);
            var drawn = bits.Keys.ToArray();
            Array.Sort(drawn);
            if (drawn[drawn.Length - 1] != drawn.Length - 1) Report(SpecRules.BadSplit, entry.Position, $"'{entry.Name}' does not draw each bit from 0 to {drawn[drawn.Length - 1]}");
            if (entry.Bits is { } said && said != bits.Count) Report(SpecRules.WidthMismatch, entry.BitsPosition, entry.Name, said, bits.Count);
            var full = entry.Short ?? entry.Name;
            parts.Add(new(entry.At, entry.Name, full, entry.CsName ?? Names.CSharp(full), new(drawn.Select(bit => bits[bit])), entry.Registry));
        }
        foreach (var letter in wires.Keys) Report(SpecRules.BadSplit, diagnosticsPlace(letter), $"'{letter}' has no description under 'where'");
        return head.Failed ? null : new(name.At, name.Text, drawing.Width, new(parts));

        SpecPosition diagnosticsPlace(string letter) => drawing.Cells.First(c => c.Text.StartsWith(letter, StringComparison.Ordinal)).Position;
    }

    /// <summary>"registry STUN Attributes (StunAttributeType): 16 bits; open."</summary>
    public RegistrySyntax? Registry(int order)
    {
        var name = head.Name("a name");
        var csName = Alias(name.Text);
        head.Expect(":");
        var bits = (int)head.Number(1, 64);
        head.Expect("bits");
        head.Expect(";");
        var open = head.TryTake("open");
        if (!open && !head.TryTake("closed")) head.Unexpected("'open' or 'closed'");
        head.Expect(".");
        End(head);
        var (values, ranges) = Values(bits);
        return head.Failed ? null : new(name.At, order, name.Text, csName, bits, open, clause, new(values), new(ranges));
    }

    /// <summary>"extend registry STUN Attributes".</summary>
    public ExtensionSyntax? Extension()
    {
        head.Expect("registry");
        var name = head.Name("a registry");
        End(head);
        var (values, ranges) = Values(64);
        return head.Failed ? null : new(name, new(values), new(ranges));
    }

    /// <summary>Lines "0x0001 NAME", "0x0000..0x7FFF NAME", each with "as CsName" or "; section N" if needed.</summary>
    private (List<ValueSyntax> Values, List<RangeSyntax> Ranges) Values(int bits)
    {
        var values = new List<ValueSyntax>();
        var ranges = new List<RangeSyntax>();
        foreach (var line in block.List)
        {
            var reader = cut(([line], line.Indent));
            var max = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
            var from = reader.Number(0, max);
            ulong? to = reader.TryTake("..") ? reader.Number(from, max) : null;
            var name = reader.Name("a name");
            var csName = reader.TryTake("as") ? reader.Identifier() : Names.CSharp(name.Text);
            if (!reader.Failed && !Names.IsIdentifier(csName)) reader.Unexpected("'as' and a C# name");
            var where = clause;
            if (reader.TryTake(";") && reader.Expect("section")) where = reader.Section(document);
            End(reader);
            if (reader.Failed) continue;
            if (to is { } end) ranges.Add(new(name.At, name.Text, csName, from, end, where));
            else values.Add(new(name.At, name.Text, csName, from, where));
        }
        return (values, ranges);
    }

    /// <summary>"vector "name" of PDU; key "text" | key hex "00ff"; section RFC5769 2.1; invalid." and lines of hexadecimal digits.</summary>
    public VectorSyntax? Vector()
    {
        var place = head.Place(head.Current.Position);
        var name = head.Text("the vector's name in quotes");
        head.Expect("of");
        var pdu = head.Name("a PDU");
        string? key = null;
        var valid = true;
        var where = clause;
        while (!head.Failed && head.TryTake(";"))
        {
            if (head.TryTake("key", "hex")) key = Hex(head.Current.Text, head.Current.Position) is var h && head.Text("hexadecimal digits in quotes") is not null ? h : null;
            else if (head.TryTake("key")) key = string.Concat(Encoding.UTF8.GetBytes(head.Text("a key in quotes")).Select(b => b.ToString("x2")));
            else if (head.TryTake("invalid")) valid = false;
            else if (head.TryTake("section")) where = head.Section(document);
            else head.Unexpected("'key', 'section' or 'invalid'");
        }
        head.Expect(".");
        End(head);
        var hex = string.Concat(block.List.Select(line =>
        {
            var end = line.Text.IndexOf('#');
            return Hex(end < 0 ? line.Text : line.Text.Substring(0, end), line.Whole);
        }));
        return head.Failed ? null : new(place, name, pdu, hex, key, valid, where);
    }

    private string Hex(string text, SpecPosition position)
    {
        var digits = string.Concat(text.Where(c => c != ' ')).ToLowerInvariant();
        if (digits.Length % 2 == 0 && digits.All(Uri.IsHexDigit)) return digits;
        Report(SpecRules.BadVector, position, text.Trim());
        return "";
    }

    private void Report(SpecRule rule, SpecPosition position, params object[] arguments) =>
        diagnostics.Add(new(rule, rule.Message(arguments), position));
}
