using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf;

/// <summary>Reads an ABNF spec file (the notation is described in docs/abnf-notation.md). Total: any text gives a result, mistakes give diagnostics.</summary>
public sealed partial class AbnfParser
{
    private readonly string[] _lines;
    private readonly PositionTable _positions = new();
    private readonly List<LocalDiagnostic> _diagnostics = [];
    private readonly List<NameUse> _relaxes = [];
    private readonly List<ImportSyntax> _imports = [];
    private readonly List<AbnfRuleSyntax> _rules = [], _proses = [];
    private readonly List<StartSyntax> _starts = [];
    private readonly List<CaptureTypeSyntax> _types = [];
    private readonly List<ChoiceTypeSyntax> _choices = [];
    private readonly List<PreferSyntax> _prefers = [];
    private readonly List<UnionSyntax> _unions = [];
    private readonly List<ExtendSyntax> _extends = [];
    private readonly List<RelaxSyntax> _relaxations = [];
    private readonly Dictionary<string, int> _ruleIndex = new(StringComparer.OrdinalIgnoreCase);
    private string? _document, _title, _module, _namespace;
    private Clause _clause = new("", "");
    private readonly int _at;
    private int _line;
    private int _margin = -1;
    private bool _headerReported;

    private AbnfParser(string text)
    {
        _lines = text.Split('\n').Select(l => l.EndsWith("\r", StringComparison.Ordinal) ? l.Substring(0, l.Length - 1) : l).ToArray();
        _at = _positions.Add(new(1, 1, 1));
    }

    public static ParsedAbnf Parse(string path, string text)
    {
        var parser = new AbnfParser(text);
        parser.Read();
        return new(path, parser.Syntax(), parser._positions.ToArray(), new(parser._diagnostics));
    }

    private AbnfSyntax? Syntax()
    {
        CheckHeader(1);
        return _document is null || _module is null || _namespace is null ? null : new(_at, _document, _title ?? "", _module, _namespace,
            new(_relaxes), new(_imports), new(_rules), new(_proses), new(_starts), new(_types), new(_choices), new(_prefers), new(_unions), new(_extends),
            new(_relaxations));
    }

    private void Read()
    {
        while (_line < _lines.Length)
        {
            var line = _lines[_line];
            var indent = Indent(line);
            if (IsEmpty(line)) _line++;
            else if (line[0] == '@')
            {
                _margin = -1;
                Directive();
            }
            else if (StartsRule(line, indent)) Rule(indent);
            else
            {
                _diagnostics.Add(new(AbnfRules.UnexpectedLine, AbnfRules.UnexpectedLine.Message(line.Trim()), new(_line + 1, indent + 1, line.TrimEnd().Length - indent)));
                // One report for a run of such lines.
                do _line++;
                while (_line < _lines.Length && !IsEmpty(_lines[_line]) && _lines[_line][0] != '@' && !StartsRule(_lines[_line], Indent(_lines[_line])));
            }
        }
    }

    private static int Indent(string line)
    {
        var at = 0;
        while (at < line.Length && line[at] is ' ' or '\t') at++;
        return at;
    }

    /// <summary>Blank, or a comment only.</summary>
    private static bool IsEmpty(string line)
    {
        var at = Indent(line);
        return at == line.Length || line[at] == ';';
    }

    /// <summary>"name =" at the margin (or left of it: some RFCs print blocks at different margins).</summary>
    private bool StartsRule(string line, int indent)
    {
        if (_margin >= 0 && indent > _margin || indent == line.Length || !AbnfTokenizer.IsLetter(line[indent])) return false;
        var at = indent;
        while (at < line.Length && (AbnfTokenizer.IsLetter(line[at]) || AbnfTokenizer.IsDigit(line[at]) || line[at] == '-')) at++;
        while (at < line.Length && line[at] is ' ' or '\t') at++;
        return at < line.Length && line[at] == '=';
    }

    private void Rule(int indent)
    {
        CheckHeader(_line + 1);
        _margin = indent;
        var reader = Block(indent, 0, l => Indent(l) > indent);
        var name = reader.Name("a rule's name");
        var added = reader.Is("=/");
        if (!reader.TryTake("=/")) reader.Need("=");
        var body = reader.Alternation();
        reader.Finish();
        if (!reader.Failed) AddRule(name, body, added, own: false);
    }

    private void AddRule(NameUse name, ElementSyntax body, bool added, bool own)
    {
        var rule = new AbnfRuleSyntax(name.At, name.Text, _clause, body, own);
        if (_ruleIndex.TryGetValue(name.Text, out var index))
        {
            if (!added) Report(AbnfRules.Duplicate, name.At, "rule", name.Text);
            else
            {
                var old = _rules[index];
                var items = old.Body is AlternationSyntax several ? several.Items.ToList() : [old.Body];
                if (body is AlternationSyntax more) items.AddRange(more.Items);
                else items.Add(body);
                _rules[index] = old with { Body = new AlternationSyntax(old.Body.At, new(items)) };
            }
            return;
        }
        if (added) Report(AbnfRules.NothingToExtend, name.At, name.Text);
        _ruleIndex.Add(name.Text, _rules.Count);
        _rules.Add(rule);
    }

    /// <summary>Tokens of this line (from a column on) and of the lines that continue it.</summary>
    private ElementParser Block(int from, int skip, Func<string, bool> continues)
    {
        var tokens = new List<AbnfToken>();
        var start = _line;
        var last = _line;
        while (_line < _lines.Length && (_line == start || IsEmpty(_lines[_line]) || continues(_lines[_line])))
        {
            AbnfTokenizer.Cut(_lines[_line], _line + 1, _line == start ? from + skip : 0, tokens, _diagnostics);
            if (!IsEmpty(_lines[_line])) last = _line;
            _line++;
        }
        return new(tokens, new(last + 1, _lines[last].TrimEnd().Length + 1, 1), _positions, _diagnostics);
    }

    private void CheckHeader(int line)
    {
        if (_headerReported) return;
        foreach (var (value, name) in new[] { (_document, "document"), (_module, "module"), (_namespace, "namespace") })
        {
            if (value is not null) continue;
            _diagnostics.Add(new(AbnfRules.MissingHeader, AbnfRules.MissingHeader.Message(name), new(line, 1, 1)));
            _headerReported = true;
        }
    }

    private void Report(SpecRule rule, int at, params object[] arguments) =>
        _diagnostics.Add(new(rule, rule.Message(arguments), _positions[at]));
}
