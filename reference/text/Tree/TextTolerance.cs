using WebRtcConformance.Ir;

namespace WebRtcConformance.Text;

/// <summary>Reading with named relaxations: what a tolerant implementation takes, and what exactly it had to overlook.</summary>
public static class TextTolerance
{
    /// <summary>Every relaxation of every spec file.</summary>
    public static IReadOnlyList<TextRelaxation> All { get; } = TextModules.All.SelectMany(m => m.Relaxations).ToArray();

    /// <summary>The relaxations without which the text is refused: none for a good text, null for one that no relaxation helps.</summary>
    /// <param name="tree">The text as the relaxed grammar reads it, or the strict grammar's refusal.</param>
    public static IReadOnlyList<TextRelaxation>? Needed(TextReference rule, ReadOnlySpan<byte> text, out TextTree tree)
    {
        tree = TextTree.Read(rule, text);
        if (tree.Root is not null) return [];
        var needed = All.ToList();
        var relaxed = TextTree.Read(rule, text, new TextGrammar(TextModules.All, needed));
        if (relaxed.Root is null) return null;
        foreach (var relaxation in All)
        {
            var fewer = needed.Where(r => r != relaxation).ToList();
            var without = TextTree.Read(rule, text, new TextGrammar(TextModules.All, fewer));
            if (without.Root is null) continue;
            (needed, relaxed) = (fewer, without);
        }
        tree = relaxed;
        return needed;
    }
}
