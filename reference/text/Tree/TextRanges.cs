using System.Text;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Text;

/// <summary>A text whose number is outside the range that a standard gives, or written with a leading zero that it forbids.</summary>
/// <param name="Node">The node that a parser has to name.</param>
public sealed record TextOutOfRange(string Name, uint Node, Clause Clause, byte[] Text);

/// <summary>Breaks each range that a standard gives in prose: the number above the greatest, the one below the least, and one with a leading zero where that is forbidden; where the grammar allows their digits.</summary>
public static class TextRanges
{
    /// <param name="text">A good text of the type.</param>
    public static IEnumerable<TextOutOfRange> Of(TextReference rule, byte[] text, TextGrammar? grammar = null)
    {
        grammar ??= TextGrammar.Default;
        var tree = TextTree.Read(rule, text, grammar);
        return tree.Root is null ? [] : Ranges(grammar, text, tree.Root);
    }

    private static IEnumerable<TextOutOfRange> Ranges(TextGrammar grammar, byte[] text, TextNode node)
    {
        foreach (var child in node.Children)
        {
            if (child.Kind == TextCaptureKind.Integer && grammar.Type(node.Rule)?.Captures.FirstOrDefault(c => c.CsName == child.Name) is { } capture)
            {
                if (capture.Min > 0 && Replaced(grammar, text, child, $"{capture.Min - 1}") is { } low) yield return new($"{child.Name}-below-{capture.Min}", child.Node, child.Clause, low);
                if (capture.Canonical && Replaced(grammar, text, child, $"0{capture.Min}") is { } zero) yield return new($"{child.Name}-leading-zero", child.Node, child.Clause, zero);
                if (Replaced(grammar, text, child, $"{(UInt128)capture.Max + 1}") is { } high) yield return new($"{child.Name}-above-{capture.Max}", child.Node, child.Clause, high);
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
