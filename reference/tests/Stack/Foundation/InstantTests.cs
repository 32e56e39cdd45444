using FsCheck.Xunit;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Stack.Foundation;

public class InstantTests
{
    [Fact]
    public void Reads_as_seconds_with_nine_decimals()
    {
        Assert.Equal("39.500000000s", (Instant.Start + TimeSpan.FromSeconds(39.5)).ToString());
        Assert.Equal("0.000000001s", new Instant(1).ToString());
        Assert.Equal("never", Instant.Never.ToString());
    }

    [Fact]
    public void Never_absorbs_and_sums_saturate()
    {
        Assert.Equal(Instant.Never, Instant.Never + TimeSpan.FromDays(-1));
        Assert.Equal(Instant.Never, Instant.Never - TimeSpan.FromDays(1));
        Assert.Equal(Instant.Never, Instant.Start + TimeSpan.MaxValue);
        Assert.Equal(Instant.Start, Instant.Start - TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.MaxValue, Instant.Never - Instant.Start);
        Assert.Equal(TimeSpan.Zero, Instant.Never - Instant.Never);
    }

    [Property]
    public bool Adding_then_subtracting_gives_the_duration(uint start, uint ticks)
    {
        var from = new Instant(start);
        return from + TimeSpan.FromTicks(ticks) - from == TimeSpan.FromTicks(ticks);
    }

    [Property]
    public bool Order_is_the_order_of_nanoseconds(uint a, uint b) =>
        new Instant(a) < new Instant(b) == a < b && Instant.Min(new(a), new(b)).Nanoseconds == Math.Min(a, b);
}
