using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Linking;

/// <summary>Resolves the names in one PDU's fields and rules, and decides who sets each value.</summary>
internal sealed class PduBuilder
{
    private readonly PduEntry _pdu;
    private readonly PduSyntax _syntax;
    private readonly Scope _scope;
    private readonly ExpressionResolver _resolver;

    private readonly Dictionary<string, FieldDraft> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ruleNames = new(StringComparer.Ordinal);

    private PduBuilder(PduEntry pdu)
    {
        _pdu = pdu;
        _syntax = pdu.Source.Syntax;
        _scope = pdu.Source.Scope;
        _resolver = new(_scope, _syntax);
    }

    public static void Build(PduEntry pdu)
    {
        var builder = new PduBuilder(pdu);
        for (var i = 0; i < builder._syntax.Fields.Count; i++) builder.Field(builder._syntax.Fields[i], i);
        builder.Equations();
        foreach (var field in pdu.Fields) builder.Presence(field);
        foreach (var field in pdu.Fields) builder.Solve(field);
        foreach (var field in builder._syntax.Fields)
        foreach (var must in field.Musts) builder.Rule(must);
        foreach (var rule in builder._syntax.Rules) builder.Rule(rule);
    }

    private void Field(FieldSyntax syntax, int index)
    {
        var parts = new List<PduEntry>();
        var shape = Shape(syntax, index, parts);
        var draft = new FieldDraft(syntax, shape)
        {
            Role = shape switch
            {
                ConstShape or ChecksumShape or BoundShape or ComputedShape => Role.Derived,
                ReservedShape { OnReceipt: Force.Reject } => Role.Derived,
                ReservedShape or PadShape => Role.Free,
                BytesShape when syntax.Shape is BytesSyntax { Ignored: true } => Role.Free,
                _ => Role.Semantic,
            },
            When = syntax.Present is { } present ? _resolver.Resolve(present, index) : null,
        };
        draft.Parts.AddRange(parts);
        _pdu.Fields.Add(draft);
        _fields[syntax.CsName] = draft;
    }

    private Shape Shape(FieldSyntax field, int index, List<PduEntry> parts)
    {
        switch (field.Shape)
        {
            case IntegerSyntax s: return new UIntShape(s.Bits, Registry(s.Registry, s.Bits, field), Mask(s.Mask), s.Signed, s.Leb128);
            case ConstantSyntax s: return new ConstShape(s.Bits, s.Value);
            case ReservedSyntax s: return new ReservedShape(s.Bits, s.Sent, s.OnReceipt);
            case BytesSyntax s: return new BytesShape(Size(s.Size, index), s.Text, Mask(s.Mask));
            case SplitUseSyntax s: return Split(s);
            case PaddingSyntax s: return new PadShape(s.Align, s.Of is { } of ? _resolver.Field(of, index) ?? "" : null, s.Fill, s.OnReceipt, s.UnlessLast);
            case BoundSyntax s: return new BoundShape(_resolver.Resolve(s.Size, index));
            case ComputedSyntax s: return new ComputedShape(_resolver.Resolve(s.Value, index, s.Argument), s.Argument is not null);
            case IntegerSequenceSyntax s:
                return new UIntSequenceShape(s.Bits, Registry(s.Registry, s.Bits, field), Size(s.Size, index), Size(s.Count, index));
            case SequenceSyntax s: return Sequence(s, index, parts);
            case NestedSyntax s:
                var nested = Pdu(s.Pdu, parts);
                foreach (var part in parts) Use(part, s.Size is null);
                return new NestedShape(nested, Size(s.Size, index));
            case ChecksumSyntax s: return Checksum(s, index);
            case ChoiceSyntax s: return Choice(s, index, parts);
            default: throw new InvalidOperationException("shape without a case");
        }
    }

    private Expr? Size(ExprSyntax? size, int index) => size is null ? null : _resolver.Resolve(size, index);

    private string? Registry(NameUse? use, int bits, FieldSyntax field)
    {
        if (use is null || _scope.Registry(use) is not { } registry) return null;
        if (registry.Syntax.Bits != bits) _scope.Report(SpecRules.WidthMismatch, field.At, field.Name, bits, registry.Syntax.Bits + " bits by its registry");
        return registry.Syntax.Name;
    }

    private string Pdu(NameUse use, List<PduEntry> parts)
    {
        if (_scope.Pdu(use) is not { } pdu) return "";
        parts.Add(pdu);
        return pdu.Syntax.CsName;
    }

    private Mask? Mask(MaskSyntax? mask)
    {
        if (mask is null) return null;
        Message(mask.Message);
        return new Mask(mask.Offset);
    }

    private PduEntry? Message(NameUse use)
    {
        var message = _scope.Pdu(use);
        if (message is not null && message.Syntax.Kind != PduKind.Message) _scope.Report(SpecRules.WrongKind, use.At, $"'{use.Text}' is not a message");
        return message;
    }

    private Shape Split(SplitUseSyntax use)
    {
        if (!_scope.Splits.TryGetValue(use.Split.Text, out var split))
        {
            _scope.Report(SpecRules.BadSplit, use.Split.At, $"there is no split '{use.Split.Text}' in this file");
            return new UIntShape(Math.Min(use.Bits, 64), null, null);
        }
        if (split.Bits != use.Bits) _scope.Report(SpecRules.BadSplit, use.Split.At, $"split '{split.Name}' draws {split.Bits} bits, not {use.Bits}");
        return new SplitShape(use.Bits, new(split.Parts.Select(p =>
            new SplitPart(p.Name, p.CsName, p.WireBits, p.Registry is { } r ? _scope.Registry(r)?.Syntax.Name : null))));
    }

    private Shape Checksum(ChecksumSyntax s, int index)
    {
        var patch = default(string);
        if (Message(s.Message) is { } message && s.Patch is { } name)
        {
            var length = message.Syntax.Named(name);
            patch = length?.CsName;
            if (length is null) _scope.Report(SpecRules.UnknownField, name.At, name.Text);
            else if (length.Shape is IntegerSyntax { Leb128: true }) _scope.Report(SpecRules.WrongKind, name.At, $"'{name.Text}' has no fixed size");
        }
        return new ChecksumShape(s.Algorithm, Size(s.Size, index), s.Xor, patch, s.Whole);
    }

    private Shape Choice(ChoiceSyntax s, int index, List<PduEntry> parts)
    {
        var selector = s.Selector is { } name ? _resolver.Field(name, index) ?? "" : null;
        var registry = s.Registry is { } use ? _scope.Registry(use) : null;
        if (registry is not null) parts.AddRange(registry.Variants.Values);
        var cases = new List<UnionCase>();
        ulong next = 0;
        foreach (var c in s.Cases.OrderBy(c => c.From))
        {
            if (cases.Count > 0 && c.From <= next) _scope.Report(SpecRules.CodeClash, c.Pdu.At, c.From, cases[cases.Count - 1].Pdu, s.Selector?.Text ?? "these bits");
            cases.Add(new(c.From, c.To, Pdu(c.Pdu, parts)));
            next = c.To;
        }
        var otherwise = s.Otherwise is { } other ? Pdu(other, parts) : null;
        foreach (var part in parts) Use(part, s.Open);
        if (selector is null) return new UnionShape(new Peek(s.Bits!.Bit, s.Bits.Bits), registry?.Syntax.Name, new(cases), Size(s.Size, index), otherwise, s.Open);
        if (_fields.TryGetValue(selector, out var field))
        {
            if (field.Shape is not UIntShape) _scope.Report(SpecRules.NotInteger, s.Selector!.At, s.Selector.Text);
            else if (registry is not null) field.Role = Role.Derived;
        }
        return new UnionShape(new FieldValue(selector), registry?.Syntax.Name, new(cases), Size(s.Size, index), otherwise, s.Open);
    }

    private SequenceShape Sequence(SequenceSyntax s, int index, List<PduEntry> parts)
    {
        var element = Pdu(s.Element, parts);
        foreach (var part in parts) Use(part, open: true);
        // A condition may look at the list itself, as far as it has been read.
        var goesOn = s.While is { } condition ? _resolver.Resolve(condition, index + 1) : null;
        var more = default(string);
        if (s.More is { } name && parts.Count > 0)
        {
            more = parts[0].Source.Syntax.Named(name)?.CsName;
            if (more is null) _scope.Report(SpecRules.UnknownField, name.At, name.Text);
        }
        return new(element, Size(s.Size, index), Size(s.Count, index), goesOn, more);
    }

    private static void Use(PduEntry part, bool open)
    {
        if (open) part.Open = true;
        else part.Windowed = true;
    }

    /// <summary>"== EXPR": the value follows from the expression, and must equal it.</summary>
    private void Equations()
    {
        foreach (var field in _pdu.Fields)
        {
            if (field.Syntax.Equal is not { } equal) continue;
            var value = _resolver.Resolve(equal, int.MaxValue);
            if (Expressions.Reads(value, field.Syntax.CsName))
                _scope.Report(SpecRules.NotSolvable, equal.At, field.Syntax.Name, "the value refers to itself");
            (field.Role, field.Derive) = (Role.Derived, value);
            AddRule(field.Syntax.At, Names.Kebab(field.Syntax.Name) + "-value", field.Syntax.Clause, Force.Reject,
                new MustHold(new Binary(BinaryOperator.Equal, new FieldValue(field.Syntax.CsName), value)), default);
        }
    }

    /// <summary>"present when P == 1": the flag follows from the field's presence.</summary>
    private void Presence(FieldDraft field)
    {
        if (field.When is not Binary { Operator: BinaryOperator.Equal, Left: FieldValue flag, Right: Literal { Value: 1 } }) return;
        if (!_fields.TryGetValue(flag.Field, out var decides) || decides.Shape is not UIntShape { Bits: 1 }) return;
        if (decides.Role == Role.Derived)
        {
            _scope.Report(SpecRules.NotSolvable, field.Syntax.Present!.At, flag.Field, "its value follows from another field already");
            return;
        }
        field.Flag = decides;
        (decides.Role, decides.Derive) = (Role.Derived, new Binary(BinaryOperator.Greater, new SizeOf(field.Syntax.CsName), new Literal(0)));
    }

    /// <summary>"L bytes", "CC elements": the length follows from the field.</summary>
    private void Solve(FieldDraft field)
    {
        if (field.Shape is PadShape || (field.Count ?? field.Size) is not { } size || size is Literal) return;
        var at = field.Syntax.At;
        var free = Free(Expressions.Measures(size));
        if (free.Length == 0) free = Free(Expressions.Fields(size));
        if (free.Length != 1)
        {
            // What the window decides needs no field, and no field follows from it.
            if (free.Length == 0 && Expressions.Fields(size).Any() && Expressions.Fields(size).All(n => _fields.TryGetValue(n, out var f) && f.Shape is ConstShape)) return;
            if (free.Length == 0 && (Expressions.ReadsWindow(size) || Expressions.All(size).Any(e => e is Fold or CountEqual))) return;
            var why = free.Length > 1 ? "several fields of free choice take part" : "no field of free choice decides it, or it follows from another field already";
            _scope.Report(SpecRules.NotSolvable, at, free.Length > 1 ? free[1].Syntax.Name : field.Syntax.Name, why);
            return;
        }
        Expr measure = field.Shape is BoundShape ? new WindowSize() : field.Count is not null ? new CountOf(field.Syntax.CsName) : new SizeOf(field.Syntax.CsName);
        var length = free[0];
        var registry = ((IntegerSyntax)length.Syntax.Shape).Registry is { } use ? _scope.Registry(use) : null;
        var values = registry is { Syntax.Open: false } ? registry.Values.Codes : [];
        if (Solver.Solve(size, length.Syntax.CsName, measure, values) is { } derive) (length.Role, length.Derive) = (Role.Derived, derive);
        else _scope.Report(SpecRules.NotSolvable, at, length.Syntax.Name, "only a*x + b and choices between such sizes can be turned round");
    }

    /// <summary>Those of the fields that nothing decides yet.</summary>
    private FieldDraft[] Free(IEnumerable<string> names) => names
        .Select(n => _fields.TryGetValue(n, out var field) && field is { Role: not Role.Derived, Shape: UIntShape } ? field : null).OfType<FieldDraft>().ToArray();

    private void Rule(RuleSyntax syntax)
    {
        if (syntax is MustSyntax must)
            AddRule(must.At, must.Name, must.Clause, must.Force, new MustHold(_resolver.Resolve(must.Condition, int.MaxValue)), must.Covers);
        else if (syntax is ElementRuleSyntax rule && ElementRule(rule) is { } body)
            AddRule(rule.At, rule.Name, rule.Clause, rule.Force, body, rule.Covers);
    }

    private ElementRule? ElementRule(ElementRuleSyntax rule)
    {
        if (_resolver.Field(rule.Sequence, int.MaxValue) is not { } csName) return null;
        var element = _fields[csName].Parts.FirstOrDefault()?.Source;
        if (rule.Mark is { } mark)
        {
            if (element is not null) return new MustBeLast(csName, mark.Value, new Peek(mark.Bits.Bit, mark.Bits.Bits));
            _scope.Report(SpecRules.WrongKind, rule.Sequence.At, $"'{rule.Sequence.Text}' is not a list of PDUs");
            return null;
        }
        var choice = element?.Syntax.Fields.Select(f => f.Shape as ChoiceSyntax).FirstOrDefault(c => c is not null);
        var use = choice?.Registry ?? (element?.Syntax.Fields.FirstOrDefault(f => f.Name == choice?.Selector?.Text || f.CsName == choice?.Selector?.Text
            || f.Short == choice?.Selector?.Text)?.Shape as IntegerSyntax)?.Registry;
        if (use is null)
        {
            _scope.Report(SpecRules.WrongKind, rule.Sequence.At, $"'{rule.Sequence.Text}' is not a list whose elements have a registry");
            return null;
        }
        if (element!.Scope.Registry(use) is not { } registry) return null;
        var codes = new List<ulong>();
        foreach (var value in rule.Values)
        {
            if (registry.Names.TryGetValue(value.Text, out var code)) codes.Add(code);
            else _scope.Report(SpecRules.UnknownValue, value.At, value.Text, "registry '" + registry.Syntax.Name + "'");
        }
        return rule.Kind switch
        {
            _ when codes.Count < rule.Values.Count => null,
            ElementRuleKind.Last => new MustBeLast(csName, codes[0]),
            ElementRuleKind.First => new MustBeFirst(csName, new(codes)),
            ElementRuleKind.Contains => new MustContain(csName, new(codes)),
            _ => new MustBeUnique(csName),
        };
    }

    private void AddRule(int at, string name, Clause clause, Force force, RuleBody body, EquatableArray<string> covers)
    {
        if (!_ruleNames.Add(name)) _scope.Report(SpecRules.Duplicate, at, "rule", name);
        _pdu.Rules.Add(new(0, name, clause, force, body, covers));
    }
}
