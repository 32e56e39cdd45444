using System.Diagnostics;
using System.Runtime.InteropServices;

namespace WebRtcConformance.Generator;

/// <summary>Work on a text grows as the text does. The texts are 32 times as long: linear work takes some 32 times as long, quadratic work 1024 times. What
/// the garbage collector and the caches do disturbs each measurement, so the bound is ten times what is linear, and one measurement of five within it will
/// do. It is the thread's own processor time, so that a busy machine does not count.</summary>
internal static partial class Growth
{
    private const int Factor = 32, Bound = 10 * Factor;

    /// <summary>Less is not measured well.</summary>
    private const double LeastSeconds = 0.0001;

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
            TestContext.Current.TestOutputHelper?.WriteLine($"{small.Seconds * 1000:F2} ms, {large.Seconds * 1000:F2} ms, {small.Bytes} bytes, {large.Bytes} bytes");
            // Bytes are the same each time, but for what is made once.
            Assert.True(large.Bytes < 2 * Factor * small.Bytes + 65536, $"{Factor} times the text takes {large.Bytes} bytes, the text {small.Bytes}");
            seen.Add(large.Seconds / Math.Max(small.Seconds, LeastSeconds));
        }
        while (seen[^1] >= Bound && seen.Count < 5);
        Assert.True(seen[^1] < Bound, $"{Factor} times the text takes {string.Join(", ", seen.Select(ratio => $"{ratio:F0}"))} times as long");
    }

    private static (double Seconds, long Bytes) Cost(Action<string> work, string text)
    {
        var (time, allocated) = (ProcessorSeconds(), GC.GetAllocatedBytesForCurrentThread());
        work(text);
        return (ProcessorSeconds() - time, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    /// <summary>Of this thread, where the system tells it; else of the clock.</summary>
    private static double ProcessorSeconds()
    {
        const int threadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID
        return OperatingSystem.IsLinux() && ClockGetTime(threadProcessorTime, out var time) == 0 ? time.Seconds + time.Nanoseconds / 1e9
            : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ClockGetTime(int clock, out TimeSpec time);
}
