using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Stack.Ice.Agent;

/// <summary>RFC 8445 section 5.1: candidates, their priorities and foundations, and STUN servers.</summary>
public class AgentGatheringTests
{
    private static readonly TransportAddress Server = TransportAddress.Parse("203.0.113.1:3478");
    private static readonly TransportAddress OtherServer = TransportAddress.Parse("203.0.113.2:3478");

    /// <summary>What a STUN server says: without authentication.</summary>
    public static byte[] ServerAnswer(IceOutput.Transmit request, TransportAddress mapped) => new StunMessage
    {
        Method = StunMethod.Binding,
        Class = StunClass.SuccessResponse,
        TransactionId = request.Datagram.Bytes.ToArray()[8..20],
        Attributes = [StunAddresses.XorMapped(mapped)],
    }.ToArray();

    private static AgentBench Bench(IcePolicy policy, params string[] moreBases) => new(policy: policy, begins: false, moreBases: moreBases);

    private static List<IceCandidate> Gathered(AgentBench bench) => [.. bench.All.OfType<IceOutput.CandidateGathered>().Select(g => g.Candidate)];

    [Fact]
    public void Families_are_intermingled_as_RFC_8421_says()
    {
        // Its own example: of two IPv4 and six IPv6 addresses an IPv4 one comes after four of IPv6.
        string[] bases = ["10.0.0.1:1", "10.0.0.2:1", "[2001:db8::1]:1", "[2001:db8::2]:1", "[2001:db8::3]:1", "[2001:db8::4]:1", "[2001:db8::5]:1", "[2001:db8::6]:1"];
        var order = IcePriorities.Intermingle([.. bases.Select(TransportAddress.Parse)]);
        Assert.Equal("66664664", string.Concat(order.Select(a => a.Family == IpFamily.IPv6 ? '6' : '4')));
        Assert.Equal(bases.Order(), order.Select(a => a.ToString()).Order());
    }

    [Fact]
    public void Each_priority_is_unique_and_by_the_formula_and_foundations_follow_type_base_and_server()
    {
        var bench = Bench(new IcePolicy { StunServers = [Server, OtherServer] }, "198.51.100.1:1000", "198.51.100.1:1001");
        bench.Do(a => a.Gather(bench.Now));
        ushort port = 40_000;
        for (var i = 0; i < 6; i++)
        {
            var asked = bench.Pass(0.049).OfType<IceOutput.Transmit>().Single();
            bench.Receive(ServerAnswer(asked, TransportAddress.Parse($"203.0.113.77:{port++}")), asked.Datagram.Remote, asked.Datagram.Local);
        }
        var candidates = Gathered(bench);
        Assert.Equal(9, candidates.Count);
        Assert.Equal(9, candidates.Select(c => c.Priority).Distinct().Count());
        Assert.Equal((126u << 24) + (65_535u << 8) + 255, candidates[0].Priority);
        Assert.All(candidates, c => Assert.Equal(IcePriorities.TypePreference(c.Type), c.Priority >> 24));
        // Section 5.1.1.3: ports do not matter; type, IP address of the base and that of the server do.
        Assert.Equal(2, candidates.Where(c => c.Type == IceCandidateType.Host).Select(c => c.Foundation).Distinct().Count());
        Assert.Equal(4, candidates.Where(c => c.Type == IceCandidateType.ServerReflexive).Select(c => c.Foundation).Distinct().Count());
        Assert.Equal(6, candidates.Select(c => c.Foundation).Distinct().Count());
        Assert.All(candidates.Where(c => c.Type == IceCandidateType.ServerReflexive), c => Assert.Equal(c.Base, c.Related));
        Assert.Single(bench.All.OfType<IceOutput.GatheringDone>());
    }

    [Fact]
    public void A_silent_server_ends_gathering_after_its_time_and_a_failure_is_told()
    {
        var bench = Bench(new IcePolicy { StunServers = [Server] });
        bench.Do(a => a.Gather(bench.Now));
        Assert.Empty(bench.Pass(39).OfType<IceOutput.GatheringDone>());
        var end = bench.Pass(2);
        Assert.Single(end.OfType<IceOutput.GatheringDone>());
        Assert.Single(end.OfType<IceOutput.Discarded>());
    }

    [Fact]
    public void An_answer_from_elsewhere_is_not_the_servers()
    {
        var bench = Bench(new IcePolicy { StunServers = [Server] });
        bench.Do(a => a.Gather(bench.Now));
        var asked = bench.Pass(0.01).OfType<IceOutput.Transmit>().Single();
        bench.Receive(ServerAnswer(asked, TransportAddress.Parse("203.0.113.77:1")), OtherServer);
        Assert.Single(Gathered(bench));
        bench.Receive(ServerAnswer(asked, TransportAddress.Parse("203.0.113.77:1")), Server);
        Assert.Equal(2, Gathered(bench).Count);
    }

    [Fact]
    public void Half_trickle_tells_all_at_once()
    {
        var bench = Bench(new IcePolicy { StunServers = [Server], Trickle = IceTrickle.Half });
        bench.Do(a => a.Gather(bench.Now));
        var asked = bench.Pass(0.01).OfType<IceOutput.Transmit>().Single();
        Assert.Empty(Gathered(bench));
        bench.Receive(ServerAnswer(asked, TransportAddress.Parse("203.0.113.77:1")), Server);
        Assert.Equal(2, Gathered(bench).Count);
        Assert.IsType<IceOutput.GatheringDone>(bench.All[^1]);
    }

    [Fact]
    public void Bindings_are_kept_until_ICE_has_completed()
    {
        var bench = new AgentBench(policy: new IcePolicy { StunServers = [Server] });
        var asked = bench.Pass(0.2).OfType<IceOutput.Transmit>().Single();
        bench.Receive(ServerAnswer(asked, TransportAddress.Parse("203.0.113.77:1")), Server);
        var refresh = bench.Pass(16).OfType<IceOutput.Transmit>().First(s => s.Datagram.Remote == Server);
        bench.Receive(ServerAnswer(refresh, TransportAddress.Parse("203.0.113.77:1")), Server);
        bench.Connected();
        bench.Pass(4, answers: true);
        Assert.DoesNotContain(bench.Pass(60, answers: true).OfType<IceOutput.Transmit>(), s => s.Datagram.Remote == Server);
    }

    /// <summary>Both behind a NAT that maps independently of the destination and filters by nothing: server-reflexive candidates connect them.</summary>
    [Theory]
    [InlineData(IceTrickle.Full)]
    [InlineData(IceTrickle.Half)]
    public void Server_reflexive_candidates_lead_through_NATs(IceTrickle trickle)
    {
        var policy = new IcePolicy { StunServers = [Server], Trickle = trickle };
        var pair = new AgentPair(1, left: policy, right: policy, leftBases: ["10.0.0.1:1"], rightBases: ["10.0.0.2:2"]);
        var nat = new Dictionary<TransportAddress, TransportAddress>
        {
            [TransportAddress.Parse("10.0.0.1:1")] = TransportAddress.Parse("198.51.100.1:61001"),
            [TransportAddress.Parse("10.0.0.2:2")] = TransportAddress.Parse("198.51.100.2:61002"),
        };
        var back = nat.ToDictionary(n => n.Value, n => n.Key);
        pair.World.Datagrams.Add((Instant _, ref Datagram d) =>
        {
            if (nat.ContainsKey(d.Remote)) return Disposition.Drop; // a private address is nowhere outside
            if (nat.TryGetValue(d.Local, out var mapped)) d = d with { Local = mapped };
            if (back.TryGetValue(d.Remote, out var inside)) d = d with { Remote = inside };
            return Disposition.Pass;
        });
        pair.World.AddHost("server", new StunServerNode(), Server);
        pair.Begin();
        Assert.True(pair.Connect(), pair.ToString());
        Assert.Equal(TransportAddress.Parse("198.51.100.2:61002"), pair.Left.Agent.Selected!.Value.Remote);
        Assert.Equal(TransportAddress.Parse("198.51.100.1:61001"), pair.Left.Agent.SelectedMapped);
        pair.Left.Send("through both");
        pair.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("through both", Assert.Single(pair.Right.Received));
    }

    /// <summary>A relayed candidate is a base whose datagrams go through something else; here a tap plays the relay.</summary>
    [Fact]
    public void A_relayed_base_is_used_when_nothing_else_leads_there()
    {
        var pair = new AgentPair(1);
        var (relayed, client, relay) = (TransportAddress.Parse("203.0.113.9:50000"), TransportAddress.Parse("10.0.0.1:1"), TransportAddress.Parse("203.0.113.9:3478"));
        pair.World.AddHost("relay", new Relay(pair.Left.Node, pair.World, relayed), relayed);
        pair.World.Datagrams.Add((Instant _, ref Datagram d) => d.Local == client || d.Remote == client ? Disposition.Drop : Disposition.Pass);
        pair.Left.Agent.AddRelayedBase(pair.World.Now, relayed, client, client, relay);
        pair.Begin();
        Assert.True(pair.Connect(20), pair.ToString());
        Assert.Equal(relayed, pair.Left.Agent.Selected!.Value.Local);
        var told = pair.Left.Events.OfType<IceOutput.CandidateGathered>().Last().Candidate;
        Assert.Equal((IceCandidateType.Relayed, 0u), (told.Type, told.Priority >> 24));
        pair.Right.Send("to the relay");
        pair.Left.Send("from the relay");
        pair.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("to the relay", Assert.Single(pair.Left.Received));
        Assert.Equal("from the relay", Assert.Single(pair.Right.Received));
    }

    /// <summary>Hands everything that comes to the relayed address to the agent; what the agent sends from there passes the world as it is.</summary>
    private sealed class Relay(IceAgentNode node, World world, TransportAddress relayed) : IWorldNode
    {
        public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) => node.Receive(world.Now, relayed, remote, datagram);

        public void Advance(Instant now)
        {
        }

        public Instant NextDeadline => Instant.Never;

        public bool TryTake(out Datagram datagram)
        {
            datagram = default;
            return false;
        }
    }
}
