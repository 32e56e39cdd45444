namespace WebRtcConformance.Fuzz;

/// <summary>Runs single inputs with every oracle: for regression tests, replays and minimising. An input that kills the process kills this
/// one; <see cref="Supervision.FuzzProbe"/> stands apart from it.</summary>
public static class FuzzReplay
{
    /// <summary>Runs one input; null when no oracle objects.</summary>
    /// <exception cref="ArgumentException">There is no such target.</exception>
    public static FuzzFinding? Run(string target, ReadOnlySpan<byte> input) =>
        Run(FuzzTargets.Find(target) ?? throw new ArgumentException($"no fuzz target '{target}'", nameof(target)), input);

    /// <summary>Runs one input; null when no oracle objects.</summary>
    public static FuzzFinding? Run(IFuzzTarget target, ReadOnlySpan<byte> input)
    {
        var context = new FuzzContext(new(8), new long[target.Oracles.Count]) { Sampled = true };
        try
        {
            return target.Run(input, ref context);
        }
        catch (Exception exception)
        {
            return FuzzFinding.Of(exception, input);
        }
    }

    /// <summary>The input decoded for a person; what went wrong with that if it did.</summary>
    public static string Describe(IFuzzTarget target, ReadOnlySpan<byte> input)
    {
        try
        {
            return target.Describe(input);
        }
        catch (Exception exception)
        {
            return $"{input.Length} bytes {Convert.ToHexStringLower(input)}\nthe decoder threw: {exception.Message}";
        }
    }
}
