using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>Fills one <see cref="WirePlan"/>: resolves the names of its fields, expressions, registries and element types.</summary>
internal sealed class PlanLinker(WirePlans plans, WirePlan plan)
{
    private SpecModule Module => plan.Module;

    public void Link()
    {
        var pdu = plan.Pdu;
        plan.Fields = pdu.Fields.Select((f, i) => new FieldPlan(plan, f, i)).ToArray();
        for (var i = 0; i < plan.Fields.Length; i++) plan.SlotOf[pdu.Fields[i].CsName] = i;
        plan.Slots = plan.Fields.Length;
        foreach (var f in plan.Fields)
            if (f.Field.Shape is SplitShape split)
                f.Parts = split.Parts.Select(p => new PartPlan(p, Slot(p), Registry(p.Registry))).ToArray();
        foreach (var f in plan.Fields) LinkField(f);
        plan.Union = plan.Fields.FirstOrDefault(f => f.Kind == FieldKind.Union);
        plan.Bound = plan.Fields.FirstOrDefault(f => f.Kind == FieldKind.Bound);
        plan.PlaceMatters = plan.Fields.Any(f => f.Pad is { UnlessLast: true } || f.Field.Derive is NotLast);
        foreach (var union in plan.Fields)
            if (union.Kind == FieldKind.Union && union.Selector >= 0 && union.Selector < plan.Fields.Length) plan.Fields[union.Selector].Selects ??= union;
        LinkRules();
        plan.Sums = plan.Pdu.Fields.Select(f => (f.Shape as SequenceShape)?.While).OfType<Expr>().SelectMany(Sums).Distinct().Select(s => Expr(s)!).ToArray();
        FindGuesses();
        FindHints();
    }

    private int Slot(SplitPart part)
    {
        plan.SlotOf[part.CsName] = plan.Slots;
        return plan.Slots++;
    }

    private void LinkField(FieldPlan f)
    {
        f.When = Expr(f.Field.When);
        f.WhenIsKnown = TreeSolver.Known(f.Field.When);
        f.Derive = Expr(f.Field.Derive);
        switch (f.Field.Shape)
        {
            case UIntShape s:
                (f.Kind, f.Bits, f.Registry, f.Mask, f.Signed, f.Leb128) = (FieldKind.UInt, s.Bits, Registry(s.Registry), s.Xor, s.Signed, s.Leb128);
                plan.HasLeb128 |= s.Leb128;
                break;
            case SplitShape s: (f.Kind, f.Bits) = (FieldKind.Split, s.Bits); break;
            case ConstShape s: (f.Kind, f.Bits) = (FieldKind.Const, s.Bits); break;
            case ReservedShape s: (f.Kind, f.Bits) = (FieldKind.Reserved, s.Bits); break;
            case BytesShape s:
                (f.Kind, f.Text, f.Mask) = (FieldKind.Bytes, s.Text, s.Xor);
                LinkSize(f, s.Size, null);
                break;
            case PadShape s: (f.Kind, f.Pad, f.PadOf) = (FieldKind.Pad, s, s.Of is null ? -1 : FieldIndex(s.Of)); break;
            case BoundShape s: (f.Kind, f.Size) = (FieldKind.Bound, Expr(s.Size)); break;
            case ComputedShape s: (f.Kind, f.Value, f.HasArgument) = (FieldKind.Computed, Expr(s.Value), s.HasArgument); break;
            case SequenceShape s:
                (f.Kind, f.Element, f.While) = (FieldKind.Sequence, plans.Resolve(Module, s.Element), Expr(s.While));
                f.WhileIsKnown = TreeSolver.Known(s.While);
                if (s.More is not null) f.More = f.Element.Pdu.Fields.TakeWhile(e => e.CsName != s.More).Count();
                LinkSize(f, s.Size, s.Count);
                break;
            case UIntSequenceShape s:
                (f.Kind, f.Bits, f.Registry) = (FieldKind.UIntSequence, s.Bits, Registry(s.Registry));
                if (s is { IsPacked: true, Count: Literal items }) f.Packed = (int)items.Value;
                LinkSize(f, s.Size, s.Count);
                break;
            case NestedShape s:
                (f.Kind, f.Element) = (FieldKind.Nested, plans.Resolve(Module, s.Pdu));
                LinkSize(f, s.Size, null);
                break;
            case UnionShape s:
                (f.Kind, f.Cases, f.IsOpen) = (FieldKind.Union, Cases(s), s.Open);
                if (s.Selector is Peek peek) f.Peek = peek;
                else f.Selector = SlotIndex(s.SelectorField ?? "?");
                if (s.Otherwise is not null) f.Otherwise = plans.Resolve(Module, s.Otherwise);
                LinkSize(f, s.Size, null);
                break;
            case ChecksumShape s:
                (f.Kind, f.Checksum) = (FieldKind.Checksum, s);
                LinkSize(f, s.Size, null);
                break;
            default: throw new ArgumentException($"{plan.Path}.{f.Field.CsName}: unknown shape {f.Field.Shape}");
        }
    }

    private void LinkSize(FieldPlan f, Expr? size, Expr? count)
    {
        (f.Size, f.Count) = (Expr(size), Expr(count));
        f.SizeIsGiven = size is not null && IsGiven(size);
        f.SizeIsKnown = TreeSolver.Known(size);
        f.CountIsGiven = count is not null && IsGiven(count);
    }

    private CasePlan[] Cases(UnionShape s)
    {
        var cases = s.Cases.Select(c => new CasePlan(c.From, c.To, plans.Resolve(Module, c.Pdu), null)).ToList();
        if (Registry(s.Registry) is { } registry)
            foreach (var v in registry.Registry.Values)
                if (v.Variant is not null) cases.Add(new CasePlan(v.Value, v.Value, plans.Resolve(Module, v.Variant, v.Module), v.Name));
        return cases.ToArray();
    }

    private void LinkRules()
    {
        var rules = new List<RulePlan>();
        foreach (var rule in plan.Pdu.Rules)
        {
            var node = plan.Global(rule.Node);
            switch (rule.Body)
            {
                case MustHold hold:
                    var direct = Reads(hold.Condition).ToArray();
                    rules.Add(new RulePlan(rule, node, direct.Append(-1).Max())
                    {
                        Condition = Expr(hold.Condition),
                        Reads = Closure(direct),
                        Immediate = IsGiven(hold.Condition),
                    });
                    break;
                case ElementRule about:
                    var sequence = FieldIndex(about.Sequence);
                    ulong[] codes = about switch { MustBeLast l => [l.Code], MustBeFirst f => [.. f.Codes], MustContain c => [.. c.Codes], _ => [] };
                    rules.Add(new RulePlan(rule, node, sequence) { Sequence = sequence, Codes = codes, Reads = [sequence] });
                    break;
                default: throw new ArgumentException($"{plan.Path}: unknown rule {rule.Body}");
            }
        }
        plan.Rules = rules.ToArray();
        plan.RulesFirst = rules.Where(r => r.After < 0).ToArray();
        foreach (var f in plan.Fields) f.RulesAfter = rules.Where(r => r.After == f.Index).ToArray();
    }

    private static IEnumerable<Fold> Sums(Expr expr) => expr switch
    {
        Fold f => [f],
        Binary b => Sums(b.Left).Concat(Sums(b.Right)),
        Conditional c => Sums(c.Condition).Concat(Sums(c.Then)).Concat(Sums(c.Else)),
        Ones o => Sums(o.Value),
        CountEqual { Last: { } last } => Sums(last),
        _ => [],
    };

    private void FindGuesses()
    {
        foreach (var f in plan.Fields)
            if (f.Field.When is { } when)
                foreach (var read in Reads(when))
                    if (plan.Fields[read].Derive is not null) plan.Fields[read].Guess = true;
    }

    /// <summary>The constants of the rules that read a field, and their neighbours.</summary>
    private void FindHints()
    {
        foreach (var f in plan.Fields)
        {
            Expr?[] own = [f.Field.Derive, f.Field.When, (f.Field.Shape as SequenceShape)?.While, f.Size is null ? null : SizeExpr(f.Field.Shape), CountExpr(f.Field.Shape)];
            f.Reads = f.Kind == FieldKind.Bound ? [.. plan.Fields.Where(other => !other.IsVirtual).Select(other => other.Index)]
                : Closure(own.OfType<Expr>().SelectMany(Reads).Append(f.Index));
            f.Hints = plan.Rules.Where(r => r.Condition is not null && r.Reads.Contains(f.Index))
                .SelectMany(r => Literals(((MustHold)r.Rule.Body).Condition))
                .Where(v => v is >= 0 and <= 0xFFFF).SelectMany(v => new[] { v, v - 1, v + 1 })
                .Where(v => v >= 0).Select(v => (int)v).Distinct().ToArray();
        }
    }

    internal static Expr? SizeExpr(Shape shape) => shape switch
    {
        BytesShape s => s.Size,
        SequenceShape s => s.Size,
        UIntSequenceShape s => s.Size,
        NestedShape s => s.Size,
        UnionShape s => s.Size,
        ChecksumShape s => s.Size,
        _ => null,
    };

    private static Expr? CountExpr(Shape shape) => shape switch
    {
        SequenceShape s => s.Count,
        UIntSequenceShape s => s.Count,
        _ => null,
    };

    private static IEnumerable<long> Literals(Expr expr) => expr switch
    {
        Literal l => [l.Value],
        Binary b => Literals(b.Left).Concat(Literals(b.Right)),
        Conditional c => Literals(c.Condition).Concat(Literals(c.Then)).Concat(Literals(c.Else)),
        _ => [],
    };

    /// <summary>True when the expression reads only constants and what the user sets.</summary>
    private bool IsGiven(Expr expr) => expr switch
    {
        Remaining or WindowSize or LastByte or Peek or NotLast => false,
        Ones o => IsGiven(o.Value),
        CountEqual { Last: { } last } => IsGiven(last),
        LastOf { Argument: { } argument } => IsGiven(argument),
        Binary b => IsGiven(b.Left) && IsGiven(b.Right),
        Conditional c => IsGiven(c.Condition) && IsGiven(c.Then) && IsGiven(c.Else),
        _ => Reads(expr).All(i => plan.Fields[i].Derive is null),
    };

    private IEnumerable<int> Reads(Expr expr) => expr switch
    {
        FieldValue f => [OwnerOf(f.Field)],
        InRegistry r => [OwnerOf(r.Field)],
        SizeOf s => [FieldIndex(s.Field)],
        CountOf c => [FieldIndex(c.Field)],
        CountEqual { Last: { } last } c => Reads(last).Append(FieldIndex(c.Field)),
        CountEqual c => [FieldIndex(c.Field)],
        LastOf { Argument: { } argument } f => Reads(argument).Append(FieldIndex(f.Sequence)),
        Fold f => [FieldIndex(f.Sequence)],
        Ones o => Reads(o.Value),
        Binary b => Reads(b.Left).Concat(Reads(b.Right)),
        Conditional c => Reads(c.Condition).Concat(Reads(c.Then)).Concat(Reads(c.Else)),
        _ => [],
    };

    /// <summary>The fields, and what the derived ones among them are derived from.</summary>
    private int[] Closure(IEnumerable<int> fields)
    {
        var seen = new List<int>();
        var open = new Queue<int>(fields);
        while (open.TryDequeue(out var i))
        {
            if (seen.Contains(i)) continue;
            seen.Add(i);
            if (plan.Pdu.Fields[i].Shape is ComputedShape { Value: var value }) foreach (var next in Reads(value)) open.Enqueue(next);
            if (plan.Pdu.Fields[i].Derive is { } derive) foreach (var next in Reads(derive)) open.Enqueue(next);
        }
        return seen.ToArray();
    }

    private PlanExpr? Expr(Expr? expr) => expr switch
    {
        null => null,
        Literal l => new PlanExpr.Const(l.Value),
        FieldValue f => new PlanExpr.ValueOf(SlotIndex(f.Field)),
        SizeOf s => new PlanExpr.Size(FieldIndex(s.Field)),
        CountOf c => new PlanExpr.Count(FieldIndex(c.Field)),
        Argument => new PlanExpr.Given(),
        CountEqual c => new PlanExpr.CountIf(FieldIndex(c.Field), (ulong)c.Value, Expr(c.Last)),
        WindowSize => new PlanExpr.Window(),
        Remaining => new PlanExpr.Rest(),
        LastByte => new PlanExpr.Last(),
        Binary b => new PlanExpr.Two(b.Operator, Expr(b.Left)!, Expr(b.Right)!),
        Conditional c => new PlanExpr.If(Expr(c.Condition)!, Expr(c.Then)!, Expr(c.Else)!),
        Peek p => new PlanExpr.Next(p.Bit, p.Bits),
        NotLast => new PlanExpr.IsNotLast(),
        Ones o => new PlanExpr.OneBits(Expr(o.Value)!),
        Fold f => Sum(f),
        InRegistry r => new PlanExpr.Member(SlotIndex(r.Field), Registry(r.Registry)!),
        _ => throw new ArgumentException($"{plan.Path}: unknown expression {expr}"),
    };

    private PlanExpr.Sum Sum(Fold sum)
    {
        var index = FieldIndex(sum.Sequence);
        var element = plan.Fields[index].Field.Shape is SequenceShape s ? plans.Resolve(Module, s.Element) : null;
        return new(plan.SumSlots++, index, plan.Fields[index], sum.Field, element, sum is LastOf, sum is LastOf { Argument: { } argument } ? Expr(argument) : null);
    }

    private int SlotIndex(string name) => plan.SlotOf.TryGetValue(name, out var slot) ? slot
        : throw new ArgumentException($"{plan.Path}: no field named {name}");

    private int FieldIndex(string name) => SlotIndex(name) is var slot && slot < plan.Fields.Length ? slot
        : throw new ArgumentException($"{plan.Path}: {name} is part of a field");

    private int OwnerOf(string name)
    {
        var slot = SlotIndex(name);
        return slot < plan.Fields.Length ? slot : Array.FindIndex(plan.Fields, f => f.Parts.Any(p => p.Slot == slot));
    }

    private RegistryPlan? Registry(string? name)
    {
        if (name is null) return null;
        var own = Module.Registries.FirstOrDefault(r => r.CsName == name || r.Name == name)
            ?? plans.Modules.SelectMany(m => m.Registries).FirstOrDefault(r => r.CsName == name || r.Name == name)
            ?? throw new ArgumentException($"{plan.Path}: no registry named {name}");
        return new RegistryPlan(own);
    }
}
