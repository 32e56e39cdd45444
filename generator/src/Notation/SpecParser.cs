using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Notation;

/// <summary>One file, read. <paramref name="Syntax"/> is null when the file has no usable header.</summary>
public sealed record ParsedSpec(
    string Path, SpecSyntax? Syntax, EquatableArray<SpecPosition> Positions, EquatableArray<LocalDiagnostic> Diagnostics);

/// <summary>Reads a spec file (the notation is described in docs/spec-notation.md). Total: any text gives a result, mistakes give diagnostics.</summary>
public sealed class SpecParser
{
    internal static readonly string[] Declarations = ["message", "element", "variant", "split", "registry", "extend", "vector"];

    private readonly SourceLine[] _lines;
    private readonly PositionTable _positions = new();
    private readonly List<LocalDiagnostic> _diagnostics = [];
    private readonly List<NameUse> _uses = [];
    private readonly List<PduSyntax> _pdus = [];
    private readonly List<SplitSyntax> _splits = [];
    private readonly List<RegistrySyntax> _registries = [];
    private readonly List<ExtensionSyntax> _extensions = [];
    private readonly List<VectorSyntax> _vectors = [];
    private string? _document, _title, _module, _namespace;
    private string _section = "";
    private string _sectionDocument = "";
    private int _at;
    private int _order;
    private int _line;
    private bool _headerReported;

    private SpecParser(string text) => _lines = SourceLine.Split(text);

    public static ParsedSpec Parse(string path, string text)
    {
        var parser = new SpecParser(text);
        parser._at = parser._positions.Add(new(1, 1, 1));
        parser.Read();
        return new(path, parser.Syntax(), parser._positions.ToArray(), new(parser._diagnostics));
    }

    private SpecSyntax? Syntax()
    {
        CheckHeader(new(1, 1, 1));
        return _document is null || _module is null || _namespace is null ? null : new(_at, _document, _title ?? "", _module, _namespace,
            new(_uses), new(_pdus), new(_splits), new(_registries), new(_extensions), new(_vectors));
    }

    private void Read()
    {
        while (_line < _lines.Length)
        {
            var line = _lines[_line];
            if (line.IsBlank || line.IsComment) _line++;
            else if (line.Indent == 0 && line.Text[0] == '@')
            {
                _line++;
                Directive(line);
            }
            else if (Keyword(line) is { } keyword)
            {
                CheckHeader(line.Whole);
                Declaration(keyword, line);
            }
            else
            {
                _line++;
                Report(SpecRules.UnexpectedLine, line.Whole, line.Text.Trim());
                // One report for a run of such lines.
                while (_line < _lines.Length && !_lines[_line].IsBlank && !StartsSomething(_lines[_line])) _line++;
            }
        }
    }

    internal static bool StartsSomething(SourceLine line) => line.Text.Length > 0 && (line.Text[0] == '@' || Keyword(line) is not null);

    /// <summary>The declaration that begins at the line's first column. A drawing's gutter text is told apart by the bars after it.</summary>
    private static string? Keyword(SourceLine line)
    {
        if (line.IsBlank || line.Indent > 0 || line.Text.IndexOf('|') >= 0 || line.Text.Contains("+-")) return null;
        return Array.Find(Declarations, d => line.Text.StartsWith(d, StringComparison.Ordinal)
            && (line.Text.Length == d.Length || line.Text[d.Length] == ' '));
    }

    private void CheckHeader(SpecPosition position)
    {
        if (_headerReported) return;
        foreach (var (value, name) in new[] { (_document, "document"), (_module, "module"), (_namespace, "namespace") })
        {
            if (value is not null) continue;
            Report(SpecRules.MissingHeader, position, name);
            _headerReported = true;
        }
    }

    private TokenReader Cut(SourceLine line, int from) => Cut([line], from);

    private TokenReader Cut(IReadOnlyList<SourceLine> lines, int from)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < lines.Count; i++) Tokenizer.Cut(lines[i], i == 0 ? from : 0, tokens, _diagnostics);
        var last = lines[lines.Count - 1];
        return new(tokens, last.At(last.Text.TrimEnd().Length, 1), _positions, _diagnostics);
    }

    private void Directive(SourceLine line)
    {
        var end = 1;
        while (end < line.Text.Length && Names.IsLetter(line.Text[end])) end++;
        var name = line.Text.Substring(1, end - 1);
        var reader = Cut(line, end);
        switch (name)
        {
            case "document":
                Set(ref _document, line, name, Word(reader, name, "a document such as RFC8489"));
                if (reader.Current.Kind == TokenKind.Text) _title = reader.Take().Text;
                _sectionDocument = _document ?? "";
                break;
            case "module":
                Set(ref _module, line, name, Word(reader, name, "a module name"));
                break;
            case "namespace":
                var value = Word(reader, name, "a C# name");
                if (value is not null && !Names.IsIdentifier(value)) Report(SpecRules.BadDirective, line.Whole, name, "a C# name");
                else Set(ref _namespace, line, name, value);
                break;
            case "uses":
                do _uses.Add(reader.Name("a module"));
                while (reader.TryTake(","));
                break;
            case "section":
                var clause = reader.Section(_document ?? "");
                (_sectionDocument, _section) = (clause.Document, clause.Section);
                break;
            default:
                Report(SpecRules.UnknownDirective, line.At(0, end), name);
                return;
        }
        if (!reader.AtEnd) reader.Unexpected("the end of the line");
    }

    private string? Word(TokenReader reader, string directive, string what)
    {
        if (reader.Current.Kind == TokenKind.Word) return reader.Take().Text;
        reader.Report(SpecRules.BadDirective, reader.Current.Position, directive, what);
        return null;
    }

    private void Set(ref string? field, SourceLine line, string name, string? value)
    {
        if (field is not null) Report(SpecRules.Twice, line.Whole, "@" + name);
        else if (value is not null) field = value;
    }

    private void Declaration(string keyword, SourceLine line)
    {
        _line++;
        var reader = Cut(line, keyword.Length);
        var clause = new Clause(_sectionDocument, _section);
        var body = new BlockReader(_lines, ref _line, keyword, _diagnostics);
        var declarations = new DeclarationParser(reader, body, clause, _document ?? "", lines => Cut(lines.Lines, lines.From), _diagnostics);
        switch (keyword)
        {
            case "registry":
                if (declarations.Registry(_order) is { } registry) _registries.Add(registry);
                break;
            case "extend":
                if (declarations.Extension() is { } extension) _extensions.Add(extension);
                break;
            case "vector":
                if (declarations.Vector() is { } vector) _vectors.Add(vector);
                break;
            case "split":
                if (declarations.Split() is { } split) _splits.Add(split);
                break;
            default:
                if (declarations.Pdu(_order, keyword) is { } pdu) _pdus.Add(pdu);
                break;
        }
        _order++;
    }

    private void Report(SpecRule rule, SpecPosition position, params object[] arguments) =>
        _diagnostics.Add(new(rule, rule.Message(arguments), position));
}
