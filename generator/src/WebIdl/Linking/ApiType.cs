using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl.Linking;

/// <summary>A type whose names are resolved and whose extended attributes are applied. <see cref="Key"/> names it uniquely in C#: it is made from
/// the words of the type, as in "NullableSequenceOfUSVString".</summary>
public abstract record ApiType
{
    public abstract string Key { get; }

    /// <summary>The types that this one is made of.</summary>
    public virtual IEnumerable<ApiType> Parts => [];
}

/// <summary>How a number outside the type's range is treated.</summary>
public enum ApiRange : byte { Modulo, EnforceRange, Clamp }

/// <summary>A type that is a keyword. <paramref name="NullToEmpty"/>: Web IDL's [LegacyNullToEmptyString].</summary>
public sealed record ApiSimple(IdlSimple Kind, ApiRange Range = ApiRange.Modulo, bool NullToEmpty = false) : ApiType
{
    public override string Key => Kind + (Range == ApiRange.Modulo ? "" : Range.ToString()) + (NullToEmpty ? "NullToEmpty" : "");
}

/// <summary>"ArrayBufferView": any typed array or DataView.</summary>
public sealed record ApiBufferView : ApiType
{
    public override string Key => "ArrayBufferView";
}

public enum ApiNamedKind : byte { Interface, CallbackInterface, Callback, Dictionary, Enum }

/// <param name="NonObjectAsNull">Of a callback, as in <see cref="ApiCallback"/>.</param>
public sealed record ApiNamed(string Name, ApiNamedKind Kind, bool NonObjectAsNull = false) : ApiType
{
    public override string Key => Name;
}

public sealed record ApiNullable(ApiType Inner) : ApiType
{
    public override string Key => "Nullable" + Inner.Key;
    public override IEnumerable<ApiType> Parts => [Inner];
}

/// <summary>"sequence&lt;T&gt;" or "FrozenArray&lt;T&gt;".</summary>
public sealed record ApiSequence(ApiType Element, bool Frozen) : ApiType
{
    public override string Key => (Frozen ? "FrozenArrayOf" : "SequenceOf") + Element.Key;
    public override IEnumerable<ApiType> Parts => [Element];
}

public sealed record ApiRecord(ApiType KeyType, ApiType Value) : ApiType
{
    public override string Key => "RecordOf" + KeyType.Key + "To" + Value.Key;
    public override IEnumerable<ApiType> Parts => [KeyType, Value];
}

public sealed record ApiPromise(ApiType Value) : ApiType
{
    public override string Key => "PromiseOf" + Value.Key;
    public override IEnumerable<ApiType> Parts => [Value];
}

/// <param name="Name">The typedef that stands for exactly this union, or a name made from the members.</param>
/// <param name="Members">The flattened member types, none nullable; a nullable union is an <see cref="ApiNullable"/> of one.</param>
public sealed record ApiUnion(string Name, EquatableArray<ApiType> Members) : ApiType
{
    public override string Key => Name;
    public override IEnumerable<ApiType> Parts => Members;
}

internal static class ApiTypes
{
    public static bool Is(this ApiType type, IdlSimple kind) => type is ApiSimple simple && simple.Kind == kind;

    /// <summary>The type and all that it is made of.</summary>
    public static IEnumerable<ApiType> WithParts(this ApiType type) => type.Parts.SelectMany(WithParts).Append(type);

    /// <summary>Web IDL's "includes a nullable type".</summary>
    public static bool IncludesNull(this ApiType type) => type is ApiNullable;

    public static ApiType Unwrapped(this ApiType type) => type is ApiNullable nullable ? nullable.Inner : type;
}
