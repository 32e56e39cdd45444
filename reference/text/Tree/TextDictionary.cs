using System.Text;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Text;

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
