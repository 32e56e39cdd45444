using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Reads Web IDL. Total: any text gives a tree, in time that grows as the text does; what the tree leaves out is a diagnostic.</summary>
public static class IdlParser
{
    public static ParsedIdl Parse(string path, string text)
    {
        var reader = new IdlTokenReader(text, null);
        var syntax = new DefinitionParser(reader).File();
        return new(path, syntax, reader.Positions, reader.Diagnostics);
    }

    /// <summary>The same reading as a tree that holds every character: its text is <paramref name="text"/>, whatever that is.</summary>
    public static IdlConcreteNode ParseConcrete(string text)
    {
        var concrete = new ConcreteBuilder(text);
        new DefinitionParser(new IdlTokenReader(text, concrete)).File();
        return concrete.Finish();
    }
}

/// <summary>Definitions: Web IDL sections 2.1 to 2.13 of the grammar.</summary>
internal sealed partial class DefinitionParser(IdlTokenReader reader)
{
    private enum Body { Interface, Mixin, CallbackInterface, Namespace, Dictionary }

    public IdlSyntax File()
    {
        var definitions = new List<IdlDefinition>();
        while (!reader.AtEnd)
        {
            var start = reader.At;
            reader.Open(IdlConcreteKind.Definition);
            var definition = Definition();
            if (!reader.Failed) definitions.Add(definition);
            reader.Close();
            if (reader.Failed) reader.RecoverDefinition(start);
        }
        reader.Finish();
        return new(new(definitions));
    }

    private IdlDefinition Definition()
    {
        var annotations = reader.Annotations();
        var attributes = ExtendedAttributes();
        if (reader.TryTake("callback")) return Callback(attributes, annotations);
        var partial = reader.TryTake("partial");
        if (reader.TryTake("interface")) return InterfaceOrMixin(attributes, annotations, partial);
        if (reader.TryTake("namespace"))
        {
            var at = reader.At;
            var name = reader.Identifier("the name of a namespace");
            return new IdlNamespace(at, name, attributes, annotations, partial, Members(Body.Namespace));
        }
        if (reader.TryTake("dictionary"))
        {
            var at = reader.At;
            var name = reader.Identifier("the name of a dictionary");
            var parent = partial ? null : Inheritance();
            return new IdlDictionary(at, name, attributes, annotations, partial, parent, Members(Body.Dictionary));
        }
        if (partial) reader.Unexpected("'interface', 'dictionary' or 'namespace'");
        if (reader.TryTake("enum")) return Enum(attributes, annotations);
        if (reader.TryTake("typedef"))
        {
            var type = AnnotatedType();
            var at = reader.At;
            var name = reader.Identifier("the name of the type");
            reader.Expect(";");
            return new IdlTypedef(at, name, attributes, annotations, type);
        }
        return Includes(attributes, annotations);
    }

    private IdlDefinition Callback(EquatableArray<IdlExtendedAttribute> attributes, EquatableArray<string> annotations)
    {
        var isInterface = reader.TryTake("interface");
        var at = reader.At;
        var name = reader.Identifier(isInterface ? "the name of a callback interface" : "the name of a callback");
        if (isInterface) return new IdlCallbackInterface(at, name, attributes, annotations, Members(Body.CallbackInterface));
        reader.Expect("=");
        var returns = ReturnType();
        var arguments = Arguments();
        reader.Expect(";");
        return new IdlCallback(at, name, attributes, annotations, returns, arguments);
    }

    private IdlDefinition InterfaceOrMixin(EquatableArray<IdlExtendedAttribute> attributes, EquatableArray<string> annotations, bool partial)
    {
        var mixin = reader.TryTake("mixin");
        var at = reader.At;
        var name = reader.Identifier(mixin ? "the name of a mixin" : "the name of an interface");
        if (mixin) return new IdlMixin(at, name, attributes, annotations, partial, Members(Body.Mixin));
        var parent = partial ? null : Inheritance();
        return new IdlInterface(at, name, attributes, annotations, partial, parent, Members(Body.Interface));
    }

    private IdlName? Inheritance()
    {
        if (!reader.TryTake(":")) return null;
        var at = reader.At;
        return new(at, reader.Identifier("the name of what is inherited from"));
    }

    private IdlDefinition Enum(EquatableArray<IdlExtendedAttribute> attributes, EquatableArray<string> annotations)
    {
        var at = reader.At;
        var name = reader.Identifier("the name of an enumeration");
        reader.Expect("{");
        var values = new List<IdlEnumValue>();
        do
        {
            // A comma may stand after the last value.
            if (values.Count > 0 && reader.Current.Is("}")) break;
            reader.Open(IdlConcreteKind.Value);
            if (reader.Current.Kind == IdlTokenKind.String) values.Add(new(reader.At, Unquote(reader.Take().Text)));
            else reader.Unexpected("a string");
            reader.Close();
        }
        while (reader.TryTake(","));
        reader.Expect("}");
        reader.ExpectLoosely(";");
        return new IdlEnum(at, name, attributes, annotations, new(values));
    }

    private IdlDefinition Includes(EquatableArray<IdlExtendedAttribute> attributes, EquatableArray<string> annotations)
    {
        var at = reader.At;
        if (!reader.Following.Is("includes")) reader.Unexpected("a definition");
        var name = reader.Identifier("a definition");
        reader.Expect("includes");
        var mixinAt = reader.At;
        var mixin = new IdlName(mixinAt, reader.Identifier("the name of a mixin"));
        reader.Expect(";");
        return new IdlIncludes(at, name, attributes, annotations, mixin);
    }

    /// <summary>"{ member member ... };". A member with a mistake is left out.</summary>
    private EquatableArray<IdlMember> Members(Body body)
    {
        var members = new List<IdlMember>();
        reader.Expect("{");
        while (!reader.Failed && !reader.TryTake("}"))
        {
            reader.Open(IdlConcreteKind.Member);
            var member = body == Body.Dictionary ? DictionaryMember() : Member(body);
            if (!reader.Failed) members.Add(member);
            reader.Close();
            if (reader.Failed && !reader.RecoverMember()) return new(members);
        }
        reader.ExpectLoosely(";");
        return new(members);
    }

    private static string Unquote(string text) => text.Substring(1, text.Length - 2);
}
