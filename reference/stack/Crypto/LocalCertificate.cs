using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>A self-signed certificate with its P-256 key, made by the stack (RFC 5280 section 4.1, RFC 8827 section 6.5). Everything follows from
/// entropy: the same seed gives the same bytes, signatures included.</summary>
public sealed class LocalCertificate
{
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2", EcPublicKey = "1.2.840.10045.2.1", Secp256r1 = "1.2.840.10045.3.1.7",
        CommonName = "2.5.4.3";
    private const int UtcTimeTag = 23;

    private readonly byte[] _privateKey;
    private readonly ECDsa? _platformKey;

    private LocalCertificate(byte[] der, byte[] privateKey, ECDsa? platformKey) => (Der, _privateKey, _platformKey) = (der, privateKey, platformKey);

    /// <summary>The certificate.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>Of <see cref="Der"/>, as SDP has it.</summary>
    public CertificateFingerprint Fingerprint => CertificateFingerprint.Of("sha-256", Der.Span)!;

    /// <param name="notBefore">UTCTime, "YYMMDDHHMMSSZ". The stack has no clock, so the default is a span that any test lies in.</param>
    /// <param name="notAfter">UTCTime.</param>
    /// <param name="deterministic">False: certificate and handshakes are signed by the platform, with nonces of its own. Faster (a signature takes a tenth of the
    /// time), and no two runs have the same bytes.</param>
    public static LocalCertificate Generate(Entropy entropy, string commonName = "WebRTC", string notBefore = "200101000000Z",
        string notAfter = "491231235959Z", bool deterministic = true)
    {
        var privateKey = P256.DrawPrivateKey(entropy);
        var platformKey = deterministic ? null : ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = privateKey });
        var serial = new byte[16];
        entropy.Fill(serial);
        serial[0] = (byte)(serial[0] & 0x7F | 0x40); // positive, and of full length

        var toBeSigned = new AsnWriter(AsnEncodingRules.DER);
        using (toBeSigned.PushSequence())
        {
            using (toBeSigned.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0))) toBeSigned.WriteInteger(2); // v3
            toBeSigned.WriteInteger(serial);
            WriteAlgorithm(toBeSigned);
            WriteName(toBeSigned, commonName);
            using (toBeSigned.PushSequence())
            {
                WriteUtcTime(toBeSigned, notBefore);
                WriteUtcTime(toBeSigned, notAfter);
            }
            WriteName(toBeSigned, commonName);
            using (toBeSigned.PushSequence())
            {
                using (toBeSigned.PushSequence())
                {
                    toBeSigned.WriteObjectIdentifier(EcPublicKey);
                    toBeSigned.WriteObjectIdentifier(Secp256r1);
                }
                toBeSigned.WriteBitString(platformKey is null ? P256.PublicKeyOf(privateKey) : PublicKeyOf(platformKey));
            }
        }
        var content = toBeSigned.Encode();

        var certificate = new AsnWriter(AsnEncodingRules.DER);
        using (certificate.PushSequence())
        {
            certificate.WriteEncodedValue(content);
            WriteAlgorithm(certificate);
            certificate.WriteBitString(Sign(privateKey, platformKey, HashAlgorithmName.SHA256, content));
        }
        return new LocalCertificate(certificate.Encode(), privateKey, platformKey);
    }

    /// <summary>Whether the key can sign with it.</summary>
    public static bool Signs(SignatureScheme scheme) => SignatureAlgorithm.TryFind(scheme, out var algorithm) && algorithm.Key == CertificateKeyKind.Ecdsa;

    /// <summary>A signature as TLS 1.2 wants it (RFC 5246 section 4.7): DER.</summary>
    /// <exception cref="ArgumentException">Not a scheme for this key.</exception>
    public byte[] Sign(SignatureScheme scheme, ReadOnlySpan<byte> content)
    {
        if (!Signs(scheme) || !SignatureAlgorithm.TryFind(scheme, out var algorithm))
            throw new ArgumentException($"a P-256 key does not sign with {scheme}", nameof(scheme));
        return Sign(_privateKey, _platformKey, algorithm.Hash, content);
    }

    private static byte[] Sign(byte[] privateKey, ECDsa? platformKey, HashAlgorithmName hash, ReadOnlySpan<byte> content) => platformKey is null
        ? P256.Sign(privateKey, hash, content)
        : platformKey.SignData(content.ToArray(), hash, DSASignatureFormat.Rfc3279DerSequence);

    private static byte[] PublicKeyOf(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. point.X!, .. point.Y!];
    }

    private static void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence()) writer.WriteObjectIdentifier(EcdsaWithSha256);
    }

    private static void WriteName(AsnWriter writer, string commonName)
    {
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(CommonName);
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, commonName);
        }
    }

    private static void WriteUtcTime(AsnWriter writer, string text)
    {
        if (text.Length != 13 || text[12] != 'Z' || text.AsSpan(0, 12).ContainsAnyExceptInRange('0', '9'))
            throw new ArgumentException($"not a UTCTime: {text}");
        writer.WriteEncodedValue([UtcTimeTag, 13, .. Encoding.ASCII.GetBytes(text)]);
    }
}
