using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation;

/// <summary>One direction between two hosts. Applies its <see cref="LinkPolicy"/>; knows nothing of what it carries.</summary>
internal sealed class Link(Entropy entropy)
{
    private readonly Entropy _noise = entropy.Fork("corruption"); // apart, so that the other draws stay what they were
    private long _undrawn;
    private Instant _wireFreeAt = Instant.Start;
    private Instant _lastArrival = Instant.Start;

    public LinkPolicy Policy { get; set; } = new();

    /// <summary>
    /// When a datagram sent now arrives: one instant, two (duplicated), or none, with the reason it was dropped.
    /// Each datagram takes the same number of draws, so changing one probability does not shift the others' luck.
    /// </summary>
    public Arrivals Carry(Instant now, int ipBytes, int payloadBits)
    {
        var (loss, duplicate, jitter, reorder) = DrawAll();
        if (ipBytes > Policy.Mtu) return Arrivals.None("larger than the MTU");
        if (loss < Policy.Loss) return Arrivals.None("lost");
        if (!TryQueue(now, ipBytes, out var sent)) return Arrivals.None("queue full");

        var arrival = sent + Policy.Delay + Policy.Jitter * jitter;
        if (reorder < Policy.Reorder)
        {
            arrival += Policy.ReorderDelay;
        }
        else
        {
            arrival = Instant.Max(arrival, _lastArrival);
            _lastArrival = arrival;
        }
        int? flipped = null;
        if (Policy.Corrupt > 0 && payloadBits > 0 && _noise.UInt32() / (double)(1UL << 32) < Policy.Corrupt)
            flipped = (int)_noise.UniformBelow((ulong)payloadBits);
        return new Arrivals(arrival, duplicate < Policy.Duplicate ? 2 : 1, null) { FlippedBit = flipped };
    }

    private bool TryQueue(Instant now, int ipBytes, out Instant sent)
    {
        sent = now;
        if (Policy.BitsPerSecond <= 0) return true;
        var start = Instant.Max(now, _wireFreeAt);
        var waiting = (start - now).TotalSeconds * Policy.BitsPerSecond / 8;
        if (waiting + ipBytes > Policy.QueueBytes) return false;
        sent = _wireFreeAt = start + TimeSpan.FromSeconds(ipBytes * 8.0 / Policy.BitsPerSecond);
        return true;
    }

    /// <summary>The draws of one datagram. Where none could matter they are made up for later, because a draw costs more than all else here.</summary>
    private (double Loss, double Duplicate, double Jitter, double Reorder) DrawAll()
    {
        if (Policy.LeavesNothingToChance)
        {
            _undrawn++;
            return (0, 0, 0, 0);
        }
        entropy.Skip(_undrawn * 4 * sizeof(uint));
        _undrawn = 0;
        return (Draw(), Draw(), Draw(), Draw());
    }

    /// <summary>Uniform in [0, 1).</summary>
    private double Draw() => entropy.UInt32() / (double)(1UL << 32);
}

/// <summary>The fate of one datagram on a link.</summary>
internal readonly record struct Arrivals(Instant At, int Copies, string? DropReason)
{
    /// <summary>The payload bit that arrives inverted.</summary>
    public int? FlippedBit { get; init; }

    public static Arrivals None(string reason) => new(Instant.Never, 0, reason);
}
