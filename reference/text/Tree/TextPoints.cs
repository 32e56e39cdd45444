using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>The coverage points of grammars: each rule that can stand in a text, each of its alternatives, each capture and each known name. A text that is accepted touches those of its
/// derivation; one that is refused names one.</summary>
public sealed class TextPoints : ICoveragePoints
{
    private static readonly Lazy<TextPoints> s_default = new(() => new TextPoints(TextGrammar.Default));

    private readonly TextGrammar _grammar;
    private readonly List<WireNode> _points = [];
    private readonly Dictionary<uint, int> _byNode = [];
    private readonly Dictionary<TextAlternatives, int> _alternatives = new(ReferenceEqualityComparer.Instance);

    public TextPoints(TextGrammar grammar)
    {
        _grammar = grammar;
        var used = grammar.Types.SelectMany(grammar.Reachable).ToHashSet();
        foreach (var module in grammar.Modules)
        {
            foreach (var rule in module.Rules)
            {
                if (!used.Contains(new(module.Name, rule.Name))) continue;
                Add(module, rule.Node, $"{module.Name}/{rule.Name}", rule.Clause);
                // A union's text is told by its name.
                if (grammar.Union(new(module.Name, rule.Name)) is null) Alternatives(module, rule, rule.Body);
            }
            foreach (var type in module.Types)
            foreach (var capture in type.Captures) Add(module, capture.Node, $"{module.Name}/{type.CsName}.{capture.CsName}", capture.Clause);
            foreach (var union in module.Unions)
            foreach (var extension in union.Extensions)
                Add(grammar.Module(extension.Module), extension.Node, $"{extension.Module}/{union.CsName}.{extension.CsName}", extension.Clause);
        }
    }

    /// <summary>Those of <see cref="TextGrammar.Default"/>.</summary>
    public static TextPoints Default => s_default.Value;

    public int Count => _points.Count;
    public int? IndexOf(uint node) => _byNode.TryGetValue(node, out var index) ? index : null;
    public IEnumerable<(int Index, WireNode Node)> All => _points.Select((node, index) => (index, node));

    /// <summary>Notes what a text touches, and what its error names.</summary>
    public void Cover(TextReference rule, ReadOnlySpan<byte> text, WireCoverage coverage)
    {
        var matcher = new TextMatcher(_grammar, text.ToArray());
        var root = matcher.Derive(rule);
        if (!matcher.Error.IsError) Touch(root!, coverage);
        coverage.Verdict(matcher.Error);
    }

    private void Touch(TextStep root, WireCoverage coverage)
    {
        foreach (var step in root.All())
        {
            if (step.Element is TextReference reference)
            {
                coverage.Touch(_byNode[_grammar.Node(reference)]);
                var path = TextGrammar.Chain(step.Chain, reference);
                foreach (var capture in step.Type?.Captures ?? [])
                    if (capture.Path == path) coverage.Touch(_byNode[_grammar.Number(_grammar.Owner(step.Type!), capture.Node)]);
            }
            if (step.Element is TextRepeat { Item: TextReference item } && step.Type is not null && step.Children.Count == 0 && step.Length > 0)
            {
                // A run that is one value has no steps inside.
                coverage.Touch(_byNode[_grammar.Node(item)]);
                var path = TextGrammar.Chain(step.Chain, item);
                foreach (var capture in step.Type.Captures)
                    if (capture.Path == path) coverage.Touch(_byNode[_grammar.Number(_grammar.Owner(step.Type), capture.Node)]);
            }
            if (step.Element is TextAlternatives alternatives && step.Alternative >= 0) coverage.Touch(_alternatives[alternatives] + step.Alternative);
            if (step.Extension is { } extension) coverage.Touch(_byNode[_grammar.Number(extension.Module, extension.Node)]);
        }
    }

    private void Add(TextModule module, int node, string path, Clause clause)
    {
        if (_byNode.TryAdd((uint)module.Number << 16 | (uint)node, _points.Count)) _points.Add(new(null!, null!, path, clause, default));
    }

    private void Alternatives(TextModule module, TextRule rule, TextElement element)
    {
        switch (element)
        {
            case TextSequence sequence: foreach (var item in sequence.Items) Alternatives(module, rule, item); break;
            case TextRepeat repeat: Alternatives(module, rule, repeat.Item); break;
            case TextAlternatives alternatives:
                _alternatives[alternatives] = _points.Count;
                foreach (var item in alternatives.Items) _points.Add(new(null!, null!, $"{module.Name}/{rule.Name}: {TextElements.Show(item)}", rule.Clause, default));
                foreach (var item in alternatives.Items) Alternatives(module, rule, item);
                break;
        }
    }
}
