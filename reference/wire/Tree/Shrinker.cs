namespace WebRtcConformance.Wire;

/// <summary>A search for a smaller input that still has some property: what the minimisers of packets, texts and plain bytes share. "Smaller" is fewer
/// bytes, then a smaller sum of weights; so every search ends.</summary>
/// <param name="input">It has the property.</param>
/// <param name="maxTests">Calls of <paramref name="predicate"/> at most.</param>
/// <param name="weight">How far a byte is from the simplest one, which weighs 0.</param>
public sealed class Shrinker(byte[] input, Func<byte[], bool> predicate, int maxTests, Func<byte, int> weight)
{
    private int _tests;

    /// <summary>The smallest input so far that has the property.</summary>
    public byte[] Best { get; private set; } = input;

    /// <summary>No test is left.</summary>
    public bool IsExhausted => _tests >= maxTests;

    /// <summary>Takes the candidate if it is smaller than the best one and has the property.</summary>
    public bool Try(byte[] candidate)
    {
        if (IsExhausted || !IsSmaller(candidate)) return false;
        _tests++;
        if (!predicate([.. candidate])) return false;
        Best = candidate;
        return true;
    }

    private bool IsSmaller(byte[] candidate) => candidate.Length != Best.Length ? candidate.Length < Best.Length : Weigh(candidate) < Weigh(Best);

    private long Weigh(byte[] bytes)
    {
        long sum = 0;
        foreach (var b in bytes) sum += weight(b);
        return sum;
    }

    /// <summary>Takes out runs of bytes, or puts the simplest byte in their place.</summary>
    public bool Runs(byte simplest)
    {
        var progress = false;
        for (var run = Math.Max(Best.Length / 2, 1); run > 0; run = run > 4 ? run / 2 : run - 1)
            for (var at = Best.Length - run; at >= 0 && !IsExhausted; at -= Math.Max(run / 2, 1))
            {
                if (at + run > Best.Length) continue;
                if (Try([.. Best[..at], .. Best[(at + run)..]])) { progress = true; continue; }
                var simple = (byte[])Best.Clone();
                simple.AsSpan(at, run).Fill(simplest);
                progress |= Try(simple);
            }
        return progress;
    }
}
