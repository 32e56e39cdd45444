using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>A format of texts: a generated codec, and the interpreter of its grammar.</summary>
public sealed class TextFormat(ITextCodec codec) : IMessageFormat
{
    private static readonly Lazy<IReadOnlyList<TextFormat>> Generated = new(() => [.. TextModules.Codecs.Select(codec => new TextFormat(codec))]);

    private readonly TextReference _rule = new(codec.Module, codec.Rule);
    private HashSet<string>? _namespaces;

    /// <summary>The format of every type of every spec file.</summary>
    public static IReadOnlyList<TextFormat> All => Generated.Value;

    /// <summary>The format of a type.</summary>
    public static TextFormat Of(TextReference rule) => All.First(format => format._rule == rule);

    public ITextCodec Codec => codec;

    /// <summary>The rule whose texts these are.</summary>
    public TextReference Rule => _rule;

    public string Name { get; } = $"{codec.Module}.{JsonNamingPolicy.KebabCaseLower.ConvertName(codec.WireName[(codec.WireName.IndexOf('.') + 1)..])}";
    public string Title => $"{TextGrammar.Default.Rule(_rule).Name} ({TextGrammar.Default.Rule(_rule).Clause})";
    public bool IsText => true;

    /// <summary>A message of its own, not only a part of others.</summary>
    public bool IsStart => TextGrammar.Default.Module(codec.Module).Starts.Contains(codec.Rule);

    public bool Accepts(ReadOnlySpan<byte> bytes, out WireError error) => codec.Accepts(bytes, out error);

    /// <summary>The verdict of the interpreter. Where several rules were being read at the byte that is wrong, and the straight-line code names another one of
    /// them, it is that one.</summary>
    public bool Interpret(ReadOnlySpan<byte> bytes, out WireError error)
    {
        var tree = TextTree.Read(_rule, bytes);
        codec.Accepts(bytes, out error);
        if (!tree.Confirms(error)) error = tree.Error;
        return !error.IsError;
    }

    public bool TryParse(ReadOnlySpan<byte> bytes, bool keepTrivia, [NotNullWhen(true)] out object? message, out WireError error)
    {
        var parsed = codec.TryParse(bytes, keepTrivia, out var typed, out error);
        message = typed;
        return parsed;
    }

    public byte[] Write(object message, WireKey key = default) => ((ITextRecord)message).ToArray();

    /// <summary>Texts have no checksums: as <see cref="Accepts"/>.</summary>
    public bool Verify(ReadOnlySpan<byte> bytes, WireKey key, out WireError error) => Accepts(bytes, out error);

    /// <summary>Texts have no checksums: as <see cref="Interpret"/>.</summary>
    public bool InterpretVerify(ReadOnlySpan<byte> bytes, WireKey key, out WireError error) => Interpret(bytes, out error);

    public byte[] Draw(ref Choices choices, WireKey key = default) => TextDraw.Draw(_rule, ref choices);

    public byte[] Mutate(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> donor, ref Choices choices, WireKey key = default) =>
        TextMutator.Mutate(_rule, bytes, donor, ref choices);

    public byte[] Minimize(ReadOnlySpan<byte> bytes, Func<byte[], bool> predicate, int maxTests) => TextMinimizer.Minimize(_rule, bytes, predicate, maxTests);

    public string Dump(ReadOnlySpan<byte> bytes) => TextTree.Read(_rule, bytes).Dump();

    public void WriteJson(ReadOnlySpan<byte> bytes, Utf8JsonWriter writer) => TextTree.Read(_rule, bytes).WriteJson(writer);

    public JsonObject JsonSchema() => TextSchema.Of(_rule);

    public string ElementAt(ReadOnlySpan<byte> bytes, int offset)
    {
        if (TextTree.Read(_rule, bytes).Shown is not { } node) return "text";
        if (offset >= node.End) return "end";
        while (node.Children.LastOrDefault(child => child.Start <= offset && offset < child.End) is { } inner) node = inner;
        return node.Name;
    }

    public IReadOnlyList<byte[]> Dictionary => TextDictionary.Of(_rule);

    public IReadOnlyList<IMessageViolation> Violations => TextViolations.For(_rule);

    public WireCoverage NewCoverage() => new(TextPoints.Default);

    public void Cover(ReadOnlySpan<byte> bytes, WireCoverage coverage) => TextPoints.Default.Cover(_rule, bytes, coverage);

    public bool IsOwnCode(string type)
    {
        const string own = "WebRtcConformance.Text.";
        _namespaces ??= [.. TextGrammar.Default.Reachable(_rule).Select(rule => TextGrammar.Default.Module(rule.Module).Namespace).Select(name => own + name + ".")];
        return type is own + nameof(TextScan) or own + nameof(TextTable) || _namespaces.Any(name => type.StartsWith(name, StringComparison.Ordinal));
    }

    public override string ToString() => Name;
}
