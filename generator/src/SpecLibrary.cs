using WebRtcConformance.Generator.Linking;
using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Generator.Tls;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator;

/// <summary>Spec files as a plain library: text in, modules and diagnostics out.</summary>
public static class SpecLibrary
{
    /// <summary>Reads and links spec files. Total: any text gives a result. Modules are in the order of their paths; those with mistakes (in
    /// themselves or in a module that they use) are left out.</summary>
    public static (IReadOnlyList<SpecModule> Modules, IReadOnlyList<SpecDiagnostic> Diagnostics) Load(IEnumerable<(string Path, string Text)> files)
    {
        var all = files.ToArray();
        var parsed = all.Where(f => !IsTls(f.Path)).Select(f => SpecParser.Parse(f.Path, f.Text)).ToArray();
        var tls = all.Where(f => IsTls(f.Path)).Select(f => TlsParser.Parse(f.Path, f.Text)).ToArray();
        var linked = Link(Files(parsed), Files(tls));
        var diagnostics = Diagnostics(parsed.Concat(tls.Select(t => t.Places)), linked).ToArray();
        var sound = linked.Modules.Where(m => m.Sound).Select(m => m.Module).ToArray();
        return (sound, diagnostics);
    }

    /// <summary>Whether a file is in the presentation language of TLS (docs/tls-notation.md).</summary>
    public static bool IsTls(string path) => path.EndsWith(".tls", StringComparison.OrdinalIgnoreCase);

    /// <summary>Links files of both notations.</summary>
    public static LinkResult Link(IEnumerable<SpecFile> drawn, IEnumerable<TlsFile> presented)
    {
        var lowered = TlsLowering.Lower(presented);
        var linked = Linker.Link(drawn.Concat(lowered.Files));
        // What linking finds in a file that could not be lowered whole mostly follows from that.
        var broken = new HashSet<string>(lowered.Diagnostics.Select(d => d.Path), StringComparer.Ordinal);
        return linked with { Diagnostics = new(lowered.Diagnostics.Concat(linked.Diagnostics.Where(d => !broken.Contains(d.Path)))) };
    }

    /// <summary>What <see cref="TlsLowering"/> takes: the files whose header could be read.</summary>
    public static IEnumerable<TlsFile> Files(IEnumerable<ParsedTls> parsed) =>
        parsed.Where(p => p.Syntax is not null).Select(p => new TlsFile(p.Path, p.Syntax!, p.Diagnostics.Count == 0));

    /// <summary>What <see cref="Linker"/> takes: the files whose header could be read.</summary>
    public static IEnumerable<SpecFile> Files(IEnumerable<ParsedSpec> parsed) =>
        parsed.Where(p => p.Syntax is not null).Select(p => new SpecFile(p.Path, p.Syntax!, p.Diagnostics.Count == 0));

    /// <summary>All diagnostics at their places, by path, line and column.</summary>
    internal static IEnumerable<SpecDiagnostic> Diagnostics(IEnumerable<ParsedSpec> parsed, LinkResult linked)
    {
        var all = new List<SpecDiagnostic>();
        var found = linked.Diagnostics.ToLookup(d => d.Path, StringComparer.Ordinal);
        foreach (var spec in parsed)
        {
            all.AddRange(spec.Diagnostics.Select(d => new SpecDiagnostic(d.Rule, d.Message, spec.Path, d.Position)));
            // What linking finds in a file that could not be read whole mostly follows from that.
            if (spec.Diagnostics.Count > 0) continue;
            all.AddRange(found[spec.Path].Select(d => new SpecDiagnostic(d.Rule, d.Message, d.Path, spec.Positions[d.At])));
        }
        return all.Distinct().OrderBy(d => d.Path, StringComparer.Ordinal).ThenBy(d => d.Position.Line).ThenBy(d => d.Position.Column)
            .ThenBy(d => d.Rule.Id, StringComparer.Ordinal);
    }
}
