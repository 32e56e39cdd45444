using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Notation;

/// <summary>Positions of one file in the order of the text; syntax refers to them by number.</summary>
internal sealed class PositionTable
{
    private readonly List<SpecPosition> _positions = [];

    public int Add(SpecPosition position)
    {
        _positions.Add(position);
        return _positions.Count - 1;
    }

    public EquatableArray<SpecPosition> ToArray() => new(_positions);
}

/// <summary>Reads tokens one after another; remembers the first mistake only, since later ones would follow from it.</summary>
internal sealed class TokenReader(List<Token> tokens, SpecPosition end, PositionTable positions, List<LocalDiagnostic> diagnostics)
{
    private static readonly HashSet<string> Reserved =
    [
        "and", "or", "not", "when", "otherwise", "bytes", "bits", "elements", "registry", "section", "covers", "must", "reserved", "drawn", "as",
        "present", "xor", "with", "by", "padding", "split", "in", "of", "after", "over", "from", "like", "is", "rest", "filled", "sent", "ending", "contains", "has",
    ];

    private int _next;

    public PositionTable Positions => positions;
    public bool Failed { get; private set; }
    public Token Current => Peek(0);
    public bool AtEnd => _next >= tokens.Count;

    public Token Peek(int ahead) => _next + ahead < tokens.Count ? tokens[_next + ahead] : new Token(TokenKind.End, "", 0, end);

    public Token Take()
    {
        var token = Current;
        if (!AtEnd) _next++;
        return token;
    }

    public bool TryTake(string text)
    {
        if (!Current.Is(text)) return false;
        _next++;
        return true;
    }

    /// <summary>Takes a run of words when all of them are next.</summary>
    public bool TryTake(params string[] texts)
    {
        for (var i = 0; i < texts.Length; i++)
            if (!Peek(i).Is(texts[i])) return false;
        _next += texts.Length;
        return true;
    }

    public bool Expect(string text)
    {
        if (TryTake(text)) return true;
        Unexpected("'" + text + "'");
        return false;
    }

    public void Unexpected(string expected) => Report(SpecRules.Expected, Current.Position, expected, Current.Shown);

    public void Report(SpecRule rule, SpecPosition position, params object[] arguments)
    {
        if (Failed) return;
        Failed = true;
        diagnostics.Add(new(rule, rule.Message(arguments), position));
    }

    /// <summary>Reports without giving up on the rest of the description.</summary>
    public void Note(SpecRule rule, SpecPosition position, params object[] arguments) =>
        diagnostics.Add(new(rule, rule.Message(arguments), position));

    public int Place(SpecPosition position) => positions.Add(position);

    public ulong Number(ulong from, ulong to)
    {
        var token = Current;
        if (token.Kind != TokenKind.Number)
        {
            Unexpected("a number");
            return from;
        }
        _next++;
        if (token.Value >= from && token.Value <= to) return token.Value;
        Report(SpecRules.OutOfRange, token.Position, token.Text, $"{from} to {to}");
        return from;
    }

    public string Text(string what)
    {
        if (Current.Kind == TokenKind.Text) return Take().Text;
        Unexpected(what);
        return "";
    }

    /// <summary>A name: words, and numbers after the first word, up to a reserved word or a symbol; or a quoted text.</summary>
    public NameUse Name(string what)
    {
        var first = Current;
        if (first.Kind == TokenKind.Text)
        {
            _next++;
            return new(Place(first.Position), first.Text);
        }
        var words = new List<string>();
        var last = first;
        while (Current.Kind == TokenKind.Word && !Reserved.Contains(Current.Text) || words.Count > 0 && Current.Kind == TokenKind.Number)
        {
            last = Take();
            words.Add(last.Text);
        }
        if (words.Count == 0) Unexpected(what);
        var length = last.Position.Line == first.Position.Line ? last.Position.Column + last.Position.Length - first.Position.Column : first.Position.Length;
        return new(Place(first.Position with { Length = length }), string.Join(" ", words));
    }

    public string Identifier()
    {
        var token = Current;
        if (token.Kind == TokenKind.Word && Names.IsIdentifier(token.Text)) return Take().Text;
        Unexpected("a C# name");
        return "";
    }

    /// <summary>What stands after "section": "14.7", "B.1", "5", each with a document before it if it is another one.</summary>
    public Clause Section(string document)
    {
        if (Current.Kind == TokenKind.Word && Peek(1).Kind is TokenKind.Section or TokenKind.Number) document = Take().Text;
        if (Current.Kind is TokenKind.Section or TokenKind.Number or TokenKind.Word) return new(document, Take().Text);
        Unexpected("a section number");
        return new(document, "");
    }
}
