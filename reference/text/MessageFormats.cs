using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>Every message format, of packets and of texts, for tools that handle all alike.</summary>
public static class MessageFormats
{
    private static readonly Lazy<IReadOnlyList<IMessageFormat>> Both = new(() => [.. WireFormat.All, .. TextFormat.All]);

    /// <summary>Packets first; names are unique.</summary>
    public static IReadOnlyList<IMessageFormat> All => Both.Value;

    /// <summary>The format that people mean by a name, or null: its full name ("ice-sdp.candidate"), the name of a spec file with one kind of packets ("stun"), of an
    /// SDP attribute ("candidate", "rtcp-fb"), of a spec file with one text of its own ("sdp"), or what stands behind the full stop of one format only.</summary>
    public static IMessageFormat? Find(string name)
    {
        if (All.FirstOrDefault(format => format.Name == name) is { } exact) return exact;
        return Only(WireFormat.All.Where(format => format.Name.StartsWith(name + ".", StringComparison.Ordinal)))
            ?? Attribute(name)
            ?? Only(TextFormat.All.Where(format => format.Codec.Module == name))
            ?? Only(TextFormat.All.Where(format => format.IsStart && format.Codec.Module == name))
            ?? Only(All.Where(format => format.Name.EndsWith("." + name, StringComparison.Ordinal)));
    }

    /// <summary>The format of an SDP attribute's text, or of its value.</summary>
    private static TextFormat? Attribute(string name) => TextModules.All.SelectMany(module => module.Unions).Where(union => union.CsName == "SdpAttribute")
        .SelectMany(union => union.Extensions).Where(extension => extension.Name == name).Select(extension => TextFormat.All.FirstOrDefault(format => format.Rule == extension.Rule))
        .FirstOrDefault(format => format is not null);

    private static IMessageFormat? Only(IEnumerable<IMessageFormat> formats) => formats.Take(2).ToArray() is [var only] ? only : null;
}
