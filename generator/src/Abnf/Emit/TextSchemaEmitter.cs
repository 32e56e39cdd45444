using Microsoft.CodeAnalysis.CSharp;
using WebRtcConformance.Emit;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Emit;

/// <summary>Emits a module as data: the schema that the interpreter reads. The short names are those of the runtime's TextModel.</summary>
internal sealed class TextSchemaEmitter(CodeWriter code, TextModule module)
{
    public static void Emit(CodeWriter code, TextModule module) => new TextSchemaEmitter(code, module).Emit();

    private void Emit()
    {
        code.Line();
        code.Summary($"{module.Document}, {module.Title}: the spec file as data.");
        code.Open($"public static class {module.Namespace}Module");
        code.Summary("The linked spec file.");
        code.Line("public static TextModule Module { get; } = new(");
        code.Line($"    {Text(module.Name)}, {Text(module.Document)}, {Text(module.Title)}, {Text(module.Namespace)}, {module.Number},");
        List(module.Rules, Rule, ",");
        List(module.Types, Type, ",");
        List(module.Choices, Choice, ",");
        List(module.Unions, Union, ",");
        code.Line($"    [{string.Join(", ", module.Starts.Select(Text))}],");
        List(module.Relaxations, Relaxation, ");");
        code.Line();
        code.Line($"private static TextReference R(string rule) => new({Text(module.Name)}, rule);");
        code.Line($"private static Clause C(string section) => new({Text(module.Document)}, section);");
        code.Close();
    }

    private void List<T>(EquatableArray<T> items, Func<T, string> show, string after)
    {
        if (items.Count == 0)
        {
            code.Line("    []" + after);
            return;
        }
        code.Line("    [");
        foreach (var item in items) code.Line("        " + show(item) + ",");
        code.Line("    ]" + after);
    }

    private string Rule(TextRule rule) => $"new({rule.Node}, {Text(rule.Name)}, {Clause(rule.Clause)}, {Element(rule.Body)})";

    private string Type(TextType type) => $"new({Text(type.Rule)}, {Text(type.CsName)}, [{string.Join(", ", type.Captures.Select(Capture))}])";

    private string Capture(TextCapture c) =>
        $"new({c.Node}, {Text(c.Path)}, {Text(c.CsName)}, TextCaptureKind.{c.Kind}, {c.AtLeast}, {Flag(c.Many)}, {(c.Target is null ? "null" : Element(c.Target))}, {c.Min}, {c.Max}, {Clause(c.Clause)}, {Texts(c.Requirements)}{(c.Canonical ? ", true" : "")})";

    private string Choice(TextChoiceType choice) =>
        $"new({Text(choice.Rule)}, {Text(choice.CsName)}, {Flag(choice.Open)}, [{string.Join(", ", choice.Forms.Select(f => $"new({Text(f.CsName)}, {Element(f.Body)})"))}])";

    private string Union(TextUnion union) =>
        $"new({Text(union.Rule)}, {Text(union.CsName)}, {Element(union.By)}, {Element(union.Value)}, [{string.Join(", ", union.Extensions.Select(Extension))}])";

    private string Extension(TextExtension e) =>
        $"new({e.Node}, {Text(e.Module)}, {Text(e.Name)}, {Text(e.CsName)}, TextExtensionForm.{e.Form}, {(e.Rule is null ? "null" : Element(e.Rule))}, {Texts(e.Levels)}, {Clause(e.Clause)})";

    private string Relaxation(TextRelaxation r) => $"new({r.Node}, {Text(r.Name)}, {Element(r.Rule)}, {Element(r.Body)}, {Clause(r.Clause)})";

    private string Clause(Clause clause) => clause.Document == module.Document ? $"C({Text(clause.Section)})" : $"new({Text(clause.Document)}, {Text(clause.Section)})";

    private string Element(TextElement element) => element switch
    {
        TextReference reference => reference.Module == module.Name ? $"R({Text(reference.Rule)})"
            : reference.Module == CoreRules.Name ? $"Core({Text(reference.Rule)})" : $"Of({Text(reference.Module)}, {Text(reference.Rule)})",
        TextLiteral literal => $"{(literal.AnyCase ? "AnyCase" : "Exactly")}({Text(literal.Text)})",
        TextBytes bytes => $"Bytes({string.Join(", ", bytes.Ranges.Select(r => $"{r.From}, {r.To}"))})",
        TextSequence sequence => $"All({Elements(sequence.Items)})",
        TextAlternatives alternatives => $"One({Elements(alternatives.Items)})",
        TextRepeat repeat => $"Times({repeat.Min}, {repeat.Max}, {Element(repeat.Item)})",
        _ => throw new ArgumentOutOfRangeException(nameof(element)),
    };

    private string Elements(EquatableArray<TextElement> items) => string.Join(", ", items.Select(Element));

    private static string Texts(EquatableArray<string> texts) => texts.Count == 0 ? "default" : $"[{string.Join(", ", texts.Select(Text))}]";

    private static string Flag(bool flag) => flag ? "true" : "false";

    private static string Text(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
