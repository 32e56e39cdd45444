namespace WebRtcConformance.Stack.Foundation;

/// <summary>
/// What a tap wants done with a message beyond what it has rewritten in place. <c>default</c> is <see cref="Pass"/>.
/// Dispositions of several taps add up: one drop drops, delays and duplicates add, the last raw bytes win.
/// </summary>
public readonly record struct Disposition
{
    /// <summary>Send it.</summary>
    public static Disposition Pass => default;

    /// <summary>Do not send it.</summary>
    public static Disposition Drop => new() { Dropped = true };

    /// <summary>Send it that much later.</summary>
    public static Disposition Delay(TimeSpan by) => new() { DelayedBy = by };

    /// <summary>Send it once, and <paramref name="extra"/> times again.</summary>
    public static Disposition Duplicate(int extra = 1) => new() { ExtraCopies = extra };

    /// <summary>Send these bytes in its place; no later stage touches them.</summary>
    public static Disposition Raw(byte[] bytes) => new() { RawBytes = bytes };

    public bool Dropped { get; init; }
    public TimeSpan DelayedBy { get; init; }
    public int ExtraCopies { get; init; }
    public byte[]? RawBytes { get; init; }

    /// <summary>Both dispositions.</summary>
    public Disposition And(Disposition other) => new()
    {
        Dropped = Dropped || other.Dropped,
        DelayedBy = DelayedBy + other.DelayedBy,
        ExtraCopies = ExtraCopies + other.ExtraCopies,
        RawBytes = other.RawBytes ?? RawBytes,
    };
}

/// <summary>Looks at one message on its way, may rewrite it in place, and says what becomes of it.</summary>
public delegate Disposition Tap<T>(Instant now, ref T message);

/// <summary>
/// The one place that every message of a kind passes at one stage of its making. A misbehaving peer is a policy and
/// taps on funnels; the machines themselves stay clean. The stages of a message:
/// composed (typed, before integrity and checksum) -> encoded (bytes, before them) -> sealed (the datagram).
/// </summary>
public sealed class Funnel<T>
{
    private readonly List<Tap<T>> _taps = [];

    /// <summary>Nobody looks.</summary>
    public bool IsEmpty => _taps.Count == 0;

    /// <summary>Add a tap; taps see the message in the order in which they were added.</summary>
    public void Add(Tap<T> tap) => _taps.Add(tap);

    /// <summary>Remove a tap; unknown taps are ignored.</summary>
    public void Remove(Tap<T> tap) => _taps.Remove(tap);

    /// <summary>Pass the message through; a dropped message is not shown to later taps.</summary>
    public Disposition Pass(Instant now, ref T message)
    {
        var disposition = Disposition.Pass;
        foreach (var tap in _taps)
        {
            disposition = disposition.And(tap(now, ref message));
            if (disposition.Dropped) break;
        }
        return disposition;
    }
}
