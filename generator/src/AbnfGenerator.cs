using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using WebRtcConformance.Generator.Abnf;
using WebRtcConformance.Generator.Abnf.Emit;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator;

/// <summary>Turns the *.abnf files among a project's AdditionalFiles into C#, and reports at the spec file's own line and column.</summary>
/// <remarks>Syntax holds no positions, so editing a comment emits nothing anew. An edit that changes the grammar is proved sound as a whole, since what can follow a rule
/// depends on all files; emitted anew are only the modules whose <see cref="TextUnit"/> has changed.</remarks>
[Generator(LanguageNames.CSharp)]
public sealed class AbnfGenerator : IIncrementalGenerator
{
    /// <summary>Names of the pipeline's steps, for tests of incrementality.</summary>
    public const string ParseStep = "AbnfParse", SyntaxStep = "AbnfSyntax", LinkStep = "AbnfLink", ModuleStep = "AbnfModule", AggregateStep = "AbnfAggregate";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var parsed = context.AdditionalTextsProvider
            .Where(file => file.Path.EndsWith(".abnf", StringComparison.OrdinalIgnoreCase))
            .Select((file, cancel) => AbnfParser.Parse(file.Path, file.GetText(cancel)?.ToString() ?? ""))
            .WithTrackingName(ParseStep);
        var linked = parsed
            .Select((spec, _) => spec.Syntax is null ? null : new AbnfFile(spec.Path, spec.Syntax, spec.Diagnostics.Count == 0))
            .WithTrackingName(SyntaxStep)
            .Collect()
            .Select((files, _) => AbnfLinker.Link(files.OfType<AbnfFile>()))
            .WithTrackingName(LinkStep);
        var units = linked.SelectMany((result, _) => result.Units).WithTrackingName(ModuleStep);
        context.RegisterSourceOutput(units, (output, unit) =>
            output.AddSource(TextEmitter.FileName(unit.Module), SourceText.From(TextEmitter.EmitModule(unit), Encoding.UTF8)));
        var heads = linked.Select((result, _) => new TextHeads(new(result.Units.Select(unit => TextHead.Of(unit.Module))))).WithTrackingName(AggregateStep);
        context.RegisterSourceOutput(heads, (output, all) =>
        {
            if (all.All.Count > 0) output.AddSource("TextModules.g.cs", SourceText.From(TextEmitter.EmitAggregate(all.All), Encoding.UTF8));
        });
        context.RegisterSourceOutput(parsed.Collect().Combine(linked), (output, input) =>
            WireSpecGenerator.Report(output, AbnfLibrary.Diagnostics(input.Left, input.Right)));
    }
}
