using System.Globalization;
using System.Text;
using WebRtcConformance.Ir;
using WebRtcConformance.Sdp;

namespace WebRtcConformance.Generator.Sdp;

/// <summary>The grammars of spec/ against real offers, the RFCs' own examples, and near misses.</summary>
public sealed class SdpCorpusTests
{
    [Fact]
    public void Grammars_have_no_mistakes() => Assert.Empty(SdpGrammar.Diagnostics.Select(d => $"{d.Path}({d.Position.Line},{d.Position.Column}): {d.Rule.Id} {d.Message}"));

    [Fact]
    public void Offers_follow_the_grammar_but_for_what_is_written_down()
    {
        var found = new List<string>();
        foreach (var (name, text) in SdpCorpus.Offers)
        {
            Assert.True(SdpGrammar.Strict.Match("sdp", "session-description", text).Matches, name);
            found.AddRange(Split(text).Where(l => !SdpGrammar.Line(SdpGrammar.Strict, l).Matches).Select(l => $"{name} {l}|").Distinct());
            Assert.All(Split(text), l => Assert.True(SdpGrammar.Line(SdpGrammar.Tolerant, l).Matches, $"{name} {l}"));
        }
        // docs/findings-sdp.md says who is wrong.
        var formats = new[] { 96, 98, 100, 102, 127, 125, 108, 123 };
        Assert.Equal(
            [
                "ndc-data a=ice-options:ice2,trickle|",
                .. formats.SelectMany(f => new[] { $"pion-av a=rtcp-fb:{f} goog-remb |", $"pion-av a=rtcp-fb:{f} nack |" }),
            ], found);
    }

    [Theory]
    [InlineData("rfc-lines.txt", 600)]
    [InlineData("own-lines.txt", 40)]
    [InlineData("surprising-lines.txt", 20)]
    public void Good_lines_are_accepted(string file, int atLeast)
    {
        var lines = SdpCorpus.Lines(file).ToArray();
        Assert.True(lines.Length >= atLeast);
        Assert.All(lines, l => Assert.True(SdpGrammar.Line(SdpGrammar.Strict, l.Line).Matches, $"{l.Source}: {l.Line}"));
    }

    [Fact]
    public void Near_misses_are_refused_where_they_go_wrong()
    {
        var wrong = new List<string>();
        foreach (var (offset, rule, line) in SdpCorpus.Marked("refused-lines.txt"))
        {
            var result = SdpGrammar.Line(SdpGrammar.Strict, line);
            if (result.Matches) wrong.Add($"accepted: {line}");
            else if (result.Furthest != offset) wrong.Add($"at {result.Furthest} and not {offset}: {line}");
            // Two names are no rules that the oracle waits for: one with a dot, which is what a union knows about a name ("Attribute.RtcpMux"), and
            // attribute-value, where the general rule of attributes refuses before the special one is asked. Of trailing bytes no rule expects anything.
            else if (!rule.Contains('.', StringComparison.Ordinal) && rule != "attribute-value" && result.Expected.Count > 0
                && !result.Expected.Any(p => p.Contains(rule, StringComparer.OrdinalIgnoreCase)) && !result.Expected.All(p => p.Count == 0))
                wrong.Add($"expected {string.Join(" or ", result.Expected.Select(p => p.LastOrDefault()).Distinct())}, not {rule}: {line}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Numbers_out_of_range_are_good_syntax() =>
        Assert.All(SdpCorpus.Marked("out-of-range-lines.txt"), m => Assert.True(SdpGrammar.Line(SdpGrammar.Strict, m.Line).Matches, m.Line));

    [Fact]
    public void Descriptions_of_the_RFCs_are_accepted()
    {
        var all = SdpCorpus.Descriptions("rfc-descriptions.txt").ToArray();
        Assert.True(all.Length >= 20);
        Assert.All(all, d =>
        {
            Assert.True(SdpGrammar.Strict.Match("sdp", "session-description", d.Text).Matches, d.Source);
            Assert.All(Split(d.Text), l => Assert.True(SdpGrammar.Line(SdpGrammar.Strict, l).Matches, $"{d.Source}: {l}"));
        });
    }

    [Fact]
    public void Descriptions_with_an_empty_session_name_need_tolerance()
    {
        var all = SdpCorpus.Descriptions("rfc-descriptions-tolerant.txt").ToArray();
        Assert.True(all.Length >= 36);
        Assert.All(all, d =>
        {
            Assert.False(SdpGrammar.Strict.Match("sdp", "session-description", d.Text).Matches, d.Source);
            Assert.True(SdpGrammar.Tolerant.Match("sdp", "session-description", d.Text).Matches, d.Source);
        });
    }

    [Fact]
    public void Descriptions_out_of_order_are_refused_at_their_line()
    {
        foreach (var (source, text) in SdpCorpus.Descriptions("rfc-descriptions-refused.txt"))
        {
            var line = int.Parse(source[(source.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
            var result = SdpGrammar.Strict.Match("sdp", "session-description", text);
            Assert.False(result.Matches, source);
            Assert.Equal((source, line), (source, text.AsSpan(0, result.Furthest).Count((byte)'\n') + 1));
        }
    }

    [Fact]
    public void An_address_is_the_first_form_that_takes_all_of_it()
    {
        var choice = SdpGrammar.Modules.First(m => m.Name == "sdp").Choices.First(c => c.Rule == "connection-address");
        foreach (var (_, line) in SdpCorpus.Lines("addresses.txt"))
        {
            var words = line.Split(' ');
            Assert.Equal(line, $"{choice.Forms.First(f => SdpGrammar.Strict.Match(f.Body, Encoding.UTF8.GetBytes(words[1])).Matches).CsName} {words[1]}");
        }
    }

    [Fact]
    public void Lines_may_end_with_LF_alone_for_a_tolerant_reader()
    {
        var (_, offer) = SdpCorpus.Offers[0];
        byte[] bare = [.. offer.Where(b => b != '\r')];
        Assert.False(SdpGrammar.Strict.Match("sdp", "session-description", bare).Matches);
        Assert.True(SdpGrammar.Tolerant.Match("sdp", "session-description", bare).Matches);
    }

    [Fact]
    public void A_description_of_a_thousand_lines_is_accepted()
    {
        var text = "v=0\r\no=- 1 1 IN IP4 192.168.1.2\r\ns=-\r\nt=0 0\r\n" + string.Concat(Enumerable.Range(0, 250).Select(i =>
            $"m=video 9 UDP/TLS/RTP/SAVPF {i % 128}\r\na=mid:{i}\r\na=candidate:{i} 1 UDP {i + 1} 2001:db8::{i:x} {i} typ hostx\r\na=x:{i}\r\n"));
        Assert.True(SdpGrammar.Strict.Match("sdp", "session-description", Encoding.ASCII.GetBytes(text)).Matches);
    }

    [Fact]
    public void Format_parameters_of_the_offers_follow_their_codec()
    {
        var rules = new Dictionary<string, (string, string)>(StringComparer.OrdinalIgnoreCase)
        {
            ["opus"] = ("opus", "opus-parameters"), ["H264"] = ("h264", "h264-parameters"), ["VP8"] = ("vp8", "vp8-parameters"),
            ["VP9"] = ("vp9", "vp9-parameters"), ["AV1"] = ("av1", "av1-parameters"), ["rtx"] = ("rtx", "rtx-parameters"),
            ["red"] = ("red", "red-payload-types"), ["telephone-event"] = ("telephone-event", "event-list"),
        };
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, text) in SdpCorpus.Offers)
        {
            var lines = Split(text);
            foreach (var line in lines.Where(l => l.StartsWith("a=fmtp:", StringComparison.Ordinal)))
            {
                var (format, parameters) = (line[7..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..]);
                var map = lines.First(l => l.StartsWith($"a=rtpmap:{format} ", StringComparison.Ordinal));
                var codec = map[(map.IndexOf(' ') + 1)..map.IndexOf('/')];
                var (module, rule) = rules[codec];
                Assert.True(SdpGrammar.Strict.Match(module, rule, Encoding.ASCII.GetBytes(parameters)).Matches, $"{name} {codec} {line}");
                seen.Add(codec);
            }
        }
        Assert.Equal(rules.Count, seen.Count);
    }

    [Theory]
    [InlineData("stun-uri", "stunURI", "stun:example.org", true)]
    [InlineData("stun-uri", "stunURI", "stuns:[2001:db8::1]:5349", true)]
    [InlineData("stun-uri", "stunURI", "stun:192.0.2.1:3478", true)]
    [InlineData("stun-uri", "stunURI", "stun:", true)]
    [InlineData("stun-uri", "stunURI", "STUN:host:", true)]
    [InlineData("stun-uri", "stunURI", "stun://example.org", false)]
    [InlineData("stun-uri", "stunURI", "stun:2001:db8::1", false)]
    [InlineData("stun-uri", "stunURI", "stun:host:port", false)]
    [InlineData("stun-uri", "stunURI", "stun:user@host", false)]
    [InlineData("stun-uri", "stunURI", "turn:host", false)]
    [InlineData("turn-uri", "turnURI", "turn:example.org", true)]
    [InlineData("turn-uri", "turnURI", "turns:example.org:5349?transport=tcp", true)]
    [InlineData("turn-uri", "turnURI", "turn:[::1]?transport=quic", true)]
    [InlineData("turn-uri", "turnURI", "turn:example.org?transport=", false)]
    [InlineData("turn-uri", "turnURI", "turn:example.org?transport=udp&x", false)]
    [InlineData("turn-uri", "turnURI", "turn:example.org?Transport", false)]
    [InlineData("turn-uri", "turnURI", "turn:[::1", false)]
    [InlineData("turn-uri", "turnURI", "stun:example.org", false)]
    [InlineData("webrtc-candidate", "candidate-string", "", true)]
    [InlineData("webrtc-candidate", "candidate-string", "candidate:1 1 udp 1 192.168.1.2 9 typ hostx", true)]
    [InlineData("webrtc-candidate", "candidate-string", "a=candidate:1 1 udp 1 192.168.1.2 9 typ host", false)]
    [InlineData("webrtc-candidate", "candidate-string", "candidate:1 1 udp 1 192.168.1.2 9 typ host\r\n", false)]
    [InlineData("trickle-ice", "sdpfrag", "a=ice-ufrag:8hhY\r\nm=audio 9 RTP/AVP 0\r\na=mid:foo\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=end-of-candidates\r\n", true)]
    [InlineData("trickle-ice", "sdpfrag", "m=audio 9 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n", false)]
    [InlineData("opus", "opus-parameters", "maxplaybackrate=16000; sprop-maxcapturerate=16000; maxaveragebitrate=20000; stereo=1; useinbandfec=1; usedtx=0", true)]
    [InlineData("opus", "opus-parameters", "stereo=1,usedtx=0 ;x", false)]
    [InlineData("h264", "h264-parameters", "profile-level-id=42e01f;packetization-mode=1;sprop-parameter-sets=Z0IACpZTBYmI,aMljiA==", true)]
    [InlineData("h264", "h264-parameters", ";packetization-mode=1", false)]
    [InlineData("telephone-event", "event-list", "0-15,66,70", true)]
    [InlineData("telephone-event", "event-list", "0-15,", false)]
    [InlineData("red", "red-payload-types", "111/111", true)]
    [InlineData("red", "red-payload-types", "111/", false)]
    [InlineData("rtx", "rtx-parameters", "apt=96;rtx-time=3000", true)]
    [InlineData("rtx", "rtx-parameters", "apt 96", false)]
    [InlineData("ice-tcp", "candidate-attribute", "candidate:1 1 TCP 2128609279 10.0.1.1 9 typ host tcptype active", true)]
    [InlineData("ice-tcp", "candidate-attribute", "candidate:1 1 TCP 2128609279 10.0.1.1 9 typ host", false)]
    public void Other_texts(string module, string rule, string text, bool good) =>
        Assert.Equal(good, SdpGrammar.Strict.Match(module, rule, Encoding.UTF8.GetBytes(text)).Matches);

    /// <summary>A rule for a whole attribute, or for a whole line (whose "a=" and CRLF the linker takes away), begins with the attribute's name.</summary>
    [Fact]
    public void Extensions_begin_with_their_names()
    {
        foreach (var module in SdpGrammar.Modules)
        foreach (var union in module.Unions)
        foreach (var extension in union.Extensions.Where(e => e.Form is TextExtensionForm.Whole or TextExtensionForm.Line))
        {
            var result = SdpGrammar.Strict.Match(extension.Rule!, Encoding.ASCII.GetBytes(extension.Name + "\0"));
            Assert.Equal((extension.Name, extension.Name.Length), (extension.Name, result.Furthest));
        }
    }

    private static string[] Split(byte[] text) => Encoding.UTF8.GetString(text).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
}
