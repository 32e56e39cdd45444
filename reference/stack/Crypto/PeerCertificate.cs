using System.Formats.Asn1;
using System.Security.Cryptography;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>
/// The peer's certificate, as far as WebRTC looks into it: the public key (RFC 5280 section 4.1). Who the peer is, the fingerprint says (RFC 8122
/// section 5); chain, names and dates are not looked at.
/// </summary>
public sealed class PeerCertificate
{
    private const string EcPublicKey = "1.2.840.10045.2.1", Secp256r1 = "1.2.840.10045.3.1.7", RsaEncryption = "1.2.840.113549.1.1.1";
    private const int MinRsaBits = 1024, MaxRsaBits = 8192;

    private readonly byte[] _publicKeyInfo;
    private readonly byte[]? _p256Key;

    private PeerCertificate(byte[] der, byte[] publicKeyInfo, byte[]? p256Key, CertificateKeyKind key) =>
        (Der, _publicKeyInfo, _p256Key, Key) = (der, publicKeyInfo, p256Key, key);

    public ReadOnlyMemory<byte> Der { get; }

    public CertificateKeyKind Key { get; }

    /// <summary>Total: any bytes give a certificate, or what is wrong with them.</summary>
    public static bool TryRead(ReadOnlySpan<byte> der, out PeerCertificate? certificate, out string problem)
    {
        certificate = null;
        problem = "";
        try
        {
            var bytes = der.ToArray();
            var outer = new AsnReader(bytes, AsnEncodingRules.DER);
            var toBeSigned = outer.ReadSequence().ReadSequence();
            outer.ThrowIfNotEmpty();
            var version = new Asn1Tag(TagClass.ContextSpecific, 0);
            if (toBeSigned.PeekTag().HasSameClassAndValue(version)) toBeSigned.ReadEncodedValue();
            toBeSigned.ReadIntegerBytes(); // serialNumber
            for (var i = 0; i < 4; i++) toBeSigned.ReadSequence(); // signature, issuer, validity, subject
            var publicKeyInfo = toBeSigned.PeekEncodedValue();
            var info = toBeSigned.ReadSequence();
            var parameters = info.ReadSequence();
            var algorithm = parameters.ReadObjectIdentifier();
            CertificateKeyKind key;
            if (algorithm == EcPublicKey) key = CertificateKeyKind.Ecdsa;
            else if (algorithm == RsaEncryption) key = CertificateKeyKind.Rsa;
            else
            {
                problem = $"a key of algorithm {algorithm}";
                return false;
            }
            var isP256 = key == CertificateKeyKind.Ecdsa && parameters.HasData && parameters.PeekTag() == Asn1Tag.ObjectIdentifier
                && parameters.ReadObjectIdentifier() == Secp256r1;
            certificate = new PeerCertificate(bytes, publicKeyInfo.ToArray(), isP256 ? info.ReadBitString(out _) : null, key);
            return true;
        }
        catch (AsnContentException)
        {
            problem = "not a certificate";
            return false;
        }
    }

    /// <summary>Whether the signature over the content is that of this certificate's key. Total: a key that cannot be used verifies
    /// nothing.</summary>
    public bool Verifies(SignatureScheme scheme, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        if (!SignatureAlgorithm.TryFind(scheme, out var algorithm) || algorithm.Key != Key) return false;
        if (_p256Key is not null) return P256.Verifies(_p256Key, algorithm.Hash, content, signature);
        try
        {
            if (Key == CertificateKeyKind.Ecdsa)
            {
                using var ecdsa = ECDsa.Create();
                ecdsa.ImportSubjectPublicKeyInfo(_publicKeyInfo, out _);
                return ecdsa.VerifyData(content, signature, algorithm.Hash, DSASignatureFormat.Rfc3279DerSequence);
            }
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(_publicKeyInfo, out _);
            return rsa.KeySize is >= MinRsaBits and <= MaxRsaBits && rsa.VerifyData(content, signature, algorithm.Hash, algorithm.Padding!);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
