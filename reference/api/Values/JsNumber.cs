using System.Globalization;
using System.Numerics;
using System.Text;

namespace WebRtcConformance.Api;

/// <summary>Numbers to text and back, as ECMA-262 has it.</summary>
public static class JsNumber
{
    /// <summary>StringToNumber, ECMA-262 section 7.1.4.1.1; NaN for what is no number.</summary>
    public static double Parse(string text)
    {
        var body = text.AsSpan().Trim(Blanks);
        if (body.IsEmpty) return 0;
        if (body.Length > 2 && body[0] == '0')
        {
            var bits = (body[1] | 0x20) switch { 'x' => 4, 'o' => 3, 'b' => 1, _ => 0 };
            if (bits != 0) return Digits(body[2..], bits);
        }
        var unsigned = body[0] is '+' or '-' ? body[1..] : body;
        if (unsigned is "Infinity") return body[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        foreach (var c in unsigned)
            if (c is not (>= '0' and <= '9' or '.' or 'e' or 'E' or '+' or '-')) return double.NaN;
        return double.TryParse(body, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            ? value : double.NaN;
    }

    /// <summary>StringToBigInt, ECMA-262 section 7.1.14; null for what is no integer.</summary>
    public static BigInteger? ParseBigInt(string text)
    {
        var body = text.AsSpan().Trim(Blanks);
        if (body.IsEmpty) return BigInteger.Zero;
        if (body.Length > 2 && body[0] == '0' && (body[1] | 0x20) is 'x' or 'o' or 'b') return Big(body[2..], (body[1] | 0x20) switch { 'x' => 16, 'o' => 8, _ => 2 });
        if (body is ['0', not (>= '0' and <= '9'), ..]) return null;
        var sign = body[0] is '+' or '-' ? 1 : 0;
        foreach (var c in body[sign..])
            if (c is not (>= '0' and <= '9')) return null;
        return body.Length > sign && BigInteger.TryParse(body, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>Number::toString, ECMA-262 section 6.1.6.1.20: the shortest digits that read back as the same number.</summary>
    public static string ToText(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (value == 0) return "0";
        if (double.IsInfinity(value)) return value > 0 ? "Infinity" : "-Infinity";
        var (digits, exponent) = Decompose(Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));
        var text = new StringBuilder(value < 0 ? "-" : "");
        // `exponent` is ECMA-262's n: the point stands after n digits.
        if (digits.Length <= exponent && exponent <= 21) text.Append(digits).Append('0', exponent - digits.Length);
        else if (exponent is > 0 and <= 21) text.Append(digits, 0, exponent).Append('.').Append(digits, exponent, digits.Length - exponent);
        else if (exponent is > -6 and <= 0) text.Append("0.").Append('0', -exponent).Append(digits);
        else
        {
            text.Append(digits[0]);
            if (digits.Length > 1) text.Append('.').Append(digits, 1, digits.Length - 1);
            text.Append('e').Append(exponent > 0 ? '+' : '-').Append(Math.Abs(exponent - 1).ToString(CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }

    /// <summary>Significant digits without zeros at either end, and where the point stands.</summary>
    private static (string Digits, int Exponent) Decompose(string text)
    {
        var e = text.IndexOf('E');
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.');
        exponent += point < 0 ? mantissa.Length : point;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), exponent - leading);
    }

    /// <summary>Digits of a power of two as the nearest number, ties to even.</summary>
    private static double Digits(ReadOnlySpan<char> digits, int bits)
    {
        foreach (var c in digits)
            if (Digit(c) >= 1 << bits) return double.NaN;
        var significant = digits.TrimStart('0');
        // No double has more than 1024 bits before the point.
        if (significant.Length * (long)bits > 1100) return double.PositiveInfinity;
        return double.Parse((Big(significant, 1 << bits) ?? BigInteger.Zero).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static int Digit(char c) => c is >= '0' and <= '9' ? c - '0' : (c | 0x20) is >= 'a' and <= 'f' ? (c | 0x20) - 'a' + 10 : 99;

    private static BigInteger? Big(ReadOnlySpan<char> digits, int radix)
    {
        if (digits.IsEmpty) return null;
        var value = BigInteger.Zero;
        foreach (var c in digits)
        {
            var digit = Digit(c);
            if (digit >= radix) return null;
            value = value * radix + digit;
        }
        return value;
    }

    /// <summary>WhiteSpace and LineTerminator of ECMA-262.</summary>
    private const string Blanks = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
}
