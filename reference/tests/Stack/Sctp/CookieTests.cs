using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;
using WebRtcConformance.Wire.SctpParameters;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>RFC 9260 section 5.2: INIT, INIT ACK, COOKIE ECHO and COOKIE ACK that come when they are not expected, row by row of table 12.</summary>
public class CookieTests
{
    private static InitAckChunk Ack(IReadOnlyList<SctpPacket> answer) => Assert.IsType<InitAckChunk>(Assert.Single(Assert.Single(answer).Chunks));

    private static CookieEchoChunk Echo(InitAckChunk ack) => new() { Cookie = ack.Parameters.OfType<StateCookieParameter>().Single().Cookie };

    private static InitChunk Init(uint tag) => new SctpBench().Init() with { InitiateTag = tag };

    [Fact]
    public void An_INIT_leaves_no_state()
    {
        var bench = new SctpBench();
        for (var i = 0; i < 1000; i++) Ack(bench.Give(bench.Packet(0, bench.Init())));
        Assert.Equal(SctpState.Closed, bench.Association.State);
        Assert.True(bench.Association.IsEmpty);
    }

    [Fact]
    public void INIT_in_COOKIE_WAIT_is_answered_with_the_tag_of_ones_own_INIT()
    {
        var bench = Waiting(out var tag);
        var ack = Ack(bench.Give(bench.Packet(0, bench.Init())));
        Assert.Equal(tag, ack.InitiateTag);
        Assert.Equal(SctpState.CookieWait, bench.Association.State);
        Assert.Equal("CookieAck", SctpBench.Names(bench.Give(bench.Packet(tag, Echo(ack))))); // action B, the peer's tag not yet known
        Assert.Equal(SctpState.Established, bench.Association.State);
    }

    [Fact]
    public void Action_A_restarts()
    {
        var bench = new SctpBench().Open();
        bench.Give(SctpBench.Data(1, "waits", ssn: 1));
        bench.Send("in flight");
        var oldTag = bench.Tag;
        var ack = Ack(bench.Give(bench.Packet(0, Init(0xC0C0C0C0))));
        Assert.NotEqual(oldTag, ack.InitiateTag);
        Assert.Equal(SctpState.Established, bench.Association.State); // nothing has changed yet
        Assert.Equal("CookieAck", SctpBench.Names(bench.Give(bench.Packet(ack.InitiateTag, Echo(ack)))));
        Assert.Contains("Restarted 0", bench.Events);
        Assert.Equal((0, 0), (bench.Association.ReceiveBufferBytes, bench.Association.SendBufferBytes));
        Assert.Equal("Sack", SctpBench.Names(bench.Give(bench.Packet(ack.InitiateTag, SctpBench.Data(0, "new")))));
        Assert.Equal("new", bench.Messages.Single().Text);
        Assert.Equal("-", SctpBench.Names(bench.Give(bench.Packet(oldTag, SctpBench.Data(1, "old", ssn: 1)))));
    }

    [Fact]
    public void Action_B_takes_the_peers_new_tag()
    {
        var bench = Waiting(out var tag);
        bench.Give(bench.Packet(tag, new InitAckChunk
        {
            InitiateTag = 0xAAAA, AdvertisedReceiverWindowCredit = 50_000, OutboundStreams = 1, InboundStreams = 1, InitialTsn = 5,
            Parameters = [new StateCookieParameter { Cookie = "theirs"u8.ToArray() }],
        }));
        Assert.Equal(SctpState.CookieEchoed, bench.Association.State);
        var ack = Ack(bench.Give(bench.Packet(0, bench.Init()))); // INIT in COOKIE-ECHOED
        Assert.Equal(tag, ack.InitiateTag);
        Assert.Equal("CookieAck", SctpBench.Names(bench.Give(bench.Packet(tag, Echo(ack)))));
        Assert.Equal(SctpState.Established, bench.Association.State);
        Assert.Equal(SctpBench.PeerTag, bench.Sent[^1].VerificationTag);
    }

    [Fact]
    public void Action_C_is_silent()
    {
        // A cookie from before this side began itself: its own tag there is another, the peer's is the same, and there are no tie tags.
        var bench = new SctpBench();
        var early = Ack(bench.Give(bench.Packet(0, bench.Init())));
        bench.Association.Connect(bench.Now);
        bench.Drain();
        var tag = ((InitChunk)bench.Sent[^1].Chunks[0]).InitiateTag;
        bench.Give(bench.Packet(tag, new InitAckChunk
        {
            InitiateTag = SctpBench.PeerTag, AdvertisedReceiverWindowCredit = 50_000, OutboundStreams = 1, InboundStreams = 1, InitialTsn = SctpBench.PeerTsn,
            Parameters = [new StateCookieParameter { Cookie = "theirs"u8.ToArray() }],
        }));
        Assert.Equal("-", SctpBench.Names(bench.Give(bench.Packet(early.InitiateTag, Echo(early)))));
        Assert.Equal(SctpState.CookieEchoed, bench.Association.State);
        Assert.Contains(bench.Discards, d => d.Rule == "RFC9260:5.2.4");
    }

    [Fact]
    public void Action_D_acknowledges_again()
    {
        var bench = new SctpBench();
        var ack = Ack(bench.Give(bench.Packet(0, bench.Init())));
        for (var i = 0; i < 3; i++) Assert.Equal("CookieAck", SctpBench.Names(bench.Give(bench.Packet(ack.InitiateTag, Echo(ack)))));
        Assert.Single(bench.Events, "Opened 0");
        bench.Wait(100); // the cookie is too old now, but its tags are those of the association
        Assert.Equal("CookieAck", SctpBench.Names(bench.Give(bench.Packet(ack.InitiateTag, Echo(ack)))));
    }

    [Fact]
    public void A_restart_in_SHUTDOWN_ACK_SENT_is_refused()
    {
        var bench = new SctpBench().Open();
        var ack = Ack(bench.Give(bench.Packet(0, Init(0xC0C0C0C0))));
        Assert.Equal("ShutdownAck", SctpBench.Names(bench.Give(new ShutdownChunk { CumulativeTsnAck = bench.Tsn - 1 })));
        var answer = bench.Give(bench.Packet(ack.InitiateTag, Echo(ack)));
        Assert.Equal("Error | ShutdownAck", SctpBench.Names(answer));
        Assert.IsType<CookieReceivedWhileShuttingDownCause>(SctpBench.Causes(answer).Single());
        Assert.Equal("ShutdownAck", SctpBench.Names(bench.Give(bench.Packet(0, bench.Init())))); // section 9.2
    }

    [Fact]
    public void A_stale_cookie_is_reported_with_its_age_and_asked_for_anew()
    {
        var bench = new SctpBench();
        var ack = Ack(bench.Give(bench.Packet(0, bench.Init())));
        bench.Wait(61.5);
        var answer = bench.Give(bench.Packet(ack.InitiateTag, Echo(ack)));
        Assert.Equal(1_500_000u, Assert.IsType<StaleCookieCause>(SctpBench.Causes(answer).Single()).MeasureOfStaleness);
        Assert.Equal(SctpBench.PeerTag, answer[0].VerificationTag);

        // The other side: a client that gets the error asks for more time, and gets in.
        var client = Waiting(out var tag);
        client.Give(client.Packet(tag, new InitAckChunk
        {
            InitiateTag = 9, AdvertisedReceiverWindowCredit = 50_000, OutboundStreams = 1, InboundStreams = 1, InitialTsn = 5,
            Parameters = [new StateCookieParameter { Cookie = "old"u8.ToArray() }],
        }));
        var again = client.Give(client.Packet(tag, new ErrorChunk { Causes = [new StaleCookieCause { MeasureOfStaleness = 500_000 }] }));
        var init = Assert.IsType<InitChunk>(again.Single().Chunks[0]);
        Assert.InRange(init.Parameters.OfType<CookiePreservativeParameter>().Single().LifeSpanIncrement, 500u, 1000u);
        Assert.Equal(SctpState.CookieWait, client.Association.State);
    }

    [Fact]
    public void A_cookie_of_another_endpoint_is_silently_dropped()
    {
        var other = new SctpBench(seed: 99);
        var ack = Ack(other.Give(other.Packet(0, other.Init())));
        var bench = new SctpBench();
        Assert.Equal("-", SctpBench.Names(bench.Give(bench.Packet(ack.InitiateTag, Echo(ack), SctpBench.Data(0, "x")))));
        Assert.Equal(SctpState.Closed, bench.Association.State);
        Assert.Empty(bench.Messages);
    }

    [Fact]
    public void INIT_with_impossible_values_is_answered_with_ABORT()
    {
        foreach (var bad in (InitChunk[])[new SctpBench().Init() with { OutboundStreams = 0 }, new SctpBench().Init() with { InboundStreams = 0 }, new SctpBench().Init() with { AdvertisedReceiverWindowCredit = 1499 }])
        {
            var bench = new SctpBench();
            var answer = bench.Give(bench.Packet(0, bad));
            Assert.Equal("Abort", SctpBench.Names(answer));
            Assert.Equal((SctpBench.PeerTag, false), (answer[0].VerificationTag, ((AbortChunk)answer[0].Chunks[0]).TagReflected));
        }
        var silent = new SctpBench();
        Assert.Equal("-", SctpBench.Names(silent.Give(silent.Packet(0, silent.Init() with { InitiateTag = 0 }))));
    }

    [Fact]
    public void INIT_is_alone_and_without_tag()
    {
        var bench = new SctpBench();
        Assert.Equal("-", SctpBench.Names(bench.Give(bench.Packet(1, bench.Init()))));
        Assert.Equal("-", SctpBench.Names(bench.Give(bench.Packet(0, bench.Init(), SctpBench.Data(0, "x")))));
        Assert.Equal(2, bench.Discards.Count(d => d.Rule == "RFC9260:8.5.1"));
    }

    [Fact]
    public void INIT_ACK_without_cookie_ends_the_attempt()
    {
        var bench = Waiting(out var tag);
        var answer = bench.Give(bench.Packet(tag, new InitAckChunk { InitiateTag = 9, AdvertisedReceiverWindowCredit = 50_000, OutboundStreams = 1, InboundStreams = 1, InitialTsn = 5 }));
        Assert.Equal([SctpParameterType.StateCookie], Assert.IsType<MissingMandatoryParameterCause>(SctpBench.Causes(answer).Single()).MissingParamTypes);
        Assert.Equal(9u, answer[0].VerificationTag);
        Assert.Contains(bench.Events, e => e.StartsWith("Closed: ProtocolViolation"));
    }

    [Fact]
    public void Nobody_answers()
    {
        var bench = Waiting(out _);
        var sent = bench.Wait(1000);
        Assert.Equal(8, sent.Count(p => p.Chunks[0] is InitChunk));
        Assert.Contains(bench.Events, e => e.StartsWith("Closed: NoAnswer"));
        Assert.True(bench.Association.IsEmpty);
    }

    [Fact]
    public void Unknown_parameters_are_reported_as_their_types_say()
    {
        var bench = new SctpBench();
        SctpParameter Unknown(int type) => new OtherParameter { Type = (SctpParameterType)type, Value = new byte[] { 1 } };
        var ack = Ack(bench.Give(bench.Packet(0, bench.Init(Unknown(0x8ABC), Unknown(0xCABC), Unknown(0x4ABC), Unknown(0xCABD)))));
        // 10: skipped; 11: skipped and reported; 01: reported, and what follows is not looked at.
        Assert.Equal(["cabc000501", "4abc000501"], ack.Parameters.OfType<UnrecognizedParameterParameter>().Select(p => p.Value.ToString()));
    }

    [Fact]
    public void Unknown_parameters_of_INIT_ACK_are_reported_with_COOKIE_ECHO()
    {
        var bench = Waiting(out var tag);
        var echo = bench.Give(bench.Packet(tag, new InitAckChunk
        {
            InitiateTag = 9, AdvertisedReceiverWindowCredit = 50_000, OutboundStreams = 1, InboundStreams = 1, InitialTsn = 5,
            Parameters = [new StateCookieParameter { Cookie = "c"u8.ToArray() }, new OtherParameter { Type = (SctpParameterType)0xC123, Value = new byte[] { 7 } }],
        }));
        Assert.Equal("CookieEcho Error", SctpBench.Names(echo));
        Assert.Single(Assert.IsType<UnrecognizedParametersCause>(SctpBench.Causes(echo).Single()).Parameters);
    }

    private static SctpBench Waiting(out uint tag)
    {
        var bench = new SctpBench();
        bench.Association.Connect(bench.Now);
        bench.Drain();
        tag = ((InitChunk)bench.Sent.Single().Chunks[0]).InitiateTag;
        return bench;
    }
}
