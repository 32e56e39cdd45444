using System.Globalization;
using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator.WebIdl.Emit;

/// <summary>How a member or argument that may be left out looks in C#.</summary>
internal enum Presence : byte
{
    /// <summary>It is always there: it is required, or has a default, or undefined says that it is missing.</summary>
    Always,

    /// <summary>"T?", where null says that it is missing.</summary>
    OrNull,

    /// <summary>Optional&lt;T&gt;, as null is a value.</summary>
    Optional,
}

internal static class CsDefaults
{
    public static Presence PresenceOf(ApiType type, bool optional, ApiDefault? fallback) =>
        !optional || fallback is not null || type.Is(IdlSimple.Any) ? Presence.Always : type is ApiNullable ? Presence.Optional : Presence.OrNull;

    /// <summary>The C# type with what <see cref="Presence"/> adds.</summary>
    public static string TypeName(ApiType type, Presence presence) => presence switch
    {
        Presence.OrNull => CsTypes.Name(type) + "?",
        Presence.Optional => $"Optional<{CsTypes.Name(type)}>",
        _ => CsTypes.Name(type),
    };

    /// <summary>A default value as a C# expression of the type.</summary>
    public static string Expression(ApiType type, ApiDefault value) => type switch
    {
        ApiNullable when value.Kind == IdlValueKind.Null => "null",
        ApiNullable nullable => Expression(nullable.Inner, value),
        ApiUnion union => Case(union, value),
        ApiNamed { Kind: ApiNamedKind.Enum } named => named.Name + "." + CsTypes.EnumMember(value.Text),
        ApiNamed { Kind: ApiNamedKind.Dictionary } named => $"new {named.Name}()",
        ApiSequence => "default",
        _ => Simple(type, value),
    };

    private static string Simple(ApiType type, ApiDefault value) => value.Kind switch
    {
        IdlValueKind.String when type.Is(IdlSimple.Any) => $"JsValue.From({CsTypes.Literal(value.Text)})",
        IdlValueKind.Boolean or IdlValueKind.Integer or IdlValueKind.Decimal when type.Is(IdlSimple.Any) => $"JsValue.From({value.Text})",
        IdlValueKind.Null when type.Is(IdlSimple.Any) => "JsValue.Null",
        IdlValueKind.String => CsTypes.Literal(value.Text),
        IdlValueKind.Boolean => value.Text,
        IdlValueKind.Integer when type.Is(IdlSimple.Long) => Integer(value.Text),
        IdlValueKind.Integer => $"({CsTypes.Name(type)}){(value.Text[0] == '-' ? $"({Integer(value.Text)})" : Integer(value.Text))}",
        IdlValueKind.Decimal => Decimal(value.Text) + (IsFloat(type) ? "f" : ""),
        IdlValueKind.Infinity => CsTypes.Name(type) + ".PositiveInfinity",
        IdlValueKind.NegativeInfinity => CsTypes.Name(type) + ".NegativeInfinity",
        IdlValueKind.NaN => CsTypes.Name(type) + ".NaN",
        _ => "default",
    };

    private static bool IsFloat(ApiType type) => type.Is(IdlSimple.Float) || type.Is(IdlSimple.UnrestrictedFloat);

    /// <summary>Web IDL's integers may be octal ("010"), which C# reads as decimal.</summary>
    public static string Integer(string text)
    {
        var sign = text.StartsWith("-", StringComparison.Ordinal) ? "-" : "";
        var digits = text.Substring(sign.Length);
        if (digits.Length > 1 && digits[0] == '0' && (digits[1] | 0x20) != 'x' && digits.All(c => c is >= '0' and <= '7'))
            digits = Convert.ToUInt64(digits, 8).ToString(CultureInfo.InvariantCulture);
        return sign + digits;
    }

    private static string Decimal(string text) => text.EndsWith(".", StringComparison.Ordinal) ? text + "0" : text;

    /// <summary>The member of a union that a default is of.</summary>
    private static string Case(ApiUnion union, ApiDefault value)
    {
        var member = union.Members.FirstOrDefault(m => value.Kind switch
        {
            IdlValueKind.Boolean => m.Is(IdlSimple.Boolean),
            IdlValueKind.String => m is ApiNamed { Kind: ApiNamedKind.Enum } || m is ApiSimple simple && simple.Kind.IsString(),
            IdlValueKind.EmptyDictionary => m is ApiNamed { Kind: ApiNamedKind.Dictionary },
            IdlValueKind.EmptySequence => m is ApiSequence,
            _ => m is ApiSimple simple && simple.Kind.IsNumeric(),
        });
        return member is null ? "null!" : $"new {union.Name}.Of{member.Key}({Expression(member, value)})";
    }
}
