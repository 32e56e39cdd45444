using System.Numerics;

namespace WebRtcConformance.Api;

/// <summary>The conversions of Web IDL section 3.2, "JavaScript type mapping", both ways. "Read" takes a script's value, "Write" makes one. All are total: a
/// value that does not fit becomes an error of the context.</summary>
public static partial class IdlConvert
{
    public static JsValue ReadAny(IdlContext cx, JsValue value) => value;
    public static JsValue WriteAny(IdlContext cx, JsValue value) => value;

    public static IdlUndefined ReadUndefined(IdlContext cx, JsValue value) => default;
    public static JsValue WriteUndefined(IdlContext cx, IdlUndefined value) => default;

    /// <summary>ToBoolean, ECMA-262 section 7.1.2.</summary>
    public static bool ReadBoolean(IdlContext cx, JsValue value) => value.Type switch
    {
        JsType.Undefined or JsType.Null => false,
        JsType.Boolean => value.Boolean,
        JsType.Number => value.Number != 0 && !double.IsNaN(value.Number),
        JsType.BigInt => !value.BigInt.IsZero,
        JsType.String => value.String.Length > 0,
        _ => true,
    };

    public static JsValue WriteBoolean(IdlContext cx, bool value) => JsValue.From(value);

    /// <summary>Web IDL section 3.2.6; ToBigInt, ECMA-262 section 7.1.13.</summary>
    public static BigInteger ReadBigInt(IdlContext cx, JsValue value)
    {
        var primitive = ToPrimitive(cx, value, "number");
        if (cx.Failed) return default;
        switch (primitive.Type)
        {
            case JsType.BigInt: return primitive.BigInt;
            case JsType.Boolean: return primitive.Boolean ? 1 : 0;
            case JsType.String when JsNumber.ParseBigInt(primitive.String) is { } parsed: return parsed;
            default:
                cx.FailType($"{value} is no bigint");
                return default;
        }
    }

    public static JsValue WriteBigInt(IdlContext cx, BigInteger value) => JsValue.FromBigInt(value);

    public static JsValue ReadSymbol(IdlContext cx, JsValue value)
    {
        if (value.Type != JsType.Symbol) cx.FailType($"{value} is no symbol");
        return value;
    }

    public static JsValue WriteSymbol(IdlContext cx, JsValue value) => value;

    public static IJsObject ReadObject(IdlContext cx, JsValue value)
    {
        if (value.IsObject) return value.Object;
        cx.FailType($"{value} is no object");
        return null!;
    }

    public static JsValue WriteObject(IdlContext cx, IJsObject value) => JsValue.From(value);

    public static T? ReadNullableValue<T>(IdlContext cx, JsValue value, Func<IdlContext, JsValue, T> read) where T : struct =>
        value.IsNullish ? null : read(cx, value);

    public static T? ReadNullableReference<T>(IdlContext cx, JsValue value, Func<IdlContext, JsValue, T> read) where T : class =>
        value.IsNullish ? null : read(cx, value);

    /// <summary>ToPrimitive, ECMA-262 section 7.1.1.</summary>
    /// <param name="hint">"number" or "string".</param>
    internal static JsValue ToPrimitive(IdlContext cx, JsValue value, string hint)
    {
        if (cx.Failed || !value.IsObject) return value;
        var source = value.Object;
        if (cx.Method(source, cx.Realm.ToPrimitiveSymbol) is { } exotic)
        {
            var result = cx.Call(exotic, value, JsValue.From(hint));
            if (result.IsObject) cx.FailType("an object's conversion to a primitive gave an object");
            return result;
        }
        foreach (var name in hint == "string" ? ToStringFirst : ValueOfFirst)
        {
            var method = cx.Get(source, JsValue.From(name));
            if (cx.Failed) return default;
            if (!method.IsObject || !method.Object.IsCallable) continue;
            var result = cx.Call(method.Object, value);
            if (cx.Failed || !result.IsObject) return result;
        }
        cx.FailType("an object cannot be converted to a primitive");
        return default;
    }

    private static readonly string[] ToStringFirst = ["toString", "valueOf"], ValueOfFirst = ["valueOf", "toString"];

    /// <summary>ToNumber, ECMA-262 section 7.1.4.</summary>
    internal static double ToNumber(IdlContext cx, JsValue value)
    {
        var primitive = ToPrimitive(cx, value, "number");
        if (cx.Failed) return default;
        switch (primitive.Type)
        {
            case JsType.Number: return primitive.Number;
            case JsType.Undefined: return double.NaN;
            case JsType.Null: return 0;
            case JsType.Boolean: return primitive.Boolean ? 1 : 0;
            case JsType.String: return JsNumber.Parse(primitive.String);
            default:
                cx.FailType(primitive.Type == JsType.Symbol ? "a symbol is no number" : "a bigint is no number");
                return default;
        }
    }

    /// <summary>ToNumeric, ECMA-262 section 7.1.3, in place of the value; true when it is a bigint.</summary>
    internal static bool IsBigInt(IdlContext cx, ref JsValue value)
    {
        value = ToPrimitive(cx, value, "number");
        return value.Type == JsType.BigInt;
    }

    /// <summary>ToString, ECMA-262 section 7.1.17.</summary>
    internal static string ToText(IdlContext cx, JsValue value)
    {
        var primitive = ToPrimitive(cx, value, "string");
        if (cx.Failed) return "";
        switch (primitive.Type)
        {
            case JsType.String: return primitive.String;
            case JsType.Number: return JsNumber.ToText(primitive.Number);
            case JsType.BigInt: return primitive.BigInt.ToString(System.Globalization.CultureInfo.InvariantCulture);
            case JsType.Symbol:
                cx.FailType("a symbol is no string");
                return "";
            default: return primitive.ToString();
        }
    }
}
