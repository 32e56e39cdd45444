using System.Text;
using FsCheck.Xunit;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Reference.Tests.Stack.Peer;

/// <summary>Two of our peers, from their descriptions alone to messages on open channels, in virtual time.</summary>
public class PeerPairTests
{
    public static TheoryData<int, ulong> Losses
    {
        get
        {
            var data = new TheoryData<int, ulong>();
            foreach (var percent in new[] { 0, 5, 20, 40 })
                for (ulong seed = 1; seed <= (percent is 0 ? 1UL : 4UL); seed++) data.Add(percent, seed);
            return data;
        }
    }

    [Theory, MemberData(nameof(Losses))]
    public void All_messages_come_back(int percent, ulong seed)
    {
        var link = new LinkPolicy
        {
            Delay = TimeSpan.FromMilliseconds(20), Loss = percent / 100.0, Duplicate = percent > 0 ? 0.05 : 0, Reorder = percent > 0 ? 0.1 : 0, Jitter = TimeSpan.FromMilliseconds(5),
        };
        var pair = new PeerPair(seed, link, PeerLossTests.Patient, PeerLossTests.Patient);
        var chat = pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "chat" })!;
        pair.Negotiate().Await("the channel opens", () => pair.Offerer.Open("chat") is not null && pair.Answerer.Open("chat") is not null);

        byte[][] messages = [[], [1], Filled(3_000), Filled(60_000), Filled(percent < 20 ? 256 * 1024 : 70_000)];
        foreach (var message in messages) Assert.Equal(DataChannelSendResult.Accepted, pair.Offerer.Peer.Send(pair.World.Now, chat, false, message));
        Assert.Equal(DataChannelSendResult.Accepted, pair.Offerer.Peer.Send(pair.World.Now, chat, true, "grüß dich"u8));
        string[] expected = [.. messages.Select(m => "chat#" + PeerPair.Sum(m)), "chat:grüß dich"];
        pair.Await("all arrive", () => pair.Answerer.Messages.Count == expected.Length);
        Assert.Equal(expected, pair.Answerer.Messages);

        var back = pair.Answerer.Open("chat")!;
        foreach (var message in messages) Assert.Equal(DataChannelSendResult.Accepted, pair.Answerer.Peer.Send(pair.World.Now, back, false, message));
        pair.Await("all come back", () => pair.Offerer.Messages.Count == messages.Length);
        Assert.Equal(expected[..^1], pair.Offerer.Messages);
    }

    [Fact]
    public void The_same_seed_gives_the_same_world()
    {
        string Run(ulong seed)
        {
            var pair = new PeerPair(seed, new LinkPolicy { Delay = TimeSpan.FromMilliseconds(20), Loss = 0.1 });
            pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
            pair.Negotiate().Await("the channel opens", () => pair.Answerer.Open("x") is not null);
            return pair.World.TraceHash;
        }
        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));
    }

    /// <summary>RFC 8832 section 6: the DTLS client, which the answerer is unless it wants otherwise, has the even identifiers.</summary>
    [Theory]
    [InlineData(DtlsRole.Client, 1, 0)]
    [InlineData(DtlsRole.Server, 0, 1)]
    public void Identifiers_follow_the_DTLS_role(DtlsRole answerer, int offered, int answered)
    {
        var pair = new PeerPair(answerer: new PeerPolicy { RoleInAnswer = answerer });
        pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "of the offerer" });
        pair.Answerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "of the answerer", Ordered = false, Protocol = "p", MaxRetransmits = 3 });
        pair.Negotiate().Await("both open", () => pair.Offerer.Open("of the answerer") is not null && pair.Answerer.Open("of the offerer") is not null);
        Assert.Equal((offered, answered), ((int)pair.Answerer.Open("of the offerer")!.Id!, (int)pair.Offerer.Open("of the answerer")!.Id!));
        Assert.Equal((false, "p", 3), pair.Offerer.Open("of the answerer")!.Options is var o ? (o.Ordered, o.Protocol, o.MaxRetransmits) : default);
        Assert.Contains(answerer == DtlsRole.Client ? "a=setup:active" : "a=setup:passive", pair.Answerer.Peer.LocalDescription);
    }

    [Fact]
    public void A_candidate_may_come_later()
    {
        var pair = new PeerPair();
        pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
        var offer = pair.Offerer.Peer.CreateOffer();
        Assert.DoesNotContain("a=candidate", offer);
        pair.Offerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Offer);
        Assert.Equal(NegotiationProblemKind.State, pair.Answerer.Peer.AddRemoteCandidate(pair.World.Now, "candidate:1 1 udp 1 10.0.0.1 1 typ host")!.Kind);
        Assert.Null(pair.Answerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Offer, offer));
        var answer = pair.Answerer.Peer.CreateAnswer();
        pair.Answerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Answer);
        Assert.Null(pair.Offerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Answer, answer));
        Assert.False(pair.World.RunUntil(() => pair.Offerer.Open("x") is not null, TimeSpan.FromSeconds(10)));

        Assert.Equal(NegotiationProblemKind.Syntax, pair.Answerer.Peer.AddRemoteCandidate(pair.World.Now, "candidate:1 1 udp")!.Kind);
        Assert.Null(pair.Answerer.Peer.AddRemoteCandidate(pair.World.Now, "candidate:9 1 udp 5 secret.local 1 typ host"));
        foreach (var line in pair.Offerer.Events.Where(e => e.Kind == PeerOutputKind.LocalCandidate).ToList())
            Assert.Null(pair.Answerer.Peer.AddRemoteCandidate(pair.World.Now, line.Note));
        Assert.Null(pair.Answerer.Peer.AddRemoteCandidate(pair.World.Now, null));
        pair.Await("the channel opens", () => pair.Offerer.Open("x") is not null);
        Assert.Contains(pair.Answerer.Events, e => e.Kind == PeerOutputKind.Discarded && e.Discard.Note.Contains("secret.local", StringComparison.Ordinal));
    }

    /// <summary>RFC 8842 section 5.2: ClientHello comes before the answer does, and is not lost.</summary>
    [Fact]
    public void What_comes_before_the_answer_waits()
    {
        var pair = new PeerPair();
        pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
        pair.Offerer.Peer.CreateOffer();
        pair.Offerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Offer);
        for (var i = 0; i < 40; i++) pair.Offerer.Peer.Receive(pair.World.Now, PeerPair.OffererAddress, PeerPair.AnswererAddress, [22, 1, 2, 3]);
        pair.World.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Equal(8, pair.Offerer.Events.Count(e => e.Kind == PeerOutputKind.Discarded && e.Discard.Reason == DiscardReason.LimitReached));
        Assert.Null(pair.Answerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Offer, pair.Offerer.Peer.LocalDescription!));
        var answer = pair.Answerer.Peer.CreateAnswer();
        pair.Answerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Answer);
        Assert.Null(pair.Offerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Answer, pair.Answerer.Peer.LocalDescription!));
        pair.Await("the channel opens all the same", () => pair.Answerer.Open("x") is not null);
        Assert.NotNull(answer);
    }

    /// <summary>RFC 8832 section 5.2 has one byte for DATA_CHANNEL_ACK; Pion sends four, and its channel is not closed for that.</summary>
    [Fact]
    public void A_longer_acknowledgement_is_one()
    {
        var pair = new PeerPair();
        pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
        pair.Negotiate().Await("the channel opens", () => pair.Offerer.Open("x") is not null);
        var id = pair.Offerer.Open("x")!.Id!.Value;
        pair.Answerer.Peer.DataChannels.Association.Send(pair.World.Now, id, WebRtcConformance.Wire.Sctp.SctpPayloadProtocolIdentifier.WebRtcDcep, [2, 0, 0, 0]);
        pair.World.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(DataChannelState.Open, pair.Offerer.Open("x")!.State);
        Assert.DoesNotContain(pair.Offerer.Events, e => e.Kind == PeerOutputKind.Discarded && e.Discard.Rule == "RFC8832:6");
    }

    [Fact]
    public void Another_fingerprint_is_another_peer()
    {
        var pair = new PeerPair();
        pair.Offerer.Peer.CreateOffer();
        pair.Offerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Offer);
        var offer = pair.Offerer.Peer.LocalDescription!;
        var at = offer.IndexOf("sha-256 ", StringComparison.Ordinal) + 8;
        offer = offer[..at] + (offer[at] == '0' ? '1' : '0') + offer[(at + 1)..];
        Assert.Null(pair.Answerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Offer, offer));
        pair.Answerer.Peer.CreateAnswer();
        pair.Answerer.Peer.SetLocalDescription(pair.World.Now, DescriptionType.Answer);
        Assert.Null(pair.Offerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Answer, pair.Answerer.Peer.LocalDescription!));
        pair.Await("DTLS fails", () => pair.Answerer.Peer.State.Dtls == DtlsTransportState.Failed);
        Assert.Equal(PeerConnectionState.Failed, pair.Answerer.Peer.State.Connection);
    }

    [Fact]
    public void Closing_reaches_the_other_side()
    {
        var pair = new PeerPair();
        var chat = pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "chat" })!;
        var other = pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "other" });
        pair.Negotiate().Await("the channels open", () => pair.Answerer.Open("other") is not null);
        pair.Offerer.Peer.CloseChannel(pair.World.Now, chat);
        pair.Await("the channel closes on both sides", () => pair.Offerer.Has(PeerOutputKind.ChannelClosed) && pair.Answerer.Has(PeerOutputKind.ChannelClosed));
        Assert.Equal(DataChannelState.Open, other!.State);
        pair.Offerer.Peer.Close(pair.World.Now);
        pair.Await("the other side hears of it", () => pair.Answerer.Peer.State.Dtls == DtlsTransportState.Closed && pair.Answerer.Peer.State.Sctp == SctpTransportState.Closed);
        Assert.Equal(2, pair.Answerer.Events.Count(e => e.Kind == PeerOutputKind.ChannelClosed));
        Assert.Equal(PeerConnectionState.Closed, pair.Offerer.Peer.State.Connection);
        Assert.Equal(Instant.Never, pair.Offerer.Peer.NextDeadline);
        Assert.Null(pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions()));
    }

    [Fact]
    public void A_larger_message_than_the_peer_takes_is_refused()
    {
        var pair = new PeerPair(answerer: new PeerPolicy { DataChannels = new DataChannelPolicy { LocalMaxMessageSize = 1000 }, Sctp = new() { LocalPort = 5001 } });
        var chat = pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "chat" })!;
        pair.Negotiate().Await("the channel opens", () => pair.Answerer.Open("chat") is not null);
        Assert.Equal(DataChannelSendResult.TooLarge, pair.Offerer.Peer.Send(pair.World.Now, chat, false, new byte[1001]));
        Assert.Equal(DataChannelSendResult.Accepted, pair.Offerer.Peer.Send(pair.World.Now, chat, false, new byte[1000]));
        Assert.Contains("a=sctp-port:5001", pair.Answerer.Peer.LocalDescription);
        pair.Await("it arrives", () => pair.Answerer.Messages.Count == 1);
    }

    /// <summary>Total: no bytes and no description make it throw, in any state.</summary>
    [Property(MaxTest = 200)]
    public void Anything_may_come(byte[] datagram, byte first, string text, bool answered)
    {
        var pair = new PeerPair();
        pair.Offerer.Peer.CreateDataChannel(pair.World.Now, new DataChannelOptions { Label = "x" });
        if (answered)
        {
            pair.Negotiate();
            pair.World.RunFor(TimeSpan.FromMilliseconds(250));
        }
        pair.Offerer.Peer.Receive(pair.World.Now, PeerPair.OffererAddress, PeerPair.AnswererAddress, [first, .. datagram ?? []]);
        pair.Offerer.Peer.SetRemoteDescription(pair.World.Now, DescriptionType.Offer, text ?? "");
        pair.Offerer.Peer.AddRemoteCandidate(pair.World.Now, text);
        if (answered) pair.Await("the channel opens all the same", () => pair.Answerer.Open("x") is not null);
    }

    private static byte[] Filled(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(i * 31 + size))];
}
