using FsCheck.Xunit;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.ForwardTsn;
using WebRtcConformance.Wire.ReConfig;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpParameters;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

/// <summary>Any bytes at any state: nothing is thrown, nothing grows beyond its bound.</summary>
public class HostileTests
{
    private static readonly SctpPolicy Small = new()
    {
        ReceiveBufferBytes = 20_000, MaxReassemblyChunks = 100, MaxGapRanges = 50, MaxReceiveMessageBytes = 10_000, MaxUnfinishedBytes = 20_000,
        SendBufferBytes = 50_000, MaxPendingReplies = 16,
    };

    /// <summary>An association in that state, by a dialogue with a peer that this test plays.</summary>
    private static SctpBench At(int state, QuirkSet quirks, SctpPolicy policy)
    {
        var bench = new SctpBench(quirks, policy);
        switch (state % 8)
        {
            case 0: return bench;
            case 1:
                bench.Association.Connect(bench.Now);
                bench.Drain();
                return bench;
            default:
                bench.Open();
                for (var i = 0; i < 5; i++) bench.Send(new string('x', 700), (ushort)i, new SctpSendOptions { MaxRetransmissions = i });
                if (state % 8 == 3) bench.Association.ResetStreams(bench.Now, 1, 2);
                if (state % 8 == 4) bench.Association.Shutdown(bench.Now);
                if (state % 8 == 5) bench.Give(new ShutdownChunk { CumulativeTsnAck = bench.Tsn - 1 });
                if (state % 8 == 6)
                {
                    bench.Give(bench.Sack(5));
                    bench.Association.Shutdown(bench.Now);
                }
                if (state % 8 == 7) bench.Give(SctpBench.Data(3, "gap", ssn: 2), SctpBench.Data(5, "part", unordered: true, ending: false));
                bench.Drain();
                return bench;
        }
    }

    /// <summary>Packets of this and other associations, mutated by what the spec files say, and noise; with a right tag and checksum half of the time.</summary>
    [Fact]
    public void Any_bytes_at_any_state()
    {
        var format = WireFormat.All.First(f => f.Name == "sctp.packet");
        var all = QuirkSet.None;
        foreach (var quirk in Enum.GetValues<SctpQuirk>()) all = all.With(quirk);
        for (var round = 0; round < (Environment.GetEnvironmentVariable("WRC_LONG") == "1" ? 4000 : 400); round++)
        {
            var random = new Random(round);
            var bench = At(round, round % 5 == 4 ? all : default, Small with { Interleaving = round % 3 == 0 });
            for (var i = 0; i < 60; i++)
            {
                var seed = new byte[random.Next(400)];
                random.NextBytes(seed);
                var choices = new Choices(seed);
                var bytes = i % 6 == 5 ? seed : format.Draw(ref choices);
                if (i % 2 == 1 && bytes.Length > 0) bytes = format.Mutate(bytes, default, ref choices);
                if (random.Next(4) != 0 && bytes.Length >= 12) Address(bench, bytes, random);
                bench.Give(bytes);
                if (random.Next(4) == 0) bench.Wait(random.Next(3000) / 1000.0);
                if (random.Next(8) == 0 && bench.Association.State == SctpState.Established)
                    bench.Association.Send(bench.Now, (ushort)random.Next(20), SctpPayloadProtocolIdentifier.WebRtcBinary, new byte[random.Next(1, 3000)], new SctpSendOptions { Lifetime = TimeSpan.FromSeconds(1) });
                CheckBounds(bench.Association);
            }
        }
    }

    private static void Address(SctpBench bench, byte[] bytes, Random random)
    {
        (bytes[0], bytes[1], bytes[2], bytes[3]) = (0x13, 0x88, 0x13, 0x88);
        var tag = bytes.Length > 12 && bytes[12] == 1 ? 0 : random.Next(10) == 0 ? SctpBench.PeerTag : bench.Tag;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), tag);
        // TSNs near those that are expected, so that something comes of them.
        for (var at = 12; at + 8 <= bytes.Length;)
        {
            if (bytes[at] is 0 or 0x40 or 192 or 194) System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at + 4), SctpBench.PeerTsn + (uint)random.Next(-3, 60));
            if (bytes[at] is 3 or 7) System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at + 4), bench.Tsn + (uint)random.Next(-3, 6));
            var length = bytes[at + 2] << 8 | bytes[at + 3];
            at += Math.Max(4, length + 3 & ~3);
        }
        bytes.AsSpan(8, 4).Clear();
        BitConverter.TryWriteBytes(bytes.AsSpan(8), Crc32c.Compute(bytes));
    }

    private static void CheckBounds(SctpAssociation association)
    {
        Assert.InRange(association.ReceiveBufferBytes, 0, 25_000 + 20_000);
        Assert.InRange(association.ReceiveBufferCapacity, 0, 2 * 45_000 + 125 * 256 + 5 * 1024 * 1024);
        Assert.InRange(association.SendBufferBytes, 0, 50_000);
        Assert.InRange(association.FlightSize, 0, 200_000);
        if (association.State == SctpState.Closed) Assert.True(association.IsEmpty);
    }

    [Property]
    public void Bytes_without_form(byte[] bytes, byte state)
    {
        var bench = At(state, default, Small);
        bench.Give(bytes);
        bench.Wait(1);
    }

    // ---- an attacker at each bound ----

    [Fact]
    public void The_reassembly_buffer_is_bounded_in_bytes()
    {
        var bench = new SctpBench(policy: Small).Open();
        for (var i = 1; i < 200; i++) bench.Give(SctpBench.Data(i, new string('x', 1000), ssn: (ushort)i)); // the first is missing
        Assert.InRange(bench.Association.ReceiveBufferBytes, 15_000, 20_000);
        Assert.Contains(bench.Discards, d => d.Reason == DiscardReason.LimitReached);
        Assert.Equal(0u, ((SackChunk)bench.Sent[^1].Chunks[0]).AdvertisedReceiverWindowCredit);
        bench.Give(SctpBench.Data(0, "first"));
        Assert.InRange(bench.Messages.Count, 15, 21); // and it goes on
    }

    [Fact]
    public void The_next_chunk_of_all_finds_room_where_others_do_not()
    {
        var bench = new SctpBench(policy: Small).Open();
        void Give(int n) => bench.Give(SctpBench.Data(n, new string('x', 1000), ssn: (ushort)n));
        for (var i = 4; i < 40; i++) Give(i);
        Assert.Equal(20_000, bench.Association.ReceiveBufferBytes);
        for (var i = 3; i > 0; i--) Give(i); // an eighth more, so the last of them is refused
        Assert.Equal(22_000, bench.Association.ReceiveBufferBytes);
        Assert.Equal($"no room for TSN {SctpBench.PeerTsn + 1}", bench.Discards[^1].Note);
        Give(0);
        Give(1);
        Assert.Equal(24, bench.Messages.Count);
        Assert.Equal(0, bench.Association.ReceiveBufferBytes);
    }

    [Fact]
    public void The_reassembly_buffer_is_bounded_in_chunks()
    {
        var bench = new SctpBench(policy: Small).Open();
        for (var i = 1; i < 1000; i++) bench.Give(SctpBench.Data(i, "x", ssn: (ushort)i));
        Assert.InRange(bench.Association.ReceiveBufferBytes, 90, 125);
    }

    [Fact]
    public void Gaps_are_bounded()
    {
        var bench = new SctpBench(policy: Small).Open();
        for (var i = 1; i < 1000; i++) bench.Give(SctpBench.Data(2 * i, "x", unordered: true)); // delivered at once, but TSNs have to be remembered
        Assert.Equal(50, bench.Messages.Count);
        Assert.InRange(((SackChunk)bench.Sent[^1].Chunks[0]).GapAckBlocks.Count, 40, 50);
        bench.Give(SctpBench.Data(70_000, "far", unordered: true));
        Assert.Equal(50, bench.Messages.Count);
    }

    [Fact]
    public void Messages_are_bounded_and_a_buffer_full_of_parts_ends_the_association()
    {
        var bench = new SctpBench(policy: Small).Open();
        for (var i = 0; i < 12; i++) bench.Give(SctpBench.Data(i, new string('x', 1000), beginning: i == 0, ending: i == 11));
        Assert.Contains(bench.Events, e => e.StartsWith("Closed: OutOfResource"));
        bench = new SctpBench(policy: Small).Open();
        for (var i = 0; i < 100 && bench.Association.State != SctpState.Closed; i++) bench.Give(SctpBench.Data(i, new string('x', 1000), beginning: i == 0, ending: false));
        Assert.Contains(bench.Events, e => e.StartsWith("Closed: OutOfResource"));
        Assert.True(bench.Association.IsEmpty);
    }

    [Fact]
    public void A_reset_that_never_comes_holds_no_more_than_the_buffer()
    {
        var bench = new SctpBench(policy: Small).Open();
        bench.Give(new ReConfigChunk { Parameters = [new OutgoingSsnResetRequestParameter { RequestSequenceNumber = SctpBench.PeerTsn, ResponseSequenceNumber = bench.Tsn - 1, LastAssignedTsn = SctpBench.PeerTsn + 5, StreamNumbers = [0] }] });
        for (var i = 6; i < 2000; i++) bench.Give(SctpBench.Data(i, new string('x', i % 300 + 1), ssn: (ushort)i, unordered: i % 2 == 0));
        Assert.InRange(bench.Association.ReceiveBufferBytes, 5000, 20_000);
    }

    [Fact]
    public void The_send_buffer_is_bounded()
    {
        var bench = new SctpBench(policy: Small).Open();
        var results = Enumerable.Range(0, 60).Select(_ => bench.Association.Send(bench.Now, 0, SctpPayloadProtocolIdentifier.WebRtcBinary, new byte[1000])).ToList();
        Assert.Equal(50, results.Count(r => r == SctpSendResult.Accepted));
        Assert.Equal(SctpSendResult.BufferFull, results[^1]);
    }

    [Fact]
    public void Replies_are_bounded()
    {
        var bench = new SctpBench(policy: Small).Open();
        var many = Enumerable.Range(0, 500).Select(SctpChunk (_) => new HeartbeatChunk { Information = [new HeartbeatInfoParameter { Info = new byte[100] }] }).ToArray();
        var answer = bench.Give(many);
        Assert.Equal(16, answer.SelectMany(p => p.Chunks).Count(c => c is HeartbeatAckChunk));
    }

    [Fact]
    public void A_message_that_nobody_reads_counts()
    {
        var bench = new SctpBench(policy: Small).Open();
        bench.Association.SetReading(bench.Now, paused: true);
        for (var i = 0; i < 1000; i++) bench.Give(SctpBench.Data(i, "x", ssn: (ushort)i));
        bench.Association.SetReading(bench.Now, paused: false);
        bench.Drain();
        Assert.InRange(bench.Messages.Count, 90, 100);
    }

    /// <summary>Off the path an attacker cannot do anything without the tag.</summary>
    [Fact]
    public void An_attacker_beside_the_path_disturbs_nothing()
    {
        var pair = new SctpPair(11, new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10) }).Connect();
        var random = new Random(5);
        SctpChunk[] chunks =
        [
            new AbortChunk(), new AbortChunk { TagReflected = true }, new ShutdownChunk { CumulativeTsnAck = 0 }, new ShutdownAckChunk(), new ShutdownCompleteChunk(), SctpBench.Data(0, "evil"),
            new SackChunk { CumulativeTsnAck = 1, AdvertisedReceiverWindowCredit = 0 }, new CookieAckChunk(), new CookieEchoChunk { Cookie = new byte[101] }, new ForwardTsnChunk { NewCumulativeTsn = 9 },
        ];
        for (var i = 0; i < 50; i++)
        {
            pair.Send(pair.A, 0, SctpPair.Message(i, 3000));
            foreach (var chunk in chunks)
            {
                var packet = new SctpPacket { SourcePort = 5000, DestinationPort = 5000, VerificationTag = (uint)random.Next(), Chunks = [chunk] };
                foreach (var end in (SctpEnd[])[pair.A, pair.B]) end.Node.Receive(pair.Now, default, default, packet.ToArray());
            }
            foreach (var end in (SctpEnd[])[pair.A, pair.B]) end.Node.Receive(pair.Now, default, default, new SctpPacket { SourcePort = 5000, DestinationPort = 5000, VerificationTag = 0, Chunks = [new SctpBench().Init()] }.ToArray());
            pair.Run(0.05);
        }
        pair.Run(20);
        Assert.Equal(Enumerable.Range(0, 50), pair.B.Messages.Select(m => BitConverter.ToInt32(m.Bytes)));
        Assert.True(pair.A.IsOpen && pair.B.IsOpen);
    }
}
