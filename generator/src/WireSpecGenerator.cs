using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using WebRtcConformance.Emit;
using WebRtcConformance.Generator.Linking;
using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Generator.Tls;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator;

/// <summary>Turns the *.pdu and *.tls files among a project's AdditionalFiles into C#: one source a module, one for all, and diagnostics at the spec
/// file's own line and column.</summary>
/// <remarks>Two branches leave the parser. The syntax, which holds no positions, goes on to linking and emission, so that editing a comment
/// emits nothing anew. The positions go to the diagnostics only.</remarks>
[Generator(LanguageNames.CSharp)]
public sealed class WireSpecGenerator : IIncrementalGenerator
{
    /// <summary>Names of the pipeline's steps, for tests of incrementality.</summary>
    public const string ParseStep = "Parse", SyntaxStep = "Syntax", TlsParseStep = "TlsParse", TlsSyntaxStep = "TlsSyntax", LinkStep = "Link", ModuleStep = "Module", AggregateStep = "Aggregate";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var parsed = context.AdditionalTextsProvider
            .Where(file => file.Path.EndsWith(".pdu", StringComparison.OrdinalIgnoreCase))
            .Select((file, cancel) => SpecParser.Parse(file.Path, file.GetText(cancel)?.ToString() ?? ""))
            .WithTrackingName(ParseStep);

        var presented = context.AdditionalTextsProvider
            .Where(file => SpecLibrary.IsTls(file.Path))
            .Select((file, cancel) => TlsParser.Parse(file.Path, file.GetText(cancel)?.ToString() ?? ""))
            .WithTrackingName(TlsParseStep);

        var tlsFiles = presented
            .Select((spec, _) => spec.Syntax is null ? null : new TlsFile(spec.Path, spec.Syntax, spec.Diagnostics.Count == 0))
            .WithTrackingName(TlsSyntaxStep)
            .Collect();
        var linked = parsed
            .Select((spec, _) => spec.Syntax is null ? null : new SpecFile(spec.Path, spec.Syntax, spec.Diagnostics.Count == 0))
            .WithTrackingName(SyntaxStep)
            .Collect()
            .Combine(tlsFiles)
            .Select((files, _) => SpecLibrary.Link(files.Left.OfType<SpecFile>(), files.Right.OfType<TlsFile>()))
            .WithTrackingName(LinkStep);

        var modules = linked
            .SelectMany((result, _) => result.Modules.Where(m => m.Sound))
            .WithTrackingName(ModuleStep);
        context.RegisterSourceOutput(modules, Emit);

        var heads = linked
            .Select((result, _) => new ModuleHeads(new(result.Modules.Where(m => m.Sound)
                .Select(m => new ModuleHead(m.Module.Name, m.Module.Namespace)).OrderBy(h => h.Name, StringComparer.Ordinal))))
            .WithTrackingName(AggregateStep);
        context.RegisterSourceOutput(heads, EmitAggregate);

        var places = presented.Select((spec, _) => spec.Places).Collect();
        context.RegisterSourceOutput(parsed.Collect().Combine(places).Select((p, _) => p.Left.AddRange(p.Right)).Combine(linked), Report);
    }

    private static void Emit(SourceProductionContext context, LinkedModule linked)
    {
        try
        {
            context.AddSource(linked.Module.Namespace + ".g.cs", SourceText.From(Emitter.EmitModule(linked.Module, linked.Needed), Encoding.UTF8));
        }
        catch (UnsupportedShapeException problem)
        {
            // Linking has missed it; the PDU is named, and the file.
            var rule = SpecRules.NotEmittable;
            var location = Location.Create(linked.Path, default, default);
            var descriptor = new DiagnosticDescriptor(rule.Id, rule.Title, "{0}", "WireSpec", DiagnosticSeverity.Error, isEnabledByDefault: true);
            context.ReportDiagnostic(Diagnostic.Create(descriptor, location, rule.Message(linked.Module.Name, problem.Message)));
        }
    }

    private static void EmitAggregate(SourceProductionContext context, ModuleHeads modules)
    {
        // A project with spec files of another notation only has no wire runtime to tell.
        if (modules.All.Count > 0) context.AddSource("WireModules.g.cs", SourceText.From(Emitter.EmitAggregate(modules.All), Encoding.UTF8));
    }

    private static void Report(
        SourceProductionContext context, (System.Collections.Immutable.ImmutableArray<ParsedSpec> Parsed, LinkResult Linked) input) =>
        Report(context, SpecLibrary.Diagnostics(input.Parsed, input.Linked));

    internal static void Report(SourceProductionContext context, IEnumerable<SpecDiagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics) context.ReportDiagnostic(SpecReport.Of(diagnostic, "WireSpec"));
    }
}
