using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WebRtcConformance.Benchmarks;

/// <summary>A piece of work, measured in rounds: the shortest counts, so that other load on the machine disturbs few of them.</summary>
internal sealed class Row(int callsPerRound, Func<long> work)
{
    /// <summary>Of one call.</summary>
    public double Nanoseconds { get; private set; } = double.MaxValue;

    /// <summary>Bytes of a round.</summary>
    public long Allocated { get; private set; } = long.MaxValue;

    /// <remarks>Optimised without a profile: all rows come by here, and a guess which work this is would help some of them.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Measure()
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < callsPerRound; i++) work();
        var time = Stopwatch.GetElapsedTime(started);
        Allocated = Math.Min(Allocated, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Nanoseconds = Math.Min(Nanoseconds, time.TotalNanoseconds / callsPerRound);
    }
}
