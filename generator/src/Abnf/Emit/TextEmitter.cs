using WebRtcConformance.Emit;
using WebRtcConformance.Generator.Abnf.Analysis;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf.Emit;

/// <summary>The back end of ABNF: linked modules to C#.</summary>
public static class TextEmitter
{
    private static readonly string[] Usings =
    [
        "System", "System.Buffers", "System.Collections.Generic", "WebRtcConformance.Ir", "WebRtcConformance.Text", "WebRtcConformance.Wire",
        "static WebRtcConformance.Text.TextModel",
    ];

    public static string FileName(TextModule module) => $"Text.{module.Namespace}.g.cs";

    /// <summary>The C# file of a module.</summary>
    public static string EmitModule(TextUnit unit)
    {
        var (module, grammar, plans) = (unit.Module, unit.Linked.Grammar, unit.Linked.Plans);
        var code = new CodeWriter();
        code.Head($"Made from the spec file of {module.Document}.", Usings);
        code.Line();
        code.Line($"namespace {TextNames.Root}.{module.Namespace};");
        var names = new TextNames(grammar, module);
        var tables = new TableWriter();
        foreach (var choice in plans.Choices)
            if (choice.Rule.Module == module.Name) Choice(code, choice, tables, module);
        foreach (var union in plans.Unions)
            if (union.Rule.Module == module.Name) UnionEmitter.Emit(code, union, tables, names, plans, module, grammar);
        foreach (var type in plans.Types)
            if (type.Rule.Module == module.Name) TypeEmitter.Emit(code, type, tables, names, plans, module, grammar.Rule(type.Rule));
        tables.Write(code);
        TextSchemaEmitter.Emit(code, module);
        return code.ToString();
    }

    private static void Choice(CodeWriter code, ChoicePlan plan, TableWriter tables, TextModule module)
    {
        var name = plan.Choice.CsName;
        code.Line();
        code.Summary($"The forms of {plan.Choice.Rule} ({module.Document}){(plan.Choice.Open ? "; the last ones are open" : "")}.");
        code.Line($"public enum {name} : byte {{ {string.Join(", ", plan.Choice.Forms.Select(f => f.CsName))} }}");
        code.Line();
        code.Open($"public static class {name}Forms");
        code.Summary("The form of a text; the first one where several fit.");
        code.Line($"public static {name} Of(ReadOnlySpan<byte> text) => ({name}){tables.Automaton(plan.Automaton, ulong.MaxValue, false)}.Form(text);");
        code.Close();
    }

    /// <summary>The file that tells the runtime of all modules.</summary>
    public static string EmitAggregate(IEnumerable<TextHead> modules)
    {
        var code = new CodeWriter();
        code.Head("All ABNF spec files together.", Usings);
        code.Line();
        code.Line($"namespace {TextNames.Root};");
        code.Line();
        code.Open("public static partial class TextModules");
        code.Open("static partial void AddGenerated(List<TextModule> modules, List<ITextCodec> codecs)");
        foreach (var module in modules)
        {
            code.Line($"modules.Add({module.Namespace}.{module.Namespace}Module.Module);");
            foreach (var type in module.Types) code.Line($"codecs.Add(new TextCodec<{module.Namespace}.{type.CsName}>(\"{module.Name}\", \"{type.Rule}\"));");
        }
        code.Close();
        code.Close();
        return code.ToString();
    }
}

/// <summary>What the runtime is told of all modules (a class: see <see cref="ModuleHeads"/>).</summary>
public sealed record TextHeads(EquatableArray<TextHead> All);

/// <summary>What the runtime is told of a module.</summary>
/// <param name="Types">Rule and C# name of each type.</param>
public sealed record TextHead(string Name, string Namespace, EquatableArray<(string Rule, string CsName)> Types)
{
    public static TextHead Of(TextModule module) => new(module.Name, module.Namespace, new(module.Types.Select(t => (t.Rule, t.CsName))));
}
