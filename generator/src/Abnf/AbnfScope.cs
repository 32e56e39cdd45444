using WebRtcConformance.Generator.Linking;
using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf;

/// <summary>A file's syntax under its path; the input of linking. <paramref name="Sound"/>: it was read without a mistake.</summary>
public sealed record AbnfFile(string Path, AbnfSyntax Syntax, bool Sound);

/// <param name="Modules">All modules, the core rules' first; those with mistakes are left out, and then nothing is complete.</param>
/// <param name="Sound">No mistake was found anywhere.</param>
/// <param name="Units">For the back end, when all is sound: each module with what its code depends on.</param>
public sealed record AbnfLinkResult(EquatableArray<TextModule> Modules, EquatableArray<LinkDiagnostic> Diagnostics, bool Sound, EquatableArray<TextUnit> Units = default);

/// <summary>One file while it is linked, with the names that it knows.</summary>
internal sealed class AbnfScope
{
    private readonly AbnfFile _file;
    private readonly List<LinkDiagnostic> _diagnostics;
    private readonly Dictionary<string, AbnfRuleSyntax> _rules = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ImportSyntax> _imports = new(StringComparer.OrdinalIgnoreCase);

    public AbnfScope(AbnfFile file, List<LinkDiagnostic> diagnostics)
    {
        _file = file;
        _diagnostics = diagnostics;
        foreach (var import in Syntax.Imports) _imports[import.As] = import;
        foreach (var rule in Syntax.Rules)
        {
            // The standard's own prose is the import statement: "DIGIT = <DIGIT definition from RFC 5234>".
            var import = rule.Body is ProseSyntax && (_imports.ContainsKey(rule.Name) || Module != CoreRules.Name && CoreRules.Syntax.Rules.Any(r => Same(r.Name, rule.Name)));
            if (!import) _rules[rule.Name] = rule;
        }
    }

    public AbnfSyntax Syntax => _file.Syntax;
    public string Path => _file.Path;
    public string Module => Syntax.Module;
    public bool Sound { get; private set; } = true;
    public Dictionary<string, AbnfScope> Modules { get; set; } = new();
    public IEnumerable<AbnfRuleSyntax> Rules => Syntax.Rules.Where(r => _rules.TryGetValue(r.Name, out var kept) && ReferenceEquals(kept, r));

    public AbnfRuleSyntax? Rule(string name) => _rules.TryGetValue(name, out var rule) ? rule : null;

    public static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    /// <summary>The rule that a name means here; null when there is none.</summary>
    public TextReference? Find(string name, int depth = 0)
    {
        if (_rules.TryGetValue(name, out var own)) return new(Module, own.Name);
        if (_imports.TryGetValue(name, out var import) && depth < 8)
            return Modules.TryGetValue(import.Module.Text, out var other) ? other.Find(import.Rule.Text, depth + 1) : null;
        var core = CoreRules.Syntax.Rules.FirstOrDefault(r => Same(r.Name, name));
        return core is null ? null : new(CoreRules.Name, core.Name);
    }

    public TextReference? Need(NameUse name)
    {
        var found = Find(name.Text);
        if (found is null) Report(AbnfRules.UnknownRule, name.At, name.Text);
        return found;
    }

    public void CheckImports()
    {
        foreach (var import in Syntax.Imports)
        {
            if (!Modules.TryGetValue(import.Module.Text, out var other)) Report(AbnfRules.UnknownModule, import.Module.At, import.Module.Text);
            else if (other.Find(import.Rule.Text) is null) Report(AbnfRules.UnknownRule, import.Rule.At, import.Rule.Text);
        }
    }

    /// <param name="inside">Whose names count before the file's own: a relaxation is written in the terms of the rule that it relaxes.</param>
    public TextElement Element(ElementSyntax syntax, AbnfScope? inside = null)
    {
        TextElement Element(ElementSyntax part) => this.Element(part, inside);
        switch (syntax)
        {
            case BytesElementSyntax bytes: return new TextBytes(bytes.Ranges);
            case LiteralElementSyntax literal: return new TextLiteral(literal.Text, literal.AnyCase);
            case ConcatenationSyntax concatenation: return new TextSequence(new(concatenation.Items.Select(Element)));
            case AlternationSyntax alternation: return Alternatives(alternation.Items.Select(Element));
            case RepetitionSyntax repetition: return new TextRepeat(repetition.Min, repetition.Max, Element(repetition.Item));
            case ReferenceSyntax reference: return inside?.Find(reference.Name) ?? Need(new(reference.At, reference.Name)) ?? (TextElement)new TextLiteral("", false);
            case ProseSyntax prose:
                if (Syntax.Proses.FirstOrDefault(p => p.Name == prose.Text) is { } defined) return Element(defined.Body);
                // RFC 5234 section 2.1: a rule's name may stand in angle brackets.
                if (Find(prose.Text) is { } rule) return rule;
                Report(AbnfRules.Prose, prose.At, prose.Text);
                return new TextLiteral("", false);
            default: throw new ArgumentOutOfRangeException(nameof(syntax));
        }
    }

    /// <summary>Alternatives that are single bytes become one set, when all are: the order of bytes means nothing.</summary>
    private static TextElement Alternatives(IEnumerable<TextElement> items)
    {
        var all = items.ToArray();
        if (!all.All(i => i is TextBytes || i is TextLiteral { Text.Length: 1 })) return new TextAlternatives(new(all));
        var member = new bool[256];
        foreach (var item in all)
        {
            if (item is TextBytes bytes)
                foreach (var range in bytes.Ranges)
                    for (int b = range.From; b <= range.To; b++) member[b] = true;
            if (item is TextLiteral literal)
            {
                member[literal.Text[0]] = true;
                if (literal.AnyCase && AbnfTokenizer.IsLetter(literal.Text[0])) member[literal.Text[0] ^ 0x20] = true;
            }
        }
        return new TextBytes(Ranges(member));
    }

    private static EquatableArray<TextRange> Ranges(bool[] member)
    {
        var ranges = new List<TextRange>();
        for (var b = 0; b < 256; b++)
        {
            if (!member[b]) continue;
            var from = b;
            while (b < 255 && member[b + 1]) b++;
            ranges.Add(new((byte)from, (byte)b));
        }
        return new(ranges);
    }

    public void Report(SpecRule rule, int at, params object[] arguments)
    {
        Sound = false;
        _diagnostics.Add(new(rule, rule.Message(arguments), Path, at));
    }
}
