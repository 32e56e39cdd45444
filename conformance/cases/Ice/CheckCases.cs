using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Wire.Ice;
using WebRtcConformance.Wire.Stun;
using static WebRtcConformance.Cases.Axes;
using static WebRtcConformance.Lab.Cases.Outcomes;

namespace WebRtcConformance.Cases.Ice;

/// <summary>What the checks look like that the system under test sends: RFC 8445 sections 7.1 and 7.2, RFC 8489 sections 5, 7, 9.1.2.</summary>
public static class CheckCases
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Case("ice/check/credentials")]
    [About("A check carries USERNAME (the receiver's fragment first) and MESSAGE-INTEGRITY under the receiver's password.")]
    [Covers("RFC8445:7.2.2-1", "RFC8445:7.2.2-a1", "RFC8445:7.2.2-a2", "RFC8489:9.1.2-2")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void Credentials(Lab.Lab lab)
    {
        var (connection, check) = WellFormedCheck(lab);
        var (ours, theirs) = (connection.Local.Ufrag, connection.Remote.Ufrag);
        lab.Expect(check, c => $"username \"{Username(c)}\"",
            Forbidden<Reply>("no-username", c => !c.Has<Username>(), "RFC8445:7.2.2-a1", "RFC8489:9.1.2-2"),
            Forbidden<Reply>("no-integrity", c => !c.Has<MessageIntegrity>() && !c.Has<MessageIntegritySha256>(), "RFC8445:7.2.2-1"),
            Forbidden<Reply>("username-reversed", c => Username(c) == $"{theirs}:{ours}", "RFC8445:7.2.2-a1"),
            Forbidden<Reply>("other-username", c => Username(c) != $"{ours}:{theirs}", "RFC8445:7.2.2-a1"),
            Forbidden<Reply>("wrong-integrity", c => !c.IntegrityIsRight(connection.Local.Password), "RFC8445:7.2.2-a2"),
            Legal<Reply>("as-asked", _ => true));
    }

    [Case("ice/check/username-before-integrity")]
    [About("USERNAME, PRIORITY, the role and USE-CANDIDATE stand before MESSAGE-INTEGRITY: behind it they have no effect.")]
    [Covers("RFC8489:9.1.2-2", "RFC8445:7.1.1-1", "RFC8445:7.1.3-1", "RFC8445:7.1.3-2")]
    [Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void Order(Lab.Lab lab)
    {
        var (_, check) = FirstCheck(lab);
        lab.Expect(check, c => string.Join(", ", Types(c)),
            Forbidden<Reply>("unprotected-attributes", c => Types(c).SkipWhile(t => t != StunAttributeType.MessageIntegrity).Any(t => t is StunAttributeType.Username
                or StunAttributeType.Priority or StunAttributeType.IceControlled or StunAttributeType.IceControlling or StunAttributeType.UseCandidate)),
            Legal<Reply>("protected", _ => true));
    }

    [Case("ice/check/fingerprint")]
    [About("A check carries FINGERPRINT, and it is right.")]
    [Covers("RFC8445:7.2.4-2", "RFC8489:7-a1", "RFC8489:14.7-a1", "RFC8489:14.7-a4")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void CheckFingerprint(Lab.Lab lab)
    {
        var (_, check) = FirstCheck(lab);
        lab.Expect(check, c => c.Describe(),
            Forbidden<Reply>("absent", c => !HasType(c, StunAttributeType.Fingerprint), "RFC8445:7.2.4-2", "RFC8489:7-a1"),
            Forbidden<Reply>("wrong", c => !c.FingerprintIsRight(), "RFC8489:14.7-a1"),
            Legal<Reply>("right", _ => true));
    }

    [Case("ice/check/fingerprint-last")]
    [About("FINGERPRINT is the last attribute of a check.")]
    [Covers("RFC8489:14.7-2")]
    [Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void FingerprintLast(Lab.Lab lab)
    {
        var (_, check) = FirstCheck(lab);
        lab.Expect(check, c => string.Join(", ", Types(c)),
            Legal<Reply>("absent", c => !HasType(c, StunAttributeType.Fingerprint)),
            Legal<Reply>("last", c => Types(c)[^1] == StunAttributeType.Fingerprint),
            Forbidden<Reply>("not-last", _ => true));
    }

    [Case("ice/check/priority")]
    [About("A check carries PRIORITY: what a peer-reflexive candidate would have, so less than the signalled host candidate's.")]
    [Covers("RFC8445:7.1.1-1", "RFC8445:16.1-a1")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void CheckPriority(Lab.Lab lab)
    {
        var (connection, check) = WellFormedCheck(lab);
        lab.Expect(check, c => $"{c.Describe()} with priority {c.Attribute<Priority>()?.Value}; signalled {string.Join(", ", connection.SignalledPriorities)}",
            Forbidden<Reply>("absent", c => !c.Has<Priority>(), "RFC8445:7.1.1-1"),
            Deviant<Reply>("host-priority", c => connection.SignalledPriorities.Contains(c.Attribute<Priority>()!.Value), "RFC8445:7.1.1-1"),
            Deviant<Reply>("out-of-range", c => c.Attribute<Priority>()!.Value is 0 or > int.MaxValue, "RFC8445:7.1.1-1"),
            Legal<Reply>("present", _ => true));
    }

    [Case("ice/check/role")]
    [About("A check carries the attribute of the sender's role, and only that, with eight bytes.")]
    [Covers("RFC8445:7.1.3-1", "RFC8445:7.1.3-2", "RFC8445:16.1-a4")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void CheckRole(Lab.Lab lab)
    {
        var (connection, check) = WellFormedCheck(lab);
        var requirement = connection.SutControls ? "RFC8445:7.1.3-1" : "RFC8445:7.1.3-2";
        lab.Expect(check, c => string.Join(", ", Types(c)),
            Forbidden<Reply>("both-roles", c => c.Has<IceControlling>() && c.Has<IceControlled>(), requirement),
            Forbidden<Reply>("no-role", c => !c.Has<IceControlling>() && !c.Has<IceControlled>(), requirement),
            Forbidden<Reply>("other-role", c => c.Has<IceControlling>() != connection.SutControls, requirement),
            Legal<Reply>("own-role", _ => true));
    }

    [Case("ice/check/tie-breaker-stays")]
    [About("The tiebreaker is the same in every check of a session.")]
    [Covers("RFC8445:16.1-1", "RFC8445:16.1-3")]
    [Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void TieBreakerStays(Lab.Lab lab)
    {
        var (connection, _) = FirstCheck(lab);
        SecondTransaction(lab, connection);
        lab.Expect(connection.Peer.Requests, r => $"{r.Count} checks, tiebreakers {string.Join(", ", r.Select(TieBreaker).Distinct())}",
            Legal<IReadOnlyList<Reply>>("same", r => r.Select(TieBreaker).Distinct().Count() == 1),
            Deviant<IReadOnlyList<Reply>>("changes", _ => true));
    }

    [Case("ice/check/controlled-does-not-nominate")]
    [About("A controlled agent leaves USE-CANDIDATE out.")]
    [Covers("RFC8445:7.1.2-2")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled)]
    [Fresh]
    public static void ControlledDoesNotNominate(Lab.Lab lab)
    {
        var (connection, _) = FirstCheck(lab);
        SecondTransaction(lab, connection);
        lab.Expect(connection.Peer.Requests, r => $"{r.Count} checks",
            Forbidden<IReadOnlyList<Reply>>("nominates", r => r.Any(c => HasType(c, StunAttributeType.UseCandidate))),
            Legal<IReadOnlyList<Reply>>("never-nominates", _ => true));
    }

    [Case("ice/check/controlling-nominates")]
    [About("A controlling agent nominates a pair whose check succeeded, with an empty USE-CANDIDATE.")]
    [Covers("RFC8445:7.1.2-1", "RFC8445:16.1-a2", "RFC8445:16.1-a3")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlling)]
    [Fresh]
    public static void ControllingNominates(Lab.Lab lab)
    {
        var (connection, _) = FirstCheck(lab);
        connection.Peer.Send("a good check", connection.Peer.GoodCheck());
        var nomination = connection.Peer.AwaitRequest(c => HasType(c, StunAttributeType.UseCandidate), TimeSpan.FromSeconds(40));
        lab.Expect(nomination, c => c is null ? $"{connection.Peer.Requests.Count} checks without USE-CANDIDATE" : c.Describe(),
            Deviant<Reply?>("not-within-40-s", c => c is null, "RFC8445:7.1.2-1"),
            Deviant<Reply?>("with-content", c => c!.Message is null, "RFC8445:16.1-a2"),
            Legal<Reply?>("nominates", _ => true));
    }

    [Case("ice/check/transaction-ids")]
    [About("Every transaction has its own id.")]
    [Covers("RFC8489:5-5")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void TransactionIds(Lab.Lab lab)
    {
        var (connection, _) = FirstCheck(lab);
        SecondTransaction(lab, connection);
        // A check to another address is another transaction, whatever its bytes.
        lab.Expect(connection.Peer.Requests, r => $"{r.Count} checks, {r.Select(Id).Distinct().Count()} transaction ids",
            Forbidden<IReadOnlyList<Reply>>("reuses-an-id", r => r.GroupBy(Id).Any(g => g.Select(c => (c.To, Convert.ToHexString(c.Bytes))).Distinct().Count() > 1)),
            Legal<IReadOnlyList<Reply>>("all-different", _ => true));
    }

    [Case("ice/check/retransmission")]
    [About("An unanswered check is repeated bit by bit under the same transaction id, after growing pauses.")]
    [Covers("RFC8489:6.2.1-1", "RFC8489:5-a4")]
    [Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void Retransmission(Lab.Lab lab)
    {
        var connection = lab.Connect(answer: (_, _) => []);
        // RTO grows with the number of pairs (RFC 8445 section 14.3), so the second copy may take seconds; two pauses show that they grow.
        lab.Eventually(() => Copies(connection) >= 3 || connection.Peer.Requests.Select(Id).Distinct().Count() >= 8, TimeSpan.FromSeconds(10));
        if (connection.Peer.Requests.Count == 1) lab.NotApplicable("one-check-in-10-s", "a single check within 10 seconds: RTO may be longer than that");
        var copies = connection.Peer.Requests.GroupBy(Id).Select(g => g.Select(r => r.At).ToList()).MaxBy(g => g.Count) ?? [];
        var pauses = copies.Zip(copies.Skip(1), (a, b) => (b - a).TotalMilliseconds).ToList();
        lab.Expect(pauses, p => $"{connection.Peer.Requests.Count} checks, at most {copies.Count} of one transaction, pauses {string.Join(", ", p.Select(m => $"{m:F0} ms"))}",
            Forbidden<List<double>>("no-checks", _ => connection.Peer.Requests.Count == 0),
            Forbidden<List<double>>("same-id-other-bytes", _ => connection.Peer.Requests.GroupBy(Id).Any(g => g.Select(r => Convert.ToHexString(r.Bytes)).Distinct().Count() > 1), "RFC8489:5-a4"),
            Deviant<List<double>>("new-transaction-each-time", p => p.Count == 0 && connection.Peer.Requests.Count > 1, "RFC8489:6.2.1-1"),
            Deviant<List<double>>("never-repeats", p => p.Count == 0, "RFC8489:6.2.1-1"),
            Deviant<List<double>>("constant-pauses", p => p.Count > 1 && p[^1] < p[0] * 1.5, "RFC8489:6.2.1-1"),
            Legal<List<double>>("repeats", _ => true));
    }

    [Case("stun/transaction/ladder")]
    [About("With the defaults an unanswered request leaves seven times, after 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 seconds, and then no more.")]
    [Covers("RFC8489:6.2.1-a2", "RFC8489:6.2.1-a4", "RFC8489:6.2.1-2", "RFC8489:6.2.1-11")]
    [Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void Ladder(Lab.Lab lab)
    {
        if (!lab.Platform.IsVirtual) lab.NotApplicable("real-time", "this takes 40 seconds; it runs in virtual time only");
        var connection = lab.Connect(answer: (_, _) => []);
        lab.Eventually(() => false, TimeSpan.FromSeconds(45));
        var first = connection.Peer.Requests.GroupBy(Id).Select(g => g.ToList()).FirstOrDefault() ?? [];
        var times = first.Select(r => Math.Round((r.At - first[0].At).TotalSeconds, 2)).ToList();
        lab.Expect(times, t => "copies after " + string.Join(", ", t) + " s",
            Legal<List<double>>("as-listed", t => t.SequenceEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5])),
            Forbidden<List<double>>("no-repetition", t => t.Count <= 1),
            Deviant<List<double>>("other-times", _ => true));
    }

    [Case("ice/check/well-formed")]
    [About("A check obeys the format of STUN: header, attributes, and their sizes.")]
    [Covers("RFC8489:6.1-1", "RFC8489:14-1", "RFC8489:14-2", "RFC8445:16.1-a1", "RFC8445:16.1-a4")]
    [Matrix(Family, Ipv4, Ipv6), Matrix(Role, Controlled, Controlling)]
    [Fresh]
    public static void WellFormed(Lab.Lab lab)
    {
        var (_, check) = FirstCheck(lab);
        lab.Expect(check, c => c.Describe(),
            Legal<Reply>("well-formed", c => c.Message is not null),
            // Where FINGERPRINT stands is another case's business.
            Legal<Reply>("fingerprint-not-last", c => HasType(c, StunAttributeType.Fingerprint) && Types(c)[^1] != StunAttributeType.Fingerprint),
            Forbidden<Reply>("malformed", _ => true));
    }

    private static int Copies(Connection connection) => connection.Peer.Requests.GroupBy(Id).Select(g => g.Count()).DefaultIfEmpty().Max();

    /// <summary>The first check, which the format's rules allow to be looked into.</summary>
    private static (Connection Connection, Reply Check) WellFormedCheck(Lab.Lab lab)
    {
        var (connection, check) = FirstCheck(lab);
        if (check.Message is null) lab.NotApplicable("malformed-check", "the check breaks the format of STUN; ice/check/well-formed judges that");
        return (connection, check);
    }

    /// <summary>A connection, and the first check that the system under test sends by itself.</summary>
    private static (Connection Connection, Reply Check) FirstCheck(Lab.Lab lab)
    {
        var connection = lab.Connect();
        var check = connection.Peer.AwaitRequest(_ => true, Patience);
        if (check is null) lab.Expect(connection, _ => "no check at all", Forbidden<Connection>("sends-no-check", _ => true));
        return (connection, check!);
    }

    /// <summary>Makes the system under test send one more check: ours from an unknown address triggers it (RFC 8445 section 7.3.1.4).</summary>
    private static void SecondTransaction(Lab.Lab lab, Connection connection)
    {
        connection.Peer.Send("a good check from an unknown address", connection.Peer.GoodCheck(), fromOther: true);
        if (!lab.Eventually(() => connection.Peer.Requests.Any(r => r.To != connection.Peer.Requests[0].To || Id(r) != Id(connection.Peer.Requests[0])), TimeSpan.FromSeconds(2)))
            lab.NotApplicable("one-check-only", "the agent sent no second check");
    }

    private static string Id(Reply message) => message.Id;

    private static string? Username(Reply message) => message.Attribute<Username>()?.Value;

    private static string TieBreaker(Reply message) =>
        message.Attribute<IceControlling>()?.Tiebreaker.ToString("x16", null) ?? message.Attribute<IceControlled>()?.Tiebreaker.ToString("x16", null) ?? "none";

    private static List<StunAttributeType> Types(Reply message) => [.. message.RawAttributes().Select(a => a.Type)];

    private static bool HasType(Reply message, StunAttributeType type) => message.HasType(type);
}
