using System.Security.Cryptography;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Dtls;

/// <summary>What a cipher suite of DTLS 1.2 means, of those that the stack has: all with ephemeral elliptic-curve Diffie-Hellman and AEAD.</summary>
/// <param name="Authentication">The kind of key in the server's certificate (RFC 8422 section 2).</param>
/// <param name="Algorithm">Of the records.</param>
/// <param name="KeySize">Its key, in bytes.</param>
/// <param name="FixedIvSize">Bytes of the nonce that the key block gives (RFC 5288 section 3, RFC 7905 section 2).</param>
/// <param name="Hash">Of the PRF and of the transcript (RFC 5289 section 3, RFC 7905 section 2).</param>
public sealed record CipherSuiteParameters(CertificateKeyKind Authentication, AeadAlgorithm Algorithm, int KeySize, int FixedIvSize,
    HashAlgorithmName Hash)
{
    /// <summary>Null for a suite that the stack does not have.</summary>
    public static CipherSuiteParameters? Of(CipherSuite suite) => suite switch
    {
        CipherSuite.TlsEcdheEcdsaWithAes128GcmSha256 => Gcm(CertificateKeyKind.Ecdsa, 16, HashAlgorithmName.SHA256),
        CipherSuite.TlsEcdheEcdsaWithAes256GcmSha384 => Gcm(CertificateKeyKind.Ecdsa, 32, HashAlgorithmName.SHA384),
        CipherSuite.TlsEcdheEcdsaWithChacha20Poly1305Sha256 => ChaCha(CertificateKeyKind.Ecdsa),
        CipherSuite.TlsEcdheRsaWithAes128GcmSha256 => Gcm(CertificateKeyKind.Rsa, 16, HashAlgorithmName.SHA256),
        CipherSuite.TlsEcdheRsaWithAes256GcmSha384 => Gcm(CertificateKeyKind.Rsa, 32, HashAlgorithmName.SHA384),
        CipherSuite.TlsEcdheRsaWithChacha20Poly1305Sha256 => ChaCha(CertificateKeyKind.Rsa),
        _ => null,
    };

    private static CipherSuiteParameters Gcm(CertificateKeyKind key, int keySize, HashAlgorithmName hash) =>
        new(key, AeadAlgorithm.AesGcm, keySize, 4, hash);

    private static CipherSuiteParameters ChaCha(CertificateKeyKind key) => new(key, AeadAlgorithm.ChaCha20Poly1305, 32, 12, HashAlgorithmName.SHA256);
}
