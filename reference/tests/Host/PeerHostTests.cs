using WebRtcConformance.Host;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Reference.Tests.Host;

public class PeerHostTests
{
    [Fact]
    public void A_peer_offers_all_addresses_that_it_gets_and_connects()
    {
        using var udp = new UdpHost();
        using var offerer = new PeerHost(new PeerConnection(new PeerPolicy(), new Entropy(1)), ["127.0.0.1", "127.0.0.2"], udp: udp);
        using var answerer = new PeerHost(new PeerConnection(new PeerPolicy(), new Entropy(2)), ["127.0.0.2"], udp: udp);
        offerer.Peer.CreateDataChannel(udp.Now, new DataChannelOptions { Label = "both" });
        offerer.Peer.CreateOffer();
        offerer.Peer.SetLocalDescription(udp.Now, DescriptionType.Offer);
        Assert.Null(answerer.Peer.SetRemoteDescription(udp.Now, DescriptionType.Offer, offerer.Peer.LocalDescription!));
        answerer.Peer.CreateAnswer();
        answerer.Peer.SetLocalDescription(udp.Now, DescriptionType.Answer);
        Assert.Null(offerer.Peer.SetRemoteDescription(udp.Now, DescriptionType.Answer, answerer.Peer.LocalDescription!));

        Assert.Equal(2, offerer.Addresses.Count);
        Assert.All(offerer.Addresses, address => Assert.Contains($"{address.ToString().Replace(":", " ")} typ host", offerer.Peer.LocalDescription));
        Assert.True(udp.RunUntil(() => Opened(answerer), TimeSpan.FromSeconds(20)));
    }

    /// <summary>RFC 8445 section 14.2.</summary>
    [Fact]
    public void Peers_of_one_host_share_its_pace_unless_they_have_one()
    {
        using var udp = new UdpHost();
        var own = new IcePacer();
        using var first = new PeerHost(new PeerConnection(new PeerPolicy(), new Entropy(1)), udp: udp);
        using var second = new PeerHost(new PeerConnection(new PeerPolicy(), new Entropy(2)), udp: udp);
        using var third = new PeerHost(new PeerConnection(new PeerPolicy(), new Entropy(3)) { Pacer = own }, udp: udp);
        Assert.Equal([udp.Pacer, udp.Pacer, own], new[] { first, second, third }.Select(h => h.Peer.Pacer));
    }

    private bool _opened;

    private bool Opened(PeerHost host)
    {
        while (host.TryTakeEvent(out var happened)) _opened |= happened.Kind == PeerOutputKind.ChannelAnnounced;
        return _opened;
    }
}
