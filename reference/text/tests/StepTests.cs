using System.Text;
using System.Text.Json;
using WebRtcConformance.Ir;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Text;

/// <summary>Derivations, and what is made of them: mutations, smaller texts, near misses, coverage.</summary>
public class StepTests
{
    private const string Offer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"
        + "a=mid:0\r\na=rtpmap:111 opus/48000/2\r\na=candidate:1 1 UDP 7 10.0.0.1 9 typ host\r\na=x-unknown:1\r\na=rtcp-mux\r\n";

    private static readonly TextFormat Description = (TextFormat)MessageFormats.Find("sdp")!, Candidate = (TextFormat)MessageFormats.Find("candidate")!;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
    private static string String(byte[] text) => Encoding.Latin1.GetString(text);

    [Fact]
    public void The_steps_of_a_derivation_cover_the_text()
    {
        var text = Bytes(Offer);
        var root = TextStep.Of(Description.Rule, text)!;
        Assert.Equal((0, text.Length), (root.Start, root.End));
        foreach (var step in root.All())
        {
            // Inner steps stand one behind the other, inside; what a number is made of is one step.
            var at = step.Start;
            foreach (var inner in step.Children)
            {
                Assert.InRange(inner.Start, at, step.End);
                Assert.InRange(inner.End, inner.Start, step.End);
                at = inner.End;
            }
            if (step.Element is TextSequence) Assert.Equal(step.End, at);
        }
        Assert.Contains(root.All(), s => s.Extension?.Name == "candidate");
        Assert.Contains(root.All(), s => s.Element is TextReference { Rule: "byte-string" });
        Assert.Null(TextStep.Of(Description.Rule, text.AsSpan(1)));
    }

    [Fact]
    public void Mutations_keep_to_the_grammar_often_and_leave_it_often()
    {
        var random = new Random(3);
        var (accepted, changed, rounds) = (0, 0, 300);
        for (var i = 0; i < rounds; i++)
        {
            var bytes = new byte[64];
            random.NextBytes(bytes);
            var choices = new Choices(bytes);
            var again = new Choices(bytes);
            var result = Description.Mutate(Bytes(Offer), default, ref choices);
            Assert.Equal(result, Description.Mutate(Bytes(Offer), default, ref again));
            if (Description.Accepts(result, out _)) accepted++;
            if (String(result) != Offer) changed++;
        }
        Assert.InRange(accepted, rounds / 4, rounds * 9 / 10);
        Assert.InRange(changed, rounds * 8 / 10, rounds);
    }

    [Fact]
    public void A_mutation_takes_parts_of_another_text()
    {
        var random = new Random(5);
        var donor = Bytes("candidate:donated 2 TCP 99 192.0.2.77 1 typ relay");
        Assert.Contains(Enumerable.Range(0, 300), _ =>
        {
            var bytes = new byte[64];
            random.NextBytes(bytes);
            var choices = new Choices(bytes);
            return String(Candidate.Mutate(Bytes("candidate:1 1 UDP 7 10.0.0.1 9 typ host"), donor, ref choices)).Contains("192.0.2.77");
        });
    }

    [Fact]
    public void What_matters_is_kept_and_the_rest_goes()
    {
        var calls = 0;
        bool HasCandidate(byte[] text)
        {
            calls++;
            return Description.Accepts(text, out _) && String(text).Contains("a=candidate:");
        }
        var small = String(Description.Minimize(Bytes(Offer), HasCandidate, 2000));
        Assert.InRange(calls, 1, 2001);
        Assert.True(small.Length < 100, small);
        Assert.DoesNotContain("rtpmap", small);
        // A text that is refused has no derivation: lines and bytes go.
        var bad = String(Description.Minimize(Bytes(Offer.Replace("a=mid:0", "a=mid:")), text => !Description.Accepts(text, out var e) && e.Path.Contains("attribute-value"), 2000));
        Assert.True(bad.Length < 60, bad);
    }

    public static IEnumerable<TheoryDataRow<string>> Formats => TextFormat.All.Select(format => new TheoryDataRow<string>(format.Name));

    [Theory, MemberData(nameof(Formats))]
    public void Violations_have_ids_of_their_own_and_are_the_same_every_time(string name)
    {
        var violations = MessageFormats.Find(name)!.Violations;
        // A candidate or nothing: whatever is wrong is wrong with the candidate.
        Assert.Equal(name == "webrtc-candidate.candidate-string", violations.Count == 0);
        Assert.Equal(violations.Count, violations.Select(v => v.Id).Distinct().Count());
        Assert.All(violations, v => Assert.True(v.Kind is WireErrorKind.Syntax or WireErrorKind.Truncated or WireErrorKind.BadValue && v.Clause.Section.Length > 0, v.Id));
    }

    [Fact]
    public void Near_misses_name_what_they_miss()
    {
        var ids = Candidate.Violations.Select(v => v.Id).ToArray();
        Assert.Superset(
            new HashSet<string>
            {
                "ice-sdp/candidate-attribute/\"candidate\"/missing", "ice-sdp/foundation/1*32ice-char/too-many", "ice-sdp/foundation/1*32ice-char/too-few",
                "ice-sdp/Candidate.Priority/above-2147483647", "ice-sdp/Candidate.Priority/below-1", "ice-sdp/Candidate.Port/above-65535",
            }, ids.ToHashSet());
        var none = default(Choices);
        Assert.True(Candidate.Violations.First(v => v.Id.EndsWith("1*32ice-char/too-many")).TryShow(ref none, default, out var bad));
        Assert.Contains(new string('a', 33), String(bad));
    }

    [Fact]
    public void Coverage_tells_rules_alternatives_and_names()
    {
        var coverage = Description.NewCoverage();
        Description.Cover(Bytes(Offer), coverage);
        Description.Cover(Bytes(Offer[..^4]), coverage);
        Candidate.Cover(Bytes("candidate:1 0 UDP 7 10.0.0.1 9 typ host"), coverage);
        var accepted = coverage.Report().Where(r => r.Accepted).Select(r => r.Node.Path).ToArray();
        string[] touched = ["ice-sdp/candidate-types: \"host\"", "ice-sdp/Candidate.Priority", "sdp/session-description", "ice-sdp/SdpAttribute.Candidate", "rtcp-mux/SdpAttribute.RtcpMux"];
        Assert.Equal([], touched.Except(accepted));
        Assert.DoesNotContain("ice-sdp/candidate-types: \"srflx\"", accepted);
        Assert.Contains("ice-sdp/Candidate.ComponentId", coverage.Report().Where(r => r.Named).Select(r => r.Node.Path));
    }

    /// <summary>How points begin that no derivation that counts can touch: what is preferred takes every text of theirs.</summary>
    private static readonly string[] Shadowed =
    [
        // Every one of these tags is a language and its extensions as well.
        "language-tag/grandfathered: regular", "language-tag/regular",
        // "Other" addresses are any string without blanks, and unicast comes first.
        "sdp/connection-address: multicast-address", "sdp/multicast-address", "sdp/IP4-multicast", "sdp/IP6-multicast", "sdp/m1", "sdp/numaddr", "sdp/ttl",
    ];

    [Fact]
    public void Everything_in_the_grammars_is_drawn()
    {
        var coverage = TextFormat.All[0].NewCoverage();
        var random = new Random(9);
        foreach (var format in TextFormat.All)
            for (var i = 0; i < (format.IsStart ? 500 : 100); i++)
            {
                var bytes = new byte[300];
                random.NextBytes(bytes);
                var choices = new Choices(bytes);
                format.Cover(format.Draw(ref choices), coverage);
            }
        var missing = coverage.Report().Where(r => !r.Accepted && !Shadowed.Any(s => r.Node.Path.StartsWith(s, StringComparison.Ordinal))).Select(r => r.Node.Path).ToArray();
        Assert.True(missing.Length == 0, $"{missing.Length} of {TextPoints.Default.Count}:\n{string.Join('\n', missing)}");
        Assert.DoesNotContain(coverage.Report(), r => r.Accepted && Shadowed.Any(s => r.Node.Path.StartsWith(s, StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(Formats))]
    public void Json_names_what_its_schema_knows(string name)
    {
        var format = MessageFormats.Find(name)!;
        var random = new Random(1);
        for (var i = 0; i < 20; i++)
        {
            var bytes = new byte[i * 8];
            random.NextBytes(bytes);
            var choices = new Choices(bytes);
            var text = format.Draw(ref choices);
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream)) format.WriteJson(text, writer);
            using var json = JsonDocument.Parse(stream.ToArray());
            if (json.RootElement.ValueKind != JsonValueKind.Object) continue;
            Assert.False(json.RootElement.TryGetProperty("raw", out _), String(text));
        }
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", format.JsonSchema()["$schema"]!.GetValue<string>());
    }
}
