using WebRtcConformance.Generator.WebIdl.Linking;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl.Emit;

/// <summary>How types and names of Web IDL look in C#.</summary>
internal static class CsTypes
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate",
        "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in",
        "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private",
        "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this",
        "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    };

    /// <summary>Names that the emitted methods use themselves.</summary>
    private static readonly HashSet<string> Taken = new(StringComparer.Ordinal) { "cx", "from", "realm", "result", "called" };

    /// <summary>Names that C# or its records give a meaning of their own.</summary>
    private static readonly HashSet<string> RecordMembers = new(StringComparer.Ordinal)
    {
        "Clone", "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "EqualityContract", "PrintMembers", "Finalize", "Write",
    };

    public static string Name(ApiType type) => type switch
    {
        ApiSimple simple => Simple(simple.Kind),
        ApiBufferView => "IJsArrayBufferView",
        ApiNamed { Kind: ApiNamedKind.Interface or ApiNamedKind.CallbackInterface } named => "I" + named.Name,
        ApiNamed named => named.Name,
        ApiNullable nullable => Name(nullable.Inner) + "?",
        ApiSequence sequence => $"IdlSequence<{Name(sequence.Element)}>",
        ApiRecord record => $"IdlRecord<{Name(record.Value)}>",
        ApiPromise promise => $"IdlPromise<{Name(promise.Value)}>",
        ApiUnion union => union.Name,
        _ => "JsValue",
    };

    private static string Simple(IdlSimple kind) => kind switch
    {
        IdlSimple.Any or IdlSimple.Symbol => "JsValue",
        IdlSimple.Undefined => "IdlUndefined",
        IdlSimple.Boolean => "bool",
        IdlSimple.Byte => "sbyte",
        IdlSimple.Octet => "byte",
        IdlSimple.Short => "short",
        IdlSimple.UnsignedShort => "ushort",
        IdlSimple.Long => "int",
        IdlSimple.UnsignedLong => "uint",
        IdlSimple.LongLong => "long",
        IdlSimple.UnsignedLongLong => "ulong",
        IdlSimple.Float or IdlSimple.UnrestrictedFloat => "float",
        IdlSimple.Double or IdlSimple.UnrestrictedDouble => "double",
        IdlSimple.BigInt => "BigInteger",
        IdlSimple.Object => "IJsObject",
        IdlSimple.ArrayBuffer => "IJsArrayBuffer",
        >= IdlSimple.ArrayBuffer => "IJsArrayBufferView",
        _ => "string",
    };

    /// <summary>Whether the C# type is a struct, so that "T?" is a Nullable.</summary>
    public static bool IsValue(ApiType type) => type switch
    {
        ApiSimple simple => simple.Kind is not IdlSimple.Object && !simple.Kind.IsString() && !simple.Kind.IsBuffer(),
        ApiNamed named => named.Kind == ApiNamedKind.Enum,
        ApiSequence => true,
        _ => false,
    };

    /// <summary>Whether the C# type is an interface, which no implicit conversion may start from.</summary>
    public static bool IsInterface(ApiType type) => Name(type) is ['I', >= 'A' and <= 'Z', ..] && type is ApiNamed { Kind: ApiNamedKind.Interface or ApiNamedKind.CallbackInterface }
        or ApiBufferView || type is ApiSimple simple && (simple.Kind is IdlSimple.Object || simple.Kind.IsBuffer());

    /// <summary>The method that makes a C# value of a script's.</summary>
    public static string Read(ApiType type) => Converter(type) + ".Read" + type.Key;

    /// <summary>The method that makes a script's value of a C# value.</summary>
    public static string Write(ApiType type) => Converter(type) + ".Write" + (type is ApiSimple simple ? simple.Kind.ToString() : type.Key);

    private static string Converter(ApiType type) => type is ApiSimple or ApiBufferView ? "IdlConvert" : "IdlTypes";

    /// <summary>"createOffer" to "CreateOffer".</summary>
    public static string Member(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    public static string RecordMember(string name, string owner)
    {
        var member = Member(name);
        return member == owner || RecordMembers.Contains(member) ? member + "Member" : member;
    }

    public static string Parameter(string name) => Keywords.Contains(name) ? "@" + name : Taken.Contains(name) ? name + "_" : name;

    /// <summary>"have-local-offer" to "HaveLocalOffer"; a value that is a name with a capital already stays as it is.</summary>
    public static string EnumMember(string value)
    {
        if (value.Length == 0) return "Empty";
        if (char.IsUpper(value[0]) && value.All(c => c == '_' || c < 128 && char.IsLetterOrDigit(c))) return value;
        var text = new System.Text.StringBuilder();
        var upper = true;
        foreach (var c in value)
        {
            if (c >= 128 || !char.IsLetterOrDigit(c))
            {
                upper = true;
                continue;
            }
            if (text.Length == 0 && char.IsDigit(c)) text.Append('_');
            text.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }
        return text.Length == 0 ? "_" : text.ToString();
    }

    /// <summary>The C# names of an enumeration's values, made unique.</summary>
    public static EquatableArray<string> EnumMembers(IEnumerable<string> values)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var names = new List<string>();
        foreach (var value in values)
        {
            var name = EnumMember(value);
            while (!seen.Add(name)) name += "_";
            names.Add(name);
        }
        return new(names);
    }

    public static string Literal(string text)
    {
        var result = new System.Text.StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') result.Append('\\').Append(c);
            else if (c is < ' ' or > '~') result.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            else result.Append(c);
        }
        return result.Append('"').ToString();
    }
}
