using WebRtcConformance.Generator.WebIdl.Emit;
using WebRtcConformance.Generator.WebIdl.Linking;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Web IDL files as a plain library: text in, linked files, C# and diagnostics out.</summary>
public static class ApiLibrary
{
    /// <summary>Reads and links Web IDL files. Total: any text gives a result. Files are in the order of their paths; what has a mistake in it is left out.</summary>
    public static (IReadOnlyList<ApiSpec> Specs, IReadOnlyList<SpecDiagnostic> Diagnostics) Load(IEnumerable<(string Path, string Text)> files)
    {
        var parsed = files.Select(f => IdlParser.Parse(f.Path, f.Text)).ToArray();
        var linked = Link(parsed.Select(File));
        return (linked.Specs.ToArray(), Diagnostics(parsed, linked).ToArray());
    }

    /// <summary>All C# of the files, each source under the name that the generator gives it.</summary>
    public static IReadOnlyList<(string Name, string Text)> Emit(IReadOnlyList<ApiSpec> specs) =>
        specs.Select(s => (s.Name + ".g.cs", ApiEmitter.EmitSpec(s))).Append((AggregateName, EmitAggregate(Aggregate.Of(specs)))).ToArray();

    internal const string AggregateName = "WebIdl.g.cs";

    internal static IdlFile File(ParsedIdl parsed) => new(parsed.Path, parsed.Syntax, parsed.Diagnostics.Count == 0);

    internal static ApiLinkResult Link(IEnumerable<IdlFile> files) => ApiLinker.Link(files);

    internal static string EmitAggregate(Aggregate aggregate) => ApiEmitter.EmitAggregate(aggregate.Types, aggregate.Interfaces, aggregate.Probes);

    /// <summary>All diagnostics at their places, by path, line and column.</summary>
    internal static IEnumerable<SpecDiagnostic> Diagnostics(IEnumerable<ParsedIdl> parsed, ApiLinkResult linked)
    {
        var all = new List<SpecDiagnostic>();
        var found = linked.Diagnostics.ToLookup(d => d.Path, StringComparer.Ordinal);
        foreach (var file in parsed)
        {
            all.AddRange(file.Diagnostics.Select(d => new SpecDiagnostic(d.Rule, d.Message, file.Path, d.Position)));
            // What linking finds in a file that could not be read whole mostly follows from that.
            if (file.Diagnostics.Count > 0) continue;
            all.AddRange(found[file.Path].Select(d => new SpecDiagnostic(d.Rule, d.Message, d.Path, file.Positions[d.At])));
        }
        return all.Distinct().OrderBy(d => d.Path, StringComparer.Ordinal).ThenBy(d => d.Position.Line).ThenBy(d => d.Position.Column)
            .ThenBy(d => d.Rule.Id, StringComparer.Ordinal);
    }

    /// <summary>What the shared source is made of; equal when it has not changed.</summary>
    internal sealed record Aggregate(EquatableArray<ApiType> Types, EquatableArray<string> Interfaces, EquatableArray<(string Name, string Rows)> Probes)
    {
        public static Aggregate Of(IReadOnlyList<ApiSpec> specs) => new(
            ApiEmitter.SharedTypes(specs), new(specs.SelectMany(s => s.Interfaces).Select(i => i.Name).OrderBy(n => n, StringComparer.Ordinal)),
            new(specs.Select(s => (s.Name, ProbeEmitter.Rows(s.Name, specs)))));
    }
}
