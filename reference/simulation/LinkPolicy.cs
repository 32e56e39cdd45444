namespace WebRtcConformance.Simulation;

/// <summary>
/// What one direction of a link does to datagrams. Probabilities are from 0 to 1. The default is a perfect wire with no
/// delay.
/// </summary>
public sealed record LinkPolicy
{
    /// <summary>Probability that a datagram is lost.</summary>
    public double Loss { get; init; }

    /// <summary>Probability that a datagram arrives twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>Probability that one bit of the payload arrives inverted, unseen by any checksum below.</summary>
    public double Corrupt { get; init; }

    /// <summary>Propagation time.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Uniform extra time from 0 to this. Jitter alone never reorders.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Probability that a datagram is held back by <see cref="ReorderDelay"/>, so that later ones overtake it.</summary>
    public double Reorder { get; init; }

    /// <summary>How long a reordered datagram is held back.</summary>
    public TimeSpan ReorderDelay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Bits a second of IP packets; 0 means without limit.</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>Bytes that may wait for the wire when <see cref="BitsPerSecond"/> is set; what does not fit is dropped.</summary>
    public int QueueBytes { get; init; } = 64 * 1024;

    /// <summary>What has no chance of its own: no draw changes what the link does.</summary>
    internal bool LeavesNothingToChance => Loss <= 0 && Duplicate <= 0 && Reorder <= 0 && Jitter == TimeSpan.Zero;

    /// <summary>Largest IP packet in bytes (UDP payload + 28 for IPv4, + 48 for IPv6); larger ones are dropped.</summary>
    public int Mtu { get; init; } = 65_535;
}
