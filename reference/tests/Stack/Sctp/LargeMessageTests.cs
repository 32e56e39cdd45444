using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.IData;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>RFC 9260 section 6.9: messages that together, or alone, are larger than the receive buffer.</summary>
public class LargeMessageTests
{
    private const int Large = 1_000_000;
    private const double Unbounded = double.PositiveInfinity;

    private static LinkPolicy Link(int lossPercent) => new() { Delay = TimeSpan.FromMilliseconds(10), Loss = lossPercent / 100.0, Reorder = lossPercent / 100.0 };

    private static void Exchange(SctpPair pair, int messages, int size, bool unordered)
    {
        for (var i = 0; i < messages; i++)
        {
            foreach (var end in (SctpEnd[])[pair.A, pair.B])
                Assert.Equal(SctpSendResult.Accepted, pair.Send(end, (ushort)i, SctpPair.Message(i, size), new SctpSendOptions { Unordered = unordered }));
        }
        pair.World.RunUntil(() => pair.A.Messages.Count == messages && pair.B.Messages.Count == messages || pair.A.Close is not null, TimeSpan.FromMinutes(60));
        foreach (var end in (SctpEnd[])[pair.A, pair.B])
        {
            Assert.Null(end.Close?.Note);
            Assert.Equal(Enumerable.Range(0, messages), end.Messages.Select(m => (int)m.Stream).Order());
            Assert.All(end.Messages, m => Assert.Equal(SctpPair.Message(m.Stream, size), m.Bytes));
            Assert.Equal(0, end.Association.ReceiveBufferBytes);
        }
    }

    /// <summary>Three messages begin at once, each of half the receive buffer: from a peer that minds, and from one that does not.</summary>
    [Theory]
    [InlineData(0.75, 0, false)]
    [InlineData(0.75, 5, true)]
    [InlineData(Unbounded, 0, false)]
    [InlineData(Unbounded, 0, true)]
    [InlineData(Unbounded, 5, false)]
    [InlineData(Unbounded, 5, true)]
    public void Unfinished_messages_together_may_be_larger_than_the_receive_buffer(double share, int lossPercent, bool unordered)
    {
        var pair = new SctpPair(7, Link(lossPercent), new SctpPolicy { Interleaving = true, UnfinishedShare = share }).Connect();
        Exchange(pair, 3, Large, unordered);
    }

    [Theory]
    [InlineData(false, 0, false)]
    [InlineData(false, 5, true)]
    [InlineData(true, 0, true)]
    [InlineData(true, 5, false)]
    public void One_message_may_be_larger_than_the_receive_buffer(bool interleaving, int lossPercent, bool unordered)
    {
        var pair = new SctpPair(3, Link(lossPercent), new SctpPolicy { Interleaving = interleaving, ReceiveBufferBytes = 100_000 }).Connect();
        Exchange(pair, 2, Large, unordered);
    }

    /// <summary>A buffer of a few packets, so that it is full again and again, and what fills gaps is lost, too.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_small_buffer_never_stalls_under_loss(bool interleaving)
    {
        for (ulong seed = 1; seed <= 12; seed++)
        {
            var policy = new SctpPolicy
            {
                Interleaving = interleaving, ReceiveBufferBytes = 8_000, UnfinishedShare = Unbounded, RtoMax = TimeSpan.FromSeconds(2),
                MaxInitRetransmits = 40, AssociationMaxRetrans = 1000, PathMaxRetrans = 1000,
            };
            var link = new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10), Loss = 0.3, Reorder = 0.3, Duplicate = 0.1 };
            var pair = new SctpPair(seed, link, policy).Connect(within: 600);
            Exchange(pair, 6, 20_000, unordered: seed % 2 == 0);
        }
    }

    [Fact]
    public void Messages_that_nobody_reads_close_the_window_and_those_that_grow_do_not()
    {
        var pair = new SctpPair(policy: new SctpPolicy { Interleaving = true, UnfinishedShare = Unbounded, ReceiveBufferBytes = 200_000 }).Connect();
        pair.B.Association.SetReading(pair.Now, paused: true);
        for (ushort i = 0; i < 10; i++) pair.Send(pair.A, i, SctpPair.Message(i, 150_000));
        pair.Run(60);
        Assert.Equal(SctpState.Established, pair.B.Association.State);
        Assert.InRange(pair.B.Association.ReceiveBufferBytes, 300_000, 1_500_000);
        pair.B.Association.SetReading(pair.Now, paused: false);
        Assert.True(pair.World.RunUntil(() => pair.B.Messages.Count == 10, TimeSpan.FromMinutes(5)));
    }

    // ---- the bounds of the receiver ----

    [Fact]
    public void Who_begins_more_than_the_policy_allows_ends_the_association_by_name()
    {
        var policy = new SctpPolicy { Interleaving = true, UnfinishedShare = Unbounded, SendBufferBytes = 20_000_000 };
        var link = new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10), BitsPerSecond = 50_000_000 };
        var pair = new SctpPair(link: link, policy: policy, policyB: policy with { MaxUnfinishedBytes = 3_000_000 }).Connect();
        for (ushort i = 0; i < 8; i++) Assert.Equal(SctpSendResult.Accepted, pair.Send(pair.A, i, SctpPair.Message(i, Large)));
        var (most, mostMemory) = (0, 0L);
        var end = pair.Now + TimeSpan.FromMinutes(10);
        while (pair.A.IsOpen && pair.Now < end)
        {
            pair.Run(0.01);
            (most, mostMemory) = (Math.Max(most, pair.B.Association.ReceiveBufferBytes), Math.Max(mostMemory, pair.B.Association.ReceiveBufferCapacity));
        }
        Assert.Equal((SctpCloseReason.OutOfResource, "unfinished messages of more than 3000000 bytes"), (pair.B.Close!.Reason, pair.B.Close.Note));
        Assert.Equal(SctpCloseReason.PeerAbort, pair.A.Close!.Reason);
        Assert.Equal("OutOfResourceCause", pair.A.Close.Causes.Single().GetType().Name);
        Assert.InRange(most, 2_900_000, 3_000_000 + 2_621_440);
        Assert.InRange(mostMemory, 2_900_000, 2 * most + 5_000_000);
        Assert.True(pair.B.Association.IsEmpty);
        Assert.InRange(pair.B.Association.ReceiveBufferCapacity, 0, 2 * 1024 * 1024);
    }

    [Fact]
    public void A_message_of_the_largest_size_fits_whatever_the_other_bounds_are()
    {
        var pair = new SctpPair(policy: new SctpPolicy { ReceiveBufferBytes = 10_000, MaxUnfinishedBytes = 0, MaxReceiveMessageBytes = 300_000 }).Connect();
        pair.Send(pair.A, 0, SctpPair.Message(1, 300_000));
        Assert.True(pair.World.RunUntil(() => pair.B.Messages.Count == 1, TimeSpan.FromMinutes(5)));
        pair.Send(pair.A, 0, SctpPair.Message(1, 300_001));
        Assert.True(pair.World.RunUntil(() => pair.B.Close is not null, TimeSpan.FromMinutes(5)));
        Assert.Equal("a message of more than 300000 bytes", pair.B.Close!.Note);
    }

    /// <summary>Beginnings of one byte, in buffers that were made for large messages.</summary>
    [Fact]
    public void Small_beginnings_do_not_hold_the_buffers_of_large_messages()
    {
        var bench = new SctpBench(policy: new SctpPolicy { ReceiveBufferBytes = 100_000 }).Open();
        var (n, chunk) = (0, new string('x', 16_000));
        for (ushort round = 0; round < 200; round++)
        {
            for (var i = 0; i < 12; i++) bench.Give(SctpBench.Data(n++, chunk, stream: 1, ssn: round, beginning: i == 0, ending: i == 11));
            bench.Give(SctpBench.Data(n++, "x", stream: 2, unordered: true, ending: false));
        }
        Assert.Equal(200, bench.Messages.Count);
        Assert.Equal(200, bench.Association.ReceiveBufferBytes);
        Assert.InRange(bench.Association.ReceiveBufferCapacity, 200, 5 * 1024 * 1024);
    }

    [Fact]
    public void Many_small_chunks_of_one_message_are_one_fragment()
    {
        var bench = new SctpBench(policy: new SctpPolicy { MaxReassemblyChunks = 10 }).Open();
        for (var i = 0; i < 5000; i++) bench.Give(SctpBench.Data(i, "ab", beginning: i == 0, ending: i == 4999));
        Assert.Equal(10_000, bench.Messages.Single().Text.Length);
    }

    // ---- what the sender bounds ----

    [Theory]
    [InlineData(SctpScheduler.FirstComeFirstServed)]
    [InlineData(SctpScheduler.RoundRobin)]
    [InlineData(SctpScheduler.RoundRobinPerPacket)]
    [InlineData(SctpScheduler.Priority)]
    [InlineData(SctpScheduler.FairCapacity)]
    [InlineData(SctpScheduler.WeightedFairQueueing)]
    public void Unfinished_messages_have_a_share_of_the_buffer_of_the_peer_and_a_larger_one_goes_alone(SctpScheduler scheduler)
    {
        const int size = 30_000;
        var pair = new SctpPair(policy: new SctpPolicy { Interleaving = true, Scheduler = scheduler, ReceiveBufferBytes = 128 * 1024 }).Connect();
        for (ushort i = 0; i < 24; i++)
        {
            pair.A.Association.SetPriority((ushort)(i % 8), (ushort)(1 + i % 8));
            pair.Send(pair.A, (ushort)(i % 8), SctpPair.Message(i, i == 3 ? 200_000 : size));
            pair.Send(pair.A, (ushort)(i % 8), SctpPair.Message(i, 500));
        }
        Assert.True(pair.World.RunUntil(() => pair.B.Messages.Count == 48, TimeSpan.FromMinutes(5)));

        var lengths = new Dictionary<(ushort, uint), int>();
        var sent = pair.Sent.Where(s => s.From == 'a').SelectMany(s => SctpPair.Packet(s.Bytes).Chunks);
        List<IDataChunk> chunks = [.. sent.OfType<IDataChunk>().DistinctBy(c => c.Tsn)];
        foreach (var chunk in chunks) lengths[Key(chunk)] = lengths.GetValueOrDefault(Key(chunk)) + chunk.UserData.Length;
        var (begun, most) = (new HashSet<(ushort, uint)>(), 0);
        foreach (var chunk in chunks)
        {
            begun.Add(Key(chunk));
            if (chunk.Ending) begun.Remove(Key(chunk));
            var unfinished = begun.Where(k => lengths[k] > 1000).Select(k => lengths[k]).ToList();
            if (unfinished.Count > 1) Assert.InRange(unfinished.Sum(), 0, 0.75 * 128 * 1024);
            most = Math.Max(most, unfinished.Count);
        }
        Assert.Equal(scheduler is SctpScheduler.FirstComeFirstServed or SctpScheduler.Priority ? 1 : 3, most);

        static (ushort, uint) Key(IDataChunk chunk) => (chunk.StreamIdentifier, chunk.MessageIdentifier);
    }

    /// <summary>Others always have more to send, and each of their messages would fit.</summary>
    [Theory]
    [InlineData(SctpScheduler.RoundRobin)]
    [InlineData(SctpScheduler.RoundRobinPerPacket)]
    [InlineData(SctpScheduler.FairCapacity)]
    [InlineData(SctpScheduler.WeightedFairQueueing)]
    public void A_large_message_is_not_overtaken_for_ever(SctpScheduler scheduler)
    {
        var link = new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10), BitsPerSecond = 10_000_000 };
        var pair = new SctpPair(link: link, policy: new SctpPolicy { Interleaving = true, Scheduler = scheduler, ReceiveBufferBytes = 128 * 1024 }).Connect();
        var number = 100;
        for (ushort stream = 0; stream < 3; stream++) Refill(stream);
        pair.Run(0.2);
        pair.Send(pair.A, 5, SctpPair.Message(1, 120_000));
        for (var i = 0; i < 3000 && pair.B.Messages.All(m => m.Stream != 5); i++)
        {
            pair.Run(0.01);
            for (ushort stream = 0; stream < 3; stream++)
                if (pair.A.Association.BufferedAmount(stream) < 60_000) Refill(stream);
        }
        Assert.Single(pair.B.Messages, m => m.Stream == 5);
        Assert.InRange(pair.B.Messages.Count, 5, 60);

        void Refill(ushort stream)
        {
            for (var i = 0; i < 3; i++) pair.Send(pair.A, stream, SctpPair.Message(number++, 20_000 + 7_000 * stream));
        }
    }
}
