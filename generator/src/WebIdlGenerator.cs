using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using WebRtcConformance.Generator.WebIdl;
using WebRtcConformance.Generator.WebIdl.Emit;
using WebRtcConformance.Generator.WebIdl.Linking;

namespace WebRtcConformance.Generator;

/// <summary>Turns the *.webidl files among a project's AdditionalFiles into C#: one source a file, one for what they share, and diagnostics at the
/// file's own line and column.</summary>
/// <remarks>As in <see cref="WireSpecGenerator"/>, the tree without positions goes on to linking and emission, the positions to the diagnostics only.</remarks>
[Generator(LanguageNames.CSharp)]
public sealed class WebIdlGenerator : IIncrementalGenerator
{
    /// <summary>Names of the pipeline's steps, for tests of incrementality.</summary>
    public const string ParseStep = "IdlParse", SyntaxStep = "IdlSyntax", LinkStep = "IdlLink", SpecStep = "IdlSpec", AggregateStep = "IdlAggregate";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var parsed = context.AdditionalTextsProvider
            .Where(file => file.Path.EndsWith(".webidl", StringComparison.OrdinalIgnoreCase))
            .Select((file, cancel) => IdlParser.Parse(file.Path, file.GetText(cancel)?.ToString() ?? ""))
            .WithTrackingName(ParseStep);

        var linked = parsed
            .Select((file, _) => ApiLibrary.File(file))
            .WithTrackingName(SyntaxStep)
            .Collect()
            .Select((files, _) => ApiLibrary.Link(files))
            .WithTrackingName(LinkStep);

        var specs = linked.SelectMany((result, _) => result.Specs).WithTrackingName(SpecStep);
        context.RegisterSourceOutput(specs, (output, spec) => output.AddSource(spec.Name + ".g.cs", SourceText.From(ApiEmitter.EmitSpec(spec), Encoding.UTF8)));

        var aggregate = linked.Select((result, _) => result.Specs.Count == 0 ? null : ApiLibrary.Aggregate.Of(result.Specs)).WithTrackingName(AggregateStep);
        context.RegisterSourceOutput(aggregate, (output, shared) =>
        {
            if (shared is not null) output.AddSource(ApiLibrary.AggregateName, SourceText.From(ApiLibrary.EmitAggregate(shared), Encoding.UTF8));
        });

        context.RegisterSourceOutput(parsed.Collect().Combine(linked), (output, input) =>
        {
            foreach (var diagnostic in IdlLibrary.Diagnostics(input.Left, input.Right.Diagnostics)) output.ReportDiagnostic(SpecReport.Of(diagnostic, "WebIdl"));
        });
    }
}
