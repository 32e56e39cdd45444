using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Tls;

/// <summary>Reads the lines that begin with '@'. Expressions and the clauses of "@field" are those of drawings.</summary>
internal sealed class TlsAnnotations(SourceLine[] lines, PositionTable positions, List<LocalDiagnostic> diagnostics)
{
    private string? _document, _title, _module, _namespace;
    private bool _headerReported;
    private (string Text, SpecPosition Position)? _amend;
    private SpecPosition? _own;

    public List<TlsImport> Imports { get; } = [];
    public List<TlsAnnotation> All { get; } = [];

    /// <summary>Where the declarations that follow stand in the standard.</summary>
    public Clause Clause { get; private set; } = new("", "");

    /// <summary>What the file's head says; null, with a report, when it is not complete.</summary>
    public (string Document, string Title, string Module, string Namespace)? Header(SpecPosition position)
    {
        foreach (var (value, name) in new[] { (_document, "document"), (_module, "module"), (_namespace, "namespace") })
        {
            if (value is not null || _headerReported) continue;
            diagnostics.Add(new(TlsRules.Missing, TlsRules.Missing.Message(name), position));
            _headerReported = true;
        }
        return _document is null || _module is null || _namespace is null ? null : (_document, _title ?? "", _module, _namespace);
    }

    /// <summary>The name in an "@amend" that no declaration has followed yet.</summary>
    public (string Text, SpecPosition Position)? TakeAmend()
    {
        var amend = _amend;
        _amend = null;
        return amend;
    }

    /// <summary>A declaration follows: it is the one that an "@own" before it is about.</summary>
    public void Declare() => _own = null;

    /// <summary>Reports an "@own" that no declaration has followed.</summary>
    public void CheckOwn()
    {
        if (_own is { } own) diagnostics.Add(new(TlsRules.UnusedAnnotation, TlsRules.UnusedAnnotation.Message("'@own' needs a declaration after it"), own));
        _own = null;
    }

    public void Read(int line)
    {
        var text = lines[line].Text;
        var end = 1;
        while (end < text.Length && Names.IsLetter(text[end])) end++;
        var name = text.Substring(1, end - 1);
        var tokens = new List<Token>();
        Tokenizer.Cut(lines[line], end, tokens, diagnostics);
        for (; TlsLexer.GoesOn(lines[line]) && line + 1 < lines.Length; line++) Tokenizer.Cut(lines[line + 1], 0, tokens, diagnostics);
        var reader = new TokenReader(tokens, lines[line].At(lines[line].Text.TrimEnd().Length, 1), positions, diagnostics);
        if (!Read(name, reader)) diagnostics.Add(new(TlsRules.UnknownAnnotation, TlsRules.UnknownAnnotation.Message(name), lines[line].At(0, end)));
        else if (!reader.Failed && !reader.AtEnd) reader.Unexpected("the end of the line");
    }

    private bool Read(string name, TokenReader reader)
    {
        switch (name)
        {
            case "document":
                Once(ref _document, reader, name, Word(reader, "a document such as RFC8446"));
                if (reader.Current.Kind == TokenKind.Text) _title = reader.Take().Text;
                Clause = new(_document ?? "", "");
                return true;
            case "module": Once(ref _module, reader, name, Word(reader, "a module name")); return true;
            case "namespace": Once(ref _namespace, reader, name, reader.Identifier()); return true;
            case "section": Clause = reader.Section(_document ?? ""); return true;
            case "import": Import(reader); return true;
            case "amend": _amend = (reader.Current.Text, reader.Current.Position); Use(reader); return true;
            case "own": Own(reader); return true;
            case "message": Add(reader, new TlsMessage(Use(reader))); return true;
            case "closed": Add(reader, new TlsClosed(Use(reader))); return true;
            case "name": Add(reader, Name(reader)); return true;
            case "given": Add(reader, Given(reader)); return true;
            case "for": Add(reader, For(reader)); return true;
            case "choice": Add(reader, Choice(reader)); return true;
            case "variant": Add(reader, Variant(reader)); return true;
            case "field": Add(reader, Field(reader)); return true;
            case "rule": Rule(reader); return true;
            default: return false;
        }
    }

    /// <summary>Why the declaration after it does not stand in the standard; for readers.</summary>
    private void Own(TokenReader reader)
    {
        CheckOwn();
        _own = reader.Current.Position;
        if (string.IsNullOrWhiteSpace(reader.Current.Text)) reader.Unexpected("a reason in quotes");
        else reader.Text("a reason in quotes");
    }

    private void Add(TokenReader reader, TlsAnnotation annotation)
    {
        if (!reader.Failed) All.Add(annotation);
    }

    private void Once(ref string? field, TokenReader reader, string name, string value)
    {
        if (reader.Failed) return;
        if (field is null) field = value;
        else reader.Report(SpecRules.Twice, reader.Current.Position, "@" + name);
    }

    private static string Word(TokenReader reader, string what)
    {
        if (reader.Current.Kind == TokenKind.Word) return reader.Take().Text;
        reader.Unexpected(what);
        return "";
    }

    /// <summary>A name of the presentation language: one word, or several with dots ("ASN.1Cert").</summary>
    private NameUse Use(TokenReader reader, string what = "a name")
    {
        var first = reader.Current.Position;
        var text = Word(reader, what);
        while (!reader.Failed && reader.Current.Is(".") && Adjoins(reader, first, text) && reader.TryTake("."))
        {
            text += ".";
            if (reader.Current.Kind == TokenKind.Number) text += reader.Take().Text;
            if (text[text.Length - 1] == '.' || reader.Current.Kind == TokenKind.Word && Adjoins(reader, first, text)) text += Word(reader, what);
        }
        return new(reader.Place(first with { Length = Math.Max(1, text.Length) }), text);
    }

    private static bool Adjoins(TokenReader reader, SpecPosition start, string text) =>
        reader.Current.Position.Column == start.Column + text.Length && reader.Current.Position.Line == start.Line;

    /// <summary>"Handshake.body" as the struct's name and the member's.</summary>
    private (NameUse Type, NameUse Field) Member(TokenReader reader)
    {
        var at = reader.Current.Position;
        var type = new NameUse(reader.Place(at), Word(reader, "a struct"));
        reader.Expect(".");
        return (type, reader.Name("a member"));
    }

    private void Import(TokenReader reader)
    {
        var names = new List<(NameUse Name, string As)>();
        do
        {
            var name = Use(reader, "a type");
            names.Add((name, reader.TryTake("as") ? Word(reader, "a name") : name.Text));
        }
        while (!reader.Failed && reader.TryTake(","));
        reader.Expect("from");
        var module = reader.Name("a module");
        if (!reader.Failed) Imports.AddRange(names.Select(n => new TlsImport(n.Name, n.As, module)));
    }

    private TlsName Name(TokenReader reader)
    {
        var type = Use(reader, "a type");
        reader.Expect("as");
        return new(type, reader.Identifier());
    }

    private TlsGiven Given(TokenReader reader)
    {
        var variable = Use(reader, "what a choice depends on");
        if (reader.TryTake("when")) return new(variable, null, ExpressionParser.Read(reader), null);
        reader.Expect("=");
        var token = reader.Current;
        if (!reader.TryTake("bits")) return new(variable, Use(reader, "a value"), null, null);
        var from = reader.Number(0, 255);
        reader.Expect("..");
        var to = reader.Number(from, from + 31);
        return new(variable, null, null, new PeekExpr(reader.Place(token.Position), (int)from, (int)(to - from) + 1));
    }

    private TlsFor For(TokenReader reader)
    {
        var (type, field) = Member(reader);
        reader.Expect(":");
        var variable = Use(reader, "what a choice depends on");
        reader.Expect("=");
        var value = Use(reader, "a value");
        return new(type, field, variable.Text, value, reader.TryTake("as") ? Word(reader, "a name") : value.Text);
    }

    private TlsChoice Choice(TokenReader reader)
    {
        var (type, field) = Member(reader);
        reader.Expect("by");
        var selector = Use(reader, "a field");
        return new(type, field, selector, reader.TryTake("when") ? ExpressionParser.Read(reader) : null);
    }

    private TlsVariant Variant(TokenReader reader)
    {
        var clause = Clause;
        var type = Use(reader, "a struct");
        reader.Expect(":");
        var value = Use(reader, "a value");
        reader.Expect("=");
        var body = Use(reader, "a type, 'empty' or 'opaque'");
        var contexts = new List<NameUse>();
        if (reader.TryTake("in"))
            do contexts.Add(Use(reader, "a value"));
            while (!reader.Failed && reader.TryTake(","));
        return new(type, value, body, new(contexts), clause);
    }

    private TlsFieldClauses Field(TokenReader reader)
    {
        var position = reader.Peek(2).Position;
        var (type, field) = Member(reader);
        reader.Expect(":");
        var entry = new Entry { Name = field.Text, Short = null, NotDrawn = true, At = field.At, Position = position, Clause = Clause };
        if (!reader.Failed) new EntryParser(reader, entry, _document ?? "").Read();
        return new(type, field, Clauses(entry, reader));
    }

    private TlsClauses Clauses(Entry entry, TokenReader reader)
    {
        var foreign = entry switch
        {
            { Bits: not null } => "of so many bits",
            { Count: not null } or { ListOf: not null } or { ListOfBits: not null } => "a list",
            { Nested: not null } or { Selector: not null } or { Split: not null } => "of another type",
            { Reserved: not null } or { Padding: not null } or { Checksum: not null } or { Mask: not null } or { Constant: true } => "other than a value",
            _ when entry.DrawnAs.Count > 0 || entry.DrawnBits is not null => "drawn",
            _ => null,
        };
        if (foreign is not null) reader.Report(TlsRules.BadField, entry.Position, entry.Name, foreign);
        return new(entry.CsName, entry.Clause.Equals(Clause) ? null : entry.Clause, entry.Rest, entry.Size, entry.Equal, entry.Present, entry.Text, entry.Registry,
            new(entry.Musts), new(entry.Covers));
    }

    /// <summary>"@rule ClientHello name: EXPR; section N; covers ID".</summary>
    private void Rule(TokenReader reader)
    {
        var type = Use(reader, "a struct");
        var at = reader.Current.Position;
        var name = Word(reader, "a rule name");
        reader.Expect(":");
        if (reader.Failed) return;
        if (DeclarationParser.Rule(reader, reader.Place(at), name, Clause, _document ?? "") is { } rule) All.Add(new TlsRule(type, rule));
    }
}
