using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace WebRtcConformance.Api;

/// <summary>The language types of ECMA-262 section 6.1.</summary>
public enum JsType : byte { Undefined, Null, Boolean, Number, BigInt, String, Symbol, Object }

/// <summary>A value of a script, whatever engine runs it. The default is undefined.</summary>
public readonly struct JsValue : IEquatable<JsValue>
{
    private readonly double _number;
    private readonly object? _reference;

    private JsValue(JsType type, double number, object? reference) => (Type, _number, _reference) = (type, number, reference);

    public JsType Type { get; }

    public static JsValue Undefined => default;
    public static JsValue Null { get; } = new(JsType.Null, 0, null);
    public static JsValue True { get; } = new(JsType.Boolean, 1, null);
    public static JsValue False { get; } = new(JsType.Boolean, 0, null);

    public static JsValue From(bool value) => value ? True : False;
    public static JsValue From(double value) => new(JsType.Number, value, null);
    public static JsValue FromBigInt(BigInteger value) => new(JsType.BigInt, 0, value);
    public static JsValue From(string value) => new(JsType.String, 0, value);
    public static JsValue From(IJsObject value) => new(JsType.Object, 0, value);

    /// <summary>A symbol; <paramref name="identity"/> is what the engine tells symbols apart by.</summary>
    public static JsValue Symbol(object identity) => new(JsType.Symbol, 0, identity);

    public bool IsUndefined => Type == JsType.Undefined;
    public bool IsNull => Type == JsType.Null;
    public bool IsNullish => Type <= JsType.Null;
    public bool IsObject => Type == JsType.Object;

    /// <summary>The value, when it is of the type that is asked for.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public bool Boolean => Type == JsType.Boolean ? _number != 0 : throw Wrong();
    public double Number => Type == JsType.Number ? _number : throw Wrong();
    public BigInteger BigInt => Type == JsType.BigInt ? (BigInteger)_reference! : throw Wrong();
    public string String => Type == JsType.String ? (string)_reference! : throw Wrong();
    public IJsObject Object => Type == JsType.Object ? (IJsObject)_reference! : throw Wrong();
    public object SymbolIdentity => Type == JsType.Symbol ? _reference! : throw Wrong();

    private InvalidOperationException Wrong([CallerMemberName] string asked = "") => new($"a {Type} was asked for as {asked}");

    /// <summary>SameValue (ECMA-262 section 7.2.10), so that NaN equals NaN; objects and symbols by identity.</summary>
    public bool Equals(JsValue other) => Type == other.Type && Type switch
    {
        JsType.Number => BitConverter.DoubleToInt64Bits(_number) == BitConverter.DoubleToInt64Bits(other._number) || double.IsNaN(_number) && double.IsNaN(other._number),
        JsType.Boolean => _number == other._number,
        _ => Equals(_reference, other._reference),
    };

    public override bool Equals(object? obj) => obj is JsValue other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Type, _number, _reference);
    public static bool operator ==(JsValue left, JsValue right) => left.Equals(right);
    public static bool operator !=(JsValue left, JsValue right) => !left.Equals(right);

    /// <summary>For messages: never runs a script.</summary>
    public override string ToString() => Type switch
    {
        JsType.Undefined => "undefined",
        JsType.Null => "null",
        JsType.Boolean => _number != 0 ? "true" : "false",
        JsType.Number => JsNumber.ToText(_number),
        JsType.BigInt => ((BigInteger)_reference!).ToString(CultureInfo.InvariantCulture) + "n",
        JsType.String => "'" + (string)_reference! + "'",
        JsType.Symbol => "a symbol",
        _ => "an object",
    };
}
