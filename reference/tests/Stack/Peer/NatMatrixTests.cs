using System.Text;
using FsCheck.Xunit;
using WebRtcConformance.Reference.Tests.Stack.Ice.Agent;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Turn;

namespace WebRtcConformance.Reference.Tests.Stack.Peer;

/// <summary>Two peers behind every pair of the nine kinds of NAT (RFC 4787): with a STUN server a channel opens exactly where ICE can, with a TURN server everywhere.</summary>
public class NatMatrixTests
{
    private static readonly NatBehavior[] Behaviors = Enum.GetValues<NatBehavior>();
    private static readonly TransportAddress StunAddress = TransportAddress.Parse("198.51.100.1:3478"), TurnAddress = TransportAddress.Parse("198.51.100.9:3478");
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("WRC_LONG") == "1";
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(10);

    private static IEnumerable<NatPolicy> Kinds =>
        from mapping in Behaviors from filtering in Behaviors select new NatPolicy { Mapping = mapping, Filtering = filtering };

    /// <summary>
    /// From RFC 4787 sections 4.1 and 5 and RFC 8445 section 7.2.5.2.1, without a look at the agent. (1) A side that filters by address and port has let in the
    /// other's server-reflexive address and nothing else, so the other has to send from there: its mapping must not depend on whom it sends to. With any other
    /// filter the other's IP address is enough, and that is known from its server-reflexive candidate; the port is learned from its checks. (2) A check succeeds
    /// only when its response comes from where it was sent to. When both mappings depend on address and port, each side answers and checks from a port that the
    /// other has never seen, which makes the other map anew, and so on: no two addresses ever talk to each other.
    /// </summary>
    private static bool Theory(NatPolicy a, NatPolicy b) => Admits(a, b) && Admits(b, a)
        && !(a.Mapping == NatBehavior.AddressAndPortDependent && b.Mapping == NatBehavior.AddressAndPortDependent);

    private static bool Admits(NatPolicy filter, NatPolicy other) =>
        filter.Filtering != NatBehavior.AddressAndPortDependent || other.Mapping == NatBehavior.EndpointIndependent;

    private static string Name(NatPolicy a, NatPolicy b) => $"{a.Mapping}/{a.Filtering} - {b.Mapping}/{b.Filtering}";

    private static (PeerPair Pair, TurnServer Turn) Between(NatPolicy a, NatPolicy b, ulong seed, params IceServer[] servers)
    {
        var world = PeerPair.MakeWorld(seed, new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10) });
        world.AddHost("stun", new StunServerNode(), StunAddress);
        var turn = PeerPair.AddTurnServer(world, TurnAddress);
        var policy = new PeerPolicy { IceServers = servers };
        var home = TransportAddress.Parse("192.168.1.2:4000"); // both have the same address at home
        var pair = new PeerPair(world, policy, policy, world.AddNat("nat of the offerer", a, TransportAddress.Parse("203.0.113.1:0")),
            world.AddNat("nat of the answerer", b, TransportAddress.Parse("203.0.113.2:0")), [home], [home]);
        pair.Offerer.Peer.CreateDataChannel(world.Now, new DataChannelOptions { Label = "x" });
        return (pair.Negotiate(), turn);
    }

    private static bool Opens(PeerPair pair) => pair.RunUntil(() => pair.Offerer.Open("x") is not null && pair.Answerer.Open("x") is not null
        || pair.Offerer.Peer.State.Ice == IceTransportState.Failed && pair.Answerer.Peer.State.Ice == IceTransportState.Failed, Enough)
        && pair.Offerer.Open("x") is not null && pair.Answerer.Open("x") is not null;

    [Fact]
    public void With_a_STUN_server_a_channel_opens_exactly_where_theory_says()
    {
        var (table, works) = (new StringBuilder(), 0);
        foreach (var a in Kinds)
        {
            foreach (var b in Kinds)
            {
                var (pair, _) = Between(a, b, 1, new IceServer(StunAddress));
                var opens = Opens(pair);
                if (opens) works++;
                if (opens != Theory(a, b)) table.AppendLine($"{Name(a, b)}: {opens}\n{pair}");
                // Where nothing leads across, both sides know it in the end.
                else if (!opens && (pair.Offerer.Peer.State.Ice, pair.Answerer.Peer.State.Ice) != (IceTransportState.Failed, IceTransportState.Failed))
                    table.AppendLine($"{Name(a, b)} does not end:\n{pair}");
            }
        }
        Assert.True(table.Length == 0, table.ToString());
        // By hand: by filters 49 of the 81 (see HolePunchingTests); of these 4, both mappings by address and port and neither filter, never settle.
        Assert.Equal(45, works);
    }

    [Fact]
    public void With_a_TURN_server_a_channel_opens_everywhere()
    {
        foreach (var (a, i) in Kinds.Select((kind, i) => (kind, i)))
        {
            foreach (var b in Kinds.Skip(IsLong ? 0 : i)) // by default each pair in one order
            {
                var (pair, turn) = Between(a, b, 1, new IceServer(StunAddress), new IceServer(TurnAddress, "alice", "secret"));
                Assert.True(Opens(pair), $"{Name(a, b)}\n{pair}");
                // RFC 8445 section 8.3.1: what is not used is given back; what is used is given back at the end.
                pair.RunUntil(() => false, TimeSpan.FromSeconds(10));
                var selected = (pair.Offerer.Peer.Selected!.Value, pair.Answerer.Peer.Selected!.Value);
                var relayed = new[] { selected.Item1.Local, selected.Item2.Local }.Count(l => l.SameIp(TurnAddress));
                Assert.Equal(relayed, turn.AllocationCount);
                if (!Theory(a, b)) Assert.NotEqual(0, relayed);
                Assert.Equal(DataChannelSendResult.Accepted, pair.Offerer.Peer.Send(pair.World.Now, pair.Offerer.Open("x")!, true, "hello"u8));
                pair.Await("the message arrives", () => pair.Answerer.Messages.Count == 1);
                pair.Offerer.Peer.Close(pair.World.Now);
                pair.Await("the other side hears of it", () => pair.Answerer.Peer.State.Dtls == DtlsTransportState.Closed);
                pair.Answerer.Peer.Close(pair.World.Now);
                pair.World.RunFor(TimeSpan.FromSeconds(1));
                Assert.Equal(0, turn.AllocationCount);
            }
        }
    }

    /// <summary>A relay carries a session for hours: allocation, permissions and channels are refreshed, and an old nonce is replaced.</summary>
    [Fact]
    public void A_relayed_session_lasts()
    {
        var symmetric = new NatPolicy { Mapping = NatBehavior.AddressAndPortDependent, Filtering = NatBehavior.AddressAndPortDependent };
        var (pair, turn) = Between(symmetric, symmetric, 1, new IceServer(TurnAddress, "alice", "secret"));
        Assert.True(Opens(pair), pair.ToString());
        pair.World.RunFor(TimeSpan.FromHours(2));
        Assert.Equal(PeerConnectionState.Connected, pair.Offerer.Peer.State.Connection);
        Assert.Equal(DataChannelSendResult.Accepted, pair.Answerer.Peer.Send(pair.World.Now, pair.Answerer.Open("x")!, true, "still here"u8));
        pair.Await("the message arrives", () => pair.Offerer.Messages.Count == 1);
        Assert.InRange(turn.AllocationCount, 1, 2);
    }

    /// <summary>RFC 8445 section 9: candidates are gathered anew, allocations that were given back among them; also when the old one is just being given back.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2.9)]
    [InlineData(3.005)]
    [InlineData(20)]
    public void A_restart_gathers_relays_again(double seconds)
    {
        var (pair, turn) = Between(new NatPolicy(), new NatPolicy(), 1, new IceServer(StunAddress), new IceServer(TurnAddress, "alice", "secret"));
        pair.Await("both have a pair", () => pair.Offerer.Peer.Selected is not null && pair.Answerer.Peer.Selected is not null);
        pair.RunUntil(() => false, TimeSpan.FromSeconds(seconds));
        Assert.True(Opens(pair), pair.ToString());
        var before = pair.Offerer.Events.Count;
        pair.Negotiate(iceRestart: true);
        pair.RunUntil(() => false, TimeSpan.FromSeconds(1));
        Assert.Contains(pair.Offerer.Events.Skip(before), e => e.Kind == PeerOutputKind.LocalCandidate && e.Note.Contains("typ relay", StringComparison.Ordinal));
        pair.RunUntil(() => false, TimeSpan.FromSeconds(20));
        Assert.Equal(0, turn.AllocationCount);
        Assert.Equal((PeerConnectionState.Connected, PeerConnectionState.Connected), (pair.Offerer.Peer.State.Connection, pair.Answerer.Peer.State.Connection));
    }

    /// <summary>The server forgets everything: the session ends as one without consent, and a restart finds a new allocation.</summary>
    [Fact]
    public void A_lost_allocation_is_a_lost_path()
    {
        var symmetric = new NatPolicy { Mapping = NatBehavior.AddressAndPortDependent, Filtering = NatBehavior.AddressAndPortDependent };
        var (pair, _) = Between(symmetric, symmetric, 1, new IceServer(TurnAddress, "alice", "secret"));
        Assert.True(Opens(pair), pair.ToString());
        var isDown = true;
        pair.World.Datagrams.Add((Instant _, ref Datagram d) => isDown && (d.Remote.SameIp(TurnAddress) || d.Local.SameIp(TurnAddress)) ? Disposition.Drop : Disposition.Pass);
        pair.Await("both fail", () => pair.Offerer.Peer.State.Ice == IceTransportState.Failed && pair.Answerer.Peer.State.Ice == IceTransportState.Failed);
        pair.World.RunFor(TimeSpan.FromHours(1)); // the allocations expire on both sides
        isDown = false;
        pair.Negotiate(iceRestart: true).Await("both are connected again",
            () => pair.Offerer.Peer.State.Ice == IceTransportState.Connected && pair.Answerer.Peer.State.Ice == IceTransportState.Connected);
    }

    /// <summary>Total: no bytes of a TURN server, or in its name, make a peer throw.</summary>
    [Property(MaxTest = 100)]
    public void Anything_may_come_from_a_TURN_server(byte[] datagram, byte first, bool waits, byte at, byte value)
    {
        var (pair, _) = Between(new NatPolicy(), new NatPolicy(), 1, new IceServer(TurnAddress, "alice", "secret"));
        var home = TransportAddress.Parse("192.168.1.2:4000");
        // What the server really says, bent.
        pair.World.Datagrams.Add((Instant _, ref Datagram d) =>
        {
            if (d.Local != TurnAddress || d.Bytes.Length == 0) return Disposition.Pass;
            var bent = d.Bytes.ToArray();
            bent[at % bent.Length] = value;
            pair.Answerer.Peer.Receive(pair.World.Now, home, TurnAddress, bent);
            return Disposition.Pass;
        });
        if (waits) pair.RunUntil(() => false, TimeSpan.FromMilliseconds(200));
        pair.Offerer.Peer.Receive(pair.World.Now, home, TurnAddress, [first, .. datagram ?? []]);
        pair.Offerer.Peer.Receive(pair.World.Now, home, TurnAddress, datagram ?? []);
        pair.RunUntil(() => false, TimeSpan.FromSeconds(3));
    }

    /// <summary>The wrong password, and a server that is not there: gathering ends, and what there is is used.</summary>
    [Theory]
    [InlineData("198.51.100.9:3478", "wrong")]
    [InlineData("198.51.100.10:3478", "secret")]
    public void A_TURN_server_that_is_of_no_use_does_not_hinder(string address, string password)
    {
        var (pair, turn) = Between(new NatPolicy(), new NatPolicy(), 1, new IceServer(StunAddress), new IceServer(TransportAddress.Parse(address), "alice", password));
        Assert.True(Opens(pair), pair.ToString());
        pair.Await("gathering ends", () => pair.Offerer.Peer.Ice!.GatheringIsComplete && pair.Answerer.Peer.Ice!.GatheringIsComplete);
        Assert.Equal(0, turn.AllocationCount);
    }
}
