using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Reference.Tests.Stack.Peer;

/// <summary>RFC 8839 section 5.5, RFC 8445 section 14.2: both sides say how fast they want to check, and the slower one has its way.</summary>
public class PeerPacingTests
{
    private static PeerPolicy Paced(int milliseconds) => new() { Ice = new IcePolicy { Ta = TimeSpan.FromMilliseconds(milliseconds) } };

    /// <summary>Candidates of high priority that lead nowhere, so that checks go out one after the other; the least time between two of the offerer.</summary>
    private static double LeastGap(PeerPolicy offerer, PeerPolicy answerer, Func<string, string>? signalling = null)
    {
        var pair = new PeerPair(offerer: offerer, answerer: answerer);
        var sent = new List<Instant>();
        pair.World.Observer = e => { if (e.Fate == Fate.Sent && e.Datagram.Local == PeerPair.OffererAddress && e.Datagram.Bytes.Span[..2] is [0, 1]) sent.Add(e.At); };
        pair.Offerer.Peer.CreateOffer();
        pair.Offerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Offer);
        Assert.Null(pair.Answerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Offer, pair.Offerer.Peer.LocalDescription!));
        pair.Answerer.Peer.CreateAnswer();
        pair.Answerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Answer);
        var more = string.Concat(Enumerable.Range(1, 5).Select(i => $"a=candidate:{i} 1 udp {2147483600 + i} 10.0.9.{i} 9 typ host\r\n"));
        var answer = pair.Answerer.Peer.LocalDescription!.Replace("a=end-of-candidates\r\n", more, StringComparison.Ordinal);
        Assert.Null(pair.Offerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Answer, signalling?.Invoke(answer) ?? answer));
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
