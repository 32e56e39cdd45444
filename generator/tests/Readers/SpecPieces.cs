using System.Text;
using System.Text.RegularExpressions;

namespace WebRtcConformance.Generator.Readers;

/// <summary>Something that a spec file shows as its standard does: a drawing (lines in a row), a grammar rule or a struct (text, white space apart).</summary>
/// <param name="Lines">For drawings; else one text.</param>
internal sealed record SpecPiece(string Document, string Section, int Line, bool IsDrawing, IReadOnlyList<string> Lines)
{
    public string Title => Lines[0];
}

/// <summary>Cuts spec files into their pieces, by the layout of the lines only: the reader of the notation itself would be no independent witness.</summary>
internal static partial class SpecPieces
{
    public static IEnumerable<SpecPiece> Of(string path, string text) => Path.GetExtension(path) switch
    {
        ".pdu" => Drawings(text),
        ".abnf" => Blocks(text, AbnfStart(), ";"),
        ".tls" => Blocks(text, TlsStart(), "//"),
        _ => [],
    };

    private static IEnumerable<SpecPiece> Drawings(string text)
    {
        var where = new Place();
        var drawing = new List<string>();
        var first = 0;
        foreach (var (line, number) in Numbered(text))
        {
            where.See(line);
            var isDrawing = char.IsWhiteSpace(line.FirstOrDefault()) && (RuleLine().IsMatch(line) || drawing.Count > 0 && Row().IsMatch(line));
            if (isDrawing)
            {
                if (drawing.Count == 0) first = number;
                drawing.Add(StandardText.Collapse(line));
                continue;
            }
            if (drawing.Count > 0) yield return new(where.Document, where.SectionBefore, first, true, [.. drawing]);
            drawing.Clear();
        }
    }

    /// <summary>Declarations that begin in a column of their own; comments and directives are ours.</summary>
    private static IEnumerable<SpecPiece> Blocks(string text, Regex start, string comment)
    {
        var where = new Place();
        var block = new StringBuilder();
        var (first, document, section, margin, ours) = (0, "", "", -1, false);
        foreach (var (raw, number) in Numbered(text).Append(("@", 0)))
        {
            where.See(raw);
            var line = raw.TrimEnd();
            var indent = line.Length - line.TrimStart().Length;
            if (line.StartsWith('@')) ours = true;
            else if (line.Length > 0 && start.IsMatch(line) && (margin < 0 || indent <= margin)) (ours, margin) = (false, indent);
            var begins = line.StartsWith('@') || !ours && indent <= margin && start.IsMatch(line);
            if (begins && block.Length > 0)
            {
                yield return new(document, section, first, false, [StandardText.Collapse(block.ToString())]);
                block.Clear();
            }
            if (ours) continue;
            if (begins) (first, document, section) = (number, where.Document, where.Section);
            var cut = line.IndexOf(comment, StringComparison.Ordinal);
            if (comment != ";" && cut >= 0) line = line[..cut];
            if (comment == ";" && line.TrimStart().StartsWith(';')) continue;
            block.Append(line).Append(' ');
        }
    }

    private static IEnumerable<(string Line, int Number)> Numbered(string text) =>
        text.Split('\n').Select((line, i) => (line.TrimEnd('\r'), i + 1)).Append(("", 0));

    /// <summary>Where in which standard the lines stand, by the directives.</summary>
    private sealed class Place
    {
        private string _last = "";
        private (string Document, string Section) _now = ("", ""), _before = ("", "");
        private string _home = "";

        public string Document => _now.Document;
        public string Section => _now.Section;
        public string SectionBefore => _last.StartsWith("@section", StringComparison.Ordinal) ? _before.Section : _now.Section;

        public void See(string line)
        {
            _last = line;
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line.StartsWith("@document ", StringComparison.Ordinal)) (_home, _now) = (words[1], (words[1], ""));
            if (!line.StartsWith("@section ", StringComparison.Ordinal)) return;
            _before = _now;
            _now = words.Length > 2 ? (words[1], words[2]) : (_home, words[1]);
        }
    }

    [GeneratedRegex(@"^\s+.*[+][-=]{1,3}[+][-=+]*")]
    private static partial Regex RuleLine();

    [GeneratedRegex(@"[|\\/:~.]")]
    private static partial Regex Row();

    [GeneratedRegex(@"^\s*[A-Za-z][A-Za-z0-9-]*\s*=/?\s*")]
    private static partial Regex AbnfStart();

    [GeneratedRegex(@"^\s*(struct|enum|opaque|uint8|uint16|uint24|uint32|uint64)\b")]
    private static partial Regex TlsStart();
}
