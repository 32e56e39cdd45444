using System.Globalization;
using System.Text;
using System.Text.Json;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire;

/// <summary>Messages as canonical JSON. An object a PDU, a property a field in camel case, in wire order; a split field's parts are
/// properties of their own. Integers are numbers, beyond 2^53-1 decimal strings; text is a string; other bytes are lower-case hex. An
/// element of a known code holds its variant's object under the union's name and says the code's "name".
/// <para>What writing computes or fixes (lengths, CRCs, constants, padding, reserved bits) is left out, unless it differs from that or its
/// presence is conditional; so the JSON of a good message is its meaning, and that of a bad one still gives its bytes. Received keyed
/// checksums are kept. Bytes that are not in the schema's shape, or a leb128 of more bytes than it needs, stand as <c>{"raw":"00ff"}</c>, and bytes
/// after the last field as "$tail".</para></summary>
public static partial class WireJson
{
    private const ulong SafeInteger = (1UL << 53) - 1;

    public static void Write(WireTree tree, Utf8JsonWriter writer)
    {
        var bytes = tree.Encode();
        WriteItem(tree.Root, bytes, writer);
    }

    /// <summary>The canonical JSON as text without white space.</summary>
    public static string Text(WireTree tree)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) Write(tree, writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    internal static string NameOf(string csName) => JsonNamingPolicy.CamelCase.ConvertName(csName);

    /// <param name="says">The object says which PDU it is, for nothing beside it does.</param>
    private static void WriteItem(WireItem item, byte[] bytes, Utf8JsonWriter writer, bool says = false)
    {
        switch (item.Kind)
        {
            case WireItemKind.Pdu when IsInShape(item): WritePdu(item, bytes, writer, says); break;
            case WireItemKind.Pdu: WriteRaw(Slice(item, bytes), writer); break;
            case WireItemKind.Raw: WriteRaw(item.Bytes.Span, writer); break;
            case WireItemKind.Number when item.IsPadded: WriteRaw(Slice(item, bytes), writer); break;
            case WireItemKind.Number: WriteNumber(item.Slot!, item.Number, writer); break;
            case WireItemKind.Nested: WriteItem(item.Children[0], bytes, writer, says: item.Slot!.Peek is not null); break;
            case WireItemKind.List:
                writer.WriteStartArray();
                foreach (var c in item.Children) WriteItem(c, bytes, writer);
                writer.WriteEndArray();
                break;
            case WireItemKind.Bytes when item.Slot!.Text != TextEncoding.None:
                if (TreeParser.IsText(item.Slot.Text, item.Bytes.Span)) writer.WriteStringValue(item.Bytes.Span);
                else WriteRaw(item.Bytes.Span, writer);
                break;
            default:
                writer.WriteStringValue(Convert.ToHexStringLower(item.Slot!.Kind == FieldKind.Checksum ? Slice(item, bytes) : item.Bytes.Span));
                break;
        }
    }

    private static void WritePdu(WireItem pdu, byte[] bytes, Utf8JsonWriter writer, bool says)
    {
        writer.WriteStartObject();
        if (says) writer.WriteString("$type", pdu.Pdu!.CsName);
        foreach (var c in pdu.Children)
        {
            if (c.Slot is not { } f) writer.WriteString("$tail", Convert.ToHexStringLower(c.Bytes.Span));
            else if (c.Kind == WireItemKind.Number && f.Kind == FieldKind.Split)
                foreach (var part in f.Parts)
                {
                    writer.WritePropertyName(NameOf(part.Part.CsName));
                    WriteNumber(part.Read(c.Number), writer);
                }
            else if (IsShown(f, c))
            {
                writer.WritePropertyName(NameOf(f.Field.CsName));
                WriteItem(c, bytes, writer);
            }
            if (c.Slot is { } s && pdu.Plan!.Union is { Peek: null } union && s.Index == union.Selector && WireText.NameOf(pdu) is { } name) writer.WriteString("name", name);
        }
        writer.WriteEndObject();
    }

    private static bool IsShown(FieldPlan f, WireItem item)
    {
        if (f.When is not null || item.Kind == WireItemKind.Raw || item.Override != WireOverride.None || item.IsPadded) return true;
        return f.Field.Shape switch
        {
            ConstShape c => item.Number != c.Value,
            ReservedShape r => item.Number != r.Sent,
            BytesShape when f.Field.Role == Role.Free => !item.Bytes.IsEmpty,
            PadShape p => item.Bytes.Span.ContainsAnyExcept(p.Fill),
            ChecksumShape c => WireChecksum.IsKeyed(c.Algorithm) || item.Bytes.Length != f.ChecksumBytes,
            _ => f.Derive is null,
        };
    }

    /// <summary>True when an object can say it: every field that is not conditional is there, in order and whole.</summary>
    private static bool IsInShape(WireItem pdu)
    {
        if (pdu.Cut >= 0) return false;
        var next = 0;
        var fields = pdu.Plan!.Fields;
        for (var i = 0; i < pdu.Children.Count; i++)
        {
            var c = pdu.Children[i];
            if (c.Cut >= 0) return false;
            if (c.Slot is not { } f || c.Kind == WireItemKind.Pdu)
            {
                if (c.Kind == WireItemKind.Raw && i == pdu.Children.Count - 1) continue;
                return false;
            }
            while (next < f.Index && MayBeAbsent(fields[next])) next++;
            if (next != f.Index) return false;
            next++;
            if (f.Kind == FieldKind.Union && c.Kind == WireItemKind.Nested && !IsOfKind(f, pdu, c.Children[0])) return false;
            if (f.Kind == FieldKind.Split && c.Kind == WireItemKind.Number && Unsaid(f, c.Number)) return false;
        }
        while (next < fields.Length && MayBeAbsent(fields[next])) next++;
        return next == fields.Length;
    }

    private static bool MayBeAbsent(FieldPlan f) => f.When is not null || f.IsVirtual;

    /// <summary>True when the content is what a reader of the JSON takes it for.</summary>
    private static bool IsOfKind(FieldPlan union, WireItem pdu, WireItem content) =>
        union.Peek is not null ? union.Plans.Contains(content.Plan!) : union.PlanFor(pdu.ValueOfSlot(union.Selector) ?? 0) == content.Plan;

    /// <summary>True when the value has bits that no part holds.</summary>
    private static bool Unsaid(FieldPlan f, ulong value)
    {
        ulong said = 0;
        foreach (var part in f.Parts) said = part.Write(said, part.Read(value));
        return said != value;
    }

    private static ReadOnlySpan<byte> Slice(WireItem item, byte[] bytes)
    {
        var from = Math.Min(item.Offset, bytes.Length);
        return bytes.AsSpan(from..Math.Min(from + item.Length, bytes.Length));
    }

    private static void WriteRaw(ReadOnlySpan<byte> bytes, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("raw", Convert.ToHexStringLower(bytes));
        writer.WriteEndObject();
    }

    private static void WriteNumber(FieldPlan f, ulong value, Utf8JsonWriter writer)
    {
        if (f.Signed && f.ValueOf(value) < 0 && f.Bits <= 53) writer.WriteNumberValue(f.ValueOf(value));
        else WriteNumber(value, writer);
    }

    /// <summary>An integer as the field's bits: negative ones of signed fields are allowed.</summary>
    internal static bool TryNumber(FieldPlan f, JsonElement json, out ulong value)
    {
        if (TryNumber(json, out value)) return value <= f.Max;
        if (!f.Signed || json.ValueKind != JsonValueKind.Number || !json.TryGetInt64(out var signed)) return false;
        value = unchecked((ulong)signed) & f.Max;
        return f.ValueOf(value) == signed;
    }

    internal static void WriteNumber(ulong value, Utf8JsonWriter writer)
    {
        if (value <= SafeInteger) writer.WriteNumberValue(value);
        else writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    internal static bool TryNumber(JsonElement json, out ulong value)
    {
        value = 0;
        return json.ValueKind == JsonValueKind.Number && json.TryGetUInt64(out value)
            || json.ValueKind == JsonValueKind.String && ulong.TryParse(json.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    internal static bool TryHex(JsonElement json, out byte[] bytes)
    {
        bytes = [];
        if (json.ValueKind != JsonValueKind.String || json.GetString() is not { } text || text.Length % 2 != 0 || text.Length / 2 > WireLimits.MaxBytes) return false;
        foreach (var c in text) if (!char.IsAsciiHexDigit(c)) return false;
        bytes = Convert.FromHexString(text);
        return true;
    }

    /// <summary>The bytes of <c>{"raw":"00ff"}</c>.</summary>
    internal static bool TryRaw(JsonElement json, out byte[] bytes)
    {
        bytes = [];
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty("raw", out var raw) && TryHex(raw, out bytes) && json.EnumerateObject().Count() == 1;
    }
}
