using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.ForwardTsn;
using WebRtcConformance.Wire.IData;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>RFC 3758 with the policies of RFC 8831 section 6.1, and I-FORWARD-TSN of RFC 8260.</summary>
public class PartialReliabilityTests
{
    private static LinkPolicy Lossy(double loss) => new() { Loss = loss, Reorder = 0.1, Duplicate = 0.05, ReorderDelay = TimeSpan.FromMilliseconds(25), Delay = TimeSpan.FromMilliseconds(15) };

    public static TheoryData<bool, bool, bool> Policies => [.. from timed in new[] { false, true } from unordered in new[] { false, true } from interleaving in new[] { false, true } select (timed, unordered, interleaving)];

    /// <summary>What arrives is part of what was sent, whole, once, in order where that was asked; and what comes after is not held up.</summary>
    [Theory, MemberData(nameof(Policies))]
    public void Some_is_lost_and_nothing_else_happens(bool timed, bool unordered, bool interleaving)
    {
        var lost = 0;
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var pair = new SctpPair(seed, Lossy(0.25), new SctpPolicy { Interleaving = interleaving, MaxInitRetransmits = 40, AssociationMaxRetrans = 40 }).Connect(within: 1000);
            var options = new SctpSendOptions
            {
                Unordered = unordered, MaxRetransmissions = timed ? null : (int)(seed % 3), Lifetime = timed ? TimeSpan.FromMilliseconds(100 + 200 * (seed % 3)) : null,
            };
            for (var i = 0; i < 40; i++)
            {
                pair.Send(pair.A, (ushort)(i % 2), SctpPair.Message(i, i % 4 == 0 ? 6000 : 200), options);
                pair.Run(0.03);
            }
            pair.Send(pair.A, 7, "last"u8.ToArray());
            Assert.True(pair.World.RunUntil(() => pair.B.Messages.Any(m => m.Stream == 7) && pair.A.Association.SendBufferBytes == 0, TimeSpan.FromMinutes(30)),
                $"seed {seed}: stuck with {pair.A.Association.SendBufferBytes} bytes; {pair.A.Close}");
            pair.Run(60);
            var came = pair.B.Messages.Where(m => m.Stream != 7).ToList();
            Assert.All(came, m => Assert.True(m.Bytes.SequenceEqual(SctpPair.Message(BitConverter.ToInt32(m.Bytes), m.Bytes.Length)), $"seed {seed}: a message is damaged"));
            var numbers = came.Select(m => BitConverter.ToInt32(m.Bytes)).ToList();
            Assert.Equal(numbers.Count, numbers.Distinct().Count());
            if (!unordered)
                for (var stream = 0; stream < 2; stream++) Assert.Equal(numbers.Where(n => n % 2 == stream).Order(), numbers.Where(n => n % 2 == stream));
            Assert.Equal(40 - numbers.Count, pair.A.Events.Count(e => e.StartsWith("Abandoned")) - Late(pair, numbers));
            Assert.Equal(0, pair.B.Association.ReceiveBufferBytes);
            lost += 40 - numbers.Count;
        }
        Assert.InRange(lost, 20, 40 * 40 * 3 / 4);
    }

    /// <summary>Messages that were given up although they had come: only the acknowledgement was lost.</summary>
    private static int Late(SctpPair pair, List<int> came) => pair.A.Events.Count(e => e.StartsWith("Abandoned")) + came.Count - 40;

    [Fact]
    public void No_retransmissions_and_no_time()
    {
        var bench = new SctpBench().Open();
        bench.Send("x", options: new SctpSendOptions { MaxRetransmissions = 0 });
        bench.Send("y", stream: 4, options: new SctpSendOptions { MaxRetransmissions = 0 });
        var forward = bench.Wait(1.1).SelectMany(p => p.Chunks).OfType<ForwardTsnChunk>().Single();
        Assert.Equal(bench.Tsn + 1, forward.NewCumulativeTsn);
        Assert.Equal([(0, 0), (4, 0)], forward.Streams.Select(s => ((int)s.Stream, (int)s.StreamSequence)));
        // Lost too: it comes again with the timer, until it is acknowledged.
        Assert.NotEmpty(bench.Wait(5).SelectMany(p => p.Chunks).OfType<ForwardTsnChunk>());
        bench.Give(bench.Sack(2));
        Assert.Empty(bench.Wait(100).SelectMany(p => p.Chunks).OfType<ForwardTsnChunk>());
        Assert.Equal(0, bench.Association.SendBufferBytes);

        // Expired before it was ever sent: it takes no TSN.
        bench.Give(bench.Sack(2, window: 0));
        bench.Send("z", options: new SctpSendOptions { Lifetime = TimeSpan.FromMilliseconds(10) });
        bench.Wait(2);
        bench.Give(bench.Sack(2));
        bench.Send("w");
        Assert.Equal([2], bench.Tsns(bench.Sent.TakeLast(1)));
    }

    /// <summary>Rule A3: parts that have no TSN yet are given up too, and one TSN stands for them.</summary>
    [Fact]
    public void A_message_that_is_partly_sent_is_given_up_as_a_whole()
    {
        var bench = new SctpBench().Open();
        bench.Send(new string('x', 50_000), options: new SctpSendOptions { Lifetime = TimeSpan.FromMilliseconds(500) });
        var sent = bench.Tsns(bench.Sent).Count();
        bench.Give(bench.Sack(sent, window: 0)); // all that was sent has come; the rest waits for the window, and expires
        bench.Wait(2);
        var forward = bench.Give(bench.Sack(sent, window: 100_000)).SelectMany(p => p.Chunks).OfType<ForwardTsnChunk>().Single();
        Assert.Equal(bench.Tsn + (uint)sent, forward.NewCumulativeTsn);
        bench.Give(bench.Sack(sent + 1));
        Assert.Equal(0, bench.Association.SendBufferBytes);
        Assert.Equal(0, bench.Association.BufferedAmount(0));
    }

    [Fact]
    public void FORWARD_TSN_releases_what_waits_and_drops_what_is_incomplete()
    {
        var bench = new SctpBench().Open();
        bench.Give(SctpBench.Data(1, "part", ssn: 0, ending: false)); // TSN 0 is lost, and of this message the end
        bench.Give(SctpBench.Data(3, "two", ssn: 1));
        bench.Give(SctpBench.Data(5, "three", ssn: 3));
        var sack = (SackChunk)bench.Give(new ForwardTsnChunk { NewCumulativeTsn = SctpBench.PeerTsn + 2, Streams = [new SkippedStream { Stream = 0, StreamSequence = 0 }] }).Single().Chunks[0];
        Assert.Equal(SctpBench.PeerTsn + 3, sack.CumulativeTsnAck); // and further over what has come
        Assert.Equal(["two"], bench.Messages.Select(m => m.Text));
        bench.Give(new ForwardTsnChunk { NewCumulativeTsn = SctpBench.PeerTsn + 4, Streams = [new SkippedStream { Stream = 0, StreamSequence = 2 }] });
        Assert.Equal(["two", "three"], bench.Messages.Select(m => m.Text));
        Assert.Equal(0, bench.Association.ReceiveBufferBytes);
        Assert.Equal("Sack", SctpBench.Names(bench.Give(new ForwardTsnChunk { NewCumulativeTsn = SctpBench.PeerTsn + 1 }))); // out of date
        Assert.Equal("Sack", SctpBench.Names(bench.Give(SctpBench.Data(0, "late")))); // what was skipped is a duplicate
        Assert.Equal(2, bench.Messages.Count);
    }

    [Fact]
    public void The_other_kind_of_FORWARD_TSN_or_DATA_ends_the_association()
    {
        static string After(bool interleaving, SctpChunk chunk)
        {
            var policy = new SctpPolicy { Interleaving = true };
            var bench = new SctpBench(policy: policy).Open(interleaving
                ? [new ForwardTsnSupportedParameter(), new WebRtcConformance.Wire.Asconf.SupportedExtensionsParameter { ChunkTypes = [SctpChunkType.IData, SctpChunkType.IForwardTsn] }]
                : SctpBench.Usual);
            Assert.Equal(interleaving, bench.Association.IsInterleaving);
            bench.Give(chunk);
            return bench.Association.State.ToString();
        }

        var idata = new IDataChunk { Tsn = SctpBench.PeerTsn, StreamIdentifier = 0, MessageIdentifier = 0, ProtocolIdentifierOrFragmentNumber = 53, Beginning = true, Ending = true, UserData = "x"u8.ToArray() };
        Assert.Equal("Established", After(true, idata));
        Assert.Equal("Closed", After(false, idata));
        Assert.Equal("Established", After(false, SctpBench.Data(0, "x")));
        Assert.Equal("Closed", After(true, SctpBench.Data(0, "x")));
        Assert.Equal("Closed", After(true, new ForwardTsnChunk { NewCumulativeTsn = SctpBench.PeerTsn }));
        Assert.Equal("Closed", After(false, new IForwardTsnChunk { NewCumulativeTsn = SctpBench.PeerTsn }));
        Assert.Equal("Established", After(true, new IForwardTsnChunk { NewCumulativeTsn = SctpBench.PeerTsn }));
    }

    [Fact]
    public void A_peer_without_it_gets_everything()
    {
        var pair = new SctpPair(4, new LinkPolicy { Loss = 0.2, Delay = TimeSpan.FromMilliseconds(5) }, policyB: new SctpPolicy { PartialReliability = false }).Connect();
        for (var i = 0; i < 50; i++) pair.Send(pair.A, 0, SctpPair.Message(i, 2000), new SctpSendOptions { MaxRetransmissions = 0, Lifetime = TimeSpan.FromMilliseconds(1) });
        pair.Run(300);
        Assert.Equal(50, pair.B.Messages.Count);
    }
}
