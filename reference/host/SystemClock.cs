using System.Diagnostics;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Host;

/// <summary>Real time as <see cref="Instant"/>: monotonic nanoseconds since this clock was made.</summary>
public sealed class SystemClock
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public Instant Now => Instant.Start + Stopwatch.GetElapsedTime(_start);
}
