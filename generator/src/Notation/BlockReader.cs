namespace WebRtcConformance.Generator.Notation;

/// <summary>The lines of one declaration after its first: drawing, descriptions ("where"), rules; or, for registries and vectors, one list.</summary>
internal sealed class BlockReader
{
    public List<SourceLine> Drawing { get; } = [];

    /// <summary>Descriptions: each the lines of one, from the first line's indentation on.</summary>
    public List<List<SourceLine>> Entries { get; } = [];

    public List<List<SourceLine>> Rules { get; } = [];

    /// <summary>The lines of a registry or a vector.</summary>
    public List<SourceLine> List { get; } = [];

    public BlockReader(SourceLine[] lines, ref int next, string keyword, List<LocalDiagnostic> diagnostics)
    {
        var drawn = keyword is not ("registry" or "extend" or "vector");
        List<List<SourceLine>>? target = null;
        var indent = -1;
        for (; next < lines.Length && !SpecParser.StartsSomething(lines[next]); next++)
        {
            var line = lines[next];
            if (line.IsBlank || line.IsComment) continue;
            var word = line.Text.TrimEnd();
            if (drawn && word is "where" or "rules")
            {
                if (word == "where" && target is not null || word == "rules" && ReferenceEquals(target, Rules))
                    diagnostics.Add(new(SpecRules.Twice, SpecRules.Twice.Message(word), line.Whole));
                target = word == "where" ? Entries : Rules;
                indent = -1;
            }
            else if (!drawn || target is null)
            {
                if (line.Indent == 0 && (!drawn || !Belongs(line)))
                {
                    if (!drawn) return;
                    diagnostics.Add(new(SpecRules.UnexpectedLine, SpecRules.UnexpectedLine.Message(word), line.Whole));
                }
                else (drawn ? Drawing : List).Add(line);
            }
            else if (line.Indent == 0) return;
            else
            {
                if (indent < 0) indent = line.Indent;
                if (line.Indent <= indent || target.Count == 0) target.Add([line]);
                else target[target.Count - 1].Add(line);
            }
        }
    }

    /// <summary>A line of a drawing may begin at the first column when it has gutter text: it then has bars or a rule.</summary>
    private static bool Belongs(SourceLine line) =>
        line.Text[0] is '+' or '|' or '\\' or '/' or ':' or '~' || Names.IsDigit(line.Text[0]) || line.Text.IndexOf('|') >= 0 || line.Text.Contains("+-")
        || line.Text.Contains("+=") || line.Text.IndexOf(':') >= 0;
}
