using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Results;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;
using static WebRtcConformance.Cases.Axes;
using static WebRtcConformance.Lab.Cases.Outcomes;

namespace WebRtcConformance.Cases.Ice;

/// <summary>What the system under test makes of the answers to its checks: RFC 8489 sections 6.3.3, 9.1.4; RFC 8445 section 7.2.5. We answer its
/// first checks badly: it must not connect. Then we answer well: it must.</summary>
public static class ResponseCases
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private const int BadAnswers = 2;

    [Case("ice/answer/good")]
    [About("Good answers to its checks, and a nomination where that is ours, connect the agent.")]
    [Covers("RFC8445:7.2.5.3-a1")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void Good(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var connected = ConnectProperly(lab, connection);
        lab.Expect(connected, _ => "ICE state " + connection.IceState,
            Legal<bool>("connects", c => c),
            Forbidden<bool>("does-not-connect", _ => true));
    }

    [Case("ice/answer/unauthenticated")]
    [About("A success response without integrity, or with wrong integrity, is dropped as if it had not come; the right one still counts.")]
    [Covers("RFC8489:9.1.4-2", "RFC8489:9.1.4-a1", "RFC8489:9.1.4-a2")]
    [Matrix("flaw", "no-integrity", "one-bit", "wrong-password", "own-password"), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void Unauthenticated(Lab.Lab lab)
    {
        var flaw = lab.Parameter("flaw", "no-integrity");
        BadThenGood(lab, "a success response with " + flaw, (connection, check) => flaw switch
        {
            "no-integrity" => LabPeer.ResponseTo(check, StunClass.SuccessResponse, StunAddresses.XorMapped(check.From), new Fingerprint()).ToArray(),
            "wrong-password" => connection.Peer.GoodAnswer(check, "this-is-not-the-password"),
            "own-password" => connection.Peer.GoodAnswer(check, connection.Remote.Password),
            _ => Damaged(connection, check),
        }, "RFC8489:9.1.4-2");

        static byte[] Damaged(Connection connection, Reply check)
        {
            var forge = LabPeer.SuccessTo(check).ToForge();
            forge.Attributes.Of(StunAttributeType.MessageIntegrity).AsMessageIntegrity().Hmac.Flip(0x20);
            return forge.ToArray(StunText.Key(connection.Local.Password));
        }
    }

    [Case("ice/answer/bad-then-good-copy")]
    [About("A forged answer does not end the transaction: the genuine answer that follows at once still counts.")]
    [Covers("RFC8489:9.1.4-a2", "RFC8489:9.1.4-2")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void BadThenGoodCopy(Lab.Lab lab)
    {
        var connection = lab.Connect(answer: (connection, check) =>
        [
            new Answer(connection.Peer.GoodAnswer(check, "this-is-not-the-password"), "a forged success response"),
            new Answer(connection.Peer.GoodAnswer(check), "the genuine answer"),
        ]);
        lab.Expect(ConnectProperly(lab, connection), _ => "ICE state " + connection.IceState,
            Legal<bool>("connects", c => c),
            Forbidden<bool>("gives-up", _ => true));
    }

    [Case("ice/answer/from-elsewhere")]
    [About("A right answer that comes from another address than the check went to does not make the pair valid.")]
    [Covers("RFC8445:7.2.5.2.1-1", "RFC8445:7.2.5.2.1-2", "RFC8445:7.2.5.3-a2")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void FromElsewhere(Lab.Lab lab)
    {
        NeverConnects(lab, (connection, check) => [new Answer(connection.Peer.GoodAnswer(check), "a right answer from another port", FromOther: true)], "RFC8445:7.2.5.2.1-2");
    }

    [Case("ice/answer/unknown-transaction")]
    [About("A success response with another transaction id belongs to nothing.")]
    [Covers("RFC8489:6.3-a3", "RFC8445:7.2.5-a1")]
    [Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void UnknownTransaction(Lab.Lab lab) =>
        BadThenGood(lab, "a success response with another transaction id", (connection, check) =>
        {
            var id = check.Bytes[8..20];
            id[11] ^= 1;
            return (LabPeer.SuccessTo(check) with { TransactionId = id }).ToArray(StunText.Key(connection.Local.Password));
        }, "RFC8489:6.3-a3");

    [Case("ice/answer/unknown-required")]
    [About("A success response with an unknown comprehension-required attribute does not make the check succeed.")]
    [Covers("RFC8489:6.3.3-a1", "RFC8489:14-a2")]
    [Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void UnknownRequired(Lab.Lab lab)
    {
        NeverConnects(lab, (connection, check) => [new Answer(
            LabPeer.ResponseTo(check, StunClass.SuccessResponse, StunAddresses.XorMapped(check.From),
                new UnknownStunAttribute((StunAttributeType)0x0777, new byte[4]), new MessageIntegrity(), new Fingerprint()).ToArray(StunText.Key(connection.Local.Password)),
            "a success response with an unknown required attribute")], "RFC8489:6.3.3-a1");
    }

    [Case("ice/answer/no-mapped-address")]
    [About("A success response without XOR-MAPPED-ADDRESS does not make the check succeed.")]
    [Covers("RFC8489:6.3.3-a2", "RFC8445:7.2.5.3.1-1")]
    [Matrix("instead", "nothing", "mapped-address"), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void NoMappedAddress(Lab.Lab lab)
    {
        var plain = lab.Parameter("instead", "nothing") == "mapped-address";
        NeverConnects(lab, (connection, check) =>
        {
            StunAttribute[] mapped = plain ? [StunAddresses.Mapped(check.From)] : [];
            return [new Answer(
                LabPeer.ResponseTo(check, StunClass.SuccessResponse, [.. mapped, new MessageIntegrity(), new Fingerprint()]).ToArray(StunText.Key(connection.Local.Password)),
                "a success response without XOR-MAPPED-ADDRESS")];
        }, "RFC8489:6.3.3-a2", OutcomeKind.Deviant);
    }

    [Case("ice/answer/error-without-code")]
    [About("An error response whose ERROR-CODE is absent or malformed does not make the check succeed, and does no harm.")]
    [Covers("RFC8489:6.3.4-a1")]
    [Matrix("code", "absent", "0", "1", "2", "3", "772"), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void BrokenError(Lab.Lab lab)
    {
        var shape = lab.Parameter("code", "absent");
        NeverConnects(lab, (connection, check) =>
        {
            StunAttribute[] code = shape == "absent" ? [] : [new ErrorCode { Class = 4, Number = 0, ReasonPhrase = "" }];
            var forge = LabPeer.ResponseTo(check, StunClass.ErrorResponse, [.. code, new MessageIntegrity(), new Fingerprint()]).ToForge();
            if (shape != "absent") forge.Attributes.Of(StunAttributeType.ErrorCode).Value.Is(new byte[int.Parse(shape, System.Globalization.CultureInfo.InvariantCulture)]);
            return [new Answer(forge.ToArray(StunText.Key(connection.Local.Password)), "an error response, ERROR-CODE " + shape)];
        }, "RFC8489:6.3.4-a1");
    }

    [Case("ice/answer/malformed-mapped-address")]
    [About("A success response with a malformed XOR-MAPPED-ADDRESS does no harm.")]
    [Robustness]
    [Matrix("value", "0", "1", "4", "7", "ipv6-with-8", "family-3"), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void MalformedMappedAddress(Lab.Lab lab)
    {
        var shape = lab.Parameter("value", "4");
        var connection = lab.Connect(answer: (connection, check) =>
        {
            byte[] value = shape switch { "ipv6-with-8" => [0, 2, 1, 2, 3, 4, 5, 6], "family-3" => [0, 3, 1, 2, 3, 4, 5, 6], _ => new byte[int.Parse(shape, System.Globalization.CultureInfo.InvariantCulture)] };
            var forge = LabPeer.SuccessTo(check).ToForge();
            forge.Attributes.Of(StunAttributeType.XorMappedAddress).Value.Is(value);
            return [new Answer(forge.ToArray(StunText.Key(connection.Local.Password)), "a success response with malformed XOR-MAPPED-ADDRESS: " + shape)];
        });
        lab.Eventually(() => connection.Peer.Requests.Count >= 1, Patience);
        lab.Eventually(() => connection.Peer.Requests.Count >= BadAnswers, TimeSpan.FromMilliseconds(400));
        FenceUnlessFailed(connection, "malformed XOR-MAPPED-ADDRESS");
        lab.Expect(connection.WasConnected, _ => "ICE state " + connection.IceState,
            Legal<bool>("uses-the-response", c => c),
            Legal<bool>("drops-the-response", _ => true));
    }

    [Case("ice/answer/role-conflict")]
    [About("After 487 an agent changes to the other role, and shows it in its next check.")]
    [Covers("RFC8445:7.2.5.1-1", "RFC8445:7.2.5.1-2", "RFC8445:7.2.5.1-a1", "RFC8445:7.2.5.1-3")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void RoleConflict(Lab.Lab lab)
    {
        var connection = lab.Connect(answer: Conflict);
        var switched = connection.Peer.AwaitRequest(c => connection.SutControls ? c.Has<IceControlled>() : c.Has<IceControlling>(), Patience);
        lab.Expect(switched, c => c is null ? $"{connection.Peer.Requests.Count} checks, none in the other role" : c.Describe(),
            Legal<Reply?>("changes-role", c => c is not null),
            Forbidden<Reply?>("sends-no-check", _ => connection.Peer.Requests.Count == 0),
            Forbidden<Reply?>("stops-checking", _ => connection.Peer.Requests.Count == 1, "RFC8445:7.2.5.1-3"),
            Forbidden<Reply?>("keeps-role", _ => true, connection.SutControls ? "RFC8445:7.2.5.1-2" : "RFC8445:7.2.5.1-1"));
    }

    [Case("ice/answer/role-conflict-tiebreaker")]
    [About("After 487 an agent draws a new tiebreaker.")]
    [Covers("RFC8445:7.2.5.1-4")]
    [Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void NewTieBreaker(Lab.Lab lab)
    {
        var connection = lab.Connect(answer: Conflict);
        var before = connection.Peer.AwaitRequest(c => connection.SutControls ? c.Has<IceControlling>() : c.Has<IceControlled>(), Patience);
        var after = connection.Peer.AwaitRequest(c => connection.SutControls ? c.Has<IceControlled>() : c.Has<IceControlling>(), Patience);
        if (before is null || after is null) lab.NotApplicable("no-change-of-role", "the agent does not change its role; ice/answer/role-conflict judges that");
        lab.Expect((Before: TieBreaker(before!), After: TieBreaker(after!)), t => $"tiebreaker {t.Before:x16}, then {t.After:x16}",
            Legal<(ulong? Before, ulong? After)>("new", t => t.Before != t.After),
            Deviant<(ulong? Before, ulong? After)>("keeps-it", _ => true));

        static ulong? TieBreaker(Reply check) => check.Attribute<IceControlling>()?.Tiebreaker ?? check.Attribute<IceControlled>()?.Tiebreaker;
    }

    private static IReadOnlyList<Answer> Conflict(Connection connection, Reply check) =>
    [
        new Answer(LabPeer.ResponseTo(check, StunClass.ErrorResponse, new ErrorCode { Class = 4, Number = 87, ReasonPhrase = "Role Conflict" }, new MessageIntegrity(), new Fingerprint())
            .ToArray(StunText.Key(connection.Local.Password)), "487 Role Conflict"),
    ];

    /// <summary>While every answer is bad, and we nominate where that is ours, the agent must not connect; when the answers become good, it must.</summary>
    private static void BadThenGood(Lab.Lab lab, string step, Func<Connection, Reply, byte[]> bad, string requirement)
    {
        var connection = lab.Connect(answer: (connection, check) => [new Answer(bad(connection, check), step)]);
        Provoke(lab, connection);
        connection.Peer.Fence(step);
        var early = connection.WasConnected;
        connection.Peer.AnswerWith = null;
        var connected = !early && ConnectProperly(lab, connection);
        lab.Expect((Early: early, Connected: connected), _ => $"ICE state {connection.IceState} after {connection.Peer.Requests.Count} checks",
            Forbidden<(bool Early, bool Connected)>("believes-it", o => o.Early, requirement),
            Legal<(bool Early, bool Connected)>("drops-it", o => o.Connected),
            Deviant<(bool Early, bool Connected)>("gives-up", _ => true, requirement));
    }

    /// <summary>Every answer is bad in a way that ends the check as failed: the agent must not connect. It may give up the whole session.</summary>
    private static void NeverConnects(Lab.Lab lab, AnswerPolicy bad, string requirement, OutcomeKind kind = OutcomeKind.Forbidden)
    {
        var connection = lab.Connect(answer: bad);
        Provoke(lab, connection);
        FenceUnlessFailed(connection, "bad answers");
        lab.Eventually(() => connection.WasConnected, TimeSpan.FromMilliseconds(300));
        lab.Expect(connection.WasConnected, _ => $"ICE state {connection.IceState} after {connection.Peer.Requests.Count} checks",
            kind == OutcomeKind.Forbidden ? Forbidden<bool>("believes-it", c => c, requirement) : Deviant<bool>("believes-it", c => c, requirement),
            Legal<bool>("does-not-connect", _ => connection.Peer.Requests.Count > 0),
            Forbidden<bool>("sends-no-check", _ => true));
    }

    /// <summary>Waits for some checks, and nominates where that is ours.</summary>
    private static void Provoke(Lab.Lab lab, Connection connection)
    {
        lab.Eventually(() => connection.Peer.Requests.Count >= 1 || connection.WasConnected, Patience);
        lab.Eventually(() => connection.Peer.Requests.Count >= BadAnswers || connection.WasConnected, TimeSpan.FromMilliseconds(400));
        for (var i = 0; i < 2; i++)
        {
            connection.Peer.Send(connection.SutControls ? "a good check" : "a nomination", connection.SutControls ? connection.Peer.GoodCheck() : connection.Peer.GoodCheck(new UseCandidate()));
            lab.Eventually(() => connection.WasConnected, TimeSpan.FromMilliseconds(150));
        }
    }

    /// <summary>An agent whose only pair has failed may end the session; then the adapter's ping has to do.</summary>
    private static void FenceUnlessFailed(Connection connection, string afterWhat)
    {
        if (connection.IceState is "failed" or "closed" || !connection.Peer.IsAnswered())
        {
            if (connection.IceState is "failed" or "closed" or "disconnected") connection.Call("ping", []);
            else connection.FailAsSilent(afterWhat);
        }
    }

    private static bool ConnectProperly(Lab.Lab lab, Connection connection)
    {
        for (var attempt = 0; attempt < 40 && !connection.IsConnected; attempt++)
        {
            connection.Peer.Send("a good check", connection.SutControls ? connection.Peer.GoodCheck() : connection.Peer.GoodCheck(new UseCandidate()));
            lab.Eventually(() => connection.IsConnected, TimeSpan.FromMilliseconds(500));
        }
        return connection.IsConnected;
    }
}
