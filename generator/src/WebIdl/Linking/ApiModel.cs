using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl.Linking;

// What all Web IDL files together mean: partial definitions merged, mixins applied, names and typedefs resolved. Everything has value equality and
// holds no positions, so that what did not change is not emitted again. `Origin` is the file, without folder and extension, that an item stands in:
// the short name of its standard ("webrtc-stats").

/// <summary>The definitions that one file declares, with everything that other files add to them.</summary>
/// <param name="Name">The file's name without folder and extension.</param>
/// <param name="Title">The standard's, from "// @document"; empty without one.</param>
/// <param name="Types">The compound types that occur in the file's definitions: each needs conversions of its own.</param>
public sealed record ApiSpec(
    string Name, string Title, string Url, EquatableArray<ApiInterface> Interfaces, EquatableArray<ApiCallbackInterface> CallbackInterfaces,
    EquatableArray<ApiDictionary> Dictionaries, EquatableArray<ApiEnum> Enums, EquatableArray<ApiCallback> Callbacks, EquatableArray<ApiType> Types);

/// <param name="Exposed">Names of the globals that it is exposed in; "*" for all.</param>
/// <param name="Global">It is the interface of a global object, which has no interface object of its own to construct.</param>
/// <param name="Historic">What replaced it, for a definition that is kept for old programs only.</param>
public sealed record ApiInterface(
    string Name, string Origin, string? Parent, EquatableArray<string> Exposed, bool Global, string? Historic,
    EquatableArray<ApiOverload> Constructors, EquatableArray<ApiConstant> Constants, EquatableArray<ApiAttribute> Attributes,
    EquatableArray<ApiOperation> Operations, ApiIterable? Iterable)
{
    /// <summary>The least number of arguments that a constructor takes; null without constructors.</summary>
    public int? ConstructorLength => Constructors.Count == 0 ? null : Constructors.Min(c => c.Required);
    public bool HasStatics => Constructors.Count > 0 || Attributes.Any(a => a.Static) || Operations.Any(o => o.Static);
}

/// <param name="Value">The literal as Web IDL writes it.</param>
public sealed record ApiConstant(string Name, string Origin, ApiType Type, string Value);

/// <param name="Json">The default toJSON operation includes it.</param>
public sealed record ApiAttribute(string Name, string Origin, ApiType Type, bool Static, bool ReadOnly, bool Unforgeable, bool Json);

/// <summary>All operations of one name, static ones apart.</summary>
/// <param name="DefaultToJson">It is "[Default] toJSON": what it does follows from the attributes.</param>
public sealed record ApiOperation(string Name, string Origin, bool Static, bool Unforgeable, bool DefaultToJson, EquatableArray<ApiOverload> Overloads)
{
    public int Length => Overloads.Min(o => o.Required);
}

/// <param name="Returns">Null for a constructor.</param>
public sealed record ApiOverload(ApiType? Returns, EquatableArray<ApiArgument> Arguments)
{
    /// <summary>How many arguments have to be given.</summary>
    public int Required => Arguments.Count(a => !a.Optional && !a.Variadic);
    public bool IsVariadic => Arguments.Count > 0 && Arguments[Arguments.Count - 1].Variadic;
}

public sealed record ApiArgument(string Name, ApiType Type, bool Optional, bool Variadic, ApiDefault? Default);

/// <summary>A default value, as Web IDL writes it; a string without its quotes.</summary>
public sealed record ApiDefault(IdlValueKind Kind, string Text);

/// <param name="Key">Null for a list of values.</param>
public sealed record ApiIterable(IdlIterableKind Kind, bool ReadOnly, ApiType? Key, ApiType Value, string Origin);

/// <summary>An object of the script's with one operation, or a function.</summary>
public sealed record ApiCallbackInterface(string Name, string Origin, string? Historic, EquatableArray<ApiConstant> Constants, string Operation, ApiOverload Call);

/// <param name="Members">Its own, in lexicographic order of their names, which is the order of conversion.</param>
/// <param name="Inherited">Those of its parents, furthest parent first.</param>
public sealed record ApiDictionary(
    string Name, string Origin, string? Parent, string? Historic, EquatableArray<ApiDictionaryMember> Members, EquatableArray<ApiDictionaryMember> Inherited)
{
    public bool HasRequired => Members.Any(m => m.Required) || Inherited.Any(m => m.Required);
}

public sealed record ApiDictionaryMember(string Name, string Origin, ApiType Type, bool Required, ApiDefault? Default);

public sealed record ApiEnum(string Name, string Origin, string? Historic, EquatableArray<string> Values);

/// <param name="NonObjectAsNull">Web IDL's [LegacyTreatNonObjectAsNull]: an attribute of it takes anything, and what is no object as null.</param>
public sealed record ApiCallback(string Name, string Origin, string? Historic, bool NonObjectAsNull, ApiOverload Call);
