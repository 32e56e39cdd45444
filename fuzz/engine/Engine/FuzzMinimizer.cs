namespace WebRtcConformance.Fuzz;

/// <summary>Makes a failing input smaller while it keeps failing in the same way: by the target's structure first, with the lengths and checksums
/// around a change repaired, then by bytes.</summary>
public sealed class FuzzMinimizer(IFuzzTarget target, Func<byte[], bool> fails, int maxAttempts = 5000)
{
    /// <summary>Candidates that were run.</summary>
    public int Attempts { get; private set; }

    /// <summary>Returns the smallest failing input that was found; the given one if none is smaller.</summary>
    public byte[] Minimize(byte[] input) => target.Minimize(input, candidate =>
    {
        Attempts++;
        return fails(candidate);
    }, maxAttempts);
}
