using System.Buffers.Binary;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Stun;

/// <summary>
/// PASSWORD-ALGORITHMS and PASSWORD-ALGORITHM (RFC 8489 sections 14.11 and 14.12), for the two algorithms of section
/// 18.5.1, neither of which has parameters.
/// </summary>
internal static class StunPasswordAlgorithms
{
    private const int HeaderSize = 4;

    public static PasswordAlgorithms List(IEnumerable<StunPasswordAlgorithm> algorithms) => new()
    {
        Algorithms = [.. algorithms.Select(a => new PasswordAlgorithmEntry { Algorithm = (PasswordAlgorithmNumber)a, Parameters = WireBytes.Empty })],
    };

    public static PasswordAlgorithm Choice(StunPasswordAlgorithm algorithm) => new() { Algorithm = (PasswordAlgorithmNumber)algorithm, Parameters = WireBytes.Empty };

    /// <summary>
    /// The algorithms of either attribute's value, in order; one that is not known here, or has parameters where none
    /// belong, stands as null. Stops at an entry that is cut off.
    /// </summary>
    public static List<StunPasswordAlgorithm?> Read(ReadOnlySpan<byte> value)
    {
        var found = new List<StunPasswordAlgorithm?>();
        while (value.Length >= HeaderSize)
        {
            var algorithm = (StunPasswordAlgorithm)BinaryPrimitives.ReadUInt16BigEndian(value);
            var length = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
            var known = algorithm is StunPasswordAlgorithm.Md5 or StunPasswordAlgorithm.Sha256;
            found.Add(known && length == 0 ? algorithm : null);
            value = value[Math.Min(value.Length, HeaderSize + (length + 3 & ~3))..];
        }
        return found;
    }
}
