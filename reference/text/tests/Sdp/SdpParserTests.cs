using System.Text;
using WebRtcConformance.Sdp;
using WebRtcConformance.Wire;

namespace WebRtcConformance.SdpTests;

/// <summary>The generated parser against real offers, the RFCs' own examples, near misses and numbers out of range.</summary>
public sealed class SdpParserTests
{
    public static TheoryData<string> Good => ["rfc-lines.txt", "own-lines.txt", "surprising-lines.txt"];

    [Theory]
    [MemberData(nameof(Good))]
    public void Good_lines_are_accepted(string file) => Assert.All(SdpCorpus.Lines(file), l =>
    {
        var (text, _) = Description(l.Line);
        Assert.True(SessionDescription.TryParse(text, true, out var description, out var error), $"{l.Source}: {l.Line}: {error}");
        Assert.Equal(Encoding.UTF8.GetString(text), description.ToText());
    });

    [Fact]
    public void Near_misses_are_refused_where_they_go_wrong() => Assert.All(SdpCorpus.Marked("refused-lines.txt"), m =>
    {
        var (text, prefix) = Description(m.Line);
        Assert.False(SessionDescription.TryParse(text, false, out _, out var error), m.Line);
        Assert.True(error.Kind is WireErrorKind.Syntax or WireErrorKind.Truncated or WireErrorKind.Trailing, $"{m.Line}: {error}");
        Assert.Equal((m.Line, m.Offset, m.Name), (m.Line, error.Offset - prefix, error.Path[(error.Path.IndexOf('/', StringComparison.Ordinal) + 1)..]));
    });

    [Fact]
    public void Numbers_out_of_range_are_refused_at_their_start() => Assert.All(SdpCorpus.Marked("out-of-range-lines.txt"), m =>
    {
        var (text, prefix) = Description(m.Line);
        Assert.False(SessionDescription.TryParse(text, false, out _, out var error), m.Line);
        Assert.Equal((m.Line, WireErrorKind.BadValue, m.Offset, m.Name), (m.Line, error.Kind, error.Offset - prefix, error.Path[(error.Path.LastIndexOf('.') + 1)..]));
    });

    [Fact]
    public void Offers_but_two_follow_the_grammar()
    {
        foreach (var (name, text) in SdpCorpus.Offers)
        {
            var good = SessionDescription.TryParse(text, true, out var description, out var error);
            // docs/findings-sdp.md says why.
            Assert.Equal((name, name is not ("ndc-data" or "pion-av")), (name, good));
            if (good) Assert.Equal(text, description.ToArray());
            else Assert.Equal(name == "ndc-data" ? "a=ice-options:ice2,trickle" : "a=rtcp-fb:96 goog-remb ", LineAt(text, error.Offset));
        }
    }

    [Fact]
    public void Descriptions_of_the_RFCs_are_accepted() => Assert.All(SdpCorpus.Descriptions("rfc-descriptions.txt"), d =>
    {
        Assert.True(SessionDescription.TryParse(d.Text, true, out var description, out var error), $"{d.Source}: {error}");
        Assert.Equal(d.Text, description.ToArray());
    });

    [Theory]
    [InlineData("rfc-descriptions-tolerant.txt")]
    [InlineData("rfc-descriptions-refused.txt")]
    public void Descriptions_that_the_grammar_does_not_allow_are_refused(string file) =>
        Assert.All(SdpCorpus.Descriptions(file), d => Assert.False(SessionDescription.TryParse(d.Text, false, out _, out _), d.Source));

    [Fact]
    public void An_address_is_the_first_form_that_takes_all_of_it() => Assert.All(SdpCorpus.Lines("addresses.txt"), l =>
    {
        var words = l.Line.Split(' ');
        Assert.True(SessionDescription.TryParse(Description($"c=IN x {words[1]}").Text, false, out var description, out var error), $"{l.Line}: {error}");
        Assert.Equal(l.Line, $"{description.Connection!.ConnectionAddressForm} {description.Connection.ConnectionAddress}");
    });

    /// <summary>A description that holds the line where its letter belongs, and where in it the line begins.</summary>
    private static (byte[] Text, int Prefix) Description(string line)
    {
        const string order = "vosiuepcbtrzkam";
        var letter = line[..Math.Min(1, line.Length)];
        var place = letter.Length == 1 ? order.IndexOf(letter[0], StringComparison.Ordinal) : -1;
        if (place < 0) place = order.Length;
        var needed = "vost" + (letter == "z" ? "r" : "");
        var before = string.Concat(needed.Where(c => order.IndexOf(c, StringComparison.Ordinal) < place).Select(Needed));
        var after = string.Concat(needed.Where(c => order.IndexOf(c, StringComparison.Ordinal) > place).Select(Needed));
        var prefix = Encoding.UTF8.GetBytes(before);
        return ([.. prefix, .. Encoding.UTF8.GetBytes(line + "\r\n" + after)], prefix.Length);
    }

    private static string Needed(char letter) => letter switch
    {
        'v' => "v=0\r\n", 'o' => "o=- 1 1 IN IP4 0.0.0.0\r\n", 's' => "s=-\r\n", 't' => "t=0 0\r\n", _ => "r=1 1 1\r\n",
    };

    private static string LineAt(byte[] text, int offset)
    {
        var start = text.AsSpan(0, offset).LastIndexOf((byte)'\n') + 1;
        var end = offset + text.AsSpan(offset).IndexOf((byte)'\r');
        return Encoding.UTF8.GetString(text.AsSpan(start, end - start));
    }
}
