using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Analysis;

/// <summary>Decides how each type is read, and says where nothing bounded decides.</summary>
/// <param name="places">Null when the grammar is known to be sound.</param>
/// <param name="settled">Rules whose ambiguities a <c>@prefer</c> settles.</param>
internal sealed class PlanMaker(Grammar grammar, RulePlaces? places, IEnumerable<TextReference> settled)
{
    private readonly HashSet<TextReference> _settled = new(settled);
    private readonly Dictionary<TextReference, SymbolSet> _follow = new();
    private readonly HashSet<(string, TextReference)> _reported = [];

    /// <summary>A type while it is planned.</summary>
    private sealed record Frame(TextReference Rule, TextType Type, SymbolSet Follow);

    /// <param name="Owner">The innermost rule that holds captures.</param>
    /// <param name="Chain">Names of the rules from the type to here, joined by '/'.</param>
    /// <param name="Follow">What can come after the element.</param>
    /// <param name="Rest">What comes after the element within the type's rule; null in a loop, where it has no end.</param>
    private sealed record Place(TextReference Owner, string Chain, SymbolSet Follow, IReadOnlyList<TextElement>? Rest);

    public Plans MakeAll()
    {
        var types = grammar.Modules.SelectMany(m => m.Types.Select(t => (Rule: new TextReference(m.Name, t.Rule), Type: t))).ToList();
        var uses = types.ToDictionary(t => t.Rule, t => t.Type.Captures.Where(c => c.Kind == TextCaptureKind.Nested).Select(c => c.Target!).ToArray());
        // Types are planned after those that hold them: only then is it known what can follow them.
        var nested = new HashSet<TextReference>(uses.Values.SelectMany(u => u));
        foreach (var (rule, _) in types)
            if (!nested.Contains(rule) || IsWindow(rule)) _follow[rule] = SymbolSet.OfEnd;
        var plans = new List<TypePlan>();
        var unions = new List<UnionPlan>();
        foreach (var rule in Order(types.Select(t => t.Rule), uses))
        {
            var type = grammar.Type(rule)!;
            var frame = new Frame(rule, type, _follow.TryGetValue(rule, out var follow) ? follow : SymbolSet.OfEnd);
            var body = Make(frame, grammar.Rule(rule).Body, new(rule, "", frame.Follow, []));
            plans.Add(new(rule, type, Node(rule), body));
        }
        foreach (var module in grammar.Modules)
        foreach (var union in module.Unions) unions.Add(Union(new(module.Name, union.Rule), union));
        var choices = grammar.Modules.SelectMany(m => m.Choices.Select(c => Choice(new(m.Name, c.Rule), c))).OfType<ChoicePlan>().ToArray();
        return new(plans, unions, choices);
    }

    /// <summary>The type is a message, or the value of a union: its text ends where the window ends.</summary>
    private bool IsWindow(TextReference rule) => grammar.Module(rule.Module).Starts.Contains(rule.Rule)
        || grammar.Modules.Any(m => m.Unions.Any(u => u.Extensions.Any(e => rule.Equals(e.Rule))));

    private static List<TextReference> Order(IEnumerable<TextReference> rules, Dictionary<TextReference, TextReference[]> uses)
    {
        var order = new List<TextReference>();
        var done = new HashSet<TextReference>();
        void Visit(TextReference rule)
        {
            if (!done.Add(rule)) return;
            foreach (var used in uses[rule]) Visit(used);
            order.Insert(0, rule);
        }
        foreach (var rule in rules) Visit(rule);
        return order;
    }

    public uint Node(TextReference rule) => (uint)grammar.Module(rule.Module).Number << 16 | (uint)grammar.Rule(rule).Node;

    private bool HasCaptures(Frame frame, string chain) => frame.Type.Captures.Any(c => c.Path == chain || c.Path.StartsWith(chain + "/", StringComparison.Ordinal));

    private bool Holds(Frame frame, TextElement element, string chain) => element switch
    {
        TextReference reference => HasCaptures(frame, Chain(chain, reference)),
        TextSequence sequence => sequence.Items.Any(i => Holds(frame, i, chain)),
        TextAlternatives alternatives => alternatives.Items.Any(i => Holds(frame, i, chain)),
        TextRepeat repeat => Holds(frame, repeat.Item, chain),
        _ => false,
    };

    private static string Chain(string chain, TextReference reference) => chain.Length == 0 ? reference.Rule : chain + "/" + reference.Rule;

    private Step Make(Frame frame, TextElement element, Place place)
    {
        var node = Node(place.Owner);
        if (!Holds(frame, element, place.Chain)) return Plain(frame.Rule, element, node, place.Follow);
        switch (element)
        {
            case TextReference reference:
            {
                var chain = Chain(place.Chain, reference);
                var index = IndexOf(frame, chain);
                if (index < 0) return Make(frame, grammar.Rule(reference).Body, place with { Owner = reference, Chain = chain });
                var capture = frame.Type.Captures[index];
                switch (capture.Kind)
                {
                    case TextCaptureKind.Nested:
                        _follow.TryGetValue(reference, out var follow);
                        _follow[reference] = follow | place.Follow;
                        return new NestedStep(node, index, reference);
                    case TextCaptureKind.Union:
                        _follow.TryGetValue(reference, out var after);
                        _follow[reference] = after | place.Follow;
                        return new UnionStep(node, index, reference);
                    default:
                        return new CaptureStep(node, index, Plain(frame.Rule, reference, node, place.Follow));
                }
            }
            case TextSequence sequence:
            {
                var steps = new List<Step>();
                for (var i = 0; i < sequence.Items.Count; i++)
                {
                    var rest = sequence.Items.Skip(i + 1).ToArray();
                    var follow = grammar.FirstThen(new TextSequence(new(rest)), place.Follow);
                    steps.Add(Make(frame, sequence.Items[i], place with { Follow = follow, Rest = place.Rest is null ? null : [.. rest, .. place.Rest] }));
                }
                return steps.Count == 1 ? steps[0] : new SequenceStep(node, Merge(steps));
            }
            case TextAlternatives alternatives: return Alternatives(frame, alternatives, place, node);
            case TextRepeat repeat: return Repeat(frame, repeat, place, node);
            default: throw new ArgumentOutOfRangeException(nameof(element));
        }
    }

    private static int IndexOf(Frame frame, string chain)
    {
        for (var i = 0; i < frame.Type.Captures.Count; i++)
            if (frame.Type.Captures[i].Path == chain) return i;
        return -1;
    }

    /// <summary>Literals that stand side by side and name the same node become one.</summary>
    private static List<Step> Merge(List<Step> steps)
    {
        var merged = new List<Step>();
        foreach (var step in steps)
        {
            if (step is LiteralStep literal && merged.Count > 0 && merged[merged.Count - 1] is LiteralStep before && before.Node == literal.Node
                && (before.AnyCase == literal.AnyCase || !before.Text.Any(AbnfTokenizer.IsLetter) || !literal.Text.Any(AbnfTokenizer.IsLetter)))
                merged[merged.Count - 1] = new LiteralStep(literal.Node, before.Text + literal.Text, before.AnyCase && before.Text.Any(AbnfTokenizer.IsLetter) || literal.AnyCase && literal.Text.Any(AbnfTokenizer.IsLetter));
            else if (step is not EmptyStep) merged.Add(step);
        }
        return merged;
    }

    private Step Alternatives(Frame frame, TextAlternatives alternatives, Place place, uint node)
    {
        var sets = alternatives.Items.Select(i => grammar.FirstThen(i, place.Follow)).ToArray();
        // Plain alternatives beside captured ones may be empty; what decides is still the next byte.
        var steps = alternatives.Items.Select(i => Make(frame, i, place)).ToArray();
        if (Disjoint(sets)) return new BranchStep(node, sets.Zip(steps, (on, step) => (on, step)).ToArray());
        var local = Tagged(alternatives.Items);
        if (local is not null && local.Doubt(place.Follow) < 0) return Look(place, node, local, steps);
        if (place.Rest is null) return Undecided(place, node, local, place.Follow, "which alternative is there");
        var tail = new TextSequence(new(place.Rest));
        var whole = Tagged(alternatives.Items.Select(i => (TextElement)new TextSequence(EquatableArray.Of(i, tail))).ToArray());
        if (whole is null || whole.Doubt(frame.Follow) >= 0) return Undecided(place, node, whole, frame.Follow, "which alternative is there");
        return Look(place, node, whole, steps);
    }

    private static bool Disjoint(SymbolSet[] sets)
    {
        var seen = default(SymbolSet);
        foreach (var set in sets)
        {
            if (seen.Intersects(set)) return false;
            seen |= set;
        }
        return true;
    }

    private Step Repeat(Frame frame, TextRepeat repeat, Place place, uint node)
    {
        // "1*DIGIT" with DIGIT captured: the run is the capture.
        if (repeat.Item is TextReference reference && IndexOf(frame, Chain(place.Chain, reference)) is var index && index >= 0
            && frame.Type.Captures[index] is { Many: false, Kind: TextCaptureKind.Text or TextCaptureKind.Integer } && repeat.Max != 1)
        {
            var run = new CaptureStep(node, index, Plain(frame.Rule, repeat.Min == 0 ? repeat with { Min = 1 } : repeat, node, place.Follow));
            return repeat.Min == 0 ? new RepeatStep(node, grammar.First(repeat.Item), 0, 1, run) : run;
        }
        if (grammar.IsNullable(repeat.Item))
        {
            Report(AbnfRules.EmptyItem, place.Owner, place.Owner.Rule);
            return new EmptyStep(node);
        }
        var first = grammar.First(repeat.Item);
        var again = repeat.Max is 0 or 1 ? place.Follow : place.Follow | first;
        var item = Make(frame, repeat.Item, place with { Follow = again, Rest = repeat.Max is 0 or 1 ? place.Rest : null });
        if (!first.Intersects(place.Follow) || repeat.Min == repeat.Max) return new RepeatStep(node, first, repeat.Min, repeat.Max, item);
        if (repeat.Max != 1 || place.Rest is null) return Undecided(place, node, grammar.AutomatonOf(repeat), place.Follow, "whether the repetition goes on");
        var tail = new TextSequence(new(place.Rest));
        var whole = Tagged([new TextSequence(EquatableArray.Of(repeat.Item, tail)), tail]);
        if (whole is null || whole.Doubt(frame.Follow) >= 0) return Undecided(place, node, whole, frame.Follow, "whether the option is taken");
        return Look(place, node, whole, [item, new EmptyStep(node)]);
    }

    private Automaton? Tagged(IReadOnlyList<TextElement> languages) => languages.Count > 63 ? null : new AutomatonBuilder(grammar).Build(languages);

    private Step Look(Place place, uint node, Automaton automaton, IReadOnlyList<Step> steps)
    {
        var shared = automaton.Shared();
        if (shared >= 0 && !_settled.Contains(place.Owner))
            Report(AbnfRules.Ambiguous, place.Owner, place.Owner.Rule, automaton.Witness(shared), Ordinals(automaton.Tags(shared)));
        return new LookStep(node, automaton, steps);
    }

    private static string Ordinals(ulong tags) =>
        "alternatives " + string.Join(" and ", Enumerable.Range(0, 64).Where(i => (tags >> i & 1) != 0).Select(i => i + 1));

    private Step Undecided(Place place, uint node, Automaton? automaton, SymbolSet follow, string what)
    {
        if (automaton is null) Report(AbnfRules.TooLarge, place.Owner, place.Owner.Rule, AutomatonBuilder.MaxStates);
        else
        {
            var state = automaton.Doubt(follow);
            var both = state < 0 ? "" : automaton.Witness(state) + Automaton.Show((automaton.Out(state) & follow).Enumerate().First());
            Report(AbnfRules.Undecidable, place.Owner, place.Owner.Rule, what, both);
        }
        return new EmptyStep(node);
    }

    /// <summary>An element without captures: its longest match, which must be the only one that can be right.</summary>
    private Step Plain(TextReference owner, TextElement element, uint node, SymbolSet follow)
    {
        if (element is TextReference { Module: not CoreRules.Name } named) node = Node(named);
        switch (Simple(element))
        {
            case TextLiteral { Text.Length: 0 }: return new EmptyStep(node);
            case TextLiteral literal: return new LiteralStep(node, literal.Text, literal.AnyCase);
            case TextBytes bytes: return new ByteStep(node, SymbolSet.Of(bytes));
            case TextRepeat { Item: TextBytes item } repeat when !SymbolSet.Of(item).Intersects(follow) || repeat.Min == repeat.Max:
                return new RunStep(node, SymbolSet.Of(item), repeat.Min, repeat.Max);
        }
        var automaton = grammar.AutomatonOf(element);
        if (automaton is not null && automaton.Doubt(follow) < 0) return new ScanStep(node, automaton);
        // A sequence whose parts can be told apart one by one.
        if (element is TextSequence sequence && sequence.Items.Count > 1)
        {
            var steps = new List<Step>();
            for (var i = 0; i < sequence.Items.Count; i++)
                steps.Add(Plain(owner, sequence.Items[i], node, grammar.FirstThen(new TextSequence(new(sequence.Items.Skip(i + 1))), follow)));
            return new SequenceStep(node, Merge(steps));
        }
        return Undecided(new(element as TextReference ?? owner, "", follow, null), node, automaton, follow, "where it ends");
    }

    /// <summary>The element without the names around it.</summary>
    private TextElement Simple(TextElement element)
    {
        switch (element)
        {
            case TextReference reference: return Simple(grammar.Rule(reference).Body);
            case TextSequence { Items.Count: 1 } one: return Simple(one.Items[0]);
            case TextAlternatives { Items.Count: 1 } one: return Simple(one.Items[0]);
            case TextLiteral { Text.Length: 1, AnyCase: true } letter: return Bytes(SymbolSet.Of(letter.Text[0], true));
            case TextBytes { Ranges: { Count: 1 } ranges } when ranges[0].From == ranges[0].To: return new TextLiteral(((char)ranges[0].From).ToString(), false);
            case TextAlternatives alternatives:
            {
                var items = alternatives.Items.Select(Simple).ToArray();
                if (items.All(i => i is TextBytes or TextLiteral { Text.Length: 1 }))
                    return Bytes(items.Aggregate(default(SymbolSet), (set, i) => set | (i is TextBytes b ? SymbolSet.Of(b) : SymbolSet.Of(((TextLiteral)i).Text[0], ((TextLiteral)i).AnyCase))));
                return element;
            }
            case TextSequence sequence:
            {
                var items = sequence.Items.Select(Simple).ToArray();
                if (items.All(i => i is TextLiteral { AnyCase: false })) return new TextLiteral(string.Concat(items.Select(i => ((TextLiteral)i).Text)), false);
                return element;
            }
            case TextRepeat repeat:
            {
                var item = Simple(repeat.Item);
                if (item is TextLiteral { Text.Length: 1 } literal) item = Bytes(SymbolSet.Of(literal.Text[0], literal.AnyCase));
                return item is TextBytes ? repeat with { Item = item } : element;
            }
            default: return element;
        }
    }

    private static TextBytes Bytes(SymbolSet set) => new(new(set.Enumerate().Select(b => new TextRange((byte)b, (byte)b))));

    private UnionPlan Union(TextReference rule, TextUnion union)
    {
        if (!_follow.TryGetValue(rule, out var follow)) follow = SymbolSet.OfEnd;
        var node = Node(rule);
        var name = Plain(rule, union.By, node, follow | SymbolSet.Of(':'));
        var value = Plain(rule, union.Value, node, follow);
        var extensions = new List<ExtensionPlan>();
        foreach (var extension in union.Extensions)
        {
            var plain = extension.Rule is not null && grammar.Type(extension.Rule) is null ? Plain(extension.Rule, extension.Rule, node, SymbolSet.OfEnd) : null;
            extensions.Add(new(extension, (uint)grammar.Module(extension.Module).Number << 16 | (uint)extension.Node, plain));
        }
        return new(rule, union, node, name, value, extensions);
    }

    private ChoicePlan? Choice(TextReference rule, TextChoiceType choice)
    {
        var automaton = Tagged(choice.Forms.Select(f => f.Body).ToArray());
        if (automaton is null)
        {
            Report(AbnfRules.TooLarge, rule, rule.Rule, AutomatonBuilder.MaxStates);
            return null;
        }
        var seen = 0UL;
        for (var state = 0; state < automaton.States; state++) seen |= automaton.Tags(state) & (~automaton.Tags(state) + 1);
        for (var i = 0; i < choice.Forms.Count; i++)
            if ((seen >> i & 1) == 0) Report(AbnfRules.NoForm, rule, choice.Forms[i].CsName);
        return new(rule, choice, automaton);
    }

    private void Report(SpecRule rule, TextReference about, params object[] arguments)
    {
        if (places is not null && _reported.Add((rule.Id, about))) places.Report(rule, about, arguments);
    }
}
