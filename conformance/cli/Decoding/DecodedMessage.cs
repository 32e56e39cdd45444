using System.Globalization;
using System.Text;
using System.Text.Json;
using WebRtcConformance.Ir;
using WebRtcConformance.Text;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Cli.Decoding;

/// <summary>Some bytes, taken for a message of a format: shown whatever they are, and judged.</summary>
internal sealed class DecodedMessage
{
    private readonly IMessageFormat _format;
    private readonly byte[] _bytes;
    private readonly bool _verified;
    private readonly IReadOnlyList<TextRelaxation> _relaxations = [];
    private readonly TextTree? _tolerant;

    /// <param name="key">Compare the checksums too, with this key; <see cref="WireKey.None"/> compares none.</param>
    /// <param name="tolerant">A text that is refused is read with relaxations of the grammar, if those help.</param>
    public DecodedMessage(IMessageFormat format, byte[] bytes, WireKey key, bool tolerant = false)
    {
        (_format, _bytes) = (format, bytes);
        bool accepted = format.Accepts(bytes, out WireError error);
        _verified = accepted && !key.IsNone && format.Verify(bytes, key, out error);
        if (tolerant && error.IsError && format is TextFormat text && TextTolerance.Needed(text.Rule, bytes, out TextTree tree) is { } needed)
        {
            (_relaxations, _tolerant, error) = (needed, tree, default);
        }

        Error = error;
    }

    /// <summary>What a strict parser, or the comparison of checksums, refuses.</summary>
    public WireError Error { get; }

    /// <summary>One line for the message, then one for each element: offset, name, value, section; last the verdict, if it is not "accepted".</summary>
    public string Text
    {
        get
        {
            string dump = _tolerant?.Dump() ?? _format.Dump(_bytes);
            StringBuilder text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{_format.Name}, {_bytes.Length} bytes\n").Append(dump);
            if (_verified)
            {
                text.Append("every checksum verifies\n");
            }

            foreach (TextRelaxation relaxation in _relaxations)
            {
                text.Append(CultureInfo.InvariantCulture, $"read with the relaxation {relaxation.Name} ({relaxation.Clause})\n");
            }

            // The dump itself names what the parser refuses; of checksums it knows nothing.
            if (Error.IsError && (Error.Kind == WireErrorKind.Checksum || !dump.Contains("refuses", StringComparison.Ordinal)))
            {
                text.Append(CultureInfo.InvariantCulture, $"refused: {Error}\n");
            }

            return text.ToString();
        }
    }

    /// <summary>The properties "type", "length", "bytes", "accepted", "error" (null, or "kind", "path", "offset", "document", "section"), "relaxations" (when some
    /// were needed) and "value", the message's canonical JSON.</summary>
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

        if (_relaxations.Count > 0)
        {
            json.WriteStartArray("relaxations");
            foreach (TextRelaxation relaxation in _relaxations)
            {
                json.WriteStringValue(relaxation.Name);
            }

            json.WriteEndArray();
        }

        json.WritePropertyName("value");
        if (_tolerant is not null)
        {
            _tolerant.WriteJson(json);
        }
        else
        {
            _format.WriteJson(_bytes, json);
        }
    }
}
