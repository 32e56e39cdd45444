using WebRtcConformance.Ir;

namespace WebRtcConformance.Text;

/// <summary>Linked modules as the interpreter looks them up.</summary>
public sealed class TextGrammar
{
    private static readonly Lazy<TextGrammar> s_default = new(() => new TextGrammar(TextModules.All));
    private readonly Dictionary<(string Module, string Rule), TextRule> _rules = new();
    private readonly Dictionary<TextReference, TextType> _types = new();
    private readonly Dictionary<TextReference, TextUnion> _unions = new();
    private readonly Dictionary<TextReference, TextChoiceType> _choices = new();
    private readonly Dictionary<TextType, string> _owners = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, TextModule> _modules = new(StringComparer.Ordinal);

    internal TextWeights Weights { get; }

    /// <param name="relaxations">Rules that are taken more widely; several of one rule widen it one after another.</param>
    public TextGrammar(IEnumerable<TextModule> modules, IEnumerable<TextRelaxation>? relaxations = null)
    {
        Weights = new(this);
        foreach (var module in modules)
        {
            _modules.Add(module.Name, module);
            foreach (var rule in module.Rules) _rules[(module.Name, rule.Name.ToLowerInvariant())] = rule;
            foreach (var type in module.Types)
            {
                _types[new(module.Name, type.Rule)] = type;
                _owners[type] = module.Name;
            }
            foreach (var union in module.Unions) _unions[new(module.Name, union.Rule)] = union;
            foreach (var choice in module.Choices) _choices[new(module.Name, choice.Rule)] = choice;
        }
        foreach (var relaxation in relaxations ?? [])
        {
            var key = (relaxation.Rule.Module, relaxation.Rule.Rule.ToLowerInvariant());
            var strict = _rules[key];
            _rules[key] = strict with { Body = Widen(relaxation.Body, relaxation.Rule, strict.Body) };
        }
    }

    /// <summary>Within a relaxation the rule's own name is the rule as it was.</summary>
    private static TextElement Widen(TextElement element, TextReference rule, TextElement strict) => element switch
    {
        TextReference reference when reference == rule => strict,
        TextSequence sequence => new TextSequence(new(sequence.Items.Select(i => Widen(i, rule, strict)))),
        TextAlternatives alternatives => new TextAlternatives(new(alternatives.Items.Select(i => Widen(i, rule, strict)))),
        TextRepeat repeat => repeat with { Item = Widen(repeat.Item, rule, strict) },
        _ => element,
    };

    /// <summary>The grammar of <see cref="TextModules.All"/>.</summary>
    public static TextGrammar Default => s_default.Value;

    /// <summary>Every type: a rule that stands alone as a text.</summary>
    public IEnumerable<TextReference> Types => _types.Keys;

    public TextRule Rule(TextReference rule) => _rules[(rule.Module, rule.Rule.ToLowerInvariant())];
    internal IEnumerable<TextModule> Modules => _modules.Values;
    internal TextModule Module(string name) => _modules[name];
    /// <summary>The module of a type.</summary>
    internal string Owner(TextType type) => _owners[type];
    internal TextType? Type(TextReference rule) => _types.GetValueOrDefault(rule);
    internal TextUnion? Union(TextReference rule) => _unions.GetValueOrDefault(rule);
    internal TextChoiceType? Choice(TextReference rule) => _choices.GetValueOrDefault(rule);

    /// <summary>Errors never name the core rules: they are everybody's.</summary>
    internal bool IsCore(TextReference rule) => rule.Module == "abnf-core";

    internal uint Node(TextReference rule) => Number(rule.Module, Rule(rule).Node);
    internal uint Number(string module, int node) => (uint)_modules[module].Number << 16 | (uint)node;

    /// <summary>The rule and all that can stand in its texts, each once.</summary>
    internal IReadOnlyList<TextReference> Reachable(TextReference rule)
    {
        var seen = new List<TextReference>();
        var known = new HashSet<TextReference>();
        Visit(rule);
        for (var i = 0; i < seen.Count; i++)
        {
            Element(Rule(seen[i]).Body);
            foreach (var extension in Union(seen[i])?.Extensions ?? [])
                if (extension.Rule is not null) Visit(extension.Rule);
        }
        return seen;

        void Visit(TextReference reference)
        {
            if (known.Add(reference)) seen.Add(reference);
        }

        void Element(TextElement element)
        {
            switch (element)
            {
                case TextSequence sequence: foreach (var item in sequence.Items) Element(item); break;
                case TextAlternatives alternatives: foreach (var item in alternatives.Items) Element(item); break;
                case TextRepeat repeat: Element(repeat.Item); break;
                case TextReference reference: Visit(reference); break;
            }
        }
    }

    internal static string Chain(string chain, TextReference reference) => chain.Length == 0 ? reference.Rule : chain + "/" + reference.Rule;

    internal static bool Holds(TextType type, string chain)
    {
        foreach (var capture in type.Captures)
            if (capture.Path == chain || capture.Path.StartsWith(chain, StringComparison.Ordinal) && capture.Path.Length > chain.Length && capture.Path[chain.Length] == '/') return true;
        return false;
    }
}

/// <summary>A typed part of a text: a type's value, or a captured text.</summary>
/// <param name="Name">The capture's name, or for a whole text the type's.</param>
/// <param name="Rule">The rule that the text is of.</param>
/// <param name="Form">For texts of several forms: the first that fits.</param>
public sealed record TextNode(
    string Name, TextReference Rule, uint Node, Clause Clause, TextCaptureKind Kind, int Start, int End, string? Form, IReadOnlyList<TextNode> Children);
