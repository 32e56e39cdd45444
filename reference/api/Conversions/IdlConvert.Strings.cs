using System.Text;

namespace WebRtcConformance.Api;

// Web IDL sections 3.2.10 to 3.2.12 (strings) and 3.2.18 (enumerations).
public static partial class IdlConvert
{
    /// <summary>UTF-16 code units, lone surrogates included.</summary>
    public static string ReadDOMString(IdlContext cx, JsValue value) => ToText(cx, value);
    public static string ReadDOMStringNullToEmpty(IdlContext cx, JsValue value) => value.IsNull ? "" : ToText(cx, value);
    public static JsValue WriteDOMString(IdlContext cx, string value) => JsValue.From(value);

    /// <summary>Unicode scalar values: each lone surrogate becomes U+FFFD.</summary>
    public static string ReadUSVString(IdlContext cx, JsValue value) => ToScalarValues(ToText(cx, value));
    public static string ReadUSVStringNullToEmpty(IdlContext cx, JsValue value) => value.IsNull ? "" : ReadUSVString(cx, value);
    public static JsValue WriteUSVString(IdlContext cx, string value) => JsValue.From(ToScalarValues(value));

    /// <summary>Characters up to U+00FF, each standing for a byte.</summary>
    public static string ReadByteString(IdlContext cx, JsValue value)
    {
        var text = ToText(cx, value);
        foreach (var c in text)
            if (c > 0xFF)
            {
                cx.FailType($"U+{(int)c:X4} is beyond U+00FF, so this is no ByteString");
                return "";
            }
        return text;
    }

    public static string ReadByteStringNullToEmpty(IdlContext cx, JsValue value) => value.IsNull ? "" : ReadByteString(cx, value);
    public static JsValue WriteByteString(IdlContext cx, string value) => JsValue.From(value);

    internal static string ToScalarValues(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            var result = new StringBuilder(text.Length);
            foreach (var rune in text.EnumerateRunes()) result.Append(rune.ToString());
            return result.ToString();
        }
        return text;
    }

    /// <summary>Reads one of an enumeration's strings.</summary>
    public static T ReadEnum<T>(IdlContext cx, JsValue value, string name, IdlEnumValues<T> values) where T : struct, Enum
    {
        var text = ToText(cx, value);
        if (cx.Failed) return default;
        if (!values.TryParse(text, out var result)) cx.FailType($"'{text}' is no {name}");
        return result;
    }
}

/// <summary>An enumeration's strings, both ways.</summary>
/// <param name="strings">In the order of the C# enumeration, whose values count from 0.</param>
public sealed class IdlEnumValues<T>(params string[] strings) where T : struct, Enum
{
    private readonly Dictionary<string, T> _values = strings.Select((text, i) => (text, i)).ToDictionary(p => p.text, p => (T)Enum.ToObject(typeof(T), p.i), StringComparer.Ordinal);

    public IReadOnlyList<string> Strings => strings;
    public bool TryParse(string text, out T value) => _values.TryGetValue(text, out value);

    /// <exception cref="ArgumentOutOfRangeException">It is no value of the enumeration.</exception>
    public string Text(T value)
    {
        var index = System.Runtime.CompilerServices.Unsafe.As<T, int>(ref value);
        return (uint)index < (uint)strings.Length ? strings[index] : throw new ArgumentOutOfRangeException(nameof(value), value, "no value of the enumeration");
    }
}
