using System.Security.Cryptography;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>The kind of key in a certificate.</summary>
public enum CertificateKeyKind
{
    Ecdsa,
    Rsa,
}

/// <summary>
/// What a SignatureScheme means in TLS 1.2 (RFC 5246 section 7.4.1.4.1 with the names of RFC 8446 section 4.2.3): a hash and a signature algorithm.
/// The curve in an ECDSA scheme's name binds only from TLS 1.3 on.
/// </summary>
/// <param name="Hash">Hash of the content.</param>
/// <param name="Key">The kind of key that signs.</param>
/// <param name="Padding">Of RSA; null for ECDSA.</param>
public readonly record struct SignatureAlgorithm(HashAlgorithmName Hash, CertificateKeyKind Key, RSASignaturePadding? Padding)
{
    /// <summary>False for schemes that the stack does not verify.</summary>
    public static bool TryFind(SignatureScheme scheme, out SignatureAlgorithm algorithm)
    {
        algorithm = scheme switch
        {
            SignatureScheme.EcdsaSecp256r1Sha256 => Ecdsa(HashAlgorithmName.SHA256),
            SignatureScheme.EcdsaSecp384r1Sha384 => Ecdsa(HashAlgorithmName.SHA384),
            SignatureScheme.EcdsaSecp521r1Sha512 => Ecdsa(HashAlgorithmName.SHA512),
            SignatureScheme.RsaPkcs1Sha256 => Rsa(HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            SignatureScheme.RsaPkcs1Sha384 => Rsa(HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
            SignatureScheme.RsaPkcs1Sha512 => Rsa(HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            SignatureScheme.RsaPssRsaeSha256 => Rsa(HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            SignatureScheme.RsaPssRsaeSha384 => Rsa(HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
            SignatureScheme.RsaPssRsaeSha512 => Rsa(HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
            _ => default,
        };
        return algorithm.Hash.Name is not null;
    }

    private static SignatureAlgorithm Ecdsa(HashAlgorithmName hash) => new(hash, CertificateKeyKind.Ecdsa, null);

    private static SignatureAlgorithm Rsa(HashAlgorithmName hash, RSASignaturePadding padding) => new(hash, CertificateKeyKind.Rsa, padding);
}
