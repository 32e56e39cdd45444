using System.Globalization;
using System.Text;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>The abstract tree as JSON in the form of the webidl2 package's (version 24), keys in ordinal order and no blanks: what
/// <c>JSON.stringify(webidl2.parse(text))</c> gives once its keys are sorted. For comparison, and for tools that read that form.</summary>
public static class WebIdl2Json
{
    public static string Write(IdlSyntax syntax)
    {
        var json = new StringBuilder();
        List(json, syntax.Definitions, Definition);
        return json.ToString();
    }

    private static void Definition(StringBuilder json, IdlDefinition definition)
    {
        switch (definition)
        {
            case IdlContainer container:
                var parent = container switch { IdlInterface i => i.Inheritance, IdlDictionary d => d.Inheritance, _ => null };
                var type = container switch
                {
                    IdlInterface => "interface",
                    IdlMixin => "interface mixin",
                    IdlCallbackInterface => "callback interface",
                    IdlNamespace => "namespace",
                    _ => "dictionary",
                };
                json.Append("{\"extAttrs\":");
                List(json, container.ExtendedAttributes, ExtendedAttribute);
                json.Append(",\"inheritance\":");
                if (parent is null) json.Append("null");
                else Text(json, parent.Text);
                json.Append(",\"members\":");
                List(json, container.Members, Member);
                Field(json, "name", container.Name);
                Field(json, "partial", container.Partial);
                Field(json, "type", type);
                break;
            case IdlEnum e:
                json.Append("{\"extAttrs\":");
                List(json, e.ExtendedAttributes, ExtendedAttribute);
                Field(json, "name", e.Name);
                Field(json, "type", "enum");
                json.Append(",\"values\":");
                List(json, e.Values, (to, value) =>
                {
                    to.Append("{\"type\":\"enum-value\"");
                    Field(to, "value", value.Value);
                    to.Append('}');
                });
                break;
            case IdlTypedef typedef:
                json.Append("{\"extAttrs\":");
                List(json, typedef.ExtendedAttributes, ExtendedAttribute);
                json.Append(",\"idlType\":");
                Type(json, typedef.Type, "typedef-type");
                Field(json, "name", typedef.Name);
                Field(json, "type", "typedef");
                break;
            case IdlCallback callback:
                json.Append("{\"arguments\":");
                List(json, callback.Arguments, Argument);
                json.Append(",\"extAttrs\":");
                List(json, callback.ExtendedAttributes, ExtendedAttribute);
                json.Append(",\"idlType\":");
                Type(json, callback.ReturnType, "return-type");
                Field(json, "name", callback.Name);
                Field(json, "type", "callback");
                break;
            case IdlIncludes includes:
                json.Append("{\"extAttrs\":");
                List(json, includes.ExtendedAttributes, ExtendedAttribute);
                Field(json, "includes", includes.Mixin.Text);
                Field(json, "target", includes.Name);
                Field(json, "type", "includes");
                break;
        }
        json.Append('}');
    }

    private static void Member(StringBuilder json, IdlMember member)
    {
        json.Append('{');
        switch (member)
        {
            case IdlConst constant:
                json.Append("\"extAttrs\":");
                List(json, constant.ExtendedAttributes, ExtendedAttribute);
                json.Append(",\"idlType\":");
                Type(json, constant.Type, "const-type");
                Field(json, "name", constant.Name);
                Field(json, "type", "const");
                json.Append(",\"value\":");
                Value(json, constant.Value);
                break;
            case IdlAttribute attribute:
                json.Append("\"extAttrs\":");
                List(json, attribute.ExtendedAttributes, ExtendedAttribute);
                json.Append(",\"idlType\":");
                Type(json, attribute.Type, "attribute-type");
                Field(json, "name", attribute.Name);
                Field(json, "readonly", attribute.ReadOnly);
                Field(json, "special", attribute.Modifier == IdlAttributeModifier.None ? "" : attribute.Modifier.ToString().ToLowerInvariant());
                Field(json, "type", "attribute");
                break;
            case IdlOperation operation:
                json.Append("\"arguments\":");
                List(json, operation.Arguments, Argument);
                json.Append(",\"extAttrs\":");
                List(json, operation.ExtendedAttributes, ExtendedAttribute);
                if (operation.ReturnType is { } returns)
                {
                    json.Append(",\"idlType\":");
                    Type(json, returns, "return-type");
                }
                Field(json, "name", operation.Name);
                Field(json, "special", operation.Modifier == IdlOperationModifier.None ? "" : operation.Modifier.ToString().ToLowerInvariant());
                Field(json, "type", "operation");
                break;
            case IdlConstructor constructor:
                json.Append("\"arguments\":");
                List(json, constructor.Arguments, Argument);
                json.Append(",\"extAttrs\":");
                List(json, constructor.ExtendedAttributes, ExtendedAttribute);
                Field(json, "type", "constructor");
                break;
            case IdlIterable iterable:
                json.Append("\"arguments\":");
                List(json, iterable.Arguments, Argument);
                Field(json, "async", false);
                json.Append(",\"extAttrs\":");
                List(json, iterable.ExtendedAttributes, ExtendedAttribute);
                json.Append(",\"idlType\":");
                List(json, iterable.Types, (to, t) => Type(to, t, null));
                Field(json, "readonly", iterable.ReadOnly);
                Field(json, "type", iterable.Kind == IdlIterableKind.AsyncIterable ? "async_iterable" : iterable.Kind.ToString().ToLowerInvariant());
                break;
            case IdlDictionaryMember field:
                Default(json, field.Default);
                json.Append(",\"extAttrs\":");
                List(json, field.ExtendedAttributes, ExtendedAttribute);
                json.Append(",\"idlType\":");
                Type(json, field.Type, "dictionary-type");
                Field(json, "name", field.Name);
                Field(json, "required", field.Required);
                Field(json, "type", "field");
                break;
        }
        json.Append('}');
    }

    private static void Argument(StringBuilder json, IdlArgument argument)
    {
        json.Append('{');
        Default(json, argument.Default);
        json.Append(",\"extAttrs\":");
        List(json, argument.ExtendedAttributes, ExtendedAttribute);
        json.Append(",\"idlType\":");
        Type(json, argument.Type, "argument-type");
        Field(json, "name", argument.Name);
        Field(json, "optional", argument.Optional);
        Field(json, "type", "argument");
        Field(json, "variadic", argument.Variadic);
        json.Append('}');
    }

    private static void ExtendedAttribute(StringBuilder json, IdlExtendedAttribute attribute)
    {
        json.Append("{\"arguments\":");
        List(json, attribute.Arguments ?? default, Argument);
        Field(json, "name", attribute.Name);
        json.Append(",\"rhs\":");
        var form = attribute.Form;
        if (form == IdlExtendedAttributeForm.None) json.Append("null");
        else if (form == IdlExtendedAttributeForm.Wildcard) json.Append("{\"type\":\"*\",\"value\":null}");
        else if (form < IdlExtendedAttributeForm.IdentifierList)
        {
            json.Append("{\"type\":\"").Append(form.ToString().ToLowerInvariant()).Append('"');
            Field(json, "value", attribute.Values[0]);
            json.Append('}');
        }
        else
        {
            json.Append("{\"type\":\"").Append(form.ToString().Replace("List", "-list").ToLowerInvariant()).Append("\",\"value\":");
            List(json, attribute.Values, (to, value) =>
            {
                to.Append("{\"value\":");
                Text(to, value);
                to.Append('}');
            });
            json.Append('}');
        }
        Field(json, "type", "extended-attribute");
        json.Append('}');
    }

    /// <param name="role">What webidl2 says of the place where the type stands; nested types take it on.</param>
    private static void Type(StringBuilder json, IdlType type, string? role, bool roleWritten = true)
    {
        json.Append("{\"extAttrs\":");
        List(json, type.ExtendedAttributes, ExtendedAttribute);
        Field(json, "generic", type is IdlGenericType g ? g.Kind.Spelling() : "");
        json.Append(",\"idlType\":");
        switch (type)
        {
            case IdlGenericType generic:
                json.Append('[');
                for (var i = 0; i < generic.Arguments.Count; i++)
                {
                    if (i > 0) json.Append(',');
                    // Of a promise's type it says the role itself, and of a record's key only what it was told.
                    var inner = generic.Kind == IdlGeneric.Promise ? role ?? "return-type" : role;
                    Type(json, generic.Arguments[i], inner, inner is not null || generic.Kind != IdlGeneric.Record || i > 0);
                }
                json.Append(']');
                break;
            case IdlUnionType union:
                List(json, union.Members, (to, member) => Type(to, member, role));
                break;
            case IdlNamedType named:
                Text(json, named.Name);
                break;
            case IdlSimpleType simple:
                Text(json, simple.Kind.Spelling());
                break;
        }
        Field(json, "nullable", type.Nullable);
        if (roleWritten)
        {
            json.Append(",\"type\":");
            if (role is null) json.Append("null");
            else Text(json, role);
        }
        Field(json, "union", type is IdlUnionType);
        json.Append('}');
    }

    private static void Default(StringBuilder json, IdlValue? value)
    {
        json.Append("\"default\":");
        if (value is null) json.Append("null");
        else Value(json, value);
    }

    private static void Value(StringBuilder json, IdlValue value)
    {
        switch (value.Kind)
        {
            case IdlValueKind.Boolean:
                json.Append("{\"type\":\"boolean\",\"value\":").Append(value.Text).Append('}');
                break;
            case IdlValueKind.Integer or IdlValueKind.Decimal or IdlValueKind.String:
                json.Append("{\"type\":\"").Append(value.Kind == IdlValueKind.String ? "string" : "number").Append('"');
                Field(json, "value", value.Text);
                json.Append('}');
                break;
            case IdlValueKind.Infinity or IdlValueKind.NegativeInfinity:
                json.Append("{\"negative\":").Append(value.Kind == IdlValueKind.Infinity ? "false" : "true").Append(",\"type\":\"Infinity\"}");
                break;
            case IdlValueKind.EmptySequence:
                json.Append("{\"type\":\"sequence\",\"value\":[]}");
                break;
            case IdlValueKind.EmptyDictionary:
                json.Append("{\"type\":\"dictionary\"}");
                break;
            default:
                json.Append("{\"type\":\"").Append(value.Text).Append("\"}");
                break;
        }
    }

    private static void List<T>(StringBuilder json, EquatableArray<T> items, Action<StringBuilder, T> write)
    {
        json.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) json.Append(',');
            write(json, items[i]);
        }
        json.Append(']');
    }

    private static void Field(StringBuilder json, string name, string value)
    {
        json.Append(",\"").Append(name).Append("\":");
        Text(json, value);
    }

    private static void Field(StringBuilder json, string name, bool value) =>
        json.Append(",\"").Append(name).Append("\":").Append(value ? "true" : "false");

    /// <summary>A string as <c>JSON.stringify</c> writes it.</summary>
    private static void Text(StringBuilder json, string text)
    {
        json.Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var paired = char.IsHighSurrogate(c) ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])
                : char.IsLowSurrogate(c) && i > 0 && char.IsHighSurrogate(text[i - 1]);
            if (c is '"' or '\\') json.Append('\\').Append(c);
            else if (c is '\n' or '\r' or '\t' or '\b' or '\f') json.Append('\\').Append("nrtbf"["\n\r\t\b\f".IndexOf(c)]);
            else if (c < ' ' || (char.IsSurrogate(c) && !paired)) json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else json.Append(c);
        }
        json.Append('"');
    }
}
