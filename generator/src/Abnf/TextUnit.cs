using WebRtcConformance.Generator.Abnf.Analysis;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf;

/// <summary>A sound module as the back end takes it, with all that its code depends on: units that are equal have equal code.</summary>
/// <param name="Reached">Rules of other modules that the module's rules lead to.</param>
/// <param name="Types">Types that these rules and the module's own are.</param>
/// <param name="Linked">Says nothing that the rest does not.</param>
public sealed record TextUnit(TextModule Module, EquatableArray<ReachedRule> Reached, EquatableArray<TypeUse> Types, LinkedGrammar Linked)
{
    internal static EquatableArray<TextUnit> Of(Grammar grammar, Plans plans, IReadOnlyDictionary<TextReference, SymbolSet> follow)
    {
        var linked = new LinkedGrammar(grammar, plans);
        return new(grammar.Modules.Select(m => Of(m, linked, follow)));
    }

    private static TextUnit Of(TextModule module, LinkedGrammar linked, IReadOnlyDictionary<TextReference, SymbolSet> follow)
    {
        var grammar = linked.Grammar;
        var reached = new List<ReachedRule>();
        var types = new List<TypeUse>();
        var seen = new HashSet<TextRule>(SameRule.Instance);
        var open = new Stack<TextReference>();
        foreach (var rule in module.Rules) Open(new(module.Name, rule.Name));
        foreach (var choice in module.Choices)
        foreach (var form in choice.Forms) Visit(form.Body);
        foreach (var union in module.Unions)
        {
            Open(union.By);
            Visit(union.Value);
            foreach (var extension in union.Extensions)
                if (extension.Rule is not null) Open(extension.Rule);
        }
        while (open.Count > 0)
        {
            var reference = open.Pop();
            var rule = grammar.Rule(reference);
            if (!seen.Add(rule)) continue;
            if (reference.Module != module.Name) reached.Add(new(reference.Module, rule));
            var name = grammar.Type(reference)?.CsName ?? grammar.Union(reference)?.CsName ?? grammar.Choice(reference)?.CsName;
            if (name is not null)
                types.Add(new(reference, $"{grammar.Module(reference.Module).Namespace}.{name}", follow.TryGetValue(reference, out var set) ? set.ToString() : ""));
            Visit(rule.Body);
        }
        return new(module, new(reached), new(types), linked);

        void Open(TextReference reference) => open.Push(reference);

        void Visit(TextElement element)
        {
            switch (element)
            {
                case TextReference reference: Open(reference); break;
                case TextRepeat repeat: Visit(repeat.Item); break;
                case TextSequence sequence:
                    foreach (var item in sequence.Items) Visit(item);
                    break;
                case TextAlternatives alternatives:
                    foreach (var item in alternatives.Items) Visit(item);
                    break;
            }
        }
    }

    private sealed class SameRule : IEqualityComparer<TextRule>
    {
        public static readonly SameRule Instance = new();
        public bool Equals(TextRule? x, TextRule? y) => ReferenceEquals(x, y);
        public int GetHashCode(TextRule rule) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(rule);
    }
}

public sealed record ReachedRule(string Module, TextRule Rule);

/// <param name="Follow">What can come after a text of the type, as text.</param>
public sealed record TypeUse(TextReference Rule, string CsName, string Follow);

/// <summary>All modules with how their types are read. Follows from the modules, so that it counts for nothing when units are compared.</summary>
public sealed class LinkedGrammar : IEquatable<LinkedGrammar>
{
    internal LinkedGrammar(Grammar grammar, Plans plans) => (Grammar, Plans) = (grammar, plans);

    internal Grammar Grammar { get; }
    internal Plans Plans { get; }

    public bool Equals(LinkedGrammar? other) => other is not null;
    public override bool Equals(object? obj) => obj is LinkedGrammar;
    public override int GetHashCode() => 0;
}
