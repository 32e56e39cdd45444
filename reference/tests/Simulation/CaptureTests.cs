using FsCheck.Xunit;
using WebRtcConformance.Simulation;
using WebRtcConformance.Simulation.Capture;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Simulation;

public class CaptureTests
{
    private static readonly TransportAddress V4A = TransportAddress.Parse("192.0.2.1:3478");
    private static readonly TransportAddress V4B = TransportAddress.Parse("192.0.2.2:5000");
    private static readonly TransportAddress V6A = TransportAddress.Parse("[2001:db8::1]:3478");
    private static readonly TransportAddress V6B = TransportAddress.Parse("[2001:db8::2]:5000");

    private static byte[] Sample()
    {
        var file = new MemoryStream();
        var writer = new PcapngWriter(file);
        var left = writer.AddInterface("left", "the peer under test");
        var right = writer.AddInterface("right");
        writer.WriteTlsSecrets("CLIENT_RANDOM 00 01\n");
        writer.WriteDatagram(left, new Instant(1_234_567_891), V4A, V4B, "odd"u8, "why: it is odd");
        writer.WriteDatagram(right, new Instant(2), V6A, V6B, "even"u8);
        return file.ToArray();
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        Assert.True(PcapngReader.TryRead(Sample(), out var capture, out var error), error);
        Assert.Equal(["left", "right"], capture.Interfaces);
        Assert.Equal("CLIENT_RANDOM 00 01\n", capture.TlsSecrets);
        var (first, second) = (capture.Datagrams[0], capture.Datagrams[1]);
        Assert.Equal(("left", new Instant(1_234_567_891), V4A, V4B, "why: it is odd"),
            (first.Interface, first.At, first.Source, first.Destination, first.Comment));
        Assert.Equal("odd"u8, first.Payload);
        Assert.Equal((V6A, V6B, null), (second.Source, second.Destination, second.Comment));
    }

    [Property]
    public bool Any_payload_survives_with_right_checksums(byte[] payload, bool v6)
    {
        var file = new MemoryStream();
        var writer = new PcapngWriter(file);
        writer.AddInterface("i");
        writer.WriteDatagram(0, Instant.Start, v6 ? V6A : V4A, v6 ? V6B : V4B, payload, "c");
        return PcapngReader.TryRead(file.ToArray(), out var capture, out _)
            && capture.Datagrams.Single().Payload.SequenceEqual(payload);
    }

    /// <summary>One of these payloads sums up to zero, which UDP sends as all ones (RFC 768).</summary>
    [Fact]
    public void A_checksum_of_zero_is_written_as_all_ones()
    {
        var file = new MemoryStream();
        var writer = new PcapngWriter(file);
        writer.AddInterface("i");
        for (var i = 0; i <= ushort.MaxValue; i++) writer.WriteDatagram(0, Instant.Start, V4A, V4B, [(byte)(i >> 8), (byte)i]);
        Assert.True(PcapngReader.TryRead(file.ToArray(), out var capture, out _));
        Assert.Equal(65_536, capture.Datagrams.Count);
    }

    /// <summary>A flipped bit in the packet is caught by a checksum; the reader then leaves the packet out.</summary>
    [Fact]
    public void A_damaged_packet_is_not_taken_for_a_datagram()
    {
        var file = Sample();
        file[^8] ^= 1; // within "even"
        Assert.True(PcapngReader.TryRead(file, out var capture, out _));
        Assert.Single(capture.Datagrams);
    }

    [Property]
    public void No_bytes_make_the_reader_throw(byte[] noise, ushort at, byte xor)
    {
        Assert.False(PcapngReader.TryRead(noise, out _, out var error));
        Assert.NotEmpty(error);
        var damaged = Sample();
        damaged[at % damaged.Length] ^= xor;
        PcapngReader.TryRead(damaged, out _, out _);
        PcapngReader.TryRead(damaged.AsSpan(0, at % damaged.Length), out _, out _);
    }

    [Fact]
    public void Misuse_is_told()
    {
        var writer = new PcapngWriter(new MemoryStream());
        Assert.Throws<ArgumentException>(() => writer.WriteDatagram(0, Instant.Start, V4A, V4B, []));
        writer.AddInterface("i");
        Assert.Throws<ArgumentException>(() => writer.WriteDatagram(0, Instant.Start, V4A, V6B, []));
        Assert.Throws<ArgumentException>(() => writer.WriteDatagram(0, Instant.Start, V4A, V4B, new byte[65_508]));
    }

    [Fact]
    public void A_world_is_recorded_with_the_fate_of_each_datagram()
    {
        var file = new MemoryStream();
        var world = new World(1);
        _ = new WorldCapture(world, new PcapngWriter(file));
        world.AddHost("left", new Pinger(V4A, V4B, 2), V4A);
        world.AddHost("right", new Pinger(V4B, null, 0), V4B);
        world.DropNth(2, d => d.Local == V4A);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.True(PcapngReader.TryRead(file.ToArray(), out var capture, out var error), error);
        Assert.Equal(["left: Sent", "right: Delivered", "right: Sent", "left: Delivered", "left: Dropped: by a tap"],
            capture.Datagrams.Select(d => $"{d.Interface}: {d.Comment}"));
    }
}
