using WebRtcConformance.Reference.Tests.Stack.Ice.Agent;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Stack.Peer;

/// <summary>RFC 8839 section 5.5, RFC 8445 section 14.2: both sides say how fast they want to check, and the slower one has its way.</summary>
public class PeerPacingTests
{
    private static PeerPolicy Paced(int milliseconds) => new() { Ice = new IcePolicy { Ta = TimeSpan.FromMilliseconds(milliseconds) } };

    /// <summary>With candidates of high priority that lead nowhere, so that checks go out one after the other.</summary>
    private static string WithDeadEnds(string answer) => answer.Replace("a=end-of-candidates\r\n",
        string.Concat(Enumerable.Range(1, 5).Select(i => $"a=candidate:{i} 1 udp {2147483600 + i} 10.0.9.{i} 9 typ host\r\n")), StringComparison.Ordinal);

    /// <summary>The least time between two checks of the offerer.</summary>
    private static double LeastGap(PeerPolicy offerer, PeerPolicy answerer, Func<string, string>? signalling = null)
    {
        var pair = new PeerPair(offerer: offerer, answerer: answerer);
        var sent = new List<Instant>();
        pair.World.Observer = e => { if (e.Fate == Fate.Sent && e.Datagram.Local == PeerPair.OffererAddress && e.Datagram.Bytes.Span[..2] is [0, 1]) sent.Add(e.At); };
        PeerPair.Signal(pair.World.Now, pair.Offerer, pair.Answerer, answer => signalling?.Invoke(WithDeadEnds(answer)) ?? WithDeadEnds(answer));
        pair.World.RunFor(TimeSpan.FromMilliseconds(450)); // before the first retransmission
        Assert.InRange(sent.Count, 3, 20);
        return sent.Zip(sent.Skip(1), (a, b) => (b - a).TotalMilliseconds).Min();
    }

    [Theory]
    [InlineData(5, 5, 5)]
    [InlineData(5, 20, 20)]
    [InlineData(80, 20, 80)]
    public void Both_use_the_larger_of_both_proposals(int offered, int answered, int used)
    {
        Assert.Equal(used, LeastGap(Paced(offered), Paced(answered)));
        Assert.Equal(used, LeastGap(Paced(answered), Paced(offered)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=ice-pacing:fast\r\n")]
    [InlineData("a=ice-pacing:99999999999\r\n")]
    public void Who_does_not_propose_gets_the_default(string instead) =>
        Assert.Equal(50, LeastGap(Paced(5), Paced(5), answer => answer.Replace("a=ice-pacing:5\r\n", instead, StringComparison.Ordinal)));

    /// <summary>RFC 8445 section 14.2 allows nothing faster than the peer's proposal, so one that is too slow to be of use is no basis for a session.</summary>
    [Theory]
    [InlineData("2000", true)]
    [InlineData("2001", false)]
    [InlineData("9999999999", false)]
    public void A_pace_beyond_the_bound_is_a_problem_of_the_description(string milliseconds, bool isTaken)
    {
        var pair = new PeerPair();
        pair.Offerer.Peer.CreateOffer();
        pair.Offerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Offer);
        var offer = pair.Offerer.Peer.LocalDescription!.Replace("a=ice-pacing:5\r\n", $"a=ice-pacing:{milliseconds}\r\n", StringComparison.Ordinal);
        var problem = pair.Answerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Offer, offer);
        Assert.Equal(isTaken ? null : "RFC8839:5.5", problem?.Rule);
        Assert.Equal(isTaken ? SignalingState.HaveRemoteOffer : SignalingState.Stable, pair.Answerer.Peer.State.Signaling);
        if (isTaken) return;
        Assert.Equal(NegotiationProblemKind.Unsupported, problem!.Kind);
        Assert.Null(pair.Answerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Offer, pair.Offerer.Peer.LocalDescription!));
    }

    /// <summary>
    /// Three peers of one implementation, each with a peer elsewhere, a STUN server and a TURN server: no two of their transactions begin at once,
    /// and all connect.
    /// </summary>
    [Fact]
    public void Peers_of_one_host_share_a_pace()
    {
        var world = PeerPair.MakeWorld(3);
        TransportAddress stun = TransportAddress.Parse("203.0.113.1:3478"), turn = TransportAddress.Parse("203.0.113.2:3478");
        world.AddHost("stun", new StunServerNode(), stun);
        var pacer = new IcePacer();
        var policy = new PeerPolicy { IceServers = [new IceServer(stun), new IceServer(turn, "alice", "secret")] };
        var (sent, seen) = (new List<(int Peer, Instant At)>(), new HashSet<string>());
        world.Observer = e =>
        {
            var isOurs = e.Datagram.Local.ToString().StartsWith("10.0.1.", StringComparison.Ordinal);
            if (e.Fate == Fate.Sent && isOurs && e.Datagram.Bytes.Span[..2] is [0, 1 or 3] && seen.Add(Convert.ToHexString(e.Datagram.Bytes.Span[8..20])))
                sent.Add((e.Datagram.Local.AddressBytes()[3], e.At));
        };
        var pairs = new List<(PeerPair.Side Ours, PeerPair.Side Theirs)>();
        for (var i = 1; i <= 3; i++)
        {
            var ours = new PeerPair.Side(world, $"ours {i}", [TransportAddress.Parse($"10.0.1.{i}:1000")], policy, pacer: pacer);
            var theirs = new PeerPair.Side(world, $"theirs {i}", [TransportAddress.Parse($"10.0.2.{i}:1000")], new PeerPolicy());
            ours.Peer.CreateDataChannel(world.Now, new DataChannelOptions { Label = "x" });
            PeerPair.Signal(world.Now, ours, theirs, WithDeadEnds);
            pairs.Add((ours, theirs));
        }
        Assert.True(world.RunUntil(() => pairs.All(p => p.Ours.Open("x") is not null && p.Theirs.Open("x") is not null), TimeSpan.FromSeconds(30)));
        Assert.All(sent.Zip(sent.Skip(1), (a, b) => (b.At - a.At).TotalMilliseconds), gap => Assert.InRange(gap, 5, double.MaxValue));
        // One question to each server, five checks in vain and one that succeeds, at least.
        Assert.All(sent.GroupBy(s => s.Peer), peer => Assert.InRange(peer.Count(), 8, 30));
        Assert.Equal([1, 2, 3], sent.Take(3).Select(s => s.Peer).Order());
    }

    /// <summary>RFC 8445 section 5.1.1.2: an Allocate request that is authenticated is a transaction of its own; so are permissions and channels.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    public void Requests_to_a_TURN_server_keep_the_pace_of_checks(int milliseconds)
    {
        var (world, address) = (PeerPair.MakeWorld(4), TransportAddress.Parse("203.0.113.2:3478"));
        PeerPair.AddTurnServer(world, address);
        var policy = Paced(milliseconds) with { IceServers = [new IceServer(address, "alice", "secret")], IceTransportPolicy = IceTransportPolicy.Relay };
        var (sent, seen) = (new List<(StunMethod Method, Instant At)>(), new HashSet<string>());
        world.Observer = e =>
        {
            if (e.Fate == Fate.Sent && e.Datagram.Local == PeerPair.OffererAddress && StunMessage.TryParse(e.Datagram.Bytes.Span, out var message, out _)
                && message.Class == StunClass.Request && seen.Add(Convert.ToHexString(message.TransactionId.Span)))
                sent.Add((message.Method, e.At));
        };
        var pair = new PeerPair(world, policy, Paced(milliseconds));
        pair.Offerer.Peer.CreateDataChannel(world.Now, new DataChannelOptions { Label = "x" });
        pair.Negotiate().Await("the channel opens", () => pair.Offerer.Open("x") is not null && pair.Answerer.Open("x") is not null);
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([StunMethod.Allocate, StunMethod.Allocate, StunMethod.CreatePermission, StunMethod.ChannelBind], sent.Select(s => s.Method));
        Assert.All(sent.Zip(sent.Skip(1), (a, b) => (b.At - a.At).TotalMilliseconds), gap => Assert.InRange(gap, milliseconds, double.MaxValue));
    }

    [Fact]
    public void A_description_proposes_what_the_policy_wants_and_a_lite_one_nothing()
    {
        static IEnumerable<string> Lines(PeerPolicy policy, QuirkSet quirks = default) => new PeerConnection(policy, new Entropy(1), quirks: quirks).CreateOffer()
            .Split("m=")[0].Split("\r\n").Where(l => l.StartsWith("a=ice-pacing", StringComparison.Ordinal));
        Assert.Equal(["a=ice-pacing:5"], Lines(new PeerPolicy()));
        Assert.Equal(["a=ice-pacing:50"], Lines(Paced(50)));
        Assert.Empty(Lines(new PeerPolicy { Ice = new IcePolicy { Lite = true } }));
    }

    /// <summary>On a perfect link the pace is what keeps two peers apart that wait for the nomination; those that follow RFC 8445 need not (section 12.1).</summary>
    [Theory]
    [InlineData(IceEarlyData.Never, 5, 15)]
    [InlineData(IceEarlyData.ToPeersWithIce2, 0, 0)]
    public void On_a_link_without_delay_a_channel_opens_in_a_few_paces(IceEarlyData early, int least, int most)
    {
        var policy = new PeerPolicy();
        policy = policy with { Ice = policy.Ice with { EarlyData = early } };
        var pair = new PeerPair(link: new LinkPolicy(), offerer: policy, answerer: policy);
        pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
        pair.Negotiate().Await("the channel opens", () => pair.Offerer.Open("x") is not null && pair.Answerer.Open("x") is not null);
        Assert.InRange((pair.World.Now - Instant.Start).TotalMilliseconds, least, most);
    }
}
