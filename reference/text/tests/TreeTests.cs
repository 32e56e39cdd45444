using System.Text;
using System.Text.Json.Nodes;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>What the interpreter shows of a text.</summary>
public class TreeTests
{
    private static readonly TextReference CandidateRule = new("ice-sdp", "candidate-attribute");
    private static readonly TextReference DescriptionRule = new("sdp", "session-description");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public void Nodes_of_packets_and_of_texts_have_different_numbers()
    {
        int[] numbers = [.. WireModules.All.Select(m => (int)m.Number), .. TextModules.All.Select(m => (int)m.Number)];
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
    }

    [Fact]
    public void A_dump_has_a_line_for_each_part()
    {
        var dump = TextTree.Read(CandidateRule, Bytes("candidate:1 1 UDP 1 192.168.1.2 9 typ hostx tcptype active")).Dump();
        Assert.Contains("   20    ConnectionAddress = \"192.168.1.2\" Ip4    RFC8839 section 5.1\n", dump);
        Assert.Contains("   38    Type = \"hostx\" Other    RFC8839 section 5.1\n", dump);
        Assert.Contains("   44    Extensions    RFC8839 section 5.1\n   44      Name = \"tcptype\"", dump);
    }

    [Fact]
    public void Json_has_the_members_that_its_schema_names()
    {
        var json = JsonNode.Parse(TextTree.Read(CandidateRule, Bytes("candidate:1 1 UDP 7 10.0.0.1 9 typ host")).ToJson())!;
        Assert.Equal("""{"foundation":"1","componentId":1,"transport":"UDP","priority":7,"connectionAddress":"10.0.0.1","port":9,"type":"host","extensions":[]}""", json.ToJsonString());
        var schema = TextSchema.Of(CandidateRule)["$defs"]!["Candidate"]!["properties"]!.AsObject();
        Assert.All(json.AsObject(), member => Assert.True(schema.ContainsKey(member.Key)));
        Assert.Equal(256UL, schema["componentId"]!["maximum"]!.GetValue<ulong>());
    }

    [Theory]
    [InlineData("\r\n", "a=rtcp-mux", "")]
    [InlineData("\n", "a=rtcp-mux", "bare-lf")]
    [InlineData("\r\n", "a=ice-options:ice2,trickle", "ice-options-with-commas")]
    [InlineData("\r\n", "a=rtcp-fb:96 nack ", "trailing-space-in-rtcp-fb")]
    [InlineData("\n", "a=rtcp-fb:96 goog-remb ", "bare-lf trailing-space-in-rtcp-fb")]
    [InlineData("\r\n", "a=mid:", null)]
    public void A_tolerant_reading_says_what_it_overlooked(string newline, string line, string? expected)
    {
        var lines = new[] { "v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "m=audio 9 RTP/AVP 96", line };
        var needed = TextTolerance.Needed(DescriptionRule, Bytes(string.Concat(lines.Select(l => l + newline))), out _);
        Assert.Equal(expected, needed is null ? null : string.Join(' ', needed.Select(r => r.Name).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("\n", "a=rtcp-mux")]
    [InlineData("\r\n", "a=ice-options:ice2,trickle")]
    [InlineData("\n", "a=rtcp-fb:96 goog-remb ")]
    [InlineData("\r\n", "a=fingerprint:sha-1 4a:AD:b9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB")]
    public void A_tolerant_reading_gives_a_typed_value(string newline, string line)
    {
        var lines = new[] { "v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=", "t=0 0", "m=audio 9 RTP/AVP 96", line };
        var text = Bytes(string.Concat(lines.Select(l => l + newline)));
        Assert.True(TextTolerance.TryParse<Sdp.SessionDescription>(text, out var record, out var needed, out var error));
        Assert.True(error.IsError);
        Assert.Contains("empty-session-name", needed.Select(r => r.Name));
        Assert.True(Sdp.SessionDescription.TryParse(record.ToArray(), false, out var strict, out error), error.ToString());
        Assert.Equal(strict, record);
        var written = record.ToText().Split("\r\n");
        Assert.Equal(lines[^1].Replace(',', ' ').TrimEnd().ToUpperInvariant(), written[^2].ToUpperInvariant());
        Assert.False(TextTolerance.TryParse<Sdp.SessionDescription>(Bytes("v=0\n"), out _, out _, out _));
    }

    [Fact]
    public void A_dictionary_holds_the_literals_and_the_names()
    {
        var words = TextDictionary.Of(DescriptionRule).Select(Encoding.Latin1.GetString).ToArray();
        Assert.Contains("srflx", words);
        Assert.Contains("rtcp-mux", words);
        Assert.Equal(words.Length, words.Distinct().Count());
    }

    [Fact]
    public void An_error_knows_its_clause() =>
        Assert.Equal("RFC8839 section 5.1", TextTree.Read(CandidateRule, Bytes("candidate:1 0 UDP 7 10.0.0.1 9 typ host")).Error.Clause!.ToString());
}
