using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>Web IDL as a plain library: texts in, trees and diagnostics out.</summary>
public static class IdlLibrary
{
    /// <summary>Reads and checks files that form one whole. Total: any text gives a result.</summary>
    public static (IReadOnlyList<ParsedIdl> Files, IReadOnlyList<SpecDiagnostic> Diagnostics) Load(IEnumerable<(string Path, string Text)> files)
    {
        var parsed = files.Select(f => IdlParser.Parse(f.Path, f.Text)).ToArray();
        return (parsed, Diagnostics(parsed, IdlChecker.Check(parsed.Select(p => new IdlFile(p.Path, p.Syntax, p.Diagnostics.Count == 0)))));
    }

    /// <summary>All diagnostics at their places, by path, line and column.</summary>
    public static IReadOnlyList<SpecDiagnostic> Diagnostics(IEnumerable<ParsedIdl> parsed, IEnumerable<LinkDiagnostic> found)
    {
        var byPath = found.ToLookup(d => d.Path, StringComparer.Ordinal);
        return parsed.SelectMany(file =>
                file.Diagnostics.Select(d => new SpecDiagnostic(d.Rule, d.Message, file.Path, d.Position))
                    .Concat(byPath[file.Path].Select(d => new SpecDiagnostic(d.Rule, d.Message, d.Path, file.Positions[d.At]))))
            .Distinct().OrderBy(d => d.Path, StringComparer.Ordinal).ThenBy(d => d.Position.Line).ThenBy(d => d.Position.Column)
            .ThenBy(d => d.Rule.Id, StringComparer.Ordinal).ToArray();
    }
}
