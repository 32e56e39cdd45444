using System.Text.Json;

namespace WebRtcConformance.Wire;

/// <summary>Changes as JSON: <c>{"at":"attributes[0].length","op":"off","by":1}</c>. Operations: is, off, flip (by: an integer, or a
/// decimal string beyond 2^53), raw, insert (by: lower-case hex), remove, duplicate, move (by: index), truncate (by: bytes).</summary>
public static class WireEditJson
{
    private const long SafeInteger = (1L << 53) - 1;

    public static void Write(WireChange change, Utf8JsonWriter writer)
    {
        var edit = change.Edit;
        writer.WriteStartObject();
        writer.WriteString("at", change.At);
        writer.WriteString("op", edit.Op.ToString().ToLowerInvariant());
        switch (edit.Op)
        {
            case WireEditOp.Off:
                var by = unchecked((long)edit.By);
                if (Math.Abs(Math.Max(by, -SafeInteger - 1)) <= SafeInteger) writer.WriteNumber("by", by);
                else writer.WriteString("by", by.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case WireEditOp.Is or WireEditOp.Flip or WireEditOp.Move or WireEditOp.Truncate:
                writer.WritePropertyName("by");
                WireJson.WriteNumber(edit.By, writer);
                break;
            case WireEditOp.Raw or WireEditOp.Insert: writer.WriteString("by", Convert.ToHexStringLower(edit.Bytes.Span)); break;
        }
        writer.WriteEndObject();
    }

    /// <summary>False with a reason when the JSON is not a change.</summary>
    public static bool TryRead(JsonElement json, out WireChange? change, out string? problem)
    {
        change = null;
        problem = null;
        if (json.ValueKind != JsonValueKind.Object) problem = "an edit is an object";
        else if (!json.TryGetProperty("at", out var at) || at.ValueKind != JsonValueKind.String) problem = "\"at\" has to be a path";
        else if (!json.TryGetProperty("op", out var op) || op.ValueKind != JsonValueKind.String
            || !Enum.TryParse<WireEditOp>(op.GetString(), ignoreCase: true, out var which) || !Enum.IsDefined(which) || char.IsAsciiDigit(op.GetString()![0]))
            problem = "\"op\" has to be one of is, off, flip, raw, remove, duplicate, move, insert, truncate";
        else
        {
            json.TryGetProperty("by", out var by);
            if (Edit(which, by, out problem) is { } edit) change = new WireChange(at.GetString()!, edit);
        }
        return change is not null;
    }

    private static WireEdit? Edit(WireEditOp op, JsonElement by, out string? problem)
    {
        problem = null;
        switch (op)
        {
            case WireEditOp.Remove: return WireEdit.Remove;
            case WireEditOp.Duplicate: return WireEdit.Duplicate;
            case WireEditOp.Raw or WireEditOp.Insert:
                if (WireJson.TryHex(by, out var bytes)) return new WireEdit(op, 0, bytes);
                problem = $"\"by\" of \"{op.ToString().ToLowerInvariant()}\" has to be hex digits, two for each byte";
                return null;
            case WireEditOp.Off:
                if (by.ValueKind == JsonValueKind.Number && by.TryGetInt64(out var off)
                    || by.ValueKind == JsonValueKind.String && long.TryParse(by.GetString(), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out off))
                    return WireEdit.Off(off);
                problem = "\"by\" of \"off\" has to be an integer";
                return null;
            default:
                if (WireJson.TryNumber(by, out var number) && (op is WireEditOp.Is or WireEditOp.Flip || number <= WireLimits.MaxBytes)) return new WireEdit(op, number);
                problem = $"\"by\" of \"{op.ToString().ToLowerInvariant()}\" has to be an integer from 0 up";
                return null;
        }
    }
}
