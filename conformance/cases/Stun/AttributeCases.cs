using System.Globalization;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;
using static WebRtcConformance.Cases.Axes;
using static WebRtcConformance.Lab.Cases.Outcomes;

namespace WebRtcConformance.Cases.Stun;

/// <summary>Unknown, misplaced, padded and oversized attributes: RFC 8489 sections 6.3, 9, 14.</summary>
public static class AttributeCases
{
    [Case("stun/attribute/unknown-required")]
    [About("Unknown comprehension-required attributes in an authenticated request lead to 420 with the list of their types.")]
    [Covers("RFC8489:6.3.1-a1", "RFC8489:6.3.1.1-3", "RFC8489:14.8-10", "RFC8489:14-a2", "RFC8489:14.13-a2", "RFC8489:14.13-a3")]
    [Matrix("types", "0777", "0777-7ffe-0333"), Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    public static void UnknownRequired(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var types = lab.Parameter("types", "0777").Split('-').Select(t => ushort.Parse(t, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToList();
        var probe = peer.Ask("a check with unknown required attributes", peer.GoodCheck([.. types.Select(t => Unknown(t, 4))]));
        lab.Expect(probe, Describe420,
            Forbidden<Probe>("ignores-them", p => p.Succeeded),
            Legal<Probe>("answers-420", p => p.Failed(420) && Listed(p).SequenceEqual(types)),
            Legal<Probe>("answers-420-other-order", p => p.Failed(420) && Listed(p).Order().SequenceEqual(types.Order())),
            Deviant<Probe>("answers-420-list-filled-by-repetition", p => p.Failed(420) && Listed(p).Distinct().Order().SequenceEqual(types.Order()), "RFC8489:14.13-a3"),
            Deviant<Probe>("answers-420-without-list", p => p.Failed(420) && !Listed(p).Any(), "RFC8489:6.3.1.1-3", "RFC8489:14.8-10"),
            Deviant<Probe>("answers-420-with-other-list", p => p.Failed(420), "RFC8489:14.8-10"),
            Deviant<Probe>("answers-other-error", p => p.Reply is { IsError: true }, "RFC8489:6.3.1-a1"),
            Deviant<Probe>("silent", p => p.Silent, "RFC8489:6.3.1-a1"));
    }

    [Case("stun/attribute/unknown-required-authenticated-reply")]
    [About("The 420 to an authenticated request is protected with the same password.")]
    [Covers("RFC8489:9.1.3-11", "RFC8489:6.3.1.1-4", "RFC8445:7.3-3")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    public static void AuthenticatedError(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var probe = connection.Peer.Ask("a check with an unknown required attribute", connection.Peer.GoodCheck(Unknown(0x0777, 4)));
        if (!probe.Failed(420)) lab.NotApplicable("no-420", "the implementation does not answer 420 here; stun/attribute/unknown-required judges that");
        lab.Expect(probe, Describe420,
            Deviant<Probe>("unprotected", p => !p.Reply!.Has<MessageIntegrity>()),
            Deviant<Probe>("wrong-key", p => !p.Reply!.Verifies(connection.Remote.Password)),
            Legal<Probe>("protected", _ => true));
    }

    [Case("stun/attribute/unknown-optional")]
    [About("Unknown comprehension-optional attributes change nothing.")]
    [Covers("RFC8489:6.3-1", "RFC8489:14-a3")]
    [Matrix("type", "8777", "a777", "fffe"), Matrix("size", "0", "3", "64"), Matrix(Role, Controlled, Controlling)]
    public static void UnknownOptional(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var type = ushort.Parse(lab.Parameter("type", "8777"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var size = int.Parse(lab.Parameter("size", "3"), CultureInfo.InvariantCulture);
        ExpectSuccess(lab, peer.Ask("a check with an unknown optional attribute", peer.GoodCheck(Unknown(type, size))));
    }

    [Case("stun/attribute/software")]
    [About("SOFTWARE in a request changes nothing, whatever it says.")]
    [Covers("RFC8489:14.14-a1", "RFC8489:14.14-2")]
    [Matrix("text", "empty", "ascii", "utf8", "long", "long-utf8"), Matrix(Role, Controlled, Controlling)]
    public static void SoftwareText(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var text = lab.Parameter("text", "ascii") switch { "empty" => "", "ascii" => "test/1.0", "utf8" => "тест \u2603 \U0001F600", "long" => new string('s', 127), _ => string.Concat(Enumerable.Repeat("\U0001F600", 127)) };
        ExpectSuccess(lab, peer.Ask("a check with SOFTWARE", peer.GoodCheck(new Software { Value = text })));
    }

    [Case("stun/attribute/padding-not-zero")]
    [About("Padding bytes are covered by integrity and otherwise ignored.")]
    [Covers("RFC8489:14-4")]
    [Matrix("attribute", "unknown", "software"), Matrix("size", "1", "2", "3"), Matrix(Role, Controlled, Controlling)]
    public static void NonzeroPadding(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var size = int.Parse(lab.Parameter("size", "3"), CultureInfo.InvariantCulture);
        var software = lab.Parameter("attribute", "unknown") == "software";
        var message = peer.GoodCheck(software ? new Software { Value = new string('s', size) } : Unknown(0x8777, size));
        var probe = peer.Ask($"a check with an attribute of {size} bytes padded with 0xff", message, f =>
            f.Attributes.Of(software ? StunAttributeType.Software : (StunAttributeType)0x8777).Padding.Is(Enumerable.Repeat((byte)0xFF, 4 - size).ToArray()));
        ExpectSuccess(lab, probe);
    }

    [Case("stun/attribute/after-integrity")]
    [About("An attribute behind MESSAGE-INTEGRITY has no effect.")]
    [Covers("RFC8489:9-1", "RFC8445:7-1")]
    [Matrix("attribute", "unknown-required", "conflicting-role", "second-username"), Matrix(Role, Controlled, Controlling)]
    public static void AfterIntegrity(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        StunAttribute late = lab.Parameter("attribute", "unknown-required") switch
        {
            "unknown-required" => Unknown(0x0777, 4),
            // The role of the system under test itself, with a tie-breaker that makes it answer 487 if it looks.
            "conflicting-role" => connection.SutControls ? new IceControlling { Tiebreaker = 1 } : new IceControlled { Tiebreaker = ulong.MaxValue },
            _ => StunText.Username("nobody:" + connection.Local.Ufrag),
        };
        var attributes = peer.GoodCheck().Attributes.SelectMany<StunAttribute, StunAttribute>(a => a is MessageIntegrity ? [a, late] : [a]);
        var probe = peer.Ask("a check with an attribute behind MESSAGE-INTEGRITY", peer.Request([.. attributes]));
        lab.Expect(probe, p => p.Describe(),
            Legal<Probe>("ignores-it", p => p.Succeeded),
            Forbidden<Probe>("obeys-it", p => p.Reply is { IsError: true }),
            Deviant<Probe>("silent", p => p.Silent));
    }

    [Case("stun/attribute/overrun")]
    [About("An attribute whose length runs past the message makes the message invalid: here FINGERPRINT itself, everything else being right.")]
    [Covers("RFC8489:5-7", "RFC8489:14-1", "RFC8489:14-3", "RFC8489:6.3-a5")]
    [Matrix("length", "one-more", "four-more", "fffc", "ffff"), Matrix(Role, Controlled, Controlling)]
    public static void Overrun(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var length = lab.Parameter("length", "four-more");
        var probe = peer.Ask("a check whose last attribute runs past the end", peer.GoodCheck(), f =>
        {
            var size = f.Attributes.Of(StunAttributeType.Fingerprint).Length;
            _ = length switch { "one-more" => size.Off(1), "four-more" => size.Off(4), "fffc" => size.Is(0xFFFC), _ => size.Is(0xFFFF) };
        });
        lab.Expect(probe, p => p.Describe(),
            Legal<Probe>("silent", p => p.Silent),
            Forbidden<Probe>("accepts", p => p.Succeeded),
            Deviant<Probe>("answers-error", p => p.Reply is { IsError: true }, "RFC8489:6.3-a5"));
    }

    [Case("stun/attribute/fixed-length")]
    [About("Attributes of a fixed size come with another size: the implementation lives.")]
    [Robustness]
    [Fresh]
    [Matrix("attribute", "priority-0", "priority-3", "priority-8", "role-0", "role-4", "role-16", "use-candidate-4"), Matrix(Role, Controlled, Controlling)]
    public static void FixedLength(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var parts = lab.Parameter("attribute", "priority-3");
        var size = int.Parse(parts[(parts.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
        var type = parts.StartsWith("priority", StringComparison.Ordinal) ? StunAttributeType.Priority
            : parts.StartsWith("use", StringComparison.Ordinal) ? StunAttributeType.UseCandidate
            : connection.SutControls ? StunAttributeType.IceControlled : StunAttributeType.IceControlling;
        var message = type == StunAttributeType.UseCandidate ? peer.GoodCheck(new UseCandidate()) : peer.GoodCheck();
        var probe = peer.Ask($"a check with {parts}", message, f => f.Attributes.Of(type).Value.Is(new byte[size]));
        // No text says what a receiver does with an attribute of a wrong size in a request; whatever it is, the fence has shown that it lives.
        lab.Expect(probe, p => p.Describe(),
            Legal<Probe>("accepts", p => p.Succeeded),
            Legal<Probe>("answers-error", p => p.Reply is { IsError: true }),
            Legal<Probe>("silent", p => p.Silent));
    }

    [Case("stun/attribute/flood")]
    [About("A datagram full of thousands of tiny attributes is dealt with quickly.")]
    [Covers("RFC8489:6.3-1")]
    [Matrix("count", "1000", "16000"), Matrix(Role, Controlled, Controlling)]
    public static void Flood(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var count = int.Parse(lab.Parameter("count", "16000"), CultureInfo.InvariantCulture);
        var filler = Unknown(0x8777, 0);
        var probe = peer.Ask($"a check with {count} optional attributes", peer.GoodCheck([.. Enumerable.Repeat(filler, count)]));
        // Implementations bound the datagrams that they read; a check beyond that bound is lost, which is legal over UDP.
        lab.Expect(probe, p => p.Describe(),
            Legal<Probe>("answers-success", p => p.Succeeded),
            Deviant<Probe>("answers-error", p => p.Reply is { IsError: true }),
            Legal<Probe>("silent", p => p.Silent));
    }

    [Case("stun/attribute/reply-padding")]
    [About("RFC 8489 wants padding in replies to be zero (RFC 5389 allowed any value); padding that varies leaks stale memory.")]
    [Covers("RFC8489:14-4")]
    [Matrix(Role, Controlled, Controlling)]
    public static void ReplyPadding(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var probes = new List<Probe>();
        for (var i = 0; i < 20; i++)
        {
            probes.Add(peer.Ask("a check with one unknown required attribute", peer.GoodCheck(Unknown((ushort)(0x0700 + i), 4))));
            probes.Add(peer.Ask("a check without MESSAGE-INTEGRITY", peer.Request([.. peer.GoodCheck().Attributes.Where(a => a is not MessageIntegrity)])));
            probes.Add(peer.Ask("a good check", peer.GoodCheck()));
        }
        lab.Expect(probes, p => $"{p.Count(x => !x.Silent)} replies",
            Forbidden<List<Probe>>("padding-varies", p => p.SelectMany(x => x.Replies).SelectMany(Paddings).Where(x => x.Length == 2).Select(Convert.ToHexString).Distinct().Count() > 1),
            Deviant<List<Probe>>("pads-with-other-bytes", p => p.SelectMany(x => x.Replies).SelectMany(Paddings).Any(x => x.AsSpan().ContainsAnyExcept((byte)0))),
            Legal<List<Probe>>("pads-with-zeros", p => p.SelectMany(x => x.Replies).SelectMany(Paddings).Any()),
            Legal<List<Probe>>("never-pads", _ => true));
    }

    /// <summary>The padding of each padded attribute.</summary>
    private static List<byte[]> Paddings(Reply reply)
    {
        var found = new List<byte[]>();
        if (!StunMessage.View.TryParse(reply.Bytes, out var view, out _)) return found;
        foreach (var attribute in view.Attributes)
            if (attribute.Padding.Length > 0) found.Add(attribute.Padding.ToArray());
        return found;
    }

    private static IEnumerable<ushort> Listed(Probe probe) => probe.Reply?.Attribute<UnknownAttributes>()?.AttributeTypes.Select(t => (ushort)t) ?? [];

    private static string Describe420(Probe probe) =>
        probe.Describe() + (probe.Reply?.Has<UnknownAttributes>() == true ? " listing " + string.Join(", ", Listed(probe).Select(t => "0x" + t.ToString("x4", CultureInfo.InvariantCulture))) : "");

    private static UnknownStunAttribute Unknown(ushort type, int size) => new((StunAttributeType)type, new byte[size]);

    private static void ExpectSuccess(Lab.Lab lab, Probe probe) => lab.Expect(probe, p => p.Describe(),
        Legal<Probe>("answers-success", p => p.Succeeded),
        Forbidden<Probe>("answers-error", p => p.Reply is { IsError: true }),
        Forbidden<Probe>("silent", p => p.Silent));
}
