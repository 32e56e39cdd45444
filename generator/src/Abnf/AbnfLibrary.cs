using WebRtcConformance.Generator.Linking;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Abnf;

/// <summary>ABNF spec files as a plain library: text in, modules and diagnostics out.</summary>
public static class AbnfLibrary
{
    /// <summary>Reads and links spec files. Total: any text gives a result. With a mistake in any file there are no modules.</summary>
    public static (IReadOnlyList<TextModule> Modules, IReadOnlyList<SpecDiagnostic> Diagnostics) Load(IEnumerable<(string Path, string Text)> files)
    {
        var parsed = files.Select(f => AbnfParser.Parse(f.Path, f.Text)).ToArray();
        var linked = AbnfLinker.Link(Files(parsed));
        return (linked.Sound ? linked.Modules : [], Diagnostics(parsed, linked).ToArray());
    }

    public static IEnumerable<AbnfFile> Files(IEnumerable<ParsedAbnf> parsed) =>
        parsed.Where(p => p.Syntax is not null).Select(p => new AbnfFile(p.Path, p.Syntax!, p.Diagnostics.Count == 0));

    /// <summary>All diagnostics at their places, by path, line and column.</summary>
    internal static IEnumerable<SpecDiagnostic> Diagnostics(IEnumerable<ParsedAbnf> parsed, AbnfLinkResult linked)
    {
        var all = new List<SpecDiagnostic>();
        var found = linked.Diagnostics.ToLookup(d => d.Path, StringComparer.Ordinal);
        foreach (var spec in parsed)
        {
            all.AddRange(spec.Diagnostics.Select(d => new SpecDiagnostic(d.Rule, d.Message, spec.Path, d.Position)));
            all.AddRange(found[spec.Path].Select(d => new SpecDiagnostic(d.Rule, d.Message, d.Path, spec.Positions[d.At])));
        }
        return all.Distinct().OrderBy(d => d.Path, StringComparer.Ordinal).ThenBy(d => d.Position.Line).ThenBy(d => d.Position.Column)
            .ThenBy(d => d.Rule.Id, StringComparer.Ordinal);
    }
}
