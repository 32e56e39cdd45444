using System.Buffers.Binary;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Dtls12;
using WebRtcConformance.Wire.Tests;
using WebRtcConformance.Wire.Tls;
using WebRtcConformance.Wire.Tls12;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>Whatever comes in, at whatever time: no exception, bounded memory, bounded answers.</summary>
public class DtlsHostileTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("WRC_LONG") == "1";
    private static readonly WireFormat Datagrams = WireFormat.All.First(f => f.Name == "dtls12.dtls-datagram"),
        Messages = WireFormat.All.First(f => f.Name == "dtls12.handshake");

    /// <summary>Small bounds, so that they are reached.</summary>
    private static readonly DtlsPolicy Tight = new() { MaxMessageSize = 2000, MaxReassemblyBytes = 4000, MaxEarlyMessages = 4, MaxGaps = 8,
        MaxEarlyBytes = 3000, MaxEarlyRecords = 10 };

    private static int MostHeld(DtlsPolicy policy) => policy.MaxReassemblyBytes + 2 * policy.MaxEarlyBytes;

    /// <summary>A handshake runs as far as chance has it; from then on everything that either side gets is wrong in some way.</summary>
    [Fact]
    public void Any_bytes_at_any_state()
    {
        var seeds = IsLong ? 20_000 : 1_500;
        Parallel.For(0, seeds, seed =>
        {
            var random = new Random(seed);
            var policy = Tight with { CookieExchange = random.Next(3) == 0, MaxFragmentBody = random.Next(3) == 0 ? 60 : 0 };
            var (client, server) = (New(DtlsRole.Client, policy, (ulong)seed), New(DtlsRole.Server, policy, (ulong)seed));
            var recorded = new List<byte[]>();
            client.Start(Instant.Start);
            Exchange(client, server, random.Next(12), recorded);
            var now = Instant.Start + TimeSpan.FromSeconds(1);
            for (var i = 0; i < 60; i++)
            {
                var (target, datagram) = (random.Next(2) == 0 ? client : server, Hostile(random, recorded));
                now += TimeSpan.FromMilliseconds(random.Next(300));
                target.Receive(now, datagram);
                var sent = 0;
                while (target.TryTake(out var output))
                    if (output.Kind == DtlsOutputKind.Transmit) sent += output.Bytes.Length;
                // One flight, and an alert for each record at the most.
                Assert.True(sent <= 4000 + datagram.Length * 3, $"seed {seed}: {sent} bytes in answer to {datagram.Length}: {Convert.ToHexString(datagram)}");
                Assert.True(target.HeldBytes <= MostHeld(policy), $"seed {seed}: holds {target.HeldBytes} bytes");
                if (target.NextDeadline <= now) target.Advance(now);
            }
        });
    }

    /// <summary>An established association survives any number of forged datagrams.</summary>
    [Fact]
    public void An_association_outlives_any_bytes()
    {
        for (var seed = 0; seed < (IsLong ? 500 : 40); seed++)
        {
            var random = new Random(seed);
            var (client, server) = (New(DtlsRole.Client, Tight, (ulong)seed), New(DtlsRole.Server, Tight, (ulong)seed));
            var recorded = new List<byte[]>();
            client.Start(Instant.Start);
            Exchange(client, server, int.MaxValue, recorded);
            Assert.True(client.IsConnected && server.IsConnected);
            for (var i = 0; i < 300; i++)
            {
                var target = random.Next(2) == 0 ? client : server;
                target.Receive(Instant.Start, Hostile(random, recorded));
                while (target.TryTake(out _)) { }
                Assert.Equal(0, target.HeldBytes);
            }
            Assert.True(client.IsConnected && server.IsConnected);
            Assert.True(client.Send(Instant.Start, "hello"u8));
            Assert.True(client.TryTake(out var sent));
            server.Receive(Instant.Start, sent.Bytes.Span);
            Assert.True(server.TryTake(out var heard));
            Assert.Equal("hello"u8.ToArray(), heard.Bytes.ToArray());
        }
    }

    /// <summary>Authentic messages with wrong contents: the peer itself is hostile. Both sides come to some end, and neither throws.</summary>
    [Fact]
    public void Any_handshake_message_of_an_authentic_peer()
    {
        var seeds = IsLong ? 20_000 : 1_000;
        var ends = new int[2];
        Parallel.For(0, seeds, seed =>
        {
            var random = new Random(seed);
            var (client, server) = (New(DtlsRole.Client, Tight, (ulong)seed), New(DtlsRole.Server, Tight, (ulong)seed));
            var (hostile, which, number) = (random.Next(2) == 0 ? client : server, random.Next(8), 0);
            hostile.Funnels.Encoded.Add((Instant _, ref byte[] message) =>
            {
                if (number++ != which) return Disposition.Pass;
                var seedBytes = new byte[200];
                random.NextBytes(seedBytes);
                var choices = new Choices(seedBytes);
                message = random.Next(3) == 0 ? Messages.Draw(ref choices) : Messages.Mutate(message, default, ref choices);
                return Disposition.Pass;
            });
            client.Start(Instant.Start);
            Exchange(client, server, int.MaxValue, []);
            for (var now = Instant.Start; now < Instant.Start + TimeSpan.FromSeconds(20); now += TimeSpan.FromSeconds(1))
            {
                client.Advance(now);
                server.Advance(now);
                Exchange(client, server, int.MaxValue, [], now);
            }
            Interlocked.Increment(ref ends[client.IsConnected && server.IsConnected ? 1 : 0]);
            Assert.True(client.HeldBytes <= MostHeld(Tight) && server.HeldBytes <= MostHeld(Tight));
        });
        Assert.True(ends[0] > seeds / 4, $"only {ends[0]} of {seeds} handshakes failed");
    }

    // ---- each bound of the policy, by an attacker at it ----

    [Fact]
    public void Messages_that_claim_to_be_long_are_not_put_together()
    {
        var server = New(DtlsRole.Server, Tight, 1);
        Assert.Equal("RFC6347:4.2.3", Rule(server, Fragment(HandshakeType.ClientHello, 0, 2001, 0, 10)));
        Assert.Equal(0, server.HeldBytes);
        Assert.Null(Rule(server, Fragment(HandshakeType.ClientHello, 0, 2000, 0, 10)));
        Assert.Equal(2000, server.HeldBytes);
        Assert.Null(Rule(server, Fragment(HandshakeType.Certificate, 1, 2000, 0, 10)));
        Assert.Equal("RFC6347:4.2.3", Rule(server, Fragment(HandshakeType.ClientKeyExchange, 2, 1, 0, 0)));
        Assert.Equal(4000, server.HeldBytes);
    }

    [Fact]
    public void Messages_that_come_much_too_early_are_not_kept()
    {
        var server = New(DtlsRole.Server, Tight, 1);
        for (ushort sequence = 1; sequence <= 4; sequence++) Assert.Null(Rule(server, Fragment(HandshakeType.Certificate, sequence, 5, 0, 5)));
        Assert.Equal("RFC6347:4.2.2", Rule(server, Fragment(HandshakeType.Certificate, 5, 5, 0, 5)));
        Assert.Equal("RFC6347:4.2.2", Rule(server, Fragment(HandshakeType.Certificate, 65535, 5, 0, 5)));
        Assert.Equal(20, server.HeldBytes);
    }

    [Fact]
    public void A_message_of_crumbs_is_kept_to_so_many_gaps()
    {
        var server = New(DtlsRole.Server, Tight, 1);
        for (var i = 0; i < 7; i++) Assert.Null(Rule(server, Fragment(HandshakeType.ClientHello, 0, 1000, 10 + i * 10, 1)));
        Assert.Equal("RFC6347:4.2.3", Rule(server, Fragment(HandshakeType.ClientHello, 0, 1000, 500, 1)));
        Assert.Null(Rule(server, Fragment(HandshakeType.ClientHello, 0, 1000, 11, 1))); // makes a gap smaller, and none more
        Assert.Equal("RFC6347:4.2.3", Rule(server, Fragment(HandshakeType.ClientHello, 0, 1000, 11, 1))); // is there already
    }

    [Fact]
    public void Two_messages_of_one_number_the_later_one_counts()
    {
        var server = New(DtlsRole.Server, Tight, 1);
        Assert.Null(Rule(server, Fragment(HandshakeType.ClientHello, 0, 1000, 0, 10)));
        Assert.Null(Rule(server, Fragment(HandshakeType.ClientHello, 0, 500, 0, 10)));
        Assert.Equal(500, server.HeldBytes);
    }

    [Theory]
    [InlineData(10, 250, 10)] // by their number
    [InlineData(987, 3, 3)] // by their bytes: 3 * 1000 with the headers
    public void Records_of_the_next_epoch_are_kept_up_to_a_bound(int size, int tries, int kept)
    {
        var client = New(DtlsRole.Client, Tight, 1);
        client.Start(Instant.Start);
        while (client.TryTake(out _)) { }
        for (var i = 0; i < kept; i++) Assert.Null(Rule(client, Record(1, ContentType.Handshake, new byte[size])));
        for (var i = 0; i < tries; i++) Assert.Equal("RFC6347:4.1", Rule(client, Record(1, ContentType.Handshake, new byte[size])));
        Assert.Equal(kept * (size + 13), client.HeldBytes);
        Assert.Equal("RFC6347:4.1", Rule(client, Record(2, ContentType.Handshake, new byte[size])));
    }

    [Fact]
    public void Data_before_it_is_known_who_the_peer_is_is_kept_up_to_a_bound()
    {
        var pair = new DtlsPair(client: Tight, server: Tight, knowEachOther: false);
        pair.Client.Endpoint.SetPeerFingerprints(pair.World.Now, [DtlsPair.ServerCertificate.Fingerprint]);
        pair.Connect(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 20; i++) pair.Client.Endpoint.Send(pair.World.Now, new byte[250]);
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(2500, pair.Server.Endpoint.HeldBytes);
        Assert.Equal(10, pair.Server.Discards.Count(d => d.Rule == "RFC6347:4.2.4"));
        pair.Server.Endpoint.SetPeerFingerprints(pair.World.Now, [DtlsPair.ClientCertificate.Fingerprint]);
        pair.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(10, pair.Server.TakeData().Count);
        Assert.Equal(0, pair.Server.Endpoint.HeldBytes);
    }

    // ---- tools ----

    private static DtlsEndpoint New(DtlsRole role, DtlsPolicy policy, ulong seed)
    {
        var isClient = role == DtlsRole.Client;
        var endpoint = new DtlsEndpoint(role, policy, new Entropy(seed).Fork(role.ToString()),
            isClient ? DtlsPair.ClientCertificate : DtlsPair.ServerCertificate);
        endpoint.SetPeerFingerprints(Instant.Start, [(isClient ? DtlsPair.ServerCertificate : DtlsPair.ClientCertificate).Fingerprint]);
        return endpoint;
    }

    /// <summary>Carries datagrams one at a time, alternately, until there are none or so many have been carried.</summary>
    private static void Exchange(DtlsEndpoint client, DtlsEndpoint server, int count, List<byte[]> recorded, Instant? now = null)
    {
        Queue<(DtlsEndpoint To, byte[] Bytes)> waiting = new();
        do
        {
            Collect(client, server);
            Collect(server, client);
            if (!waiting.TryDequeue(out var next)) return;
            recorded.Add(next.Bytes);
            next.To.Receive(now ?? Instant.Start, next.Bytes);
        }
        while (--count > 0);

        void Collect(DtlsEndpoint from, DtlsEndpoint to)
        {
            while (from.TryTake(out var output))
                if (output.Kind == DtlsOutputKind.Transmit) waiting.Enqueue((to, output.Bytes.ToArray()));
        }
    }

    /// <summary>Rubbish; a recorded datagram with changes, or two of them in one; or a drawn one.</summary>
    private static byte[] Hostile(Random random, List<byte[]> recorded)
    {
        var seed = new byte[random.Next(200)];
        random.NextBytes(seed);
        var choices = new Choices(seed);
        var old = recorded.Count > 0 ? recorded[random.Next(recorded.Count)] : DtlsPackets.All[random.Next(DtlsPackets.All.Count)].Bytes;
        switch (random.Next(6))
        {
            case 0: return seed;
            case 1: return Datagrams.Draw(ref choices);
            case 2: return Datagrams.Mutate(old, DtlsPackets.All[random.Next(DtlsPackets.All.Count)].Bytes, ref choices);
            case 3:
                var changed = old.ToArray();
                for (var i = random.Next(4); i >= 0; i--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
                return changed;
            case 4: return [.. old.AsSpan(0, random.Next(old.Length + 1)), .. seed];
            default:
                // A new epoch, sequence number, type: under a header that is right otherwise.
                var record = Record((ushort)random.Next(3), (ContentType)(20 + random.Next(7)), seed);
                record[10] = (byte)random.Next(256);
                return record;
        }
    }

    private static byte[] Record(ushort epoch, ContentType type, byte[] fragment)
    {
        byte[] record = [(byte)type, 0xFE, 0xFD, 0, (byte)epoch, 0, 0, 0, 0, 0, 0, 0, 0, .. fragment];
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(11), (ushort)fragment.Length);
        return record;
    }

    private static byte[] Fragment(HandshakeType type, ushort sequence, int length, int offset, int size) => new HandshakeFragments
    {
        Version = ProtocolVersion.Dtls12,
        Fragments = [new HandshakeFragment { MsgType = type, MessageSeq = sequence, Length = (uint)length, FragmentOffset = (uint)offset,
            Body = new byte[size] }],
    }.ToArray();

    /// <summary>By which rule the datagram is discarded; null when it is not.</summary>
    private static string? Rule(DtlsEndpoint endpoint, byte[] datagram)
    {
        endpoint.Receive(Instant.Start, datagram);
        string? rule = null;
        while (endpoint.TryTake(out var output))
            if (output.Event is DtlsEvent.Discarded discarded) rule = discarded.Discard.Rule;
        return rule;
    }
}
