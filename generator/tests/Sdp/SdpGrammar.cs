using System.Text;
using WebRtcConformance.Generator.Abnf;
using WebRtcConformance.Generator.Notation;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Generator.Sdp;

/// <summary>The project's own grammars, and SDP matched line by line with <see cref="FullMatch"/>.</summary>
internal static class SdpGrammar
{
    private static readonly (IReadOnlyList<TextModule> Modules, IReadOnlyList<SpecDiagnostic> Diagnostics) Loaded = AbnfLibrary.Load(
        Directory.GetFiles(SpecFiles.Folder, "*.abnf", SearchOption.AllDirectories).OrderBy(f => f, StringComparer.Ordinal)
            .Select(f => (Path.GetRelativePath(SpecFiles.Folder, f).Replace('\\', '/'), File.ReadAllText(f))));

    public static IReadOnlyList<SpecDiagnostic> Diagnostics => Loaded.Diagnostics;
    public static IReadOnlyList<TextModule> Modules => Loaded.Modules;
    public static FullMatch Strict { get; } = new(Modules);
    public static FullMatch Tolerant { get; } = new(Modules, Modules.SelectMany(m => m.Relaxations));

    /// <summary>Matches a line, its end not included, by the rule of its letter, and an attribute by its own grammar, too.</summary>
    public static FullMatch.Result Line(FullMatch grammar, string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        var rule = line.Length < 2 || line[1] != '=' ? null : line[0] switch
        {
            'v' => "version-field", 'o' => "origin-field", 's' => "session-name-field", 'i' => "information-field", 'u' => "uri-field", 'e' => "email-field",
            'p' => "phone-field", 'c' => "connection-field", 'b' => "bandwidth-field", 't' => "time-field", 'r' => "repeat-field", 'z' => "zone-field",
            'k' => "key-field", 'm' => "media-field", 'a' => "attribute-field", _ => null,
        };
        if (rule is null) return new(false, 0, [["session-description"]]);
        var outer = grammar.Match("sdp", rule, [.. bytes, (byte)'\r', (byte)'\n']);
        if (rule != "attribute-field") return outer;
        var inner = Attribute(grammar, "sdp", "attribute", bytes, 2);
        // A grammar of its own says more about where its attribute goes wrong than the general one.
        return inner is null || inner.Matches ? outer : inner;
    }

    /// <summary>Matches what begins at <paramref name="from"/> in a line by the grammar of the union's extension; null when no module knows the name.</summary>
    private static FullMatch.Result? Attribute(FullMatch grammar, string module, string union, byte[] line, int from)
    {
        var text = line.AsSpan(from);
        var colon = text.IndexOf((byte)':');
        var name = Encoding.UTF8.GetString(colon < 0 ? text : text[..colon]);
        var extension = Modules.First(m => m.Name == module).Unions.First(u => u.Rule == union).Extensions.FirstOrDefault(e => e.Name == name);
        if (extension is null) return null;
        switch (extension.Form)
        {
            case TextExtensionForm.Flag: return colon < 0 ? new(true, line.Length, []) : new(false, from + colon, [[name]]);
            case TextExtensionForm.Value when colon < 0: return new(false, line.Length, [[extension.Rule!.Rule]]);
            case TextExtensionForm.Value: return Moved(grammar.Match(extension.Rule!, text[(colon + 1)..]), from + colon + 1);
        }
        var result = Moved(grammar.Match(extension.Rule!, text), from);
        if (!result.Matches || name != "ssrc") return result;
        // RFC 5576: what follows the source's number is an attribute again, with names of its own.
        return Attribute(grammar, "source-attributes", "source-attribute", line, from + text.IndexOf((byte)' ') + 1) ?? result;
    }

    private static FullMatch.Result Moved(FullMatch.Result result, int by) => result with { Furthest = result.Furthest + by };
}
