using System.Text.RegularExpressions;
using WebRtcConformance.Sdp;

namespace WebRtcConformance.SdpTests;

/// <summary>Every value of every real offer, and of the RFCs' descriptions, against an independent reader.</summary>
public sealed class SdpTransformTests
{
    [Fact]
    public void Offers_read_as_sdp_transform_reads_them()
    {
        var differences = Compare(SdpCorpus.Offers);
        Assert.Empty(Explained.Where(e => !differences.Any(d => Regex.IsMatch(d, e.Pattern))).Select(e => e.Why));
    }

    [Fact]
    public void Descriptions_of_the_RFCs_read_as_sdp_transform_reads_them() =>
        Compare(SdpCorpus.Descriptions("rfc-descriptions.txt").Select((d, i) => ($"{d.Source} ({i})", d.Text)).ToArray());

    /// <summary>Where the package reads something else than the grammar says. A line here that explains nothing any more is an error.</summary>
    private static readonly (string Pattern, string Why)[] Explained =
    [
        (@"msidSemantic\.(semantic: '\w+', sdp-transform ''|token: '', sdp-transform '\w+')$", "it takes the space after the colon for the one before an identifier"),
        (@"\.msid\[\d+\]\.(id|appdata): '\{.*\}', sdp-transform ''$", "it knows no braces in identifiers, which are tokens (RFC 8830 section 2)"),
        (@"\.invalid\[\d+\]\.value: '', sdp-transform 'msid:\{.*'$", "the same"),
        (@"\.invalid\[\d+\]\.value: 'rtcp-mux-only', sdp-transform ''$", "it takes rtcp-mux-only for rtcp-mux, because it begins so"),
    ];

    private static List<string> Compare(IReadOnlyList<(string Name, byte[] Text)> descriptions)
    {
        var theirs = SdpTransform.Parse(descriptions);
        var compared = 0;
        var differences = new List<string>();
        foreach (var (name, text) in descriptions)
        {
            if (!SessionDescription.TryParse(text, true, out var description, out _)) continue;
            var ours = SdpTransformShape.Of(description);
            foreach (var path in ours.Keys.Union(theirs[name].Keys).Order(StringComparer.Ordinal))
            {
                var (mine, other) = (ours.GetValueOrDefault(path), theirs[name].GetValueOrDefault(path));
                compared++;
                if (mine != other) differences.Add($"{name} {path}: '{mine}', sdp-transform '{other}'");
            }
        }
        Assert.True(compared > 1000);
        var unexplained = differences.Where(d => !Explained.Any(e => Regex.IsMatch(d, e.Pattern))).ToArray();
        Assert.True(unexplained.Length == 0, string.Join('\n', unexplained));
        return differences;
    }
}
