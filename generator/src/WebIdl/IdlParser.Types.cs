using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Types and extended attributes.</summary>
internal sealed partial class DefinitionParser
{
    /// <summary>How deep types and extended attributes may nest: far above what standards use, far below what the stack holds.</summary>
    public const int MaxDepth = 64;

    private static readonly Dictionary<string, IdlSimple> SimpleTypes = System.Enum.GetValues(typeof(IdlSimple)).Cast<IdlSimple>()
        .Where(kind => !kind.Spelling().Contains(' ')).ToDictionary(IdlTypes.Spelling, StringComparer.Ordinal);

    private static readonly Dictionary<string, IdlGeneric> GenericTypes = System.Enum.GetValues(typeof(IdlGeneric)).Cast<IdlGeneric>()
        .ToDictionary(IdlTypes.Spelling, StringComparer.Ordinal);

    private int _depth;

    private bool BeginsType()
    {
        var token = reader.Current;
        return token.Kind == IdlTokenKind.Identifier || token.Is("(") || token.Is("unsigned") || token.Is("unrestricted")
            || (token.Kind == IdlTokenKind.Keyword && (SimpleTypes.ContainsKey(token.Text) || GenericTypes.ContainsKey(token.Text)));
    }

    private IdlType AnnotatedType() => Type(ExtendedAttributes());

    /// <summary>A type, or the obsolete "void".</summary>
    private IdlType ReturnType()
    {
        if (!reader.Current.Is("void")) return Type(default);
        reader.Note(IdlRules.Obsolete, reader.At, "void", "undefined");
        var at = reader.At;
        reader.Take();
        return new IdlSimpleType(at, default, false, IdlSimple.Undefined);
    }

    private IdlType Type(EquatableArray<IdlExtendedAttribute> attributes)
    {
        if (++_depth > MaxDepth) reader.Fail(IdlRules.TooDeep, "types and their attributes", MaxDepth);
        reader.Open(IdlConcreteKind.Type);
        var at = reader.At;
        var token = reader.Current;
        IdlType type;
        if (token.Is("(")) type = Union(at, attributes);
        else if (token.Kind == IdlTokenKind.Identifier) type = new IdlNamedType(at, attributes, false, IdlLexer.Unescape(reader.Take().Text));
        else if (token.Kind == IdlTokenKind.Keyword && GenericTypes.TryGetValue(token.Text, out var generic)) type = Generic(at, attributes, generic);
        else if (SimpleType() is { } simple) type = new IdlSimpleType(at, attributes, false, simple);
        else
        {
            reader.Unexpected("a type");
            type = new IdlSimpleType(at, attributes, false, IdlSimple.Any);
        }
        if (reader.TryTake("?"))
        {
            type = type with { Nullable = true };
            if (reader.Current.Is("?")) reader.Unexpected("no second '?'");
        }
        reader.Close();
        _depth--;
        return type;
    }

    private IdlSimple? SimpleType()
    {
        if (reader.TryTake("unsigned"))
        {
            if (reader.TryTake("short")) return IdlSimple.UnsignedShort;
            reader.Expect("long");
            return reader.TryTake("long") ? IdlSimple.UnsignedLongLong : IdlSimple.UnsignedLong;
        }
        if (reader.TryTake("unrestricted"))
        {
            if (reader.TryTake("float")) return IdlSimple.UnrestrictedFloat;
            reader.Expect("double");
            return IdlSimple.UnrestrictedDouble;
        }
        if (reader.Current.Kind != IdlTokenKind.Keyword || !SimpleTypes.TryGetValue(reader.Current.Text, out var kind)) return null;
        reader.Take();
        return kind == IdlSimple.Long && reader.TryTake("long") ? IdlSimple.LongLong : kind;
    }

    private IdlType Union(int at, EquatableArray<IdlExtendedAttribute> attributes)
    {
        reader.Expect("(");
        var members = new List<IdlType> { AnnotatedType() };
        reader.Expect("or");
        do members.Add(AnnotatedType());
        while (reader.TryTake("or"));
        reader.Expect(")");
        return new IdlUnionType(at, attributes, false, new(members));
    }

    private IdlType Generic(int at, EquatableArray<IdlExtendedAttribute> attributes, IdlGeneric kind)
    {
        reader.Take();
        reader.Expect("<");
        var arguments = new List<IdlType>();
        if (kind == IdlGeneric.Record)
        {
            if (!reader.Current.Is("DOMString") && !reader.Current.Is("USVString") && !reader.Current.Is("ByteString"))
                reader.Unexpected("'DOMString', 'USVString' or 'ByteString'");
            arguments.Add(Type(default));
            reader.Expect(",");
        }
        arguments.Add(kind == IdlGeneric.Promise ? ReturnType() : AnnotatedType());
        reader.Expect(">");
        return new IdlGenericType(at, attributes, false, kind, new(arguments));
    }

    /// <summary>"[A, B=...]", or nothing.</summary>
    private EquatableArray<IdlExtendedAttribute> ExtendedAttributes()
    {
        if (!reader.Current.Is("[")) return default;
        if (++_depth > MaxDepth) reader.Fail(IdlRules.TooDeep, "types and their attributes", MaxDepth);
        reader.Open(IdlConcreteKind.ExtendedAttributes);
        reader.Expect("[");
        var attributes = new List<IdlExtendedAttribute>();
        do attributes.Add(ExtendedAttribute());
        while (reader.TryTake(","));
        reader.Expect("]");
        if (reader.Current.Is("[")) reader.Unexpected("one list of extended attributes");
        reader.Close();
        _depth--;
        return new(attributes);
    }

    private IdlExtendedAttribute ExtendedAttribute()
    {
        reader.Open(IdlConcreteKind.ExtendedAttribute);
        var at = reader.At;
        var name = reader.Current.Text;
        if (reader.Current.Kind == IdlTokenKind.Identifier) reader.Take();
        else reader.Unexpected("an extended attribute");
        var form = IdlExtendedAttributeForm.None;
        EquatableArray<string> values = default;
        EquatableArray<IdlArgument>? arguments = null;
        if (reader.TryTake("="))
        {
            if (reader.TryTake("*")) form = IdlExtendedAttributeForm.Wildcard;
            else if (reader.TryTake("(")) (form, values) = ValueList();
            else if (SingleForm(reader.Current.Kind) is { } kind)
                (form, values) = (kind, EquatableArray.Of(IdlLexer.Unescape(reader.Take().Text)));
            else reader.Unexpected("'*', '(', an identifier, a string or a number");
        }
        var single = form is IdlExtendedAttributeForm.None or (>= IdlExtendedAttributeForm.Identifier and <= IdlExtendedAttributeForm.Decimal);
        if (single && reader.Current.Is("(")) arguments = Arguments();
        reader.Close();
        return new(at, name, form, values, arguments);
    }

    /// <summary>"(A, B)" after "=": values of one kind.</summary>
    private (IdlExtendedAttributeForm, EquatableArray<string>) ValueList()
    {
        var kind = reader.Current.Kind;
        var values = new List<string>();
        if (SingleForm(kind) is not { } form)
        {
            reader.Unexpected("an identifier, a string or a number");
            return default;
        }
        do
        {
            if (reader.Current.Kind == kind) values.Add(IdlLexer.Unescape(reader.Take().Text));
            else reader.Unexpected("a value of the same kind as the first");
        }
        while (reader.TryTake(","));
        reader.Expect(")");
        return (form + (IdlExtendedAttributeForm.IdentifierList - IdlExtendedAttributeForm.Identifier), new(values));
    }

    private static IdlExtendedAttributeForm? SingleForm(IdlTokenKind kind) => kind switch
    {
        IdlTokenKind.Identifier => IdlExtendedAttributeForm.Identifier,
        IdlTokenKind.String => IdlExtendedAttributeForm.String,
        IdlTokenKind.Integer => IdlExtendedAttributeForm.Integer,
        IdlTokenKind.Decimal => IdlExtendedAttributeForm.Decimal,
        _ => null,
    };
}
