using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>Makes a text smaller and simpler while a predicate holds: first by the steps of its derivation, which leaves a text of the grammar, then by lines, then
/// by bytes.</summary>
public static class TextMinimizer
{
    /// <summary>The smallest text found for which <paramref name="predicate"/> is true; the input itself when the predicate is false for it. "Smaller" is
    /// fewer bytes, then bytes nearer to '0' and 'a'.</summary>
    /// <param name="maxTests">Calls of the predicate at most.</param>
    public static byte[] Minimize(TextReference rule, ReadOnlySpan<byte> text, Func<byte[], bool> predicate, int maxTests = 5000, TextGrammar? grammar = null)
    {
        grammar ??= TextGrammar.Default;
        var shrinker = new Shrinker(text.ToArray(), predicate, maxTests, Weight);
        if (!predicate(text.ToArray())) return shrinker.Best;
        while (!shrinker.IsExhausted && (Steps(rule, shrinker, grammar) | Lines(shrinker) | shrinker.Runs((byte)'0')))
        {
        }
        return shrinker.Best;
    }

    private static int Weight(byte b) => b switch
    {
        (byte)'0' => 0,
        (byte)'a' => 1,
        >= (byte)'1' and <= (byte)'9' => b - '0' + 1,
        >= (byte)'b' and <= (byte)'z' => b - 'a' + 16,
        _ => 64 + b,
    };

    /// <summary>Longest steps first; from the start again when one has changed.</summary>
    private static bool Steps(TextReference rule, Shrinker shrinker, TextGrammar grammar)
    {
        var progress = false;
        while (!shrinker.IsExhausted && TextStep.Of(rule, shrinker.Best, grammar) is { } root && root.All().OrderByDescending(s => s.Length).Any(s => Simpler(s, shrinker, grammar)))
            progress = true;
        return progress;
    }

    private static bool Simpler(TextStep step, Shrinker shrinker, TextGrammar grammar)
    {
        if (step.Length == 0) return false;
        var text = shrinker.Best;
        if (step.Element is TextReference or TextAlternatives or TextRepeat)
        {
            var none = default(Choices);
            if (shrinker.Try(TextMutator.Put(text, step, TextDraw.Draw(step, step.Element, ref none, grammar)))) return true;
        }
        if (step.Element is not TextRepeat) return false;
        // Half of the items, a quarter of them, ..., each.
        var items = step.Children;
        for (var run = items.Count / 2; run > 0; run /= 2)
            for (var at = items.Count - run; at >= 0; at -= run)
                if (shrinker.Try([.. text[..items[at].Start], .. text[items[at + run - 1].End..]])) return true;
        return false;
    }

    private static bool Lines(Shrinker shrinker)
    {
        var progress = false;
        for (var end = shrinker.Best.Length; end > 0;)
        {
            var start = shrinker.Best.AsSpan(0, end - 1).LastIndexOf((byte)'\n') + 1;
            progress |= shrinker.Try([.. shrinker.Best[..start], .. shrinker.Best[end..]]);
            end = start;
        }
        return progress;
    }
}
