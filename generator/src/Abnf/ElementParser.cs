using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf;

/// <summary>Reads tokens one after another, and the right-hand sides of rules (RFC 5234 section 4). Remembers the first mistake only: later ones would follow from it.</summary>
internal sealed class ElementParser(List<AbnfToken> tokens, SpecPosition end, PositionTable positions, List<LocalDiagnostic> diagnostics)
{
    private const int MaxDepth = 50;
    private const int MaxCount = 1000;
    private int _at;
    private int _depth;

    public bool Failed { get; private set; }
    public bool AtEnd => _at >= tokens.Count || Failed;
    public AbnfToken Current => AtEnd ? new(AbnfTokenKind.Line, "the end", end) : tokens[_at];
    public AbnfToken Take() => AtEnd ? Current : tokens[_at++];

    public bool Is(string symbol) => Current.Kind == AbnfTokenKind.Symbol && Current.Text == symbol;
    public bool IsWord(string word) => Current.Kind == AbnfTokenKind.Name && string.Equals(Current.Text, word, StringComparison.OrdinalIgnoreCase);

    public bool TryTake(string symbol)
    {
        if (!Is(symbol)) return false;
        _at++;
        return true;
    }

    public bool TryWord(string word)
    {
        if (!IsWord(word)) return false;
        _at++;
        return true;
    }

    public void Need(string symbol)
    {
        if (!TryTake(symbol)) Unexpected($"'{symbol}'");
    }

    public string Text(AbnfTokenKind kind, string what)
    {
        if (Current.Kind == kind) return Take().Text;
        Unexpected(what);
        return "";
    }

    public NameUse Name(string what)
    {
        var at = Place();
        return new(at, Text(AbnfTokenKind.Name, what));
    }

    public int Place() => positions.Add(Current.Position);

    public void Finish()
    {
        if (!AtEnd) Unexpected("the end");
    }

    public void Unexpected(string what)
    {
        if (!Failed) Report(AbnfRules.Expected, Current.Position, what, Current.Kind == AbnfTokenKind.Line ? "the end" : $"'{Current.Text}'");
    }

    public void Report(SpecRule rule, SpecPosition position, params object[] arguments)
    {
        if (!Failed) diagnostics.Add(new(rule, rule.Message(arguments), position));
        Failed = true;
    }

    /// <summary>Alternatives of concatenations, up to what is neither.</summary>
    public ElementSyntax Alternation()
    {
        var at = Place();
        if (++_depth > MaxDepth)
        {
            Report(AbnfRules.TooDeep, Current.Position, MaxDepth);
            return new ConcatenationSyntax(at, default);
        }
        var items = new List<ElementSyntax> { Concatenation() };
        while (TryTake("/")) items.Add(Concatenation());
        _depth--;
        return items.Count == 1 ? items[0] : new AlternationSyntax(at, new(items));
    }

    private ElementSyntax Concatenation()
    {
        var at = Place();
        var items = new List<ElementSyntax>();
        while (!AtEnd && !Is("/") && !Is(")") && !Is("]") && !Failed)
        {
            if (Repetition() is { } item) items.Add(item);
            else break;
        }
        return items.Count == 1 ? items[0] : new ConcatenationSyntax(at, new(items));
    }

    private ElementSyntax? Repetition()
    {
        var at = Place();
        var (min, max, counted) = (1, 1, false);
        if (Current.Kind == AbnfTokenKind.Number)
        {
            (min, counted) = (Count(), true);
            max = min;
        }
        if (TryTake("*"))
        {
            if (!counted) min = 0;
            counted = true;
            max = Current.Kind == AbnfTokenKind.Number ? Count() : -1;
        }
        if (max >= 0 && min > max) Report(AbnfRules.BadRange, Current.Position, "the repetition ends before it begins");
        var item = Element();
        return item is null || !counted ? item : new RepetitionSyntax(at, min, max, item);
    }

    private int Count()
    {
        var token = Take();
        if (int.TryParse(token.Text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var count) && count <= MaxCount) return count;
        Report(AbnfRules.BadNumber, token.Position, $"{token.Text} is no count up to {MaxCount}");
        return 1;
    }

    private ElementSyntax? Element()
    {
        var at = Place();
        var token = Current;
        switch (token.Kind)
        {
            case AbnfTokenKind.Name:
                Take();
                return new ReferenceSyntax(at, token.Text);
            case AbnfTokenKind.String:
                Take();
                return new LiteralElementSyntax(at, token.Text, token.AnyCase && token.Text.Any(AbnfTokenizer.IsLetter));
            case AbnfTokenKind.Prose:
                Take();
                return new ProseSyntax(at, token.Text);
            case AbnfTokenKind.NumericValue:
                Take();
                var values = token.Values!;
                if (token.IsRange) return new BytesElementSyntax(at, EquatableArray.Of(new TextRange((byte)values[0], (byte)values[1])));
                return new LiteralElementSyntax(at, new string(values.Select(v => (char)v).ToArray()), false);
        }
        if (TryTake("("))
        {
            var inner = Alternation();
            Need(")");
            return inner;
        }
        if (TryTake("["))
        {
            var inner = Alternation();
            Need("]");
            return new RepetitionSyntax(at, 0, 1, inner);
        }
        Unexpected("an element");
        return null;
    }
}
