using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using WebRtcConformance.Generator.Abnf;
using WebRtcConformance.Generator.Abnf.Emit;

namespace WebRtcConformance.Generator;

/// <summary>Turns the *.abnf files among a project's AdditionalFiles into C#, and reports at the spec file's own line and column.</summary>
/// <remarks>Syntax holds no positions, so editing a comment emits nothing anew. What can follow a rule depends on all files: an edit that changes the
/// linked modules emits all of them.</remarks>
[Generator(LanguageNames.CSharp)]
public sealed class AbnfGenerator : IIncrementalGenerator
{
    /// <summary>Names of the pipeline's steps, for tests of incrementality.</summary>
    public const string ParseStep = "AbnfParse", SyntaxStep = "AbnfSyntax", LinkStep = "AbnfLink", ModulesStep = "AbnfModules";

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
        var modules = linked.Select((result, _) => result.Sound ? result.Modules : default).WithTrackingName(ModulesStep);
        context.RegisterSourceOutput(modules, (output, all) =>
        {
            // Without a file there is nothing but the core rules.
            if (all.Count < 2) return;
            foreach (var (name, text) in TextEmitter.Emit(all)) output.AddSource(name, SourceText.From(text, Encoding.UTF8));
        });
        context.RegisterSourceOutput(parsed.Collect().Combine(linked), (output, input) =>
            WireSpecGenerator.Report(output, AbnfLibrary.Diagnostics(input.Left, input.Right)));
    }
}
