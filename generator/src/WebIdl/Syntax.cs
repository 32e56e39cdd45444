using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

// What one Web IDL file says, before names are looked up: the abstract tree. Everything here has value equality. `At` is the number of a token
// of the file, comments and blanks not counted, so that moving text changes the table of positions (ParsedIdl.Positions) and not the tree.
// Identifiers stand without the leading underscore that escapes them.

/// <summary>All definitions of a file, in the order of the text.</summary>
public sealed record IdlSyntax(EquatableArray<IdlDefinition> Definitions);

/// <summary>A name as it is used.</summary>
public sealed record IdlName(int At, string Text);

/// <summary>A definition at the top level of a file.</summary>
/// <param name="At">The token that names it.</param>
/// <param name="Annotations">The comments that begin with "// @" right before the definition, without "// @", in order; to Web IDL they mean
/// nothing.</param>
public abstract record IdlDefinition(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, EquatableArray<string> Annotations);

/// <summary>A definition with a body that other files may go on with.</summary>
public abstract record IdlContainer(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, EquatableArray<string> Annotations, bool Partial,
    EquatableArray<IdlMember> Members) : IdlDefinition(At, Name, ExtendedAttributes, Annotations);

/// <summary>"interface A : B { ... };". A partial one has no inheritance.</summary>
public sealed record IdlInterface(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, EquatableArray<string> Annotations, bool Partial,
    IdlName? Inheritance, EquatableArray<IdlMember> Members) : IdlContainer(At, Name, ExtendedAttributes, Annotations, Partial, Members);

/// <summary>"interface mixin A { ... };".</summary>
public sealed record IdlMixin(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, EquatableArray<string> Annotations, bool Partial,
    EquatableArray<IdlMember> Members) : IdlContainer(At, Name, ExtendedAttributes, Annotations, Partial, Members);

/// <summary>"callback interface A { ... };". Never partial.</summary>
public sealed record IdlCallbackInterface(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, EquatableArray<string> Annotations,
    EquatableArray<IdlMember> Members) : IdlContainer(At, Name, ExtendedAttributes, Annotations, false, Members);

/// <summary>"namespace A { ... };".</summary>
public sealed record IdlNamespace(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, EquatableArray<string> Annotations, bool Partial,
    EquatableArray<IdlMember> Members) : IdlContainer(At, Name, ExtendedAttributes, Annotations, Partial, Members);

/// <summary>"dictionary A : B { ... };". All members are <see cref="IdlDictionaryMember"/>. A partial one has no inheritance.</summary>
public sealed record IdlDictionary(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, EquatableArray<string> Annotations, bool Partial,
    IdlName? Inheritance, EquatableArray<IdlMember> Members) : IdlContainer(At, Name, ExtendedAttributes, Annotations, Partial, Members)
{
    public IEnumerable<IdlDictionaryMember> Fields => Members.OfType<IdlDictionaryMember>();
}

/// <summary>"enum A { "x", "y" };".</summary>
public sealed record IdlEnum(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, EquatableArray<string> Annotations,
    EquatableArray<IdlEnumValue> Values) : IdlDefinition(At, Name, ExtendedAttributes, Annotations);

/// <summary>One value of an enumeration, without its quotes.</summary>
public sealed record IdlEnumValue(int At, string Value);

/// <summary>"typedef T A;".</summary>
public sealed record IdlTypedef(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, EquatableArray<string> Annotations, IdlType Type)
    : IdlDefinition(At, Name, ExtendedAttributes, Annotations);

/// <summary>"callback A = R (...);".</summary>
public sealed record IdlCallback(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, EquatableArray<string> Annotations, IdlType ReturnType,
    EquatableArray<IdlArgument> Arguments) : IdlDefinition(At, Name, ExtendedAttributes, Annotations);

/// <summary>"A includes M;". The name is the target interface's.</summary>
public sealed record IdlIncludes(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, EquatableArray<string> Annotations, IdlName Mixin)
    : IdlDefinition(At, Name, ExtendedAttributes, Annotations);

/// <summary>A member of a container. The name is empty where the member has none.</summary>
/// <param name="At">The token that names it, else its first token.</param>
public abstract record IdlMember(int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes);

/// <summary>"const T A = V;".</summary>
public sealed record IdlConst(int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, IdlType Type, IdlValue Value)
    : IdlMember(At, Name, ExtendedAttributes);

public enum IdlAttributeModifier : byte { None, Static, Inherit, Stringifier }

/// <summary>"readonly attribute T A;".</summary>
public sealed record IdlAttribute(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, IdlAttributeModifier Modifier, bool ReadOnly, IdlType Type)
    : IdlMember(At, Name, ExtendedAttributes);

public enum IdlOperationModifier : byte { None, Static, Getter, Setter, Deleter, Stringifier }

/// <summary>"T a(...);", with or without a name where the modifier allows it. "stringifier;" alone has no return type.</summary>
public sealed record IdlOperation(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, IdlOperationModifier Modifier, IdlType? ReturnType,
    EquatableArray<IdlArgument> Arguments) : IdlMember(At, Name, ExtendedAttributes);

/// <summary>"constructor(...);".</summary>
public sealed record IdlConstructor(
    int At, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, EquatableArray<IdlArgument> Arguments)
    : IdlMember(At, "", ExtendedAttributes);

public enum IdlIterableKind : byte { Iterable, AsyncIterable, Maplike, Setlike }

/// <summary>"iterable&lt;T&gt;", "iterable&lt;K, V&gt;", "async_iterable&lt;...&gt;(...)", "maplike&lt;K, V&gt;", "setlike&lt;T&gt;".</summary>
/// <param name="Types">One type or two.</param>
/// <param name="Arguments">Of asynchronous ones only.</param>
public sealed record IdlIterable(
    int At, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, IdlIterableKind Kind, bool ReadOnly, EquatableArray<IdlType> Types,
    EquatableArray<IdlArgument> Arguments) : IdlMember(At, "", ExtendedAttributes);

/// <summary>"required T a;", "T a = V;".</summary>
public sealed record IdlDictionaryMember(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, bool Required, IdlType Type, IdlValue? Default)
    : IdlMember(At, Name, ExtendedAttributes);

/// <summary>"optional T a = V", "T... a".</summary>
public sealed record IdlArgument(
    int At, string Name, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, bool Optional, bool Variadic, IdlType Type, IdlValue? Default);

/// <summary>What may stand right of an extended attribute's "=".</summary>
public enum IdlExtendedAttributeForm : byte
{
    None, Wildcard, Identifier, String, Integer, Decimal, IdentifierList, StringList, IntegerList, DecimalList,
}

/// <summary>"[A]", "[A=*]", "[A=B]", "[A=(B, C)]", "[A(...)]", "[A=B(...)]".</summary>
/// <param name="Name">As written.</param>
/// <param name="Values">Strings with their quotes; none, one, or those of the list.</param>
/// <param name="Arguments">Null where no parentheses with arguments stand.</param>
public sealed record IdlExtendedAttribute(
    int At, string Name, IdlExtendedAttributeForm Form, EquatableArray<string> Values, EquatableArray<IdlArgument>? Arguments);

public enum IdlValueKind : byte
{
    Boolean, Integer, Decimal, Infinity, NegativeInfinity, NaN, String, Null, Undefined, EmptySequence, EmptyDictionary,
}

/// <summary>A constant or default value.</summary>
/// <param name="Text">As written; of a string, what stands between the quotes.</param>
public sealed record IdlValue(int At, IdlValueKind Kind, string Text);
