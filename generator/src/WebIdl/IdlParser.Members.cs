using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Members and their arguments.</summary>
internal sealed partial class DefinitionParser
{
    private static readonly HashSet<string>
        ArgumentNameKeywords = new(StringComparer.Ordinal)
        {
            "async", "attribute", "callback", "const", "constructor", "deleter", "dictionary", "enum", "getter", "includes", "inherit",
            "interface", "iterable", "maplike", "namespace", "partial", "required", "setlike", "setter", "static", "stringifier", "typedef",
            "unrestricted",
        },
        AttributeNameKeywords = new(StringComparer.Ordinal) { "async", "required" },
        OperationNameKeywords = new(StringComparer.Ordinal) { "includes" };

    private IdlMember Member(Body body)
    {
        var attributes = ExtendedAttributes();
        var start = reader.At;
        if (reader.TryTake("const")) return Const(attributes);
        if (body == Body.CallbackInterface) return Operation(start, attributes, IdlOperationModifier.None);

        var readOnly = reader.TryTake("readonly");
        if (reader.TryTake("attribute"))
        {
            if (body == Body.Namespace && !readOnly) reader.Note(IdlRules.NotReadOnly, start);
            return Attribute(attributes, IdlAttributeModifier.None, readOnly);
        }
        if (body == Body.Interface)
        {
            if (IterableKind() is { } kind) return Iterable(start, attributes, kind, readOnly);
            if (!readOnly)
            {
                if (reader.TryTake("constructor")) return Constructor(start, attributes);
                if (reader.TryTake("static")) return Static(start, attributes);
                if (reader.TryTake("inherit"))
                {
                    reader.Expect("attribute");
                    return Attribute(attributes, IdlAttributeModifier.Inherit, false);
                }
                if (reader.TryTake("getter")) return Operation(start, attributes, IdlOperationModifier.Getter);
                if (reader.TryTake("setter")) return Operation(start, attributes, IdlOperationModifier.Setter);
                if (reader.TryTake("deleter")) return Operation(start, attributes, IdlOperationModifier.Deleter);
            }
        }
        if (readOnly) reader.Unexpected(body == Body.Interface ? "'attribute', 'maplike' or 'setlike'" : "'attribute'");
        if (body is Body.Interface or Body.Mixin && reader.TryTake("stringifier")) return Stringifier(start, attributes);
        return Operation(start, attributes, IdlOperationModifier.None);
    }

    private IdlMember Const(EquatableArray<IdlExtendedAttribute> attributes)
    {
        var type = Type(default);
        var at = reader.At;
        var name = reader.Identifier("the name of a constant");
        reader.Expect("=");
        var value = Value(constant: true);
        reader.Expect(";");
        return new IdlConst(at, name, attributes, type, value);
    }

    private IdlMember Attribute(EquatableArray<IdlExtendedAttribute> attributes, IdlAttributeModifier modifier, bool readOnly)
    {
        var type = AnnotatedType();
        var at = reader.At;
        var name = reader.Identifier("the name of an attribute", AttributeNameKeywords);
        reader.Expect(";");
        return new IdlAttribute(at, name, attributes, modifier, readOnly, type);
    }

    private IdlMember Static(int start, EquatableArray<IdlExtendedAttribute> attributes)
    {
        var readOnly = reader.TryTake("readonly");
        if (reader.TryTake("attribute")) return Attribute(attributes, IdlAttributeModifier.Static, readOnly);
        if (readOnly) reader.Unexpected("'attribute'");
        return Operation(start, attributes, IdlOperationModifier.Static);
    }

    private IdlMember Stringifier(int start, EquatableArray<IdlExtendedAttribute> attributes)
    {
        if (reader.TryTake(";")) return new IdlOperation(start, "", attributes, IdlOperationModifier.Stringifier, null, default);
        var readOnly = reader.TryTake("readonly");
        if (reader.TryTake("attribute")) return Attribute(attributes, IdlAttributeModifier.Stringifier, readOnly);
        if (readOnly) reader.Unexpected("'attribute'");
        // The grammar had such operations once.
        return Operation(start, attributes, IdlOperationModifier.Stringifier);
    }

    private IdlMember Operation(int start, EquatableArray<IdlExtendedAttribute> attributes, IdlOperationModifier modifier)
    {
        if (!BeginsType() && !reader.Current.Is("void")) reader.Unexpected(modifier == IdlOperationModifier.None ? "a member" : "a return type");
        var returns = ReturnType();
        var at = reader.At;
        var named = !reader.Current.Is("(");
        var name = named ? reader.Identifier("the name of an operation", OperationNameKeywords) : "";
        var arguments = Arguments();
        reader.Expect(";");
        return new IdlOperation(named ? at : start, name, attributes, modifier, returns, arguments);
    }

    private IdlMember Constructor(int start, EquatableArray<IdlExtendedAttribute> attributes)
    {
        var arguments = Arguments();
        reader.Expect(";");
        return new IdlConstructor(start, attributes, arguments);
    }

    private IdlIterableKind? IterableKind()
    {
        if (reader.Current.Is("async") && reader.Following.Is("iterable"))
        {
            reader.Note(IdlRules.Obsolete, reader.At, "async iterable", "async_iterable");
            reader.Take();
            reader.Take();
            return IdlIterableKind.AsyncIterable;
        }
        if (reader.TryTake("iterable")) return IdlIterableKind.Iterable;
        if (reader.TryTake("async_iterable")) return IdlIterableKind.AsyncIterable;
        if (reader.TryTake("maplike")) return IdlIterableKind.Maplike;
        if (reader.TryTake("setlike")) return IdlIterableKind.Setlike;
        return null;
    }

    private IdlMember Iterable(int start, EquatableArray<IdlExtendedAttribute> attributes, IdlIterableKind kind, bool readOnly)
    {
        if (readOnly && kind is IdlIterableKind.Iterable or IdlIterableKind.AsyncIterable) reader.Note(IdlRules.ReadOnlyIterable, start);
        reader.Expect("<");
        var types = new List<IdlType> { AnnotatedType() };
        if (kind == IdlIterableKind.Maplike) reader.Expect(",");
        if (kind == IdlIterableKind.Maplike || (kind != IdlIterableKind.Setlike && reader.TryTake(","))) types.Add(AnnotatedType());
        reader.Expect(">");
        var arguments = kind == IdlIterableKind.AsyncIterable && reader.Current.Is("(") ? Arguments() : default;
        reader.Expect(";");
        return new IdlIterable(start, attributes, kind, readOnly, new(types), arguments);
    }

    private IdlMember DictionaryMember()
    {
        var attributes = ExtendedAttributes();
        var required = reader.TryTake("required");
        if (!required && !BeginsType()) reader.Unexpected("a member");
        var type = required ? AnnotatedType() : Type(default);
        var at = reader.At;
        var name = reader.Identifier("the name of a member");
        var value = !required && reader.TryTake("=") ? Value(constant: false) : null;
        reader.Expect(";");
        return new IdlDictionaryMember(at, name, attributes, required, type, value);
    }

    /// <summary>"(argument, argument ...)".</summary>
    private EquatableArray<IdlArgument> Arguments()
    {
        reader.Expect("(");
        var arguments = new List<IdlArgument>();
        if (reader.TryTake(")")) return default;
        do arguments.Add(Argument());
        while (reader.TryTake(","));
        reader.Expect(")");
        return new(arguments);
    }

    private IdlArgument Argument()
    {
        reader.Open(IdlConcreteKind.Argument);
        var attributes = ExtendedAttributes();
        var optional = reader.TryTake("optional");
        if (!optional && !BeginsType()) reader.Unexpected("an argument");
        var type = optional ? AnnotatedType() : Type(default);
        var variadic = !optional && reader.TryTake("...");
        var at = reader.At;
        var name = reader.Identifier("the name of an argument", ArgumentNameKeywords);
        var value = optional && reader.TryTake("=") ? Value(constant: false) : null;
        reader.Close();
        return new(at, name, attributes, optional, variadic, type, value);
    }

    /// <summary>A constant's value, or what else may be a default.</summary>
    private IdlValue Value(bool constant)
    {
        reader.Open(IdlConcreteKind.Value);
        var at = reader.At;
        var token = reader.Current;
        IdlValueKind? kind = token.Kind switch
        {
            IdlTokenKind.Integer => IdlValueKind.Integer,
            IdlTokenKind.Decimal => IdlValueKind.Decimal,
            IdlTokenKind.String when !constant => IdlValueKind.String,
            IdlTokenKind.Keyword or IdlTokenKind.Punctuation => token.Text switch
            {
                "true" or "false" => IdlValueKind.Boolean,
                "Infinity" => IdlValueKind.Infinity,
                "-Infinity" => IdlValueKind.NegativeInfinity,
                "NaN" => IdlValueKind.NaN,
                "null" when !constant => IdlValueKind.Null,
                "undefined" when !constant => IdlValueKind.Undefined,
                "[" when !constant => IdlValueKind.EmptySequence,
                "{" when !constant => IdlValueKind.EmptyDictionary,
                _ => null,
            },
            _ => null,
        };
        var text = "";
        if (kind is null) reader.Unexpected(constant ? "a constant's value" : "a default value");
        else
        {
            text = kind == IdlValueKind.String ? Unquote(reader.Take().Text) : reader.Take().Text;
            if (kind == IdlValueKind.EmptySequence && reader.Expect("]")) text = "[]";
            if (kind == IdlValueKind.EmptyDictionary && reader.ExpectClosingBrace()) text = "{}";
        }
        reader.Close();
        return new(at, kind ?? IdlValueKind.Null, text);
    }
}
