using System.CommandLine;
using System.Text;
using WebRtcConformance.Reports;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Cli.Commands;

/// <summary>`wrc decode`: bytes as the standard's own fields, each with its offset and its section.</summary>
internal static class DecodeCommand
{
    public static Command Make(CliContext context)
    {
        var input = new Argument<string[]>("hex") { HelpName = "HEX|@FILE|-", Description = "Hex (spaces and line ends are fine), @FILE, or - for standard input.", Arity = ArgumentArity.OneOrMore };
        Option<string> type = RunOptions.One("--type", "TYPE", "Message type, e.g. stun.message. Default: the first that accepts the bytes, else stun.message.");
        Option<string> password = RunOptions.One("--password", "TEXT", "Verify message integrity with this short-term password.");
        Option<bool> binary = RunOptions.Flag("--binary", "The file or standard input holds the bytes themselves, not hex.");
        var command = new WrcCommand("decode", "Shows a message field by field, with offsets and sections; also one that is wrong.",
            "wrc decode 000100002112a442b7e7a701bc34d686fa87dfae", "wrc decode --type stun.message @request.hex", "wrc decode --password VOkJxbRl1RmTxUk/WvJxBt - < request.hex")
        {
            Notes = "Exit: 0 accepted, 1 refused by a strict parser (it is shown all the same), 2 the input is no hex.",
        };
        command.Add(input);
        command.Add(type);
        command.Add(password);
        command.Add(binary);
        command.SetAction(parsed =>
        {
            byte[] bytes = Read(context, parsed.GetValue(input)!, parsed.GetValue(binary));
            IWireCodec codec = Choose(parsed.GetValue(type), bytes);
            var tree = WireTree.Read(codec.Pdu, bytes);
            context.Out.WriteLine($"{codec.Name}, {bytes.Length} bytes");
            context.Out.Write(WireText.Dump(tree));
            if (!codec.Accepts(bytes, out WireError error))
            {
                if (!tree.Error.IsError)
                {
                    context.Out.WriteLine("refused: " + error);
                }

                return ExitCode.Unexpected;
            }

            if (parsed.GetValue(password) is { } secret)
            {
                bool good = codec.Verify(bytes, new WireKey(Encoding.UTF8.GetBytes(secret)), out error);
                context.Out.WriteLine(good ? "every checksum verifies" : "refused: " + error);
                return good ? ExitCode.AsExpected : ExitCode.Unexpected;
            }

            return ExitCode.AsExpected;
        });
        return command;
    }

    private static byte[] Read(CliContext context, string[] words, bool binary)
    {
        if (words is ["-"])
        {
            return binary ? ReadAll(Console.OpenStandardInput(), "standard input") : HexText.Parse(ReadText(context.In));
        }

        if (words is [['@', .. var path]])
        {
            try
            {
                using FileStream file = File.OpenRead(path);
                byte[] bytes = ReadAll(file, path);
                return binary ? bytes : HexText.Parse(Encoding.UTF8.GetString(bytes));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                throw ReportException.From("read", path, e);
            }
        }

        return binary ? throw CliException.Usage("--binary goes with @FILE or - only") : HexText.Parse(string.Join(' ', words));
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

    /// <summary>What stands alone in a datagram or in a data channel's message, the pickier ones first. Of the others, such as the data of a header
    /// extension, many take any bytes.</summary>
    private static readonly string[] s_whole =
    [
        "stun.message", "turn.channel-data", "rtcp.compound", "reduced-size-rtcp.reduced-size-rtcp-packet", "rtp.packet", "sctp.packet", "dcep.open", "dcep.ack",
    ];

    private static IWireCodec Choose(string? name, byte[] bytes)
    {
        if (name is null)
        {
            var whole = s_whole.Select(WireCodecs.Find).OfType<IWireCodec>().ToArray();
            return Array.Find(whole, c => c.Accepts(bytes, out _)) ?? whole[0];
        }

        return WireCodecs.Find(name) ?? throw CliException.Usage($"there is no message type '{OneLine.Of(name, 60)}'",
            (Nearest.Of(name, WireCodecs.All.Select(c => c.Name)) is { } near ? $"did you mean {near}? " : "") + "known: " + string.Join(", ", WireCodecs.All.Select(c => c.Name)));
    }
}
