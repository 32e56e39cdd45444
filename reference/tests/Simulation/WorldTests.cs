using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Simulation;

/// <summary>Says "ping n" every 20 ms, answers "ping n" with "pong n", and writes down what it hears and when.</summary>
internal sealed class Pinger(TransportAddress local, TransportAddress? peer, int pings) : IWorldNode
{
    private readonly Outbox<Datagram> _outbox = new();
    private int _sent;

    public List<(Instant At, string Text)> Heard { get; } = [];

    public Instant NextDeadline { get; private set; } = peer is null || pings == 0 ? Instant.Never : Instant.Start;

    public void Receive(Instant now, TransportAddress at, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        var text = System.Text.Encoding.UTF8.GetString(datagram);
        Heard.Add((now, text));
        if (text.StartsWith("ping")) Say(remote, "pong" + text[4..]);
    }

    public void Advance(Instant now)
    {
        if (NextDeadline > now) return;
        Say(peer!.Value, $"ping {_sent++}");
        NextDeadline = _sent == pings ? Instant.Never : now + TimeSpan.FromMilliseconds(20);
    }

    public bool TryTake(out Datagram datagram) => _outbox.TryTake(out datagram);

    private void Say(TransportAddress to, string text) => _outbox.Add(new Datagram(local, to, System.Text.Encoding.UTF8.GetBytes(text)));
}

public class WorldTests
{
    private static readonly TransportAddress A = TransportAddress.Parse("10.0.0.1:1000");
    private static readonly TransportAddress B = TransportAddress.Parse("10.0.0.2:2000");

    private static (World World, Pinger Left, Pinger Right) Pair(ulong seed, LinkPolicy link, int pings)
    {
        var world = new World(seed);
        world.SetDefaultLink(link);
        var (left, right) = (new Pinger(A, B, pings), new Pinger(B, null, 0));
        world.AddHost("left", left, A);
        world.AddHost("right", right, B);
        return (world, left, right);
    }

    private static LinkPolicy Rough => new()
    {
        Loss = 0.1, Duplicate = 0.1, Reorder = 0.1, Delay = TimeSpan.FromMilliseconds(5), Jitter = TimeSpan.FromMilliseconds(30),
        BitsPerSecond = 1_000_000,
    };

    private static string Run(ulong seed)
    {
        var (world, _, _) = Pair(seed, Rough, 200);
        world.RunFor(TimeSpan.FromSeconds(30));
        return world.TraceHash;
    }

    [Fact]
    public void The_same_seed_gives_the_same_trace_and_another_seed_another()
    {
        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Fact]
    public void One_bit_of_one_datagram_changes_the_trace()
    {
        static string Hash(byte value)
        {
            var world = new World(1);
            world.Inject(new Datagram(A, B, new[] { value }));
            world.RunFor(TimeSpan.FromSeconds(1));
            return world.TraceHash;
        }
        Assert.Equal(Hash(1), Hash(1));
        Assert.NotEqual(Hash(1), Hash(0));
    }

    [Fact]
    public void A_perfect_link_delivers_everything_in_order_after_its_delay()
    {
        var (world, left, right) = Pair(1, new LinkPolicy { Delay = TimeSpan.FromMilliseconds(5) }, 3);
        Assert.True(world.RunUntil(() => left.Heard.Count == 3, TimeSpan.FromSeconds(1)));
        Assert.Equal(["ping 0", "ping 1", "ping 2"], right.Heard.Select(h => h.Text));
        Assert.Equal(["0.010000000s", "0.030000000s", "0.050000000s"], left.Heard.Select(h => h.At.ToString()));
        Assert.Equal("0.050000000s", world.Now.ToString());
    }

    [Fact]
    public void A_condition_that_never_holds_ends_after_the_time_given_and_an_hour_costs_nothing()
    {
        var (world, _, _) = Pair(1, new LinkPolicy(), 1);
        Assert.False(world.RunUntil(() => false, TimeSpan.FromHours(1)));
        Assert.Equal(Instant.Start + TimeSpan.FromHours(1), world.Now);
    }

    [Theory]
    [InlineData("loss", 0.3)]
    [InlineData("duplicate", 0.3)]
    public void Probabilities_are_met(string what, double p)
    {
        var (world, _, right) = Pair(5, what == "loss" ? new LinkPolicy { Loss = p } : new LinkPolicy { Duplicate = p }, 2000);
        world.RunFor(TimeSpan.FromMinutes(1));
        var expected = what == "loss" ? 2000 * (1 - p) : 2000 * (1 + p);
        Assert.InRange(right.Heard.Count, expected * 0.93, expected * 1.07);
    }

    [Fact]
    public void Jitter_alone_keeps_order_and_reorder_breaks_it()
    {
        static bool InOrder(LinkPolicy policy)
        {
            var (world, _, right) = Pair(1, policy, 100);
            world.RunFor(TimeSpan.FromSeconds(10));
            Assert.Equal(100, right.Heard.Count);
            var numbers = right.Heard.Select(h => int.Parse(h.Text[5..])).ToArray();
            return numbers.SequenceEqual(numbers.Order());
        }
        Assert.True(InOrder(new LinkPolicy { Jitter = TimeSpan.FromMilliseconds(200) }));
        Assert.False(InOrder(new LinkPolicy { Reorder = 0.2, ReorderDelay = TimeSpan.FromMilliseconds(50) }));
    }

    [Fact]
    public void Rate_spaces_datagrams_and_a_full_queue_drops()
    {
        var world = new World(1);
        var right = new Pinger(B, null, 0);
        var fates = new List<string>();
        world.AddHost("right", right, B);
        world.SetDefaultLink(new LinkPolicy { BitsPerSecond = 8_000, QueueBytes = 200 });
        world.Observer = e => fates.Add($"{e.Fate}{e.Note}");
        for (var i = 0; i < 3; i++) world.Inject(new Datagram(A, B, new byte[72])); // 100 bytes of IP each: 100 ms on the wire
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["0.100000000s", "0.200000000s"], right.Heard.Select(h => h.At.ToString()));
        Assert.Contains("Droppedqueue full", fates);
    }

    [Theory]
    [InlineData(72, true)]
    [InlineData(73, false)]
    public void What_is_larger_than_the_MTU_is_dropped(int payload, bool arrives)
    {
        var world = new World(1);
        var right = new Pinger(B, null, 0);
        world.AddHost("right", right, B);
        world.SetDefaultLink(new LinkPolicy { Mtu = 100 });
        world.Inject(new Datagram(A, B, new byte[payload]));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(arrives ? 1 : 0, right.Heard.Count);
    }

    [Fact]
    public void Scripts_and_taps_drop_delay_duplicate_and_replace()
    {
        var (world, _, right) = Pair(1, new LinkPolicy(), 6);
        static Func<Datagram, bool> Is(string text) => d => System.Text.Encoding.UTF8.GetString(d.Bytes.Span) == text;
        world.DropNth(2, d => d.Local == A);
        world.When(Is("ping 2"), Disposition.Delay(TimeSpan.FromMilliseconds(30)));
        world.When(Is("ping 4"), Disposition.Duplicate(2));
        world.When(Is("ping 5"), Disposition.Raw("raw"u8.ToArray()));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["ping 0", "ping 3", "ping 2", "ping 4", "ping 4", "ping 4", "raw"], right.Heard.Select(h => h.Text));
    }

    [Fact]
    public void Scheduled_actions_come_at_their_time_and_datagrams_to_nobody_are_reported()
    {
        var world = new World(1);
        var seen = new List<string>();
        world.Observer = e => seen.Add($"{e.At} {e.Fate}");
        world.Schedule(Instant.Start + TimeSpan.FromSeconds(2), () => world.Inject(new Datagram(A, B, new byte[] { 1 })));
        world.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal(["2.000000000s Sent", "2.000000000s NoRoute"], seen);
    }

    [Fact]
    public void A_node_that_does_not_advance_is_named()
    {
        var world = new World(1);
        world.AddHost("stuck", new Stuck(), A);
        var error = Assert.Throws<InvalidOperationException>(() => world.RunFor(TimeSpan.FromSeconds(1)));
        Assert.Contains("stuck", error.Message);
        Assert.Throws<ArgumentException>(() => world.AddHost("other", new Stuck(), A));
        Assert.Throws<ArgumentException>(() => world.AddHost("stuck", new Stuck(), B));
    }

    private sealed class Stuck : IWorldNode
    {
        public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) { }
        public void Advance(Instant now) { }
        public Instant NextDeadline => Instant.Start;
        public bool TryTake(out Datagram datagram) { datagram = default; return false; }
    }
}
