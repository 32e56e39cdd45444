using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>Stream of messages in = stream of messages out, whatever the network does.</summary>
public class LossTests
{
    /// <summary>Seeds of the normal tier; WRC_LONG=1 runs ten times as many.</summary>
    private static int Seeds(int count) => Environment.GetEnvironmentVariable("WRC_LONG") == "1" ? count * 10 : count;

    private static LinkPolicy Bad(double loss) => new()
    {
        Loss = loss, Duplicate = 0.05, Reorder = 0.1, ReorderDelay = TimeSpan.FromMilliseconds(35),
        Delay = TimeSpan.FromMilliseconds(15), Jitter = TimeSpan.FromMilliseconds(5),
    };

    private static readonly SctpPolicy Patient = new() { MaxInitRetransmits = 40, AssociationMaxRetrans = 60, PathMaxRetrans = 60, ReceiveBufferBytes = 128 * 1024, RtoMax = TimeSpan.FromSeconds(8) };

    public static TheoryData<double, bool, bool> Losses => new()
    {
        { 0, false, false }, { 0.05, false, true }, { 0.20, true, false }, { 0.40, true, true }, { 0.20, false, true }, { 0.05, true, false }, { 0.40, false, false }, { 0, true, true },
    };

    [Theory, MemberData(nameof(Losses))]
    public void Everything_arrives_once_and_in_order(double loss, bool both, bool interleaving)
    {
        for (var seed = 1; seed <= Seeds(250); seed++) Transfer((ulong)seed, loss, both, interleaving);
    }

    private static string Transfer(ulong seed, double loss, bool both, bool interleaving)
    {
        var where = $"seed {seed}, loss {loss}, both begin {both}, interleaving {interleaving}";
        var pair = new SctpPair(seed, Bad(loss), Patient with { Interleaving = interleaving, Scheduler = (SctpScheduler)(seed % 6) });
        pair.A.Association.Connect(pair.Now);
        if (both) pair.B.Association.Connect(pair.Now);
        var random = new Entropy(seed).Fork("messages");
        List<(ushort Stream, byte[] Bytes)>[] sent = [[], []];
        for (var i = 0; i < 24; i++)
        {
            var side = (int)random.UniformBelow(2);
            var stream = (ushort)random.UniformBelow(4);
            var length = random.UniformBelow(5) switch { 0 => 4, 1 => 20_000, 2 => 1100, _ => 300 };
            var message = SctpPair.Message(i, length);
            var unordered = stream == 3;
            Assert.Equal(SctpSendResult.Accepted, pair.Send(side == 0 ? pair.A : pair.B, stream, message, new SctpSendOptions { Unordered = unordered }));
            sent[side].Add((stream, message));
            if (random.UniformBelow(3) == 0) pair.Run(random.UniformBelow(100) / 1000.0);
        }
        Assert.True(pair.World.RunUntil(() => pair.B.Messages.Count >= sent[0].Count && pair.A.Messages.Count >= sent[1].Count, TimeSpan.FromMinutes(30)),
            $"{where}: {pair.B.Messages.Count} of {sent[0].Count} and {pair.A.Messages.Count} of {sent[1].Count} came; {pair.A.Association.State} {pair.B.Association.State} {pair.A.Close} {pair.B.Close}");
        pair.A.Association.Shutdown(pair.Now);
        Assert.True(pair.World.RunUntil(() => pair.A.Close is not null && pair.B.Close is not null, TimeSpan.FromMinutes(30)), $"{where}: not shut down");
        pair.Run(300);
        Check(where, sent[0], pair.B);
        Check(where, sent[1], pair.A);
        Assert.True(pair.A.Association.IsEmpty && pair.B.Association.IsEmpty, $"{where}: something is left");
        return pair.World.TraceHash;
    }

    private static void Check(string where, List<(ushort Stream, byte[] Bytes)> sent, SctpEnd receiver)
    {
        Assert.Equal(sent.Count, receiver.Messages.Count);
        foreach (var stream in sent.Select(s => s.Stream).Distinct())
        {
            var expected = sent.Where(s => s.Stream == stream).Select(s => Convert.ToHexString(s.Bytes));
            var came = receiver.Messages.Where(m => m.Stream == stream).Select(m => Convert.ToHexString(m.Bytes));
            if (stream == 3) (expected, came) = (expected.Order(), came.Order());
            Assert.True(expected.SequenceEqual(came), $"{where}: stream {stream} differs");
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_trace()
    {
        Assert.Equal(Transfer(77, 0.2, true, true), Transfer(77, 0.2, true, true));
        Assert.NotEqual(Transfer(77, 0.2, true, true), Transfer(78, 0.2, true, true));
    }

    /// <summary>Every packet of the set-up may be lost, and every pair of packets.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Dropping_any_one_or_two_packets_of_the_set_up_does_no_harm(bool both)
    {
        const int packets = 14;
        for (var first = 0; first < packets; first++)
            for (var second = first; second < packets; second++)
            {
                var pair = new SctpPair(9);
                var number = 0;
                pair.World.Datagrams.Add((Instant _, ref Datagram _) => number++ is var n && (n == first || n == second) ? Disposition.Drop : Disposition.Pass);
                pair.Send(pair.A, 0, [1]);
                pair.Send(pair.B, 0, [2]);
                pair.Connect(both);
                Assert.True(pair.World.RunUntil(() => pair.A.Messages.Count == 1 && pair.B.Messages.Count == 1, TimeSpan.FromMinutes(2)), $"without packets {first} and {second}");
            }
    }
}
