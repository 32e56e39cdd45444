using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Reference.Tests.Simulation;

/// <summary>A world copies what nodes lend, uses its memory again, and leaves alone what somebody may have kept.</summary>
public class WorldMemoryTests
{
    private static readonly TransportAddress A = TransportAddress.Parse("10.0.0.1:1000"), B = TransportAddress.Parse("10.0.0.2:2000");

    /// <summary>Every millisecond it lends the same memory with another number in it.</summary>
    private sealed class Lender(int datagrams) : IWorldNode
    {
        private readonly byte[] _lent = new byte[100];
        private int _sent;
        private bool _isDue;

        public Instant NextDeadline { get; private set; } = Instant.Start;

        public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
        {
        }

        public void Advance(Instant now)
        {
            _isDue = true;
            NextDeadline = _sent + 1 < datagrams ? now + TimeSpan.FromMilliseconds(1) : Instant.Never;
        }

        public bool TryTake(out Datagram datagram)
        {
            Array.Fill(_lent, (byte)0xEE);
            datagram = default;
            if (!_isDue) return false;
            _isDue = false;
            Array.Fill(_lent, (byte)_sent++);
            datagram = new Datagram(A, B, _lent);
            return true;
        }
    }

    private sealed class Listener : IWorldNode
    {
        public List<byte> Heard { get; } = [];

        public Instant NextDeadline => Instant.Never;

        public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
        {
            Assert.Equal(-1, datagram.IndexOfAnyExcept(datagram[0]));
            Heard.Add(datagram[0]);
        }

        public void Advance(Instant now)
        {
        }

        public bool TryTake(out Datagram datagram)
        {
            datagram = default;
            return false;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Lent_bytes_arrive_as_they_were_sent_and_kept_ones_stay(double duplicates)
    {
        const int count = 200;
        var world = new World(1);
        world.SetDefaultLink(new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10), Duplicate = duplicates });
        var listener = new Listener();
        world.AddHost("lender", new Lender(count), A);
        world.AddHost("listener", listener, B);
        List<Datagram> kept = [];
        List<byte> sawThen = [];

        world.RunFor(TimeSpan.FromMilliseconds(50)); // some are under way whose memory is to be used again
        world.Observer = e =>
        {
            kept.Add(e.Datagram);
            sawThen.Add(e.Datagram.Bytes.Span[0]);
        };
        world.RunFor(TimeSpan.FromMilliseconds(50));
        world.Observer = null;
        world.RunFor(TimeSpan.FromSeconds(1));

        var copies = duplicates > 0 ? 2 : 1;
        Assert.Equal(Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat((byte)i, copies)), listener.Heard);
        Assert.InRange(kept.Count, 90, 160);
        Assert.Equal(sawThen, kept.Select(k => k.Bytes.Span[0]));
    }

    [Fact]
    public void A_tap_may_keep_what_passes_it()
    {
        var world = new World(1);
        world.AddHost("lender", new Lender(100), A);
        world.AddHost("listener", new Listener(), B);
        List<Datagram> kept = [];
        world.Datagrams.Add((Instant _, ref Datagram datagram) =>
        {
            kept.Add(datagram);
            return Disposition.Pass;
        });
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)i), kept.Select(k => k.Bytes.Span[0]));
    }

    /// <summary>A perfect link draws nothing; when it is made a bad one, its luck is what it would have been.</summary>
    [Fact]
    public void A_perfect_link_does_not_shift_the_luck_of_a_bad_one()
    {
        var late = Heard(new LinkPolicy());
        Assert.Equal(Heard(new LinkPolicy { Reorder = 0.5, ReorderDelay = TimeSpan.Zero }), late);
        Assert.InRange(late.Count, 60, 140);

        List<byte> Heard(LinkPolicy first)
        {
            var world = new World(9);
            var listener = new Listener();
            world.AddHost("lender", new Lender(200), A);
            world.AddHost("listener", listener, B);
            world.SetDefaultLink(first);
            world.SetLink("lender", "listener", first);
            world.RunFor(TimeSpan.FromMilliseconds(20.5));
            world.SetLink("lender", "listener", new LinkPolicy { Loss = 0.5 });
            world.RunFor(TimeSpan.FromSeconds(1));
            return listener.Heard;
        }
    }

    /// <summary>From a message at one peer to the message at the other, with world, links, ICE, DTLS and SCTP between.</summary>
    [Theory]
    [InlineData(16 * 1024)]
    [InlineData(100)]
    public void A_packet_between_two_peers_costs_no_allocation(int size)
    {
        var world = new World(1);
        world.SetDefaultLink(new LinkPolicy { Delay = TimeSpan.FromMicroseconds(100) });
        var (received, open) = (0L, 0);
        var (left, right) = (Make("left", A), Make("right", B));
        var channel = left.CreateDataChannel(world.Now, new DataChannelOptions { Label = "bulk" })!;
        left.CreateOffer();
        left.SetLocalDescription(world.Now, DescriptionType.Offer);
        Assert.Null(right.SetRemoteDescription(world.Now, DescriptionType.Offer, left.LocalDescription!));
        right.CreateAnswer();
        right.SetLocalDescription(world.Now, DescriptionType.Answer);
        Assert.Null(left.SetRemoteDescription(world.Now, DescriptionType.Answer, right.LocalDescription!));
        Assert.True(world.RunUntil(() => open == 2, TimeSpan.FromMinutes(1)));

        var message = new byte[size];
        for (var i = 0; i < 2000; i++) Step(); // until buffers have grown
        received = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++) Step();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(500L * size, received);
        Assert.Equal(0, allocated);

        void Step()
        {
            left.Send(world.Now, channel, text: false, message);
            world.RunFor(TimeSpan.FromMilliseconds(1));
        }

        PeerConnection Make(string name, TransportAddress address)
        {
            var peer = new PeerConnection(new PeerPolicy(), world.Entropy.Fork(name));
            world.AddHost(name, new PeerNode(peer, Hear), address);
            peer.AddLocalAddress(world.Now, address);
            return peer;
        }

        void Hear(Instant at, PeerOutput output)
        {
            if (output.Kind == PeerOutputKind.Binary) received += output.Bytes.Length;
            else if (output.Kind is PeerOutputKind.ChannelOpened or PeerOutputKind.ChannelAnnounced) open++;
        }
    }
}
