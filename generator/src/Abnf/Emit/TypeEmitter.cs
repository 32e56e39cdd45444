using WebRtcConformance.Emit;
using WebRtcConformance.Generator.Abnf.Analysis;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Emit;

/// <summary>Emits a type: the reading of its rule, an immutable record that writes itself, and a view.</summary>
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
        code.Line("/// <inheritdoc/>");
        code.Line($"public static bool Accepts(ReadOnlySpan<byte> text) => TextReading.Accepts<View, {type.CsName}>(text);");
        code.Line("/// <inheritdoc/>");
        code.Line($"public static bool TryParse(ReadOnlySpan<byte> text, bool keepTrivia, out {type.CsName} value, out WireError error) => TextReading.TryParse<View, {type.CsName}>(text, keepTrivia, out value, out error);");
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
        RecordWriter.Write(code, plan);
        ViewWriter.Type(code, type, plan.Node, names);
        code.Close();
    }
}
