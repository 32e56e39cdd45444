using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Notation;

/// <summary>Reads the clauses of one description: "16 bits; must ML % 4 == 0, "name"; covers RFC8489:5-4".</summary>
internal sealed class EntryParser(TokenReader reader, Entry entry, string document)
{
    private const int ArmLimit = 16;
    private readonly HashSet<string> _said = [];

    public void Read()
    {
        do Clause();
        while (!reader.Failed && reader.TryTake(";"));
        if (!reader.Failed && !reader.AtEnd) reader.Unexpected("';' or the full stop");
        if (entry.Elsewhere && (entry.NotDrawn || entry.Musts.Count > 0 || _said.Any(s => s is not ("elsewhere" or "drawn as"))))
            reader.Report(SpecRules.NoShape, entry.Position, entry.Name, "'elsewhere', and more than how it is drawn");
    }

    private void Clause()
    {
        var token = reader.Current;
        if (token.Kind == TokenKind.Number && reader.Peek(1).Is("bits")) Bits();
        else if (reader.TryTake("[")) List(token);
        else if (reader.TryTake("==")) Equal(token);
        else if (reader.TryTake("constant")) entry.Constant = Once(token, "constant", true);
        else if (reader.TryTake("reserved")) Reserved(token);
        else if (reader.TryTake("split", "as")) entry.Split = Once(token, "split", reader.Name("the name of a split"));
        else if (reader.TryTake("nested")) entry.Nested = Once(token, "nested", reader.Name("a PDU"));
        else if (reader.TryTake("ignored")) entry.Ignored = Once(token, "ignored", true);
        else if (reader.TryTake("signed")) entry.Signed = Once(token, "signed", true);
        else if (reader.TryTake("leb128")) entry.Leb128 = Once(token, "leb128", true);
        else if (reader.TryTake("computed")) Computed(token);
        else if (reader.TryTake("until")) Until(token);
        else if (reader.TryTake("while", "its")) entry.More = Once(token, "while", reader.Name("a field of the element"));
        else if (reader.TryTake("while")) entry.While = Once(token, "while", ExpressionParser.Read(reader));
        else if (reader.TryTake("registry")) entry.Registry = Once(token, "registry", reader.Name("a registry"));
        else if (reader.TryTake("utf-8")) entry.Text = Once(token, "text", TextEncoding.Utf8);
        else if (reader.TryTake("ascii")) entry.Text = Once(token, "text", TextEncoding.Ascii);
        else if (reader.TryTake("xor", "with")) Mask(token);
        else if (reader.TryTake("padding", "to")) Padding(token);
        else if (reader.TryTake("checksum")) Checksum(token);
        else if (reader.TryTake("one", "of")) Choice(token);
        else if (reader.TryTake("chosen", "by")) Cases(token);
        else if (reader.TryTake("present", "when")) entry.Present = Once(token, "present when", ExpressionParser.Read(reader));
        else if (reader.TryTake("must")) Must(token);
        else if (reader.TryTake("drawn", "as")) DrawnAs(token);
        else if (reader.TryTake("as")) entry.CsName = Once(token, "as", reader.Identifier());
        else if (reader.TryTake("elsewhere")) entry.Elsewhere = Once(token, "elsewhere", true);
        else if (reader.TryTake("section")) Section();
        else if (reader.TryTake("covers")) Covers();
        else if (token.Is("rest") && (reader.Peek(1).Is(";") || reader.Peek(1).Kind == TokenKind.End))
        {
            reader.Take();
            entry.Rest = Once(token, "size", true);
        }
        else Size(token);
    }

    /// <summary>Every clause but "must", "section" and "covers" may be said once.</summary>
    private T Once<T>(Token token, string clause, T value)
    {
        if (!_said.Add(clause)) reader.Report(SpecRules.Twice, token.Position, clause);
        return value;
    }

    private void Bits()
    {
        entry.BitsPosition = reader.Current.Position;
        entry.Bits = Once(reader.Current, "bits", (int)reader.Number(1, 1 << 19));
        reader.Expect("bits");
    }

    private void List(Token token)
    {
        if (reader.Current.Kind == TokenKind.Number && reader.Peek(1).Is("bits"))
        {
            entry.ListOfBits = Once(token, "list", (int)reader.Number(1, 64));
            reader.Expect("bits");
        }
        else entry.ListOf = Once(token, "list", reader.Name("a PDU or a number of bits"));
        reader.Expect("]");
    }

    private void Equal(Token token)
    {
        entry.EqualPosition = reader.Current.Position;
        entry.Equal = Once(token, "==", ExpressionParser.Read(reader));
    }

    private void Reserved(Token token)
    {
        entry.Reserved = Once(token, "reserved", Force.Ignore);
        while (reader.TryTake(","))
        {
            if (reader.TryTake("sent", "as")) entry.Sent = reader.Number(0, ulong.MaxValue);
            else if (reader.TryTake("rejected")) entry.Reserved = Force.Reject;
            else if (!reader.TryTake("ignored")) reader.Unexpected("'sent as', 'ignored' or 'rejected'");
        }
    }

    private void Mask(Token token)
    {
        var message = reader.Name("a message");
        if (!reader.TryTake("from", "byte")) reader.Unexpected("'from byte'");
        entry.Mask = Once(token, "xor", new MaskSyntax(message, (int)reader.Number(0, 65535)));
    }

    private void Padding(Token token)
    {
        var align = (int)reader.Number(2, 256);
        reader.Expect("after");
        var of = reader.TryTake("this") ? null : reader.Name("a field");
        var padding = new PaddingSyntax(align, of, 0, Force.Ignore);
        while (reader.TryTake(","))
        {
            if (reader.TryTake("filled", "with")) padding = padding with { Fill = (byte)reader.Number(0, 255) };
            else if (reader.TryTake("rejected")) padding = padding with { OnReceipt = Force.Reject };
            else if (reader.TryTake("unless", "last")) padding = padding with { UnlessLast = true };
            else if (!reader.TryTake("ignored")) reader.Unexpected("'filled with', 'unless last', 'ignored' or 'rejected'");
        }
        entry.Padding = Once(token, "padding", padding);
    }

    private void Checksum(Token token)
    {
        var algorithm = ChecksumAlgorithm.Crc32;
        if (reader.TryTake("hmac-sha1")) algorithm = ChecksumAlgorithm.HmacSha1;
        else if (reader.TryTake("hmac-sha256")) algorithm = ChecksumAlgorithm.HmacSha256;
        else if (reader.TryTake("crc32c")) algorithm = ChecksumAlgorithm.Crc32c;
        else if (!reader.TryTake("crc32")) reader.Unexpected("'crc32', 'crc32c', 'hmac-sha1' or 'hmac-sha256'");
        reader.Expect("over");
        var whole = reader.TryTake("whole");
        var checksum = new ChecksumSyntax(algorithm, reader.Name("a message"), null, 0, null, whole);
        while (reader.TryTake(","))
        {
            if (reader.TryTake("xor")) checksum = checksum with { Xor = reader.Number(0, uint.MaxValue) };
            else if (reader.TryTake("with"))
            {
                checksum = checksum with { Patch = reader.Name("a field of the message") };
                if (!reader.TryTake("ending", "here")) reader.Unexpected("'ending here'");
            }
            else reader.Unexpected("'xor' or 'with ... ending here'");
        }
        entry.Checksum = Once(token, "checksum", checksum);
    }

    private void Choice(Token token)
    {
        entry.ChoiceRegistry = Once(token, "choice", reader.Name("a registry"));
        reader.Expect("by");
        Selector();
        if (reader.TryTake(",") && reader.Expect("otherwise")) entry.Otherwise = reader.Name("a PDU");
    }

    /// <summary>A field, or "bits 8..15" of what is to be chosen.</summary>
    private void Selector()
    {
        if (reader.Current.Is("bits") && reader.Peek(1).Kind == TokenKind.Number) entry.SelectorBits = Bits(reader);
        else entry.Selector = reader.Name("a field");
    }

    /// <summary>"bits 8..15", "bits 2".</summary>
    public static PeekExpr Bits(TokenReader reader)
    {
        var at = reader.Place(reader.Current.Position);
        reader.Expect("bits");
        var from = reader.Number(0, 255);
        var to = reader.TryTake("..") ? reader.Number(from, from + 31) : from;
        return new PeekExpr(at, (int)from, (int)(to - from) + 1);
    }

    /// <summary>"until EXPR": there is another element while it does not hold.</summary>
    private void Until(Token token)
    {
        var at = reader.Place(token.Position);
        entry.While = Once(token, "while", new BinaryExpr(at, BinaryOperator.Equal, ExpressionParser.Read(reader), new NumberExpr(at, 0)));
    }

    /// <summary>"computed EXPR", "computed for N, EXPR".</summary>
    private void Computed(Token token)
    {
        if (reader.TryTake("for"))
        {
            entry.Argument = reader.Name("a name for the argument");
            reader.Expect(",");
        }
        entry.Computed = Once(token, "computed", ExpressionParser.Read(reader));
    }

    private void Cases(Token token)
    {
        Once(token, "choice", true);
        Selector();
        reader.Expect(":");
        var cases = new List<CaseSyntax>();
        do
        {
            if (cases.Count > 0 && reader.TryTake("otherwise"))
            {
                entry.Otherwise = reader.Name("a PDU");
                break;
            }
            var from = reader.Number(0, ulong.MaxValue);
            var to = reader.TryTake("..") ? reader.Number(from, ulong.MaxValue) : from;
            cases.Add(new(from, to, reader.Name("a PDU")));
        }
        while (!reader.Failed && reader.TryTake(","));
        entry.Cases = cases;
    }

    private void Must(Token token)
    {
        var condition = ExpressionParser.Read(reader);
        var force = Force.Reject;
        var name = entry.Musts.Count == 0 ? Names.Kebab(entry.Name) : Names.Kebab(entry.Name) + "-" + (entry.Musts.Count + 1);
        while (reader.TryTake(","))
        {
            if (reader.TryTake("ignored")) force = Force.Ignore;
            else if (reader.TryTake("warned")) force = Force.Warn;
            else name = reader.Text("a rule name in quotes, 'ignored' or 'warned'");
        }
        entry.Musts.Add(new(reader.Place(token.Position), name, entry.Clause, default, condition, force));
    }

    private void DrawnAs(Token token)
    {
        Once(token, "drawn as", true);
        if (reader.Current.Kind == TokenKind.Number)
        {
            entry.DrawnBits = (int)reader.Number(1, 4096);
            reader.Expect("bits");
            return;
        }
        do entry.DrawnAs.Add(reader.TryTake("zeros") ? "zeros" : reader.Text("the text of a cell in quotes, 'zeros' or a number of bits"));
        while (!reader.Failed && reader.TryTake(","));
    }

    /// <summary>"section" and "covers" speak of the "must" before them, or of the field.</summary>
    private void Section()
    {
        var clause = reader.Section(document);
        if (entry.Musts.Count == 0) entry.Clause = clause;
        else entry.Musts[entry.Musts.Count - 1] = entry.Musts[entry.Musts.Count - 1] with { Clause = clause };
    }

    private void Covers()
    {
        var ids = new List<string>();
        do ids.Add(RequirementId(reader));
        while (!reader.Failed && reader.TryTake(","));
        if (entry.Musts.Count == 0) entry.Covers.AddRange(ids);
        else
        {
            var must = entry.Musts[entry.Musts.Count - 1];
            entry.Musts[entry.Musts.Count - 1] = must with { Covers = new(must.Covers.Concat(ids)) };
        }
    }

    public static string RequirementId(TokenReader reader)
    {
        if (reader.Current.Kind == TokenKind.Word && reader.Current.Text.Contains(":")) return reader.Take().Text;
        reader.Unexpected("a requirement such as RFC8489:5-1");
        return "";
    }

    /// <summary>"EXPR bytes", "EXPR elements", "4 bytes when C, otherwise 16 bytes".</summary>
    private void Size(Token token)
    {
        var size = ExpressionParser.Read(reader);
        if (reader.Failed) return;
        var elements = reader.Current.Is("elements");
        if (!elements && !reader.Current.Is("bytes"))
        {
            reader.Unexpected("'bits', 'bytes' or 'elements'");
            return;
        }
        var unit = reader.Take().Text;
        var arms = new List<(ExprSyntax Size, ExprSyntax Condition)>();
        while (reader.TryTake("when"))
        {
            arms.Add((size, ExpressionParser.Read(reader)));
            if (arms.Count > ArmLimit) reader.Report(SpecRules.TooDeep, token.Position, ArmLimit);
            reader.Expect(",");
            var last = reader.TryTake("otherwise");
            size = ExpressionParser.Read(reader);
            reader.Expect(unit);
            if (last) break;
            if (reader.Failed || !reader.Current.Is("when"))
            {
                reader.Unexpected("'when' (the last size is introduced by 'otherwise')");
                return;
            }
        }
        for (var i = arms.Count - 1; i >= 0; i--) size = new ConditionalExpr(size.At, arms[i].Condition, arms[i].Size, size);
        Once(token, "size", true);
        if (elements) entry.Count = size;
        else entry.Size = size;
    }
}
