using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>RFC 9260 sections 6 and 7, rule by rule.</summary>
public class DataTransferTests
{
    // ---- section 6.2: acknowledgement ----

    [Fact]
    public void The_first_packet_is_acknowledged_at_once_then_every_second_or_after_200_ms()
    {
        var bench = new SctpBench().Open();
        Assert.Equal("Sack", SctpBench.Names(bench.Give(SctpBench.Data(0, "1"))));
        Assert.Equal("-", SctpBench.Names(bench.Give(SctpBench.Data(1, "2", ssn: 1))));
        Assert.Equal("Sack", SctpBench.Names(bench.Give(SctpBench.Data(2, "3", ssn: 2))));
        Assert.Equal("-", SctpBench.Names(bench.Give(SctpBench.Data(3, "4", ssn: 3))));
        Assert.Equal("-", SctpBench.Names(bench.Wait(0.199)));
        Assert.Equal("Sack", SctpBench.Names(bench.Wait(0.002)));
        Assert.Equal("-", SctpBench.Names(bench.Wait(5)));
    }

    [Fact]
    public void The_I_bit_a_duplicate_and_a_gap_are_acknowledged_at_once()
    {
        var bench = new SctpBench().Open();
        bench.Give(SctpBench.Data(0, "1"));
        Assert.Equal("Sack", SctpBench.Names(bench.Give(SctpBench.Data(1, "2", ssn: 1) with { Immediate = true })));
        var sack = (SackChunk)bench.Give(SctpBench.Data(1, "2", ssn: 1)).Single().Chunks[0];
        Assert.Equal([SctpBench.PeerTsn + 1], sack.DuplicateTsns);
        sack = (SackChunk)bench.Give(SctpBench.Data(5, "6", ssn: 5), SctpBench.Data(6, "7", ssn: 6), SctpBench.Data(8, "9", ssn: 8)).Single().Chunks[0];
        Assert.Equal([(4, 5), (7, 7)], sack.GapAckBlocks.Select(g => ((int)g.Start, (int)g.End)));
        Assert.Equal(SctpBench.PeerTsn + 1, sack.CumulativeTsnAck);
        Assert.Equal("Sack", SctpBench.Names(bench.Give(SctpBench.Data(9, "10", ssn: 9)))); // every packet, until the hole is filled
    }

    [Fact]
    public void An_acknowledgement_that_waits_goes_with_DATA()
    {
        var bench = new SctpBench().Open();
        bench.Give(SctpBench.Data(0, "1"));
        bench.Give(SctpBench.Data(1, "2", ssn: 1));
        bench.Send("x");
        Assert.Equal("Sack Data", SctpBench.Names(bench.Sent.TakeLast(1)));
    }

    [Fact]
    public void A_stream_that_is_not_there_is_reported_and_acknowledged()
    {
        var bench = new SctpBench(policy: new SctpPolicy { InboundStreams = 10 }).Open();
        var answer = bench.Give(SctpBench.Data(0, "x", stream: 10));
        Assert.Equal("Error Sack", SctpBench.Names(answer));
        Assert.Equal(10, Assert.IsType<InvalidStreamIdentifierCause>(SctpBench.Causes(answer).Single()).StreamIdentifier);
        Assert.Empty(bench.Messages);
    }

    // ---- section 6.3: the retransmission timer ----

    [Fact]
    public void RTO_follows_the_round_trip_and_doubles()
    {
        var bench = new SctpBench(policy: new SctpPolicy { RtoMin = TimeSpan.FromMilliseconds(1) }).Open();
        Assert.Equal(TimeSpan.FromSeconds(1), bench.Association.RetransmissionTimeout);
        bench.Send("x");
        bench.Wait(0.1);
        bench.Give(bench.Sack(1));
        Assert.Equal(TimeSpan.FromMilliseconds(300), bench.Association.RetransmissionTimeout); // SRTT 100, RTTVAR 50
        bench.Send("y");
        bench.Wait(0.1);
        bench.Give(bench.Sack(2));
        Assert.Equal(TimeSpan.FromMilliseconds(250), bench.Association.RetransmissionTimeout); // RTTVAR 37.5
        bench.Send("z");
        Assert.Equal([2], bench.Tsns(bench.Wait(0.251)));
        Assert.Equal(TimeSpan.FromMilliseconds(500), bench.Association.RetransmissionTimeout);
        // Rule C5: what was sent again measures nothing.
        bench.Give(bench.Sack(3));
        Assert.Equal(TimeSpan.FromMilliseconds(500), bench.Association.RetransmissionTimeout);
    }

    [Fact]
    public void Ten_retransmissions_in_vain_end_the_association()
    {
        var bench = new SctpBench().Open();
        bench.Send("x");
        var sent = bench.Wait(1000);
        Assert.Equal(10, bench.Tsns(sent).Count());
        Assert.Contains(bench.Events, e => e.StartsWith("Closed: Unreachable"));
        Assert.True(bench.Association.IsEmpty);
    }

    [Fact]
    public void A_timeout_sends_one_packet_and_waits()
    {
        var bench = new SctpBench().Open();
        for (var i = 0; i < 4; i++) bench.Send(new string('x', 1084));
        Assert.Equal(4, bench.Tsns(bench.Sent).Count());
        Assert.Equal([0], bench.Tsns(bench.Wait(1.5)));
        Assert.Equal(1100, bench.Association.CongestionWindow);
        Assert.Equal([1, 2], bench.Tsns(bench.Give(bench.Sack(1)))); // one was acknowledged: slow start
    }

    // ---- section 7.2 ----

    [Fact]
    public void Slow_start_and_then_congestion_avoidance()
    {
        const int pmdcs = 1100;
        var bench = new SctpBench().Open();
        Assert.Equal(4400, bench.Association.CongestionWindow); // min(4 * PMDCS, max(2 * PMDCS, 4404))
        for (var i = 0; i < 200; i++) bench.Send(new string('x', 1084));
        Assert.Equal(4, bench.Tsns(bench.Sent).Count());
        bench.Give(bench.Sack(2));
        Assert.Equal(4400 + pmdcs, bench.Association.CongestionWindow); // at most PMDCS for each SACK
        bench.Give(bench.Sack(4));
        Assert.Equal(4400 + 2 * pmdcs, bench.Association.CongestionWindow);
        // Loss: half, and from there one PMDCS a round trip.
        var before = bench.Association.CongestionWindow;
        for (var i = 1; i <= 3; i++) bench.Give(bench.Sack(4, gaps: (2, 1 + i)));
        Assert.Equal(Math.Max(before / 2, 4 * pmdcs), bench.Association.CongestionWindow);
    }

    [Fact]
    public void Three_miss_indications_send_again_at_once_and_only_once()
    {
        var bench = new SctpBench().Open();
        for (var i = 0; i < 4; i++) bench.Send(new string('x', 900));
        Assert.Empty(bench.Tsns(bench.Give(bench.Sack(0, gaps: (2, 2)))));
        Assert.Empty(bench.Tsns(bench.Give(bench.Sack(0, gaps: (2, 2))))); // acknowledges nothing new: no indication (HTNA)
        Assert.Empty(bench.Tsns(bench.Give(bench.Sack(0, gaps: (2, 3)))));
        Assert.Equal([0], bench.Tsns(bench.Give(bench.Sack(0, gaps: (2, 4)))));
        Assert.Empty(bench.Tsns(bench.Give(bench.Sack(0, gaps: (2, 4)))));
    }

    [Fact]
    public void An_acknowledgement_older_than_the_last_is_dropped_and_one_of_the_future_ends_it()
    {
        var bench = new SctpBench().Open();
        bench.Send("x");
        bench.Send("y");
        bench.Give(bench.Sack(2));
        bench.Give(bench.Sack(1, window: 0));
        Assert.Contains(bench.Discards, d => d.Note.Contains("older"));
        Assert.Equal("Abort", SctpBench.Names(bench.Give(bench.Sack(3))));
    }

    [Fact]
    public void What_was_acknowledged_in_a_gap_may_be_taken_back()
    {
        var bench = new SctpBench().Open();
        for (var i = 0; i < 3; i++) bench.Send(new string('x', 900));
        bench.Give(bench.Sack(0, gaps: (2, 3)));
        var flight = bench.Association.FlightSize;
        bench.Give(bench.Sack(0, gaps: (2, 2)));
        Assert.True(bench.Association.FlightSize > flight);
        bench.Give(bench.Sack(3));
        Assert.Equal((0, 0), (bench.Association.FlightSize, bench.Association.SendBufferBytes));
    }

    // ---- section 6.1 rule A ----

    [Fact]
    public void A_closed_window_is_probed_after_an_RTO_and_less_and_less_often()
    {
        var bench = new SctpBench().Open();
        bench.Send("x");
        bench.Give(bench.Sack(1, window: 0));
        for (var i = 0; i < 3; i++) bench.Send(new string('y', 500));
        var moments = new List<double>();
        for (var i = 0; i < 600; i++)
        {
            var probes = bench.Tsns(bench.Wait(0.1)).ToList();
            if (probes.Count == 0) continue;
            Assert.Equal([1], probes);
            moments.Add(i / 10.0);
            bench.Give(bench.Sack(1, window: 0)); // dropped, and said so
        }
        Assert.Equal([1, 2, 4, 8, 16], moments.Zip(moments.Skip(1), (a, b) => Math.Round(b - a)));
        Assert.Equal(1, Math.Round(moments[0]));
        Assert.Equal(SctpState.Established, bench.Association.State);
        Assert.Equal([2, 3], bench.Tsns(bench.Give(bench.Sack(2, window: 10_000))));
    }

    [Fact]
    public void A_window_stays_closed_for_as_long_as_nobody_reads()
    {
        var pair = new SctpPair(policyB: new SctpPolicy { ReceiveBufferBytes = 20_000 }).Connect();
        pair.B.Association.SetReading(pair.Now, paused: true);
        for (var i = 0; i < 100; i++) pair.Send(pair.A, 0, SctpPair.Message(i, 1000));
        pair.Run(600);
        Assert.Empty(pair.B.Messages);
        Assert.InRange(pair.B.Association.ReceiveBufferBytes, 18_000, 20_000);
        Assert.Equal(SctpState.Established, pair.A.Association.State);
        pair.B.Association.SetReading(pair.Now, paused: false);
        Assert.True(pair.World.RunUntil(() => pair.B.Messages.Count == 100, TimeSpan.FromSeconds(130)));
        Assert.Equal(Enumerable.Range(0, 100), pair.B.Messages.Select(m => BitConverter.ToInt32(m.Bytes)));
    }

    // ---- sections 6.5, 6.6, 6.9 ----

    [Fact]
    public void Sequence_numbers_wrap()
    {
        var pair = new SctpPair(link: new LinkPolicy()).Connect();
        for (var i = 0; i < 70_000; i++)
        {
            Assert.Equal(SctpSendResult.Accepted, pair.Send(pair.A, 1, BitConverter.GetBytes(i)));
            if (i % 1000 == 999) pair.Run(0.5);
        }
        pair.Run(5);
        Assert.Equal(Enumerable.Range(0, 70_000), pair.B.Messages.Select(m => BitConverter.ToInt32(m.Bytes)));
    }

    [Fact]
    public void Unordered_messages_do_not_wait()
    {
        var bench = new SctpBench().Open();
        bench.Give(SctpBench.Data(2, "ordered", ssn: 1));
        bench.Give(SctpBench.Data(3, "unordered", unordered: true));
        bench.Give(SctpBench.Data(5, "tail", unordered: true, beginning: false));
        Assert.Equal(["unordered"], bench.Messages.Select(m => m.Text));
        bench.Give(SctpBench.Data(4, "head ", unordered: true, ending: false));
        Assert.Equal(["unordered", "head tail"], bench.Messages.Select(m => m.Text));
    }

    // ---- what the writer writes ----

    /// <summary>DATA, I-DATA and SACK are written without their records: byte by byte the same.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_packet_is_what_its_record_writes(bool interleaving)
    {
        var pair = new SctpPair(3, new LinkPolicy { Loss = 0.1, Reorder = 0.2, Duplicate = 0.1, Delay = TimeSpan.FromMilliseconds(5) }, new SctpPolicy { Interleaving = interleaving }).Connect();
        for (var i = 0; i < 60; i++)
        {
            pair.Send(pair.A, (ushort)(i % 3), SctpPair.Message(i, i * 97 % 4000), new SctpSendOptions { Unordered = i % 5 == 0 });
            pair.Send(pair.B, (ushort)(i % 3), SctpPair.Message(i, i * 31 % 3000));
            pair.Run(0.05);
        }
        pair.Run(60);
        Assert.Equal(60, pair.A.Messages.Count);
        Assert.All(pair.Sent, s => Assert.Equal(Convert.ToHexString(SctpPair.Packet(s.Bytes).ToArray()), Convert.ToHexString(s.Bytes)));
        Assert.Contains(pair.Sent, s => SctpPair.Packet(s.Bytes).Chunks[0] is SackChunk { GapAckBlocks.Count: > 1, DuplicateTsns.Count: > 0 });
    }
}
