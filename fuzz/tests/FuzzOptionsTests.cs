using System.Text;
using WebRtcConformance.Fuzz.Targets;
using WebRtcConformance.Text;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Fuzz.Tests;

public class FuzzOptionsTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("500ms", 0.5)]
    [InlineData("2m", 120)]
    [InlineData("1.5h", 5400)]
    [InlineData("7", 7)]
    public void Times(string text, double seconds)
    {
        Assert.True(FuzzOptions.TryParseTime(text, out var time));
        Assert.Equal(seconds, time.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("0")]
    [InlineData("1e9h")]
    [InlineData("999999999h")]
    [InlineData("ten")]
    public void Not_times(string text) => Assert.False(FuzzOptions.TryParseTime(text, out _));

    [Theory]
    [InlineData("1/1", true)]
    [InlineData("2/4", true)]
    [InlineData("0/4", false)]
    [InlineData("5/4", false)]
    [InlineData("1", false)]
    [InlineData("1/2/3", false)]
    [InlineData("a/b", false)]
    public void Shards(string text, bool good) => Assert.Equal(good, FuzzOptions.TryParseShard(text, out _, out _));

    [Theory]
    [InlineData("12", true, 12)]
    [InlineData("0xFF", true, 255)]
    [InlineData("-1", false, 0)]
    [InlineData("0x", false, 0)]
    public void Seeds(string text, bool good, ulong seed)
    {
        Assert.Equal(good, FuzzOptions.TryParseSeed(text, out var read));
        Assert.Equal(seed, read);
    }

    [Theory]
    [InlineData("01 02\n# comment ff\n03", "010203")]
    [InlineData("", "")]
    public void Hexadecimal_files(string text, string hex)
    {
        Assert.True(FuzzFiles.TryParseHex(text, out var bytes));
        Assert.Equal(hex, Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [InlineData("012")]
    [InlineData("zz")]
    public void Not_hexadecimal_files(string text) => Assert.False(FuzzFiles.TryParseHex(text, out _));

    [Fact]
    public void The_shipped_corpus_is_inside_the_assembly()
    {
        var seeds = FuzzFiles.Shipped("stun.message", "seeds").ToArray();
        Assert.True(seeds.Length >= 10);
        Assert.Contains(seeds, seed => seed.Name.EndsWith("rfc5769-2.1-request.hex", StringComparison.Ordinal) && seed.Bytes.Length == 108);
    }

    [Theory]
    [InlineData("sdp.session-description", "v=0\r\n", 2)] // of which docs/findings-sdp.md says why
    [InlineData("ice-sdp.candidate", "candidate:", 0)]
    [InlineData("rtcp-fb.rtcp-fb", "rtcp-fb:", 0)]
    [InlineData("stun-uri.stun-uri", "stun:", 0)]
    [InlineData("turn-uri.turn-uri", "turns:", 0)]
    public void Texts_begin_with_recorded_ones(string name, string begin, int refused)
    {
        var target = FuzzTargets.Find(name)!;
        var format = MessageFormats.Find(name)!;
        var recorded = FuzzFiles.Shipped(name, "seeds").Select(seed => seed.Bytes).Concat(RecordedTexts.For(format)).Where(text => text.AsSpan().StartsWith(Encoding.UTF8.GetBytes(begin))).ToArray();
        Assert.True(recorded.Length >= 2, $"{recorded.Length} texts");
        Assert.Equal(refused, recorded.Count(text => !format.Accepts(text, out _)));
        Assert.All(RecordedTexts.For(format), text => Assert.Contains(target.Seeds, seed => seed.AsSpan().SequenceEqual(text)));
    }
}
