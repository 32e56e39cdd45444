using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Analysis;

/// <summary>All linked modules, and facts about their elements. No rule is recursive.</summary>
internal sealed class Grammar
{
    private readonly Dictionary<(string Module, string Rule), TextRule> _rules = new();
    private readonly Dictionary<TextReference, TextRule> _found = new();
    private readonly Dictionary<TextReference, (bool Nullable, SymbolSet First)> _facts = new();
    private readonly Dictionary<TextElement, Automaton?> _automata = new(ReferenceComparer.Instance);
    private readonly Dictionary<TextReference, Automaton?> _ruleAutomata = new();
    private readonly Dictionary<TextReference, TextType> _types = new();
    private readonly Dictionary<TextReference, TextUnion> _unions = new();
    private readonly Dictionary<TextReference, TextChoiceType> _choices = new();

    public Grammar(IEnumerable<TextModule> modules)
    {
        Modules = modules.ToArray();
        foreach (var module in Modules)
        {
            foreach (var rule in module.Rules) _rules[(module.Name, rule.Name.ToLowerInvariant())] = rule;
            foreach (var type in module.Types) _types[new(module.Name, type.Rule)] = type;
            foreach (var union in module.Unions) _unions[new(module.Name, union.Rule)] = union;
            foreach (var choice in module.Choices) _choices[new(module.Name, choice.Rule)] = choice;
        }
    }

    public IReadOnlyList<TextModule> Modules { get; }

    public TextModule Module(string name) => Modules.First(m => m.Name == name);

    public TextRule Rule(TextReference reference)
    {
        if (!_found.TryGetValue(reference, out var rule)) _found.Add(reference, rule = _rules[(reference.Module, reference.Rule.ToLowerInvariant())]);
        return rule;
    }

    public TextType? Type(TextReference reference) => _types.TryGetValue(reference, out var type) ? type : null;
    public TextUnion? Union(TextReference reference) => _unions.TryGetValue(reference, out var union) ? union : null;
    public TextChoiceType? Choice(TextReference reference) => _choices.TryGetValue(reference, out var choice) ? choice : null;

    public bool IsNullable(TextElement element) => element switch
    {
        TextBytes => false,
        TextLiteral literal => literal.Text.Length == 0,
        TextSequence sequence => sequence.Items.All(IsNullable),
        TextAlternatives alternatives => alternatives.Items.Any(IsNullable),
        TextRepeat repeat => repeat.Min == 0 || repeat.Max == 0 || IsNullable(repeat.Item),
        TextReference reference => Facts(reference).Nullable,
        _ => throw new ArgumentOutOfRangeException(nameof(element)),
    };

    /// <summary>The bytes with which a text of the element can begin.</summary>
    public SymbolSet First(TextElement element)
    {
        switch (element)
        {
            case TextBytes bytes: return SymbolSet.Of(bytes);
            case TextLiteral literal: return literal.Text.Length == 0 ? default : SymbolSet.Of(literal.Text[0], literal.AnyCase);
            case TextRepeat repeat: return repeat.Max == 0 ? default : First(repeat.Item);
            case TextReference reference: return Facts(reference).First;
            case TextAlternatives alternatives:
            {
                var set = default(SymbolSet);
                foreach (var item in alternatives.Items) set |= First(item);
                return set;
            }
            case TextSequence sequence:
            {
                var set = default(SymbolSet);
                foreach (var item in sequence.Items)
                {
                    set |= First(item);
                    if (!IsNullable(item)) break;
                }
                return set;
            }
            default: throw new ArgumentOutOfRangeException(nameof(element));
        }
    }

    /// <summary>The bytes with which the element, and then what can follow it, can begin.</summary>
    public SymbolSet FirstThen(TextElement element, SymbolSet follow) => IsNullable(element) ? First(element) | follow : First(element);

    private (bool Nullable, SymbolSet First) Facts(TextReference reference)
    {
        if (_facts.TryGetValue(reference, out var facts)) return facts;
        var body = Rule(reference).Body;
        facts = (IsNullable(body), First(body));
        _facts.Add(reference, facts);
        return facts;
    }

    /// <summary>The smallest automaton of the element; null when it would be too large.</summary>
    public Automaton? AutomatonOf(TextElement element)
    {
        if (element is TextReference reference)
        {
            if (!_ruleAutomata.TryGetValue(reference, out var found))
            {
                found = AutomatonOf(Rule(reference).Body);
                _ruleAutomata.Add(reference, found);
            }
            return found;
        }
        if (!_automata.TryGetValue(element, out var automaton))
        {
            automaton = new AutomatonBuilder(this).Build([element]);
            _automata.Add(element, automaton);
        }
        return automaton;
    }

    private sealed class ReferenceComparer : IEqualityComparer<TextElement>
    {
        public static readonly ReferenceComparer Instance = new();
        public bool Equals(TextElement? x, TextElement? y) => ReferenceEquals(x, y);
        public int GetHashCode(TextElement obj) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj);
    }
}
