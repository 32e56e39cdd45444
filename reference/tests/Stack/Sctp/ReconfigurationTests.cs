using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.ReConfig;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>RFC 6525, and the schedulers of RFC 8260.</summary>
public class ReconfigurationTests
{
    private static ReConfigChunk Reset(SctpBench bench, uint number, uint lastTsn, params ushort[] streams) => new()
    {
        Parameters = [new OutgoingSsnResetRequestParameter { RequestSequenceNumber = SctpBench.PeerTsn + number, ResponseSequenceNumber = bench.Tsn - 1, LastAssignedTsn = lastTsn, StreamNumbers = [.. streams] }],
    };

    private static string Result(IEnumerable<SctpPacket> packets) =>
        string.Join(" ", packets.SelectMany(p => p.Chunks).OfType<ReConfigChunk>().SelectMany(c => c.Parameters).OfType<ReConfigurationResponseParameter>().Select(r => r.Result));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Either_side_resets_and_the_numbers_begin_anew(bool server)
    {
        for (var seed = 1UL; seed <= 30; seed++)
        {
            var pair = new SctpPair(seed, new LinkPolicy { Loss = 0.2, Reorder = 0.2, Delay = TimeSpan.FromMilliseconds(10) }, new SctpPolicy { Interleaving = seed % 2 == 0 }).Connect(within: 300);
            var (from, to) = server ? (pair.B, pair.A) : (pair.A, pair.B);
            for (var round = 0; round < 3; round++)
            {
                for (var i = 0; i < 5; i++) pair.Send(from, 3, SctpPair.Message(round * 5 + i, 3000));
                Assert.True(from.Association.ResetStreams(pair.Now, 3));
            }
            Assert.True(pair.World.RunUntil(() => to.Messages.Count == 15 && from.Events.Count(e => e == "OutgoingStreamsReset 3") == 3, TimeSpan.FromMinutes(10)),
                $"seed {seed}: {to.Messages.Count} messages, {string.Join("; ", from.Events)}");
            Assert.Equal(Enumerable.Range(0, 15), to.Messages.Select(m => BitConverter.ToInt32(m.Bytes)));
            Assert.Equal(3, to.Events.Count(e => e == "IncomingStreamsReset 3"));
        }
    }

    [Fact]
    public void A_reset_waits_for_what_was_sent_before_and_holds_what_was_sent_after()
    {
        var bench = new SctpBench().Open();
        bench.Give(SctpBench.Data(0, "0", stream: 2));
        Assert.Equal("InProgress", Result(bench.Give(Reset(bench, 0, SctpBench.PeerTsn + 2, 2))));
        bench.Give(SctpBench.Data(3, "after", stream: 2));
        bench.Give(SctpBench.Data(2, "2", stream: 2, ssn: 2));
        Assert.Equal(["0"], bench.Messages.Select(m => m.Text));
        Assert.Equal("SuccessPerformed", Result(bench.Give(SctpBench.Data(1, "1", stream: 2, ssn: 1))));
        Assert.Equal(["0", "1", "2", "after"], bench.Messages.Select(m => m.Text));
        Assert.Equal("SuccessPerformed", Result(bench.Give(Reset(bench, 0, SctpBench.PeerTsn + 2, 2)))); // asked again: the same request
        Assert.Single(bench.Events, "IncomingStreamsReset 2");
        Assert.Equal(0, bench.Association.ReceiveBufferBytes);
    }

    [Fact]
    public void Requests_are_answered_by_what_they_ask()
    {
        var bench = new SctpBench(policy: new SctpPolicy { InboundStreams = 110, OutboundStreams = 110 }).Open();
        Assert.Equal("ErrorBadSequenceNumber", Result(bench.Give(Reset(bench, 7, SctpBench.PeerTsn - 1, 0))));
        Assert.Equal("ErrorWrongSsn", Result(bench.Give(Reset(bench, 0, SctpBench.PeerTsn - 1, 100))));
        Assert.Equal("Denied", Result(bench.Give(new ReConfigChunk { Parameters = [new SsnTsnResetRequestParameter { RequestSequenceNumber = SctpBench.PeerTsn + 1 }] })));
        Assert.Equal("SuccessPerformed", Result(bench.Give(new ReConfigChunk { Parameters = [new AddOutgoingStreamsRequestParameter { RequestSequenceNumber = SctpBench.PeerTsn + 2, NewStreams = 10 }] })));
        Assert.Equal(110, bench.Association.InboundStreams);
        Assert.Equal("Denied", Result(bench.Give(new ReConfigChunk { Parameters = [new AddOutgoingStreamsRequestParameter { RequestSequenceNumber = SctpBench.PeerTsn + 3, NewStreams = 1 }] })));
        var answer = bench.Give(new ReConfigChunk { Parameters = [new AddIncomingStreamsRequestParameter { RequestSequenceNumber = SctpBench.PeerTsn + 4, NewStreams = 10 }] });
        Assert.Equal("SuccessPerformed", Result(answer));
        Assert.Equal(10, answer.SelectMany(p => p.Chunks).OfType<ReConfigChunk>().SelectMany(c => c.Parameters).OfType<AddOutgoingStreamsRequestParameter>().Single().NewStreams);
        bench.Give(new ReConfigChunk { Parameters = [new ReConfigurationResponseParameter { ResponseSequenceNumber = bench.Tsn, Result = ReConfigResult.SuccessPerformed }] });
        Assert.Equal(110, bench.Association.OutboundStreams);
    }

    [Fact]
    public void The_peer_may_be_asked_to_reset()
    {
        var pair = new SctpPair().Connect();
        pair.Send(pair.B, 6, [1]);
        pair.Run(1);
        Assert.True(pair.A.Association.RequestReset(pair.Now, 6));
        pair.Run(2);
        Assert.Contains("IncomingStreamsReset 6", pair.A.Events);
        Assert.Contains("OutgoingStreamsReset 6", pair.B.Events);
        pair.Send(pair.B, 6, [2]);
        pair.Run(1);
        Assert.Equal(2, pair.A.Messages.Count);
    }

    [Fact]
    public void Streams_are_added()
    {
        var pair = new SctpPair(policy: new SctpPolicy { OutboundStreams = 10 }, policyB: new SctpPolicy { InboundStreams = 100, OutboundStreams = 30 }).Connect();
        Assert.Equal((10, 10), (pair.A.Association.OutboundStreams, pair.B.Association.InboundStreams));
        Assert.True(pair.A.Association.AddStreams(pair.Now, 5, 0));
        pair.Run(2);
        Assert.Equal((15, 15), (pair.A.Association.OutboundStreams, pair.B.Association.InboundStreams));
        pair.Send(pair.A, 14, [1]);
        pair.Run(1);
        Assert.Single(pair.B.Messages);
    }

    [Fact]
    public void A_request_that_is_not_answered_is_sent_again_and_ends_the_association()
    {
        var bench = new SctpBench().Open();
        bench.Association.ResetStreams(bench.Now, 1);
        bench.Drain();
        var requests = bench.Wait(2000).SelectMany(p => p.Chunks).OfType<ReConfigChunk>().ToList();
        Assert.InRange(requests.Count, 5, 11);
        Assert.Single(requests.Distinct()); // the same, with the same number
        Assert.Contains(bench.Events, e => e.StartsWith("Closed: Unreachable"));
    }

    [Fact]
    public void Without_support_nothing_is_asked()
    {
        var pair = new SctpPair(policyB: new SctpPolicy { StreamReconfiguration = false }).Connect();
        Assert.False(pair.A.Association.ResetStreams(pair.Now, 1));
        Assert.False(pair.A.Association.CanReconfigure);
    }

    // ---- schedulers ----

    /// <summary>Three streams with four messages of two chunks each, all at once: the order in which chunks go.</summary>
    [Theory]
    [InlineData(SctpScheduler.FirstComeFirstServed, true, "000000001111111122222222")]
    [InlineData(SctpScheduler.RoundRobin, true, "012012012012012012012012")]
    [InlineData(SctpScheduler.RoundRobin, false, "001122001122001122001122")]
    [InlineData(SctpScheduler.RoundRobinPerPacket, true, "012012012012012012012012")]
    [InlineData(SctpScheduler.Priority, true, "222222221111111100000000")]
    [InlineData(SctpScheduler.FairCapacity, true, "012012012012012012012012")]
    public void Schedulers_choose_streams(SctpScheduler scheduler, bool interleaving, string order)
    {
        var pair = new SctpPair(policy: new SctpPolicy { Scheduler = scheduler, Interleaving = interleaving }).Connect();
        for (ushort stream = 0; stream < 3; stream++)
        {
            pair.A.Association.SetPriority(stream, (ushort)(100 * (stream + 1)));
            for (var i = 0; i < 4; i++) pair.Send(pair.A, stream, new byte[2000]);
        }
        pair.Run(10);
        Assert.Equal(order, Order(pair));
    }

    [Fact]
    public void Weighted_fair_queueing_gives_bytes_by_weight()
    {
        var pair = new SctpPair(policy: new SctpPolicy { Interleaving = true }).Connect();
        for (ushort stream = 0; stream < 2; stream++)
        {
            pair.A.Association.SetPriority(stream, (ushort)(stream == 0 ? 128 : 512));
            for (var i = 0; i < 50; i++) pair.Send(pair.A, stream, new byte[1000]);
        }
        pair.Run(10);
        Assert.InRange(Order(pair)[..50].Count(c => c == '1'), 39, 41);
    }

    private static string Order(SctpPair pair) => string.Concat(pair.Sent.Where(s => s.From == 'a').SelectMany(s => SctpPair.Packet(s.Bytes).Chunks).Select(c => c switch
    {
        DataChunk data => $"{data.StreamIdentifier}",
        WebRtcConformance.Wire.IData.IDataChunk data => $"{data.StreamIdentifier}",
        _ => "",
    }));
}
