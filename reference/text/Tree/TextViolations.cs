using System.Globalization;
using System.Text;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Text;

/// <summary>A text that breaks one rule.</summary>
/// <param name="Node">The node that a parser has to name.</param>
public sealed record TextViolation(string Name, uint Node, Clause Clause, byte[] Text);

/// <summary>Breaks each range that a standard gives in prose: the number above the greatest, the one below the least, and one with a leading zero where that is forbidden; where the grammar allows their digits.</summary>
public static class TextViolations
{
    /// <param name="text">A good text of the type.</param>
    public static IEnumerable<TextViolation> Of(TextReference rule, byte[] text, TextGrammar? grammar = null)
    {
        grammar ??= TextGrammar.Default;
        var tree = TextTree.Read(rule, text, grammar);
        return tree.Root is null ? [] : Ranges(grammar, text, tree.Root);
    }

    private static IEnumerable<TextViolation> Ranges(TextGrammar grammar, byte[] text, TextNode node)
    {
        foreach (var child in node.Children)
        {
            if (child.Kind == TextCaptureKind.Integer && grammar.Type(node.Rule)?.Captures.FirstOrDefault(c => c.CsName == child.Name) is { } capture)
            {
                if (capture.Min > 0 && Replaced(grammar, text, child, (capture.Min - 1).ToString(CultureInfo.InvariantCulture)) is { } low) yield return new($"{child.Name}-below-{capture.Min}", child.Node, child.Clause, low);
                if (capture.Canonical && Replaced(grammar, text, child, "0" + capture.Min.ToString(CultureInfo.InvariantCulture)) is { } zero) yield return new($"{child.Name}-leading-zero", child.Node, child.Clause, zero);
                if (Replaced(grammar, text, child, ((UInt128)capture.Max + 1).ToString(CultureInfo.InvariantCulture)) is { } high) yield return new($"{child.Name}-above-{capture.Max}", child.Node, child.Clause, high);
            }
            foreach (var deeper in Ranges(grammar, text, child)) yield return deeper;
        }
    }

    private static byte[]? Replaced(TextGrammar grammar, byte[] text, TextNode node, string number)
    {
        var digits = Encoding.ASCII.GetBytes(number);
        byte[] bad = [.. text.AsSpan(0, node.Start), .. digits, .. text.AsSpan(node.End)];
        // A rule for one digit is a run of them where it is captured.
        var single = grammar.Rule(node.Rule).Body is TextBytes;
        return single || new TextMatcher(grammar, digits).Takes(node.Rule) ? bad : null;
    }
}

/// <summary>The literals of a type's grammar: a dictionary for fuzzers.</summary>
public static class TextDictionary
{
    /// <summary>Each once, in the order of the grammar; those of one byte are left out.</summary>
    public static IReadOnlyList<byte[]> Of(TextReference rule, TextGrammar? grammar = null)
    {
        grammar ??= TextGrammar.Default;
        var words = new List<string>();
        var seen = new HashSet<TextReference>();
        Visit(rule);
        return words.Distinct(StringComparer.Ordinal).Where(w => w.Length > 1).Select(Encoding.Latin1.GetBytes).ToArray();

        void Visit(TextReference reference)
        {
            if (!seen.Add(reference)) return;
            Element(grammar.Rule(reference).Body);
            if (grammar.Union(reference) is not { } union) return;
            foreach (var extension in union.Extensions)
            {
                words.Add(extension.Name);
                if (extension.Rule is not null) Visit(extension.Rule);
            }
        }

        void Element(TextElement element)
        {
            switch (element)
            {
                case TextLiteral literal: words.Add(literal.Text); break;
                case TextSequence sequence: foreach (var item in sequence.Items) Element(item); break;
                case TextAlternatives alternatives: foreach (var item in alternatives.Items) Element(item); break;
                case TextRepeat repeat: Element(repeat.Item); break;
                case TextReference reference: Visit(reference); break;
            }
        }
    }
}
