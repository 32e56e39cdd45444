using System.Diagnostics;

namespace WebRtcConformance.Generator;

/// <summary>Work on a text grows as the text does. What else the machine does, and what the garbage collector does, disturbs each measurement, so the
/// texts are 32 times as long: linear work takes some 32 times as long, quadratic work 1024 times. The bound is ten times what is linear, and one
/// measurement of five within it will do; quadratic work has none.</summary>
internal static class Growth
{
    private const int Factor = 32, Bound = 10 * Factor;

    /// <param name="work">Reads a text.</param>
    /// <param name="text">A text of so many parts.</param>
    /// <param name="parts">Parts of the long text.</param>
    public static void AssertLinear(Action<string> work, Func<int, string> text, int parts = 16000)
    {
        var (few, many) = (text(parts / Factor), text(parts));
        Cost(work, few);
        Cost(work, many);
        var seen = new List<double>();
        do
        {
            var (small, large) = (Cost(work, few), Cost(work, many));
            // Bytes are the same each time, but for what is made once.
            Assert.True(large.Bytes < 2 * Factor * small.Bytes + 65536, $"{Factor} times the text takes {large.Bytes} bytes, the text {small.Bytes}");
            seen.Add(large.Seconds / Math.Max(small.Seconds, 0.0001));
        }
        while (seen[^1] >= Bound && seen.Count < 5);
        Assert.True(seen[^1] < Bound, $"{Factor} times the text takes {string.Join(", ", seen.Select(ratio => $"{ratio:F0}"))} times as long");
    }

    private static (double Seconds, long Bytes) Cost(Action<string> work, string text)
    {
        var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
        work(text);
        return (watch.Elapsed.TotalSeconds, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
