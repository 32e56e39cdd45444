using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>A hash of a certificate's DER form, as the SDP attribute "fingerprint" has it (RFC 8122 section 5).</summary>
public sealed class CertificateFingerprint : IEquatable<CertificateFingerprint>
{
    /// <summary>RFC 8122 section 5: SHA-256 is preferred; MD5 and MD2 are known, and never used. Most preferred first.</summary>
    private static readonly string[] Preference = ["sha-256", "sha-384", "sha-512", "sha-224", "sha-1"];

    private readonly byte[] _value;

    private CertificateFingerprint(string hashFunction, byte[] value) => (HashFunction, _value) = (hashFunction, value);

    /// <summary>Lower case: "sha-256".</summary>
    public string HashFunction { get; }

    public ReadOnlySpan<byte> Value => _value;

    /// <summary>The fingerprint of a certificate; null for a hash function that must not be used or is not known.</summary>
    public static CertificateFingerprint? Of(string hashFunction, ReadOnlySpan<byte> der)
    {
        var name = hashFunction.ToLowerInvariant();
        return Hash(name, der) is { } value ? new CertificateFingerprint(name, value) : null;
    }

    /// <summary>"sha-256 AA:BB:...", the value of the attribute. The hash function need not be known. Lower-case digits are taken too (RFC 4572 peers
    /// sent them).</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CertificateFingerprint? fingerprint)
    {
        fingerprint = null;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2) return false;
        var digits = parts[1].Split(':');
        if (digits.Any(d => d.Length != 2 || !d.All(char.IsAsciiHexDigit))) return false;
        fingerprint = new CertificateFingerprint(parts[0].ToLowerInvariant(), Convert.FromHexString(string.Concat(digits)));
        return true;
    }

    /// <summary>
    /// RFC 8122 section 5.1: of the fingerprints that the peer has given, those of the most preferred hash function count, and the certificate
    /// matches one of them.
    /// </summary>
    public static bool Matches(IReadOnlyList<CertificateFingerprint> given, ReadOnlySpan<byte> der)
    {
        foreach (var hashFunction in Preference)
        {
            var counting = given.Where(f => f.HashFunction == hashFunction).ToList();
            if (counting.Count == 0) continue;
            var actual = Of(hashFunction, der)!;
            return counting.Any(actual.Equals);
        }
        return false;
    }

    public bool Equals(CertificateFingerprint? other) =>
        other is not null && HashFunction == other.HashFunction && CryptographicOperations.FixedTimeEquals(_value, other._value);
    public override bool Equals(object? obj) => Equals(obj as CertificateFingerprint);
    public override int GetHashCode() => HashCode.Combine(HashFunction, _value.Length > 0 ? _value[0] : 0);

    /// <summary>As in SDP.</summary>
    public override string ToString() =>
        $"{HashFunction} {string.Join(':', _value.Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)))}";

    private static byte[]? Hash(string name, ReadOnlySpan<byte> der)
    {
        switch (name)
        {
            case "sha-1": return SHA1.HashData(der);
            case "sha-256": return SHA256.HashData(der);
            case "sha-384": return SHA384.HashData(der);
            case "sha-512": return SHA512.HashData(der);
            case "sha-224":
                var digest = new Sha224Digest();
                digest.BlockUpdate(der);
                var value = new byte[digest.GetDigestSize()];
                digest.DoFinal(value);
                return value;
            default: return null;
        }
    }
}
