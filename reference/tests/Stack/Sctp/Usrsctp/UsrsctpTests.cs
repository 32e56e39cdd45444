using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.ForwardTsn;
using WebRtcConformance.Wire.IData;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp.Usrsctp;

/// <summary>Our association against usrsctp, in one process and in virtual time.</summary>
public sealed partial class UsrsctpTests
{
    private static readonly TransportAddress Ours = TransportAddress.Parse("10.0.0.1:9"), Theirs = TransportAddress.Parse("10.0.0.2:9");

    /// <summary>usrsctp as a node of a world: its timers run in ticks of 10 ms.</summary>
    private sealed class UsrsctpNode(UsrsctpSocket socket) : IWorldNode
    {
        private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
        private Instant _last = Instant.Start;

        public Instant NextDeadline => _last + Tick;

        public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) => socket.Receive(datagram);

        public void Advance(Instant now)
        {
            for (; _last + Tick <= now; _last += Tick) UsrsctpLibrary.HandleTimers(10);
            socket.Poll();
        }

        public bool TryTake(out Datagram datagram)
        {
            datagram = socket.Packets.TryDequeue(out var packet) ? new Datagram(Theirs, Ours, packet) : default;
            return packet is not null;
        }
    }

    private sealed class Bench : IDisposable
    {
        public Bench(bool theyConnect, bool weConnect, LinkPolicy? link = null, ulong seed = 1, SctpPolicy? policy = null, bool interleaves = false,
            int partialDeliveryPoint = 0, int sendBuffer = 0)
        {
            Assert.SkipUnless(UsrsctpLibrary.IsThere, UsrsctpLibrary.HowToInstall);
            World = new World(seed);
            World.SetDefaultLink(link ?? new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10) });
            Us = new SctpEnd(World, "us", Ours, Theirs, policy ?? new SctpPolicy { OutboundStreams = 1024, InboundStreams = 1024, Interleaving = interleaves }, default);
            Them = new UsrsctpSocket(5000, theyConnect, interleaves: interleaves, partialDeliveryPoint: partialDeliveryPoint, sendBuffer: sendBuffer);
            World.Observer = happened =>
            {
                if (happened.Fate == Fate.Sent) Sent.Add((happened.Datagram.Local == Ours, happened.Datagram.Bytes.ToArray()));
            };
            World.AddHost("them", new UsrsctpNode(Them), Theirs);
            if (weConnect) Us.Association.Connect(World.Now);
            Until(() => Us.IsOpen && Them.IsUp, "not open");
        }

        public World World { get; }
        public SctpEnd Us { get; }
        public UsrsctpSocket Them { get; }

        /// <summary>Every packet of either side.</summary>
        public List<(bool Ours, byte[] Bytes)> Sent { get; } = [];

        /// <summary>What one side has sent, in order.</summary>
        public List<SctpChunk> Chunks(bool ours) => [.. Sent.Where(s => s.Ours == ours).SelectMany(s => SctpPair.Packet(s.Bytes).Chunks)];

        public void Until(Func<bool> condition, string what, double seconds = 120) =>
            Assert.True(World.RunUntil(condition, TimeSpan.FromSeconds(seconds)), $"{what}: {Us.Association.State}; {string.Join("; ", Us.Events)}; {string.Join("; ", Us.Discards.Take(5))}");

        public void Send(ushort stream, byte[] bytes, SctpSendOptions options = default) =>
            Assert.Equal(SctpSendResult.Accepted, Us.Association.Send(World.Now, stream, SctpPayloadProtocolIdentifier.WebRtcBinary, bytes, options));

        public void Dispose() => Them.Dispose();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Opens_in_both_roles_and_at_once_and_echoes(bool theyConnect, bool weConnect)
    {
        using var bench = new Bench(theyConnect, weConnect);
        bench.Them.EchoesBack = true;
        byte[][] messages = [[7], SctpPair.Message(1, 3000), SctpPair.Message(2, 60_000)];
        for (var i = 0; i < messages.Length; i++) bench.Send((ushort)i, messages[i], new SctpSendOptions { Unordered = i == 1 });
        bench.Until(() => bench.Us.Messages.Count == 3, "no echo");
        foreach (var (stream, unordered, bytes) in bench.Us.Messages)
        {
            Assert.Equal(messages[stream], bytes);
            Assert.Equal(stream == 1, unordered);
        }
        Assert.All(bench.Them.Messages, m => Assert.Equal(53u, m.Protocol));
        Assert.True(bench.Us.Association.HasPartialReliability && bench.Us.Association.CanReconfigure);
    }

    [Fact]
    public void Large_messages_come_through_under_loss()
    {
        using var bench = new Bench(false, true, new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10), Loss = 0.05, Reorder = 0.05, Duplicate = 0.02 }, seed: 3);
        bench.Them.EchoesBack = true;
        for (var i = 0; i < 5; i++) bench.Send(1, SctpPair.Message(i, 200_000));
        bench.Until(() => bench.Us.Messages.Count == 5, "not all echoed", 600);
        for (var i = 0; i < 5; i++) Assert.Equal(SctpPair.Message(i, 200_000), bench.Us.Messages[i].Bytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Streams_are_reset_by_either_side(bool interleaves)
    {
        using var bench = new Bench(true, false, interleaves: interleaves);
        bench.Send(5, [1]);
        bench.Until(() => bench.Them.Messages.Count == 1, "no message");
        Assert.True(bench.Us.Association.ResetStreams(bench.World.Now, 5));
        bench.Send(5, [2]); // waits for the reset
        bench.Until(() => bench.Us.Events.Contains("OutgoingStreamsReset 5"), "our reset is not performed");
        Assert.Contains(bench.Them.Notifications, n => n.Type == 9);
        bench.Until(() => bench.Them.Messages.Count == 2, "no message after the reset");
        bench.Them.Send(5, 53, [3]);
        bench.Until(() => bench.Us.Messages.Count == 1, "no message from them");
        Assert.Equal(0, bench.Them.Reset(5));
        bench.Until(() => bench.Us.Events.Contains("IncomingStreamsReset 5"), "their reset does not come");
        bench.World.RunFor(TimeSpan.FromSeconds(5));
        Assert.True(bench.Them.Send(5, 53, [4]));
        bench.Until(() => bench.Us.Messages.Count == 2, "no message from them after the reset");
    }

    [Fact]
    public void Streams_are_added_by_either_side()
    {
        using var bench = new Bench(true, false, policy: new SctpPolicy { OutboundStreams = 2000, InboundStreams = 2000 });
        Assert.Equal(1024, bench.Us.Association.OutboundStreams);
        Assert.True(bench.Us.Association.AddStreams(bench.World.Now, 10, 0));
        bench.Until(() => bench.Us.Events.Any(e => e.StartsWith("StreamsAdded")) || bench.Us.Discards.Any(d => d.Rule == "RFC6525:5.2.7"), "no answer");
        Assert.Equal(0, bench.Them.AddStreams(20, 0));
        bench.Until(() => bench.Us.Association.InboundStreams == 1044, "not grown");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void What_is_given_up_is_skipped_by_both_sides(bool unordered, bool interleaves)
    {
        using var bench = new Bench(true, false, interleaves: interleaves);
        bench.World.Datagrams.Add(new Dropper(bench.World.Entropy.Fork("drop")).Drop);
        for (var i = 0; i < 100; i++)
        {
            bench.Send(2, SctpPair.Message(i, 2500), new SctpSendOptions { Unordered = unordered, MaxRetransmissions = 0 });
            Assert.True(bench.Them.Send(3, 53, SctpPair.Message(i, 2500), unordered, retransmissions: 0));
            bench.World.RunFor(TimeSpan.FromMilliseconds(50));
        }
        bench.Send(9, "last"u8.ToArray());
        bench.Them.Send(9, 53, "last"u8.ToArray());
        bench.Until(() => bench.Them.Messages.Any(m => m.Stream == 9) && bench.Us.Messages.Any(m => m.Stream == 9), "stuck", 3600);
        // usrsctp measures round trips by the real clock, so its RTO is anything.
        bench.Until(() => bench.Us.Association.ReceiveBufferBytes == 0 && bench.Us.Association.SendBufferBytes == 0, "not all is skipped", 3600);
        Check([.. bench.Them.Messages.Where(m => m.Stream == 2).Select(m => m.Bytes)]);
        Check([.. bench.Us.Messages.Where(m => m.Stream == 3).Select(m => m.Bytes)]);
        // RFC 8260 section 2.3.1: one of the two chunks, as has been agreed.
        foreach (var ours in (bool[])[true, false])
        {
            var chunks = bench.Chunks(ours);
            Assert.Equal(interleaves, chunks.Any(c => c is IForwardTsnChunk));
            Assert.Equal(!interleaves, chunks.Any(c => c is ForwardTsnChunk));
        }

        void Check(List<byte[]> came)
        {
            Assert.InRange(came.Count, 10, 95); // some were lost, some were not
            var numbers = came.Select(b => BitConverter.ToInt32(b)).ToList();
            Assert.All(came, b => Assert.Equal(SctpPair.Message(BitConverter.ToInt32(b), 2500), b));
            if (!unordered) Assert.Equal(numbers.Order(), numbers);
            Assert.Equal(numbers.Count, numbers.Distinct().Count());
        }
    }

    /// <summary>Loses 20 % of the packets with data.</summary>
    private sealed class Dropper(Entropy entropy)
    {
        public Disposition Drop(Instant now, ref Datagram datagram) => datagram.Bytes.Length > 200 && entropy.UniformBelow(5) == 0 ? Disposition.Drop : Disposition.Pass;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Either_side_shuts_down(bool they)
    {
        using var bench = new Bench(false, true);
        bench.Send(0, SctpPair.Message(1, 50_000));
        if (they)
        {
            bench.Until(() => bench.Them.Messages.Count == 1, "no message");
            bench.Them.Shutdown();
        }
        else
        {
            bench.Us.Association.Shutdown(bench.World.Now);
        }
        bench.Until(() => bench.Us.Close is not null, "not closed");
        Assert.Equal(SctpCloseReason.Shutdown, bench.Us.Close!.Reason);
        Assert.Single(bench.Them.Messages);
        Assert.True(bench.Us.Association.IsEmpty);
    }
}
