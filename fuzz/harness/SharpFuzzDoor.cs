using SharpFuzz;

namespace WebRtcConformance.Fuzz.Harness;

/// <summary>Runs a target under SharpFuzz. A finding becomes an exception, which is the only objection that those engines know.</summary>
internal static class SharpFuzzDoor
{
    public static int Run(string door, IFuzzTarget target)
    {
        switch (door)
        {
            case "--libfuzzer": Fuzzer.LibFuzzer.Run(input => Execute(target, input)); break;
            case "--afl": Fuzzer.Run(stream => Execute(target, ReadAll(stream))); break;
            default: Fuzzer.OutOfProcess.Run(stream => Execute(target, ReadAll(stream))); break;
        }
        return FuzzCommand.Clean;
    }

    /// <summary>Runs one input with every oracle.</summary>
    /// <exception cref="FindingException">An oracle objects.</exception>
    internal static void Execute(IFuzzTarget target, ReadOnlySpan<byte> input)
    {
        if (FuzzReplay.Run(target, input) is { } finding) throw new FindingException(finding);
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}

/// <summary>An oracle's objection, for engines that know exceptions only.</summary>
internal sealed class FindingException(FuzzFinding finding) : Exception($"{finding.Bucket}: {finding.Headline}");
