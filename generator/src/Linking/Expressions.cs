using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Linking;

/// <summary>Questions about IR expressions.</summary>
internal static class Expressions
{
    public static IEnumerable<Expr> All(Expr expr)
    {
        yield return expr;
        var inner = expr switch
        {
            Binary b => All(b.Left).Concat(All(b.Right)),
            Ones o => All(o.Value),
            CountEqual { Last: { } last } => All(last),
            LastOf { Argument: { } argument } => All(argument),
            Conditional c => All(c.Condition).Concat(All(c.Then)).Concat(All(c.Else)),
            _ => [],
        };
        foreach (var e in inner) yield return e;
    }

    public static IEnumerable<string> Fields(Expr expr) => All(expr).OfType<FieldValue>().Select(f => f.Field).Distinct();

    /// <summary>Fields that a size is computed from, without those that only choose between sizes.</summary>
    public static IEnumerable<string> Measures(Expr size) =>
        size is Conditional c ? Measures(c.Then).Concat(Measures(c.Else)).Distinct() : Fields(size);

    public static bool Reads(Expr expr, string field) => All(expr).Any(e => e is FieldValue f && f.Field == field);
    public static bool ReadsWindow(Expr expr) => All(expr).Any(e => e is Remaining or LastByte or WindowSize or Peek);
}

/// <summary>Turns expressions over names into IR expressions over one PDU's fields.</summary>
internal sealed class ExpressionResolver
{
    private readonly Scope _scope;
    private readonly PduSyntax _pdu;
    private readonly Dictionary<string, Target> _targets = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="Index">The field's place in the PDU.</param>
    /// <param name="Integer">The name has an integer value.</param>
    private sealed record Target(int Index, string CsName, bool Integer, bool Sized, NameUse? Registry);

    public ExpressionResolver(Scope scope, PduSyntax pdu)
    {
        (_scope, _pdu) = (scope, pdu);
        // A name means a C# name, else a short name, else a full name.
        foreach (var kind in new Func<FieldSyntax, string?>[] { f => f.CsName, f => f.Short, f => f.Name })
            for (var i = 0; i < pdu.Fields.Count; i++) Add(kind(pdu.Fields[i]), Value(pdu.Fields[i], i));
        for (var i = 0; i < pdu.Fields.Count; i++)
        {
            if (pdu.Fields[i].Shape is not SplitUseSyntax { Split: var use } || !scope.Splits.TryGetValue(use.Text, out var split)) continue;
            foreach (var part in split.Parts)
            {
                Add(part.CsName, new(i, part.CsName, true, false, part.Registry));
                Add(part.Name, new(i, part.CsName, true, false, part.Registry));
            }
        }
    }

    private static Target Value(FieldSyntax field, int index) => new(index, field.CsName,
        field.Shape is IntegerSyntax or ConstantSyntax or ReservedSyntax or ComputedSyntax { Argument: null }, true, (field.Shape as IntegerSyntax)?.Registry);

    private void Add(string? name, Target target)
    {
        if (name is not null && !_targets.ContainsKey(name)) _targets.Add(name, target);
    }

    /// <summary>The name of the argument of the computed field that is being resolved.</summary>
    private string? _argument;

    public Expr Resolve(ExprSyntax expr, int known, NameUse? argument)
    {
        if (argument is not null && _targets.ContainsKey(argument.Text)) _scope.Report(SpecRules.Duplicate, argument.At, "field", argument.Text);
        _argument = argument?.Text;
        var resolved = Resolve(expr, known);
        _argument = null;
        return resolved;
    }

    /// <param name="known">Only the first so many fields are known where the expression is needed.</param>
    public Expr Resolve(ExprSyntax expr, int known) => expr switch
    {
        NumberExpr n => new Literal(n.Value),
        NameExpr n when string.Equals(n.Text, _argument, StringComparison.OrdinalIgnoreCase) => new Argument(),
        NameExpr n => Find(n.Text, n.At, known, integer: true) is { } t ? new FieldValue(t.CsName) : new Literal(0),
        SizeExpr { Field: null } => new WindowSize(),
        SizeExpr { Field: { } f } => Find(f.Text, f.At, known, integer: false) is { } t ? new SizeOf(t.CsName) : new Literal(0),
        CountExpr { Value: { } value } c => Count(c, value, known),
        CountExpr c => Find(c.Field.Text, c.Field.At, known, integer: false) is { } t ? new CountOf(t.CsName) : new Literal(0),
        RestExpr => new Remaining(),
        LastByteExpr => new LastByte(),
        PeekExpr p => new Peek(p.Bit, p.Bits),
        SumExpr s => Sum(s, known),
        OnesExpr o => new Ones(Resolve(o.Value, known)),
        ConditionalExpr c => new Conditional(Resolve(c.Condition, known), Resolve(c.Then, known), Resolve(c.Else, known)),
        MemberExpr m => Member(m, known),
        BinaryExpr b => Comparison(b, known),
        _ => new Literal(0),
    };

    /// <summary>The field's C# name; null (with a report) when there is none.</summary>
    public string? Field(NameUse name, int known) => Find(name.Text, name.At, known, integer: false)?.CsName;

    private Target? Find(string name, int at, int known, bool integer)
    {
        if (!_targets.TryGetValue(name, out var target)) _scope.Report(SpecRules.UnknownField, at, name);
        else if (target.Index >= known) _scope.Report(SpecRules.NotEarlier, at, name);
        else if (integer && !target.Integer) _scope.Report(SpecRules.NotInteger, at, name);
        else if (!integer && !target.Sized) _scope.Report(SpecRules.WrongKind, at, $"'{name}' is a part of a field, and has no size of its own");
        else return target;
        return null;
    }

    private Expr Count(CountExpr count, ExprSyntax value, int known)
    {
        var last = count.Last is { } few ? Resolve(few, known) : null;
        if (Find(count.Field.Text, count.Field.At, known, integer: false) is not { } target) return new Literal(0);
        if (_pdu.Fields[target.Index].Shape is not IntegerSequenceSyntax { IsPacked: true } list)
        {
            _scope.Report(SpecRules.WrongKind, count.Field.At, $"'{count.Field.Text}' is not a list of integers of less than whole bytes");
            return new Literal(0);
        }
        ulong wanted = 0;
        if (value is NumberExpr number) wanted = (ulong)number.Value;
        else if (value is not NameExpr name) _scope.Report(SpecRules.WrongKind, value.At, "what is counted is a number or a value of the list's registry");
        else if (list.Registry is null) _scope.Report(SpecRules.UnknownValue, name.At, name.Text, $"a registry, for '{count.Field.Text}' has none");
        else if (_scope.Registry(list.Registry) is { } registry && !registry.Names.TryGetValue(name.Text, out wanted))
            _scope.Report(SpecRules.UnknownValue, name.At, name.Text, "registry '" + registry.Syntax.Name + "'");
        if (wanted >> list.Bits != 0) _scope.Report(SpecRules.TooWide, value.At, wanted, list.Bits);
        return new CountEqual(target.CsName, (long)wanted, last);
    }

    private Expr Sum(SumExpr sum, int known)
    {
        if (Find(sum.List.Text, sum.List.At, known, integer: false) is not { } target) return new Literal(0);
        switch (_pdu.Fields[target.Index].Shape)
        {
            case IntegerSequenceSyntax when sum.Field is null: return Fold(null);
            case SequenceSyntax s when sum.Field is { } name && _scope.Pdu(s.Element) is { } element:
                var field = Named(element, name) ?? Shared(element, name);
                if (field is null) break;
                if (field.Shape is not (IntegerSyntax or ComputedSyntax)) _scope.Report(SpecRules.NotInteger, name.At, name.Text);
                else if (field.Shape is ComputedSyntax { Argument: not null } != sum.Argument is not null)
                    _scope.Report(SpecRules.WrongKind, name.At, sum.Argument is null ? $"'{name.Text}' needs an argument, as in last(LIST, FIELD, ARGUMENT)" : $"'{name.Text}' takes no argument");
                else return Fold(field.CsName);
                break;
            case SequenceSyntax when sum.Field is not null: break;
            default:
                _scope.Report(SpecRules.WrongKind, sum.At, $"'{sum.List.Text}' has nothing of that kind to add up");
                break;
        }
        return new Literal(0);

        Fold Fold(string? field) => sum.OfLast ? new LastOf(target.CsName, field, sum.Argument is { } argument ? Resolve(argument, known) : null) : new SumOf(target.CsName, field);
    }

    private static FieldSyntax? Named(PduEntry pdu, NameUse name) => pdu.Source.Syntax.Named(name);

    /// <summary>The field as the first PDU has it that an element may choose; null (with a report) unless each has one under one name.</summary>
    private FieldSyntax? Shared(PduEntry element, NameUse name)
    {
        var choice = element.Source.Syntax.Fields.Select(f => f.Shape).OfType<ChoiceSyntax>().FirstOrDefault();
        var chosen = choice is null ? [] : element.Source.Scope.Chosen(choice).ToArray();
        var first = chosen.Length == 0 ? null : Named(chosen[0], name);
        if (chosen.All(pdu => Named(pdu, name) is null))
        {
            _scope.Report(SpecRules.UnknownField, name.At, name.Text);
            return null;
        }
        foreach (var pdu in chosen)
        {
            if (Named(pdu, name) is { Present: null, Shape: ComputedSyntax computed } field && field.CsName == first?.CsName
                && computed.Argument is null == first.Shape is ComputedSyntax { Argument: null }) continue;
            _scope.Report(SpecRules.NotShared, name.At, name.Text, pdu.Syntax.Name);
            return null;
        }
        return first;
    }

    private Expr Member(MemberExpr member, int known)
    {
        var target = Find(member.Field.Text, member.Field.At, known, integer: true);
        var registry = _scope.Registry(member.Registry);
        return target is null || registry is null ? new Literal(0) : new InRegistry(target.CsName, registry.Syntax.Name);
    }

    /// <summary>A name beside a field that has a registry may be one of the registry's values.</summary>
    private Expr Comparison(BinaryExpr b, int known)
    {
        var right = b.Right is NameExpr r ? Value(b.Left, r, known) : null;
        var left = b.Left is NameExpr l ? Value(b.Right, l, known) : null;
        return new Binary(b.Operator, left ?? Resolve(b.Left, known), right ?? Resolve(b.Right, known));
    }

    private Expr? Value(ExprSyntax field, NameExpr name, int known)
    {
        if (_targets.ContainsKey(name.Text) || field is not NameExpr f || !_targets.TryGetValue(f.Text, out var target)) return null;
        if (target.Registry is not { } use || _scope.Registry(use) is not { } registry) return null;
        if (registry.Names.TryGetValue(name.Text, out var value)) return new Literal(unchecked((long)value));
        _scope.Report(SpecRules.UnknownValue, name.At, name.Text, "registry '" + registry.Syntax.Name + "'");
        return new Literal(0);
    }
}
