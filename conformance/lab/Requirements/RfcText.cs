using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace WebRtcConformance.Lab.Requirements;

/// <summary>A sentence of a standard, normalised. Read at run time from the reader's own copy, never stored.</summary>
/// <param name="Text">One line.</param>
/// <param name="Level">Its strongest RFC 2119 keyword; null without any.</param>
/// <param name="Digest">The first 12 hexadecimal digits of the SHA-256 of its UTF-8 bytes.</param>
public readonly record struct RfcSentence(string Text, RequirementLevel? Level, string Digest);

/// <summary>A numbered section of an RFC, without its subsections.</summary>
public sealed record RfcSection(string Number, string Title, IReadOnlyList<RfcSentence> Sentences);

/// <summary>
/// Cuts the plain text of an RFC into sections and normalised sentences. The steps, in this order, are the definition
/// of the digests (docs/requirements.md states them in words):
/// page breaks go, sections begin at numbered headings in column 0, paragraphs end at blank lines and at list markers,
/// drawings go, lines are joined (without a blank after a hyphen), white space collapses, sentences end at <c>. ! ?</c>
/// before a capital, a digit, a quote or an opening bracket.
/// </summary>
public static partial class RfcText
{
    /// <summary>All numbered sections in the order of the text. Total: any text gives some list.</summary>
    public static IReadOnlyList<RfcSection> Sections(string text)
    {
        var sections = new List<RfcSection>();
        string? number = null;
        string title = "";
        var body = new List<string>();
        foreach (string line in WithoutPageBreaks(text))
        {
            var heading = Heading().Match(line);
            bool atMargin = line.Length > 0 && !char.IsWhiteSpace(line[0]);
            if (atMargin)
                Close();
            if (heading.Success)
                (number, title) = (heading.Groups[1].Value, heading.Groups[2].Value);
            else if (!atMargin)
                body.Add(line);
        }
        Close();
        return sections;

        void Close()
        {
            if (number is not null)
                sections.Add(new RfcSection(number, title, [.. Paragraphs(body).Where(p => !IsDrawing(p)).SelectMany(p => Sentences(Join(p)))]));
            number = null;
            body.Clear();
        }
    }

    /// <summary>The digest of a normalised sentence.</summary>
    public static string Digest(string sentence) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sentence)).AsSpan(0, 6));

    /// <summary>The strongest RFC 2119 keyword in a text, the first of equals; null without any.</summary>
    public static RequirementLevel? Level(string sentence)
    {
        RequirementLevel? strongest = null;
        foreach (Match match in Keyword().Matches(sentence))
        {
            var level = match.Value switch
            {
                "MUST NOT" or "SHALL NOT" => RequirementLevel.MustNot,
                "MUST" or "SHALL" or "REQUIRED" => RequirementLevel.Must,
                "SHOULD NOT" or "NOT RECOMMENDED" => RequirementLevel.ShouldNot,
                "SHOULD" or "RECOMMENDED" => RequirementLevel.Should,
                _ => RequirementLevel.May,
            };
            if (strongest is null || (int)level / 2 < (int)strongest.Value / 2)
                strongest = level;
        }
        return strongest;
    }

    private static List<string> WithoutPageBreaks(string text)
    {
        string[] lines = [.. text.Replace("\f", "", StringComparison.Ordinal).Split('\n').Select(line => line.TrimEnd())];
        var kept = new List<string>(lines.Length);
        int i = 0;
        while (i < lines.Length)
        {
            if (!IsPageEdge(lines[i]))
            {
                kept.Add(lines[i++]);
                continue;
            }
            while (kept.Count > 0 && kept[^1].Length == 0)
                kept.RemoveAt(kept.Count - 1);
            while (i < lines.Length && (lines[i].Length == 0 || IsPageEdge(lines[i])))
                i++;
            // The paragraph goes on over the page, unless its sentence was finished or a new thing begins.
            bool finished = kept.Count > 0 && ".:;?!".Contains(kept[^1][^1], StringComparison.Ordinal);
            if (finished || (i < lines.Length && (Heading().IsMatch(lines[i]) || Marker().IsMatch(lines[i]))))
                kept.Add("");
        }
        return kept;
    }

    private static bool IsPageEdge(string line) => Footer().IsMatch(line) || PageHeader().IsMatch(line);

    private static IEnumerable<List<string>> Paragraphs(IEnumerable<string> lines)
    {
        var paragraph = new List<string>();
        foreach (string line in lines.Append(""))
        {
            if (paragraph.Count > 0 && (line.Length == 0 || Marker().IsMatch(line)))
            {
                yield return paragraph;
                paragraph = [];
            }
            if (line.Length > 0)
                paragraph.Add(line);
        }
    }

    private static bool IsDrawing(List<string> paragraph) => paragraph.Any(line =>
        line.Contains("+-+", StringComparison.Ordinal) || line.Contains("+--", StringComparison.Ordinal) || DrawingLine().IsMatch(line));

    private static string Join(List<string> paragraph)
    {
        var joined = new StringBuilder();
        foreach (string line in paragraph)
        {
            string part = (joined.Length == 0 ? Marker().Replace(line, "") : line).Trim();
            bool hyphen = joined.Length > 1 && joined[^1] == '-' && char.IsAsciiLetterOrDigit(joined[^2]);
            if (joined.Length > 0 && !hyphen)
                joined.Append(' ');
            joined.Append(part);
        }
        return WhiteSpace().Replace(joined.ToString(), " ");
    }

    private static IEnumerable<RfcSentence> Sentences(string paragraph)
    {
        int start = 0;
        foreach (Match end in SentenceEnd().Matches(paragraph))
        {
            int after = end.Index + end.Length;
            bool range = end.Index > 0 && paragraph[end.Index - 1] == '.'; // "0 .. 7"
            if (range || Abbreviation().IsMatch(paragraph[start..after]))
                continue;
            yield return Sentence(paragraph[start..after].Trim());
            start = after;
        }
        string rest = paragraph[start..].Trim();
        if (rest.Length > 0)
            yield return Sentence(rest);
    }

    private static RfcSentence Sentence(string text) => new(text, Level(text), Digest(text));

    [GeneratedRegex(@"\b(MUST NOT|SHALL NOT|SHOULD NOT|NOT RECOMMENDED|MUST|SHALL|REQUIRED|SHOULD|RECOMMENDED|MAY|OPTIONAL)\b")]
    private static partial Regex Keyword();

    [GeneratedRegex(@"^([0-9]+(?:\.[0-9]+)*)\.  (\S.*)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[Page [0-9]+\]$")]
    private static partial Regex Footer();

    [GeneratedRegex(@"^RFC [0-9]+ .* [0-9]{4}$")]
    private static partial Regex PageHeader();

    [GeneratedRegex(@"^\s+(?:o|\*|-|[0-9]+\.)\s+")]
    private static partial Regex Marker();

    [GeneratedRegex(@"^\s*\||^\s*Figure [0-9]+:")]
    private static partial Regex DrawingLine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"[.!?][""')\]]*(?= [A-Z0-9""'(\[])")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"(?:^|[\s(\[""])(?:e\.g|i\.e|etc|vs|cf|al|Sec|Fig|No)\.$")]
    private static partial Regex Abbreviation();
}
