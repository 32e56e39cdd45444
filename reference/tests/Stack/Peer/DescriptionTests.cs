using System.Text;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;
using WebRtcConformance.Text.TcpSdp;

namespace WebRtcConformance.Reference.Tests.Stack.Peer;

/// <summary>Descriptions of real peers and broken ones, and what is answered.</summary>
public class DescriptionTests
{
    private static readonly PeerPolicy Policy = new();

    private static string Offer(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "generator", "tests", "Sdp", "Corpus", "offers", name + ".sdp");
            if (File.Exists(file)) return File.ReadAllText(file);
        }
        throw new FileNotFoundException($"no offer {name} above {AppContext.BaseDirectory}");
    }

    private static DataDescription Read(string sdp)
    {
        Assert.True(DescriptionReader.TryRead(sdp, Policy, out var description, out var problem), $"{problem}\n{sdp}");
        return description;
    }

    private static string Answer(string offer, PeerPolicy? policy = null)
    {
        var peer = new PeerConnection(policy ?? Policy, new Entropy(1));
        peer.AddLocalAddress(Instant.Start, TransportAddress.Parse("127.0.0.1:4000"));
        Assert.Null(peer.SetRemoteDescription(Instant.Start, DescriptionType.Offer, offer));
        peer.CreateAnswer();
        peer.SetLocalDescription(Instant.Start, DescriptionType.Answer);
        return peer.LocalDescription!;
    }

    [Theory]
    [InlineData("wrtc-data", 262_144, 2, "0", true, false)]
    [InlineData("werift-data", 65_536, 1, "0", true, true)]
    [InlineData("ndc-data", 262_144, 1, "0", true, true)]
    [InlineData("chromium-data", 262_144, 1, "0", true, false)]
    [InlineData("firefox-data", 1_073_741_823, 2, "0", true, true)]
    [InlineData("aiortc-data", 65_536, 1, "0", false, true)]
    [InlineData("pion-data", 65_536, 1, "0", false, true)]
    [InlineData("gst-data", 65_536, 1, "application0", true, false)]
    public void Offers_of_real_peers_are_read(string name, int maxMessageSize, int candidates, string mid, bool trickle, bool ends)
    {
        var offer = Read(Offer(name));
        Assert.Equal((0, mid), (offer.DataSection, offer.Sections[0].Mid));
        Assert.Equal(((ulong)maxMessageSize, (ushort)5000, SetupRole.Actpass), (offer.MaxMessageSize, offer.SctpPort, offer.Setup));
        Assert.Equal((candidates, trickle, ends), (offer.Candidates.Count, offer.IceParameters.Trickles, offer.EndOfCandidates));
        Assert.Equal(("sha-256", 32), (offer.Fingerprints.Single().HashFunction, offer.Fingerprints.Single().Value.Length));
        Assert.InRange(offer.Ice.Fragment.Length, 4, 32);
        Assert.Equal(name == "aiortc-data" ? DataSectionForm.Sctpmap : DataSectionForm.SctpPort, offer.Form);
        Assert.Equal([mid], offer.Bundle);
    }

    /// <summary>RFC 3264 section 6: as many sections as were offered, each of its kind; what is not for data is rejected, and in no bundle.</summary>
    [Theory]
    [InlineData("wrtc-av"), InlineData("werift-av"), InlineData("chromium-av"), InlineData("firefox-av"), InlineData("aiortc-av"), InlineData("pion-av"), InlineData("gst-av")]
    public void Other_sections_are_rejected(string name)
    {
        var offer = Read(Offer(name));
        var answer = Read(Answer(Offer(name)));
        Assert.Equal(offer.Sections.Select(s => (s.Media, s.Mid, s.Protocol, string.Join(' ', s.Formats))), answer.Sections.Select(s => (s.Media, s.Mid, s.Protocol, string.Join(' ', s.Formats))));
        Assert.Equal(offer.DataSection, answer.DataSection);
        Assert.All(answer.Sections.Where((_, i) => i != answer.DataSection), s => Assert.Equal(0, s.Port));
        Assert.Equal(offer.DataSection < 0 ? [] : [offer.Sections[offer.DataSection].Mid!], answer.Bundle);
    }

    [Fact]
    public void Data_beside_media_is_accepted_alone()
    {
        var (av, data) = (Offer("chromium-av"), Offer("chromium-data"));
        var group = av.Split("\r\n").Single(l => l.StartsWith("a=group:BUNDLE", StringComparison.Ordinal));
        var offer = av.Replace(group, group + " d", StringComparison.Ordinal) + data[data.IndexOf("m=application", StringComparison.Ordinal)..].Replace("a=mid:0", "a=mid:d", StringComparison.Ordinal);
        var answer = Read(Answer(offer));
        Assert.Equal(2, answer.DataSection);
        Assert.Equal([0, 0, 4000], answer.Sections.Select(s => (int)s.Port));
        Assert.Equal(["d"], answer.Bundle);
    }

    [Fact]
    public void The_form_before_RFC_8841_is_answered_in_kind()
    {
        var answer = Answer(Offer("aiortc-data"));
        Assert.Contains("m=application 4000 DTLS/SCTP 5000\r\n", answer);
        Assert.Contains("a=sctpmap:5000 webrtc-datachannel 65535\r\n", answer);
        Assert.DoesNotContain("sctp-port", answer);
        Assert.Equal(DataSectionForm.Sctpmap, Read(answer).Form);
    }

    /// <summary>RFC 8842 section 5.3: no "tls-id" in an answer to an offer without it.</summary>
    [Fact]
    public void The_tls_id_is_answered_when_it_is_offered()
    {
        Assert.DoesNotContain("tls-id", Answer(Offer("chromium-data")));
        var ours = new PeerConnection(Policy, new Entropy(2)).CreateOffer();
        Assert.Contains("a=tls-id:", ours);
        Assert.Contains("a=tls-id:", Answer(ours));
    }

    [Theory]
    [InlineData("a=setup:actpass", "a=setup:active", "a=setup:passive")]
    [InlineData("a=setup:actpass", "a=setup:passive", "a=setup:active")]
    [InlineData("a=setup:actpass\r\n", "", "a=setup:passive")]
    [InlineData("a=setup:actpass", "a=setup:actpass", "a=setup:active")]
    public void The_role_follows_the_offer(string offered, string instead, string answered) => Assert.Contains(answered, Answer(Offer("chromium-data").Replace(offered, instead, StringComparison.Ordinal)));

    [Fact]
    public void A_port_of_zero_is_answered_with_zero() => Assert.Contains("a=sctp-port:0\r\n", Answer(Offer("chromium-data").Replace("sctp-port:5000", "sctp-port:0", StringComparison.Ordinal)));

    [Theory]
    [InlineData("a=sctp-port:5000\r\n", "", "RFC8841:5.1")]
    [InlineData("a=sctp-port:5000", "a=sctp-port:65536", "RFC8841:5.1")]
    [InlineData("a=ice-ufrag:+wAf\r\n", "", "RFC8839:5.4")]
    [InlineData("a=ice-pwd:2cDELS8HfAbbLWynL0a8uzpk", "a=ice-pwd:short", "RFC8839:5.4")]
    [InlineData("a=fingerprint:sha-256", "a=fingerprint:", "RFC8122:5")]
    [InlineData("a=setup:actpass", "a=setup:holdconn", "RFC8842:5.1")]
    [InlineData("v=0", "v=1", "RFC8866:9")]
    [InlineData("UDP/DTLS/SCTP", "TCP/DTLS/SCTP", "RFC8841:4.2")]
    public void What_is_missing_is_named(string part, string instead, string rule)
    {
        var peer = new PeerConnection(Policy, new Entropy(1));
        var problem = peer.SetRemoteDescription(Instant.Start, DescriptionType.Offer, Offer("chromium-data").Replace(part, instead, StringComparison.Ordinal));
        Assert.Equal(rule, problem?.Rule);
        Assert.Equal(SignalingState.Stable, peer.State.Signaling);
    }

    [Fact]
    public void A_tolerant_reader_takes_what_peers_send()
    {
        var strict = Offer("firefox-data");
        var loose = strict.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("s=-", "s=", StringComparison.Ordinal) + "\n\n";
        Assert.Equal(Read(strict).Ice, Read(loose).Ice);
        var lower = Offer("chromium-data").Replace("DB:E1:E5", "db:e1:e5", StringComparison.Ordinal);
        Assert.Equal(Read(Offer("chromium-data")).Fingerprints, Read(lower).Fingerprints);
    }

    [Fact]
    public void The_size_of_a_description_is_bounded()
    {
        Assert.False(DescriptionReader.TryRead(new string('x', 600_000), Policy, out _, out var problem));
        Assert.Equal(NegotiationProblemKind.Unsupported, problem.Kind);
        var many = new StringBuilder(Offer("chromium-data"));
        for (var i = 0; i < 5_000; i++) many.Append($"a=candidate:{i} 1 udp 5 10.0.0.1 {i + 1} typ host\r\n");
        Assert.Equal(Policy.MaxRemoteCandidates, Read(many.ToString()) is var read ? read.Candidates.Count + read.Ignored.Count : 0);
    }

    [Theory]
    [InlineData("a=setup:actpass", "", "RFC4145:4.1")]
    [InlineData("a=setup:active", "m=audio 9 RTP/AVP 0\r\n", "RFC3264:6")]
    public void A_wrong_answer_is_refused(string instead, string more, string rule)
    {
        var offerer = new PeerConnection(Policy, new Entropy(3));
        var offer = offerer.CreateOffer();
        offerer.SetLocalDescription(Instant.Start, DescriptionType.Offer);
        var answer = Answer(offer).Replace("a=setup:active", instead, StringComparison.Ordinal) + more;
        Assert.Equal(rule, offerer.SetRemoteDescription(Instant.Start, DescriptionType.Answer, answer)?.Rule);
    }

    [Fact]
    public void Steps_out_of_turn_are_refused()
    {
        var peer = new PeerConnection(Policy, new Entropy(4));
        Assert.Throws<InvalidOperationException>(() => peer.CreateAnswer());
        Assert.Throws<InvalidOperationException>(() => peer.SetLocalDescription(Instant.Start, DescriptionType.Offer));
        Assert.Equal(NegotiationProblemKind.State, peer.SetRemoteDescription(Instant.Start, DescriptionType.Answer, Offer("chromium-data"))?.Kind);
        peer.CreateOffer();
        peer.SetLocalDescription(Instant.Start, DescriptionType.Offer);
        Assert.Equal(NegotiationProblemKind.State, peer.SetRemoteDescription(Instant.Start, DescriptionType.Offer, Offer("chromium-data"))?.Kind);
    }

    /// <summary>RFC 7983 section 7, figure 3.</summary>
    [Theory]
    [InlineData(0, PacketKind.Stun), InlineData(3, PacketKind.Stun), InlineData(4, PacketKind.Unknown), InlineData(16, PacketKind.Zrtp), InlineData(20, PacketKind.Dtls)]
    [InlineData(63, PacketKind.Dtls), InlineData(64, PacketKind.TurnChannel), InlineData(79, PacketKind.TurnChannel), InlineData(80, PacketKind.Unknown)]
    [InlineData(127, PacketKind.Unknown), InlineData(128, PacketKind.Rtp), InlineData(191, PacketKind.Rtp), InlineData(192, PacketKind.Unknown)]
    public void The_first_byte_says_whose_it_is(byte first, PacketKind kind) => Assert.Equal(kind, PacketKinds.Of([first, 0]));

    /// <summary>RFC 8445 section 10, RFC 8838 section 3: nothing is promised that is not kept.</summary>
    [Theory]
    [InlineData(true, IceNomination.Regular, "a=ice-options:trickle ice2")]
    [InlineData(false, IceNomination.Regular, "a=ice-options:ice2")]
    [InlineData(true, IceNomination.Aggressive, "a=ice-options:trickle")]
    [InlineData(false, IceNomination.Aggressive, null)]
    public void Options_say_what_the_policy_does(bool trickle, IceNomination nomination, string? line)
    {
        var answer = Answer(Offer("wrtc-data"), Policy with { Trickle = trickle, Ice = Policy.Ice with { Nomination = nomination } });
        Assert.Equal(line is null ? [] : new[] { line }, answer.Split("\r\n").Where(l => l.StartsWith("a=ice-options", StringComparison.Ordinal)));
    }
}
