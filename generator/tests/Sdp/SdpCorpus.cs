using System.Globalization;
using System.Text;

namespace WebRtcConformance.Sdp;

/// <summary>The files of generator/tests/Sdp/Corpus, for the tests of the grammars and of the generated parsers. In each, '#' begins a comment; a comment that begins with "RFC" says where the following text stands.</summary>
internal static class SdpCorpus
{
    public static string Folder { get; } = Path.Combine(Root(), "generator", "tests", "Sdp", "Corpus");

    /// <summary>Offers of real implementations, byte by byte.</summary>
    public static IReadOnlyList<(string Name, byte[] Text)> Offers { get; } = Directory.GetFiles(Path.Combine(Folder, "offers"), "*.sdp")
        .OrderBy(f => f, StringComparer.Ordinal).Select(f => (Path.GetFileNameWithoutExtension(f), File.ReadAllBytes(f))).ToArray();

    /// <summary>Single lines, and the source that stands above them.</summary>
    public static IEnumerable<(string Source, string Line)> Lines(string file)
    {
        var source = "";
        foreach (var line in File.ReadAllLines(Path.Combine(Folder, file)))
        {
            if (line.StartsWith('#')) source = line.TrimStart('#', ' ');
            else if (line.Length > 0) yield return (source, line);
        }
    }

    /// <summary>Whole descriptions, with CRLF after each line, and the source that stands above them.</summary>
    public static IEnumerable<(string Source, byte[] Text)> Descriptions(string file)
    {
        var (source, text) = ("", new StringBuilder());
        foreach (var line in File.ReadAllLines(Path.Combine(Folder, file)).Append("#"))
        {
            if (!line.StartsWith('#'))
            {
                if (line.Length > 0) text.Append(line).Append("\r\n");
                continue;
            }
            if (text.Length > 0) yield return (source, Encoding.UTF8.GetBytes(text.ToString()));
            (source, text) = (line.TrimStart('#', ' '), text.Clear());
        }
    }

    /// <summary>"OFFSET NAME | LINE".</summary>
    public static IEnumerable<(int Offset, string Name, string Line)> Marked(string file) =>
        from line in Lines(file)
        let bar = line.Line.IndexOf(" | ", StringComparison.Ordinal)
        let words = line.Line[..bar].Split(' ')
        select (int.Parse(words[0], CultureInfo.InvariantCulture), words[1], line.Line[(bar + 3)..]);

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "WebRtcConformance.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the tests run outside the repository");
    }
}
