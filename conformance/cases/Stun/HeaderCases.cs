using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;
using static WebRtcConformance.Cases.Axes;
using static WebRtcConformance.Lab.Cases.Outcomes;

namespace WebRtcConformance.Cases.Stun;

/// <summary>What is not a STUN message for this agent vanishes without an answer: RFC 8489 sections 5, 6.3 and 7.</summary>
public static class HeaderCases
{
    [Case("stun/header/wrong-cookie")]
    [About("A message with another magic cookie is not STUN: no answer.")]
    [Covers("RFC8489:5-3", "RFC8489:6.3-a1", "RFC8489:6.3-a5", "RFC8445:7.3-7")]
    [Matrix("cookie", "2112a443", "00000000", "42a41221"), Matrix(Role, Controlled, Controlling)]
    public static void WrongCookie(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var cookie = Convert.ToUInt32(lab.Parameter("cookie", "00000000"), 16);
        ExpectSilence(lab, peer.Ask("a check with another magic cookie", peer.GoodCheck(), f => f.MagicCookie.Is(cookie)), "RFC8489:5-3");
    }

    [Case("stun/header/top-bits")]
    [About("A message whose two top bits are not zero is not STUN: no answer.")]
    [Covers("RFC8489:5-1", "RFC8489:6.3-a1", "RFC8489:6.3-a5")]
    [Matrix("bits", "01", "10", "11"), Matrix(Role, Controlled, Controlling)]
    public static void TopBits(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var bits = Convert.ToUInt64(lab.Parameter("bits", "10"), 2);
        ExpectSilence(lab, peer.Ask("a check with top bits " + lab.Parameter("bits", "10"), peer.GoodCheck(), f => f.ZeroBits.Is(bits)), "RFC8489:5-1");
    }

    [Case("stun/header/length-not-multiple-of-4")]
    [About("Message Length is a multiple of four; anything else is no STUN message.")]
    [Covers("RFC8489:5-a5", "RFC8489:6.3-a1", "RFC8489:6.3-a5")]
    [Matrix("by", "1", "2", "3"), Matrix(Role, Controlled, Controlling)]
    public static void UnalignedLength(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var by = int.Parse(lab.Parameter("by", "1"), System.Globalization.CultureInfo.InvariantCulture);
        // The extra bytes are there, FINGERPRINT and all before it are right: only the rule of four is broken.
        var probe = peer.Ask($"a check with {by} bytes more, counted in its length", peer.GoodCheck(), f => f.MessageLength.Off(by), append: by);
        ExpectSilence(lab, probe, "RFC8489:5-a5");
    }

    [Case("stun/header/length-mismatch")]
    [About("A datagram that is longer or shorter than its header says is no STUN message.")]
    [Covers("RFC8489:5-7", "RFC8489:6.3-a1", "RFC8489:6.3-a5")]
    [Matrix("length", "short-by-4", "long-by-4", "long-by-400", "zero", "maximum"), Matrix(Role, Controlled, Controlling)]
    public static void LengthMismatch(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var how = lab.Parameter("length", "long-by-4");
        var probe = peer.Ask("a check whose length is " + how, peer.GoodCheck(), f => _ = how switch
        {
            "short-by-4" => f.MessageLength.Off(-4),
            "long-by-4" => f.MessageLength.Off(4),
            "long-by-400" => f.MessageLength.Off(400),
            "zero" => f.MessageLength.Is(0),
            _ => f.MessageLength.Is(0xFFFC),
        });
        ExpectSilence(lab, probe, "RFC8489:5-7");
    }

    [Case("stun/header/trailing-bytes")]
    [About("A datagram is one message: with bytes behind the end its length is not sensible (our reading of RFC 8489 section 6.3).")]
    [Covers("RFC8489:5-7", "RFC8489:6.3-a5")]
    [Matrix("count", "1", "4", "64"), Matrix(Role, Controlled, Controlling)]
    public static void TrailingBytes(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var count = int.Parse(lab.Parameter("count", "4"), System.Globalization.CultureInfo.InvariantCulture);
        var probe = peer.Ask($"a check with {count} bytes behind it", peer.GoodCheck(), append: count);
        lab.Expect(probe, p => p.Describe(),
            Legal<Probe>("silent", p => p.Silent),
            Deviant<Probe>("accepts", p => p.Succeeded),
            Deviant<Probe>("answers-error", _ => true));
    }

    [Case("stun/header/truncated")]
    [About("The first bytes of a check, cut before the header's end, do nothing.")]
    [Covers("RFC8489:6.3-a5")]
    [Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void TruncatedHeader(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var good = peer.GoodCheck().ToArray(StunText.Key(connection.Remote.Password));
        for (var size = 0; size < 20; size++) peer.SendBytes($"the first {size} bytes of a check", good[..size]);
        peer.Fence("20 truncated headers");
        lab.Expect(peer, p => $"{p.Strays.Count} STUN messages in reply",
            Legal<LabPeer>("silent", p => !p.Strays.Any(s => s.IsSuccess || s.IsError)),
            Forbidden<LabPeer>("answers", _ => true));
    }

    [Case("stun/header/truncated-attributes")]
    [About("A check cut anywhere behind its header does nothing.")]
    [Covers("RFC8489:5-7", "RFC8489:6.3-a5")]
    [Matrix(Role, Controlled, Controlling)]
    public static void TruncatedAttributes(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var probes = new List<Probe>();
        var full = peer.GoodCheck().ToArray(StunText.Key(connection.Remote.Password)).Length;
        for (var size = 20; size < full; size++)
        {
            var good = peer.GoodCheck().ToArray(StunText.Key(connection.Remote.Password));
            probes.Add(peer.SendBytes($"a check cut to {size} of {full} bytes", good[..size]));
        }
        peer.Fence("truncated checks");
        lab.Expect(probes, p => string.Join("; ", p.Where(x => !x.Silent).Take(3).Select(x => $"{x.Step}: {x.Describe()}")),
            Forbidden<List<Probe>>("accepts", p => p.Any(x => x.Succeeded)),
            Deviant<List<Probe>>("answers-error", p => p.Any(x => !x.Silent), "RFC8489:6.3-a5"),
            Legal<List<Probe>>("silent", _ => true));
    }

    [Case("stun/header/unknown-method")]
    [About("A request of a method that the agent does not have is dropped.")]
    [Covers("RFC8489:6.3-a1", "RFC8489:6.3-a5")]
    [Matrix("method", "0x002", "0x003", "0x0ff", "0x100", "0xfff"), Matrix(Role, Controlled, Controlling)]
    public static void UnknownMethod(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var method = (StunMethod)Convert.ToUInt16(lab.Parameter("method", "0x002"), 16);
        ExpectSilence(lab, peer.Ask($"a good request of method {lab.Parameter("method", "0x002")}", peer.GoodCheck() with { Method = method }), "RFC8489:6.3-a5");
    }

    [Case("stun/indication/unknown-method")]
    [About("An indication of a method that the agent does not have is dropped.")]
    [Covers("RFC8489:6.3.2-a2", "RFC8489:6.3-a5")]
    [Matrix("method", "0x002", "0x0ff", "0xfff"), Matrix(Role, Controlled, Controlling)]
    public static void UnknownMethodIndication(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var method = (StunMethod)Convert.ToUInt16(lab.Parameter("method", "0x002"), 16);
        ExpectSilence(lab, peer.Ask($"an indication of method {lab.Parameter("method", "0x002")}", peer.GoodCheck() with { Method = method, Class = StunClass.Indication }), "RFC8489:6.3.2-a2");
    }

    [Case("stun/indication/binding")]
    [About("An indication is never answered.")]
    [Covers("RFC8489:6.3.2-a2")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    public static void Indication(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        ExpectSilence(lab, peer.Ask("a Binding indication", peer.GoodCheck() with { Class = StunClass.Indication }), "RFC8489:6.3.2-a2");
    }

    [Case("stun/indication/bad")]
    [About("An indication that does not authenticate, or has unknown required attributes, is dropped without an answer.")]
    [Covers("RFC8489:9.1.3-3", "RFC8489:9.1.3-6", "RFC8489:9.1.3-9", "RFC8489:6.3.2-a1")]
    [Matrix("flaw", "no-credentials", "unknown-username", "bad-integrity", "unknown-required"), Matrix(Role, Controlled, Controlling)]
    public static void BadIndication(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var flaw = lab.Parameter("flaw", "bad-integrity");
        var good = peer.GoodCheck() with { Class = StunClass.Indication };
        StunMessage With(IEnumerable<StunAttribute> attributes) => good with { Attributes = new(attributes.ToArray()) };
        var message = flaw switch
        {
            "no-credentials" => With(good.Attributes.Where(a => a is not (Username or MessageIntegrity))),
            "unknown-username" => With(good.Attributes.Select(a => a is Username ? StunText.Username("nobody:" + connection.Local.Ufrag) : a)),
            "unknown-required" => With(good.Attributes.Prepend(new UnknownStunAttribute((StunAttributeType)0x0777, new byte[4]))),
            _ => good,
        };
        ExpectSilence(lab, peer.Ask("an indication: " + flaw, message, password: flaw == "bad-integrity" ? "this-is-not-the-password" : null), flaw switch
        {
            "no-credentials" => "RFC8489:9.1.3-3",
            "unknown-username" => "RFC8489:9.1.3-6",
            "bad-integrity" => "RFC8489:9.1.3-9",
            _ => "RFC8489:6.3.2-a1",
        });
    }

    [Case("stun/response/unsolicited")]
    [About("A response to nothing is dropped: no answer, no loop.")]
    [Covers("RFC8489:6.3-a3", "RFC8489:6.3-a5")]
    [Matrix("class", "success", "error"), Matrix(Role, Controlled, Controlling)]
    public static void Unsolicited(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var success = lab.Parameter("class", "success") == "success";
        var response = peer.Request(success
            ? [StunAddresses.XorMapped(peer.Address), new MessageIntegrity(), new Fingerprint()]
            : [new ErrorCode { Class = 4, Number = 1, ReasonPhrase = "" }, new MessageIntegrity(), new Fingerprint()])
            with { Class = success ? StunClass.SuccessResponse : StunClass.ErrorResponse };
        ExpectSilence(lab, peer.Ask($"a {lab.Parameter("class", "success")} response to nothing", response), "RFC8489:6.3-a3");
    }

    [Case("stun/fingerprint/wrong")]
    [About("Checks use FINGERPRINT, so a message with a wrong one is dropped even though its integrity is right.")]
    [Covers("RFC8489:7-a2", "RFC8489:6.3-a4", "RFC8489:6.3-a5", "RFC8445:7.3-8", "RFC8489:14.7-a1")]
    [Matrix("value", "one-bit", "not-xored", "zero"), Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    public static void WrongFingerprint(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var how = lab.Parameter("value", "one-bit");
        var probe = peer.Ask("a check with wrong FINGERPRINT: " + how, peer.GoodCheck(), f =>
        {
            var crc = f.Attributes.Of(StunAttributeType.Fingerprint).AsFingerprint().Crc;
            _ = how switch { "zero" => crc.Is(new byte[4]), "one-bit" => crc.Flip(1), _ => crc.Flip(0x5354_554E) };
        });
        lab.Expect(probe, p => p.Describe(),
            Legal<Probe>("silent", p => p.Silent),
            Forbidden<Probe>("accepts", p => p.Succeeded),
            Deviant<Probe>("answers-error", _ => true, "RFC8489:6.3-a5"));
    }

    [Case("stun/fingerprint/absent")]
    [About("Checks use FINGERPRINT, so a message without one is dropped.")]
    [Covers("RFC8489:7-a2", "RFC8489:6.3-a4", "RFC8445:7.3-8")]
    [Matrix(Role, Controlled, Controlling)]
    public static void AbsentFingerprint(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var good = peer.GoodCheck();
        var probe = peer.Ask("a check without FINGERPRINT", good with { Attributes = new(good.Attributes.Where(a => a is not Fingerprint).ToArray()) });
        lab.Expect(probe, p => p.Describe(),
            Legal<Probe>("silent", p => p.Silent),
            Deviant<Probe>("accepts", p => p.Succeeded),
            Deviant<Probe>("answers-error", _ => true));
    }

    private static void ExpectSilence(Lab.Lab lab, Probe probe, string requirement) => lab.Expect(probe, p => p.Describe(),
        Legal<Probe>("silent", p => p.Silent),
        Forbidden<Probe>("accepts", p => p.Succeeded),
        Deviant<Probe>("answers-error", _ => true, requirement));
}
