using System.Globalization;
using System.Numerics;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Constants' and default values against their types.</summary>
internal sealed class ValueChecks(IdlScope scope, IdlReport report)
{
    public void Check(IdlType type, IdlValue value)
    {
        var resolved = scope.Resolve(type);
        if (value.Kind == IdlValueKind.Null && scope.IncludesNullable(resolved)) return;
        var types = scope.Flatten(type);
        if (types.Any(t => Accepts(t, value))) return;
        var shown = value.Kind == IdlValueKind.String ? "\"" + value.Text + "\"" : "'" + value.Text + "'";
        var outOfRange = value.Kind == IdlValueKind.Integer && types.Any(t => t.Simple?.IsInteger() == true);
        report.Add(outOfRange ? IdlRules.OutOfRange : IdlRules.WrongValue, value.At, shown, type.Spelling());
    }

    private static bool Accepts(ResolvedType type, IdlValue value)
    {
        if (type.IsUnknown || type.Simple == IdlSimple.Any) return true;
        var simple = type.Simple;
        return value.Kind switch
        {
            IdlValueKind.Undefined => simple == IdlSimple.Undefined,
            IdlValueKind.Boolean => simple == IdlSimple.Boolean,
            IdlValueKind.Integer => simple == IdlSimple.BigInt || simple?.IsFloat() == true || (simple is { } kind && InRange(kind, value.Text)),
            IdlValueKind.Decimal => simple?.IsFloat() == true,
            IdlValueKind.Infinity or IdlValueKind.NegativeInfinity or IdlValueKind.NaN =>
                simple is IdlSimple.UnrestrictedFloat or IdlSimple.UnrestrictedDouble,
            IdlValueKind.String => simple == IdlSimple.ByteString ? value.Text.All(c => c <= 'ÿ')
                : simple?.IsString() == true || (type.Definition is IdlEnum e && e.Values.Any(v => v.Value == value.Text)),
            IdlValueKind.EmptySequence => type.Generic == IdlGeneric.Sequence,
            IdlValueKind.EmptyDictionary => type.IsDictionary,
            _ => false,
        };
    }

    private static bool InRange(IdlSimple kind, string text)
    {
        if (Range(kind) is not { } range) return false;
        // More digits than 64 bits have, in any base, are out of every range.
        if (text.Length > 40 && text.TrimStart('-', '0', 'x', 'X').Length > 40) return false;
        var value = Parse(text);
        return value >= range.Least && value <= range.Most;
    }

    /// <summary>The value of an integer token: decimal, 0x hexadecimal or 0 octal.</summary>
    private static BigInteger Parse(string text)
    {
        var negative = text[0] == '-';
        var digits = negative ? text.Substring(1) : text;
        var value = BigInteger.Zero;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            value = BigInteger.Parse("0" + digits.Substring(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        else if (digits[0] == '0')
            foreach (var digit in digits) value = value * 8 + (digit - '0');
        else value = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return negative ? -value : value;
    }

    private static (BigInteger Least, BigInteger Most)? Range(IdlSimple kind) => kind switch
    {
        IdlSimple.Byte => (sbyte.MinValue, sbyte.MaxValue),
        IdlSimple.Octet => (0, byte.MaxValue),
        IdlSimple.Short => (short.MinValue, short.MaxValue),
        IdlSimple.UnsignedShort => (0, ushort.MaxValue),
        IdlSimple.Long => (int.MinValue, int.MaxValue),
        IdlSimple.UnsignedLong => (0, uint.MaxValue),
        IdlSimple.LongLong => (long.MinValue, long.MaxValue),
        IdlSimple.UnsignedLongLong => (0, ulong.MaxValue),
        _ => null,
    };
}
