using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
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
    [Covers("RFC8445:7.2.5.3-a1", "RFC8445:7.3.1.5-a1", "RFC8445:7.2.5.3.4-a1")]
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
    [Covers("RFC8489:9.1.4-2", "RFC8489:9.1.4-a1", "RFC8489:9.1.4-a2", "RFC8445:7.2.5.3-a1")]
    [Matrix("flaw", "no-integrity", "one-bit", "wrong-password", "own-password"), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void Unauthenticated(Lab.Lab lab)
    {
        var flaw = lab.Parameter("flaw", "no-integrity");
        BadThenGood(lab, "a success response with " + flaw, (connection, check) => flaw switch
        {
            "no-integrity" => LabPeer.ResponseTo(check, StunClass.SuccessResponse, StunText.XorMapped(check.From), new Fingerprint()).ToArray(),
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
        var connection = lab.Connect();
        connection.Peer.AnswerWith = check =>
        [
            new Answer(connection.Peer.GoodAnswer(check, "this-is-not-the-password"), "a forged success response"),
            new Answer(connection.Peer.GoodAnswer(check), "the genuine answer"),
        ];
        lab.Expect(ConnectProperly(lab, connection), _ => "ICE state " + connection.IceState,
            Legal<bool>("connects", c => c),
            Forbidden<bool>("gives-up", _ => true));
    }

    [Case("ice/answer/from-elsewhere")]
    [About("A right answer that comes from another address than the check went to does not make the pair valid.")]
    [Covers("RFC8445:7.2.5.2.1-1", "RFC8445:7.2.5.2.1-2", "RFC8445:7.2.5.2.1-3", "RFC8445:7.2.5.3-a2")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void FromElsewhere(Lab.Lab lab)
    {
        var connection = lab.Connect();
        connection.Peer.AnswerWith = check => [new Answer(connection.Peer.GoodAnswer(check), "a right answer from another port", FromOther: true)];
        NeverConnects(lab, connection, "RFC8445:7.2.5.2.1-2");
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
        var connection = lab.Connect();
        connection.Peer.AnswerWith = check => [new Answer(
            LabPeer.ResponseTo(check, StunClass.SuccessResponse, StunText.XorMapped(check.From),
                new UnknownStunAttribute((StunAttributeType)0x0777, new byte[4]), new MessageIntegrity(), new Fingerprint()).ToArray(StunText.Key(connection.Local.Password)),
            "a success response with an unknown required attribute")];
        NeverConnects(lab, connection, "RFC8489:6.3.3-a1");
    }

    [Case("ice/answer/no-mapped-address")]
    [About("A success response without XOR-MAPPED-ADDRESS does not make the check succeed.")]
    [Covers("RFC8489:6.3.3-a2", "RFC8445:7.2.5.3.1-1")]
    [Matrix("instead", "nothing", "mapped-address"), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void NoMappedAddress(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var plain = lab.Parameter("instead", "nothing") == "mapped-address";
        connection.Peer.AnswerWith = check =>
        {
            StunAttribute[] mapped = plain ? [new MappedAddress { Port = check.From.Port, Address = check.From.AddressBytes() }] : [];
            return [new Answer(
                LabPeer.ResponseTo(check, StunClass.SuccessResponse, [.. mapped, new MessageIntegrity(), new Fingerprint()]).ToArray(StunText.Key(connection.Local.Password)),
                "a success response without XOR-MAPPED-ADDRESS")];
        };
        NeverConnects(lab, connection, "RFC8489:6.3.3-a2");
    }

    [Case("ice/answer/error-without-code")]
    [About("An error response without ERROR-CODE does not make the check succeed, and does no harm.")]
    [Covers("RFC8489:6.3.4-a1")]
    [Matrix("code", "absent", "empty", "short", "overlong"), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void BrokenError(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var shape = lab.Parameter("code", "absent");
        connection.Peer.AnswerWith = check =>
        {
            StunAttribute[] code = shape == "absent" ? [] : [new ErrorCode { Class = 4, Number = 0, ReasonPhrase = "" }];
            var forge = LabPeer.ResponseTo(check, StunClass.ErrorResponse, [.. code, new MessageIntegrity(), new Fingerprint()]).ToForge();
            if (shape != "absent") forge.Attributes.Of(StunAttributeType.ErrorCode).Value.Is(new byte[shape switch { "empty" => 0, "short" => 3, _ => 772 }]);
            return [new Answer(forge.ToArray(StunText.Key(connection.Local.Password)), "an error response, ERROR-CODE " + shape)];
        };
        lab.Eventually(() => connection.Peer.Requests.Count >= BadAnswers, Patience);
        connection.Peer.Fence("error responses with a broken ERROR-CODE");
        lab.Expect(connection.IsConnected, c => "ICE state " + connection.IceState,
            Forbidden<bool>("connects", c => c),
            Legal<bool>("does-not-connect", _ => true));
    }

    [Case("ice/answer/role-conflict")]
    [About("After 487 an agent changes to the other role, and shows it in its next check.")]
    [Covers("RFC8445:7.2.5.1-1", "RFC8445:7.2.5.1-2", "RFC8445:7.2.5.1-a1", "RFC8445:7.2.5.1-3")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void RoleConflict(Lab.Lab lab)
    {
        var connection = lab.Connect();
        connection.Peer.AnswerWith = check => [new Answer(
            LabPeer.ResponseTo(check, StunClass.ErrorResponse, new ErrorCode { Class = 4, Number = 87, ReasonPhrase = "Role Conflict" }, new MessageIntegrity(), new Fingerprint())
                .ToArray(StunText.Key(connection.Local.Password)), "487 Role Conflict")];
        var switched = connection.Peer.AwaitRequest(c => connection.SutControls ? c.Has<IceControlled>() : c.Has<IceControlling>(), Patience);
        lab.Expect(switched, c => c is null ? $"{connection.Peer.Requests.Count} checks, none in the other role" : c.Describe(),
            Legal<Reply?>("changes-role", c => c is not null),
            Forbidden<Reply?>("sends-no-check", _ => connection.Peer.Requests.Count == 0),
            Forbidden<Reply?>("stops-checking", _ => connection.Peer.Requests.Count == 1, "RFC8445:7.2.5.1-3"),
            Forbidden<Reply?>("keeps-role", _ => true, connection.SutControls ? "RFC8445:7.2.5.1-2" : "RFC8445:7.2.5.1-1"));
    }

    /// <summary>Bad answers to the first checks, good ones later.</summary>
    private static void BadThenGood(Lab.Lab lab, string step, Func<Connection, Reply, byte[]> bad, string requirement)
    {
        var connection = lab.Connect();
        var answered = 0;
        var poisoned = new HashSet<string>();
        connection.Peer.AnswerWith = check =>
        {
            if (answered >= BadAnswers) return [new Answer(connection.Peer.GoodAnswer(check), "answer to a check")];
            answered++;
            poisoned.Add(Convert.ToHexString(check.Bytes, 8, 12));
            return [new Answer(bad(connection, check), step)];
        };
        if (!lab.Eventually(() => answered >= BadAnswers, Patience)) connection.Peer.Send("a good check, to trigger one", connection.Peer.GoodCheck());
        lab.Eventually(() => answered >= BadAnswers, Patience);
        connection.Peer.Fence(step);
        var early = connection.IsConnected && connection.Peer.Requests.All(r => poisoned.Contains(Convert.ToHexString(r.Bytes, 8, 12)));
        var connected = !early && ConnectProperly(lab, connection);
        lab.Expect((early, connected), _ => $"ICE state {connection.IceState} after {answered} bad answers and {connection.Peer.Requests.Count} checks",
            Forbidden<(bool Early, bool Connected)>("believes-it", o => o.Early, requirement),
            Legal<(bool Early, bool Connected)>("drops-it", o => o.Connected),
            Deviant<(bool Early, bool Connected)>("gives-up", _ => true, requirement));
    }

    /// <summary>Every answer is bad: some checks later the agent must not be connected.</summary>
    private static void NeverConnects(Lab.Lab lab, Connection connection, string requirement)
    {
        lab.Eventually(() => connection.Peer.Requests.Count > BadAnswers || connection.IsConnected, TimeSpan.FromSeconds(2));
        if (!connection.SutControls) connection.Peer.Ask("a nomination", connection.Peer.GoodCheck(new UseCandidate()));
        connection.Peer.Fence("bad answers");
        lab.Eventually(() => connection.IsConnected, TimeSpan.FromMilliseconds(300));
        lab.Expect(connection.IsConnected, _ => $"ICE state {connection.IceState} after {connection.Peer.Requests.Count} checks",
            Forbidden<bool>("believes-it", c => c, requirement),
            Legal<bool>("does-not-connect", _ => connection.Peer.Requests.Count > 0),
            Forbidden<bool>("sends-no-check", _ => true));
    }

    private static bool ConnectProperly(Lab.Lab lab, Connection connection)
    {
        for (var attempt = 0; attempt < 10 && !connection.IsConnected; attempt++)
        {
            connection.Peer.Send("a good check", connection.SutControls ? connection.Peer.GoodCheck() : connection.Peer.GoodCheck(new UseCandidate()));
            lab.Eventually(() => connection.IsConnected, TimeSpan.FromMilliseconds(500));
        }
        return connection.IsConnected;
    }
}
