using System.Globalization;
using System.Text;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>Structure-aware mutation: steps of a text's derivation are drawn anew, taken out, doubled, exchanged, moved, or taken from another text; numbers go
/// to the edges of their ranges. Each change is a choice, so the same choices give the same result. Most results are texts of the grammar, or nearly.</summary>
public static class TextMutator
{
    private const int MaxLength = 1 << 14, MaxOps = 3, Tries = 4;

    /// <param name="donor">Another text, to take parts from; may be empty.</param>
    public static byte[] Mutate(TextReference rule, ReadOnlySpan<byte> text, ReadOnlySpan<byte> donor, ref Choices choices, TextGrammar? grammar = null)
    {
        grammar ??= TextGrammar.Default;
        if (text.Length > MaxLength) text = text[..MaxLength];
        var result = text.ToArray();
        var other = donor.IsEmpty || donor.Length > MaxLength ? null : TextStep.Of(rule, donor, grammar)?.All();
        for (var ops = 1 + choices.Next(MaxOps); ops > 0; ops--)
        {
            // What is no text of the grammar has no steps: lines and bytes are all there is.
            if (TextStep.Of(rule, result, grammar) is not { } root) result = choices.Bool() ? TextDraw.Damage(result, ref choices) : Lines(result, ref choices);
            else
            {
                var steps = root.All();
                for (var tries = Tries; tries > 0; tries--)
                {
                    var step = steps[choices.Next(steps.Count)];
                    if (Change(step, result, other, donor, ref choices, grammar) is not { } changed || changed.Length > MaxLength) continue;
                    result = changed;
                    break;
                }
            }
            if (choices.OneIn(12)) result = TextDraw.Damage(result, ref choices);
        }
        return result;
    }

    private static byte[]? Change(TextStep step, byte[] text, List<TextStep>? other, ReadOnlySpan<byte> donor, ref Choices choices, TextGrammar grammar)
    {
        switch (step.Element)
        {
            case TextRepeat repeat: return Repeat(step, repeat, text, ref choices, grammar);
            case TextReference reference:
                if (Capture(step, reference) is { Kind: TextCaptureKind.Integer } number) return Put(text, step, Number(number, ref choices));
                if (other is not null && choices.Bool())
                {
                    var from = choices.Next(other.Count);
                    for (var i = 0; i < other.Count; i++)
                    {
                        var there = other[(from + i) % other.Count];
                        if (there.Element is TextReference same && same == reference && there.Length > 0) return Put(text, step, donor[there.Start..there.End]);
                    }
                }
                return choices.OneIn(8) ? Put(text, step, []) : Put(text, step, TextDraw.Draw(step, reference, ref choices, grammar));
            case TextAlternatives alternatives:
                return Put(text, step, TextDraw.Draw(step, alternatives.Items[choices.Next(alternatives.Items.Count)], ref choices, grammar));
            case TextLiteral or TextBytes: return Leaf(step, text, ref choices);
            case TextSequence when step.Children.Count > 1:
            {
                var (a, b) = (step.Children[choices.Next(step.Children.Count)], step.Children[choices.Next(step.Children.Count)]);
                if (choices.OneIn(4)) return Put(text, a, []);
                return a.Start < b.Start ? Exchange(text, a, b) : b.Start < a.Start ? Exchange(text, b, a) : null;
            }
            default: return null;
        }
    }

    private static TextCapture? Capture(TextStep step, TextReference reference)
    {
        if (step.Type is null) return null;
        var path = TextGrammar.Chain(step.Chain, reference);
        foreach (var capture in step.Type.Captures)
            if (capture.Path == path) return capture;
        return null;
    }

    private static byte[]? Repeat(TextStep step, TextRepeat repeat, byte[] text, ref Choices choices, TextGrammar grammar)
    {
        // A run that is one number has no items.
        if (step.Children.Count == 0 && step.Length > 0)
            return repeat.Item is TextReference run && Capture(step, run) is { Kind: TextCaptureKind.Integer } number ? Put(text, step, Number(number, ref choices))
                : Put(text, step, TextDraw.Draw(step, repeat, ref choices, grammar));
        if (step.Children.Count == 0) return Put(text, step, TextDraw.Draw(step, repeat.Item, ref choices, grammar));
        var item = step.Children[choices.Next(step.Children.Count)];
        var to = step.Children[choices.Next(step.Children.Count)];
        switch (choices.Next(6))
        {
            case 0: return Put(text, item, []);
            case 1: return Insert(text, to.Start, text.AsSpan(item.Start, item.Length));
            case 2: return Insert(text, choices.Bool() ? to.Start : step.End, TextDraw.Draw(step, repeat.Item, ref choices, grammar));
            case 3: return item.Start < to.Start ? Exchange(text, item, to) : to.Start < item.Start ? Exchange(text, to, item) : null;
            case 4:
            {
                // As many as the rule allows, and one more.
                var count = repeat.Max is > 1 and < 1024 ? repeat.Max - step.Children.Count + choices.Next(2) : 1 + choices.Next(40);
                if (count < 1 || (long)count * item.Length > MaxLength) return null;
                var many = new byte[count * item.Length];
                for (var i = 0; i < count; i++) text.AsSpan(item.Start, item.Length).CopyTo(many.AsSpan(i * item.Length));
                return Insert(text, item.End, many);
            }
            default: return Put(text, step, choices.OneIn(4) ? [] : TextDraw.Draw(step, repeat, ref choices, grammar));
        }
    }

    private static byte[]? Leaf(TextStep step, byte[] text, ref Choices choices)
    {
        if (step.Length == 0) return null;
        var changed = text.ToArray();
        ref var b = ref changed[step.Start + choices.Next(step.Length)];
        switch (step.Element)
        {
            case TextBytes bytes:
            {
                // The edges of what is allowed, from both sides.
                var range = bytes.Ranges[choices.Next(bytes.Ranges.Count)];
                b = choices.Next(4) switch { 0 => range.From, 1 => range.To, 2 => (byte)(range.From - 1), _ => (byte)(range.To + 1) };
                return changed;
            }
            case TextLiteral when TextScan.IsLetter(b) && choices.Bool(): b ^= 0x20; return changed;
            default: return choices.Next(3) switch
            {
                0 => Put(text, step, []),
                1 => Insert(text, step.End, text.AsSpan(step.Start, step.Length)),
                _ => text[..(step.Start + choices.Next(step.Length))],
            };
        }
    }

    /// <summary>Edges of the range, of the widths of integers, and forms that digits can have.</summary>
    private static byte[] Number(TextCapture capture, ref Choices choices)
    {
        UInt128 value = choices.Next(9) switch
        {
            0 => capture.Min,
            1 => capture.Max,
            2 => capture.Min == 0 ? 0 : capture.Min - 1,
            3 => (UInt128)capture.Max + 1,
            4 => uint.MaxValue,
            5 => (UInt128)1 << 64,
            6 => UInt128.MaxValue,
            _ => choices.Bits(32),
        };
        var digits = value.ToString(CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes(choices.OneIn(6) ? digits.PadLeft(digits.Length + 1 + choices.Next(24), '0') : digits);
    }

    /// <summary>Takes out, doubles or exchanges lines.</summary>
    private static byte[] Lines(byte[] text, ref Choices choices)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\n') starts.Add(i + 1);
        if (starts[^1] < text.Length || starts.Count == 1) starts.Add(text.Length);
        var (a, b) = (choices.Next(starts.Count - 1), choices.Next(starts.Count - 1));
        if (a > b) (a, b) = (b, a);
        return choices.Next(3) switch
        {
            0 => [.. text[..starts[a]], .. text[starts[a + 1]..]],
            1 => Insert(text, starts[b], text.AsSpan(starts[a]..starts[a + 1])),
            _ when a < b => [.. text[..starts[a]], .. text[starts[b]..starts[b + 1]], .. text[starts[a + 1]..starts[b]], .. text[starts[a]..starts[a + 1]], .. text[starts[b + 1]..]],
            _ => text,
        };
    }

    internal static byte[] Put(byte[] text, TextStep step, ReadOnlySpan<byte> instead) => [.. text.AsSpan(0, step.Start), .. instead, .. text.AsSpan(step.End)];

    internal static byte[] Insert(byte[] text, int at, ReadOnlySpan<byte> part) => [.. text.AsSpan(0, at), .. part, .. text.AsSpan(at)];

    private static byte[]? Exchange(byte[] text, TextStep a, TextStep b) => a.End > b.Start ? null :
        [.. text.AsSpan(0, a.Start), .. text.AsSpan(b.Start..b.End), .. text.AsSpan(a.End..b.Start), .. text.AsSpan(a.Start..a.End), .. text.AsSpan(b.End)];
}
