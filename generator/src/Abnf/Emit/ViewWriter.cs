using WebRtcConformance.Emit;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Emit;

/// <summary>Emits views: one field, a TextFrame, and a member for each capture.</summary>
internal static class ViewWriter
{
    /// <summary>The head of a view, open.</summary>
    /// <param name="interfaces">E.g. "ITextView&lt;View&gt;".</param>
    public static void Open(CodeWriter code, string summary, string interfaces)
    {
        code.Line();
        code.Summary(summary + " Valid until the table is used for another parse.");
        code.Open($"public readonly ref struct View : {interfaces}");
        code.Line("private readonly TextFrame _f;");
        code.Line("private View(TextFrame frame) => _f = frame;");
        code.Line("static View ITextView<View>.At(TextFrame frame) => new(frame);");
    }

    public static void Type(CodeWriter code, TextType type, uint node, TextNames names)
    {
        var face = $"ITextType<View, {type.CsName}>";
        Open(code, "The value, read from the text when asked for.", face);
        code.Line($"static uint {face}.Rule => {ReadWriter.Node(node)};");
        code.Line($"static int {face}.Read(ReadOnlySpan<byte> s, int at, TextTable t) => Read(s, at, t);");
        code.Line();
        var read = $"=> TextReading.TryView<View, {type.CsName}>(text,";
        code.Summary("Reads a whole text, unions included.");
        code.Line($"public static bool TryParse(ReadOnlySpan<byte> text, TextTable table, out View view, out WireError error) {read} table, false, out view, out error);");
        code.Summary("Reads with a table of its own, which is allocated.");
        code.Line($"public static bool TryParse(ReadOnlySpan<byte> text, out View view, out WireError error) {read} new(), false, out view, out error);");
        code.Summary("Values of unions are looked into, and checked, only when somebody asks for them.");
        code.Line($"public static bool TryParseLazily(ReadOnlySpan<byte> text, TextTable table, out View view, out WireError error) {read} table, true, out view, out error);");
        code.Line();
        code.Summary("The text that the value was read from.");
        code.Line("public ReadOnlySpan<byte> Text => _f.Whole;");
        for (var i = 0; i < type.Captures.Count; i++) Member(code, type, type.Captures[i], i, names);
        code.Line();
        RecordWriter.ToRecord(code, type, names);
        code.Close();
    }

    private static void Member(CodeWriter code, TextType type, TextCapture capture, int index, TextNames names)
    {
        var name = RecordWriter.Member(type, capture);
        if (capture.Many)
        {
            var item = capture.Kind is TextCaptureKind.Nested or TextCaptureKind.Union ? names.Type(capture.Target!) + ".View" : "TextItem";
            code.Line($"public TextList<{item}> {name} => _f.List<{item}>({index});");
            return;
        }
        if (capture.AtLeast == 0 || capture.Kind == TextCaptureKind.Integer) code.Line($"public bool Has{name} => _f.Has({index});");
        switch (capture.Kind)
        {
            case TextCaptureKind.Integer:
                code.Line($"public {RecordWriter.Integer(capture)} {name} => ({RecordWriter.Integer(capture)})_f.Number({index});");
                break;
            case TextCaptureKind.Nested or TextCaptureKind.Union:
                code.Line($"public {names.Type(capture.Target!)}.View {name} => _f.View<{names.Type(capture.Target!)}.View>({index});");
                break;
            default:
                if (capture.Kind == TextCaptureKind.Choice) code.Line($"public {names.Type(capture.Target!)} {name}{RecordWriter.KindSuffix} => {names.Type(capture.Target!)}Forms.Of({name});");
                code.Line($"public ReadOnlySpan<byte> {name} => _f.Text({index});");
                break;
        }
    }
}
