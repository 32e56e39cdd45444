using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;

namespace WebRtcConformance.Reference.Tests.Stack.Ice.Agent;

/// <summary>RFC 8445 section 14.2: several agents of one implementation have one pace, beside their own.</summary>
public class IcePacerTests
{
    private const int Checked = 10;

    private static readonly TransportAddress Server = TransportAddress.Parse("203.0.113.1:3478"), Silent = TransportAddress.Parse("203.0.113.2:3478");

    /// <summary>First transmissions of three agents, each with one STUN server that answers, one that does not, and candidates that lead nowhere.</summary>
    private static List<(int Agent, double At)> Run(IcePacer? pacer, params int[] ta)
    {
        var world = new World(1);
        world.SetDefaultLink(AgentPair.Calm);
        world.AddHost("server", new StunServerNode(), Server);
        var (sent, seen) = (new List<(int, double)>(), new HashSet<string>());
        TransportAddress[] addresses = [.. ta.Select((_, i) => TransportAddress.Parse($"10.0.0.{i + 1}:1"))];
        world.Observer = e =>
        {
            var from = Array.IndexOf(addresses, e.Datagram.Local);
            if (e.Fate == Fate.Sent && from >= 0 && e.Datagram.Bytes.Span[..2] is [0, 1] && seen.Add(Convert.ToHexString(e.Datagram.Bytes.Span[8..20])))
                sent.Add((from, (e.At - Instant.Start).TotalMilliseconds));
        };
        for (var i = 0; i < ta.Length; i++)
        {
            var policy = new IcePolicy { Ta = TimeSpan.FromMilliseconds(ta[i]), StunServers = [Server, Silent] };
            var agent = new AgentSide(world, $"agent {i}", IceRole.Controlling, policy, [addresses[i].ToString()], pacer: pacer).Agent;
            agent.SetRemoteParameters(world.Now, new IceParameters(IceBench.Remote) { Pacing = TimeSpan.FromMilliseconds(5), Options = ["trickle"] });
            for (var c = 0; c < Checked; c++)
                agent.AddRemoteCandidate(world.Now, AgentBench.HostLine($"10.9.{i}.{c + 1}", 9, (uint)(2130706431 - c), foundation: c + 1));
            agent.Gather(world.Now);
        }
        world.RunFor(TimeSpan.FromSeconds(2));
        return sent;
    }

    private static IEnumerable<double> Gaps(IEnumerable<(int Agent, double At)> sent) => sent.Zip(sent.Skip(1), (a, b) => Math.Round(b.At - a.At, 3));

    [Fact]
    public void Three_agents_share_a_pace_in_turns_and_waste_none_of_it()
    {
        var sent = Run(new IcePacer(), 5, 5, 5);
        Assert.Equal(3 * (Checked + 2), sent.Count);
        Assert.All(Gaps(sent), gap => Assert.Equal(5, gap));
        for (var i = 1; i <= sent.Count; i++)
        {
            var counts = Enumerable.Range(0, 3).Select(agent => sent.Take(i).Count(s => s.Agent == agent)).ToList();
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }
    }

    [Fact]
    public void Each_agent_alone_knows_nothing_of_the_others() => Assert.Contains(0, Gaps(Run(null, 5, 5, 5)));

    [Fact]
    public void Each_keeps_to_its_own_Ta_and_the_fast_one_uses_what_the_slow_ones_leave()
    {
        int[] ta = [5, 20, 50];
        var sent = Run(new IcePacer(), ta);
        Assert.Equal(3 * (Checked + 2), sent.Count);
        Assert.All(Gaps(sent), gap => Assert.InRange(gap, 5, 50));
        for (var agent = 0; agent < 3; agent++)
        {
            var own = sent.Where(s => s.Agent == agent).ToList();
            Assert.All(Gaps(own), gap => Assert.InRange(gap, ta[agent], ta[agent] + 10));
        }
    }

    [Fact]
    public void The_interval_is_the_policy_of_the_owner()
    {
        Assert.All(Gaps(Run(new IcePacer(TimeSpan.FromMilliseconds(8)), 5, 5, 5)), gap => Assert.Equal(8, gap));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IcePacer(TimeSpan.Zero));
    }

    /// <summary>A peer proposes a check a day.</summary>
    [Fact]
    public void A_pace_of_the_peer_is_followed_up_to_the_bound_of_the_policy()
    {
        var bench = new AgentBench();
        var said = bench.Do(a => a.SetRemoteParameters(bench.Now, new IceParameters(IceBench.Remote) { Pacing = TimeSpan.FromDays(1) }));
        var ignored = said.OfType<IceOutput.CandidateIgnored>().Single().Discard;
        Assert.Equal((DiscardReason.LimitReached, "RFC8839:5.5"), (ignored.Reason, ignored.Rule));
        for (var c = 1; c <= 3; c++) bench.Do(a => a.AddRemoteCandidate(bench.Now, AgentBench.HostLine($"10.9.0.{c}", 9, foundation: c)));
        Assert.Equal([1, 1, 2, 3], new[] { 0.0, 1.9, 0.2, 2.0 }.Select(seconds =>
        {
            bench.Pass(seconds);
            return bench.All.OfType<IceOutput.Transmit>().Select(t => t.Datagram.Remote).Distinct().Count();
        }));
    }

    // ---- the pacer itself ----

    private static Instant At(double milliseconds) => Instant.Start + TimeSpan.FromMilliseconds(milliseconds);

    [Fact]
    public void A_reservation_stays_and_gaps_between_others_are_used()
    {
        var pacer = new IcePacer();
        var (a, b, c, d) = (pacer.Join(), pacer.Join(), pacer.Join(), pacer.Join());
        Assert.Equal(At(0), a.Reserve(At(0)));
        Assert.Equal(At(14), b.Reserve(At(14)));
        Assert.Equal(At(5), c.Reserve(At(0)));
        Assert.Equal(At(19), d.Reserve(At(7))); // 10 would be too near to 14
        Assert.Equal(At(5), c.Reserve(At(9)));
        b.Withdraw();
        b.Withdraw();
        Assert.Equal(At(10), b.Reserve(At(10)));
        Assert.Equal(4, pacer.Reservations);
    }

    [Fact]
    public void Who_comes_too_soon_after_a_late_one_reserves_again()
    {
        var pacer = new IcePacer();
        var (a, b) = (pacer.Join(), pacer.Join());
        a.Reserve(At(0));
        b.Reserve(At(0));
        Assert.True(a.TryBegin(At(4)));
        Assert.False(b.TryBegin(At(5)));
        Assert.Equal(At(9), b.Reserve(At(5)));
        Assert.True(b.TryBegin(At(9)));
    }

    [Fact]
    public void What_an_agent_that_is_gone_had_reserved_is_forgotten()
    {
        var pacer = new IcePacer();
        for (var i = 0; i < 1000; i++)
        {
            pacer.Join().Reserve(At(i * 20)); // and never heard of again
            var alive = pacer.Join();
            Assert.Equal(At(i * 20 + 10), alive.Reserve(At(i * 20 + 10)));
            Assert.True(alive.TryBegin(At(i * 20 + 10)));
            Assert.InRange(pacer.Reservations, 0, 1);
        }
    }
}
