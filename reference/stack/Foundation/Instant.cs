using System.Globalization;

namespace WebRtcConformance.Stack.Foundation;

/// <summary>
/// A point in time: nanoseconds since the world began. Nothing in the stack reads a clock; every entry point is told
/// what time it is, so a run is a function of its inputs. Arithmetic saturates: <see cref="Never"/> plus anything is
/// <see cref="Never"/>, and nothing comes before <see cref="Start"/>.
/// </summary>
/// <param name="Nanoseconds">Nanoseconds since <see cref="Start"/>; never negative in values made by this type.</param>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    private const long NanosecondsPerTick = 100;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The beginning of the world.</summary>
    public static Instant Start => new(0);

    /// <summary>Later than everything that happens: the deadline of a machine with nothing to wait for.</summary>
    public static Instant Never => new(long.MaxValue);

    /// <summary>The later instant, or <see cref="Never"/> when the sum does not fit.</summary>
    public static Instant operator +(Instant at, TimeSpan duration)
    {
        if (at == Never) return Never;
        var sum = (Int128)at.Nanoseconds + (Int128)duration.Ticks * NanosecondsPerTick;
        return sum >= long.MaxValue ? Never : sum < 0 ? Start : new Instant((long)sum);
    }

    /// <summary>The earlier instant; not before <see cref="Start"/>. <see cref="Never"/> stays.</summary>
    public static Instant operator -(Instant at, TimeSpan duration) =>
        duration == TimeSpan.MinValue ? Never : at + duration.Negate();

    /// <summary>How long from <paramref name="from"/> to <paramref name="to"/>, rounded towards zero to 100 ns.</summary>
    public static TimeSpan operator -(Instant to, Instant from) =>
        to == from ? TimeSpan.Zero
        : to == Never ? TimeSpan.MaxValue
        : from == Never ? TimeSpan.MinValue
        : new TimeSpan((long)(((Int128)to.Nanoseconds - from.Nanoseconds) / NanosecondsPerTick));

    public static bool operator <(Instant a, Instant b) => a.Nanoseconds < b.Nanoseconds;
    public static bool operator >(Instant a, Instant b) => a.Nanoseconds > b.Nanoseconds;
    public static bool operator <=(Instant a, Instant b) => a.Nanoseconds <= b.Nanoseconds;
    public static bool operator >=(Instant a, Instant b) => a.Nanoseconds >= b.Nanoseconds;

    /// <summary>The earlier of two.</summary>
    public static Instant Min(Instant a, Instant b) => a <= b ? a : b;

    /// <summary>The later of two.</summary>
    public static Instant Max(Instant a, Instant b) => a >= b ? a : b;

    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Seconds with nine decimals ("39.500000000s"), or "never".</summary>
    public override string ToString() => this == Never
        ? "never"
        : string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds / NanosecondsPerSecond}.{Math.Abs(Nanoseconds % NanosecondsPerSecond):D9}s");
}
