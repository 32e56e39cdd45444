using System.Globalization;
using System.Text.RegularExpressions;

namespace WebRtcConformance.Wire.Tests.Tshark;

/// <summary>Where the same as a tshark field stands in our trees.</summary>
/// <param name="Pattern">"Pdu", "Pdu.Field" or "Pdu.Field/Part" by C# names; "*" for any PDU.</param>
/// <param name="Plus">What tshark adds to our number, modulo 2^64.</param>
internal sealed record DissectionPath(string Pattern, ulong Plus)
{
    public bool Fits(string path) =>
        Pattern == path || Pattern.StartsWith("*.", StringComparison.Ordinal) && path.EndsWith(Pattern[1..], StringComparison.Ordinal);
}

/// <summary>What one tshark field is for us.</summary>
/// <param name="Show">The value that tshark has to show, of something that it derives; else null.</param>
internal sealed record DissectionEntry(IReadOnlyList<DissectionPath> Paths, string? Show);

/// <summary>The table between tshark's names and ours, one line each:
/// <code>
/// stun.length = StunMessage.MessageLength          the same bytes, the same value
/// stun.att.port = XorMappedAddress.Port | *.Port   one of these
/// rtp.ext.len = OneByte.Length+1                   tshark shows one more
/// stun.att.crc32.status : 1                        tshark derives it, and must find this
/// some.vector = *.Chunks-32768                     tshark leaves out the first of 16 bits, which is 1
/// stun.time - a clock of tshark's                  not compared, and why; with '=' on another line: only where we have nothing of the kind
/// ! StunAttribute.Value - shown under other names  ours that tshark does not show, and why
/// ! OneByte.Id=0 - fill                            the same, where it has this value
/// ~ ResponsePort - taken for another               nothing inside this PDU, or field, of ours is compared, and why
/// % AsconfChunk - stops there                      messages with this (not empty, or with this value) are not drawn at all, and why
/// </code>
/// A name that ends in '*' stands for all that begin so.</summary>
internal sealed partial class DissectionMap
{
    private readonly Dictionary<string, DissectionEntry> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _ignored = [], _unseen = [];
    private readonly List<(string What, string Why)> _undrawn = [], _skipped = [];

    /// <summary>What of ours is not looked into, and why.</summary>
    public IReadOnlyList<(string What, string Why)> Skipped => _skipped;

    /// <summary>What of ours a drawn message may not have, and why.</summary>
    public IReadOnlyList<(string What, string Why)> Undrawn => _undrawn;

    public static DissectionMap Load(string name) => new(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Tshark", "Maps", name + ".map")), name);

    public DissectionMap(IEnumerable<string> lines, string name)
    {
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (line.Trim().Length == 0 || line.StartsWith('#')) continue;
            var match = Line().Match(line);
            if (!match.Success) throw new InvalidOperationException($"{name}.map:{number}: '{line}' is no line of a map");
            var (left, right) = (match.Groups[2].Value, match.Groups[4].Value.Trim());
            switch (match.Groups[1].Value + match.Groups[3].Value)
            {
                case "!-": _unseen.Add(left); break;
                case "~-": _skipped.Add((left, right)); break;
                case "%-": _undrawn.Add((left, right)); break;
                case "-": _ignored.Add(left); break;
                case "=": _entries.Add(left, new([.. right.Split('|', StringSplitOptions.TrimEntries).Select(PathOf)], null)); break;
                case ":": _entries.Add(left, new([], right)); break;
                default: throw new InvalidOperationException($"{name}.map:{number}: '!', '~' and '%' go with '-'");
            }
        }
    }

    private static DissectionPath PathOf(string text)
    {
        var sign = text.IndexOfAny(['+', '-']);
        return sign < 0 ? new(text, 0) : new(text[..sign], unchecked((ulong)long.Parse(text[sign..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)));
    }

    /// <summary>Null when the field is not in the map at all.</summary>
    public DissectionEntry? Find(string tsharkName) => _entries.GetValueOrDefault(tsharkName);

    public bool Ignores(string tsharkName) => _ignored.Any(pattern => Fits(pattern, tsharkName));

    /// <summary>Nothing inside this PDU or field is compared.</summary>
    public bool Skips(string path) => _skipped.Exists(line => line.What == path);

    /// <summary>Something of ours that tshark does not show.</summary>
    /// <param name="number">Its value, of a number.</param>
    public bool IsUnseen(string path, ulong? number) => _unseen.Any(line => FitsValue(line, path, number));

    /// <summary>Which of <see cref="Undrawn"/> this is.</summary>
    /// <param name="path">"Pdu" or "Pdu.Field".</param>
    public IEnumerable<string> NotDrawn(string path, ulong? number) => _undrawn.Where(line => FitsValue(line.What, path, number)).Select(line => line.What);

    private static bool FitsValue(string line, string path, ulong? number)
    {
        var parts = line.Split('=');
        return (Fits(parts[0], path) || new DissectionPath(parts[0], 0).Fits(path))
            && (parts.Length == 1 || number == ulong.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static bool Fits(string pattern, string name) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == name;

    [GeneratedRegex(@"^([!~%]?)\s*(\S+)\s+([=:-])\s+(\S.*)$")]
    private static partial Regex Line();
}
