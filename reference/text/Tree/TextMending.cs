using WebRtcConformance.Ir;

namespace WebRtcConformance.Text;

/// <summary>Turns a text that needs relaxations into the strict text that it was meant to be: in each place that is of a relaxed rule and not of the strict one,
/// single bytes are changed until the strict rule takes it.</summary>
internal static class TextMending
{
    private const int MaxEdits = 64, MaxPasses = 8;

    /// <summary>Bytes that texts leave out, or should have had.</summary>
    private static ReadOnlySpan<byte> Usual => " \r\n-:;,"u8;

    /// <summary>The strict text; null when some place cannot be mended.</summary>
    public static byte[]? Mend(TextReference rule, ReadOnlySpan<byte> text, IReadOnlyList<TextRelaxation> relaxations)
    {
        var relaxed = new TextGrammar(TextModules.All, relaxations);
        var mended = text.ToArray();
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            if (TextStep.Of(rule, mended, relaxed) is not { } root) return null;
            var places = root.All().Where(step => step.Element is TextReference r && relaxations.Any(x => x.Rule == r) && Reach(r, Part(mended, step)) <= step.Length)
                .OrderByDescending(step => step.Start).ThenBy(step => step.Length).ToArray();
            if (places.Length == 0) return mended;
            var whole = mended;
            var before = whole.Length + 1;
            foreach (var place in places)
            {
                // Of places inside each other the inner ones come first; the outer ones have another pass.
                if (place.End > before) continue;
                if (Mend((TextReference)place.Element, Part(whole, place)) is not { } strict) return null;
                before = place.Start;
                mended = TextMutator.Put(mended, place, strict);
            }
        }
        return null;
    }

    private static byte[] Part(byte[] text, TextStep step) => text[step.Start..step.End];

    private static byte[]? Mend(TextReference rule, byte[] part)
    {
        for (var edits = 0; edits < MaxEdits; edits++)
        {
            var reach = Reach(rule, part);
            if (reach > part.Length) return part;
            // The edit that brings a reader furthest.
            var best = Edits(part, reach).MaxBy(edit => Gain(rule, edit, part.Length))!;
            if (Gain(rule, best, part.Length) <= reach) return null;
            part = best;
        }
        return null;
    }

    /// <summary>How far an edit brings a reader, as a place in the text before it.</summary>
    private static int Gain(TextReference rule, byte[] edit, int length)
    {
        var reach = Reach(rule, edit);
        return reach > edit.Length ? int.MaxValue : reach + length - edit.Length;
    }

    /// <summary>The first byte that the rule does not explain; the length and 1 when it takes all.</summary>
    private static int Reach(TextReference rule, byte[] part) => new TextMatcher(TextGrammar.Default, part).Reach(rule);

    private static IEnumerable<byte[]> Edits(byte[] part, int at)
    {
        // The least change comes first: of several that serve alike it is taken.
        if (at < part.Length)
        {
            if (TextScan.IsLetter(part[at])) yield return [.. part[..at], (byte)(part[at] ^ 0x20), .. part[(at + 1)..]];
            foreach (var b in Usual.ToArray()) yield return [.. part[..at], b, .. part[(at + 1)..]];
            yield return [.. part[..at], .. part[(at + 1)..]];
        }
        if (at > 0) yield return [.. part[..(at - 1)], .. part[at..]];
        foreach (var b in Usual.ToArray()) yield return [.. part[..at], b, .. part[at..]];
    }
}
