using System.Globalization;
using System.Text;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <param name="Name">For people, e.g. "stun-attribute-type-username".</param>
public sealed record WireToken(string Name, ReadOnlyMemory<byte> Bytes);

/// <summary>Byte strings that matter in a message format, for fuzzers that know no structure: constants, registry values in the width of
/// their fields, boundaries that rules name, and a smallest valid message and variant of each kind.</summary>
public static class WireDictionary
{
    /// <inheritdoc cref="WireDictionary"/>
    public static IReadOnlyList<WireToken> For(SpecModule module) => For(module, WirePlans.Default);

    /// <inheritdoc cref="WireDictionary"/>
    public static IReadOnlyList<WireToken> For(SpecModule module, WirePlans plans)
    {
        var tokens = new List<WireToken>();
        var seen = new HashSet<string>();
        foreach (var pdu in module.Pdus)
        {
            var plan = plans.Of(pdu);
            foreach (var f in plan.Fields)
            {
                if (f.Field.Shape is ConstShape c) Add($"{pdu.CsName}-{f.Field.CsName}", Of(c.Value, f.Bits));
                if (f.Registry is { } registry)
                    foreach (var v in registry.Registry.Values) Add($"{registry.Registry.CsName}-{v.Name}", Of(v.Value, f.Bits));
                if (f.Leb128)
                {
                    // The longest forms of 0, and the first value that is too much.
                    Add($"{pdu.CsName}-{f.Field.CsName}-8-bytes", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]);
                    Add($"{pdu.CsName}-{f.Field.CsName}-9-bytes", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]);
                    Add($"{pdu.CsName}-{f.Field.CsName}-33-bits", [0x80, 0x80, 0x80, 0x80, 0x10]);
                }
                if (f.Kind == FieldKind.UInt && !f.Leb128)
                    foreach (var hint in f.Hints) if ((ulong)hint <= f.Max) Add($"{pdu.CsName}-{f.Field.CsName}-{hint}", Of((ulong)hint, f.Bits));
                foreach (var known in f.Kind == FieldKind.Union ? f.Cases : []) Add($"{pdu.CsName}-{known.Name ?? known.Plan.Pdu.Name}", Element(plan, known.From));
            }
            if (pdu.Kind == PduKind.Message)
            {
                var none = default(Choices);
                Add(pdu.CsName, WireDraw.Draw(plan, ref none).Encode());
            }
        }
        return tokens;

        void Add(string name, byte[] bytes)
        {
            if (bytes.Length > 0 && seen.Add(Convert.ToHexString(bytes))) tokens.Add(new WireToken(module.Name + "-" + Kebab(name), bytes));
        }
    }

    /// <summary>The file format of AFL++ and libFuzzer: <c>name="\x21\x12"</c>, one a line.</summary>
    public static string ToFile(IEnumerable<WireToken> tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            text.Append(token.Name.Replace('-', '_')).Append("=\"");
            foreach (var b in token.Bytes.Span) text.Append("\\x").Append(b.ToString("X2", CultureInfo.InvariantCulture));
            text.Append("\"\n");
        }
        return text.ToString();
    }

    private static byte[] Element(WirePlan element, ulong code)
    {
        var draw = new TreeDraw(default);
        return TreeEncoder.Encode(draw.Element(element, code, 1), WireKey.None);
    }

    /// <summary>The value in whole bytes, at the low end.</summary>
    private static byte[] Of(ulong value, int bits)
    {
        if (bits < 8) return [];
        var bytes = new byte[bits + 7 >> 3];
        Bits.Write(bytes, bytes.Length * 8 - bits, bits, value, bytes.Length * 8);
        return bytes;
    }

    private static string Kebab(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name) text.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-');
        return text.ToString();
    }
}
