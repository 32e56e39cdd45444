using WebRtcConformance.Wire;

namespace WebRtcConformance.Fuzz.Mutation;

/// <summary>Makes inputs smaller that have no known structure: takes out runs of bytes, or zeroes them.</summary>
internal static class ByteMinimizer
{
    public static byte[] Minimize(byte[] input, Func<byte[], bool> fails, int maxTests)
    {
        var shrinker = new Shrinker(input, fails, maxTests, b => b == 0 ? 0 : 1);
        while (shrinker.Runs(0))
        {
        }
        return shrinker.Best;
    }
}
