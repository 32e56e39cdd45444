using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>The curve secp256r1: keys from entropy, points on the wire, signatures without chance.</summary>
public static class P256
{
    private const int Size = 32;

    /// <summary>The order of the base point (FIPS 186-4 appendix D.1.2.3).</summary>
    private static readonly byte[] Order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    private static readonly ECDomainParameters Domain = new(CustomNamedCurves.GetByName("P-256"));

    /// <summary>A number from 1 to order - 1; draws outside are rejected.</summary>
    public static byte[] DrawPrivateKey(Entropy entropy)
    {
        var d = new byte[Size];
        do entropy.Fill(d);
        while (d.AsSpan().IndexOfAnyExcept((byte)0) < 0 || d.AsSpan().SequenceCompareTo(Order) >= 0);
        return d;
    }

    /// <summary>An uncompressed point: 4, x, y (SEC 1 section 2.3.3).</summary>
    public static byte[] Encode(in ECPoint point) => [4, .. point.X!, .. point.Y!];

    /// <summary>The form of an uncompressed point; whether it is on the curve is seen when it is used.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out ECPoint point)
    {
        point = default;
        if (bytes.Length != 1 + 2 * Size || bytes[0] != 4) return false;
        point = new ECPoint { X = bytes.Slice(1, Size).ToArray(), Y = bytes[(1 + Size)..].ToArray() };
        return true;
    }

    /// <summary>An ECDSA signature in DER (RFC 3279 section 2.2.3) with the nonce of RFC 6979: the same key and content give the same bytes.</summary>
    /// <param name="hash">SHA-256, SHA-384 or SHA-512.</param>
    public static byte[] Sign(ReadOnlySpan<byte> privateKey, HashAlgorithmName hash, ReadOnlySpan<byte> content)
    {
        Org.BouncyCastle.Crypto.IDigest nonceDigest = hash == HashAlgorithmName.SHA256 ? new Sha256Digest() : hash == HashAlgorithmName.SHA384 ? new Sha384Digest() : new Sha512Digest();
        var signer = new ECDsaSigner(new HMacDsaKCalculator(nonceDigest));
        signer.Init(true, new ECPrivateKeyParameters(new BigInteger(1, privateKey), Domain));
        var signature = signer.GenerateSignature(CryptographicOperations.HashData(hash, content));
        return StandardDsaEncoding.Instance.Encode(Domain.N, signature[0], signature[1]);
    }
}
