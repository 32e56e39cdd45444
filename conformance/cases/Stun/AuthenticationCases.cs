using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;
using static WebRtcConformance.Cases.Axes;
using static WebRtcConformance.Lab.Cases.Outcomes;

namespace WebRtcConformance.Cases.Stun;

/// <summary>Short-term credentials on the server's side: RFC 8489 section 9.1.3, as RFC 8445 section 7.3 uses them.</summary>
public static class AuthenticationCases
{
    [Case("stun/request/good")]
    [About("A good check is answered with success: our address, the same transaction id, integrity and fingerprint.")]
    [Covers("RFC8489:6.3.1-a2", "RFC8489:6.3.1.1-a1", "RFC8489:6.3.1.1-a2", "RFC8489:5-6", "RFC8489:5-1", "RFC8489:5-3", "RFC8489:5-7", "RFC8489:5-a5", "RFC8489:6.3.1.2-a1",
        "RFC8489:14.2-a1", "RFC8489:14.2-a2", "RFC8489:14.2-a3", "RFC8489:14.2-a4", "RFC8489:14.1-a3", "RFC8489:9.1.3-11", "RFC8489:9.1.1-a1", "RFC8489:7-a1",
        "RFC8489:14.7-a1", "RFC8489:14.7-a2", "RFC8489:14.7-a3", "RFC8489:14.5-a1", "RFC8489:14.5-a2", "RFC8489:14.5-a3", "RFC8445:7.3-3", "RFC8445:7.3-8")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    public static void Good(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var probe = peer.Send("a good check", peer.GoodCheck());
        lab.Eventually(() => !probe.Silent || peer.Strays.Count > 0, TimeSpan.FromSeconds(2));
        lab.Expect(probe, p => p.Silent && peer.Strays.Count > 0 ? $"{peer.Strays[0].Describe()} with another transaction id" : p.Describe(),
            Forbidden<Probe>("changes-transaction-id", p => p.Silent && peer.Strays.Any(s => s.IsSuccess && s.Verifies(connection.Remote.Password)), "RFC8489:5-6"),
            Forbidden<Probe>("silent", p => p.Silent, "RFC8489:6.3.1-a2"),
            Forbidden<Probe>("malformed", p => p.Reply!.Message is null, "RFC8489:5-7"),
            Forbidden<Probe>("error", p => p.Reply!.IsError, "RFC8489:6.3.1-a2"),
            Forbidden<Probe>("other-method", p => p.Reply!.Message!.Method != StunMethod.Binding, "RFC8489:6.3.1.1-a1"),
            Deviant<Probe>("no-integrity", p => !p.Reply!.Has<MessageIntegrity>(), "RFC8489:9.1.3-11", "RFC8445:7.3-3"),
            Deviant<Probe>("no-fingerprint", p => !p.Reply!.Has<Fingerprint>(), "RFC8489:7-a1", "RFC8445:7.3-8"),
            Forbidden<Probe>("wrong-integrity-or-fingerprint", p => !p.Reply!.Verifies(connection.Remote.Password), "RFC8489:9.1.3-11", "RFC8489:14.7-a1", "RFC8489:14.5-a2"),
            Deviant<Probe>("no-xor-mapped-address", p => !p.Reply!.Has<XorMappedAddress>(), "RFC8489:6.3.1.1-a2"),
            Forbidden<Probe>("wrong-mapped-address", p => p.Reply!.MappedAddress != peer.Address, connection.Family == Ipv6 ? "RFC8489:14.2-a4" : "RFC8489:14.2-a3", "RFC8489:6.3.1.1-a2"),
            Deviant<Probe>("from-another-address", p => p.Reply!.From != connection.SutAddress, "RFC8489:6.3.1.2-a1"),
            Legal<Probe>("answers-success", p => p.Succeeded));
    }

    [Case("stun/response/repeats-no-username")]
    [About("The response to an authenticated request does not carry USERNAME.")]
    [Covers("RFC8489:9.1.3-12", "RFC8445:7.2.2-a3")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    public static void NoUsernameInResponse(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        lab.Expect(peer.Ask("a good check", peer.GoodCheck()), p => p.Describe(),
            Deviant<Probe>("repeats-username", p => p.Succeeded && p.Reply!.Has<Username>()),
            Legal<Probe>("leaves-it-out", p => p.Succeeded));
    }

    [Case("stun/request/bad-integrity")]
    [About("A request whose MESSAGE-INTEGRITY is wrong is rejected with 401.")]
    [Covers("RFC8489:9.1.3-7", "RFC8489:9.1.3-8", "RFC8489:14.8-a4", "RFC8445:7.3-2", "RFC8489:14.5-a2", "RFC8489:14.5-a3", "RFC8489:14.5-a4")]
    [Matrix("damage", "one-bit", "one-byte", "other-message", "fingerprint-counted", "wrong-password", "own-password", "zero"), Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    public static void BadIntegrity(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var damage = lab.Parameter("damage", "one-bit");
        var password = damage switch { "wrong-password" => "this-is-not-the-password", "own-password" => connection.Local.Password, _ => null };
        var message = peer.GoodCheck();
        var probe = peer.Ask("a check with wrong MESSAGE-INTEGRITY: " + damage, message, damage switch
        {
            "one-bit" => f => Integrity(f).Hmac.Flip(1),
            "one-byte" => f => Integrity(f).Hmac.Flip(0xFF00_0000_0000_0000),
            "zero" => f => Integrity(f).Hmac.Is(new byte[20]),
            // As if Message Length counted FINGERPRINT while the HMAC is computed (section 14.5 has it end with MESSAGE-INTEGRITY).
            "fingerprint-counted" => f => Integrity(f).Hmac.Is(HmacOverWholeLength(connection, message)),
            // Right for the same check with another PRIORITY: only a receiver that covers the attributes before it notices.
            "other-message" => f => Integrity(f).Hmac.Is(HmacOf(connection, message with { Attributes = new(message.Attributes.Select(a => a is Priority ? new Priority { Value = 1 } : a).ToArray()) })),
            _ => null,
        }, password);
        ExpectRejection(lab, probe, 401, "RFC8489:9.1.3-8");
    }

    [Case("stun/request/truncated-integrity")]
    [About("MESSAGE-INTEGRITY has exactly 20 bytes; a shortened one authenticates nobody.")]
    [Covers("RFC8489:14.5-a1", "RFC8445:7.3-2")]
    [Matrix("size", "0", "4", "16", "19"), Matrix(Role, Controlled, Controlling)]
    public static void TruncatedIntegrity(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var size = int.Parse(lab.Parameter("size", "19"), System.Globalization.CultureInfo.InvariantCulture);
        var good = peer.GoodCheck();
        var probe = peer.Ask($"a check with MESSAGE-INTEGRITY cut to {size} bytes", good, f => Integrity(f).Hmac.Truncate(size));
        lab.Expect(probe, p => p.Describe(),
            Forbidden<Probe>("accepts", p => p.Succeeded),
            Legal<Probe>("answers-400", p => p.Failed(400)),
            Legal<Probe>("answers-401", p => p.Failed(401)),
            Legal<Probe>("silent", p => p.Silent));
    }

    [Case("stun/request/missing-credentials")]
    [About("A request without MESSAGE-INTEGRITY, without USERNAME, or without both, is rejected with 400.")]
    [Covers("RFC8489:9.1.3-1", "RFC8489:9.1.3-2", "RFC8489:14.8-a3", "RFC8445:7.3-2")]
    [Matrix("missing", "integrity", "username", "both"), Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    public static void MissingCredentials(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var missing = lab.Parameter("missing", "both");
        var good = peer.GoodCheck();
        var kept = good.Attributes.Where(a => !(a is Username && missing is "username" or "both" && a is Username) && !(a is MessageIntegrity && missing is "integrity" or "both" && a is MessageIntegrity));
        var probe = peer.Ask($"a check without {missing}", good with { Attributes = new(kept.ToArray()) });
        ExpectRejection(lab, probe, 400, "RFC8489:9.1.3-2");
    }

    [Case("stun/request/unknown-username")]
    [About("A request whose USERNAME does not begin with the receiver's fragment and a colon is rejected with 401.")]
    [Covers("RFC8489:9.1.3-4", "RFC8489:9.1.3-5", "RFC8445:7.3-4")]
    [Matrix("form", "other-left", "reversed", "empty-left", "no-colon", "prefix", "longer", "empty", "nul-inside"), Matrix(Role, Controlled, Controlling)]
    public static void UnknownUsername(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var (ours, theirs) = (connection.Local.Ufrag, connection.Remote.Ufrag);
        var form = lab.Parameter("form", "other-left");
        var username = form switch
        {
            "other-left" => $"n{theirs[1..]}x:{ours}",
            "reversed" => $"{ours}:{theirs}",
            "empty-left" => $":{ours}",
            "no-colon" => theirs + ours,
            "prefix" => $"{theirs[..^1]}:{ours}",
            "longer" => $"{theirs}x:{ours}",
            "nul-inside" => $"{theirs}\0x:{ours}",
            _ => "",
        };
        var probe = peer.Ask($"a check with username form {form}", WithUsername(peer, username));
        // OpaqueString knows no control characters, and an empty name may count as none: there 400 is as right as 401.
        if (form is "nul-inside" or "empty") ExpectRejection(lab, probe, 401, "RFC8489:9.1.3-5", orElse: 400);
        else ExpectRejection(lab, probe, 401, "RFC8489:9.1.3-5");
    }

    [Case("stun/request/foreign-right-username")]
    [About("Only the part of USERNAME before the colon decides: it is the receiver's own fragment.")]
    [Covers("RFC8445:7.3-4")]
    [Matrix("form", "other", "empty", "two-colons"), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void ForeignRightPart(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var form = lab.Parameter("form", "other");
        var right = form switch { "other" => "someoneElse", "two-colons" => $"{connection.Local.Ufrag}:x", _ => "" };
        var probe = peer.Ask($"a check with username right part {form}", WithUsername(peer, $"{connection.Remote.Ufrag}:{right}"), fromOther: false);
        // "Two values separated by a colon": an empty second value and a second colon are not ruled on, so a refusal is legal there.
        var ruledOn = form == "other";
        lab.Expect(probe, p => p.Describe(),
            Legal<Probe>("answers-success", p => p.Succeeded),
            ruledOn ? Deviant<Probe>("answers-401", p => p.Failed(401)) : Legal<Probe>("answers-401", p => p.Failed(401)),
            ruledOn ? Deviant<Probe>("answers-error", p => p.Reply is { IsError: true }) : Legal<Probe>("answers-error", p => p.Reply is { IsError: true }),
            ruledOn ? Deviant<Probe>("silent", p => p.Silent) : Legal<Probe>("silent", p => p.Silent));
    }

    [Case("stun/request/long-username")]
    [About("A USERNAME at and beyond the limits of RFC 5389 (513 bytes) and RFC 8489 (763 bytes) does no harm.")]
    [Robustness]
    [Matrix("size", "512", "513", "763", "764", "1100"), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void LongUsername(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var size = int.Parse(lab.Parameter("size", "763"), System.Globalization.CultureInfo.InvariantCulture);
        var left = connection.Remote.Ufrag + ":";
        var username = left + new string('x', size - left.Length);
        var probe = peer.Ask($"a check with a username of {size} bytes", WithUsername(peer, username));
        lab.Expect(probe, p => p.Describe(),
            Legal<Probe>("answers-success", p => p.Succeeded),
            Legal<Probe>("answers-error", p => p.Reply is { IsError: true }),
            Legal<Probe>("silent", p => p.Silent));
    }

    [Case("stun/request/duplicate-username")]
    [About("Of two USERNAME attributes the first one counts.")]
    [Covers("RFC8489:14-a1")]
    [Matrix("first", "right", "wrong"), Matrix(Role, Controlled, Controlling)]
    public static void DuplicateUsername(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var right = StunText.Username($"{connection.Remote.Ufrag}:{connection.Local.Ufrag}");
        var wrong = StunText.Username($"nobody:{connection.Local.Ufrag}");
        var rightFirst = lab.Parameter("first", "right") == "right";
        StunAttribute[] names = rightFirst ? [right, wrong] : [wrong, right];
        var rest = peer.GoodCheck().Attributes.Where(a => a is not Username);
        var probe = peer.Ask($"a check with two usernames, the {(rightFirst ? "first" : "second")} one right", peer.Request([.. names, .. rest]));
        if (rightFirst)
        {
            lab.Expect(probe, p => p.Describe(),
                Legal<Probe>("takes-first", p => p.Succeeded),
                Legal<Probe>("refuses-duplicates", p => p.Failed(400)),
                Deviant<Probe>("takes-last", p => p.Reply is { IsError: true }),
                Deviant<Probe>("silent", p => p.Silent));
        }
        else
        {
            lab.Expect(probe, p => p.Describe(),
                Forbidden<Probe>("takes-last", p => p.Succeeded),
                Legal<Probe>("takes-first", p => p.Reply is { IsError: true }),
                Legal<Probe>("silent", p => p.Silent));
        }
    }

    [Case("stun/request/wrong-then-right")]
    [About("A request that failed to authenticate leaves no trace: the same transaction id with right integrity succeeds.")]
    [Covers("RFC8489:6.3.1-a3")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    public static void WrongThenRight(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var check = peer.GoodCheck();
        peer.Ask("a check with wrong MESSAGE-INTEGRITY", check, f => Integrity(f).Hmac.Flip(0x10));
        var second = peer.Ask("the same transaction id with right integrity", check);
        lab.Expect(second, p => p.Describe(),
            Legal<Probe>("answers-success", p => p.Succeeded),
            Deviant<Probe>("remembers-the-failure", p => p.Reply is { IsError: true }),
            Deviant<Probe>("silent", p => p.Silent));
    }

    [Case("stun/request/repeated")]
    [About("Every copy of a request gets the same answer.")]
    [Covers("RFC8489:6.3.1-1")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    public static void Repeated(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var check = peer.GoodCheck();
        var answers = Enumerable.Range(1, 7).Select(i => peer.Ask($"copy {i} of one check", check)).ToList();
        lab.Expect(answers, a => string.Join(", ", a.Select(p => p.Describe())),
            Legal<List<Probe>>("same-answer", a => a.All(p => p.Succeeded && p.Reply!.MappedAddress == peer.Address)),
            Deviant<List<Probe>>("answers-once", a => a[0].Succeeded && a.Skip(1).Any(p => p.Silent)),
            Forbidden<List<Probe>>("changes-its-answer", _ => true));
    }

    [Case("stun/request/sha256")]
    [About("A request protected by MESSAGE-INTEGRITY-SHA256 alone is authenticated by it, or refused; never served unauthenticated.")]
    [Covers("RFC8489:9.1.3-10")]
    [Needs("stun.integrity.sha256")]
    [Matrix("integrity", "right", "wrong"), Matrix(Role, Controlled, Controlling)]
    public static void Sha256(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var right = lab.Parameter("integrity", "right") == "right";
        var attributes = peer.GoodCheck().Attributes.Select(a => a is MessageIntegrity ? new MessageIntegritySha256() : a);
        var probe = peer.Ask($"a check with {(right ? "right" : "wrong")} MESSAGE-INTEGRITY-SHA256 alone", peer.Request([.. attributes]), password: right ? null : "this-is-not-the-password");
        lab.Expect(probe, p => p.Describe(),
            Forbidden<Probe>("accepts-wrong-integrity", p => !right && p.Succeeded),
            Forbidden<Probe>("answers-unprotected", p => p.Succeeded && !p.Reply!.Has<MessageIntegritySha256>() && !p.Reply.Has<MessageIntegrity>()),
            Forbidden<Probe>("answers-with-wrong-integrity", p => p.Succeeded && !p.Reply!.Verifies(connection.Remote.Password)),
            Forbidden<Probe>("refuses-what-it-claims", p => right && !p.Succeeded && lab.Sut.Features.GetValueOrDefault("stun.integrity.sha256") == "yes"),
            Deviant<Probe>("answers-with-sha1", p => p.Succeeded && !p.Reply!.Has<MessageIntegritySha256>(), "RFC8489:9.1.3-10"),
            Legal<Probe>("answers-success", p => p.Succeeded),
            Legal<Probe>("answers-401", p => !right && p.Failed(401)),
            // An RFC 5389 agent does not know the attribute: it misses MESSAGE-INTEGRITY (400, 401), or asks for understanding (420).
            Legal<Probe>("rfc5389", p => p.Failed(400) || p.Failed(401) || p.Failed(420)),
            Legal<Probe>("silent", p => p.Silent));
    }

    [Case("stun/request/truncated-sha256")]
    [About("MESSAGE-INTEGRITY-SHA256 has all 32 bytes where the usage does not speak of truncation, and ICE does not.")]
    [Covers("RFC8489:14.6-a1")]
    [Needs("stun.integrity.sha256")]
    [Matrix("size", "16", "20", "28"), Matrix(Role, Controlled, Controlling)]
    public static void TruncatedSha256(Lab.Lab lab)
    {
        var peer = lab.Connect().Peer;
        var size = int.Parse(lab.Parameter("size", "16"), System.Globalization.CultureInfo.InvariantCulture);
        var attributes = peer.GoodCheck().Attributes.Select(a => a is MessageIntegrity ? new MessageIntegritySha256 { Length = size } : a);
        var probe = peer.Ask($"a check with MESSAGE-INTEGRITY-SHA256 cut to {size} bytes", peer.Request([.. attributes]));
        lab.Expect(probe, p => p.Describe(),
            Deviant<Probe>("accepts", p => p.Succeeded),
            Legal<Probe>("answers-error", p => p.Reply is { IsError: true }),
            Legal<Probe>("silent", p => p.Silent));
    }

    [Case("stun/error/unauthenticated-is-bare")]
    [About("The error response to a request that did not authenticate has no integrity attribute and no USERNAME.")]
    [Covers("RFC8489:9.1.3-13")]
    [Matrix("cause", "bad-integrity", "no-integrity", "unknown-username"), Matrix(Role, Controlled, Controlling)]
    public static void BareError(Lab.Lab lab)
    {
        var probe = Provoke(lab, lab.Parameter("cause", "bad-integrity"));
        lab.Expect(probe, p => p.Describe(),
            Legal<Probe>("silent", p => p.Silent),
            Deviant<Probe>("has-integrity", p => p.Reply!.Has<MessageIntegrity>() || p.Reply.Has<MessageIntegritySha256>()),
            Deviant<Probe>("has-username", p => p.Reply!.Has<Username>()),
            Legal<Probe>("bare", p => p.Reply!.IsError),
            Forbidden<Probe>("no-error", _ => true));
    }

    [Case("stun/error/code")]
    [About("An error response carries ERROR-CODE: the hundreds digit 3 to 6, the rest 0 to 99, a phrase in UTF-8.")]
    [Covers("RFC8489:6.3.1.1-1", "RFC8489:14.8-4", "RFC8489:14.8-5", "RFC8489:14.8-a1", "RFC8489:14.8-a2", "RFC8489:14.8-1")]
    [Matrix("cause", "bad-integrity", "no-integrity", "unknown-username", "unknown-attribute"), Matrix(Role, Controlled, Controlling)]
    public static void ErrorCodeEncoding(Lab.Lab lab)
    {
        var probe = Provoke(lab, lab.Parameter("cause", "bad-integrity"));
        lab.Expect(probe, p => p.Describe(),
            Legal<Probe>("no-error-response", p => p.Reply is not { IsError: true }),
            Forbidden<Probe>("no-error-code", p => !p.Reply!.HasType(StunAttributeType.ErrorCode), "RFC8489:6.3.1.1-1"),
            Forbidden<Probe>("too-short", p => CodeOf(p).Length < 4, "RFC8489:14.8-a1"),
            Forbidden<Probe>("class", p => (CodeOf(p)[2] & 7) is < 3 or > 6, "RFC8489:14.8-4", "RFC8489:14.8-a2"),
            Forbidden<Probe>("number", p => CodeOf(p)[3] > 99, "RFC8489:14.8-5"),
            Forbidden<Probe>("phrase", p => !System.Text.Unicode.Utf8.IsValid(CodeOf(p).AsSpan(4)) || System.Text.Encoding.UTF8.GetCharCount(CodeOf(p), 4, CodeOf(p).Length - 4) >= 128, "RFC8489:14.8-1"),
            Legal<Probe>("well-formed", _ => true));

        static byte[] CodeOf(Probe p) => p.Reply!.RawAttributes().First(a => a.Type == StunAttributeType.ErrorCode).Value;
    }

    /// <summary>A request that an agent has to refuse for that cause.</summary>
    private static Probe Provoke(Lab.Lab lab, string cause)
    {
        var connection = lab.Connect();
        var peer = connection.Peer;
        var good = peer.GoodCheck();
        return cause switch
        {
            "bad-integrity" => peer.Ask("a check with wrong MESSAGE-INTEGRITY", good, f => Integrity(f).Hmac.Flip(0x10)),
            "no-integrity" => peer.Ask("a check without MESSAGE-INTEGRITY", good with { Attributes = new(good.Attributes.Where(a => a is not MessageIntegrity).ToArray()) }),
            "unknown-username" => peer.Ask("a check with an unknown username", WithUsername(peer, $"nobody:{connection.Local.Ufrag}")),
            _ => peer.Ask("a check with an unknown required attribute", peer.GoodCheck(new UnknownStunAttribute((StunAttributeType)0x0777, new byte[] { 1, 2, 3, 4 }))),
        };
    }

    private static StunMessage WithUsername(LabPeer peer, string username)
    {
        var good = peer.GoodCheck();
        return good with { Attributes = new(good.Attributes.Select(a => a is Username ? StunText.Username(username) : a).ToArray()) };
    }

    private static MessageIntegrity.Forge Integrity(StunMessage.Forge forge) => forge.Attributes.Of(StunAttributeType.MessageIntegrity).AsMessageIntegrity();

    private static byte[] HmacOf(Connection connection, StunMessage message) => Signed(connection, message, out _).Value.ToArray();

    private static byte[] HmacOverWholeLength(Connection connection, StunMessage message)
    {
        var integrity = Signed(connection, message, out var bytes);
        return System.Security.Cryptography.HMACSHA1.HashData(StunText.Key(connection.Remote.Password).Span, bytes.AsSpan(0, integrity.Offset));
    }

    /// <summary>The message's bytes, and where its right MESSAGE-INTEGRITY stands in them.</summary>
    private static StunAttribute.View Signed(Connection connection, StunMessage message, out byte[] bytes)
    {
        bytes = message.ToArray(StunText.Key(connection.Remote.Password));
        StunMessage.View.TryParse(bytes, out var view, out _);
        view.Attributes.TryFind(StunAttributeType.MessageIntegrity, out var attribute);
        return attribute;
    }

    private static void ExpectRejection(Lab.Lab lab, Probe probe, int code, string codeRequirement, int orElse = 0) => lab.Expect(probe, p => p.Describe(),
        Forbidden<Probe>("accepts", p => p.Succeeded),
        Legal<Probe>($"answers-{code}", p => p.Failed(code)),
        Legal<Probe>($"answers-{orElse}", p => orElse != 0 && p.Failed(orElse)),
        Deviant<Probe>("answers-other-error", p => p.Reply is { IsError: true }, codeRequirement),
        Deviant<Probe>("silent", p => p.Silent));
}
