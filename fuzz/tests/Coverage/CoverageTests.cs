using System.Runtime.InteropServices;
using WebRtcConformance.Fuzz.Coverage;

namespace WebRtcConformance.Fuzz.Tests.Coverage;

public class CoverageTests
{
    [Fact]
    public void A_feature_is_new_once()
    {
        var table = new FeatureTable(8);
        Assert.True(table.Touch(0));
        Assert.False(table.Touch(0));
        Assert.True(table.Touch(uint.MaxValue));
        Assert.Equal((2u, 1u, 0u), (table.Hits(0), table.Hits(uint.MaxValue), table.Hits(7)));
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void A_full_table_says_so_and_has_no_news()
    {
        var table = new FeatureTable(4);
        for (uint i = 0; i < 100; i++) table.Touch(i * 7919);
        Assert.True(table.Saturated);
        Assert.Equal(12, table.Count);
        Assert.False(table.Touch(12345));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(64)]
    [InlineData(1)]
    public unsafe void Counters_are_news_when_they_reach_a_new_threshold(int length)
    {
        var memory = (byte*)NativeMemory.AllocZeroed((nuint)((length + 31) & ~31));
        var regions = new CounterRegions();
        regions.Add((nint)memory, length);
        bool Execute(byte count)
        {
            memory[length - 1] = count;
            return regions.Harvest();
        }
        Assert.False(Execute(0));
        Assert.True(Execute(1));
        Assert.Equal(0, memory[length - 1]);
        Assert.False(Execute(1));
        Assert.True(Execute(2));
        Assert.True(Execute(9));
        Assert.False(Execute(5));
        Assert.False(Execute(3));
        Assert.True(Execute(200));
        Assert.Equal(1, regions.Covered);
        NativeMemory.Free(memory);
    }
}
