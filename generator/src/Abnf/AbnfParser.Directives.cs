using System.Globalization;
using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf;

public sealed partial class AbnfParser
{
    private void Directive()
    {
        var line = _lines[_line];
        var end = 1;
        while (end < line.Length && AbnfTokenizer.IsLetter(line[end])) end++;
        var name = line.Substring(1, end - 1);
        var number = _line + 1;
        if (name == "capture")
        {
            Captures(end);
            return;
        }
        if (name is "document" or "section")
        {
            // The document and its title, and sections such as A.1, are words and not ABNF.
            _line++;
            if (name == "document") Document(line, end, number);
            else Section(line, end, number);
            return;
        }
        var reader = Block(0, end, l => l.Length > 0 && Indent(l) > 0);
        if (name is not ("module" or "namespace")) CheckHeader(number);
        switch (name)
        {
            case "module": Set(ref _module, reader, name); break;
            case "namespace": Set(ref _namespace, reader, name); break;
            case "relaxes":
                do _relaxes.Add(reader.Name("a module"));
                while (reader.TryTake(","));
                break;
            case "import": Import(reader); break;
            case "define": Define(reader); break;
            case "start": _starts.Add(new(reader.Name("a rule"), As(reader))); break;
            case "choice": Choice(reader); break;
            case "prefer": Prefer(reader); break;
            case "variant":
                var union = reader.Name("a rule");
                var unionName = As(reader);
                if (!reader.TryWord("by")) reader.Unexpected("'by'");
                _unions.Add(new(union, unionName, reader.Name("a rule")));
                break;
            case "extend": Extend(reader); break;
            case "relax":
                var at = reader.Place();
                var relaxation = reader.Text(AbnfTokenKind.Name, "a relaxation's name");
                var relaxed = reader.Name("a rule");
                reader.Need("=");
                _relaxations.Add(new(at, relaxation, relaxed, reader.Alternation(), _clause));
                break;
            default:
                _diagnostics.Add(new(AbnfRules.UnknownDirective, AbnfRules.UnknownDirective.Message(name), new(number, 1, end)));
                return;
        }
        reader.Finish();
    }

    private void Document(string line, int from, int number)
    {
        var rest = WithoutComment(line).Substring(from).Trim();
        var split = rest.IndexOf(' ');
        var word = split < 0 ? rest : rest.Substring(0, split);
        var title = split < 0 ? "" : rest.Substring(split).Trim();
        if (word.Length == 0 || title.Length > 0 && (title.Length < 2 || title[0] != '"' || title[title.Length - 1] != '"'))
            _diagnostics.Add(new(AbnfRules.Expected, AbnfRules.Expected.Message("a document such as RFC8866 and its title in quotes", $"'{rest}'"), new(number, from + 1, 1)));
        else if (_document is not null) _diagnostics.Add(new(AbnfRules.Twice, AbnfRules.Twice.Message("@document"), new(number, 1, from)));
        else
        {
            (_document, _title) = (word, title.Trim('"'));
            _clause = new(word, "");
        }
    }

    private void Section(string line, int from, int number)
    {
        var words = WithoutComment(line).Substring(from).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 1 or 2) _clause = new(words.Length == 2 ? words[0] : _document ?? "", words[words.Length - 1]);
        else _diagnostics.Add(new(AbnfRules.Expected, AbnfRules.Expected.Message("a section such as 5.1", $"{words.Length} words"), new(number, from + 1, 1)));
    }

    private static string WithoutComment(string line) => line.IndexOf(';') is var at && at >= 0 ? line.Substring(0, at) : line;

    private void Set(ref string? field, ElementParser reader, string name)
    {
        var at = reader.Place();
        var value = reader.Text(AbnfTokenKind.Name, "a name");
        if (field is not null) Report(AbnfRules.Twice, at, "@" + name);
        else if (!reader.Failed) field = value;
    }

    private static string? As(ElementParser reader) => reader.TryWord("as") ? reader.Text(AbnfTokenKind.Name, "a C# name") : null;

    private void Import(ElementParser reader)
    {
        var names = new List<(NameUse Rule, string? As)>();
        do
        {
            var rule = reader.Name("a rule");
            names.Add((rule, reader.TryWord("as") ? reader.Text(AbnfTokenKind.Name, "a rule name") : null));
        }
        while (reader.TryTake(","));
        if (!reader.TryWord("from")) reader.Unexpected("'from'");
        var module = reader.Name("a module");
        if (reader.Failed) return;
        foreach (var (rule, rename) in names)
        {
            if (_imports.Any(i => string.Equals(i.As, rename ?? rule.Text, StringComparison.OrdinalIgnoreCase))) Report(AbnfRules.Duplicate, rule.At, "import", rename ?? rule.Text);
            else _imports.Add(new(rule, rename ?? rule.Text, module));
        }
    }

    private void Define(ElementParser reader)
    {
        var at = reader.Place();
        var prose = reader.Current.Kind == AbnfTokenKind.Prose;
        var name = prose ? reader.Take().Text : reader.Text(AbnfTokenKind.Name, "a rule's name");
        reader.Need("=");
        var body = reader.Alternation();
        if (reader.Failed) return;
        if (prose) _proses.Add(new(at, name, _clause, body, true));
        else AddRule(new(at, name), body, added: false, own: true);
    }

    private void Choice(ElementParser reader)
    {
        var rule = reader.Name("a rule");
        var name = As(reader);
        var forms = new List<FormSyntax>();
        if (reader.TryTake(":"))
            do forms.Add(Form(reader, true));
            while (reader.TryTake(","));
        _choices.Add(new(rule, name, new(forms)));
    }

    private void Prefer(ElementParser reader)
    {
        var rule = reader.Name("a rule");
        reader.Need(":");
        var order = new List<FormSyntax>();
        if (reader.TryWord("as"))
        {
            if (!reader.TryWord("printed")) reader.Unexpected("'printed'");
        }
        else
        {
            do order.Add(Form(reader, false));
            while (reader.TryTake(","));
        }
        _prefers.Add(new(rule, new(order)));
    }

    private static FormSyntax Form(ElementParser reader, bool named)
    {
        var at = reader.Place();
        var literal = reader.Current.Kind == AbnfTokenKind.String;
        var text = literal ? reader.Take().Text : reader.Text(AbnfTokenKind.Name, "a rule or a literal");
        return new(at, text, literal, named ? As(reader) : null);
    }

    private void Extend(ElementParser reader)
    {
        var union = reader.Name("a rule");
        var at = reader.Place();
        var name = reader.Text(AbnfTokenKind.String, "a name in quotes");
        var csName = As(reader);
        NameUse? rule = null;
        var form = TextExtensionForm.Flag;
        if (reader.TryWord("whole")) (form, rule) = (TextExtensionForm.Whole, reader.Name("a rule"));
        else if (reader.TryWord("line")) (form, rule) = (TextExtensionForm.Line, reader.Name("a rule"));
        else if (reader.TryWord("value")) (form, rule) = (TextExtensionForm.Value, reader.Name("a rule"));
        else if (!reader.TryWord("flag")) reader.Unexpected("'whole', 'line', 'value' or 'flag'");
        var levels = new List<string>();
        if (reader.TryWord("level"))
            do levels.Add(reader.Text(AbnfTokenKind.Name, "a level"));
            while (reader.TryTake(","));
        var clause = SectionClause(reader) ?? _clause;
        if (!reader.Failed) _extends.Add(new(at, union, name, csName, form, rule, new(levels), clause));
    }

    private Clause? SectionClause(ElementParser reader)
    {
        if (!reader.TryWord("section")) return null;
        // A document is a name ("RFC8866"); a section is a number, or a letter and numbers.
        var first = reader.Current.Kind is AbnfTokenKind.Number or AbnfTokenKind.Name ? reader.Take() : null;
        if (first is null)
        {
            reader.Unexpected("a section");
            return null;
        }
        if (first.Kind == AbnfTokenKind.Number || reader.Current.Kind != AbnfTokenKind.Number) return new(_document ?? "", first.Text);
        return new(first.Text, reader.Take().Text);
    }

    private void Captures(int end)
    {
        var start = _line;
        var header = Block(0, end, _ => false);
        CheckHeader(start + 1);
        var rule = header.Name("a rule");
        var name = As(header);
        header.Finish();
        var clause = _clause;
        var captures = new List<CaptureSyntax>();
        while (_line < _lines.Length && (IsEmpty(_lines[_line]) || Indent(_lines[_line]) > 0 && !IsRuleLine(_lines[_line])))
        {
            if (IsEmpty(_lines[_line]))
            {
                // A blank line ends the captures, so that an indented rule may follow.
                if (_lines[_line].Trim().Length == 0) break;
                _line++;
                continue;
            }
            var reader = Block(0, 0, _ => false);
            if (Capture(reader) is { } capture) captures.Add(capture);
        }
        if (!header.Failed) _types.Add(new(rule, name, clause, new(captures)));
    }

    private bool IsRuleLine(string line) => StartsRule(line, Indent(line));

    private CaptureSyntax? Capture(ElementParser reader)
    {
        var at = reader.Place();
        var path = new List<string> { reader.Name("a rule").Text };
        while (reader.TryTake("/")) path.Add(reader.Name("a rule").Text);
        var name = As(reader);
        var (integer, min, max, canonical) = (false, 0UL, ulong.MaxValue, false);
        if (reader.TryTake(":") && !reader.TryWord("text"))
        {
            if (!reader.TryWord("integer")) reader.Unexpected("'text' or 'integer'");
            integer = true;
            if (reader.Current.Kind == AbnfTokenKind.Number)
            {
                var position = reader.Current.Position;
                min = Number(reader);
                reader.Need("..");
                max = Number(reader);
                if (min > max) reader.Report(AbnfRules.BadRange, position, "the range ends before it begins");
            }
            canonical = reader.TryWord("canonical");
        }
        var clause = SectionClause(reader);
        var covers = new List<string>();
        if (reader.TryWord("covers"))
        {
            reader.Report(AbnfRules.Expected, reader.Current.Position, "the end: 'covers' is not there yet", "'covers'");
        }
        reader.Finish();
        return reader.Failed ? null : new(at, new(path), name, integer, min, max, clause, new(covers), canonical);
    }

    private static ulong Number(ElementParser reader)
    {
        var position = reader.Current.Position;
        var text = reader.Text(AbnfTokenKind.Number, "a number");
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        reader.Report(AbnfRules.BadNumber, position, $"'{text}' is no number of 64 bits");
        return 0;
    }
}
