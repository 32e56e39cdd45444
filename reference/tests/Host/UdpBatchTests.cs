using System.Net.Sockets;
using WebRtcConformance.Host;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Host;

/// <summary>Both ways to use sockets carry the same datagrams, in all pairings.</summary>
public class UdpBatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Empty, small, larger than any MTU, the largest of IPv4 over loopback; more of them than a batch holds.
    private static readonly int[] Sizes = [0, 1, 1200, 9000, 65_507, .. Enumerable.Range(2, 120)];

    // Runs of one size, ended by a smaller one, by a larger one, by nothing; longer than the kernel cuts.
    private static readonly int[] Runs = [.. Enumerable.Repeat(1150, 50), 7, .. Enumerable.Repeat(900, 3), 901, 900, 900, 0, 0, .. Enumerable.Repeat(1, 100), 1401, 1401, 1400, 1400, 2];

    public static TheoryData<string, bool, bool> Pairings()
    {
        var pairings = new TheoryData<string, bool, bool>();
        foreach (var address in (string[])["127.0.0.1:0", "127.0.0.7:0", "[::1]:0"])
            foreach (var sends in (bool[])[true, false])
                foreach (var receives in (bool[])[true, false]) pairings.Add(address, sends, receives);
        return pairings;
    }

    [Theory]
    [MemberData(nameof(Pairings))]
    public void Datagrams_arrive_whole_in_order_and_with_their_addresses(string address, bool sendsInBatches, bool receivesInBatches)
    {
        SkipUnlessPossible(address, sendsInBatches || receivesInBatches);
        using var sender = new UdpHost(new UdpPolicy { Batches = sendsInBatches, BatchSize = 8 });
        using var receiver = new UdpHost(new UdpPolicy { Batches = receivesInBatches, BatchSize = 8, ReceiveBufferBytes = 4 * 1024 * 1024 });
        var (first, second, to) = (sender.Bind(TransportAddress.Parse(address)), sender.Bind(TransportAddress.Parse(address)), receiver.Bind(TransportAddress.Parse(address)));
        var (teller, listener) = (new Teller(Sizes, [first, second], to), new Listener());
        receiver.Attach(listener, to);
        sender.Attach(teller, first, second);

        // A few at a time, so that no socket's buffer overflows.
        while (teller.More()) Until(sender, receiver, () => listener.Heard.Count == teller.Allowed);

        Assert.Equal(Sizes, listener.Heard.Select(h => h.Length));
        Assert.Equal(Enumerable.Range(0, Sizes.Length).Select(i => i % 2 == 0 ? first : second), listener.Heard.Select(h => h.Remote));
        Assert.All(listener.Heard, h => Assert.True(h.IsWhole && h.Local == to));
        Assert.Equal(0, sender.Unsent);
    }

    [Theory]
    [MemberData(nameof(Pairings))]
    public void Neighbours_of_one_size_stay_datagrams_of_their_own(string address, bool sendsInBatches, bool receivesInBatches)
    {
        SkipUnlessPossible(address, sendsInBatches || receivesInBatches);
        using var sender = new UdpHost(new UdpPolicy { Batches = sendsInBatches });
        using var receiver = new UdpHost(new UdpPolicy { Batches = receivesInBatches, ReceiveBufferBytes = 4 * 1024 * 1024 });
        var (from, to) = (sender.Bind(TransportAddress.Parse(address)), receiver.Bind(TransportAddress.Parse(address)));
        var (teller, listener) = (new Teller(Runs, [from], to, atOnce: 60), new Listener());
        receiver.Attach(listener, to);
        sender.Attach(teller, from);
        while (teller.More()) Until(sender, receiver, () => listener.Heard.Count == teller.Allowed);
        Assert.Equal(Runs, listener.Heard.Select(h => h.Length));
        Assert.All(listener.Heard, h => Assert.True(h.IsWhole && h.Remote == from));
        Assert.Equal(0, sender.Unsent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_kernel_refuses_is_left_out_of_a_batch(bool batches)
    {
        SkipUnlessPossible("127.0.0.1:0", batches);
        using var host = new UdpHost(new UdpPolicy { Batches = batches });
        using var gone = new UdpHost();
        var (from, to, closed) = (host.Bind(TransportAddress.Parse("127.0.0.1:0")), host.Bind(TransportAddress.Parse("127.0.0.1:0")), gone.Bind(TransportAddress.Parse("127.0.0.1:0")));
        gone.Dispose();
        var listener = new Listener();
        host.Attach(listener, to);
        // 65,508 bytes are too long for IPv4; nobody is at the closed port, and the loopback says so with ICMP.
        var teller = new Mixed([(to, 1), (to, 65_508), (closed, 2), (to, 3), (to.WithPort(0), 4), (to.WithPort(0), 4), (to, 65_535), (closed, 5), (to, 6)], from);
        host.Attach(teller, from);
        Assert.True(host.RunUntil(() => listener.Heard.Count == 3, Patience));
        Assert.Equal([1, 3, 6], listener.Heard.Select(h => h.Length));
        Assert.Equal(4, host.Unsent);
        teller.Add((to, 7));
        Assert.True(host.RunUntil(() => listener.Heard.Count == 4, Patience), "the host goes on");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bursts_allocate_nothing(bool batches)
    {
        SkipUnlessPossible("127.0.0.1:0", batches);
        using var host = new UdpHost(new UdpPolicy { Batches = batches });
        var (from, to) = (host.Bind(TransportAddress.Parse("127.0.0.1:0")), host.Bind(TransportAddress.Parse("127.0.0.1:0")));
        var (burst, listener) = (new Burst(from, to), new Counter());
        host.Attach(listener, to);
        host.Attach(burst, from);
        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                burst.Left = 40;
                var want = listener.Count + 40;
                while (listener.Count < want) host.Poll(TimeSpan.FromSeconds(1));
            }
        }
        Run(50);
        var least = long.MaxValue;
        // On a busy machine more may wait than ever before, once, and buffers grow to hold it.
        for (var i = 0; i < 5 && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run(50);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.InRange(least, 0, 200); // of 2,000 datagrams
    }

    [Fact]
    public void The_policy_decides() => Assert.False(new UdpHost(new UdpPolicy { Batches = false }).Batches);

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public void A_batch_has_a_size(int size) => Assert.Throws<ArgumentOutOfRangeException>(() => new UdpHost(new UdpPolicy { BatchSize = size }));

    private static void SkipUnlessPossible(string address, bool batches)
    {
        if (address[0] == '[') Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6 on this machine");
        if (!batches) return;
        using var probe = new UdpHost();
        Assert.SkipUnless(probe.Batches, "no recvmmsg and sendmmsg here: Linux of 64 bits has them");
    }

    private static void Until(UdpHost sender, UdpHost receiver, Func<bool> condition)
    {
        var end = receiver.Now + Patience;
        while (!condition())
        {
            Assert.True(receiver.Now < end, "datagrams are missing");
            sender.Poll(TimeSpan.Zero);
            receiver.Poll(TimeSpan.FromMilliseconds(1));
        }
    }

    private abstract class Quiet : IWorldNode
    {
        public virtual void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) { }
        public void Advance(Instant now) { }
        public Instant NextDeadline => Instant.Never;
        public virtual bool TryTake(out Datagram datagram) { datagram = default; return false; }
    }

    /// <summary>Sends datagrams of these sizes, from its addresses in turn, out of one buffer that it uses again at once.</summary>
    private sealed class Teller(int[] sizes, TransportAddress[] from, TransportAddress to, int atOnce = 20) : Quiet
    {
        private readonly byte[] _lent = new byte[65_535];
        private int _told;

        public int Allowed { get; private set; }

        public bool More()
        {
            Allowed = Math.Min(Allowed + atOnce, sizes.Length);
            return _told < sizes.Length;
        }

        public override bool TryTake(out Datagram datagram)
        {
            _lent.AsSpan().Fill(0xFF); // what was lent is gone
            datagram = default;
            if (_told == Allowed) return false;
            var bytes = _lent.AsMemory(0, sizes[_told]);
            Fill(bytes.Span);
            datagram = new Datagram(from[_told++ % from.Length], to, bytes);
            return true;
        }
    }

    private sealed class Mixed((TransportAddress To, int Length)[] what, TransportAddress from) : Quiet
    {
        private readonly Queue<(TransportAddress To, int Length)> _left = new(what);

        public void Add((TransportAddress To, int Length) more) => _left.Enqueue(more);

        public override bool TryTake(out Datagram datagram)
        {
            datagram = default;
            if (!_left.TryDequeue(out var next)) return false;
            datagram = new Datagram(from, next.To, new byte[next.Length]);
            return true;
        }
    }

    private sealed class Burst(TransportAddress from, TransportAddress to) : Quiet
    {
        private readonly byte[] _bytes = new byte[1200];

        public int Left { get; set; }

        public override bool TryTake(out Datagram datagram)
        {
            datagram = new Datagram(from, to, _bytes);
            return Left > 0 && Left-- > 0;
        }
    }

    private sealed class Counter : Quiet
    {
        public int Count { get; private set; }
        public override void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) => Count++;
    }

    private sealed class Listener : Quiet
    {
        public List<(TransportAddress Local, TransportAddress Remote, int Length, bool IsWhole)> Heard { get; } = [];

        public override void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
        {
            var wanted = new byte[datagram.Length];
            Fill(wanted);
            Heard.Add((local, remote, datagram.Length, datagram.SequenceEqual(wanted)));
        }
    }

    private static void Fill(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(i * 31 + bytes.Length);
    }
}
