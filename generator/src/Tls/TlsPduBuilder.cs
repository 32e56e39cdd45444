using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Tls;

/// <summary>Makes one PDU's fields of a struct's members.</summary>
internal sealed class TlsPduBuilder
{
    private const int SpliceLimit = 16;

    private readonly TlsLowering _lowering;
    private readonly TlsInstance _instance;
    private readonly TlsScope _scope;
    private readonly TlsStruct _struct;
    private readonly List<FieldSyntax> _fields = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);

    public TlsPduBuilder(TlsLowering lowering, TlsInstance instance)
    {
        (_lowering, _instance, _scope, _struct) = (lowering, instance, instance.Scope, instance.Struct);
    }

    public PduSyntax Build()
    {
        foreach (var member in _instance.Members) Member(member, null, 0);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _fields.Count; i++) places[_fields[i].Name] = i;
        foreach (var clauses in _scope.About<TlsFieldClauses>(_struct.Name).GroupBy(c => c.Field.Text)) Apply(clauses.ToArray(), places);
        for (var i = 0; i + 1 < _fields.Count; i++)
            if (_fields[i].Shape is ChoiceSyntax { Size: null, Open: false }) _scope.Report(TlsRules.Unsized, _fields[i].At, _fields[i].Name, _struct.Name);
        var rules = _scope.About<TlsRule>(_struct.Name).ToArray();
        foreach (var rule in rules) _scope.Used.Add(rule);
        foreach (var f in _scope.About<TlsFor>(_struct.Name))
            if (!_members.Contains(f.Field.Text)) _scope.Report(TlsRules.UnknownMember, f.Field.At, _struct.Name, f.Field.Text);
        return new(_struct.At, _struct.Order, _instance.Name, _instance.CsName, _instance.IsMessage ? PduKind.Message : PduKind.Element, _struct.Clause,
            null, null, new(_fields), new(rules.Select(r => r.Rule)));
    }

    /// <summary>The field of a struct that "select (msg_type)", "select (Handshake.msg_type)" or "select (HandshakeType)" means; null when it is
    /// none of this struct's.</summary>
    public static TlsField? OwnSelector(TlsStruct type, string selector)
    {
        var fields = type.Members.OfType<TlsField>().ToArray();
        var prefix = type.Name + ".";
        if (selector.StartsWith(prefix, StringComparison.Ordinal)) selector = selector.Substring(prefix.Length);
        if (Array.Find(fields, f => f.Name == selector) is { } named) return named;
        var typed = fields.Where(f => f.Type.Text == selector).ToArray();
        return typed.Length == 1 ? typed[0] : null;
    }

    /// <param name="present">The condition under which the member is there.</param>
    private void Member(TlsMember member, ExprSyntax? present, int depth)
    {
        if (depth > SpliceLimit)
        {
            _scope.Report(TlsRules.Recursive, _struct.At, _struct.Name);
            return;
        }
        switch (member)
        {
            case TlsField { Name: { } name } f:
                Field(f.At, name, f.Type, f.Dimension, f.Clause, present);
                if (f.Value is not null) Constant(f);
                break;
            case TlsField f: Splice(f, present, depth); break;
            case TlsInnerEnum e: InnerEnum(e, present); break;
            case TlsInner { Name: null } i: foreach (var m in i.Members) Member(m, present, depth + 1); break;
            case TlsInner i: Nested(i.At, i.Name!, Part(i.Name!, i.Members), i.Clause, present); break;
            case TlsSigned { Name: null } s: Signed(s, present); break;
            case TlsSigned s: Nested(s.At, s.Name!, Part(s.Name!, [s with { Name = null }]), s.Clause, present); break;
            case TlsSelect s: Select(s, present, depth); break;
        }
    }

    // ---- fields

    private void Field(int at, string name, NameUse type, TlsDimension? dimension, Clause clause, ExprSyntax? present) =>
        Field(at, name, _scope, type, dimension, clause, present);

    private void Field(int at, string name, TlsScope owner, NameUse type, TlsDimension? dimension, Clause clause, ExprSyntax? present)
    {
        _members.Add(name);
        var choice = _scope.About<TlsChoice>(_struct.Name).FirstOrDefault(c => c.Field.Text == name);
        if (TlsResolver.Resolve(owner, ReferenceEquals(owner, _scope) ? type : type with { At = at }) is not { } resolved) return;
        switch (dimension)
        {
            case null when choice is not null: _scope.Report(TlsRules.WrongKind, choice.Field.At, $"'{name}' is no opaque bytes"); break;
            case null: Single(at, name, resolved, clause, present); break;
            case TlsFixed f: Add(at, name, clause, Content(at, name, owner, type, resolved, Size(f), choice), present); break;
            case TlsVariable v: Vector(at, name, owner, type, resolved, v, clause, present, choice); break;
        }
    }

    private void Single(int at, string name, TlsResolved type, Clause clause, ExprSyntax? present)
    {
        switch (type)
        {
            case TlsResolved.Integer i: Add(at, name, clause, new IntegerSyntax(i.Bits, Registry(at, i), null), present); break;
            case TlsResolved.Bytes b: Add(at, name, clause, new BytesSyntax(Number(at, b.Count), TextEncoding.None, null), present); break;
            case TlsResolved.Opaque: Add(at, name, clause, new BytesSyntax(Number(at, 1), TextEncoding.None, null), present); break;
            case TlsResolved.Struct s: Nested(at, name, _lowering.Of(s.Owner, s.Type, Context(name)), clause, present); break;
            case TlsResolved.Vector v: Field(at, name, v.Owner, v.Alias.Type, v.Alias.Dimension, clause, present); break;
        }
    }

    /// <summary>"T name&lt;floor..ceiling&gt;": a length, then the content.</summary>
    private void Vector(
        int at, string name, TlsScope owner, NameUse type, TlsResolved resolved, TlsVariable range, Clause clause, ExprSyntax? present, TlsChoice? choice)
    {
        var item = resolved is TlsResolved.Integer i ? (ulong)i.Bits / 8 : resolved is TlsResolved.Bytes b ? b.Count : 1;
        if (range.Floor > range.Ceiling) Bad(at, $"the floor {range.Floor} is above the ceiling {range.Ceiling}");
        else if (range.Ceiling < item) Bad(at, $"not even one element of {item} bytes fits into {range.Ceiling} bytes");
        var bits = range.Ceiling < 1 << 8 ? 8 : range.Ceiling < 1 << 16 ? 16 : range.Ceiling < 1 << 24 ? 24 : 32;
        var length = name + " length";
        var musts = new List<RuleSyntax>();
        var value = new NameExpr(at, Names.CSharp(length));
        var most = (1UL << bits) - 1;
        if (range.Floor > 0) musts.Add(Must("min", new BinaryExpr(at, BinaryOperator.GreaterOrEqual, value, Number(at, range.Floor))));
        if (range.Ceiling < most - most % item) musts.Add(Must("max", new BinaryExpr(at, BinaryOperator.LessOrEqual, value, Number(at, range.Ceiling))));
        if (item > 1)
            musts.Add(Must("multiple-of-" + item, new BinaryExpr(at, BinaryOperator.Equal, new BinaryExpr(at, BinaryOperator.Remainder, value, Number(at, item)), Number(at, 0))));
        Add(at, length, clause, new IntegerSyntax(bits, null, null), present, musts);
        var there = present is null ? null : new BinaryExpr(at, BinaryOperator.Greater, new SizeExpr(at, new(at, Names.CSharp(length))), Number(at, 0));
        Add(at, name, clause, Content(at, name, owner, type, resolved, value, choice), there);

        MustSyntax Must(string what, ExprSyntax condition) => new(at, Names.Kebab(length) + "-" + what, clause, default, condition, Force.Reject);
    }

    private void Bad(int at, string why) => _scope.Report(TlsRules.BadVector, at, why);

    /// <summary>Bytes, integers or PDUs that fill so many bytes.</summary>
    private ShapeSyntax Content(int at, string name, TlsScope owner, NameUse type, TlsResolved resolved, ExprSyntax? size, TlsChoice? choice)
    {
        if (choice is not null && resolved is TlsResolved.Opaque) return Chosen(choice, size);
        switch (resolved)
        {
            case TlsResolved.Integer { Bits: 8, Registry: null } or TlsResolved.Opaque: return new BytesSyntax(size, TextEncoding.None, null);
            case TlsResolved.Integer i: return new IntegerSequenceSyntax(i.Bits, Registry(at, i), size, null);
            case TlsResolved.Struct s: return new SequenceSyntax(Part(at, _lowering.Of(s.Owner, s.Type, Context(name))), size, null);
            default:
                // An element that is a vector itself: "DistinguishedName certificate_authorities<0..2^16-1>".
                var (from, alias) = resolved is TlsResolved.Vector v ? (v.Owner, v.Alias) : (owner.Find(type.Text)!.Value.Scope, (TlsAlias)owner.Find(type.Text)!.Value.Type);
                var members = new TlsField(alias.At, alias.Type, "value", alias.Dimension, null, alias.Clause);
                var element = new TlsStruct(alias.At, alias.Order, alias.Name, false, alias.Clause, [members]);
                return new SequenceSyntax(Part(at, _lowering.Of(from, element, TlsContext.None)), size, null);
        }
    }

    private ExprSyntax? Size(TlsFixed dimension)
    {
        if (dimension.Bytes is null && dimension.Field is null) return null;
        if (dimension.Bytes is { } bytes) return Number(dimension.At, bytes);
        var name = dimension.Field!.Text;
        var prefix = _struct.Name + ".";
        if (name.StartsWith(prefix, StringComparison.Ordinal)) name = name.Substring(prefix.Length);
        // What is no field is settled by "@field ...: EXPR bytes", and an error of linking otherwise.
        return new NameExpr(dimension.Field.At, name);
    }

    private void Nested(int at, string name, TlsInstance part, Clause clause, ExprSyntax? present) =>
        Add(at, name, clause, new NestedSyntax(Part(at, part), null), present);

    /// <summary>"ProtocolVersion legacy_version = 0x0303;".</summary>
    private void Constant(TlsField field)
    {
        if (_fields.Count == 0 || _fields[_fields.Count - 1] is not { Shape: IntegerSyntax shape } last || last.Name != field.Name)
        {
            _scope.Report(TlsRules.BadField, field.Value!.At, field.Name!, "equal to a number");
            return;
        }
        var value = field.Value!.Number;
        if (field.Value.Name is { } name)
        {
            value = _scope.Find(field.Type.Text) is { Type: TlsEnum type } found ? _lowering.Value(found.Scope, type, name.Text) : null;
            if (value is null) _scope.Report(TlsRules.UnknownCase, name.At, name.Text, field.Type.Text);
        }
        if (value is { } v && shape.Bits < 64 && v >> shape.Bits != 0) _scope.Report(SpecRules.TooWide, field.Value.At, v, shape.Bits);
        _fields[_fields.Count - 1] = last with { Shape = new ConstantSyntax(shape.Bits, value ?? 0) };
    }

    private void InnerEnum(TlsInnerEnum member, ExprSyntax? present)
    {
        var type = new TlsEnum(member.At, _struct.Order, _struct.Name + "." + member.Name, false, member.Clause, member.Items, member.Width);
        _scope.InnerEnums[type.Name] = type;
        Add(member.At, member.Name, member.Clause, new IntegerSyntax(TlsRegistries.Bits(type), new(member.At, type.Name), null), present);
        _members.Add(member.Name);
    }

    /// <summary>"case finished: Finished;" where the case is settled: the struct's members in its place.</summary>
    private void Splice(TlsField field, ExprSyntax? present, int depth)
    {
        if (TlsResolver.Resolve(_scope, field.Type) is not { } resolved) return;
        if (field.Dimension is null && resolved is TlsResolved.Struct s && ReferenceEquals(s.Owner, _scope))
        {
            _scope.Reached.Add(s.Type.Name);
            foreach (var member in s.Type.Members) Member(member, present, depth + 1);
        }
        else Field(field.At, field.Type.Text, field.Type, field.Dimension, field.Clause, present);
    }

    /// <summary>RFC 5246 section 4.7: on the wire there are the algorithm and the signature.</summary>
    private void Signed(TlsSigned signed, ExprSyntax? present)
    {
        Field(signed.At, "algorithm", new(signed.At, "SignatureAndHashAlgorithm"), null, signed.Clause, present);
        Field(signed.At, "signature", new(signed.At, "opaque"), new TlsVariable(signed.At, 0, ushort.MaxValue), signed.Clause, present);
    }

    // ---- choices

    private void Select(TlsSelect select, ExprSyntax? present, int depth)
    {
        var selector = select.Selector.Text;
        if (_scope.Givens.TryGetValue(selector, out var given)) Given(select, given, present, depth);
        else if (OwnSelector(_struct, selector) is { Name: { } own } field && _members.Contains(own)) Union(select, field, present);
        else if (_instance.Context.Variable == selector)
        {
            if (Arm(select, _instance.Context.Case) is not { } arm) _scope.Report(TlsRules.UnknownCase, select.Selector.At, _instance.Context.Case, selector);
            else foreach (var member in arm) Member(member, present, depth + 1);
        }
        else _scope.Report(TlsRules.Unsettled, select.Selector.At, selector);
    }

    /// <summary>The members of a case; one without any shares those of the next case that has some.</summary>
    private static EquatableArray<TlsMember>? Arm(TlsSelect select, string value)
    {
        for (var i = 0; i < select.Cases.Count; i++)
        {
            if (select.Cases[i].Values.All(v => v.Text != value)) continue;
            while (i + 1 < select.Cases.Count && select.Cases[i].Members.Count == 0) i++;
            return select.Cases[i].Members;
        }
        return null;
    }

    private void Given(TlsSelect select, TlsGiven given, ExprSyntax? present, int depth)
    {
        _scope.Used.Add(given);
        if (given.Bits is { } bits)
        {
            Peek(select, bits, present);
            return;
        }
        if (given.Case is { } value)
        {
            if (Arm(select, value.Text) is not { } arm) _scope.Report(TlsRules.UnknownCase, value.At, value.Text, select.Selector.Text);
            else foreach (var member in arm) Member(member, present, depth + 1);
            return;
        }
        if (Arm(select, "true") is not { } members)
        {
            _scope.Report(TlsRules.UnknownCase, given.Variable.At, "true", select.Selector.Text);
            return;
        }
        var first = _fields.Count;
        foreach (var member in members)
        {
            // Those after the first are there when the first is.
            var condition = _fields.Count == first
                ? given.Condition
                : new BinaryExpr(given.At, BinaryOperator.Greater, new SizeExpr(given.At, new(given.At, _fields[first].CsName)), Number(given.At, 0));
            Member(member, condition, depth + 1);
        }
    }

    /// <summary>A choice by a field of the same struct.</summary>
    private void Union(TlsSelect select, TlsField selector, ExprSyntax? present)
    {
        if (_scope.Find(selector.Type.Text) is not { Type: TlsEnum type } found)
        {
            _scope.Report(TlsRules.WrongKind, select.Selector.At, $"'{selector.Name}' is of no enum");
            return;
        }
        var name = select.Name ?? "body";
        var cases = new List<CaseSyntax>();
        foreach (var c in select.Cases)
        foreach (var value in c.Values)
        {
            if (_lowering.Value(found.Scope, type, value.Text) is not { } code)
            {
                _scope.Report(TlsRules.UnknownCase, value.At, value.Text, type.Name);
                continue;
            }
            var arm = Arm(select, value.Text) ?? default;
            cases.Add(new(code, code, Part(value.At, Case(value.Text, arm))));
        }
        _members.Add(name);
        Add(select.At, name, select.Clause, new ChoiceSyntax(new(select.Selector.At, selector.Name!), null, new(cases), null), present);
    }

    /// <summary>A choice by the first bits of what is chosen: "case 0: ...", "case other: ...".</summary>
    private void Peek(TlsSelect select, PeekExpr bits, ExprSyntax? present)
    {
        var name = select.Name ?? "body";
        var cases = new List<CaseSyntax>();
        NameUse? otherwise = null;
        foreach (var c in select.Cases)
        foreach (var value in c.Values)
        {
            var part = Part(value.At, Case(value.Text, Arm(select, value.Text) ?? default));
            if (value.Text == "other") otherwise = part;
            else if (Code(value.Text) is { } code && (bits.Bits >= 64 || code >> bits.Bits == 0)) cases.Add(new(code, code, part));
            else _scope.Report(TlsRules.UnknownCase, value.At, value.Text, bits.Bits + " bits");
        }
        if (otherwise is null) _scope.Report(TlsRules.UnknownCase, select.Selector.At, "other", select.Selector.Text);
        _members.Add(name);
        Add(select.At, name, select.Clause, new ChoiceSyntax(null, null, new(cases), null, bits, otherwise, Open: true), present);
    }

    private static ulong? Code(string text)
    {
        var hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var style = hex ? System.Globalization.NumberStyles.AllowHexSpecifier : System.Globalization.NumberStyles.None;
        return ulong.TryParse(hex ? text.Substring(2) : text, style, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>The PDU of an arm: that of its struct when it is nothing else, else one named after struct and case.</summary>
    private TlsInstance Case(string value, EquatableArray<TlsMember> arm)
    {
        if (arm.Count == 1 && arm[0] is TlsField { Name: null, Dimension: null } f && TlsResolver.Resolve(_scope, f.Type) is TlsResolved.Struct s)
            return _lowering.Of(s.Owner, s.Type, _instance.Context);
        return Part(value, arm);
    }

    /// <summary>A PDU for a part of this struct that has no name of its own.</summary>
    private TlsInstance Part(string name, EquatableArray<TlsMember> members) => _lowering.Make(_instance with
    {
        Name = _instance.Name + " " + name, CsName = _instance.CsName + Names.CSharp(name), Members = members, IsMessage = false,
    });

    /// <summary>A choice whose cases any file may add to, per context.</summary>
    private ShapeSyntax Chosen(TlsChoice choice, ExprSyntax? size)
    {
        _scope.Used.Add(choice);
        var selector = OwnSelector(_struct, choice.Selector.Text);
        if (selector?.Name is null || _scope.Find(selector.Type.Text) is not { Type: TlsEnum type } found)
        {
            _scope.Report(TlsRules.WrongKind, choice.Selector.At, $"'{choice.Selector.Text}' is no field of an enum");
            return new BytesSyntax(size, TextEncoding.None, null);
        }
        var cases = new List<CaseSyntax>();
        foreach (var (scope, variant) in _lowering.Variants(_scope, _struct))
        {
            if (_lowering.Value(found.Scope, type, variant.Value.Text) is not { } code)
            {
                scope.Report(TlsRules.UnknownCase, variant.Value.At, variant.Value.Text, type.Name);
                continue;
            }
            if (variant.Contexts.Count > 0 && variant.Contexts.All(c => c.Text != _instance.Context.Label)) continue;
            scope.Used.Add(variant);
            if (Body(scope, variant) is { } body) cases.Add(new(code, code, Part(choice.At, body)));
        }
        return new ChoiceSyntax(new(choice.Selector.At, selector.Name), null, new(cases), size);
    }

    private TlsInstance? Body(TlsScope scope, TlsVariant variant)
    {
        var context = _instance.Context;
        var name = (context.IsNone ? "" : Names.CSharp(context.Label) + " ") + variant.Value.Text;
        var csName = (context.IsNone ? "" : Names.CSharp(context.Label)) + Names.CSharp(variant.Value.Text);
        if (variant.Body.Text is "empty" or "opaque")
        {
            TlsField[] members = variant.Body.Text == "empty" ? [] : [new(variant.Body.At, variant.Body, "content", new TlsFixed(variant.Body.At, null, null), null, variant.Clause)];
            var body = new TlsStruct(variant.Value.At, int.MaxValue, name, false, variant.Clause, new(members));
            return _lowering.Make(new(scope, body, TlsContext.None, name, csName, body.Members, false));
        }
        switch (TlsResolver.Resolve(scope, variant.Body))
        {
            case TlsResolved.Struct s when context.IsNone: return _lowering.Of(s.Owner, s.Type, context);
            case TlsResolved.Struct s: return _lowering.Make(new(s.Owner, s.Type, context, name, csName, s.Type.Members, false));
            case TlsResolved.Vector v:
                var wrapper = new TlsStruct(v.Alias.At, v.Alias.Order, name, false, v.Alias.Clause,
                    [new TlsField(v.Alias.At, v.Alias.Type, v.Alias.Name, v.Alias.Dimension, null, v.Alias.Clause)]);
                return _lowering.Make(new(v.Owner, wrapper, TlsContext.None, name, csName, wrapper.Members, false));
            case TlsResolved.Integer when !TlsResolver.IsBuiltIn(variant.Body.Text) && scope.Find(variant.Body.Text) is { } found:
                var only = new TlsStruct(found.Type.At, found.Type.Order, name, false, found.Type.Clause,
                    [new TlsField(found.Type.At, new(found.Type.At, found.Type.Name), found.Type.Name, null, null, found.Type.Clause)]);
                return _lowering.Make(new(found.Scope, only, TlsContext.None, name, csName, only.Members, false));
            case null: return null;
            default:
                scope.Report(TlsRules.WrongKind, variant.Body.At, $"'{variant.Body.Text}' is no struct, vector or named integer");
                return null;
        }
    }

    // ---- small things

    /// <summary>The context in which a field's type is looked at.</summary>
    private TlsContext Context(string field)
    {
        if (_scope.About<TlsFor>(_struct.Name).FirstOrDefault(a => a.Field.Text == field) is not { } said) return _instance.Context;
        _scope.Used.Add(said);
        return new(said.Variable, said.Case.Text, said.Label);
    }

    private NameUse? Registry(int at, TlsResolved.Integer type)
    {
        if (type.Registry is null) return null;
        _scope.Use(type.Owner!);
        return new(at, type.Registry);
    }

    private NameUse Part(int at, TlsInstance instance)
    {
        _scope.Use(instance.Scope);
        return new(at, instance.Name);
    }

    private static NumberExpr Number(int at, ulong value) => new(at, (long)value);

    private void Add(int at, string name, Clause clause, ShapeSyntax shape, ExprSyntax? present, IEnumerable<RuleSyntax>? musts = null)
    {
        var csName = Names.CSharp(name);
        // C# forbids a member named as its type ("struct { ... cookie ...} Cookie").
        if (csName == _instance.CsName) csName += "Value";
        if (!Names.IsIdentifier(csName) || !_names.Add(csName)) _scope.Report(TlsRules.Twice, at, "member", name);
        else _fields.Add(new(at, name, null, csName, clause, shape, null, present, new((musts ?? []).ToArray()), default));
    }

    /// <summary>What "@field" says of a field.</summary>
    private void Apply(TlsFieldClauses[] annotations, Dictionary<string, int> places)
    {
        if (!places.TryGetValue(annotations[0].Field.Text, out var index))
        {
            // An arm of the struct may hold it, in a PDU of its own.
            if (_instance.Members != _struct.Members) return;
            foreach (var a in annotations) _scope.Report(TlsRules.UnknownMember, a.Field.At, _struct.Name, a.Field.Text);
            return;
        }
        var field = _fields[index];
        foreach (var annotation in annotations)
        {
            _scope.Used.Add(annotation);
            var c = annotation.Clauses;
            var shape = Shape(field.Shape, annotation);
            field = field with
            {
                Shape = shape, CsName = c.CsName ?? field.CsName, Clause = c.Clause ?? field.Clause,
                Equal = shape is ConstantSyntax ? null : c.Equal ?? field.Equal, Present = c.Present ?? field.Present,
            };
        }
        _fields[index] = field with
        {
            Musts = new(field.Musts.Concat(annotations.SelectMany(a => a.Clauses.Musts))),
            Covers = new(field.Covers.Concat(annotations.SelectMany(a => a.Clauses.Covers))),
        };
    }

    private ShapeSyntax Shape(ShapeSyntax shape, TlsFieldClauses annotation)
    {
        var c = annotation.Clauses;
        if (c.Rest || c.Size is not null) shape = Sized(shape, c.Size, annotation);
        if (c.Text != TextEncoding.None)
            shape = shape is BytesSyntax b ? b with { Text = c.Text } : Misfit(shape, annotation, "text");
        if (c.Registry is not null)
            shape = shape is IntegerSyntax i ? i with { Registry = c.Registry } : Misfit(shape, annotation, "of a registry");
        if (c.Equal is not null)
            shape = shape is not IntegerSyntax e ? Misfit(shape, annotation, "equal to a number") : c.Equal is NumberExpr n ? new ConstantSyntax(e.Bits, (ulong)n.Value) : e;
        return shape;
    }

    private ShapeSyntax Sized(ShapeSyntax shape, ExprSyntax? size, TlsFieldClauses annotation) => shape switch
    {
        BytesSyntax s => s with { Size = size },
        SequenceSyntax s => s with { Size = size },
        IntegerSequenceSyntax s => s with { Size = size },
        NestedSyntax s => s with { Size = size },
        ChoiceSyntax s => s with { Size = size },
        _ => Misfit(shape, annotation, "of a size"),
    };

    private ShapeSyntax Misfit(ShapeSyntax shape, TlsFieldClauses annotation, string what)
    {
        _scope.Report(TlsRules.BadField, annotation.Field.At, annotation.Field.Text, what);
        return shape;
    }
}
