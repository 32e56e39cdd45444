using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Stun;

/// <summary>
/// PASSWORD-ALGORITHMS and PASSWORD-ALGORITHM (RFC 8489 sections 14.11 and 14.12), for the two algorithms of section
/// 18.5.1, neither of which has parameters.
/// </summary>
internal static class StunPasswordAlgorithms
{
    public static PasswordAlgorithms List(IEnumerable<StunPasswordAlgorithm> algorithms) => new()
    {
        Algorithms = [.. algorithms.Select(a => new PasswordAlgorithmEntry { Algorithm = (PasswordAlgorithmNumber)a, Parameters = WireBytes.Empty })],
    };

    public static PasswordAlgorithm Choice(StunPasswordAlgorithm algorithm) => new() { Algorithm = (PasswordAlgorithmNumber)algorithm, Parameters = WireBytes.Empty };

    /// <summary>The algorithms of an offer, in order; what is not known here stands as null.</summary>
    public static List<StunPasswordAlgorithm?> Read(in PasswordAlgorithms.View offer)
    {
        var found = new List<StunPasswordAlgorithm?>();
        foreach (var entry in offer.Algorithms) found.Add(Known(entry.Algorithm, entry.Parameters));
        return found;
    }

    /// <summary>The algorithm of a choice; null when it is not known here.</summary>
    public static StunPasswordAlgorithm? Read(in PasswordAlgorithm.View choice) => Known(choice.Algorithm, choice.Parameters);

    private static StunPasswordAlgorithm? Known(PasswordAlgorithmNumber algorithm, ReadOnlySpan<byte> parameters) =>
        algorithm is PasswordAlgorithmNumber.Md5 or PasswordAlgorithmNumber.Sha256 && parameters.IsEmpty ? (StunPasswordAlgorithm)algorithm : null;
}
