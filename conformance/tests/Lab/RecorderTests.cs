using WebRtcConformance.Lab.Bench;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Conformance.Tests.Lab;

public class RecorderTests
{
    internal static RecordedPacket Packet(int i, bool sent = true) => new(Instant.Start + TimeSpan.FromMilliseconds(i), sent,
        TransportAddress.Parse("127.0.0.1:1000"), TransportAddress.Parse("127.0.0.1:2000"), [(byte)i, 2, 3], $"step {i}");

    [Fact]
    public void The_timeline_counts_from_the_first_event()
    {
        var recorder = new Recorder();
        recorder.Note(Instant.Start + TimeSpan.FromSeconds(10), "begin");
        recorder.Packet(Packet(10_500));
        recorder.Packet(Packet(12_000, sent: false));
        Assert.Equal(
            [" 0.000000 begin", " 0.500000 -> 127.0.0.1:2000 3 bytes: step 10500", " 2.000000 <- 127.0.0.1:1000 3 bytes: step 12000"], recorder.Timeline());
    }

    [Fact]
    public void Nothing_gives_no_lines() => Assert.Empty(new Recorder().Timeline());

    [Fact]
    public void A_flood_keeps_its_beginning_and_is_counted()
    {
        var recorder = new Recorder();
        for (var i = 0; i < 100_000; i++)
        {
            recorder.Packet(Packet(i));
            recorder.Note(Instant.Start, "a note");
        }
        Assert.Equal(2_000, recorder.Packets.Count);
        Assert.Equal("step 0", recorder.Packets[0].Comment);
        Assert.Equal(98_000, recorder.Omitted);
        Assert.InRange(recorder.Timeline().Count, 2_000, 4_001);
        Assert.Contains("98000 more packets", recorder.Timeline()[^1]);
        recorder.Clear();
        Assert.Empty(recorder.Timeline());
        Assert.Equal(0, recorder.Omitted);
    }
}
