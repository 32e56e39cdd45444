using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl.Linking;

/// <summary>Types as written to types as meant: typedefs followed, unions flattened, extended attributes applied.</summary>
internal sealed class ApiTypeResolver(Func<string, IdlDefinition?> find)
{
    private const int Deepest = 60;

    /// <param name="attributes">The extended attributes of the member or argument that has the type.</param>
    /// <param name="unsupported">What the back end makes no C# for, when that is why the result is null; otherwise a name is declared nowhere.</param>
    public ApiType? Resolve(IdlType type, EquatableArray<IdlExtendedAttribute> attributes, out string? unsupported)
    {
        unsupported = null;
        return Resolve(type, Traits.Of(attributes), null, 0, ref unsupported);
    }

    /// <param name="alias">The typedef that stands for exactly this type.</param>
    private ApiType? Resolve(IdlType type, Traits traits, string? alias, int depth, ref string? unsupported)
    {
        if (depth > Deepest) return null;
        traits = traits.With(type.ExtendedAttributes);
        var inner = type switch
        {
            IdlSimpleType simple => Simple(simple.Kind, traits, ref unsupported),
            IdlNamedType named => Named(named.Name, traits, depth, ref unsupported),
            IdlUnionType union => Union(union, alias, depth, ref unsupported),
            IdlGenericType generic => Generic(generic, depth, ref unsupported),
            _ => null,
        };
        return inner is null || !type.Nullable || inner is ApiNullable ? inner : new ApiNullable(inner);
    }

    private static ApiType? Simple(IdlSimple kind, Traits traits, ref string? unsupported)
    {
        if (kind is IdlSimple.SharedArrayBuffer) unsupported = "a SharedArrayBuffer";
        if (unsupported is not null) return null;
        return new ApiSimple(kind, kind.IsInteger() ? traits.Range : ApiRange.Modulo, kind.IsString() && traits.NullToEmpty);
    }

    private ApiType? Named(string name, Traits traits, int depth, ref string? unsupported)
    {
        // Web IDL defines it as a union of all view types; one C# type serves for all of them.
        if (name == "ArrayBufferView") return new ApiBufferView();
        return find(name) switch
        {
            IdlTypedef typedef => Resolve(typedef.Type, traits, name, depth + 1, ref unsupported),
            IdlInterface => new ApiNamed(name, ApiNamedKind.Interface),
            IdlCallbackInterface => new ApiNamed(name, ApiNamedKind.CallbackInterface),
            IdlCallback callback => new ApiNamed(name, ApiNamedKind.Callback, callback.ExtendedAttributes.Any(a => a.Name == "LegacyTreatNonObjectAsNull")),
            IdlDictionary => new ApiNamed(name, ApiNamedKind.Dictionary),
            IdlEnum => new ApiNamed(name, ApiNamedKind.Enum),
            _ => null,
        };
    }

    private ApiType? Union(IdlUnionType union, string? alias, int depth, ref string? unsupported)
    {
        var members = new List<ApiType>();
        var nullable = false;
        foreach (var written in union.Members)
        {
            if (Resolve(written, default, null, depth + 1, ref unsupported) is not { } member) return null;
            nullable |= member.IncludesNull();
            if (member.Unwrapped() is ApiUnion nested) members.AddRange(nested.Members);
            else members.Add(member.Unwrapped());
        }
        if (members.Any(m => m.Is(IdlSimple.Undefined)))
        {
            unsupported = "a union with 'undefined'";
            return null;
        }
        var flat = new ApiUnion(alias ?? string.Join("Or", members.Select(m => m.Key)), new(members));
        return nullable ? new ApiNullable(flat) : flat;
    }

    private ApiType? Generic(IdlGenericType generic, int depth, ref string? unsupported)
    {
        var arguments = new List<ApiType>();
        foreach (var written in generic.Arguments)
        {
            if (Resolve(written, default, null, depth + 1, ref unsupported) is not { } argument) return null;
            arguments.Add(argument);
        }
        switch (generic.Kind)
        {
            case IdlGeneric.Sequence: return new ApiSequence(arguments[0], false);
            case IdlGeneric.FrozenArray: return new ApiSequence(arguments[0], true);
            case IdlGeneric.Promise: return new ApiPromise(arguments[0]);
            case IdlGeneric.Record: return new ApiRecord(arguments[0], arguments[1]);
            default:
                unsupported = generic.Kind == IdlGeneric.ObservableArray ? "an ObservableArray" : "an asynchronous sequence";
                return null;
        }
    }

    /// <summary>The extended attributes that apply to types.</summary>
    private readonly record struct Traits(ApiRange Range, bool NullToEmpty)
    {
        public static Traits Of(EquatableArray<IdlExtendedAttribute> attributes) => default(Traits).With(attributes);

        public Traits With(EquatableArray<IdlExtendedAttribute> attributes)
        {
            var (range, nullToEmpty) = (Range, NullToEmpty);
            foreach (var attribute in attributes)
            {
                if (attribute.Name == "EnforceRange") range = ApiRange.EnforceRange;
                else if (attribute.Name == "Clamp") range = ApiRange.Clamp;
                else if (attribute.Name == "LegacyNullToEmptyString") nullToEmpty = true;
            }
            return new(range, nullToEmpty);
        }
    }
}
