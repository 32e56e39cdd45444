using WebRtcConformance.Ir;

namespace WebRtcConformance.Text;

/// <summary>Short names with which generated code writes down grammars.</summary>
internal static class TextModel
{
    /// <summary>A rule of another module.</summary>
    public static TextReference Of(string module, string rule) => new(module, rule);

    public static TextReference Core(string rule) => new("abnf-core", rule);

    /// <summary>Letters in either case.</summary>
    public static TextLiteral AnyCase(string text) => new(text, true);

    public static TextLiteral Exactly(string text) => new(text, false);

    /// <summary>One byte of some ranges: first and last of each.</summary>
    public static TextBytes Bytes(params byte[] ranges)
    {
        var pairs = new TextRange[ranges.Length / 2];
        for (var i = 0; i < pairs.Length; i++) pairs[i] = new(ranges[2 * i], ranges[2 * i + 1]);
        return new(new(pairs));
    }

    public static TextSequence All(params TextElement[] items) => new(new(items));
    public static TextAlternatives One(params TextElement[] items) => new(new(items));
    public static TextRepeat Times(int min, int max, TextElement item) => new(min, max, item);
}
