using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;
using WebRtcConformance.Stack.Foundation;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>
/// The curve secp256r1: keys from entropy, points, agreement, signatures without chance. By BouncyCastle, save verification: the platform (OpenSSL 3) takes long to
/// import a key before it can use it, and a handshake uses every key of the peer just once. Measured in one run: own key, import of the peer's and agreement 1690 us,
/// here 1000; in another, import of a key and verification 216 us, by BouncyCastle 292, by OpenSSL without the platform's wrapper, which is what is done where it
/// is there, 100.
/// </summary>
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

    /// <summary>The public key: an uncompressed point, 4, x, y (SEC 1 section 2.3.3).</summary>
    public static byte[] PublicKeyOf(ReadOnlySpan<byte> privateKey) =>
        new FixedPointCombMultiplier().Multiply(Domain.G, new BigInteger(1, privateKey)).GetEncoded(false);

    /// <summary>ECDH (RFC 8422 section 5.10): the x coordinate. False when the peer's key is no uncompressed point of the curve.</summary>
    public static bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerKey, out byte[] secret)
    {
        secret = [];
        if (peerKey.Length != 1 + 2 * Size || peerKey[0] != 4 || !TryDecode(peerKey, out var point)) return false;
        secret = point.Multiply(new BigInteger(1, privateKey)).Normalize().AffineXCoord.GetEncoded();
        return true;
    }

    /// <summary>An ECDSA signature in DER (RFC 3279 section 2.2.3) with the nonce of RFC 6979: the same key and content give the same
    /// bytes.</summary>
    /// <param name="hash">SHA-256, SHA-384 or SHA-512.</param>
    public static byte[] Sign(ReadOnlySpan<byte> privateKey, HashAlgorithmName hash, ReadOnlySpan<byte> content)
    {
        IDigest nonceDigest = hash == HashAlgorithmName.SHA256 ? new Sha256Digest()
            : hash == HashAlgorithmName.SHA384 ? new Sha384Digest()
            : new Sha512Digest();
        var signer = new ECDsaSigner(new HMacDsaKCalculator(nonceDigest));
        signer.Init(true, new ECPrivateKeyParameters(new BigInteger(1, privateKey), Domain));
        var signature = signer.GenerateSignature(CryptographicOperations.HashData(hash, content));
        return StandardDsaEncoding.Instance.Encode(Domain.N, signature[0], signature[1]);
    }

    /// <summary>Whether an ECDSA signature in DER is right. Total: what is no point or no signature verifies nothing.</summary>
    public static bool Verifies(ReadOnlySpan<byte> publicKey, HashAlgorithmName hash, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length < 1 + Size) return false; // also what means infinity
        return OpenSsl.Functions is { } functions
            ? OpenSslP256.Verifies(functions, publicKey, CryptographicOperations.HashData(hash, content), signature)
            : VerifiesByPlatform(publicKey, hash, content, signature);
    }

    /// <summary>The same by the platform's class.</summary>
    public static bool VerifiesByPlatform(ReadOnlySpan<byte> publicKey, HashAlgorithmName hash, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        if (!TryDecode(publicKey, out var point)) return false;
        try
        {
            using var key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new() { X = point.AffineXCoord.GetEncoded(), Y = point.AffineYCoord.GetEncoded() },
            });
            return key.VerifyData(content, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>A point of the curve, other than that at infinity.</summary>
    private static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ECPoint? point)
    {
        point = null;
        if (bytes.Length < 1 + Size) return false; // also what means infinity
        try
        {
            point = Domain.Curve.DecodePoint(bytes.ToArray());
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
