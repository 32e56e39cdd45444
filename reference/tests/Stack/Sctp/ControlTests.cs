using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;
using WebRtcConformance.Wire.SctpParameters;
using WebRtcConformance.Wire.ZeroChecksum;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>RFC 9260 sections 3.2, 8 and 9, RFC 9653, and the funnels.</summary>
public class ControlTests
{
    [Fact]
    public void Seventy_two_idle_hours()
    {
        var pair = new SctpPair().Connect();
        var before = pair.Sent.Count;
        pair.Run(72 * 3600);
        Assert.True(pair.A.IsOpen && pair.B.IsOpen);
        var heartbeats = pair.Sent.Skip(before).SelectMany(s => SctpPair.Packet(s.Bytes).Chunks).OfType<HeartbeatChunk>().Count();
        Assert.InRange(heartbeats, 2 * 72 * 3600 / 32, 2 * 72 * 3600 / 30);
        pair.Send(pair.A, 0, [1]);
        pair.Run(1);
        Assert.Single(pair.B.Messages);
    }

    [Fact]
    public void A_path_that_dies_is_noticed_and_one_that_comes_back_too()
    {
        var pair = new SctpPair(policy: new SctpPolicy { PathMaxRetrans = 3 }).Connect();
        pair.World.SetDefaultLink(new LinkPolicy { Loss = 1 });
        pair.World.SetLink(pair.A.Host, pair.B.Host, new LinkPolicy { Loss = 1 });
        Assert.True(pair.World.RunUntil(() => pair.A.Events.Contains("PathInactive 0"), TimeSpan.FromMinutes(10)));
        pair.World.SetLink(pair.A.Host, pair.B.Host, new LinkPolicy());
        Assert.True(pair.World.RunUntil(() => pair.A.Events.Contains("PathActive 0"), TimeSpan.FromMinutes(10)));
        pair.World.SetLink(pair.A.Host, pair.B.Host, new LinkPolicy { Loss = 1 });
        Assert.True(pair.World.RunUntil(() => pair.A.Close is not null, TimeSpan.FromHours(2)));
        Assert.Equal(SctpCloseReason.Unreachable, pair.A.Close!.Reason);
        Assert.True(pair.A.Association.IsEmpty);
    }

    [Fact]
    public void A_heartbeat_is_answered_with_all_that_it_held()
    {
        var bench = new SctpBench().Open();
        var heartbeat = new HeartbeatChunk { Information = [new HeartbeatInfoParameter { Info = "abc"u8.ToArray() }, new OtherParameter { Type = (SctpParameterType)0x8123, Value = new byte[] { 1, 2 } }] };
        Assert.Equal(heartbeat.Information, Assert.IsType<HeartbeatAckChunk>(bench.Give(heartbeat).Single().Chunks[0]).Information);
    }

    [Theory]
    [InlineData(0x20, "-", 0)]
    [InlineData(0x60, "Error", 0)]
    [InlineData(0xA0, "Sack", 1)]
    [InlineData(0xE0, "Error Sack", 1)]
    public void Unknown_chunks_stop_or_not_and_are_reported_or_not(byte type, string answer, int messages)
    {
        var bench = new SctpBench().Open();
        var unknown = new OtherChunk { Type = (SctpChunkType)type, Flags = 3, Value = new byte[] { 9, 9 } };
        var given = bench.Give(unknown, SctpBench.Data(0, "x"));
        Assert.Equal((answer, messages), (SctpBench.Names(given), bench.Messages.Count));
        foreach (var cause in SctpBench.Causes(given)) Assert.Equal($"{type:x2}0300060909", Assert.IsType<UnrecognizedChunkTypeCause>(cause).UnrecognizedChunk.ToString());
    }

    /// <summary>Section 8.4, step by step.</summary>
    [Fact]
    public void Out_of_the_blue()
    {
        static string Answer(params SctpChunk[] chunks)
        {
            var bench = new SctpBench();
            var answer = bench.Give(bench.Packet(0x1234, chunks));
            return string.Join(" ", answer.Select(p => $"{SctpBench.Names([p])} {p.VerificationTag:x} {(p.Chunks[0] is AbortChunk { TagReflected: true } or ShutdownCompleteChunk { TagReflected: true } ? "T" : "")}"));
        }

        Assert.Equal("", Answer(new AbortChunk()));
        Assert.Equal("ShutdownComplete 1234 T", Answer(new ShutdownAckChunk()));
        Assert.Equal("", Answer(new ShutdownCompleteChunk()));
        Assert.Equal("", Answer(new CookieAckChunk()));
        Assert.Equal("", Answer(new ErrorChunk { Causes = [new StaleCookieCause { MeasureOfStaleness = 1 }] }));
        Assert.Equal("Abort 1234 T", Answer(new ErrorChunk { Causes = [new NoUserDataCause { Tsn = 1 }] }));
        Assert.Equal("Abort 1234 T", Answer(SctpBench.Data(0, "x")));
        Assert.Equal("Abort 1234 T", Answer(new HeartbeatChunk()));
    }

    /// <summary>Section 8.5.1 B and C.</summary>
    [Fact]
    public void An_ABORT_has_ones_own_tag_or_the_peers_reflected()
    {
        SctpState After(uint tag, bool reflected)
        {
            var bench = new SctpBench().Open();
            Assert.Equal("-", SctpBench.Names(bench.Give(bench.Packet(tag == 0 ? bench.Tag : tag, new AbortChunk { TagReflected = reflected }))));
            return bench.Association.State;
        }

        Assert.Equal(SctpState.Closed, After(0, false));
        Assert.Equal(SctpState.Closed, After(SctpBench.PeerTag, true));
        Assert.Equal(SctpState.Established, After(0, true));
        Assert.Equal(SctpState.Established, After(SctpBench.PeerTag, false));
    }

    [Fact]
    public void An_abort_says_why()
    {
        var pair = new SctpPair().Connect();
        pair.Send(pair.A, 0, new byte[50_000]);
        pair.A.Association.Abort(pair.Now, "enough");
        pair.Run(1);
        Assert.Equal((SctpCloseReason.PeerAbort, "enough"), (pair.B.Close!.Reason, pair.B.Close.Note));
        Assert.True(pair.A.Association.IsEmpty && pair.B.Association.IsEmpty);
        Assert.Equal(SctpSendResult.Closed, pair.Send(pair.A, 0, [1]));
    }

    [Fact]
    public void Both_may_shut_down_at_the_same_time()
    {
        var pair = new SctpPair().Connect();
        pair.A.Association.Shutdown(pair.Now);
        pair.B.Association.Shutdown(pair.Now);
        pair.Run(5);
        Assert.Equal((SctpCloseReason.Shutdown, SctpCloseReason.Shutdown), (pair.A.Close?.Reason, pair.B.Close?.Reason));
    }

    [Fact]
    public void A_shutdown_waits_for_the_data_of_both_sides()
    {
        var pair = new SctpPair(link: new LinkPolicy { Delay = TimeSpan.FromMilliseconds(50), BitsPerSecond = 2_000_000 }).Connect();
        for (var i = 0; i < 10; i++)
        {
            pair.Send(pair.A, 0, SctpPair.Message(i, 20_000));
            pair.Send(pair.B, 0, SctpPair.Message(i, 20_000));
        }
        pair.A.Association.Shutdown(pair.Now);
        Assert.Equal(SctpSendResult.Closed, pair.Send(pair.A, 0, [1]));
        pair.Run(60);
        Assert.Equal((10, 10), (pair.A.Messages.Count, pair.B.Messages.Count));
        Assert.Equal(SctpCloseReason.Shutdown, pair.B.Close?.Reason);
    }

    [Fact]
    public void A_shutdown_that_nobody_answers_ends_all_the_same()
    {
        var bench = new SctpBench().Open();
        bench.Association.Shutdown(bench.Now);
        var sent = bench.Wait(1000);
        Assert.Contains(bench.Events, e => e.StartsWith("Closed: Unreachable"));
        Assert.InRange(sent.Count(p => p.Chunks[0] is ShutdownChunk), 8, 11);
        Assert.True(bench.Association.IsEmpty);
    }

    // ---- RFC 9653 ----

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void The_checksum_is_left_out_when_both_know_why(bool a, bool b)
    {
        static SctpPolicy Policy(bool zero) => new() { ZeroChecksumAcceptable = zero ? ErrorDetectionMethod.SctpOverDtls : null };
        var pair = new SctpPair(policy: Policy(a), policyB: Policy(b)).Connect();
        pair.Send(pair.A, 0, [1]);
        pair.Send(pair.B, 0, [1]);
        pair.Run(60);
        var zero = pair.Sent.Where(s => BitConverter.ToUInt32(s.Bytes, 8) == 0).ToList();
        if (a && b) Assert.Equal(pair.Sent.Count - 3, zero.Count); // INIT, INIT ACK and COOKIE ECHO have one
        else Assert.Empty(zero);
        Assert.Single(pair.A.Messages);
        Assert.Single(pair.B.Messages);
    }

    [Fact]
    public void A_zero_checksum_is_wrong_for_who_has_not_offered_to_do_without()
    {
        static string Answer(SctpPolicy policy)
        {
            var bench = new SctpBench(policy: policy).Open();
            var bytes = bench.Packet(bench.Tag, SctpBench.Data(0, "x")).ToArray();
            bytes.AsSpan(8, 4).Clear();
            return SctpBench.Names(bench.Give(bytes));
        }

        Assert.Equal("-", Answer(new SctpPolicy()));
        Assert.Equal("Sack", Answer(new SctpPolicy { ZeroChecksumAcceptable = ErrorDetectionMethod.SctpOverDtls }));
    }

    // ---- funnels ----

    [Fact]
    public void Taps_change_packets_at_three_stages()
    {
        var pair = new SctpPair().Connect();
        var funnels = pair.A.Association.Funnels;
        Tap<SctpPacket> retag = (Instant _, ref SctpPacket p) => { p = p with { VerificationTag = p.VerificationTag ^ 1 }; return Disposition.Pass; };
        funnels.Composed.Add(retag);
        pair.Send(pair.A, 0, [1]);
        pair.Run(0.5);
        Assert.Contains(pair.B.Discards, d => d.Rule == "RFC9260:8.5"); // the checksum was right
        funnels.Composed.Remove(retag);
        Tap<byte[]> flip = (Instant _, ref byte[] b) => { b[^1] ^= 1; return Disposition.Pass; };
        funnels.Sealed.Add(flip);
        pair.Run(1);
        Assert.Contains(pair.B.Discards, d => d.Reason == DiscardReason.BadChecksum);
        funnels.Sealed.Remove(flip);
        var seen = 0;
        funnels.Encoded.Add((Instant _, ref byte[] _) => { seen++; return seen == 1 ? Disposition.Duplicate() : Disposition.Delay(TimeSpan.FromMilliseconds(300)); });
        pair.Run(30);
        Assert.Single(pair.B.Messages);
        Assert.True(seen > 0);
    }

    [Fact]
    public void A_tap_may_drop_every_packet_of_a_kind()
    {
        var pair = new SctpPair();
        pair.A.Association.Funnels.Composed.Add((Instant _, ref SctpPacket p) => p.Chunks.Any(c => c is CookieEchoChunk) ? Disposition.Drop : Disposition.Pass);
        pair.A.Association.Connect(pair.Now);
        pair.Run(600);
        Assert.Equal(SctpCloseReason.NoAnswer, pair.A.Close?.Reason);
        Assert.Equal(SctpState.Closed, pair.B.Association.State);
    }
}
