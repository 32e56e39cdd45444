using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Reads tokens one after another. After a mistake nothing more can be taken, so that the parser unwinds to a place where it knows how
/// to go on; there one of the two recoveries skips what belongs to the mistake.</summary>
internal sealed class IdlTokenReader
{
    private static readonly HashSet<string> DefinitionStarts = new(StringComparer.Ordinal)
    {
        "interface", "dictionary", "enum", "typedef", "namespace", "callback", "partial", "[",
    };

    private readonly string _source;
    private readonly List<IdlToken> _tokens;
    private readonly List<LocalDiagnostic> _diagnostics;
    private readonly ConcreteBuilder? _concrete;
    private int _next;
    private int _openBraces;

    public IdlTokenReader(string source, ConcreteBuilder? concrete)
    {
        _source = source;
        _diagnostics = [];
        _concrete = concrete;
        _tokens = IdlLexer.Cut(source, _diagnostics);
    }

    public EquatableArray<LocalDiagnostic> Diagnostics =>
        new(_diagnostics.OrderBy(d => d.Position.Line).ThenBy(d => d.Position.Column).ThenBy(d => d.Rule.Id, StringComparer.Ordinal));

    public EquatableArray<SpecPosition> Positions => new(_tokens.Select(t => t.Position));

    public bool Failed { get; private set; }
    public bool AtEnd => _next == _tokens.Count - 1;

    /// <summary>The number of the next token.</summary>
    public int At => _next;
    public IdlToken Current => Failed ? _tokens[_tokens.Count - 1] : _tokens[_next];
    public IdlToken Following => _tokens[Math.Min(Failed ? _tokens.Count : _next + 1, _tokens.Count - 1)];

    public void Open(IdlConcreteKind kind) => _concrete?.Open(kind);
    public void Close() => _concrete?.Close();

    public IdlToken Take()
    {
        var token = Current;
        if (!Failed && !AtEnd)
        {
            _concrete?.Take(token);
            _next++;
        }
        return token;
    }

    public bool TryTake(string text)
    {
        if (!Current.Is(text)) return false;
        Take();
        return true;
    }

    public bool Expect(string text)
    {
        if (TryTake(text)) return true;
        Unexpected("'" + text + "'");
        return false;
    }

    /// <summary>The brace that closes the one just taken. If it is missing, a recovery takes the next one for it.</summary>
    public bool ExpectClosingBrace()
    {
        if (!Failed && !Current.Is("}")) _openBraces = 1;
        return Expect("}");
    }

    /// <summary>A token whose absence is clear from what follows: reports and goes on.</summary>
    public void ExpectLoosely(string text)
    {
        if (Failed || TryTake(text)) return;
        Note(IdlRules.Expected, _next, "'" + text + "'", Current.Shown);
    }

    /// <summary>A mistake at the next token.</summary>
    public void Unexpected(string expected)
    {
        // The lexer has spoken about a token that is none.
        if (!Failed && Current.Kind != IdlTokenKind.Bad) Note(IdlRules.Expected, _next, expected, Current.Shown);
        Failed = true;
    }

    public void Fail(SpecRule rule, params object[] arguments)
    {
        if (!Failed) Note(rule, _next, arguments);
        Failed = true;
    }

    /// <summary>Reports without giving up on what follows.</summary>
    public void Note(SpecRule rule, int at, params object[] arguments) =>
        _diagnostics.Add(new(rule, rule.Message(arguments), _tokens[at].Position));

    /// <summary>An identifier, unescaped.</summary>
    public string Identifier(string what)
    {
        if (Current.Kind == IdlTokenKind.Identifier) return IdlLexer.Unescape(Take().Text);
        Unexpected(what);
        return "";
    }

    /// <summary>An identifier, or one of a few keywords that may stand as one.</summary>
    public string Identifier(string what, HashSet<string> keywords) =>
        Current.Kind == IdlTokenKind.Keyword && keywords.Contains(Current.Text) ? Take().Text : Identifier(what);

    /// <summary>After a mistake in a member: skips to behind its semicolon or before the brace that closes the body.</summary>
    /// <returns>False if the body ends without such a place: the file ends, or another definition begins.</returns>
    public bool RecoverMember()
    {
        Failed = false;
        Open(IdlConcreteKind.Skipped);
        var (depth, goesOn) = (_openBraces, false);
        _openBraces = 0;
        while (!AtEnd && !BeginsDefinition())
        {
            if (depth == 0 && Current.Is("}"))
            {
                goesOn = true;
                break;
            }
            var token = Take();
            if (token.Is("{")) depth++;
            else if (token.Is("}")) depth--;
            else if (token.Is(";") && depth == 0)
            {
                goesOn = true;
                break;
            }
        }
        Close();
        return goesOn;
    }

    /// <summary>After a mistake in the definition that began at token <paramref name="start"/>: skips to behind its semicolon or before the next
    /// definition that begins in the first column.</summary>
    public void RecoverDefinition(int start)
    {
        Failed = false;
        Open(IdlConcreteKind.Skipped);
        if (_next == start) Take();
        var depth = 0;
        while (!AtEnd && !BeginsDefinition())
        {
            var token = Take();
            if (token.Is("{")) depth++;
            else if (token.Is("}")) depth = Math.Max(0, depth - 1);
            else if (token.Is(";") && depth == 0) break;
        }
        Close();
    }

    /// <summary>The comments "// @..." right before the next token, without "// @".</summary>
    public EquatableArray<string> Annotations()
    {
        var token = Current;
        if (_source.IndexOf("// @", token.TriviaStart, token.Start - token.TriviaStart, StringComparison.Ordinal) < 0) return default;
        var lines = _source.Substring(token.TriviaStart, token.Start - token.TriviaStart).Split('\n').Select(l => l.Trim());
        return new(lines.Where(l => l.StartsWith("// @", StringComparison.Ordinal)).Select(l => l.Substring(4)));
    }

    /// <summary>Hands the last token, and with it the blanks at the end, to the concrete tree.</summary>
    public void Finish() => _concrete?.Take(_tokens[_tokens.Count - 1]);

    private bool BeginsDefinition() => Current.Position.Column == 1 && DefinitionStarts.Contains(Current.Text);
}
