using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>A handshake completes, whatever the path loses, repeats and reorders.</summary>
public class DtlsLossTests
{
    /// <summary>Small fragments, so that there are many datagrams to lose.</summary>
    private static readonly DtlsPolicy Many = new() { MaxDatagram = 200, CookieExchange = true };

    public static TheoryData<bool> Sizes => new(false, true);

    private static DtlsPair Make(bool many, ulong seed = 1, LinkPolicy? link = null) =>
        many ? new DtlsPair(seed, link, Many, Many) : new DtlsPair(seed, link);

    /// <summary>How many datagrams a handshake without loss has; every one of them and every pair is dropped below.</summary>
    private static int CountDatagrams(bool many)
    {
        var (pair, sent) = (Make(many), 0);
        pair.World.Observer = e => { if (e.Fate == Fate.Sent) sent++; };
        Assert.True(pair.Connect(), pair.ToString());
        return sent;
    }

    private static void ConnectsWithout(bool many, params int[] lost)
    {
        var pair = Make(many);
        var sent = 0;
        pair.World.Datagrams.Add((Instant _, ref Datagram _) => !pair.AreConnected && lost.Contains(++sent) ? Disposition.Drop : Disposition.Pass);
        Assert.True(pair.Connect(TimeSpan.FromSeconds(60)), $"lost {string.Join(", ", lost)}: {pair}");
        Assert.Equal("hello", pair.Say(pair.Client, "hello"));
        Assert.Equal("world", pair.Say(pair.Server, "world"));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Any_one_datagram_may_be_lost(bool many)
    {
        var count = CountDatagrams(many);
        Assert.InRange(count, many ? 12 : 4, 40);
        for (var n = 1; n <= count; n++) ConnectsWithout(many, n);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Any_two_datagrams_may_be_lost_those_sent_again_included(bool many)
    {
        var count = CountDatagrams(many) + (many ? 4 : 6);
        for (var n = 1; n <= count; n++)
            for (var m = n + 1; m <= count; m++) ConnectsWithout(many, n, m);
    }

    [Theory]
    [InlineData(0.05, false)]
    [InlineData(0.2, true)]
    [InlineData(0.4, false)]
    [InlineData(0.4, true)]
    public void Loss_reordering_and_duplication_only_cost_time(double loss, bool many)
    {
        var seeds = Environment.GetEnvironmentVariable("WRC_LONG") == "1" ? 10_000 : 500;
        var rough = new LinkPolicy
        {
            Loss = loss, Duplicate = 0.2, Reorder = 0.3, ReorderDelay = TimeSpan.FromMilliseconds(150), Delay = TimeSpan.FromMilliseconds(30),
                Jitter = TimeSpan.FromMilliseconds(50),
        };
        Parallel.For(1, seeds + 1, seed =>
        {
            var pair = Make(many, (ulong)seed, rough);
            Assert.True(pair.Connect(TimeSpan.FromHours(2)), pair.ToString());
            Assert.Equal(0, pair.Client.Endpoint.HeldBytes + pair.Server.Endpoint.HeldBytes);
        });
    }

    [Fact]
    public void The_same_seed_gives_the_same_trace_on_a_rough_path_too()
    {
        static string Run(ulong seed)
        {
            var pair = Make(true, seed, new LinkPolicy { Loss = 0.4, Duplicate = 0.2, Reorder = 0.3, Delay = TimeSpan.FromMilliseconds(30) });
            Assert.True(pair.Connect(TimeSpan.FromHours(2)), pair.ToString());
            return pair.World.TraceHash;
        }
        for (ulong seed = 1; seed <= 20; seed++) Assert.Equal(Run(seed), Run(seed));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Fact]
    public void Datagrams_in_reverse_order_within_a_flight_are_put_right()
    {
        // Each datagram is delayed less than the one before it.
        var pair = new DtlsPair(client: Many with { CookieExchange = false }, server: Many with { CookieExchange = false });
        var delay = 900;
        pair.World.Datagrams.Add((Instant _, ref Datagram _) => Disposition.Delay(TimeSpan.FromMilliseconds(Math.Max(delay -= 20, 0))));
        Assert.True(pair.Connect(TimeSpan.FromSeconds(10)), pair.ToString());
        Assert.Equal("hello", pair.Say(pair.Client, "hello"));
    }

    [Fact]
    public void Data_that_overtakes_Finished_waits_for_it()
    {
        var pair = new DtlsPair();
        // The server's last flight takes half a second longer than the data behind it.
        pair.World.When(d => d.Local == DtlsPair.ServerAddress && d.Bytes.Span[0] == 20, Disposition.Delay(TimeSpan.FromMilliseconds(500)), 1, 1);
        pair.Client.Endpoint.Start(pair.World.Now);
        Assert.True(pair.World.RunUntil(() => pair.Server.Endpoint.IsConnected, TimeSpan.FromSeconds(1)));
        pair.Server.Endpoint.Send(pair.World.Now, "early"u8);
        pair.World.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.False(pair.Client.Endpoint.IsConnected);
        Assert.True(pair.Client.Endpoint.HeldBytes > 0);
        Assert.True(pair.World.RunUntil(() => pair.Client.Endpoint.IsConnected, TimeSpan.FromSeconds(1)));
        Assert.Equal("early"u8.ToArray(), Assert.Single(pair.Client.TakeData()));
        Assert.Equal(0, pair.Client.Endpoint.HeldBytes);
    }
}
