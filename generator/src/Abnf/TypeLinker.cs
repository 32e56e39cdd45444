using WebRtcConformance.Generator.Linking;
using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;
using Names = WebRtcConformance.Generator.Notation.Names;

namespace WebRtcConformance.Generator.Abnf;

/// <summary>Makes types of the directives: what each capture refers to, how often it can occur, and what it is.</summary>
internal sealed class TypeLinker(AbnfScope[] scopes, Dictionary<TextReference, TextRule> rules)
{
    private readonly Dictionary<TextReference, string> _types = new(), _choices = new(), _unions = new();
    private readonly Dictionary<string, TextReference> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<TextReference, HashSet<string>> _reach = new();

    public TextModule[] Link()
    {
        foreach (var scope in scopes)
        {
            foreach (var type in scope.Syntax.Types) Declare(scope, type.Rule, type.As, _types);
            foreach (var choice in scope.Syntax.Choices) Declare(scope, choice.Rule, choice.As, _choices);
            foreach (var union in scope.Syntax.Unions) Declare(scope, union.Rule, union.As, _unions);
        }
        var parts = scopes.Select(s => new Parts(s)).ToArray();
        foreach (var part in parts)
        {
            part.Node = rules.Where(r => r.Key.Module == part.Scope.Module).Select(r => r.Value.Node).DefaultIfEmpty(0).Max() + 1;
            foreach (var type in part.Scope.Syntax.Types)
                if (part.Scope.Find(type.Rule.Text) is { } rule) part.Types.Add(Type(part, type, rule));
            foreach (var choice in part.Scope.Syntax.Choices)
                if (part.Scope.Find(choice.Rule.Text) is { } rule) part.Choices.Add(Choice(part.Scope, choice, rule));
            foreach (var extend in part.Scope.Syntax.Extends) Extend(part, extend, parts);
            foreach (var relax in part.Scope.Syntax.Relaxations) Relax(part, relax);
        }
        foreach (var part in parts)
        foreach (var union in part.Scope.Syntax.Unions)
            if (part.Scope.Find(union.Rule.Text) is { } rule) part.Unions.Add(Union(part, union, rule));
        foreach (var part in parts)
        foreach (var start in part.Scope.Syntax.Starts)
            if (part.Scope.Need(start.Rule) is { } rule && !_types.ContainsKey(rule)) part.Scope.Report(AbnfRules.NotCaptured, start.Rule.At, start.Rule.Text);
        return parts.Select(Module).ToArray();
    }

    private sealed class Parts(AbnfScope scope)
    {
        public AbnfScope Scope => scope;
        public int Node;
        public List<TextType> Types { get; } = [];
        public List<TextChoiceType> Choices { get; } = [];
        public List<TextUnion> Unions { get; } = [];
        public Dictionary<TextReference, List<TextExtension>> Extensions { get; } = new();
        public List<TextRelaxation> Relaxations { get; } = [];
    }

    private TextModule Module(Parts part)
    {
        var syntax = part.Scope.Syntax;
        var own = rules.Where(r => r.Key.Module == part.Scope.Module).Select(r => r.Value).OrderBy(r => r.Node);
        var starts = syntax.Starts.Select(s => part.Scope.Find(s.Rule.Text)).OfType<TextReference>().Where(r => r.Module == part.Scope.Module).Select(r => r.Rule);
        return new(syntax.Module, syntax.Document, syntax.Title, syntax.Namespace, TextModule.NumberOf(Linker.ModuleNumber(syntax.Module)), new(own), new(part.Types), new(part.Choices),
            new(part.Unions), new(starts), new(part.Relaxations));
    }

    private void Declare(AbnfScope scope, NameUse name, string? alias, Dictionary<TextReference, string> kind)
    {
        if (scope.Need(name) is not { } rule) return;
        var csName = alias ?? Names.CSharp(rule.Rule);
        if (rule.Module != scope.Module) scope.Report(AbnfRules.UnknownRule, name.At, name.Text);
        else if (_types.ContainsKey(rule) || _choices.ContainsKey(rule) || _unions.ContainsKey(rule)) scope.Report(AbnfRules.Duplicate, name.At, "type", name.Text);
        else if (_names.ContainsKey(csName)) scope.Report(AbnfRules.Duplicate, name.At, "C# name", csName);
        else
        {
            _names.Add(csName, rule);
            kind.Add(rule, csName);
        }
    }

    private TextType Type(Parts part, CaptureTypeSyntax syntax, TextReference rule)
    {
        var captures = new List<TextCapture>();
        var csName = _types.TryGetValue(rule, out var name) ? name : Names.CSharp(rule.Rule);
        foreach (var capture in syntax.Captures)
        {
            var node = part.Node++;
            var found = Occurrences(part.Scope, rule, capture);
            if (found.Count == 0)
            {
                part.Scope.Report(AbnfRules.UnknownPath, capture.At, string.Join("/", capture.Path), rule.Rule);
                continue;
            }
            var path = found[0];
            var target = path[path.Count - 1];
            var key = string.Join("/", path.Select(p => p.Rule));
            var (least, most) = Count(rules[rule].Body, key, "");
            var member = capture.As ?? Names.CSharp(capture.Path[capture.Path.Count - 1]);
            if (captures.Any(c => c.CsName == member)) part.Scope.Report(AbnfRules.Duplicate, capture.At, "capture", member);
            if (captures.Any(c => c.Path == key)) part.Scope.Report(AbnfRules.Duplicate, capture.At, "capture of", key);
            var kind = capture.Integer ? TextCaptureKind.Integer : _types.ContainsKey(target) ? TextCaptureKind.Nested : _choices.ContainsKey(target) ? TextCaptureKind.Choice
                : _unions.ContainsKey(target) ? TextCaptureKind.Union : TextCaptureKind.Text;
            captures.Add(new(node, key, member, kind, Math.Min(least, 1), most > 1, kind is TextCaptureKind.Text or TextCaptureKind.Integer ? null : target,
                capture.Min, capture.Max, capture.Clause ?? syntax.Clause, capture.Covers, capture.Canonical));
        }
        return new(rule.Rule, csName, new(captures));
    }

    /// <summary>The nearest chains of references that the path names; all are equal as chains of names.</summary>
    private List<List<TextReference>> Occurrences(AbnfScope scope, TextReference rule, CaptureSyntax capture)
    {
        var found = new List<List<TextReference>>();
        var level = new List<List<TextReference>> { new() };
        for (var depth = 0; depth < 12 && level.Count > 0 && found.Count == 0; depth++)
        {
            var next = new List<List<TextReference>>();
            foreach (var chain in level)
            {
                var body = rules[chain.Count == 0 ? rule : chain[chain.Count - 1]].Body;
                foreach (var reference in RuleLinker.References(body).Distinct())
                {
                    var longer = chain.Append(reference).ToList();
                    if (Matches(scope, longer, capture.Path)) found.Add(longer);
                    if (!_types.ContainsKey(reference) && !_unions.ContainsKey(reference) && Reaches(reference, scope, capture.Path[capture.Path.Count - 1])) next.Add(longer);
                }
            }
            level = next;
        }
        return found;
    }

    /// <summary>The path is what is left of the chain when some of its names, but not the last, are left out.</summary>
    private static bool Matches(AbnfScope scope, List<TextReference> chain, EquatableArray<string> path)
    {
        if (!Named(scope, chain[chain.Count - 1], path[path.Count - 1])) return false;
        var at = 0;
        foreach (var reference in chain)
            if (at < path.Count && Named(scope, reference, path[at])) at++;
        return at == path.Count;
    }

    private static bool Named(AbnfScope scope, TextReference reference, string name) =>
        AbnfScope.Same(reference.Rule, name) || reference.Equals(scope.Find(name));

    private bool Reaches(TextReference from, AbnfScope scope, string name)
    {
        var target = scope.Find(name);
        var reach = Reach(from);
        return reach.Contains(name.ToLowerInvariant()) || target is not null && reach.Contains(target.Rule.ToLowerInvariant());
    }

    private HashSet<string> Reach(TextReference rule)
    {
        if (_reach.TryGetValue(rule, out var reach)) return reach;
        reach = new(StringComparer.Ordinal);
        foreach (var reference in RuleLinker.References(rules[rule].Body))
        {
            reach.Add(reference.Rule.ToLowerInvariant());
            reach.UnionWith(Reach(reference));
        }
        _reach.Add(rule, reach);
        return reach;
    }

    /// <summary>How often the chain occurs in a text of the element: at least and at most (2 = more than once).</summary>
    private (int Least, int Most) Count(TextElement element, string path, string chain)
    {
        switch (element)
        {
            case TextReference reference:
            {
                var here = chain.Length == 0 ? reference.Rule : chain + "/" + reference.Rule;
                if (here == path) return (1, 1);
                return path.StartsWith(here + "/", StringComparison.Ordinal) ? Count(rules[reference].Body, path, here) : (0, 0);
            }
            case TextSequence sequence:
            {
                var sum = (Least: 0, Most: 0);
                foreach (var item in sequence.Items)
                {
                    var (least, most) = Count(item, path, chain);
                    sum = (Math.Min(sum.Least + least, 2), Math.Min(sum.Most + most, 2));
                }
                return sum;
            }
            case TextAlternatives alternatives:
            {
                var all = alternatives.Items.Select(i => Count(i, path, chain)).ToArray();
                return (all.Min(a => a.Least), all.Max(a => a.Most));
            }
            case TextRepeat repeat:
            {
                var (least, most) = Count(repeat.Item, path, chain);
                // A run of characters is one text.
                if (repeat.Item is TextReference r && IsByte(r) && most == 1) return (repeat.Min > 0 ? 1 : 0, 1);
                return (repeat.Min > 0 ? least : 0, repeat.Max is 0 or 1 ? most * repeat.Max : most * 2);
            }
            default: return (0, 0);
        }
    }

    private bool IsByte(TextReference rule) => rules[rule].Body is TextBytes or TextLiteral { Text.Length: 1 };

    private TextChoiceType Choice(AbnfScope scope, ChoiceTypeSyntax syntax, TextReference rule)
    {
        var forms = new List<TextForm>();
        if (syntax.Forms.Count > 0)
        {
            foreach (var form in syntax.Forms)
            {
                // The rule's own literal, so that its case counts.
                TextElement? body = form.IsLiteral ? Literals(rule).FirstOrDefault(l => RuleLinker.Is(scope, l, form)) ?? new TextLiteral(form.Text, form.Text.Any(AbnfTokenizer.IsLetter))
                    : scope.Need(new(form.At, form.Text));
                if (body is not null) forms.Add(new(form.As ?? Names.CSharp(form.Text), body));
            }
        }
        else
        {
            var items = rules[rule].Body is TextAlternatives alternatives ? alternatives.Items : EquatableArray.Of(rules[rule].Body);
            foreach (var item in items)
                forms.Add(new(item is TextLiteral literal ? Names.CSharp(literal.Text) : item is TextReference reference ? Names.CSharp(reference.Rule) : "Form" + (forms.Count + 1), item));
        }
        foreach (var twice in forms.GroupBy(f => f.CsName).Where(g => g.Count() > 1 || g.Key.Length == 0)) scope.Report(AbnfRules.Duplicate, syntax.Rule.At, "form", twice.Key);
        return new(rule.Rule, _choices[rule], forms.Any(f => f.Body is not TextLiteral), new(forms));
    }

    private IEnumerable<TextLiteral> Literals(TextReference rule) => Literals(rules[rule].Body, 0);

    private IEnumerable<TextLiteral> Literals(TextElement element, int depth) => element switch
    {
        TextLiteral literal => [literal],
        TextSequence sequence => sequence.Items.SelectMany(i => Literals(i, depth)),
        TextAlternatives alternatives => alternatives.Items.SelectMany(i => Literals(i, depth)),
        TextRepeat repeat => Literals(repeat.Item, depth),
        TextReference reference when depth < 3 => Literals(rules[reference].Body, depth + 1),
        _ => [],
    };

    private void Extend(Parts part, ExtendSyntax extend, Parts[] parts)
    {
        var node = part.Node++;
        if (part.Scope.Need(extend.Union) is not { } union) return;
        if (!_unions.ContainsKey(union))
        {
            part.Scope.Report(AbnfRules.NotUnion, extend.Union.At, $"'{extend.Union.Text}' is no @variant");
            return;
        }
        var owner = parts.First(p => p.Scope.Module == union.Module);
        if (!owner.Extensions.TryGetValue(union, out var extensions)) owner.Extensions.Add(union, extensions = []);
        if (extensions.Any(e => e.Name == extend.Name))
        {
            part.Scope.Report(AbnfRules.Duplicate, extend.At, "name", extend.Name);
            return;
        }
        var rule = extend.Rule is null ? null : part.Scope.Need(extend.Rule);
        var csName = extend.As ?? Names.CSharp(extend.Name);
        if (extensions.Any(e => e.CsName == csName)) part.Scope.Report(AbnfRules.Duplicate, extend.At, "C# name", csName);
        extensions.Add(new(node, part.Scope.Module, extend.Name, csName, extend.Form, rule, extend.Levels, extend.Clause));
    }

    private static void Relax(Parts part, RelaxSyntax relax)
    {
        var node = part.Node++;
        // The relaxed rule belongs to one of the modules named by @relaxes, or is a core rule.
        TextReference? rule = null;
        AbnfScope? inside = null;
        foreach (var use in part.Scope.Syntax.Relaxes)
        {
            if (!part.Scope.Modules.TryGetValue(use.Text, out var relaxed)) part.Scope.Report(AbnfRules.UnknownModule, use.At, use.Text);
            else if (rule is null && relaxed.Find(relax.Rule.Text) is { } found && (found.Module == use.Text || found.Module == CoreRules.Name)) (rule, inside) = (found, relaxed);
        }
        if (rule is null) part.Scope.Report(AbnfRules.UnknownRule, relax.Rule.At, relax.Rule.Text);
        else part.Relaxations.Add(new(node, relax.Name, rule, part.Scope.Element(relax.Body, inside), relax.Clause));
    }

    private TextUnion Union(Parts part, UnionSyntax union, TextReference rule)
    {
        var by = part.Scope.Need(union.By) ?? rule;
        TextElement? value = null;
        IReadOnlyList<TextElement> items = rules[rule].Body is TextAlternatives alternatives ? alternatives.Items : [rules[rule].Body];
        foreach (var item in items)
            if (item is TextSequence { Items.Count: 3 } s && s.Items[0].Equals(by) && s.Items[1] is TextLiteral { Text: ":" }) value = s.Items[2];
        if (value is null || items.Count > 2 || items.Count == 2 && !items.Any(i => i.Equals(by)))
        {
            part.Scope.Report(AbnfRules.NotUnion, union.Rule.At, $"'{rule.Rule}' is not of the form {by.Rule} \":\" value / {by.Rule}");
            value ??= by;
        }
        return new(rule.Rule, _unions[rule], by, value, part.Extensions.TryGetValue(rule, out var extensions) ? new(extensions.OrderBy(e => e.Name, StringComparer.Ordinal)) : default);
    }
}
