using System.Security.Cryptography;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>The pseudorandom function of TLS 1.2 (RFC 5246 section 5): PRF(secret, label, seed) = P_hash(secret, label + seed).</summary>
public static class TlsPrf
{
    private const int MaxHashSize = 64;

    /// <summary>Fills <paramref name="output"/>, whatever its length.</summary>
    /// <param name="hash">The hash of the cipher suite: SHA-256, SHA-384.</param>
    /// <param name="label">ASCII, without a terminating zero.</param>
    public static void Fill(HashAlgorithmName hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed, Span<byte> output)
    {
        using var hmac = IncrementalHash.CreateHMAC(hash, secret);
        var size = hmac.HashLengthInBytes;
        var a = (stackalloc byte[MaxHashSize])[..size];
        var block = (stackalloc byte[MaxHashSize])[..size];

        // A(0) = label + seed, A(i) = HMAC_hash(secret, A(i-1)); P_hash = HMAC_hash(secret, A(1) + label + seed) + HMAC_hash(secret, A(2) + ...
        hmac.AppendData(label);
        hmac.AppendData(seed);
        hmac.GetHashAndReset(a);
        while (!output.IsEmpty)
        {
            hmac.AppendData(a);
            hmac.AppendData(label);
            hmac.AppendData(seed);
            hmac.GetHashAndReset(block);
            var count = Math.Min(size, output.Length);
            block[..count].CopyTo(output);
            output = output[count..];
            if (output.IsEmpty) break;
            hmac.AppendData(a);
            hmac.GetHashAndReset(a);
        }
    }
}
