using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;

namespace WebRtcConformance.Reference.Tests.Stack.Ice.Agent;

/// <summary>Two full agents, or a full and a lite one, in virtual time.</summary>
public class IceAgentPairTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("WRC_LONG") == "1";

    private static readonly string[] Multihomed = ["10.0.0.1:1", "192.168.7.1:1", "[2001:db8::1]:1"];
    private static readonly string[] MultihomedPeer = ["10.0.0.2:2", "172.16.0.2:2", "[2001:db8::2]:2"];

    [Fact]
    public void Two_agents_select_the_pair_between_them_and_data_flows()
    {
        var pair = new AgentPair(1).Begin();
        Assert.True(pair.Connect(), pair.ToString());
        Assert.True(pair.SelectedTheSame);
        Assert.Equal((IceState.Completed, IceState.Completed), (pair.Left.Agent.State, pair.Right.Agent.State));
        pair.Left.Send("ping");
        pair.Right.Send("pong");
        pair.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("ping", Assert.Single(pair.Right.Received));
        Assert.Equal("pong", Assert.Single(pair.Left.Received));
    }

    [Fact]
    public void Families_and_interfaces_the_best_pair_wins()
    {
        var pair = new AgentPair(1, leftBases: Multihomed, rightBases: MultihomedPeer).Begin();
        Assert.True(pair.Connect(), pair.ToString());
        Assert.True(pair.SelectedTheSame);
        // RFC 8421: IPv6 first.
        Assert.Equal(IpFamily.IPv6, pair.Left.Agent.Selected!.Value.Local.Family);
    }

    [Fact]
    public void When_the_best_family_is_broken_the_other_is_selected()
    {
        var pair = new AgentPair(1, leftBases: Multihomed, rightBases: MultihomedPeer);
        pair.World.When(d => d.Remote.Family == IpFamily.IPv6, Disposition.Drop);
        pair.Begin();
        Assert.True(pair.Connect(), pair.ToString());
        Assert.True(pair.SelectedTheSame);
        Assert.Equal(IpFamily.IPv4, pair.Left.Agent.Selected!.Value.Local.Family);
    }

    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void A_role_conflict_is_repaired(IceRole both)
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var pair = new AgentPair(seed, leftRole: both, rightRole: both, leftBases: Multihomed, rightBases: MultihomedPeer).Begin();
            Assert.True(pair.Connect(), pair.ToString());
            Assert.True(pair.SelectedTheSame, pair.ToString());
            Assert.NotEqual(pair.Left.Agent.Role, pair.Right.Agent.Role);
        }
    }

    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void With_a_lite_peer_the_full_agent_is_controlling(IceRole initial)
    {
        var pair = new AgentPair(1, leftRole: initial, right: new IcePolicy { Lite = true }).Begin();
        Assert.True(pair.Connect(), pair.ToString());
        Assert.True(pair.SelectedTheSame);
        Assert.Equal((IceRole.Controlling, IceRole.Controlled), (pair.Left.Agent.Role, pair.Right.Agent.Role));
        pair.Right.Send("from lite");
        pair.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("from lite", Assert.Single(pair.Left.Received));
    }

    [Fact]
    public void Two_lite_agents_select_without_a_check()
    {
        var lite = new IcePolicy { Lite = true };
        var pair = new AgentPair(1, left: lite, right: lite).Begin();
        Assert.True(pair.Connect(), pair.ToString());
        Assert.True(pair.SelectedTheSame);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 0)]
    public void A_side_that_is_late_with_everything_is_waited_for(double left, double right)
    {
        var pair = new AgentPair(1, leftBases: Multihomed, rightBases: MultihomedPeer).Begin(TimeSpan.FromSeconds(left), TimeSpan.FromSeconds(right));
        Assert.True(pair.Connect(), pair.ToString());
        Assert.True(pair.SelectedTheSame);
    }

    /// <summary>Candidates of one side come late, or never: the other side's checks make up for them (RFC 8445 section 7.3.1.3).</summary>
    [Theory]
    [InlineData(0.05, 5)]
    [InlineData(5, 0.05)]
    [InlineData(0.05, 1000)]
    [InlineData(1000, 0.05)]
    public void Candidates_that_come_late_do_not_hinder(double left, double right)
    {
        var pair = new AgentPair(1);
        pair.Left.Describe();
        pair.Right.Describe();
        pair.Left.Signalling = TimeSpan.FromSeconds(left);
        pair.Right.Signalling = TimeSpan.FromSeconds(right);
        pair.Left.Agent.Gather(pair.World.Now);
        pair.Right.Agent.Gather(pair.World.Now);
        Assert.True(pair.Connect(4), pair.ToString());
        Assert.True(pair.SelectedTheSame);
    }

    [Fact]
    public void Aggressive_nomination_ends_at_the_same_pair()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var rough = new LinkPolicy { Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(120), Reorder = 0.2 };
            var pair = new AgentPair(seed, rough, left: new IcePolicy { Nomination = IceNomination.Aggressive }, leftBases: Multihomed, rightBases: MultihomedPeer).Begin();
            Assert.True(pair.Connect(), pair.ToString());
            pair.RunFor(TimeSpan.FromSeconds(3));
            Assert.True(pair.SelectedTheSame, pair.ToString());
        }
    }

    private static LinkPolicy Rough(double loss) => new()
    {
        Loss = loss, Duplicate = 0.1, Reorder = 0.2, Delay = TimeSpan.FromMilliseconds(30), Jitter = TimeSpan.FromMilliseconds(30),
    };

    /// <summary>
    /// With 7 requests a check fails once in 23 times at 40 % loss (0.64^7), as the RFCs have it. A check of the peer would revive the pair (RFC 8445 section
    /// 7.3.1.4), but a peer whose own check has succeeded sends none, and a nomination that fails is final (section 7.2.5.3.4). More requests (RFC 8489 section
    /// 6.2.1: Rc is configurable) make that rare: 0.64^30 is one in 650,000.
    /// </summary>
    private static IcePolicy Patient(double loss, bool lite) => loss < 0.1 && !lite ? new IcePolicy() : new IcePolicy { Retransmission = new() { Rc = 30 } };

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.05, false)]
    [InlineData(0.2, false)]
    [InlineData(0.4, false)]
    [InlineData(0, true)]
    [InlineData(0.05, true)]
    [InlineData(0.2, true)]
    [InlineData(0.4, true)]
    public void Under_loss_all_connect_over_the_same_pair(double loss, bool lite)
    {
        var seeds = IsLong ? 10_000UL : 300;
        for (ulong seed = 1; seed <= seeds; seed++)
        {
            var pair = Run(seed, loss, lite);
            Assert.True(pair.SelectedTheSame, pair.ToString());
            if (seed % 50 == 1) Assert.Equal(pair.World.TraceHash, Run(seed, loss, lite).World.TraceHash);
        }
        Assert.NotEqual(Run(1, loss, lite).World.TraceHash, Run(2, loss, lite).World.TraceHash);
    }

    private static AgentPair Run(ulong seed, double loss, bool lite)
    {
        var policy = Patient(loss, lite);
        // Roles, interfaces and lateness vary with the seed.
        var wide = seed % 3 == 0;
        var pair = new AgentPair(seed, Rough(loss),
            seed % 5 == 0 && !lite ? IceRole.Controlled : IceRole.Controlling, seed % 7 == 0 && !lite ? IceRole.Controlling : IceRole.Controlled,
            policy, policy with { Lite = lite }, wide ? Multihomed : null, wide ? MultihomedPeer : null);
        pair.Begin(TimeSpan.FromMilliseconds(seed * 37 % 900), TimeSpan.FromMilliseconds(seed * 53 % 900));
        Assert.True(pair.Connect(TimeSpan.FromDays(4000).TotalSeconds), pair.ToString());
        return pair;
    }

    /// <summary>Every datagram of the set-up in turn, and every two of them, is lost: nothing is indispensable.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_two_datagrams_may_be_lost(bool lite)
    {
        AgentPair Make(int first, int second)
        {
            var pair = new AgentPair(1, right: new IcePolicy { Lite = lite });
            var number = 0;
            pair.World.Datagrams.Add((Instant _, ref Datagram _) => ++number == first || number == second ? Disposition.Drop : Disposition.Pass);
            return pair.Begin();
        }
        var count = 0;
        var whole = Make(0, 0);
        whole.World.Datagrams.Add((Instant _, ref Datagram _) => { count++; return Disposition.Pass; });
        Assert.True(whole.Connect());
        Assert.InRange(count, 4, 40);
        for (var first = 1; first <= count; first++)
        {
            for (var second = first; second <= count + 2; second++)
            {
                var pair = Make(first, second);
                Assert.True(pair.Connect(60), $"without datagrams {first} and {second}: {pair}");
                Assert.True(pair.SelectedTheSame, $"without datagrams {first} and {second}: {pair}");
            }
        }
    }

    [Fact]
    public void Long_silence_is_survived()
    {
        // A whole peer is silent for 72 hours in PeerLossTests.
        var pair = new AgentPair(1).Begin();
        Assert.True(pair.Connect());
        pair.RunFor(TimeSpan.FromHours(IsLong ? 72 : 6));
        Assert.Equal((IceState.Completed, IceState.Completed), (pair.Left.Agent.State, pair.Right.Agent.State));
        pair.Left.Send("still here");
        pair.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("still here", Assert.Single(pair.Right.Received));
    }
}
