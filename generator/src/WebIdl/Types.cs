using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>A type as written.</summary>
/// <param name="At">The token that names it; of a union, its opening parenthesis.</param>
/// <param name="ExtendedAttributes">Those that stand right before the type, as in "sequence&lt;[Clamp] octet&gt;". Where a member's own may also
/// apply to its type, they are the member's.</param>
public abstract record IdlType(int At, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, bool Nullable);

/// <summary>A type that is a keyword of the language.</summary>
public sealed record IdlSimpleType(int At, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, bool Nullable, IdlSimple Kind)
    : IdlType(At, ExtendedAttributes, Nullable);

/// <summary>A type by its identifier: an interface, dictionary, enumeration, callback or typedef.</summary>
public sealed record IdlNamedType(int At, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, bool Nullable, string Name)
    : IdlType(At, ExtendedAttributes, Nullable);

/// <summary>"sequence&lt;T&gt;" and its like; a record has two arguments, the first of them a string type.</summary>
public sealed record IdlGenericType(
    int At, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, bool Nullable, IdlGeneric Kind, EquatableArray<IdlType> Arguments)
    : IdlType(At, ExtendedAttributes, Nullable);

/// <summary>"(A or B)".</summary>
public sealed record IdlUnionType(int At, EquatableArray<IdlExtendedAttribute> ExtendedAttributes, bool Nullable, EquatableArray<IdlType> Members)
    : IdlType(At, ExtendedAttributes, Nullable);

public enum IdlGeneric : byte { Sequence, AsyncSequence, Record, Promise, FrozenArray, ObservableArray }

public enum IdlSimple : byte
{
    Any, Undefined, Boolean, Byte, Octet, Short, UnsignedShort, Long, UnsignedLong, LongLong, UnsignedLongLong,
    Float, UnrestrictedFloat, Double, UnrestrictedDouble, BigInt, DOMString, ByteString, USVString, Object, Symbol,
    ArrayBuffer, SharedArrayBuffer, DataView, Int8Array, Int16Array, Int32Array, Uint8Array, Uint16Array, Uint32Array, Uint8ClampedArray,
    BigInt64Array, BigUint64Array, Float16Array, Float32Array, Float64Array,
}

/// <summary>The types as Web IDL writes them, and the groups that its rules speak of.</summary>
public static class IdlTypes
{
    /// <summary>The keyword or keywords: "unsigned long long".</summary>
    public static string Spelling(this IdlSimple kind) => kind switch
    {
        IdlSimple.UnsignedShort => "unsigned short",
        IdlSimple.UnsignedLong => "unsigned long",
        IdlSimple.LongLong => "long long",
        IdlSimple.UnsignedLongLong => "unsigned long long",
        IdlSimple.UnrestrictedFloat => "unrestricted float",
        IdlSimple.UnrestrictedDouble => "unrestricted double",
        IdlSimple.DOMString or IdlSimple.ByteString or IdlSimple.USVString => kind.ToString(),
        >= IdlSimple.ArrayBuffer => kind.ToString(),
        _ => kind.ToString().ToLowerInvariant(),
    };

    public static string Spelling(this IdlGeneric kind) => kind switch
    {
        IdlGeneric.Sequence => "sequence",
        IdlGeneric.AsyncSequence => "async_sequence",
        IdlGeneric.Record => "record",
        _ => kind.ToString(),
    };

    public static bool IsInteger(this IdlSimple kind) => kind is >= IdlSimple.Byte and <= IdlSimple.UnsignedLongLong;
    public static bool IsFloat(this IdlSimple kind) => kind is >= IdlSimple.Float and <= IdlSimple.UnrestrictedDouble;
    public static bool IsNumeric(this IdlSimple kind) => kind is >= IdlSimple.Byte and <= IdlSimple.UnrestrictedDouble;
    public static bool IsString(this IdlSimple kind) => kind is >= IdlSimple.DOMString and <= IdlSimple.USVString;
    public static bool IsBuffer(this IdlSimple kind) => kind >= IdlSimple.ArrayBuffer;

    /// <summary>As Web IDL would write it, without extended attributes: for messages and for the names that are made from types.</summary>
    public static string Spelling(this IdlType type)
    {
        var text = type switch
        {
            IdlSimpleType simple => simple.Kind.Spelling(),
            IdlNamedType named => named.Name,
            IdlGenericType generic => generic.Kind.Spelling() + "<" + string.Join(", ", generic.Arguments.Select(Spelling)) + ">",
            IdlUnionType union => "(" + string.Join(" or ", union.Members.Select(Spelling)) + ")",
            _ => "",
        };
        return type.Nullable ? text + "?" : text;
    }
}
