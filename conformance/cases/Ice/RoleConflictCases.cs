using System.Globalization;
using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;
using static WebRtcConformance.Cases.Axes;
using static WebRtcConformance.Lab.Cases.Outcomes;

namespace WebRtcConformance.Cases.Ice;

/// <summary>Role conflicts, triggered checks and nomination on the server's side: RFC 8445 sections 7.3.1.1, 7.3.1.4, 7.3.1.5.</summary>
public static class RoleConflictCases
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Case("ice/conflict/same-role")]
    [About("When our check shows the agent's own role, the tiebreakers decide: 487, or a change of role and success.")]
    [Covers("RFC8445:7.3.1.1-2", "RFC8445:7.3.1.1-3", "RFC8445:7.3.1.1-a1", "RFC8445:7.3.1.1-a2", "RFC8445:7.3.1.1-a3", "RFC8445:7.3.1.1-a4", "RFC8445:7.1.3-a1", "RFC8445:16.2-a1", "RFC8489:9.1.3-11")]
    [Matrix("tiebreaker", "zero", "one-less", "equal", "one-more", "maximum"), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void SameRole(Lab.Lab lab)
    {
        // We answer none of its checks: an agent that has finished need not care about roles any more (RFC 8445 section 11).
        var connection = lab.Connect(answer: (_, _) => []);
        var peer = connection.Peer;
        var first = peer.AwaitRequest(c => TieBreaker(c) is not null, Patience);
        if (first is null) lab.NotApplicable("no-tiebreaker-seen", "the agent sent no check with a role attribute; ice/check/role judges that");
        var own = TieBreaker(first!)!.Value;
        var how = lab.Parameter("tiebreaker", "equal");
        var ours = how switch { "zero" => 0UL, "one-less" => own - 1, "equal" => own, "one-more" => own + 1, _ => ulong.MaxValue };
        if (how == "one-less" && own == 0 || how is "one-more" or "maximum" && own == ulong.MaxValue)
            lab.NotApplicable("tiebreaker-at-the-limit", "the agent's tiebreaker leaves no room for this case");

        var attributes = peer.GoodCheck().Attributes.Select(a => a switch
        {
            IceControlled => new IceControlling { Tiebreaker = ours },
            IceControlling => new IceControlled { Tiebreaker = ours },
            _ => a,
        });
        var probe = peer.Send($"a check in the agent's own role, tiebreaker {how}", peer.Request([.. attributes]));
        lab.Eventually(() => !probe.Silent, TimeSpan.FromSeconds(1));

        // Controlling keeps its role when its value is larger or equal; controlled takes control when its value is larger or equal.
        var expects487 = connection.SutControls ? own >= ours : own < ours;
        var clause = (connection.SutControls, own >= ours) switch
        {
            (true, true) => "RFC8445:7.3.1.1-a1",
            (true, false) => "RFC8445:7.3.1.1-a2",
            (false, true) => "RFC8445:7.3.1.1-a3",
            _ => "RFC8445:7.3.1.1-a4",
        };
        lab.Expect(probe, p => $"{p.Describe()}; own tiebreaker {own.ToString("x16", CultureInfo.InvariantCulture)}, ours {ours.ToString("x16", CultureInfo.InvariantCulture)}",
            Deviant<Probe>("answers-487-unprotected", p => expects487 && p.Failed(487) && !p.Reply!.IsAuthentic(connection.Remote.Password), "RFC8489:9.1.3-11"),
            Legal<Probe>("answers-487", p => expects487 && p.Failed(487)),
            Forbidden<Probe>("accepts-without-487", p => expects487 && p.Succeeded, clause),
            Legal<Probe>("answers-success", p => !expects487 && p.Succeeded),
            Forbidden<Probe>("answers-487-instead-of-changing", p => p.Failed(487), clause),
            Forbidden<Probe>("answers-other-error", p => p.Reply is { IsError: true }, clause),
            Deviant<Probe>("silent", p => p.Silent, clause));
        if (expects487) return;

        // The other half of the rule: it has changed its role, and its next check shows that.
        // Repetitions of older checks keep the old attribute, so only new transactions count.
        var known = peer.Requests.Select(r => r.Id).ToHashSet();
        IEnumerable<Reply> Fresh() => peer.Requests.Where(r => !known.Contains(r.Id));
        lab.Eventually(() => Fresh().Any(c => InOtherRole(connection, c)), TimeSpan.FromSeconds(2.5));
        lab.Expect(Fresh().Any(c => InOtherRole(connection, c)), _ => $"{Fresh().Count()} new checks since",
            Legal<bool>("changes-role", changed => changed),
            Legal<bool>("sends-no-more-checks", _ => !Fresh().Any()),
            Forbidden<bool>("keeps-role", _ => true, clause));
    }

    [Case("ice/check/triggered")]
    [About("A check from an address that was not signalled makes the agent check back there.")]
    [Covers("RFC8445:7.3.1.3-a1", "RFC8445:7.3.1.4-a1", "RFC8445:7.3.1.4-a4")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void Triggered(Lab.Lab lab)
    {
        // The signalled address stays silent, so that the agent cannot have finished before.
        var connection = lab.Connect(answer: (c, check) => check.To == c.Peer.OtherAddress ? [new Answer(c.Peer.GoodAnswer(check), "answer to a check")] : []);
        var peer = connection.Peer;
        var probe = peer.Send("a good check from an unknown address", peer.GoodCheck(), fromOther: true);
        lab.Eventually(() => peer.Requests.Any(r => r.To == peer.OtherAddress), Patience);
        lab.Expect(peer.Requests.Where(r => r.To == peer.OtherAddress).ToList(), r => $"{r.Count} checks there; the probe got {probe.Describe()}",
            Legal<List<Reply>>("checks-back", r => r.Any(c => c.From == connection.SutAddress)),
            Deviant<List<Reply>>("checks-back-from-elsewhere", r => r.Count > 0, "RFC8445:7.3.1.4-a1"),
            Forbidden<List<Reply>>("never-checks-back", _ => true));
    }

    [Case("ice/check/unauthenticated-triggers-nothing")]
    [About("A check that does not authenticate has no effect: the agent does not check back where it came from.")]
    [Covers("RFC8445:7.3-2")]
    [Matrix("flaw", "no-credentials", "bad-integrity", "unknown-username"), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void UnauthenticatedTriggersNothing(Lab.Lab lab)
    {
        var connection = lab.Connect(answer: (_, _) => []);
        var peer = connection.Peer;
        var good = peer.GoodCheck(new UseCandidate());
        var flaw = lab.Parameter("flaw", "bad-integrity");
        var message = flaw switch
        {
            "no-credentials" => good with { Attributes = new(good.Attributes.Where(a => a is not (Username or MessageIntegrity)).ToArray()) },
            "unknown-username" => good with { Attributes = new(good.Attributes.Select(a => a is Username ? StunText.Username("nobody:" + connection.Local.Ufrag) : a).ToArray()) },
            _ => good,
        };
        for (var i = 0; i < 3; i++)
            peer.Ask($"a check from an unknown address: {flaw}", message, password: flaw == "bad-integrity" ? "this-is-not-the-password" : null, fromOther: true);
        lab.Eventually(() => peer.Requests.Any(r => r.To == peer.OtherAddress), TimeSpan.FromMilliseconds(300));
        lab.Expect(peer.Requests.Count(r => r.To == peer.OtherAddress), n => $"{n} checks to the address of the unauthenticated one",
            Legal<int>("no-effect", n => n == 0),
            Forbidden<int>("checks-back", _ => true));
    }

    [Case("ice/nomination/unverified")]
    [About("USE-CANDIDATE on a pair that the agent has not checked successfully does not select it.")]
    [Covers("RFC8445:7.3.1.5-a2", "RFC8445:7.2.5.3.4-a2")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled)]
    [Fresh]
    public static void Unverified(Lab.Lab lab)
    {
        var connection = lab.Connect(answer: (_, _) => []);
        var peer = connection.Peer;
        for (var i = 0; i < 3; i++) peer.Ask("a nomination of a pair whose checks we never answer", peer.GoodCheck(new UseCandidate()));
        lab.Eventually(() => connection.IsConnected, TimeSpan.FromMilliseconds(300));
        lab.Expect(connection.WasConnected, _ => "ICE state " + connection.IceState,
            Forbidden<bool>("believes-it", c => c),
            Legal<bool>("waits-for-its-own-check", _ => true));
    }

    private static bool InOtherRole(Connection connection, Reply check) => connection.SutControls ? check.Has<IceControlled>() : check.Has<IceControlling>();

    private static ulong? TieBreaker(Reply check) => check.Attribute<IceControlling>()?.Tiebreaker ?? check.Attribute<IceControlled>()?.Tiebreaker;
}
