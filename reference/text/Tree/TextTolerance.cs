using System.Diagnostics.CodeAnalysis;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

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

    /// <summary>A typed value of a text that only a tolerant reader takes: read strictly first; if that fails with the relaxations that are needed, each place that needs one
    /// mended as its strict rule wants it.</summary>
    /// <param name="needed">None for a good text.</param>
    /// <param name="error">What a strict parser refuses; none for a good text.</param>
    public static bool TryParse<TRecord>(
        ReadOnlySpan<byte> text, [NotNullWhen(true)] out TRecord? record, out IReadOnlyList<TextRelaxation> needed, out WireError error)
        where TRecord : class, ITextRecord<TRecord>
    {
        needed = [];
        if (TRecord.TryParse(text, keepTrivia: false, out record, out error)) return true;
        var codec = TextModules.Codecs.First(c => c.WireName == TRecord.WireName);
        var rule = new TextReference(codec.Module, codec.Rule);
        if (Needed(rule, text, out _) is not { } relaxations) return false;
        needed = relaxations;
        return TextMending.Mend(rule, text, relaxations) is { } mended && TRecord.TryParse(mended, keepTrivia: false, out record, out _);
    }
}
