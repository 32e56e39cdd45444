using System.Text;
using WebRtcConformance.Host;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Reference.Tests.Host;

/// <summary>Two peers on real sockets, and a STUN and TURN server between them: ours, or Debian's.</summary>
public class PeerRelayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Peers_meet_over_relayed_candidates_of_our_own_server()
    {
        using var udp = new UdpHost();
        using var server = new TurnHost(udp, new Entropy(OsEntropy.Seed()), new Dictionary<string, string> { ["alice"] = "secret of alice" });
        MeetOverRelays(udp, server.Address, () => "");
        Assert.Equal(2, server.Server.AllocationCount);
    }

    [Fact]
    public void Peers_meet_over_relayed_candidates_of_coturn()
    {
        Coturn.SkipUnlessInstalled();
        using var udp = new UdpHost();
        using var server = new Coturn("alice", "secret of alice");
        MeetOverRelays(udp, server.Address, server.ToString);
    }

    [Fact]
    public void Our_own_server_says_where_a_peer_is()
    {
        using var udp = new UdpHost();
        using var server = new TurnHost(udp, new Entropy(OsEntropy.Seed()), new Dictionary<string, string>());
        AskWhereIAm(udp, server.Address, () => "");
    }

    [Fact]
    public void Coturn_says_where_a_peer_is()
    {
        Coturn.SkipUnlessInstalled();
        using var udp = new UdpHost();
        using var server = new Coturn("alice", "secret of alice");
        AskWhereIAm(udp, server.Address, server.ToString);
    }

    private static void MeetOverRelays(UdpHost udp, TransportAddress server, Func<string> log)
    {
        var policy = new PeerPolicy { IceServers = [new IceServer(server, "alice", "secret of alice")], IceTransportPolicy = IceTransportPolicy.Relay };
        using var offerer = new PeerHost(new PeerConnection(policy, new Entropy(OsEntropy.Seed())), udp: udp);
        using var answerer = new PeerHost(new PeerConnection(policy, new Entropy(OsEntropy.Seed())), udp: udp);
        TransportAddress[] own = [.. offerer.Addresses, .. answerer.Addresses];
        var direct = 0;
        udp.Observer = e => { if (e.Outgoing && own.Contains(e.Datagram.Local) && e.Datagram.Remote != server) direct++; };

        var channel = offerer.Peer.CreateDataChannel(udp.Now, new DataChannelOptions { Label = "relayed" })!;
        offerer.Peer.CreateOffer();
        offerer.Peer.SetLocalDescription(udp.Now, DescriptionType.Offer);
        Await("the offerer has gathered", () => offerer.Peer.Ice!.GatheringIsComplete);
        Assert.Null(answerer.Peer.SetRemoteDescription(udp.Now, DescriptionType.Offer, Checked(offerer)));
        answerer.Peer.CreateAnswer();
        answerer.Peer.SetLocalDescription(udp.Now, DescriptionType.Answer);
        Await("the answerer has gathered", () => answerer.Peer.Ice!.GatheringIsComplete);
        Assert.Null(offerer.Peer.SetRemoteDescription(udp.Now, DescriptionType.Answer, Checked(answerer)));

        List<PeerEvent> here = [], there = [];
        Await("the channel opens", () => Take(offerer, here).Any(e => e.Kind == PeerOutputKind.ChannelOpened) && Take(answerer, there).Any(e => e.Kind == PeerOutputKind.ChannelAnnounced));
        var back = there.First(e => e.Kind == PeerOutputKind.ChannelAnnounced).Channel!;
        byte[][] messages = [.. Enumerable.Range(1, 20).Select(i => Encoding.UTF8.GetBytes(new string((char)('a' + i), i * 1000)))];
        foreach (var message in messages)
        {
            Assert.Equal(DataChannelSendResult.Accepted, offerer.Peer.Send(udp.Now, channel, true, message));
            Assert.Equal(DataChannelSendResult.Accepted, answerer.Peer.Send(udp.Now, back, true, message));
        }
        Await("all messages arrive", () => Texts(Take(offerer, here)).Count == messages.Length && Texts(Take(answerer, there)).Count == messages.Length);
        Assert.Equal(messages, Texts(here));
        Assert.Equal(messages, Texts(there));

        Assert.All((PeerHost[])[offerer, answerer], host => Assert.DoesNotContain(host.Peer.Selected!.Value.Local, own));
        Assert.Equal(offerer.Peer.Selected!.Value.Local, answerer.Peer.Selected!.Value.Remote);
        Assert.Equal(0, direct);

        void Await(string what, Func<bool> condition) => Assert.True(udp.RunUntil(condition, Patience), $"{what}: not so\n{offerer.Peer.State}\n{answerer.Peer.State}\n{log()}");

        string Checked(PeerHost host)
        {
            var description = host.Peer.LocalDescription!;
            var candidates = description.Split("\r\n").Where(l => l.StartsWith("a=candidate", StringComparison.Ordinal)).ToList();
            Assert.True(candidates.Count > 0, $"no candidate\n{log()}");
            Assert.All(candidates, line => Assert.Contains("typ relay raddr 0.0.0.0 rport 9", line));
            Assert.All(host.Addresses, address => Assert.DoesNotContain($"{address.Port}", string.Concat(candidates)));
            return description;
        }
    }

    /// <summary>On loopback a peer is where it thinks: the server-reflexive candidate is redundant (RFC 8445 section 5.1.3), and gathering is over with the answer.</summary>
    private static void AskWhereIAm(UdpHost udp, TransportAddress server, Func<string> log)
    {
        using var host = new PeerHost(new PeerConnection(new PeerPolicy { IceServers = [new IceServer(server)] }, new Entropy(OsEntropy.Seed())), udp: udp);
        var answers = 0;
        udp.Observer = e => { if (!e.Outgoing && e.Datagram.Remote == server && e.Datagram.Bytes.Span[..2] is [1, 1]) answers++; };
        host.Peer.CreateOffer();
        host.Peer.SetLocalDescription(udp.Now, DescriptionType.Offer);
        Assert.False(host.Peer.Ice!.GatheringIsComplete);
        Assert.True(udp.RunUntil(() => host.Peer.Ice!.GatheringIsComplete, Patience), log()); // unanswered it would be over after 39.5 s
        Assert.Equal(1, answers);
        Assert.Single(host.Peer.Ice!.LocalCandidates);
    }

    private static List<PeerEvent> Take(PeerHost host, List<PeerEvent> seen)
    {
        while (host.TryTakeEvent(out var happened)) seen.Add(happened);
        return seen;
    }

    private static List<byte[]> Texts(List<PeerEvent> events) => [.. events.Where(e => e.Kind == PeerOutputKind.Text).Select(e => e.Bytes)];
}
