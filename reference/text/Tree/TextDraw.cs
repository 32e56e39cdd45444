using System.Text;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>Random texts of a grammar, from a choice sequence: shorter and smaller choices make shorter and simpler texts. Alternatives are drawn as often
/// as there are different things behind them (<see cref="TextWeights"/>), so that what is rare comes up, too.</summary>
public static class TextDraw
{
    /// <summary>Nothing more is repeated beyond this length.</summary>
    private const int MaxLength = 800;

    /// <summary>A text of the type: one that its grammar, its ranges and its known names allow.</summary>
    public static byte[] Draw(TextReference rule, ref Choices choices, TextGrammar? grammar = null)
    {
        var text = new List<byte>();
        var drawer = new Drawer(grammar ?? TextGrammar.Default);
        drawer.Type(rule, ref choices, text);
        return [.. text];
    }

    /// <summary>Another text for a step of a derivation.</summary>
    internal static byte[] Draw(TextStep step, TextElement element, ref Choices choices, TextGrammar grammar)
    {
        var text = new List<byte>();
        new Drawer(grammar).Element(element, step.Type, step.Chain, ref choices, text);
        return [.. text];
    }

    /// <summary>A text that is nearly one of the type: one byte, or a run of them, dropped, doubled, replaced or swapped. Whether it is still one, a
    /// recogniser has to say.</summary>
    public static byte[] NearMiss(TextReference rule, ref Choices choices, TextGrammar? grammar = null) => Damage(Draw(rule, ref choices, grammar), ref choices);

    /// <summary>Damages a text a little.</summary>
    public static byte[] Damage(ReadOnlySpan<byte> text, ref Choices choices)
    {
        if (text.IsEmpty) return [(byte)choices.Next(256)];
        var at = choices.Next(text.Length);
        var length = 1 + choices.Next(Math.Min(4, text.Length - at));
        var part = text.Slice(at, length);
        ReadOnlySpan<byte> odd = "\0\r\n :/\"0aZ=;,.-\u00e9"u8;
        return choices.Next(5) switch
        {
            0 => [.. text[..at], .. text[(at + length)..]],
            1 => [.. text[..at], .. part, .. text[at..]],
            2 => [.. text[..at], odd[choices.Next(odd.Length)], .. text[(at + 1)..]],
            3 => [.. text[..at], odd[choices.Next(odd.Length)], .. text[at..]],
            _ => [.. text[..at]],
        };
    }

    private sealed class Drawer(TextGrammar grammar)
    {
        public void Type(TextReference rule, ref Choices choices, List<byte> text) =>
            Element(grammar.Rule(rule).Body, grammar.Type(rule), "", ref choices, text);

        public void Element(TextElement element, TextType? type, string chain, ref Choices choices, List<byte> text)
        {
            switch (element)
            {
                case TextBytes bytes: text.Add(Byte(bytes, ref choices)); break;
                case TextLiteral literal:
                    var flip = literal.AnyCase && choices.OneIn(8);
                    foreach (var c in literal.Text) text.Add(flip && TextScan.IsLetter((byte)c) ? (byte)(c ^ 0x20) : (byte)c);
                    break;
                case TextSequence sequence:
                    foreach (var item in sequence.Items) Element(item, type, chain, ref choices, text);
                    break;
                case TextAlternatives alternatives:
                    Element(alternatives.Items[grammar.Weights.Choose(alternatives, ref choices)], type, chain, ref choices, text);
                    break;
                case TextRepeat repeat:
                {
                    var most = repeat.Max < 0 ? int.MaxValue : repeat.Max;
                    var count = repeat.Min;
                    // The run of digits of a captured number is drawn as a number.
                    if (type is not null && repeat.Item is TextReference run && repeat.Max != 1 && Find(type, TextGrammar.Chain(chain, run)) is { Kind: TextCaptureKind.Integer, Many: false } number)
                    {
                        if (repeat.Min > 0 || choices.Bool()) Number(number, repeat, ref choices, text);
                        break;
                    }
                    if (grammar.Weights.Bytes(repeat.Item) is { } set)
                    {
                        Run(set, repeat.Min, most, ref choices, text);
                        break;
                    }
                    for (var i = 0; i < count; i++) Element(repeat.Item, type, chain, ref choices, text);
                    // What holds many different things comes more often.
                    var odds = grammar.Weights.Odds(repeat.Item);
                    while (count < most && text.Count < MaxLength && choices.Next(odds) != 0)
                    {
                        count++;
                        Element(repeat.Item, type, chain, ref choices, text);
                    }
                    break;
                }
                case TextReference reference: Reference(reference, type, chain, ref choices, text); break;
            }
        }

        /// <summary>A run of bytes of a set costs few choices, however long it is: else they would be used up before a text has come to its later lines.</summary>
        private static void Run(byte[] set, int min, int most, ref Choices choices, List<byte> text)
        {
            var length = choices.Next(256);
            // 0 to 7 more in most cases, now and then up to the limit.
            var count = Math.Min(most, min + (length < 250 ? length % 8 : length < 255 ? length % 5 * 9 : Math.Min(most - min, 300)));
            if (count == 0) return;
            var state = (uint)choices.Next(256);
            for (var i = 0; i < count; i++)
            {
                text.Add(set[state % (uint)set.Length]);
                if (state != 0) state = state * 1664525 + 1013904223 >> 3;
            }
        }

        private void Reference(TextReference reference, TextType? type, string chain, ref Choices choices, List<byte> text)
        {
            if (type is null)
            {
                Element(grammar.Rule(reference).Body, null, "", ref choices, text);
                return;
            }
            var path = TextGrammar.Chain(chain, reference);
            var capture = Find(type, path);
            switch (capture?.Kind)
            {
                case TextCaptureKind.Nested: Type(reference, ref choices, text); return;
                case TextCaptureKind.Union: Union(grammar.Union(reference)!, ref choices, text); return;
                case TextCaptureKind.Integer: Number(capture, grammar.Rule(reference).Body, ref choices, text); return;
            }
            Element(grammar.Rule(reference).Body, TextGrammar.Holds(type, path) && capture is null || type.Captures.Any(c => c.Path.StartsWith(path + "/", StringComparison.Ordinal)) ? type : null,
                path, ref choices, text);
        }

        private static TextCapture? Find(TextType type, string path)
        {
            foreach (var capture in type.Captures)
                if (capture.Path == path) return capture;
            return null;
        }

        /// <summary>A number in range that its rule allows (a rule may ask for a first digit that is not 0, or for a number of digits).</summary>
        private void Number(TextCapture capture, TextElement rule, ref Choices choices, List<byte> text)
        {
            var span = capture.Max - capture.Min;
            var value = choices.Next(4) switch
            {
                0 => capture.Min,
                1 => capture.Max,
                _ => capture.Min + (span == ulong.MaxValue ? choices.Bits(64) : choices.Bits(64) % (span + 1)),
            };
            foreach (var candidate in new[] { value, capture.Min, capture.Max, Math.Min(capture.Max, 1) })
            {
                if (candidate < capture.Min) continue;
                var digits = Encoding.ASCII.GetBytes(candidate.ToString(System.Globalization.CultureInfo.InvariantCulture));
                if (!new TextMatcher(grammar, digits).Takes(rule)) continue;
                text.AddRange(digits);
                return;
            }
            // A fixed number of digits: leading zeros.
            for (var width = 1; width <= 20; width++)
            {
                var digits = Encoding.ASCII.GetBytes(capture.Min.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(width, '0'));
                if (!new TextMatcher(grammar, digits).Takes(rule)) continue;
                text.AddRange(digits);
                return;
            }
        }

        private void Union(TextUnion union, ref Choices choices, List<byte> text)
        {
            var begin = text.Count;
            var which = choices.Next(union.Extensions.Count + 3);
            if (which < union.Extensions.Count)
            {
                var extension = union.Extensions[which];
                if (extension.Form is TextExtensionForm.Flag or TextExtensionForm.Value) text.AddRange(Encoding.Latin1.GetBytes(extension.Name));
                if (extension.Form == TextExtensionForm.Value) text.Add((byte)':');
                if (extension.Rule is not { } rule) return;
                var start = text.Count;
                Element(grammar.Rule(rule).Body, grammar.Type(rule), "", ref choices, text);
                // Names are compared with case, whatever the case of the rule's literal.
                if (extension.Form is TextExtensionForm.Whole or TextExtensionForm.Line)
                    for (var i = 0; i < extension.Name.Length && start + i < text.Count; i++) text[start + i] = (byte)extension.Name[i];
                // A value can be one of its own rule and yet none of the union: an attribute's is never empty.
                if (new TextMatcher(grammar, [.. text[begin..]]).Takes(new TextAlternatives(new([union.By, new TextSequence(new([union.By, new TextLiteral(":", false), union.Value]))])))) return;
                text.RemoveRange(begin, text.Count - begin);
                which = union.Extensions.Count;
            }
            text.AddRange("x-"u8);
            Element(union.By, null, "", ref choices, text);
            if (which == union.Extensions.Count) return;
            text.Add((byte)':');
            Element(union.Value, null, "", ref choices, text);
        }

        private static byte Byte(TextBytes bytes, ref Choices choices)
        {
            // Mostly what can be read.
            var readable = bytes.Ranges.Where(r => r.From < 0x7F && r.To > 0x20).ToArray();
            var ranges = readable.Length > 0 && !choices.OneIn(16) ? readable : [.. bytes.Ranges];
            var range = ranges[choices.Next(ranges.Length)];
            var (from, to) = readable.Length > 0 && ranges.Length == readable.Length ? (Math.Max((int)range.From, 0x21), Math.Min((int)range.To, 0x7E)) : (range.From, range.To);
            return from > to ? range.From : (byte)(from + choices.Next(to - from + 1));
        }
    }
}
