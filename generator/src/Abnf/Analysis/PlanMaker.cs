using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Analysis;

/// <summary>Decides how each type is read, and says where nothing bounded decides.</summary>
/// <param name="settled">Rules whose ambiguities a <c>@prefer</c> settles.</param>
internal sealed class PlanMaker(Grammar grammar, RulePlaces places, IEnumerable<TextReference> settled)
{
    private readonly HashSet<TextReference> _settled = new(settled);
    private readonly Dictionary<TextReference, SymbolSet> _follow = new();
    private readonly HashSet<(string, TextReference)> _reported = [];
    /// <summary>Decisions so far that look at what comes after the element.</summary>
    private int _looksBeyond;

    /// <summary>What can come after each type and union, wherever it stands: known once all is planned.</summary>
    public IReadOnlyDictionary<TextReference, SymbolSet> Follow => _follow;

    /// <summary>A type while it is planned.</summary>
    private sealed record Frame(TextReference Rule, TextType Type, SymbolSet Follow);

    /// <param name="Owner">The innermost rule that holds captures.</param>
    /// <param name="Chain">Names of the rules from the type to here, joined by '/'.</param>
    /// <param name="Follow">What can come after the element.</param>
    /// <param name="Rest">What comes after the element within the type's rule.</param>
    /// <param name="InLoop">The element can be there many times.</param>
    /// <param name="Typed">False within a rule without captures, where all errors name <paramref name="PlainNode"/> and readings need not be told apart.</param>
    private sealed record Place(
        TextReference Owner, string Chain, SymbolSet Follow, IReadOnlyList<TextElement> Rest, bool InLoop = false, bool Typed = true, uint PlainNode = 0);

    public Plans MakeAll()
    {
        var types = grammar.Modules.SelectMany(m => m.Types.Select(t => (Rule: new TextReference(m.Name, t.Rule), Type: t))).ToList();
        var uses = types.ToDictionary(t => t.Rule, t => t.Type.Captures.Where(c => c.Kind == TextCaptureKind.Nested).Select(c => c.Target!).ToArray());
        // Types are planned after those that hold them: only then is it known what can follow them. Each can also stand alone.
        foreach (var (rule, _) in types) _follow[rule] = SymbolSet.OfEnd;
        var plans = new List<TypePlan>();
        var unions = new List<UnionPlan>();
        foreach (var rule in Order(types.Select(t => t.Rule), uses))
        {
            var type = grammar.Type(rule)!;
            var frame = new Frame(rule, type, _follow[rule]);
            var body = Make(frame, grammar.Rule(rule).Body, new(rule, "", frame.Follow, []));
            plans.Add(new(rule, type, Node(rule), body));
        }
        foreach (var module in grammar.Modules)
        foreach (var union in module.Unions) unions.Add(Union(new(module.Name, union.Rule), union));
        var choices = grammar.Modules.SelectMany(m => m.Choices.Select(c => Choice(new(m.Name, c.Rule), c))).OfType<ChoicePlan>().ToArray();
        return new(plans, unions, choices);
    }

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
        var node = place.Typed ? Node(place.Owner) : place.PlainNode;
        if (!place.Typed || !Holds(frame, element, place.Chain)) return Plain(frame, element, node, place);
        switch (element)
        {
            case TextReference reference:
            {
                var chain = Chain(place.Chain, reference);
                var index = IndexOf(frame, chain);
                if (index < 0) return Make(frame, grammar.Rule(reference).Body, place with { Owner = reference, Chain = chain });
                var capture = frame.Type.Captures[index];
                var reports = _reported.Count;
                if (capture.Kind is TextCaptureKind.Nested or TextCaptureKind.Union) CheckEnd(reference, reference.Rule, place, reports);
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
                        CheckDigits(frame, capture, reference);
                        // A text may hold further captures; writing takes the whole text.
                        var inner = frame.Type.Captures.Any(c => c.Path.StartsWith(chain + "/", StringComparison.Ordinal))
                            ? Make(frame, grammar.Rule(reference).Body, place with { Owner = reference, Chain = chain }) : Plain(frame, reference, node, place);
                        CheckEnd(reference, reference.Rule, place, reports);
                        return new CaptureStep(node, index, inner);
                }
            }
            case TextSequence sequence: return Sequence(frame, sequence, place, node);
            case TextAlternatives alternatives: return Alternatives(frame, alternatives, place, node);
            case TextRepeat repeat: return Repeat(frame, repeat, place, node);
            default: throw new ArgumentOutOfRangeException(nameof(element));
        }
    }

    private void CheckDigits(Frame frame, TextCapture capture, TextReference reference)
    {
        if (capture.Kind != TextCaptureKind.Integer || grammar.AutomatonOf(reference) is not { } automaton) return;
        for (var state = 0; state < automaton.States; state++)
            if (automaton.Out(state).Intersects(~SymbolSet.Range('0', '9') & SymbolSet.Range(0, 255))) Report(AbnfRules.NotNumber, frame.Rule, reference.Rule);
    }

    /// <summary>Where what is captured can end at two places of one text, and what follows takes the rest of it either way, only a <c>@prefer</c> can say what is
    /// captured.</summary>
    /// <param name="reports">How many reports there were before it was planned: of what cannot be read anyway nothing is asked.</param>
    private void CheckEnd(TextElement captured, string name, Place place, int reports)
    {
        if (_reported.Count != reports || _settled.Contains(place.Owner) || grammar.AutomatonOf(captured) is not { } text || text.Doubt(place.Follow) < 0) return;
        if (Tagged([new TextSequence(new(place.Rest))]) is not { } rest) Report(AbnfRules.TooLarge, place.Owner, place.Owner.Rule, AutomatonBuilder.MaxStates);
        else if (Cuts.Witness(text, rest) is { } witness) Report(AbnfRules.Ambiguous, place.Owner, place.Owner.Rule, witness, $"'{name}' ends at two places");
    }

    private Step Sequence(Frame frame, TextSequence sequence, Place place, uint node)
    {
        var steps = new List<Step>();
        for (var i = 0; i < sequence.Items.Count; i++)
        {
            var rest = sequence.Items.Skip(i + 1).ToArray();
            var follow = grammar.FirstThen(new TextSequence(new(rest)), place.Follow);
            steps.Add(Make(frame, sequence.Items[i], place with { Follow = follow, Rest = [.. rest, .. place.Rest] }));
        }
        return steps.Count == 1 ? steps[0] : new SequenceStep(node, Merge(steps));
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
        var steps = alternatives.Items.Select(i => Make(frame, i, place)).ToArray();
        if (Disjoint(sets)) return new BranchStep(node, sets.Zip(steps, (on, step) => (on, step)).ToArray());
        return Decide(frame, place, node, alternatives.Items, alternatives.Items, steps, "which alternative is there");
    }

    /// <summary>Finds an automaton that tells the options apart: over the options alone, or over all that follows within the rule.</summary>
    /// <param name="items">What each option is.</param>
    /// <param name="options">What each option is with what it entails: for a repetition, that it may be there again.</param>
    /// <param name="greedy">The step to take where the first option, once its first byte is there, can be all that the second one can.</param>
    private Step Decide(
        Frame frame, Place place, uint node, IReadOnlyList<TextElement> items, IReadOnlyList<TextElement> options, IReadOnlyList<Step> steps, string what, Step? greedy = null)
    {
        var mask = options.Count >= 63 ? ulong.MaxValue : (1UL << options.Count) - 1;
        var local = Tagged(options);
        if (local is not null && local.Doubt(place.Follow, mask) < 0) return Look(place, node, local, mask, steps);
        _looksBeyond++;
        var tail = new TextSequence(new(place.Rest));
        var languages = options.Select(o => (TextElement)new TextSequence(EquatableArray.Of<TextElement>(o, tail))).ToList();
        // In a loop, looking further than one item each time would take quadratic time: one more language tells where an item has ended.
        if (place.InLoop) languages.Add(new TextSequence(EquatableArray.Of<TextElement>(new TextAlternatives(new(items)), new TextRepeat(1, -1, Anything))));
        var whole = Tagged(languages);
        var state = whole is null ? -1 : whole.Doubt(frame.Follow, mask);
        if (whole is not null && state < 0 && place.InLoop)
            state = whole.Undecided(mask).Where(s => (whole.Tags(s) >> options.Count & 1) != 0 && whole.IsOnCycle(s)).DefaultIfEmpty(-1).First();
        if (whole is not null && state < 0) return Look(place, node, whole, mask, steps);
        if (whole is not null && greedy is not null && whole.Doubt(frame.Follow, mask) < 0 && whole.FirstCoversSecond(grammar.First(items[0])))
        {
            Look(place, node, whole, mask, steps);
            return greedy;
        }
        return Undecided(place, node, whole, state, frame.Follow, what);
    }

    private static readonly TextBytes Anything = new(EquatableArray.Of(new TextRange(0, 255)));

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
        if (place.Typed && repeat.Item is TextReference reference && IndexOf(frame, Chain(place.Chain, reference)) is var index && index >= 0
            && frame.Type.Captures[index] is { Many: false, Kind: TextCaptureKind.Text or TextCaptureKind.Integer } && repeat.Max != 1)
        {
            CheckDigits(frame, frame.Type.Captures[index], reference);
            var reports = _reported.Count;
            var run = new CaptureStep(node, index, Plain(frame, repeat.Min == 0 ? repeat with { Min = 1 } : repeat, node, place));
            CheckEnd(repeat, reference.Rule, place, reports);
            return repeat.Min == 0 ? new RepeatStep(node, grammar.First(repeat.Item), 0, 1, run) : run;
        }
        if (grammar.IsNullable(repeat.Item) && repeat.Max != 1)
        {
            Report(AbnfRules.EmptyItem, place.Owner, place.Owner.Rule);
            return new EmptyStep(node);
        }
        var first = grammar.First(repeat.Item);
        var once = repeat.Max is 0 or 1;
        var more = repeat with { Min = 0 };
        var before = _looksBeyond;
        var item = Make(frame, repeat.Item, once ? place
            : place with { Follow = place.Follow | first, Rest = [more, .. place.Rest], InLoop = true });
        // Where items look beyond themselves, the last one that there may be differs: no further one can follow it.
        if (repeat.Max > 1 && _looksBeyond > before)
            return new SequenceStep(node, [
                Repeat(frame, repeat with { Min = Math.Min(repeat.Min, repeat.Max - 1), Max = repeat.Max - 1 }, item, first, place, node),
                Repeat(frame, repeat with { Min = repeat.Min == repeat.Max ? 1 : 0, Max = 1 }, place, node)]);
        return Repeat(frame, repeat, item, first, place, node);
    }

    /// <param name="item">How each item is read.</param>
    private Step Repeat(Frame frame, TextRepeat repeat, Step item, SymbolSet first, Place place, uint node)
    {
        if (!first.Intersects(place.Follow) || repeat.Min == repeat.Max) return new RepeatStep(node, first, repeat.Min, repeat.Max, item);
        var once = repeat.Max is 0 or 1;
        // A repetition that may stop before its minimum is no matter of a decision.
        IReadOnlyList<TextElement> options = [once ? repeat.Item : new TextSequence(EquatableArray.Of(repeat.Item, repeat with { Min = 0 })), new TextSequence(default)];
        var greedy = repeat.Max >= 0 && !once ? null
            : !place.Typed && Simple(repeat) is TextRepeat { Item: TextBytes bytes } ? (Step)new RunStep(node, SymbolSet.Of(bytes), repeat.Min, repeat.Max)
            : new RepeatStep(node, first, repeat.Min, repeat.Max, item);
        var look = Decide(frame, once ? place : place with { InLoop = true }, node, [repeat.Item], options, [item, new EmptyStep(node)],
            once ? "whether the option is taken" : "whether the repetition goes on", greedy);
        return once || look is not LookStep ? look : new LoopStep(node, repeat.Min, repeat.Max, (LookStep)look);
    }

    private Automaton? Tagged(IReadOnlyList<TextElement> languages) => languages.Count > 63 ? null : new AutomatonBuilder(grammar).Build(languages);

    private Step Look(Place place, uint node, Automaton automaton, ulong mask, IReadOnlyList<Step> steps)
    {
        var shared = automaton.Undecided(mask).Where(s => (automaton.Tags(s) & mask) is var t && (t & (t - 1)) != 0).DefaultIfEmpty(-1).First();
        if (shared >= 0 && place.Typed && !_settled.Contains(place.Owner))
            Report(AbnfRules.Ambiguous, place.Owner, place.Owner.Rule, automaton.Witness(shared), Ordinals(automaton.Tags(shared) & mask));
        return new LookStep(node, automaton, mask, steps);
    }

    private static string Ordinals(ulong tags) =>
        "alternatives " + string.Join(" and ", Enumerable.Range(0, 64).Where(i => (tags >> i & 1) != 0).Select(i => i + 1));

    private Step Undecided(Place place, uint node, Automaton? automaton, int state, SymbolSet follow, string what)
    {
        if (automaton is null) Report(AbnfRules.TooLarge, place.Owner, place.Owner.Rule, AutomatonBuilder.MaxStates);
        else
        {
            var both = state < 0 ? "" : automaton.Witness(state) + ((automaton.Out(state) & follow) is { IsEmpty: false } next ? Automaton.Show(next.Enumerate().First()) : "");
            Report(AbnfRules.Undecidable, place.Owner, place.Owner.Rule, what, both);
        }
        return new EmptyStep(node);
    }

    /// <summary>An element without captures: its longest match where that is the only one that can be right, else part by part.</summary>
    private Step Plain(Frame frame, TextElement element, uint node, Place place)
    {
        if (element is TextReference { Module: not CoreRules.Name } named && place.Typed) node = Node(named);
        switch (Simple(element))
        {
            case TextLiteral { Text.Length: 0 }: return new EmptyStep(node);
            case TextLiteral literal: return new LiteralStep(node, literal.Text, literal.AnyCase);
            case TextBytes bytes: return new ByteStep(node, SymbolSet.Of(bytes));
            case TextRepeat { Item: TextBytes item } repeat when !SymbolSet.Of(item).Intersects(place.Follow) || repeat.Min == repeat.Max:
                return new RunStep(node, SymbolSet.Of(item), repeat.Min, repeat.Max);
        }
        var automaton = grammar.AutomatonOf(element);
        if (automaton is not null && automaton.Doubt(place.Follow) < 0)
            return automaton.AsRun() is { } run ? new RunStep(node, run.Set, run.Min, -1) : new ScanStep(node, automaton);
        place = place with { Typed = false, PlainNode = node, Owner = element as TextReference ?? place.Owner };
        switch (element)
        {
            case TextReference reference: return Plain(frame, grammar.Rule(reference).Body, node, place);
            case TextSequence sequence: return Sequence(frame, sequence, place, node);
            case TextAlternatives alternatives: return Alternatives(frame, alternatives, place, node);
            case TextRepeat repeat when repeat.Max != 0: return Repeat(frame, repeat, place, node);
            default: return Undecided(place, node, automaton, automaton?.Doubt(place.Follow) ?? -1, place.Follow, "where it ends");
        }
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
        var frame = new Frame(rule, new(rule.Rule, union.CsName, default), follow);
        var name = Plain(frame, union.By, node, new(rule, "", follow | SymbolSet.Of(':'), []));
        var value = Plain(frame, union.Value, node, new(rule, "", follow, []));
        var extensions = new List<ExtensionPlan>();
        foreach (var extension in union.Extensions)
        {
            var plain = extension.Rule is not null && grammar.Type(extension.Rule) is null ? Plain(new(extension.Rule, new(extension.Rule.Rule, "", default), SymbolSet.OfEnd), extension.Rule, node, new(extension.Rule, "", SymbolSet.OfEnd, [])) : null;
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
        if (_reported.Add((rule.Id, about))) places.Report(rule, about, arguments);
    }
}
