using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Reference.Tests.Stack.Peer;

/// <summary>RFC 8838 section 9: candidates say by their username fragment which session they are of, so they may come before its description.</summary>
public class EarlyCandidateTests
{
    private static int Count(PeerPair.Side side, DiscardReason reason) =>
        side.Events.Count(e => e.Kind == PeerOutputKind.Discarded && e.Discard.Rule == "RFC8838:9" && e.Discard.Reason == reason);

    private static void Apply(PeerPair.Side to, DescriptionType type, string sdp) => Assert.Null(to.Peer.SetRemoteDescription(to.Peer.Now, type, sdp));

    /// <summary>Candidates of the offerer that the answerer gets at once, before any description.</summary>
    private static string OfferAfterCandidates(PeerPair pair, bool iceRestart = false)
    {
        var offer = pair.Offerer.Peer.CreateOffer(iceRestart);
        pair.Offerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Offer);
        pair.World.RunFor(TimeSpan.FromMilliseconds(1));
        foreach (var line in pair.Offerer.TakeCandidates().Where(l => l.Length > 0)) Assert.Null(pair.Answerer.Peer.AddRemoteCandidate(pair.World.Now, line));
        Assert.DoesNotContain("a=candidate", offer);
        return offer;
    }

    private static void Answer(PeerPair pair, bool early)
    {
        var answer = pair.Answerer.Peer.CreateAnswer();
        pair.Answerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Answer);
        pair.World.RunFor(TimeSpan.FromMilliseconds(1));
        var lines = pair.Answerer.TakeCandidates().Where(l => l.Length > 0).ToList();
        if (early) lines.ForEach(line => Assert.Null(pair.Offerer.Peer.AddRemoteCandidate(pair.World.Now, line)));
        Apply(pair.Offerer, DescriptionType.Answer, answer);
    }

    /// <summary>Each side in turn is the only one whose candidates arrive, all of them early.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void They_wait_for_the_description(bool ofAnswerer)
    {
        var pair = new PeerPair();
        pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
        var offer = OfferAfterCandidates(pair);
        if (ofAnswerer) pair = Fresh(out offer);
        Apply(pair.Answerer, DescriptionType.Offer, offer);
        Answer(pair, early: ofAnswerer);
        pair.Await("the channel opens", () => pair.Offerer.Open("x") is not null && pair.Answerer.Open("x") is not null);
        Assert.Equal(0, Count(pair.Offerer, DiscardReason.NoEffect) + Count(pair.Answerer, DiscardReason.NoEffect));

        static PeerPair Fresh(out string offer)
        {
            var pair = new PeerPair();
            pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
            offer = pair.Offerer.Peer.CreateOffer();
            pair.Offerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Offer);
            return pair;
        }
    }

    /// <summary>The offer of a restart is overtaken by its candidates; what is left of the session before it comes too late.</summary>
    [Fact]
    public void A_restart_is_a_session_of_its_own()
    {
        var pair = new PeerPair();
        pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
        pair.Negotiate().Await("the channel opens", () => pair.Offerer.Open("x") is not null && pair.Answerer.Open("x") is not null);
        var old = pair.Offerer.Peer.LocalDescription!.Split("\r\n").First(l => l.StartsWith("a=candidate", StringComparison.Ordinal))[2..];
        var before = pair.Answerer.Peer.Selected;
        pair.Offerer.TakeCandidates();
        pair.Answerer.TakeCandidates();

        var offer = OfferAfterCandidates(pair, iceRestart: true);
        Apply(pair.Answerer, DescriptionType.Offer, offer);
        Answer(pair, early: true);
        var ice = ((WebRtcConformance.Stack.Peer.Ice.AgentIceTransport)pair.Answerer.Peer.Ice!).Agent;
        pair.Await("the new session has a pair", () => ice.Selected is not null);
        Assert.Equal(before, pair.Answerer.Peer.Selected);
        Assert.Equal(0, Count(pair.Offerer, DiscardReason.NoEffect) + Count(pair.Answerer, DiscardReason.NoEffect));
        Assert.Null(pair.Answerer.Peer.AddRemoteCandidate(pair.World.Now, old));
        pair.World.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Count(pair.Answerer, DiscardReason.NoEffect));
    }

    [Fact]
    public void Whoever_fills_the_room_keeps_nobody_out()
    {
        var pair = new PeerPair(answerer: new PeerPolicy { MaxEarlyCandidates = 8 });
        pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
        for (var i = 0; i < 1000; i++) Assert.Null(pair.Answerer.Peer.AddRemoteCandidate(pair.World.Now, $"candidate:1 1 udp 5 10.0.0.9 9 typ host ufrag junk{i}"));
        pair.World.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Equal(992, Count(pair.Answerer, DiscardReason.LimitReached));
        Apply(pair.Answerer, DescriptionType.Offer, OfferAfterCandidates(pair));
        Answer(pair, early: false);
        pair.Await("the channel opens", () => pair.Offerer.Open("x") is not null && pair.Answerer.Open("x") is not null);
        Assert.Equal(993, Count(pair.Answerer, DiscardReason.LimitReached));
    }

    [Fact]
    public void Without_room_none_is_kept()
    {
        var peer = new PeerConnection(new PeerPolicy { MaxEarlyCandidates = 0 }, new Entropy(1));
        Assert.Null(peer.AddRemoteCandidate(Instant.Start, "candidate:1 1 udp 5 10.0.0.9 9 typ host ufrag abcd"));
        Assert.True(peer.TryTake(out var output));
        Assert.Equal((PeerOutputKind.Discarded, DiscardReason.LimitReached), (output.Kind, output.Discard.Reason));
    }

    /// <summary>Events that follow from a command are of the time of the command, however long nothing has come in.</summary>
    [Fact]
    public void An_event_has_the_time_of_what_made_it()
    {
        var pair = new PeerPair();
        pair.World.RunFor(TimeSpan.FromSeconds(5));
        pair.Offerer.Peer.CreateOffer();
        pair.Offerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Offer);
        pair.World.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(Instant.Start + TimeSpan.FromSeconds(5), pair.Offerer.Events.First(e => e.Kind == PeerOutputKind.StateChanged).At);
    }
}
