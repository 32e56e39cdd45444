using WebRtcConformance.Ir;

namespace WebRtcConformance.Emit;

/// <summary>What the runtime is told of a module: its name, and the last part of its namespace.</summary>
public sealed record ModuleHead(string Name, string Namespace);

/// <summary>Those of all modules. A class, as all that the steps of a generator hand on: the compiler's tables of steps are compiled anew for each struct.</summary>
public sealed record ModuleHeads(EquatableArray<ModuleHead> All);

/// <summary>The back end: linked modules to C#.</summary>
public static class Emitter
{
    private static readonly string[] Usings =
    [
        "System", "System.Collections.Generic", "System.Diagnostics.CodeAnalysis", "System.Runtime.CompilerServices",
        "static System.Runtime.CompilerServices.MethodImplOptions", "WebRtcConformance.Ir", "WebRtcConformance.Wire",
    ];

    /// <summary>One C# file for a module: registries, schema, and per PDU record, view and writer.</summary>
    /// <param name="all">Every linked module, for what the module refers to in others and others in it.</param>
    /// <exception cref="UnsupportedShapeException">The module has a construction that no C# is made for.</exception>
    public static string EmitModule(SpecModule module, EquatableArray<SpecModule> all)
    {
        var catalog = new Catalog(all);
        var code = new CodeWriter();
        code.Head($"Made from the spec file of {module.Document}.", Usings);
        code.Line();
        code.Line($"namespace {Catalog.Namespace(module)};");
        foreach (var registry in module.Registries) RegistryEmitter.Emit(code, registry);
        foreach (var pdu in module.Pdus)
        {
            try
            {
                RecordEmitter.Emit(code, catalog.Layout(catalog.Pdu(pdu.CsName)));
            }
            catch (UnsupportedShapeException problem)
            {
                throw new UnsupportedShapeException($"{pdu.CsName}: {problem.Message}");
            }
        }
        SchemaEmitter.Emit(code, module);
        return code.ToString();
    }

    /// <summary>The file that tells the runtime of all modules.</summary>
    public static string EmitAggregate(EquatableArray<ModuleHead> modules)
    {
        var code = new CodeWriter();
        code.Head("All spec files together.", Usings);
        code.Line();
        code.Line("namespace WebRtcConformance.Wire;");
        code.Line();
        code.Open("public static partial class WireModules");
        code.Open("static partial void AddGenerated(List<SpecModule> modules)");
        foreach (var module in modules) code.Line($"modules.Add(global::WebRtcConformance.Wire.{module.Namespace}.{module.Namespace}Module.Module);");
        code.Close();
        code.Close();
        code.Line();
        code.Open("public static partial class WireCodecs");
        code.Open("static partial void AddGenerated(List<IWireCodec> codecs)");
        foreach (var module in modules) code.Line($"codecs.AddRange(global::WebRtcConformance.Wire.{module.Namespace}.{module.Namespace}Module.Codecs);");
        code.Close();
        code.Close();
        return code.ToString();
    }
}
