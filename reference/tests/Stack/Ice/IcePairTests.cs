using WebRtcConformance.Host;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;

namespace WebRtcConformance.Reference.Tests.Stack.Ice;

/// <summary>Two endpoints, in a world and over real UDP.</summary>
public class IcePairTests
{
    private static readonly IceCredentials Left = new("left", "password-of-the-left-1");
    private static readonly IceCredentials Right = new("right", "password-of-the-right1");

    private sealed class Side
    {
        public Side(Entropy entropy, IceCredentials own, IceCredentials peer, IceRole role, TransportAddress local, TransportAddress remote)
        {
            Node = new IceNode(new IceEndpoint(new IcePolicy(), entropy, own, role));
            Node.Endpoint.AddLocalCandidate(Instant.Start, local);
            Node.Endpoint.SetRemoteCredentials(Instant.Start, peer);
            Node.Endpoint.AddRemoteCandidate(Instant.Start, remote, 1);
        }

        public IceNode Node { get; }

        public bool IsDone => Node.Endpoint.Selected is not null;
    }

    private static (World World, Side A, Side B) Pair(ulong seed, LinkPolicy link, IceRole leftRole, IceRole rightRole, string a = "10.0.0.1:1", string b = "10.0.0.2:2")
    {
        var world = new World(seed);
        world.SetDefaultLink(link);
        var (la, lb) = (TransportAddress.Parse(a), TransportAddress.Parse(b));
        var left = new Side(world.Entropy.Fork("left"), Left, Right, leftRole, la, lb);
        var right = new Side(world.Entropy.Fork("right"), Right, Left, rightRole, lb, la);
        world.AddHost("left", left.Node, la);
        world.AddHost("right", right.Node, lb);
        return (world, left, right);
    }

    [Theory]
    [InlineData("10.0.0.1:1", "10.0.0.2:2")]
    [InlineData("[2001:db8::1]:1", "[2001:db8::2]:2")]
    public void Two_endpoints_select_the_pair_between_them(string a, string b)
    {
        var (world, left, right) = Pair(1, new LinkPolicy { Delay = TimeSpan.FromMilliseconds(20) }, IceRole.Controlling, IceRole.Controlled, a, b);
        Assert.True(world.RunUntil(() => left.IsDone && right.IsDone, TimeSpan.FromSeconds(1)));
        Assert.Equal((TransportAddress.Parse(b), TransportAddress.Parse(a)), right.Node.Endpoint.Selected);
        world.RunFor(TimeSpan.FromMinutes(2));
        Assert.Equal(Instant.Never, left.Node.NextDeadline);
        Assert.Equal(Instant.Never, right.Node.NextDeadline);
    }

    [Theory]
    [InlineData(IceRole.Controlling)]
    [InlineData(IceRole.Controlled)]
    public void A_role_conflict_is_repaired_whatever_the_tiebreakers(IceRole both)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var (world, left, right) = Pair(seed, new LinkPolicy { Delay = TimeSpan.FromMilliseconds(20) }, both, both);
            Assert.True(world.RunUntil(() => left.IsDone && right.IsDone, TimeSpan.FromSeconds(5)), $"seed {seed}");
            Assert.NotEqual(left.Node.Endpoint.Role, right.Node.Endpoint.Role);
        }
    }

    [Fact]
    public void Loss_and_reordering_only_cost_time_and_the_same_seed_gives_the_same_trace()
    {
        static string Run(ulong seed)
        {
            var rough = new LinkPolicy
            {
                Loss = 0.3, Duplicate = 0.1, Reorder = 0.2, Delay = TimeSpan.FromMilliseconds(30), Jitter = TimeSpan.FromMilliseconds(30),
            };
            var (world, left, right) = Pair(seed, rough, IceRole.Controlling, IceRole.Controlled);
            Assert.True(world.RunUntil(() => left.IsDone && right.IsDone, TimeSpan.FromSeconds(60)), $"seed {seed}");
            return world.TraceHash;
        }
        for (ulong seed = 1; seed <= 30; seed++) Assert.Equal(Run(seed), Run(seed));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public void The_same_endpoints_connect_over_real_UDP(string loopback)
    {
        if (loopback[0] == '[') Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "no IPv6 on this machine");
        using var host = new UdpHost();
        var (a, b) = (host.Bind(TransportAddress.Parse(loopback)), host.Bind(TransportAddress.Parse(loopback)));
        var entropy = new Entropy(OsEntropy.Seed());
        var left = new Side(entropy.Fork("left"), Left, Right, IceRole.Controlling, a, b);
        var right = new Side(entropy.Fork("right"), Right, Left, IceRole.Controlled, b, a);
        host.Attach(left.Node, a);
        host.Attach(right.Node, b);
        Assert.True(host.RunUntil(() => left.IsDone && right.IsDone, TimeSpan.FromSeconds(20)));
    }
}
