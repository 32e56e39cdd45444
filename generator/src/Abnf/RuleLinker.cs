using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf;

/// <summary>Makes the rules of all modules: references resolved, preferences applied, no recursion.</summary>
internal static class RuleLinker
{
    public static Dictionary<TextReference, TextRule> Link(AbnfScope[] scopes)
    {
        var rules = new Dictionary<TextReference, TextRule>();
        foreach (var scope in scopes)
        {
            var node = 1;
            foreach (var rule in scope.Rules)
                rules.Add(new(scope.Module, rule.Name), new(node++, rule.Name, rule.Clause, scope.Element(rule.Body)));
        }
        foreach (var scope in scopes)
        foreach (var prefer in scope.Syntax.Prefers) Prefer(scope, prefer, rules);
        foreach (var scope in scopes)
        foreach (var extend in scope.Syntax.Extends)
            if (extend.Form == TextExtensionForm.Line && scope.Need(extend.Rule!) is { } line) StripLine(scope, extend, line, rules);
        var done = new HashSet<TextReference>();
        foreach (var scope in scopes)
        foreach (var rule in scope.Rules)
        {
            var path = new List<TextReference>();
            if (!CheckRecursion(new(scope.Module, rule.Name), rules, path, done))
            {
                scope.Report(AbnfRules.Recursive, rule.At, rule.Name, string.Join(" > ", path.Select(r => r.Rule)));
                break;
            }
        }
        return rules;
    }

    private static bool CheckRecursion(TextReference rule, Dictionary<TextReference, TextRule> rules, List<TextReference> path, HashSet<TextReference> done)
    {
        if (done.Contains(rule)) return true;
        if (path.Contains(rule))
        {
            path.Add(rule);
            return false;
        }
        path.Add(rule);
        foreach (var reference in References(rules[rule].Body))
            if (!CheckRecursion(reference, rules, path, done)) return false;
        path.RemoveAt(path.Count - 1);
        done.Add(rule);
        return true;
    }

    public static IEnumerable<TextReference> References(TextElement element) => element switch
    {
        TextReference reference => [reference],
        TextSequence sequence => sequence.Items.SelectMany(References),
        TextAlternatives alternatives => alternatives.Items.SelectMany(References),
        TextRepeat repeat => References(repeat.Item),
        _ => [],
    };

    /// <summary>Puts the named alternatives (each by what it is, or begins with) first, in the first alternation that has them all.</summary>
    private static void Prefer(AbnfScope scope, PreferSyntax prefer, Dictionary<TextReference, TextRule> rules)
    {
        if (scope.Need(prefer.Rule) is not { } target || prefer.Order.Count == 0) return;
        var missing = prefer.Order[0];
        var rule = rules[target];
        var found = false;
        TextElement Reorder(TextElement element)
        {
            switch (element)
            {
                case TextAlternatives alternatives when !found:
                {
                    var rest = alternatives.Items.ToList();
                    var first = new List<TextElement>();
                    foreach (var form in prefer.Order)
                    {
                        var at = rest.FindIndex(item => Begins(scope, item, form, rules));
                        if (at < 0)
                        {
                            missing = form;
                            return new TextAlternatives(new(alternatives.Items.Select(Reorder)));
                        }
                        first.Add(rest[at]);
                        rest.RemoveAt(at);
                    }
                    found = true;
                    return new TextAlternatives(new(first.Concat(rest)));
                }
                case TextSequence sequence: return new TextSequence(new(sequence.Items.Select(Reorder)));
                case TextRepeat repeat: return repeat with { Item = Reorder(repeat.Item) };
                default: return element;
            }
        }
        var body = Reorder(rule.Body);
        if (found) rules[target] = rule with { Body = body };
        else scope.Report(AbnfRules.BadPrefer, missing.At, prefer.Rule.Text, missing.Text);
    }

    /// <summary>Whether an alternative is the form or begins with it; a literal may name all that is fixed of its beginning, as <c>" pause"</c> of <c>SP "pause" *(SP pause-attr)</c>.</summary>
    private static bool Begins(AbnfScope scope, TextElement item, FormSyntax form, Dictionary<TextReference, TextRule> rules)
    {
        var items = item is TextSequence { Items.Count: > 0 } sequence ? sequence.Items : EquatableArray.Of(item);
        if (Is(scope, items[0], form)) return true;
        var (text, anyCase) = ("", false);
        foreach (var next in items)
        {
            switch (next is TextReference reference ? rules[reference].Body : next)
            {
                case TextLiteral literal: (text, anyCase) = (text + literal.Text, anyCase || literal.AnyCase); break;
                case TextBytes { Ranges: { Count: 1 } ranges } when ranges[0].From == ranges[0].To: text += (char)ranges[0].From; break;
                default: return false;
            }
            if (Is(scope, new TextLiteral(text, anyCase), form)) return true;
        }
        return false;
    }

    public static bool Is(AbnfScope scope, TextElement item, FormSyntax form) => form.IsLiteral
        ? item is TextLiteral literal && string.Equals(literal.Text, form.Text, literal.AnyCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
        : item is TextReference reference && (reference.Equals(scope.Find(form.Text)) || AbnfScope.Same(reference.Rule, form.Text));

    /// <summary>Takes "a=" from the start of a rule that describes a line, and CRLF from its end.</summary>
    private static void StripLine(AbnfScope scope, ExtendSyntax extend, TextReference line, Dictionary<TextReference, TextRule> rules)
    {
        var rule = rules[line];
        var items = rule.Body is TextSequence sequence ? sequence.Items.ToList() : [rule.Body];
        var first = items[0] as TextLiteral;
        var strip = first is not null && first.Text.StartsWith("a=", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        if (strip == 0 && first is { Text: "a" } && items.Count > 1 && items[1] is TextLiteral { Text: "=" }) strip = 2;
        if (strip == 0)
        {
            // A rule that two names share was cut when the first was looked at.
            if (!scope.Syntax.Extends.Any(e => !ReferenceEquals(e, extend) && e.Rule is { } other && AbnfScope.Same(other.Text, line.Rule)))
                scope.Report(AbnfRules.NotUnion, extend.Rule!.At, $"'{line.Rule}' does not begin with \"a=\"");
            return;
        }
        items.RemoveAt(0);
        if (strip == 2) items.RemoveAt(0);
        else if (first!.Text.Length > 2) items.Insert(0, new TextLiteral(first.Text.Substring(2), first.AnyCase));
        if (items.Count > 0 && items[items.Count - 1] is TextReference { Module: CoreRules.Name, Rule: "CRLF" }) items.RemoveAt(items.Count - 1);
        rules[line] = rule with { Body = new TextSequence(new(items)) };
    }
}
