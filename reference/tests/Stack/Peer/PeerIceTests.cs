using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Ice;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Reference.Tests.Stack.Peer;

/// <summary>The ICE agent as a peer uses it: consent, restarts, lite peers, several addresses.</summary>
public class PeerIceTests
{
    private static PeerPair Open(PeerPair pair)
    {
        pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
        pair.Negotiate().Await("the channel opens", () => pair.Offerer.Open("x") is not null && pair.Answerer.Open("x") is not null);
        return pair;
    }

    private static void Cut(PeerPair pair, double loss)
    {
        foreach (var (from, to) in new[] { (pair.Offerer, pair.Answerer), (pair.Answerer, pair.Offerer) })
            pair.World.SetLink(from.Host, to.Host, new LinkPolicy { Delay = TimeSpan.FromMilliseconds(20), Loss = loss });
    }

    private static void Echo(PeerPair pair, string text)
    {
        var before = pair.Answerer.Messages.Count;
        Assert.Equal(DataChannelSendResult.Accepted, pair.Offerer.Peer.Send(pair.World.Now, pair.Offerer.Open("x")!, true, System.Text.Encoding.UTF8.GetBytes(text)));
        pair.Await("the message arrives", () => pair.Answerer.Messages.Count > before);
        Assert.Equal($"x:{text}", pair.Answerer.Messages[^1]);
    }

    /// <summary>RFC 7675 section 5.1; W3C WebRTC, RTCIceTransportState: a silent path is "disconnected", after 30 s "failed"; a short silence leaves nothing behind.</summary>
    [Fact]
    public void Lost_consent_is_a_failure_and_a_restart_repairs_it()
    {
        var pair = Open(new PeerPair());
        Cut(pair, 1);
        pair.Await("both are disconnected",
            () => pair.Offerer.Peer.State.Connection == PeerConnectionState.Disconnected && pair.Answerer.Peer.State.Ice == IceTransportState.Disconnected);
        Cut(pair, 0);
        pair.Await("both are connected again",
            () => pair.Offerer.Peer.State.Ice == IceTransportState.Connected && pair.Answerer.Peer.State.Connection == PeerConnectionState.Connected);
        Echo(pair, "a short silence");

        Cut(pair, 1);
        var start = pair.World.Now;
        pair.Await("both fail",
            () => pair.Offerer.Peer.State.Connection == PeerConnectionState.Failed && pair.Answerer.Peer.State.Connection == PeerConnectionState.Failed);
        Assert.InRange((pair.World.Now - start).TotalSeconds, 24, 31); // of the last response, which came up to 6 s before
        Assert.Null(pair.Offerer.Peer.Selected);
        var sent = 0;
        pair.World.Observer = e => { if (e.Fate == Fate.Sent) sent++; };
        pair.World.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(0, sent); // nothing without consent

        Cut(pair, 0);
        var before = (pair.Offerer.Peer.LocalDescription, pair.Answerer.Peer.LocalDescription);
        pair.Negotiate(iceRestart: true).Await("both are connected again",
            () => pair.Offerer.Peer.State.Connection == PeerConnectionState.Connected && pair.Answerer.Peer.State.Connection == PeerConnectionState.Connected);
        Echo(pair, "after the restart"); // the same association and channel
        Assert.NotEqual(Line(before.Item1, "a=ice-ufrag"), Line(pair.Offerer.Peer.LocalDescription, "a=ice-ufrag"));
        Assert.NotEqual(Line(before.Item2, "a=ice-pwd"), Line(pair.Answerer.Peer.LocalDescription, "a=ice-pwd"));
        Assert.Equal([IceTransportState.New, IceTransportState.Checking, IceTransportState.Connected, IceTransportState.Disconnected, IceTransportState.Connected,
            IceTransportState.Disconnected, IceTransportState.Failed, IceTransportState.Checking, IceTransportState.Connected], pair.Offerer.IceStates);
    }

    private static string Line(string? description, string name) => description!.Split("\r\n").Single(l => l.StartsWith(name, StringComparison.Ordinal));

    /// <summary>RFC 8445 section 12.1: data goes on over the old pair while the new session is being checked.</summary>
    [Fact]
    public void A_restart_interrupts_nothing()
    {
        var pair = Open(new PeerPair());
        pair.Negotiate(iceRestart: true);
        for (var i = 0; i < 100; i++)
        {
            pair.Offerer.Peer.Send(pair.World.Now, pair.Offerer.Open("x")!, true, [(byte)('a' + i % 26)]);
            pair.RunUntil(() => false, TimeSpan.FromMilliseconds(20));
        }
        pair.Await("all arrive", () => pair.Answerer.Messages.Count == 100);
        Assert.Equal([IceTransportState.New, IceTransportState.Checking, IceTransportState.Connected], pair.Offerer.IceStates);
        Assert.Equal(PeerConnectionState.Connected, pair.Answerer.Peer.State.Connection);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_answer_restarts_exactly_what_the_offer_restarts(bool offered)
    {
        var pair = Open(new PeerPair());
        pair.Offerer.Peer.CreateOffer(offered);
        pair.Offerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Offer);
        var answer = pair.Answerer.Peer.LocalDescription!;
        var other = answer.Replace(Line(answer, "a=ice-ufrag"), "a=ice-ufrag:other", StringComparison.Ordinal);
        var (wrong, right) = offered ? (answer, other) : (other, answer);
        Assert.Equal("RFC8839:4.4.2.1", pair.Offerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Answer, wrong)?.Rule);
        Assert.Null(pair.Offerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Answer, right));
        Echo(pair, "as before"); // over the pair of the first session, when the second has nobody to talk to
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Lite_peers_connect(bool offerer, bool answerer)
    {
        static PeerPolicy Policy(bool lite) => new() { Ice = new IcePolicy { Lite = lite } };
        var pair = Open(new PeerPair(offerer: Policy(offerer), answerer: Policy(answerer)));
        Assert.Equal(offerer, pair.Offerer.Peer.LocalDescription!.Contains("a=ice-lite\r\n", StringComparison.Ordinal));
        if (offerer != answerer) Assert.Equal(offerer ? IceRole.Controlled : IceRole.Controlling, ((AgentIceTransport)pair.Offerer.Peer.Ice!).Agent.Role);
        Echo(pair, "hello");
        // RFC 7675 section 4: a lite agent sends no consent checks, and answers those of the other.
        pair.World.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal((PeerConnectionState.Connected, PeerConnectionState.Connected), (pair.Offerer.Peer.State.Connection, pair.Answerer.Peer.State.Connection));
    }

    [Fact]
    public void Every_local_address_is_a_candidate_and_the_best_that_works_is_used()
    {
        TransportAddress[] left = [TransportAddress.Parse("10.0.0.1:1"), TransportAddress.Parse("[2001:db8::1]:1"), TransportAddress.Parse("192.168.7.1:1")];
        TransportAddress[] right = [TransportAddress.Parse("10.0.0.2:2"), TransportAddress.Parse("[2001:db8::2]:2"), TransportAddress.Parse("172.16.0.2:2")];
        foreach (var broken in new[] { false, true })
        {
            var world = PeerPair.MakeWorld(1);
            if (broken) world.When(d => d.Remote.Family == IpFamily.IPv6, Disposition.Drop);
            var pair = Open(new PeerPair(world, new PeerPolicy(), new PeerPolicy(), offererAddresses: left, answererAddresses: right));
            Assert.Equal(broken ? IpFamily.IPv4 : IpFamily.IPv6, pair.Offerer.Peer.Selected!.Value.Local.Family);
            Assert.Equal(pair.Offerer.Peer.Selected!.Value.Local, pair.Answerer.Peer.Selected!.Value.Remote);
            Assert.Equal(3, pair.Offerer.Peer.LocalDescription!.Split("a=candidate:").Length - 1);
            Assert.Contains("a=end-of-candidates", pair.Offerer.Peer.LocalDescription);
        }
    }
}
