using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.IData;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp.Usrsctp;

// I-DATA and I-FORWARD-TSN (RFC 8260).
public sealed partial class UsrsctpTests
{
    private const int Streams = 4, Rounds = 5;

    // Unfinished messages of all streams together must not fill usrsctp's receive buffer (128 KB): it would close its window, and the ends could not come. Ordered
    // ones may be larger when it hands out beginnings early. After it has done so with unordered ones, version 0.9.5 does not open its window to the full again.
    [Theory]
    [InlineData(false, 45_000, 8_000, 0)]
    [InlineData(false, 45_000, 8_000, 5)]
    [InlineData(false, 25_000, 0, 5)]
    [InlineData(true, 25_000, 0, 0)]
    [InlineData(true, 25_000, 0, 5)]
    public void Large_messages_of_several_streams_interleave(bool unordered, int size, int partialDeliveryPoint, int lossPercent)
    {
        var link = new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10), Loss = lossPercent / 100.0, Reorder = lossPercent / 100.0, Duplicate = lossPercent / 200.0 };
        using var bench = new Bench(true, false, link, seed: 11, interleaves: true, partialDeliveryPoint: partialDeliveryPoint);
        Assert.True(bench.Us.Association.IsInterleaving);

        List<(ushort Stream, int Number)> sent = [.. Enumerable.Range(0, Rounds * Streams).Select(i => ((ushort)(i % Streams), i))];
        foreach (var (stream, number) in sent) bench.Send(stream, SctpPair.Message(number, size), new SctpSendOptions { Unordered = unordered });
        var theirs = new Queue<(ushort Stream, int Number)>(sent);
        bench.Until(() =>
        {
            while (theirs.TryPeek(out var next) && bench.Them.Send(next.Stream, 53, SctpPair.Message(next.Number, size), unordered)) theirs.Dequeue();
            return bench.Us.Messages.Count == sent.Count && bench.Them.Messages.Count == sent.Count;
        }, "not all have come", 3600);

        Check([.. bench.Us.Messages.Select(m => (m.Stream, m.Unordered, m.Bytes))]);
        Check([.. bench.Them.Messages.Select(m => (m.Stream, m.Unordered, m.Bytes))]);
        Assert.All(bench.Them.Messages, m => Assert.Equal(53u, m.Protocol));
        foreach (var ours in (bool[])[true, false])
        {
            var chunks = bench.Chunks(ours);
            Assert.DoesNotContain(chunks, c => c is DataChunk);
            Assert.InRange(MostAtOnce(chunks.OfType<IDataChunk>()), 2, Streams);
        }

        void Check(List<(ushort Stream, bool Unordered, byte[] Bytes)> came)
        {
            Assert.All(came, m => Assert.Equal(SctpPair.Message(BitConverter.ToInt32(m.Bytes), size), m.Bytes));
            Assert.All(came, m => Assert.Equal(unordered, m.Unordered));
            for (ushort stream = 0; stream < Streams; stream++)
            {
                var numbers = came.Where(m => m.Stream == stream).Select(m => BitConverter.ToInt32(m.Bytes)).ToList();
                Assert.Equal(sent.Where(s => s.Stream == stream).Select(s => s.Number), unordered ? numbers.Order() : numbers);
            }
        }
    }

    /// <summary>
    /// Each is larger than the receive buffer of usrsctp, so one goes after the other, and it hands out the beginning of each. Its own three come all
    /// at once, and are larger than our buffer together.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Three_messages_of_a_megabyte_go_both_ways(int lossPercent)
    {
        const int size = 1_000_000;
        var link = new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10), Loss = lossPercent / 100.0, Reorder = lossPercent / 100.0 };
        using var bench = new Bench(true, false, link, seed: 5, interleaves: true, sendBuffer: 4_000_000);
        for (ushort i = 0; i < 3; i++)
        {
            bench.Send(i, SctpPair.Message(i, size));
            Assert.True(bench.Them.Send(i, 53, SctpPair.Message(i, size)));
        }
        bench.Until(() => bench.Us.Messages.Count == 3 && bench.Them.Messages.Count == 3, "not all have come", 3600);
        Assert.All(bench.Us.Messages, m => Assert.Equal(SctpPair.Message(m.Stream, size), m.Bytes));
        Assert.All(bench.Them.Messages, m => Assert.Equal(SctpPair.Message(m.Stream, size), m.Bytes));
        Assert.Equal(1, MostAtOnce(bench.Chunks(ours: true).OfType<IDataChunk>()));
        Assert.Equal(3, MostAtOnce(bench.Chunks(ours: false).OfType<IDataChunk>()));
    }

    /// <summary>How many messages are begun and not ended at once, in the order of their first transmissions.</summary>
    private static int MostAtOnce(IEnumerable<IDataChunk> chunks)
    {
        var (begun, most) = (new HashSet<(ushort, uint)>(), 0);
        foreach (var chunk in chunks.DistinctBy(c => c.Tsn))
        {
            var message = (chunk.StreamIdentifier, chunk.MessageIdentifier);
            begun.Add(message);
            most = Math.Max(most, begun.Count);
            if (chunk.Ending) begun.Remove(message);
        }
        return most;
    }
}
