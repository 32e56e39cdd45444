using WebRtcConformance.Emit;
using WebRtcConformance.Generator.Abnf.Analysis;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Emit;

/// <summary>Emits a type: the reading of its rule, a view, and an immutable record that writes itself.</summary>
internal static class TypeEmitter
{
    public static void Emit(CodeWriter code, TypePlan plan, TableWriter tables, TextNames names, Plans plans, TextModule module, TextRule rule)
    {
        var type = plan.Type;
        code.Line();
        code.Summary($"Rule {rule.Name} of {rule.Clause}.");
        code.Open($"public sealed partial record {type.CsName} : ITextRecord<{type.CsName}>");
        code.Line($"public static string WireName => \"{module.Name}.{type.CsName}\";");
        RecordWriter.Members(code, type, names);
        code.Line();
        code.Summary("Reads the rule from a place on: where it ends, or -1.");
        code.Open("internal static int Read(ReadOnlySpan<byte> s, int at, TextTable t)");
        code.Line($"var frame = t.Push({type.Captures.Count});");
        code.Line("var begin = at;");
        for (var i = 0; i < type.Captures.Count; i++)
            if (type.Captures[i].Many) code.Line($"var last{i} = -1;");
        new ReadWriter(code, tables, names, plans, type).Step(plan.Body);
        code.Line("t.Close(frame, begin, at);");
        code.Line("return at;");
        code.Close();
        Doors(code, type.CsName, plan.Node);
        RecordWriter.Write(code, plan, names);
        View(code, type, names);
        code.Close();
    }

    private static void Doors(CodeWriter code, string name, uint node)
    {
        code.Line();
        code.Open("internal static bool ReadAll(ReadOnlySpan<byte> text, TextTable table, bool lazy, out WireError error)");
        code.Line("table.Reset(text.Length, lazy);");
        code.Line("var at = Read(text, 0, table);");
        code.Line($"if (at >= 0 && at < text.Length) at = table.Fail(text, at, {ReadWriter.Node(node)});");
        code.Line("error = table.Error;");
        code.Line("return at >= 0 && !table.Refused;");
        code.Close();
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public static bool Accepts(ReadOnlySpan<byte> text) => ReadAll(text, TextTables.Own, false, out _);");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open($"public static bool TryParse(ReadOnlySpan<byte> text, bool keepTrivia, out {name} value, out WireError error)");
        code.Line("var table = new TextTable();");
        code.Line("var there = ReadAll(text, table, false, out error);");
        code.Line("value = there ? From(text, table, 0, keepTrivia) : null!;");
        code.Line("return there;");
        code.Close();
    }

    private static void View(CodeWriter code, TextType type, TextNames names)
    {
        code.Line();
        code.Summary("The value, read from the text when asked for. Valid until the table is used for another parse.");
        code.Open("public readonly ref struct View : ITextView<View>");
        code.Line("private readonly ReadOnlySpan<byte> _s;");
        code.Line("private readonly TextTable _t;");
        code.Line("private readonly int _frame;");
        code.Line();
        code.Open("private View(ReadOnlySpan<byte> text, TextTable table, int frame)");
        code.Line("(_t, _frame) = (table, frame);");
        code.Line("_s = text;");
        code.Close();
        code.Line();
        code.Line("static View ITextView<View>.At(ReadOnlySpan<byte> text, TextTable table, int frame) => new(text, table, frame);");
        code.Line("internal static View At(ReadOnlySpan<byte> text, TextTable table, int frame) => new(text, table, frame);");
        code.Line();
        code.Line("/// <summary>Reads a whole text, unions included. Total: any bytes give a view or an error.</summary>");
        code.Open("public static bool TryParse(ReadOnlySpan<byte> text, TextTable table, out View view, out WireError error)");
        code.Line("var there = ReadAll(text, table, false, out error);");
        code.Line("view = there ? new View(text, table, 0) : default;");
        code.Line("return there;");
        code.Close();
        code.Line();
        code.Line("/// <summary>Reads with a table of its own, which is allocated.</summary>");
        code.Line("public static bool TryParse(ReadOnlySpan<byte> text, out View view, out WireError error) => TryParse(text, new TextTable(), out view, out error);");
        code.Line();
        code.Line("/// <summary>As <see cref=\"TryParse(ReadOnlySpan{byte}, TextTable, out View, out WireError)\"/>, but values of unions are looked into, and");
        code.Line("/// checked, only when somebody asks for them.</summary>");
        code.Open("public static bool TryParseLazily(ReadOnlySpan<byte> text, TextTable table, out View view, out WireError error)");
        code.Line("var there = ReadAll(text, table, true, out error);");
        code.Line("view = there ? new View(text, table, 0) : default;");
        code.Line("return there;");
        code.Close();
        code.Line();
        code.Summary("The text that the value was read from.");
        code.Line("public ReadOnlySpan<byte> Text => _t.Text(_s, _frame);");
        code.Line($"public {type.CsName} ToRecord(bool keepTrivia = false) => From(_s, _t, _frame, keepTrivia);");
        for (var i = 0; i < type.Captures.Count; i++) Member(code, type, type.Captures[i], i + 2, names);
        code.Close();
    }

    private static void Member(CodeWriter code, TextType type, TextCapture capture, int cell, TextNames names)
    {
        var name = RecordWriter.Member(type, capture);
        code.Line();
        code.Summary($"{capture.Path} ({capture.Clause}).");
        if (capture.Many)
        {
            var item = capture.Kind is TextCaptureKind.Nested or TextCaptureKind.Union ? names.Type(capture.Target!) + ".View" : "TextItem";
            code.Line($"public TextList<{item}> {name} => new(_s, _t, _frame + {cell});");
            return;
        }
        if (capture.AtLeast == 0 || capture.Kind == TextCaptureKind.Integer) code.Line($"public bool Has{name} => _t.Has(_frame + {cell});");
        switch (capture.Kind)
        {
            case TextCaptureKind.Text:
                code.Line($"public ReadOnlySpan<byte> {name} => _t.Text(_s, _frame + {cell});");
                break;
            case TextCaptureKind.Integer:
                code.Line($"public {RecordWriter.Integer(capture)} {name} => ({RecordWriter.Integer(capture)})TextScan.Number(_t.Text(_s, _frame + {cell}));");
                break;
            case TextCaptureKind.Choice:
                code.Line($"public {names.Type(capture.Target!)} {name}{(RecordWriter.KindSuffix)} => {names.Type(capture.Target!)}Forms.Of({name});");
                code.Line($"public ReadOnlySpan<byte> {name} => _t.Text(_s, _frame + {cell});");
                break;
            default:
                code.Line($"public {names.Type(capture.Target!)}.View {name} => {names.Type(capture.Target!)}.View.At(_s, _t, _t.Low(_frame + {cell}));");
                break;
        }
    }
}
