using WebRtcConformance.Sdp;

namespace WebRtcConformance.SdpTests;

/// <summary>Every value of every real offer, and of the RFCs' descriptions, against an independent reader.</summary>
public sealed class SdpTransformTests
{
    [Fact]
    public void Offers_read_as_sdp_transform_reads_them() => Compare(SdpCorpus.Offers);

    [Fact]
    public void Descriptions_of_the_RFCs_read_as_sdp_transform_reads_them() =>
        Compare(SdpCorpus.Descriptions("rfc-descriptions.txt").Select((d, i) => ($"{d.Source} ({i})", d.Text)).ToArray());

    private static void Compare(IReadOnlyList<(string Name, byte[] Text)> descriptions)
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
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
