using FsCheck.Xunit;
using WebRtcConformance.Ir;

namespace WebRtcConformance.Wire.Tests;

public class ViolationTests
{
    private static readonly WireKey s_key = new("a key"u8.ToArray());

    /// <summary>Nearly all violations show within a few messages; some need a list that ends in just the right way.</summary>
    private const int MostDrawn = 1000;

    [Property(MaxTest = 8)]
    public void Violations_are_refused_with_their_node_or_accepted_as_their_force_says(byte[] choices)
    {
        foreach (var plan in TestModules.Messages)
        {
            var c = new Choices(choices);
            var good = WireDraw.Draw(plan, ref c);
            var before = good.Encode(s_key);
            foreach (var violation in WireViolations.For(plan))
            {
                if (!violation.TryApply(good, out var bad, s_key)) continue;
                var accepted = violation.Kind == WireErrorKind.Checksum
                    ? WireTree.Verify(plan, bad, s_key, out var error) : WireTree.TryParse(plan, bad, out _, out error);
                Assert.Equal(violation.Force != Force.Reject, accepted);
                if (!accepted) Assert.Equal((violation.Node, violation.Kind), (error.Node, error.Kind));
                Assert.NotEqual(before, bad);
            }
            Assert.Equal(before, good.Encode(s_key));
        }
    }

    [Fact]
    public void Every_rule_of_the_stun_like_module_has_a_violation()
    {
        var ids = WireViolations.For(TestModules.StunMessage).Select(v => v.Id).ToHashSet();
        foreach (var pdu in TestModules.Stun.Pdus)
            foreach (var rule in pdu.Rules) Assert.Contains($"like-stun/{pdu.CsName}/{rule.Name}", ids);
        foreach (var id in new[]
        {
            "StunMessage.Zero/other-value", "StunMessage.MagicCookie/other-value", "StunMessage.MessageLength/off-by-one",
            "StunMessage.MessageLength/maximum", "StunMessage.TransactionId/truncated", "StunMessage.Attributes/truncated", "StunMessage/trailing",
            "Attribute.Length/maximum", "Attribute.Padding/other-fill", "Username.Username/not-text", "ErrorCode.Reserved/non-zero", "Priority/too-long",
            "Priority.Priority/cut-short", "Fingerprint.Crc/wrong", "Integrity.Hmac/wrong", "IntegritySha256.Hmac/wrong", "XorMappedAddress.Zeros/non-zero",
        })
            Assert.Contains("like-stun/" + id, ids);
    }

    [Fact]
    public void Every_rule_of_odd_widths_has_a_violation()
    {
        var ids = WireViolations.For(TestModules.Plans.Find("odd-widths/Widths")!).Select(v => v.Id).ToHashSet();
        foreach (var id in new[]
        {
            "Widths/a-one", "Widths/not-two-twos-at-the-end", "Widths/not-too-wide", "Widths.Symbols/not-in-registry", "Widths.Symbols/truncated", "Widths.Wide/truncated",
            "Sized.Length/nine-bytes", "Sized.Length/beyond-32-bits", "Sized.Length/more-bytes-than-needed", "Widths.Count/one-less",
        })
            Assert.Contains("odd-widths/" + id, ids);
    }

    [Fact]
    public void Every_rule_of_every_spec_file_has_a_violation()
    {
        var ids = WirePlans.Default.All.Where(p => p.Pdu.Kind == PduKind.Message).SelectMany(WireViolations.For).Select(v => v.Id).ToHashSet();
        var rules = WireModules.All.SelectMany(m => m.Pdus.SelectMany(p => p.Rules.Select(r => $"{m.Name}/{p.CsName}/{r.Name}")));
        string[] beyond =
        [
            // Two frames of more than 1275 bytes, 16385 packets: longer than what is drawn.
            "opus/OpusPacket/at-most-1275-bytes-in-each-of-two", "congestion-control-feedback/CcfbStreamReport/at-most-16384-reports",
            // Lengths count words, so only padding that is no whole number of words breaks these; no edit changes padding and content at once.
            "rtcp/OtherRtcpPacket/content-in-words", "rtcp/SenderReport/extensions-in-words", "rtcp/ReceiverReport/extensions-in-words",
            "rtcp/ApplicationDefined/data-in-words", "rtcp/RtcpPadding/padding-in-words",
            // RTP padding is as long as its last octet says, which is the count: the length that follows from a wrong one is what is wrong.
            "rtp/RtpPadding/count-value",
            // Lists are rid of what they must contain only where that is refused.
            "sctp/InitAckChunk/state-cookie",
            // A server name type is a constant of the structure, so two of the list always have the same one.
            "tls-extensions/ClientHelloServerName/no-type-twice",
        ];
        Assert.DoesNotContain(rules.Except(beyond), r => !ids.Contains(r));
    }

    [Fact]
    public void Ids_are_unique_and_the_same_every_time()
    {
        foreach (var plan in TestModules.Messages)
        {
            var ids = WireViolations.For(plan).Select(v => v.Id).ToList();
            Assert.Equal(ids.Count, ids.Distinct().Count());
            var again = new WirePlans(plan.Plans.Modules).Find(plan.Path)!;
            Assert.Equal(ids, WireViolations.For(again).Select(v => v.Id));
        }
    }

    [Fact]
    public void Every_violation_can_be_shown_on_the_smallest_message_or_on_some_drawn_one()
    {
        var missing = new List<string>();
        foreach (var plan in TestModules.Messages)
        {
            var open = WireViolations.For(plan).ToList();
            var random = new Random(7);
            for (var i = 0; i < MostDrawn && open.Count > 0; i++)
            {
                var seed = new byte[i == 0 ? 0 : 300];
                random.NextBytes(seed);
                var c = new Choices(seed);
                var good = WireDraw.Draw(plan, ref c);
                open.RemoveAll(violation => violation.TryApply(good, out _, s_key));
            }
            missing.AddRange(open.Select(violation => violation.Id));
        }
        Assert.Equal([], missing);
    }
}
