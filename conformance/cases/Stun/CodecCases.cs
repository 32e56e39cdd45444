using System.Text.Json.Nodes;
using WebRtcConformance.Ir;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;
using static WebRtcConformance.Lab.Cases.Outcomes;

namespace WebRtcConformance.Cases.Stun;

/// <summary>Bytes in, values out: the vectors of RFC 5769, for implementations whose adapter offers the codec level.</summary>
public static class CodecCases
{
    [CaseSource]
    public static IEnumerable<CaseDefinition> Vectors()
    {
        foreach (var vector in StunModule.Module.Vectors.Where(v => v.Valid))
        {
            var name = vector.Name.Replace(' ', '-').ToLowerInvariant();
            yield return Codec($"stun/vector/{name}", $"The RFC 5769 vector \"{vector.Name}\" is decoded field by field.",
                ["RFC8489:5-a1", "RFC8489:5-a2", "RFC8489:14-1", "RFC8489:14-2", "RFC8489:14-3"], lab => Decode(lab, vector));
            yield return Codec($"stun/vector/{name}-damaged", $"The RFC 5769 vector \"{vector.Name}\" with one bit flipped does not verify.",
                ["RFC8489:14.5-a2"], lab => DecodeDamaged(lab, vector));
            yield return Codec($"stun/vector/{name}-truncated", $"The RFC 5769 vector \"{vector.Name}\" is refused wherever it is cut.",
                ["RFC8489:5-7"], lab => DecodeTruncated(lab, vector));
        }
    }

    private static CaseDefinition Codec(string id, string about, IReadOnlyList<string> covers, Action<Lab.Lab> body) => new()
    {
        Id = id, Slug = id, About = about, Requirements = covers, Level = CaseLevel.Codec, Body = body,
    };

    private static void Decode(Lab.Lab lab, TestVector vector)
    {
        var bytes = Convert.FromHexString(vector.Hex);
        StunMessage.View.TryParse(bytes, out var view, out _);
        var expected = new List<string>();
        foreach (var attribute in view.Attributes) expected.Add($"{(int)attribute.Type} {Convert.ToHexStringLower(attribute.Value)}");
        var (kind, id) = ($"{view.Class}", Convert.ToHexStringLower(view.TransactionId));
        var reply = lab.Codec("codec.decode", new JsonObject { ["type"] = "stun.message", ["bytes"] = Convert.ToHexStringLower(bytes) });
        var value = reply.Value?["value"] as JsonObject;
        var decoded = (value?["attributes"] as JsonArray ?? []).Select(a => $"{a?["type"]} {a?["bytes"]}").ToList();
        var ordered = lab.Sut.Features.GetValueOrDefault("codec.stun.message") != "partial";
        lab.Expect(reply, r => r.IsOk ? value?.ToJsonString() ?? "no value" : $"{r.Kind} {r.Reason}",
            Forbidden<SutReply>("rejects", r => !r.IsOk),
            Forbidden<SutReply>("wrong-class", _ => !kind.StartsWith(value?["class"]?.ToString() ?? "?", StringComparison.OrdinalIgnoreCase), "RFC8489:5-a2"),
            Forbidden<SutReply>("wrong-transaction-id", _ => value?["transactionId"]?.ToString() != id, "RFC8489:5-a1"),
            Legal<SutReply>("decodes", _ => decoded.SequenceEqual(expected)),
            Legal<SutReply>("decodes-without-order", _ => !ordered && decoded.Order().SequenceEqual(expected.Order())),
            Forbidden<SutReply>("wrong-attributes", _ => true));
    }

    private static void DecodeDamaged(Lab.Lab lab, TestVector vector)
    {
        var bytes = Convert.FromHexString(vector.Hex);
        bytes[8] ^= 1; // the transaction id: covered by integrity and by FINGERPRINT, and free of rules of its own
        var reply = lab.Codec("codec.decode", new JsonObject
        {
            ["type"] = "stun.message", ["bytes"] = Convert.ToHexStringLower(bytes), ["opts"] = new JsonObject { ["key"] = Convert.ToHexStringLower(KeyOf(vector)) },
        });
        lab.Expect(reply, r => $"{r.Kind} {r.Reason}",
            Legal<SutReply>("rejects", r => r.Kind == SutReplyKind.Rejected),
            Forbidden<SutReply>("accepts", _ => true));
    }

    private static void DecodeTruncated(Lab.Lab lab, TestVector vector)
    {
        var bytes = Convert.FromHexString(vector.Hex);
        var accepted = new List<int>();
        for (var size = 0; size < bytes.Length; size++)
        {
            var reply = lab.Codec("codec.decode", new JsonObject { ["type"] = "stun.message", ["bytes"] = Convert.ToHexStringLower(bytes.AsSpan(0, size)) });
            if (reply.IsOk) accepted.Add(size);
        }
        lab.Expect(accepted, a => a.Count == 0 ? "all refused" : $"accepted when cut to {string.Join(", ", a.Take(10))} bytes",
            Legal<List<int>>("rejects-all", a => a.Count == 0),
            Forbidden<List<int>>("accepts-truncated", _ => true));
    }

    private static byte[] KeyOf(TestVector vector) => Convert.FromHexString(vector.Key ?? "");
}
