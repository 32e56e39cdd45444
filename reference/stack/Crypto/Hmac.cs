using System.Security.Cryptography;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>
/// HMAC (RFC 2104) of short texts under few keys. A pure function; each thread remembers the keys that it used last, because to set one up costs more than the
/// text does.
/// </summary>
internal static class Hmac
{
    private const int Remembered = 8;

    private sealed class Known(HashAlgorithmName algorithm, byte[] key)
    {
        public KeyedHash State { get; } = KeyedHash.Create(algorithm, key);

        public bool Is(HashAlgorithmName other, ReadOnlySpan<byte> bytes) => other == algorithm && bytes.SequenceEqual(key);
    }

    [ThreadStatic]
    private static Known?[]? _known;

    [ThreadStatic]
    private static int _oldest;

    /// <summary>Write the whole value, as many bytes as the hash has.</summary>
    /// <param name="algorithm">SHA-1 or SHA-256.</param>
    public static void Compute(HashAlgorithmName algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> text, Span<byte> destination) =>
        StateOf(algorithm, key).Compute(text, destination);

    private static KeyedHash StateOf(HashAlgorithmName algorithm, ReadOnlySpan<byte> key)
    {
        var known = _known ??= new Known?[Remembered];
        foreach (var candidate in known)
        {
            if (candidate is not null && candidate.Is(algorithm, key)) return candidate.State;
        }
        var added = new Known(algorithm, key.ToArray());
        known[_oldest]?.State.Dispose();
        known[_oldest] = added;
        _oldest = (_oldest + 1) % Remembered;
        return added.State;
    }
}
