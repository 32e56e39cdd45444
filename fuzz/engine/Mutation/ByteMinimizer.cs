namespace WebRtcConformance.Fuzz.Mutation;

/// <summary>Makes inputs smaller that have no known structure: takes out runs of bytes, then zeroes bytes.</summary>
internal static class ByteMinimizer
{
    public static byte[] Minimize(byte[] input, Func<byte[], bool> fails, int maxTests)
    {
        var tests = 0;
        for (var before = Array.Empty<byte>(); !before.AsSpan().SequenceEqual(input) && tests < maxTests;)
        {
            before = input;
            for (var size = Math.Max(input.Length / 2, 1); size > 0; size /= 2)
                for (var at = input.Length - size; at >= 0; at -= size)
                    if (at + size <= input.Length) Try([.. input.AsSpan(0, at), .. input.AsSpan(at + size)]);
            for (var at = 0; at < input.Length; at++)
            {
                if (input[at] == 0) continue;
                var zeroed = input.ToArray();
                zeroed[at] = 0;
                Try(zeroed);
            }
        }
        return input;

        void Try(byte[] candidate)
        {
            if (tests++ < maxTests && fails(candidate)) input = candidate;
        }
    }
}
