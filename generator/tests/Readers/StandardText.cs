using System.Text.RegularExpressions;

namespace WebRtcConformance.Generator.Readers;

/// <summary>An RFC's lines as a reader has them before him: page breaks and blank lines gone, each line trimmed and white space collapsed; with the
/// section that each line stands in.</summary>
internal sealed partial class StandardText
{
    private readonly List<(string Section, string Line)> _lines = [];
    private readonly Dictionary<SpecNotation, List<(string Section, string Text)>> _joined = [];

    private StandardText() { }

    /// <summary>Null when the folder has no text of that document ("RFC8489").</summary>
    public static StandardText? Find(string folder, string document)
    {
        var path = Path.Combine(folder, document.ToLowerInvariant() + ".txt");
        return File.Exists(path) ? Of(File.ReadAllText(path)) : null;
    }

    public static StandardText Of(string text)
    {
        var made = new StandardText();
        var section = "";
        foreach (var raw in text.Replace("\f", "\n", StringComparison.Ordinal).Split('\n'))
        {
            var line = raw.TrimEnd();
            if (line.Length == 0 || PageEdge().IsMatch(line)) continue;
            if (Heading().Match(line) is { Success: true } heading && !line.Contains("....", StringComparison.Ordinal)) section = heading.Groups[1].Value;
            made._lines.Add((section, Collapse(line)));
        }
        return made;
    }

    /// <summary>The sections in which these lines stand, one after the other, in the order of the text.</summary>
    public IEnumerable<string> SectionsWith(IReadOnlyList<string> lines)
    {
        for (var at = 0; at + lines.Count <= _lines.Count; at++)
        {
            var same = true;
            for (var i = 0; i < lines.Count && same; i++) same = _lines[at + i].Line == lines[i];
            if (same) yield return _lines[at].Section;
        }
    }

    /// <summary>The sections whose joined lines hold this text (white space and comments apart).</summary>
    public IEnumerable<string> SectionsHolding(string text, SpecNotation notation)
    {
        var wanted = text.Replace(" ", "", StringComparison.Ordinal);
        if (!_joined.TryGetValue(notation, out var sections))
            _joined[notation] = sections = [.. _lines.GroupBy(l => l.Section)
                .Select(s => (s.Key, string.Concat(s.Select(l => SpecPieces.Bare(l.Line, notation))).Replace(" ", "", StringComparison.Ordinal)))];
        return sections.Where(s => s.Text.Contains(wanted, StringComparison.Ordinal)).Select(s => s.Section);
    }

    public static string Collapse(string line) => WhiteSpace().Replace(line.Trim(), " ");

    [GeneratedRegex(@"^(?:Appendix )?((?:[0-9]+|[A-Z])(?:\.[0-9]+)*)\.?\s+\S")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[Page [0-9ivx]+\]$|^RFC [0-9]+ .* [0-9]{4}$")]
    private static partial Regex PageEdge();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
