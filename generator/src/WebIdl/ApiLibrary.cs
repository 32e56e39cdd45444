using WebRtcConformance.Generator.WebIdl.Emit;
using WebRtcConformance.Generator.WebIdl.Linking;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Web IDL files as a plain library: text in, linked files, C# and diagnostics out.</summary>
public static class ApiLibrary
{
    /// <summary>Reads and links Web IDL files. Total: any text gives a result. Files are in the order of their paths; with a mistake
    /// in any of them, there are none.</summary>
    public static (IReadOnlyList<ApiSpec> Specs, IReadOnlyList<SpecDiagnostic> Diagnostics) Load(IEnumerable<(string Path, string Text)> files)
    {
        var parsed = files.Select(f => IdlParser.Parse(f.Path, f.Text)).ToArray();
        var linked = Link(parsed.Select(File));
        return (linked.Specs.ToArray(), IdlLibrary.Diagnostics(parsed, linked.Diagnostics));
    }

    /// <summary>All C# of the files, each source under the name that the generator gives it.</summary>
    public static IReadOnlyList<(string Name, string Text)> Emit(IReadOnlyList<ApiSpec> specs) =>
        specs.Select(s => (s.Name + ".g.cs", ApiEmitter.EmitSpec(s))).Append((AggregateName, EmitAggregate(Aggregate.Of(specs)))).ToArray();

    internal const string AggregateName = "WebIdl.g.cs";

    internal static IdlFile File(ParsedIdl parsed) => new(parsed.Path, parsed.Syntax, parsed.Diagnostics.Count == 0);

    /// <summary>Checks and links. With a mistake anywhere nothing is emitted, so that no error but the right one is seen.</summary>
    internal static ApiLinkResult Link(IEnumerable<IdlFile> files)
    {
        var all = files.ToArray();
        var linked = ApiLinker.Link(all);
        var found = new EquatableArray<LinkDiagnostic>(IdlChecker.Check(all).Concat(linked.Diagnostics));
        return all.All(f => f.Sound) && found.All(d => d.Rule.IsWarning) ? new(linked.Specs, found) : new(default, found);
    }

    internal static string EmitAggregate(Aggregate aggregate) => ApiEmitter.EmitAggregate(aggregate.Types, aggregate.Interfaces, aggregate.Probes);

    /// <summary>What the shared source is made of; equal when it has not changed.</summary>
    internal sealed record Aggregate(EquatableArray<ApiType> Types, EquatableArray<string> Interfaces, EquatableArray<(string Name, string Rows)> Probes)
    {
        public static Aggregate Of(IReadOnlyList<ApiSpec> specs) => new(
            ApiEmitter.SharedTypes(specs), new(specs.SelectMany(s => s.Interfaces).Select(i => i.Name).OrderBy(n => n, StringComparer.Ordinal)),
            new(specs.Select(s => (s.Name, ProbeEmitter.Rows(s.Name, specs)))));
    }
}
