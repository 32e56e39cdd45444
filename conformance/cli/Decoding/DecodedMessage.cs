using System.Globalization;
using System.Text;
using System.Text.Json;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Cli.Decoding;

/// <summary>Some bytes, taken for a message of a format: shown whatever they are, and judged.</summary>
internal sealed class DecodedMessage
{
    private readonly IMessageFormat _format;
    private readonly byte[] _bytes;
    private readonly bool _verified;

    /// <param name="key">Compare the checksums too, with this key; <see cref="WireKey.None"/> compares none.</param>
    public DecodedMessage(IMessageFormat format, byte[] bytes, WireKey key)
    {
        (_format, _bytes) = (format, bytes);
        bool accepted = format.Accepts(bytes, out WireError error);
        _verified = accepted && !key.IsNone && format.Verify(bytes, key, out error);
        Error = error;
    }

    /// <summary>What a strict parser, or the comparison of checksums, refuses.</summary>
    public WireError Error { get; }

    /// <summary>One line for the message, then one for each element: offset, name, value, section; last the verdict, if it is not "accepted".</summary>
    public string Text
    {
        get
        {
            string dump = _format.Dump(_bytes);
            StringBuilder text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{_format.Name}, {_bytes.Length} bytes\n").Append(dump);
            if (_verified)
            {
                text.Append("every checksum verifies\n");
            }

            // The dump itself names what the parser refuses; of checksums it knows nothing.
            if (Error.IsError && (Error.Kind == WireErrorKind.Checksum || !dump.Contains("refuses", StringComparison.Ordinal)))
            {
                text.Append(CultureInfo.InvariantCulture, $"refused: {Error}\n");
            }

            return text.ToString();
        }
    }

    /// <summary>The properties "type", "length", "bytes", "accepted", "error" (null, or "kind", "path", "offset", "document", "section") and "value", the
    /// message's canonical JSON.</summary>
    public void WriteProperties(Utf8JsonWriter json)
    {
        json.WriteString("type", _format.Name);
        json.WriteNumber("length", _bytes.Length);
        json.WriteString("bytes", Convert.ToHexStringLower(_bytes));
        json.WriteBoolean("accepted", !Error.IsError);
        json.WritePropertyName("error");
        if (Error.IsError)
        {
            json.WriteStartObject();
            json.WriteString("kind", JsonNamingPolicy.KebabCaseLower.ConvertName(Error.Kind.ToString()));
            json.WriteString("path", Error.Path);
            json.WriteNumber("offset", Error.Offset);
            json.WriteString("document", Error.Clause?.Document);
            json.WriteString("section", Error.Clause?.Section);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        json.WritePropertyName("value");
        _format.WriteJson(_bytes, json);
    }
}
