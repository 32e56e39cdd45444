using WebRtcConformance.Wire;

namespace WebRtcConformance.Fuzz.Targets;

/// <summary>What stands in the recorded descriptions of real implementations, for each format of texts: the lines that it takes, as a whole (<c>a=candidate:...</c>), as an attribute
/// (<c>candidate:...</c>), or as its value.</summary>
internal static class RecordedTexts
{
    /// <summary>Few enough that a campaign does not begin with minutes of seeds.</summary>
    private const int Most = 64;

    /// <summary>Each once, in the order of the files.</summary>
    public static List<byte[]> For(IMessageFormat format)
    {
        var found = new List<byte[]>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, description) in FuzzFiles.Shipped("sdp.session-description", "seeds"))
        foreach (var range in description.AsSpan().Split("\r\n"u8))
        {
            var line = description.AsSpan(range);
            if (line.Length < 2 || line[1] != '=') continue;
            var attribute = line[2..];
            var colon = attribute.IndexOf((byte)':');
            foreach (var text in new[] { line.ToArray(), attribute.ToArray(), attribute[(colon + 1)..].ToArray() })
            {
                if (found.Count == Most) return found;
                if (format.Accepts(text, out _) && seen.Add(Convert.ToHexString(text))) found.Add(text);
            }
        }
        return found;
    }
}
