using WebRtcConformance.Ir;

namespace WebRtcConformance.Text;

/// <summary>A step of the derivation of a text: an element of the grammar and the bytes that it takes. Steps inside stand in order of place.</summary>
/// <param name="type">The type whose captures count there; null inside of rules without captures.</param>
/// <param name="chain">The way from the type to the element.</param>
public sealed class TextStep(TextElement element, int start, int end, TextType? type, string chain, TextStep? parent)
{
    private List<TextStep>? _children;

    public TextElement Element => element;
    public int Start => start;
    public int End => end;
    public int Length => end - start;
    public TextStep? Parent => parent;
    public IReadOnlyList<TextStep> Children => _children ?? (IReadOnlyList<TextStep>)[];

    /// <summary>Of alternatives: the number of the one that was taken.</summary>
    public int Alternative { get; internal set; } = -1;

    /// <summary>Of a union: the known name that stands there; null for others.</summary>
    public TextExtension? Extension { get; internal set; }

    internal TextType? Type => type;
    internal string Chain => chain;

    internal TextStep Add(TextElement inner, int from, int to, TextType? innerType, string innerChain)
    {
        var step = new TextStep(inner, from, to, innerType, innerChain, this);
        (_children ??= []).Add(step);
        return step;
    }

    /// <summary>The derivation of a text of a type; null when its syntax is wrong.</summary>
    public static TextStep? Of(TextReference rule, ReadOnlySpan<byte> text, TextGrammar? grammar = null) =>
        new TextMatcher(grammar ?? TextGrammar.Default, text.ToArray()).Derive(rule);

    /// <summary>The step and all in it, outer ones first.</summary>
    public List<TextStep> All()
    {
        var all = new List<TextStep> { this };
        for (var i = 0; i < all.Count; i++)
            if (all[i]._children is { } inner) all.AddRange(inner);
        return all;
    }

    public override string ToString() => $"{TextElements.Show(element)} {start}..{end}";
}

/// <summary>Elements of grammars, for people.</summary>
internal static class TextElements
{
    private const int Longest = 40;

    /// <summary>As ABNF writes it, cut off where it is long.</summary>
    public static string Show(TextElement element)
    {
        var text = Write(element);
        return text.Length <= Longest ? text : text[..(Longest - 3)] + "...";
    }

    private static string Write(TextElement element) => element switch
    {
        TextLiteral literal when literal.Text.All(c => c is >= ' ' and <= '~' and not '"') => $"\"{literal.Text}\"",
        TextLiteral literal => "%x" + string.Join('.', literal.Text.Select(c => ((int)c).ToString("X2", System.Globalization.CultureInfo.InvariantCulture))),
        TextBytes bytes => "%x" + string.Join('/', bytes.Ranges.Select(r => r.From == r.To ? $"{r.From:X2}" : $"{r.From:X2}-{r.To:X2}")),
        TextReference reference => reference.Rule,
        TextSequence sequence => sequence.Items.Count == 0 ? "nothing" : string.Join(' ', sequence.Items.Take(Longest).Select(Write)),
        TextAlternatives alternatives => "(" + string.Join(" / ", alternatives.Items.Take(Longest).Select(Write)) + ")",
        TextRepeat { Min: 0, Max: 1 } option => $"[{Write(option.Item)}]",
        TextRepeat { Item: TextSequence group } repeat => $"{Count(repeat)}({Write(group)})",
        TextRepeat repeat => Count(repeat) + Write(repeat.Item),
        _ => "?",
    };

    private static string Count(TextRepeat repeat) => $"{(repeat.Min > 0 ? repeat.Min : "")}*{(repeat.Max >= 0 ? repeat.Max : "")}";
}
