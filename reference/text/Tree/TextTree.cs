using System.Text;
using System.Text.Json;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>A text as a tree of its typed parts, read by the interpreter.</summary>
public sealed class TextTree
{
    private readonly HashSet<uint> _blamed;

    private TextTree(byte[] text, TextNode? root, TextMatcher matcher)
    {
        (Text, Shown, Error, Steps) = (text, root, matcher.Error, matcher.Steps);
        _blamed = matcher.Blamed;
        Root = Error.IsError ? null : root;
    }

    public byte[] Text { get; }
    /// <summary>Null when the text is not of the type.</summary>
    public TextNode? Root { get; }
    /// <summary>As <see cref="Root"/>, but there as well when only values are outside their ranges.</summary>
    public TextNode? Shown { get; }
    public WireError Error { get; }
    /// <summary>Whether an error is right: it is this tree's, or differs in the node alone and names a rule that was being read there.</summary>
    public bool Confirms(WireError error) => error == Error || error.Kind == Error.Kind && error.Offset == Error.Offset && _blamed.Contains(error.Node);

    /// <summary>Elements that the interpreter looked at.</summary>
    public long Steps { get; }

    /// <summary>Total: any bytes give a tree or an error.</summary>
    /// <param name="rule">A type's rule.</param>
    public static TextTree Read(TextReference rule, ReadOnlySpan<byte> text, TextGrammar? grammar = null)
    {
        var copy = text.ToArray();
        var matcher = new TextMatcher(grammar ?? TextGrammar.Default, copy);
        var root = matcher.Match(rule);
        return new(copy, root, matcher);
    }

    /// <summary>One line a part: offset, name, text, clause. Of what is no text of the grammar, its lines up to the byte that cannot be. Last, what is refused.
    /// <code>  10    Foundation = "842163049"    RFC8839 section 5.1</code></summary>
    public string Dump()
    {
        var dump = new StringBuilder();
        if (Shown is not null) Item(Shown, 0);
        else Lines(dump);
        if (Error.IsError) dump.Append($"a strict parser refuses: {Error}\n");
        return dump.ToString();

        void Item(TextNode node, int depth)
        {
            var value = node.Children.Count > 0 ? "" : $" = \"{Escape(Part(node))}\"";
            var form = node.Form is null ? "" : $" {node.Form}";
            dump.Append($"{node.Start,5}  {new string(' ', depth * 2)}{node.Name}{value}{form}    {node.Clause}\n");
            foreach (var child in node.Children) Item(child, depth + 1);
        }
    }

    private void Lines(StringBuilder dump)
    {
        for (var at = 0; at < Text.Length && at <= Error.Offset;)
        {
            var end = Text.AsSpan(at).IndexOf((byte)'\n') is >= 0 and var found ? at + found + 1 : Text.Length;
            var bad = Error.Offset >= at && Error.Offset < end;
            dump.Append($"{at,5}  \"{Escape(Encoding.UTF8.GetString(Text.AsSpan(at..(bad ? Error.Offset : end))))}");
            if (bad) dump.Append($"\" then \"{Escape(Encoding.UTF8.GetString(Text.AsSpan(Error.Offset..end)))}");
            dump.Append("\"\n");
            at = end;
        }
    }

    private string Part(TextNode node) => Encoding.UTF8.GetString(Text.AsSpan(node.Start, node.End - node.Start));

    private static string Escape(string text) =>
        string.Concat(text.Select(c => c is '"' or '\\' ? "\\" + c : c == '\r' ? "\\r" : c == '\n' ? "\\n" : c < ' ' ? $"\\u{(int)c:X4}" : c.ToString()));

    /// <summary>The tree as JSON: types are objects, lists arrays, integers numbers, texts strings (bytes that are no UTF-8 are replaced); numbers that no
    /// double holds are strings. What is refused is <c>{"raw":"..."}</c>.</summary>
    public string ToJson(TextGrammar? grammar = null)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) WriteJson(writer, grammar);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <inheritdoc cref="ToJson"/>
    public void WriteJson(Utf8JsonWriter writer, TextGrammar? grammar = null)
    {
        if (Root is not null)
        {
            Value(writer, Root, grammar ?? TextGrammar.Default);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("raw", Encoding.UTF8.GetString(Text));
        writer.WriteEndObject();
    }

    private void Value(Utf8JsonWriter writer, TextNode node, TextGrammar grammar)
    {
        switch (node.Kind)
        {
            case TextCaptureKind.Nested:
                writer.WriteStartObject();
                foreach (var capture in grammar.Type(node.Rule)!.Captures)
                {
                    var parts = node.Children.Where(c => c.Name == capture.CsName).ToArray();
                    if (parts.Length == 0 && !capture.Many) continue;
                    writer.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(capture.CsName));
                    if (capture.Many) writer.WriteStartArray();
                    foreach (var part in parts) Value(writer, part, grammar);
                    if (capture.Many) writer.WriteEndArray();
                }
                writer.WriteEndObject();
                break;
            case TextCaptureKind.Union when node.Children.Count > 0:
                writer.WriteStartObject();
                writer.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(node.Children[0].Name));
                Value(writer, node.Children[0], grammar);
                writer.WriteEndObject();
                break;
            case TextCaptureKind.Integer: Number(writer, Text.AsSpan(node.Start, node.End - node.Start)); break;
            default: writer.WriteStringValue(Part(node)); break;
        }
    }

    internal const ulong LargestSafe = (1UL << 53) - 1;

    private static void Number(Utf8JsonWriter writer, ReadOnlySpan<byte> digits)
    {
        var value = TextScan.Number(digits);
        if (value <= LargestSafe) writer.WriteNumberValue(value);
        else writer.WriteStringValue(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
