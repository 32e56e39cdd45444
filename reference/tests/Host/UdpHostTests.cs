using System.Net.Sockets;
using WebRtcConformance.Host;
using WebRtcConformance.Reference.Tests.Simulation;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Host;

public class UdpHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public void The_nodes_of_the_world_run_over_real_UDP(string loopback)
    {
        if (loopback[0] == '[') Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6 on this machine");
        using var host = new UdpHost();
        var (a, b) = (host.Bind(TransportAddress.Parse(loopback)), host.Bind(TransportAddress.Parse(loopback)));
        var (left, right) = (new Pinger(a, b, 3), new Pinger(b, null, 0));
        var crossed = new List<UdpEvent>();
        host.Observer = crossed.Add;
        var attached = host.Now;
        host.Attach(left, a);
        host.Attach(right, b);

        Assert.True(host.RunUntil(() => left.Heard.Count == 3, Patience));
        Assert.Equal(["ping 0", "ping 1", "ping 2"], right.Heard.Select(h => h.Text));
        Assert.Equal(["pong 0", "pong 1", "pong 2"], left.Heard.Select(h => h.Text));
        Assert.True(left.Heard[2].At - attached >= TimeSpan.FromMilliseconds(40), "deadlines are kept in real time");
        Assert.Equal(6, crossed.Count(e => e.Outgoing));
        Assert.Equal(6, crossed.Count(e => !e.Outgoing));
    }

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("10.0.0.1:0")]
    [InlineData("[::]:0")]
    [InlineData("[::ffff:127.0.0.1]:0")]
    public void Only_loopback_can_be_bound(string address)
    {
        using var host = new UdpHost();
        Assert.Throws<ArgumentException>(() => host.Bind(TransportAddress.Parse(address)));
    }

    [Fact]
    public void What_cannot_be_sent_is_counted_not_thrown()
    {
        using var host = new UdpHost();
        var local = host.Bind(TransportAddress.Parse("127.0.0.1:0"));
        host.Send(local, TransportAddress.Parse("[::1]:9"), new byte[1]);
        host.Send(TransportAddress.Parse("127.0.0.1:1"), local, new byte[1]);
        host.Send(local, local, new byte[65_535]);
        Assert.Equal(3, host.Unsent);
    }

    [Fact]
    public void Datagrams_to_a_closed_port_do_no_harm()
    {
        using var host = new UdpHost();
        using var other = new UdpHost();
        var gone = other.Bind(TransportAddress.Parse("127.0.0.1:0"));
        other.Dispose();
        var local = host.Bind(TransportAddress.Parse("127.0.0.1:0"));
        host.Send(local, gone, new byte[1]);
        host.Poll(TimeSpan.FromMilliseconds(20));
        host.Send(local, local, new byte[] { 7 });
        var heard = 0;
        host.Observer = e => heard += e.Outgoing ? 0 : 1;
        Assert.True(host.RunUntil(() => heard == 1, Patience));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Empty_datagrams_are_heard_and_hold_nothing_up(bool batches)
    {
        using var host = new UdpHost(new UdpPolicy { Batches = batches });
        var (local, busy) = (host.Bind(TransportAddress.Parse("127.0.0.1:0")), host.Bind(TransportAddress.Parse("127.0.0.1:0")));
        var heard = new List<int>();
        host.Observer = e =>
        {
            if (e.Outgoing) return;
            if (e.Datagram.Local == local) heard.Add(e.Datagram.Bytes.Length);
            else if (heard.Count < 6) host.Send(busy, busy, new byte[9]); // there is always something to receive beside it
        };
        host.Send(busy, busy, new byte[9]);
        foreach (var length in new[] { 0, 1, 0, 0, 2, 0 }) host.Send(local, local, new byte[length]);
        Assert.True(host.RunUntil(() => heard.Count == 6, Patience));
        Assert.Equal([0, 1, 0, 0, 2, 0], heard);
    }

    [Fact]
    public void A_detached_node_hears_nothing_and_frees_its_port()
    {
        using var host = new UdpHost();
        var local = host.Bind(TransportAddress.Parse("127.0.0.1:0"));
        var node = new Silent();
        host.Attach(node, local);
        host.Send(local, local, new byte[1]);
        host.Detach(node);
        host.Poll(TimeSpan.FromMilliseconds(20));
        Assert.Equal(0, node.Received);
        Assert.Equal(local, host.Bind(local));
    }

    [Fact]
    public void A_poll_without_anything_to_do_ends_at_its_timeout()
    {
        using var host = new UdpHost();
        host.Bind(TransportAddress.Parse("127.0.0.1:0"));
        var before = host.Now;
        Assert.False(host.Poll(TimeSpan.FromMilliseconds(30)));
        Assert.InRange((host.Now - before).TotalMilliseconds, 25, 5000);
    }

    [Fact]
    public void Sending_and_receiving_allocate_nothing()
    {
        using var host = new UdpHost();
        var local = host.Bind(TransportAddress.Parse("127.0.0.1:0"));
        var node = new Silent();
        host.Attach(node, local);
        var payload = new byte[100];
        void Once()
        {
            var want = node.Received + 1;
            host.Send(local, local, payload);
            while (node.Received < want) host.Poll(TimeSpan.FromSeconds(1));
        }
        for (var i = 0; i < 50; i++) Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++) Once();
        // The measured loop's own closure is made once; nothing may grow with the number of datagrams.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public void Seeds_of_the_operating_system_differ() => Assert.NotEqual(OsEntropy.Seed(), OsEntropy.Seed());

    private sealed class Silent : IWorldNode
    {
        public int Received { get; private set; }
        public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) => Received++;
        public void Advance(Instant now) { }
        public Instant NextDeadline => Instant.Never;
        public bool TryTake(out Datagram datagram) { datagram = default; return false; }
    }
}
