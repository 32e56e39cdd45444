using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using WebRtcConformance.Cli.Decoding;
using WebRtcConformance.Reports;
using WebRtcConformance.Text;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Cli.Commands;

/// <summary>`wrc decode`: bytes as the standard's own fields, each with its offset and its section.</summary>
internal static class DecodeCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static IReadOnlyList<IMessageFormat> Formats => MessageFormats.All;

    public static Command Make(CliContext context)
    {
        var input = new Argument<string[]>("input")
        {
            HelpName = "INPUT", Arity = ArgumentArity.ZeroOrMore,
            Description = "A message type, if you like; then hex (spaces and line ends are fine), of text types the text itself, a file or @FILE with either or with a pcap or pcapng "
                + "capture, or - for standard input.",
        };
        Option<string> type = RunOptions.One("--type", "TYPE", "Message type, e.g. stun.message, sdp, candidate. Default: told by the first byte (RFC 7983), else the first that accepts the bytes.");
        Option<string> password = RunOptions.One("--password", "TEXT", "Verify message integrity with this short-term password.");
        Option<bool> binary = RunOptions.Flag("--binary", "The file or standard input holds the bytes themselves, not hex.");
        Option<bool> json = RunOptions.Flag("--json", "One line of JSON for each message.");
        Option<bool> tolerant = RunOptions.Flag("--tolerant", "Read a text that the grammar refuses with relaxations, and say which ones it needed.");
        Option<bool> list = RunOptions.Flag("--list", "Name the message types.");
        Option<string> schema = RunOptions.One("--schema", "TYPE", "Write the JSON Schema of what --json gives as the value of this type.");
        var command = new WrcCommand("decode", "Shows a message or a text field by field, with offsets and sections; also one that is wrong.",
            "wrc decode 000100002112a442b7e7a701bc34d686fa87dfae", "wrc decode --type stun.message @request.hex", "wrc decode --json @call.pcapng",
            "wrc decode --password VOkJxbRl1RmTxUk/WvJxBt - < request.hex", "wrc decode sdp offer.sdp --tolerant", "wrc decode candidate 'candidate:1 1 UDP 7 10.0.0.1 9 typ host'", "wrc decode --schema sdp")
        {
            Notes = "Of a capture, every UDP datagram is shown. The type of a text can be the name of its SDP attribute. Exit: 0 all accepted, 1 something is refused by a strict parser "
                + "(it is shown all the same), 2 the input is no hex and no capture.",
        };
        command.Add(input);
        foreach (Option option in new Option[] { type, password, binary, json, tolerant, list, schema })
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            if (parsed.GetValue(list))
            {
                foreach (IMessageFormat format in Formats)
                {
                    context.Out.WriteLine(format.Name);
                }

                return ExitCode.AsExpected;
            }

            if (parsed.GetValue(schema) is { } described)
            {
                context.Out.WriteLine(Find(described).JsonSchema().ToJsonString(Indented));
                return ExitCode.AsExpected;
            }

            string[] words = parsed.GetValue(input) ?? [];
            IMessageFormat? chosen = parsed.GetValue(type) is { } name ? Find(name) : null;
            if (chosen is null && words is [var first, _, ..] && !HexText.IsHex(first) && MessageGuess.OfText(first) is null)
            {
                (chosen, words) = (Find(first), words[1..]);
            }

            WireKey key = parsed.GetValue(password) is { } secret ? new WireKey(Encoding.UTF8.GetBytes(secret)) : WireKey.None;
            bool refused = false, lines = parsed.GetValue(json);
            IEnumerable<DecodeInput> inputs = new DecodeInputs(context, parsed.GetValue(binary)).Read(words, ref chosen);
            foreach (DecodeInput message in chosen is null ? inputs.SelectMany(whole => MessageGuess.Split(whole.Bytes).Select(part => whole with { Bytes = part })) : inputs)
            {
                context.Stop.ThrowIfCancellationRequested();
                var decoded = new DecodedMessage(chosen ?? MessageGuess.Of(message.Bytes, Formats), message.Bytes, key, parsed.GetValue(tolerant));
                context.Out.Write(lines ? Json(message, decoded) : Text(message, decoded));
                refused |= decoded.Error.IsError;
            }

            return refused ? ExitCode.Unexpected : ExitCode.AsExpected;
        });
        return command;
    }

    private static string Text(DecodeInput input, DecodedMessage decoded) =>
        input.Packet is { } packet ? $"packet {packet.Packet}, {packet.Source} > {packet.Destination}: {decoded.Text}\n" : decoded.Text;

    private static string Json(DecodeInput input, DecodedMessage decoded)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (input.Packet is { } packet)
            {
                json.WriteNumber("packet", packet.Packet);
                json.WriteString("source", packet.Source.ToString());
                json.WriteString("destination", packet.Destination.ToString());
            }

            decoded.WriteProperties(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static IMessageFormat Find(string name) => MessageFormats.Find(name)
        ?? throw CliException.Usage($"there is no message type '{OneLine.Of(name, 60)}'",
            Nearest.Of(name, Formats.Select(format => format.Name)) is { } near ? $"did you mean {near}? see: wrc decode --list" : "see: wrc decode --list");
}
