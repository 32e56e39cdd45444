namespace WebRtcConformance.Generator.Notation;

/// <summary>The part of a description before the colon: "Message Length (ML)", "Attributes (not drawn)",
/// "synchronization source (SSRC) identifier". Parentheses hold the short name or "not drawn".</summary>
internal readonly record struct Label(string Name, string? Short, bool NotDrawn, SpecPosition Position, int End)
{
    /// <summary>Null (with a report) when the line has no colon.</summary>
    public static Label? Read(SourceLine line, List<LocalDiagnostic> diagnostics)
    {
        var colon = Colon(line.Text);
        if (colon < 0)
        {
            diagnostics.Add(new(SpecRules.Expected, SpecRules.Expected.Message("a name and a colon", "'" + line.Text.Trim() + "'"), line.Whole));
            return null;
        }
        var text = line.Text.Substring(line.Indent, colon - line.Indent).TrimEnd();
        var position = line.At(line.Indent, text.Length);
        string? shortName = null;
        var notDrawn = false;
        var name = "";
        var i = 0;
        while (i < text.Length)
        {
            var open = text.IndexOf('(', i);
            var close = open < 0 ? -1 : text.IndexOf(')', open);
            if (close < 0)
            {
                name += text.Substring(i);
                break;
            }
            name += text.Substring(i, open - i);
            var inner = text.Substring(open + 1, close - open - 1).Trim();
            if (inner == "not drawn") notDrawn = true;
            else shortName = inner;
            i = close + 1;
        }
        name = string.Join(" ", name.Split([' '], StringSplitOptions.RemoveEmptyEntries));
        return new(name, shortName, notDrawn, position, colon + 1);
    }

    private static int Colon(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (text[i] == ':' && (i + 1 == text.Length || text[i + 1] == ' ')) return i;
        return -1;
    }
}
