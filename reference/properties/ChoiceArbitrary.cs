using FsCheck;
using FsCheck.Fluent;

namespace WebRtcConformance.Properties;

/// <summary>Sequences of choices: what all generators draw from, and what shrinks.</summary>
public static class ChoiceArbitrary
{
    /// <summary>Choice sequences; longer ones make bigger messages.</summary>
    public static Gen<byte[]> Generate() => Gen.Sized(size =>
        from length in Gen.Choose(0, size * 6)
        from bytes in Gen.ArrayOf(Gen.Choose(0, 255).Select(i => (byte)i), length)
        select bytes);

    /// <summary>Shorter sequences first, then smaller choices.</summary>
    public static IEnumerable<byte[]> Shrink(byte[] choices)
    {
        for (var keep = 0; keep < choices.Length; keep += Math.Max((choices.Length - keep) / 2, 1)) yield return choices[..keep];
        for (var run = choices.Length / 2; run > 0; run /= 2)
            for (var at = 0; at + run <= choices.Length; at += run < 32 ? 1 : run)
            {
                yield return [.. choices[..at], .. choices[(at + run)..]];
                if (choices.AsSpan(at, run).ContainsAnyExcept((byte)0)) yield return [.. choices[..at], .. new byte[run], .. choices[(at + run)..]];
            }
        for (var i = 0; i < choices.Length; i++)
        {
            if (choices[i] < 2) continue;
            var smaller = (byte[])choices.Clone();
            smaller[i] /= 2;
            yield return smaller;
        }
    }
}
