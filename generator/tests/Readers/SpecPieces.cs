using System.Text;
using System.Text.RegularExpressions;

namespace WebRtcConformance.Generator.Readers;

/// <summary>Something that a spec file shows as its standard does: a drawing (lines in a row), a grammar rule or a struct (text, white space apart).</summary>
/// <param name="Lines">For drawings; else one text, without comments.</param>
/// <param name="IsOwn">It is marked as ours: in the standard there is nothing of the kind.</param>
internal sealed record SpecPiece(string Document, string Section, int Line, SpecNotation Notation, IReadOnlyList<string> Lines, bool IsOwn = false)
{
    /// <summary>The first line that is no border.</summary>
    public string Title => Lines.FirstOrDefault(l => !l.StartsWith('+')) ?? Lines[0];
}

internal enum SpecNotation { Drawing, Grammar, Presentation }

/// <summary>A mark that tells the comparison something: "@own" and "# Figure:".</summary>
/// <param name="Says">The reason, or where the figure stands; empty when the mark does not say it as it should.</param>
internal sealed record SpecMark(int Line, string Text, string Says);

/// <summary>Cuts spec files into their pieces, by the layout of the lines only: the reader of the notation itself would be no independent witness.</summary>
internal static partial class SpecPieces
{
    public static IEnumerable<SpecPiece> Of(string path, string text) => Path.GetExtension(path) switch
    {
        ".pdu" => Drawings(text),
        ".abnf" => Blocks(text, AbnfStart(), SpecNotation.Grammar),
        ".tls" => Blocks(text, TlsStart(), SpecNotation.Presentation),
        _ => [],
    };

    public static IEnumerable<SpecMark> Marks(string path, string text) =>
        from line in Numbered(text)
        let mark = Path.GetExtension(path) == ".tls" && line.Line.StartsWith("@own", StringComparison.Ordinal) ? Own()
            : Path.GetExtension(path) == ".pdu" && line.Line.StartsWith("# Figure", StringComparison.Ordinal) ? Figure() : null
        where mark is not null
        select new SpecMark(line.Number, line.Line, mark.Match(line.Line).Groups["says"].Value);

    /// <summary>The text without its comments, line by line.</summary>
    public static string Bare(string text, SpecNotation notation) => notation switch
    {
        SpecNotation.Grammar => GrammarComment().Replace(text, m => m.Groups["quoted"].Value),
        SpecNotation.Presentation => PresentationComment().Replace(text, ""),
        _ => text,
    };

    private static IEnumerable<SpecPiece> Drawings(string text)
    {
        var where = new Place();
        var drawing = new List<string>();
        var first = 0;
        (string Document, string Section)? figure = null;
        foreach (var (line, number) in Numbered(text))
        {
            where.See(line);
            if (Figure().Match(line) is { Success: true } mark)
                figure = (mark.Groups["document"] is { Success: true } other ? other.Value : where.Document, mark.Groups["section"].Value);
            else if (line.Length > 0 && !char.IsWhiteSpace(line[0]) && line[0] != '#' && drawing.Count == 0) figure = null;
            var isDrawing = char.IsWhiteSpace(line.FirstOrDefault()) && (RuleLine().IsMatch(line) || drawing.Count > 0 && Row().IsMatch(line));
            if (isDrawing)
            {
                if (drawing.Count == 0) first = number;
                drawing.Add(StandardText.Collapse(line));
                continue;
            }
            if (drawing.Count == 0) continue;
            var (document, section) = figure ?? (where.Document, where.SectionBefore);
            yield return new(document, section, first, SpecNotation.Drawing, [.. drawing]);
            figure = null;
            drawing.Clear();
        }
    }

    /// <summary>Declarations that begin in a column of their own; comments and directives are ours.</summary>
    private static IEnumerable<SpecPiece> Blocks(string text, Regex start, SpecNotation notation)
    {
        var where = new Place();
        var block = new StringBuilder();
        var (first, document, section, margin, ours) = (0, "", "", -1, false);
        var (own, next) = (false, false);
        foreach (var (raw, number) in Numbered(Bare(text, notation)).Append(("@", 0)))
        {
            where.See(raw);
            if (raw.StartsWith("@own", StringComparison.Ordinal)) next = true;
            var line = raw.TrimEnd();
            var indent = line.Length - line.TrimStart().Length;
            if (line.StartsWith('@')) ours = true;
            else if (line.Length > 0 && start.IsMatch(line) && (margin < 0 || indent <= margin)) (ours, margin) = (false, indent);
            var begins = line.StartsWith('@') || !ours && indent <= margin && start.IsMatch(line);
            if (begins && block.Length > 0)
            {
                yield return new(document, section, first, notation, [StandardText.Collapse(block.ToString())], own);
                block.Clear();
            }
            if (ours) continue;
            if (begins) (first, document, section, own, next) = (number, where.Document, where.Section, next, false);
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

    [GeneratedRegex(@"^@own\s+""(?<says>[^""]*\S[^""]*)""\s*$")]
    private static partial Regex Own();

    [GeneratedRegex(@"^# Figure: (?<says>((?<document>[A-Za-z]\S*) )?(?<section>[0-9A-Z]+(\.[0-9]+)*))$")]
    private static partial Regex Figure();

    [GeneratedRegex(@"(?<quoted>""[^""\n]*"")|;.*")]
    private static partial Regex GrammarComment();

    [GeneratedRegex(@"//.*|/\*[^\n]*?\*/")]
    private static partial Regex PresentationComment();

    [GeneratedRegex(@"^\s*[A-Za-z][A-Za-z0-9-]*\s*=/?\s*")]
    private static partial Regex AbnfStart();

    [GeneratedRegex(@"^\s*(struct|enum|opaque|uint8|uint16|uint24|uint32|uint64)\b")]
    private static partial Regex TlsStart();
}
