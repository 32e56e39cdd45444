using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using WebRtcConformance.Cli.Decoding;
using WebRtcConformance.Reports;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Cli.Commands;

/// <summary>`wrc decode`: bytes as the standard's own fields, each with its offset and its section.</summary>
internal static class DecodeCommand
{
    /// <summary>What is to be decoded.</summary>
    /// <param name="Packet">The packet of a capture that it is; null for bytes that came alone.</param>
    private sealed record Input(byte[] Bytes, CapturedUdp? Packet);

    private static IReadOnlyList<IMessageFormat> Formats => WireFormat.All;

    public static Command Make(CliContext context)
    {
        var input = new Argument<string[]>("hex")
        {
            HelpName = "HEX|@FILE|-", Arity = ArgumentArity.OneOrMore,
            Description = "Hex (spaces and line ends are fine), @FILE with hex or a pcap or pcapng capture, or - for standard input.",
        };
        Option<string> type = RunOptions.One("--type", "TYPE", "Message type, e.g. stun.message. Default: told by the first byte (RFC 7983), else the first that accepts the bytes.");
        Option<string> password = RunOptions.One("--password", "TEXT", "Verify message integrity with this short-term password.");
        Option<bool> binary = RunOptions.Flag("--binary", "The file or standard input holds the bytes themselves, not hex.");
        Option<bool> json = RunOptions.Flag("--json", "One line of JSON for each message.");
        Option<bool> list = RunOptions.Flag("--list", "Name the message types.");
        var command = new WrcCommand("decode", "Shows a message field by field, with offsets and sections; also one that is wrong.",
            "wrc decode 000100002112a442b7e7a701bc34d686fa87dfae", "wrc decode --type stun.message @request.hex", "wrc decode --json @call.pcapng",
            "wrc decode --password VOkJxbRl1RmTxUk/WvJxBt - < request.hex")
        {
            Notes = "Of a capture, every UDP datagram is shown. Exit: 0 all accepted, 1 something is refused by a strict parser (it is shown all the same), "
                + "2 the input is no hex and no capture.",
        };
        input.Arity = ArgumentArity.ZeroOrMore;
        command.Add(input);
        foreach (Option option in new Option[] { type, password, binary, json, list })
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

            IMessageFormat? chosen = parsed.GetValue(type) is { } name ? Find(name) : null;
            WireKey key = parsed.GetValue(password) is { } secret ? new WireKey(Encoding.UTF8.GetBytes(secret)) : WireKey.None;
            bool refused = false, lines = parsed.GetValue(json);
            IEnumerable<Input> inputs = Inputs(context, parsed.GetValue(input) ?? [], parsed.GetValue(binary));
            foreach (Input message in chosen is null ? inputs.SelectMany(whole => MessageGuess.Split(whole.Bytes).Select(part => whole with { Bytes = part })) : inputs)
            {
                context.Stop.ThrowIfCancellationRequested();
                var decoded = new DecodedMessage(chosen ?? MessageGuess.Of(message.Bytes, Formats), message.Bytes, key);
                context.Out.Write(lines ? Json(message, decoded) : Text(message, decoded));
                refused |= decoded.Error.IsError;
            }

            return refused ? ExitCode.Unexpected : ExitCode.AsExpected;
        });
        return command;
    }

    private static string Text(Input input, DecodedMessage decoded) =>
        input.Packet is { } packet ? $"packet {packet.Packet}, {packet.Source} > {packet.Destination}: {decoded.Text}\n" : decoded.Text;

    private static string Json(Input input, DecodedMessage decoded)
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

    private static List<Input> Inputs(CliContext context, string[] words, bool binary)
    {
        byte[] bytes = words switch
        {
            [] => throw CliException.Usage("nothing to decode", "give hex such as 000100002112a442, @FILE, or - for standard input"),
            ["-"] => binary ? ReadAll(Console.OpenStandardInput(), "standard input") : HexText.Parse(ReadText(context.In)),
            [['@', .. var path]] => ReadFile(path, binary),
            _ when binary => throw CliException.Usage("--binary goes with @FILE or - only"),
            _ => HexText.Parse(string.Join(' ', words)),
        };
        if (!CaptureReader.IsCapture(bytes))
        {
            return [new(bytes, null)];
        }

        CaptureContent capture = CaptureReader.Read(bytes);
        if (capture.Problem is { } problem)
        {
            context.Error.WriteLine($"wrc: the capture is read up to a damage: {problem}");
        }

        return capture.Datagrams.Count > 0 ? [.. capture.Datagrams.Select(datagram => new Input(datagram.Payload, datagram))]
            : throw CliException.Usage($"the capture has {capture.Packets} packets and no UDP datagram among them");
    }

    /// <summary>The bytes of a file: a capture as it is, else the hex in it.</summary>
    private static byte[] ReadFile(string path, bool binary)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] bytes = ReadAll(file, path);
            return binary || CaptureReader.IsCapture(bytes) ? bytes : HexText.Parse(Encoding.UTF8.GetString(bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ReportException.From("read", path, e);
        }
    }

    private static string ReadText(TextReader input)
    {
        var text = new StringBuilder();
        var buffer = new char[8192];
        for (int count; (count = input.Read(buffer, 0, buffer.Length)) > 0 && text.Length <= HexText.LongestInput;)
        {
            text.Append(buffer, 0, count);
        }

        return text.Length <= HexText.LongestInput ? text.ToString() : throw TooLong("standard input");
    }

    private static byte[] ReadAll(Stream stream, string name)
    {
        using var all = new MemoryStream();
        var buffer = new byte[8192];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            all.Write(buffer, 0, count);
            if (all.Length > HexText.LongestInput)
            {
                throw TooLong(name);
            }
        }

        return all.ToArray();
    }

    private static CliException TooLong(string name) => CliException.Usage($"{OneLine.Of(name)} is longer than {HexText.LongestInput >> 20} MiB");

    private static IMessageFormat Find(string name) => Formats.FirstOrDefault(format => format.Name == name)
        ?? throw CliException.Usage($"there is no message type '{OneLine.Of(name, 60)}'",
            Nearest.Of(name, Formats.Select(format => format.Name)) is { } near ? $"did you mean {near}? see: wrc decode --list" : "see: wrc decode --list");
}
