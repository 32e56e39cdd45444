using System.Text;
using WebRtcConformance.Reports;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Cli.Decoding;

/// <summary>What is to be decoded.</summary>
/// <param name="Packet">The packet of a capture that it is; null for bytes that came alone.</param>
internal sealed record DecodeInput(byte[] Bytes, CapturedUdp? Packet);

/// <summary>The inputs that the words of a command line name: hex, texts, files of either, captures, standard input.</summary>
/// <param name="binary">Files and standard input hold the bytes themselves.</param>
internal sealed class DecodeInputs(CliContext context, bool binary)
{
    /// <summary>The interpreter of grammars remembers some kilobytes for each byte.</summary>
    private const int LongestText = 128 * 1024;

    /// <param name="chosen">The format that the user named; else set when a text says itself what it is.</param>
    public List<DecodeInput> Read(string[] words, ref IMessageFormat? chosen)
    {
        byte[] bytes = Bytes(words, ref chosen);
        if (!CaptureReader.IsCapture(bytes))
        {
            return [new(bytes, null)];
        }

        CaptureContent capture = CaptureReader.Read(bytes);
        if (capture.Problem is { } problem)
        {
            context.Error.WriteLine($"wrc: the capture is read up to a damage: {problem}");
        }

        return capture.Datagrams.Count > 0 ? [.. capture.Datagrams.Select(datagram => new DecodeInput(datagram.Payload, datagram))]
            : throw CliException.Usage($"the capture has {capture.Packets} packets and no UDP datagram among them");
    }

    private byte[] Bytes(string[] words, ref IMessageFormat? chosen)
    {
        switch (words)
        {
            case []: throw CliException.Usage("nothing to decode", "give hex such as 000100002112a442, a text, a file, or - for standard input");
            case ["-"]: return binary ? ReadAll(Console.OpenStandardInput(), "standard input") : OfWriting(Encoding.UTF8.GetBytes(ReadText(context.In)), ref chosen, oneLine: true);
            case [['@', .. var path]]: return OfFile(path, ref chosen);
            case [var path] when !HexText.IsHex(path) && File.Exists(path): return OfFile(path, ref chosen);
            default:
                if (binary)
                {
                    throw CliException.Usage("--binary goes with a file or - only");
                }

                return OfWriting(Encoding.UTF8.GetBytes(string.Join(' ', words)), ref chosen, oneLine: false);
        }
    }

    /// <summary>The bytes of a file: a capture as it is, else what is written in it.</summary>
    private byte[] OfFile(string path, ref IMessageFormat? chosen)
    {
        byte[] bytes;
        try
        {
            using FileStream file = File.OpenRead(path);
            bytes = ReadAll(file, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ReportException.From("read", path, e);
        }

        return binary || CaptureReader.IsCapture(bytes) ? bytes : OfWriting(bytes, ref chosen, oneLine: true);
    }

    /// <summary>Texts are what is written, others are written in hex.</summary>
    /// <param name="oneLine">The end of the last line belongs to the file, where the text cannot have it; so does the "a=" of an attribute to its line.</param>
    private static byte[] OfWriting(byte[] written, ref IMessageFormat? chosen, bool oneLine)
    {
        string text = Encoding.UTF8.GetString(written);
        chosen ??= MessageGuess.OfText(text);
        if (chosen is not { IsText: true })
        {
            return HexText.Parse(text);
        }

        if (written.Length > LongestText)
        {
            throw CliException.Usage($"the text has {written.Length} bytes: more than {LongestText >> 10} KiB are not decoded");
        }

        byte[] line = oneLine ? written.AsSpan().TrimEnd("\r\n"u8).ToArray() : written;
        byte[][] ways = [written, line, line is [(byte)'a', (byte)'=', .. var attribute] ? attribute : line];
        foreach (byte[] way in ways)
        {
            if (chosen.Accepts(way, out _))
            {
                return way;
            }
        }

        return written;
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
}
