using System.Text;
using System.Text.Json.Nodes;
using WebRtcConformance.Ir;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;
using static WebRtcConformance.Cases.Axes;
using static WebRtcConformance.Lab.Cases.Outcomes;

namespace WebRtcConformance.Cases.Stun;

/// <summary>Cases that nobody wrote: one for each way to break one rule of the STUN format, made from the spec files. On the wire a good check is
/// broken and signed again, so that only that rule is broken. A violation whose rule enforces a requirement of the catalogue is judged;
/// the others name what an implementation does, and fail only when it dies.</summary>
public static class ViolationCases
{
    /// <summary>What a check may carry; violations of other attributes are for the codec level only.</summary>
    private static readonly string[] InChecks =
        ["StunMessage", "StunAttribute", "Username", "MessageIntegrity", "Fingerprint", "Priority", "IceControlling", "UseCandidate", "Software"];

    /// <summary>Where a receiver has to refuse (RFC 8489 sections 6.3, 9.1.3), or to accept (section 14): the message, its attributes' frames, and the checksums.</summary>
    private static readonly string[] JudgedPdus = ["StunMessage", "StunAttribute", "MessageIntegrity", "MessageIntegritySha256", "Fingerprint"];

    [CaseSource]
    public static IEnumerable<CaseDefinition> All()
    {
        foreach (var violation in WireViolations.For(StunMessage.Schema))
        {
            var name = Slug(violation.Id);
            var pdu = violation.Id.Split('/')[1].Split('.')[0];
            // What the values of other attributes may be binds senders. No text tells a receiver to refuse a message for them.
            IReadOnlyList<string> judged = JudgedPdus.Contains(pdu) ? violation.Requirements : [];
            var about = $"A message that breaks {violation.Id} ({violation.Clause}) and nothing else is {(violation.Force == Force.Reject ? "refused" : "accepted")}.";
            yield return new CaseDefinition
            {
                Id = $"stun/violation-codec/{name}", Slug = $"stun/violation-codec/{name}", About = about, Level = CaseLevel.Codec,
                Requirements = judged, Body = lab => OnCodec(lab, violation, judged.Count > 0),
            };
            if (!InChecks.Contains(pdu)) continue;
            var template = new CaseDefinition
            {
                Id = "", Slug = $"stun/violation/{name}", About = about, Requirements = judged, Body = lab => OnWire(lab, violation, judged.Count > 0),
                // What touches USE-CANDIDATE may nominate, and what is refused as a whole may not be shared either way.
                Fresh = pdu == "UseCandidate",
            };
            foreach (var expanded in CaseRegistry.Expand(template, (Axes.Role, (IReadOnlyList<string>)[Controlled, Controlling]))) yield return expanded;
        }
    }

    private static void OnWire(Lab.Lab lab, WireViolation violation, bool judged)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var key = StunText.Key(connection.Remote.Password);
        var needsNomination = violation.Id.Contains("/UseCandidate", StringComparison.Ordinal);
        var good = peer.GoodCheck(needsNomination ? [new UseCandidate(), new Software { Value = "abc" }] : [new Software { Value = "abc" }]);
        if (!WireTree.TryParse(StunMessage.Schema, good.ToArray(key), out var tree, out _) || !violation.TryApply(tree!, out var bad, key))
        {
            lab.NotApplicable("no-place-in-a-check", "a check has no place for this violation");
            return;
        }
        var probe = peer.AskBytes($"a check that breaks {violation.Id}", bad);
        lab.Expect(probe, p => p.Describe(), violation.Force == Force.Reject
            ?
            [
                judged ? Forbidden<Probe>("accepts", p => p.Succeeded) : Legal<Probe>("accepts", p => p.Succeeded),
                Legal<Probe>("answers-error", p => p.Reply is { IsError: true }),
                Legal<Probe>("silent", p => p.Silent),
            ]
            :
            [
                Legal<Probe>("accepts", p => p.Succeeded),
                judged ? Forbidden<Probe>("answers-error", p => p.Reply is { IsError: true }) : Legal<Probe>("answers-error", p => p.Reply is { IsError: true }),
                judged ? Forbidden<Probe>("silent", p => p.Silent) : Legal<Probe>("silent", p => p.Silent),
            ]);
    }

    private static void OnCodec(Lab.Lab lab, WireViolation violation, bool judged)
    {
        var good = new StunMessage { Method = StunMethod.Binding, Class = StunClass.Request, TransactionId = new byte[12], Attributes = new(new StunAttribute[] { new Software { Value = "abc" }, new MessageIntegrity(), new Fingerprint() }) };
        WireKey key = Encoding.UTF8.GetBytes("a password");
        if (!WireTree.TryParse(StunMessage.Schema, good.ToArray(key), out var tree, out _) || !violation.TryApply(tree!, out var bad, key))
        {
            lab.NotApplicable("no-place-in-a-message", "a message has no place for this violation");
            return;
        }
        var reply = lab.Codec("codec.decode", new JsonObject { ["type"] = "stun.message", ["bytes"] = Convert.ToHexStringLower(bad), ["opts"] = new JsonObject { ["key"] = Convert.ToHexStringLower(key.Span) } });
        var reject = violation.Force == Force.Reject;
        lab.Expect(reply, r => $"{r.Kind} {r.Reason}",
            judged && reject ? Forbidden<SutReply>("accepts", r => r.IsOk) : Legal<SutReply>("accepts", r => r.IsOk),
            judged && !reject ? Forbidden<SutReply>("rejects", r => !r.IsOk) : Legal<SutReply>("rejects", r => !r.IsOk));
    }

    /// <summary>"stun/StunMessage.MessageLength/off-by-one" as "stun-message-message-length/off-by-one".</summary>
    private static string Slug(string id)
    {
        var slug = new StringBuilder();
        var rest = id[(id.IndexOf('/') + 1)..];
        for (var i = 0; i < rest.Length; i++)
        {
            var c = rest[i];
            if (char.IsAsciiLetterUpper(c) && i > 0 && char.IsAsciiLetterOrDigit(rest[i - 1]) && !char.IsAsciiLetterUpper(rest[i - 1])) slug.Append('-');
            slug.Append(char.IsAsciiLetterOrDigit(c) || c == '/' ? char.ToLowerInvariant(c) : '-');
        }
        return slug.ToString();
    }
}
