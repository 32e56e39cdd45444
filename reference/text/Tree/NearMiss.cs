using System.Globalization;
using System.Text;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Text;

/// <summary>An idea for missing one element of a grammar: what it makes may still be a text of the grammar, in another way.</summary>
internal sealed record NearMiss(string Id, TextElement Element, NearMissKind Kind, TextCapture? Capture = null)
{
    private const int Places = 4, MostItems = 300;

    /// <summary>The ideas for the rules of a type, up to the types inside, each element once.</summary>
    public static List<NearMiss> Of(TextReference type, TextGrammar grammar)
    {
        var misses = new List<NearMiss>();
        var seen = new HashSet<TextElement>(ReferenceEqualityComparer.Instance);
        var rules = new HashSet<(TextReference, string)>();
        var own = grammar.Type(type)!;
        Visit(type, grammar.Rule(type).Body, "");
        return misses;

        void Visit(TextReference rule, TextElement element, string chain)
        {
            if (element is TextReference inner)
            {
                var path = TextGrammar.Chain(chain, inner);
                var capture = own.Captures.FirstOrDefault(c => c.Path == path);
                if (capture?.Kind is TextCaptureKind.Nested or TextCaptureKind.Union) return;
                if (capture?.Kind == TextCaptureKind.Integer)
                {
                    var name = $"{grammar.Owner(own)}/{own.CsName}.{capture.CsName}";
                    if (capture.Min > 0) misses.Add(new($"{name}/below-{capture.Min}", inner, NearMissKind.Below, capture));
                    if (capture.Canonical) misses.Add(new($"{name}/leading-zero", inner, NearMissKind.LeadingZero, capture));
                    misses.Add(new($"{name}/above-{capture.Max}", inner, NearMissKind.Above, capture));
                }
                if (rules.Add((inner, TextGrammar.Holds(own, path) ? path : ""))) Visit(inner, grammar.Rule(inner).Body, path);
                return;
            }
            if (!seen.Add(element) && element is not (TextSequence or TextAlternatives or TextRepeat)) return;
            var id = $"{rule.Module}/{rule.Rule}/{TextElements.Show(element)}/";
            switch (element)
            {
                case TextLiteral:
                    misses.Add(new(id + "missing", element, NearMissKind.Missing));
                    misses.Add(new(id + "other", element, NearMissKind.Other));
                    break;
                case TextBytes: misses.Add(new(id + "other", element, NearMissKind.Other)); break;
                case TextSequence sequence: foreach (var item in sequence.Items) Visit(rule, item, chain); break;
                case TextAlternatives alternatives: foreach (var item in alternatives.Items) Visit(rule, item, chain); break;
                case TextRepeat repeat:
                    if (repeat.Min > 0) misses.Add(new(id + "too-few", element, NearMissKind.TooFew));
                    if (repeat.Max > 1) misses.Add(new(id + "too-many", element, NearMissKind.TooMany));
                    Visit(rule, repeat.Item, chain);
                    break;
            }
        }
    }

    /// <summary>Texts that miss the element, each in one place.</summary>
    public IEnumerable<byte[]> Candidates(TextStep root, byte[] text) =>
        root.All().Where(IsPlace).Take(Places).SelectMany(step => At(step, text));

    private bool IsPlace(TextStep step)
    {
        if (Capture is null) return ReferenceEquals(step.Element, Element);
        // A number's digits: a reference to its rule, or the run of references that is one value.
        var named = step.Element is TextRepeat { Item: TextReference run } && step.Children.Count == 0 ? run : step.Element as TextReference;
        return named is not null && step.Length > 0 && step.Type is { } type && type.Captures.Contains(Capture) && TextGrammar.Chain(step.Chain, named) == Capture.Path;
    }

    private IEnumerable<byte[]> At(TextStep step, byte[] text)
    {
        switch (Kind)
        {
            case NearMissKind.Missing when step.Length > 0: yield return TextMutator.Put(text, step, []); break;
            case NearMissKind.Other when step.Length > 0:
                foreach (var b in "\0!~a0 :/\u00fc\r"u8.ToArray())
                {
                    if (Element is TextBytes bytes && TextMatcher.Contains(bytes, b)) continue;
                    if (Element is TextLiteral literal && TextMatcher.IsSame(b, (byte)literal.Text[^1], true)) continue;
                    byte[] other = [.. text];
                    other[step.End - 1] = b;
                    yield return other;
                }
                break;
            case NearMissKind.TooFew:
            {
                var keep = ((TextRepeat)Element).Min - 1;
                if (step.Children.Count > keep) yield return [.. text[..step.Children[keep].Start], .. text[step.End..]];
                else if (keep == 0) yield return TextMutator.Put(text, step, []);
                break;
            }
            case NearMissKind.TooMany:
            {
                var max = ((TextRepeat)Element).Max;
                var length = step.Children.Count > 0 ? step.Children[^1].Length : Math.Min(step.Length, 1);
                var more = max + 1 - Math.Max(step.Children.Count, 0);
                if (max > MostItems || length == 0) break;
                byte[] many = [.. text[..step.End]];
                var last = text[(step.End - length)..step.End];
                for (var i = 0; i < more; i++) many = [.. many, .. last];
                yield return [.. many, .. text[step.End..]];
                break;
            }
            case NearMissKind.Below: yield return TextMutator.Put(text, step, Digits((UInt128)Capture!.Min - 1)); break;
            case NearMissKind.LeadingZero: yield return TextMutator.Put(text, step, [(byte)'0', .. text[step.Start..step.End]]); break;
            case NearMissKind.Above: yield return TextMutator.Put(text, step, Digits((UInt128)Capture!.Max + 1)); break;
        }
    }

    private static byte[] Digits(UInt128 value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));
}

internal enum NearMissKind : byte { Missing, Other, TooFew, TooMany, Below, LeadingZero, Above }
