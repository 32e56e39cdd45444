using System.Formats.Asn1;
using System.Security.Cryptography;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>Published values for the pieces of the key schedule, signatures and AEAD.</summary>
public class DtlsVectorTests
{
    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>The vectors for the PRF of TLS 1.2 that were collected on the TLS working group's list (message 03416 of its archive).</summary>
    [Theory]
    [InlineData("SHA256", "9bbe436ba940f017b17652849a71db35", "a0ba9f936cda311827a6f796ffd5198c",
        "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66")]
    [InlineData("SHA384", "b80b733d6ceefcdc71566ea48e5567df", "cd665cf6a8447dd6ff8b27555edb7465",
        "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f")]
    public void The_PRF(string hash, string secret, string seed, string expected)
    {
        var output = new byte[expected.Length / 2];
        TlsPrf.Fill(new HashAlgorithmName(hash), Hex(secret), "test label"u8, Hex(seed), output);
        Assert.Equal(expected, Convert.ToHexStringLower(output));
        // A shorter output is the beginning of a longer one.
        var begin = new byte[33];
        TlsPrf.Fill(new HashAlgorithmName(hash), Hex(secret), "test label"u8, Hex(seed), begin);
        Assert.Equal(output[..33], begin);
    }

    /// <summary>RFC 6979 appendix A.2.5, "sample" and "test", as DER.</summary>
    [Theory]
    [InlineData("sample", "SHA256", "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
        "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8")]
    [InlineData("sample", "SHA384", "0EAFEA039B20E9B42309FB1D89E213057CBF973DC0CFC8F129EDDDC800EF7719",
        "4861F0491E6998B9455193E34E7B0D284DDD7149A74B95B9261F13ABDE940954")]
    [InlineData("sample", "SHA512", "8496A60B5E9B47C825488827E0495B0E3FA109EC4568FD3F8D1097678EB97F00",
        "2362AB1ADBE2B8ADF9CB9EDAB740EA6049C028114F2460F96554F61FAE3302FE")]
    [InlineData("test", "SHA256", "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367",
        "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083")]
    public void Signatures_with_nonces_that_follow_from_key_and_content(string content, string hash, string r, string s)
    {
        var signature = P256.Sign(Hex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"), new HashAlgorithmName(hash),
            System.Text.Encoding.ASCII.GetBytes(content));
        var reader = new System.Formats.Asn1.AsnReader(signature, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
        Assert.Equal(r.TrimStart('0'), reader.ReadInteger().ToString("X").TrimStart('0'));
        Assert.Equal(s.TrimStart('0'), reader.ReadInteger().ToString("X").TrimStart('0'));
    }

    /// <summary>RFC 5903 section 8.1.</summary>
    [Fact]
    public void Agreement_on_secp256r1()
    {
        var (i, r) = (Hex("C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433"), Hex("C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53"));
        var gi = "04DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C37725811805271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3";
        var gr = "04D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF6356FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB";
        Assert.Equal((gi, gr), (Convert.ToHexString(P256.PublicKeyOf(i)), Convert.ToHexString(P256.PublicKeyOf(r))));
        Assert.True(P256.TryAgree(i, Hex(gr), out var one));
        Assert.True(P256.TryAgree(r, Hex(gi), out var other));
        Assert.Equal("D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE", Convert.ToHexString(one));
        Assert.Equal(one, other);
    }

    /// <summary>The platform verifies what we sign, and we verify what the platform signs; nobody verifies anything else.</summary>
    [Fact]
    public void Signatures_are_those_of_the_platform()
    {
        using var platform = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = platform.ExportParameters(true);
        byte[] publicKey = [4, .. parameters.Q.X!, .. parameters.Q.Y!], content = "content"u8.ToArray();
        Assert.Equal(publicKey, P256.PublicKeyOf(parameters.D));
        foreach (var hash in new[] { HashAlgorithmName.SHA256, HashAlgorithmName.SHA384, HashAlgorithmName.SHA512 })
        {
            var ours = P256.Sign(parameters.D, hash, content);
            var theirs = platform.SignData(content, hash, DSASignatureFormat.Rfc3279DerSequence);
            Assert.True(platform.VerifyData(content, ours, hash, DSASignatureFormat.Rfc3279DerSequence));
            Assert.True(P256.Verifies(publicKey, hash, content, theirs));
            Assert.True(P256.VerifiesByPlatform(publicKey, hash, content, theirs));
            Assert.False(P256.Verifies(publicKey, hash, "other"u8, theirs));
            Assert.False(P256.VerifiesByPlatform(publicKey, hash, "other"u8, theirs));
            for (var i = 0; i < theirs.Length; i++)
            {
                var changed = theirs.ToArray();
                changed[i] ^= 1;
                Assert.False(P256.Verifies(publicKey, hash, content, changed), $"byte {i}");
                Assert.False(P256.VerifiesByPlatform(publicKey, hash, content, changed), $"byte {i}");
                Assert.False(P256.Verifies(publicKey, hash, content, theirs.AsSpan(0, i)), $"{i} bytes");
            }
        }
        foreach (byte[] key in new byte[][] { [], [0], new byte[65], [4, .. new byte[64]], publicKey[..64], [.. publicKey, 0] })
            Assert.False(P256.Verifies(key, HashAlgorithmName.SHA256, content, P256.Sign(parameters.D, HashAlgorithmName.SHA256, content)));
        var quick = LocalCertificate.Generate(new Entropy(1), deterministic: false);
        var (toBeSigned, own) = Parts(quick);
        Assert.Equal(Parts(DtlsPair.ClientCertificate).ToBeSigned, toBeSigned); // all but the signature follows from entropy
        Assert.True(PeerCertificate.TryRead(quick.Der.Span, out var read, out _));
        Assert.True(read!.Verifies(SignatureScheme.EcdsaSecp256r1Sha256, toBeSigned, own));
        Assert.True(read!.Verifies(SignatureScheme.EcdsaSecp256r1Sha256, content, quick.Sign(SignatureScheme.EcdsaSecp256r1Sha256, content)));
        Assert.NotEqual(quick.Sign(SignatureScheme.EcdsaSecp256r1Sha256, content), quick.Sign(SignatureScheme.EcdsaSecp256r1Sha256, content));
    }

    private static (byte[] ToBeSigned, byte[] Signature) Parts(LocalCertificate certificate)
    {
        var parts = new AsnReader(certificate.Der, AsnEncodingRules.DER).ReadSequence();
        var toBeSigned = parts.ReadEncodedValue().ToArray();
        parts.ReadSequence();
        return (toBeSigned, parts.ReadBitString(out _));
    }

    /// <summary>Certificates with keys that we do not make: other curves, by the platform.</summary>
    [Theory]
    [InlineData("nistP384", SignatureScheme.EcdsaSecp384r1Sha384)]
    [InlineData("nistP521", SignatureScheme.EcdsaSecp256r1Sha256)] // the curve in the name does not bind in TLS 1.2
    public void Certificates_of_other_curves_verify(string curve, SignatureScheme scheme)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        Assert.True(PeerCertificate.TryRead(made.RawData, out var certificate, out _));
        Assert.True(SignatureAlgorithm.TryFind(scheme, out var algorithm));
        var signature = key.SignData("abc"u8.ToArray(), algorithm.Hash, DSASignatureFormat.Rfc3279DerSequence);
        Assert.True(certificate!.Verifies(scheme, "abc"u8, signature));
        Assert.False(certificate.Verifies(scheme, "abd"u8, signature));
        Assert.False(certificate.Verifies(SignatureScheme.RsaPkcs1Sha256, "abc"u8, signature));
    }

    /// <summary>RFC 7748 section 6.1, RFC 8422 section 5.11. Whether the secrets are right, BouncyCastle and OpenSSL say.</summary>
    [Theory]
    [InlineData(NamedGroup.X25519)]
    [InlineData(NamedGroup.Secp256r1)]
    public void Key_shares_agree_and_refuse_what_is_no_key(NamedGroup group)
    {
        using var a = EcdheShare.Create(group, new Entropy(1));
        using var b = EcdheShare.Create(group, new Entropy(2));
        using var again = EcdheShare.Create(group, new Entropy(1));
        Assert.Equal(a.PublicKey, again.PublicKey);
        Assert.NotEqual(a.PublicKey, b.PublicKey);
        Assert.True(a.TryAgree(b.PublicKey, out var one));
        Assert.True(b.TryAgree(a.PublicKey, out var other));
        Assert.Equal(one, other);
        Assert.Equal(32, one.Length);
        foreach (var length in new[] { 0, 1, 31, 32, 33, 64, 65, 66 })
            Assert.False(a.TryAgree(new byte[length], out _), $"{length} zeros");
        var off = b.PublicKey.ToArray();
        off[^1] ^= 1;
        Assert.Equal(group == NamedGroup.X25519, a.TryAgree(off, out _)); // every string of 32 bytes is a key of x25519, and few are points of secp256r1
        Assert.False(a.TryAgree([.. b.PublicKey, 0], out _));
        // Order 1 (RFC 7748 section 6.1: the all-zero check).
        if (group == NamedGroup.X25519) Assert.False(a.TryAgree([1, .. new byte[31]], out _));
    }

    /// <summary>RFC 8439 section 2.8.2, and test case 4 of the GCM specification (McGrew and Viega), from the platform and from managed
    /// code.</summary>
    [Theory]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", "070000004041424344454647",
        "50515253c0c1c2c3c4c5c6c7",
        "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e",
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116" + "1ae10b594f09e26a7e902ecbd0600691")]
    [InlineData(AeadAlgorithm.AesGcm, "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091" + "5bc94fbc3221a5db94fae95ae7121a47")]
    public void Aead_seals_and_opens_and_refuses_what_was_changed(AeadAlgorithm algorithm, string key, string nonce, string associated,
        string plaintext, string expected)
    {
        foreach (var cipher in new[] { AeadCipher.Create(algorithm, Hex(key)), AeadCipher.CreateFromPlatform(algorithm, Hex(key)), AeadCipher.CreateManaged(algorithm, Hex(key)) })
        {
            var sealedBytes = new byte[expected.Length / 2];
            cipher.Seal(Hex(nonce), Hex(plaintext), Hex(associated), sealedBytes);
            Assert.Equal(expected, Convert.ToHexStringLower(sealedBytes));
            var opened = new byte[plaintext.Length / 2];
            Assert.True(cipher.TryOpen(Hex(nonce), sealedBytes, Hex(associated), opened));
            Assert.Equal(plaintext, Convert.ToHexStringLower(opened));
            foreach (var at in new[] { 0, sealedBytes.Length - 1 })
            {
                var changed = sealedBytes.ToArray();
                changed[at] ^= 1;
                Assert.False(cipher.TryOpen(Hex(nonce), changed, Hex(associated), opened));
            }
            cipher.Dispose();
        }
    }

    /// <summary>Three makers, both key sizes, texts and associated data of any length: the same bytes, opened by each other, and a changed byte is refused by all.</summary>
    [Fact]
    public void Makers_of_aes_gcm_agree()
    {
        var entropy = new Entropy(1).Fork("aes-gcm");
        for (var round = 0; round < 200; round++)
        {
            var (key, nonce, associated, text) = (new byte[round % 2 == 0 ? 16 : 32], new byte[12], new byte[entropy.UniformBelow(40)], new byte[round < 40 ? round : (int)entropy.UniformBelow(3000)]);
            foreach (var bytes in new[] { key, nonce, associated, text }) entropy.Fill(bytes);
            AeadCipher[] makers =
            [
                AeadCipher.Create(AeadAlgorithm.AesGcm, key), AeadCipher.CreateFromPlatform(AeadAlgorithm.AesGcm, key), AeadCipher.CreateManaged(AeadAlgorithm.AesGcm, key),
            ];
            var expected = new byte[text.Length + AeadCipher.TagSize];
            makers[2].Seal(nonce, text, associated, expected);
            foreach (var maker in makers)
            {
                var (written, opened) = (new byte[expected.Length], new byte[text.Length]);
                // Refused first: what was wrong about a record says nothing about the next one.
                var changed = expected.ToArray();
                changed[entropy.UniformBelow((ulong)changed.Length)] ^= 1;
                Assert.False(maker.TryOpen(nonce, changed, associated, opened));
                Assert.Equal(new byte[text.Length], opened);
                maker.Seal(nonce, text, associated, written);
                Assert.Equal(expected, written);
                Assert.True(maker.TryOpen(nonce, expected, associated, opened));
                Assert.Equal(text, opened);
                if (associated.Length > 0)
                {
                    associated[0] ^= 1;
                    Assert.False(maker.TryOpen(nonce, expected, associated, opened));
                    associated[0] ^= 1;
                }
                maker.Dispose();
            }
        }
    }

    /// <summary>RFC 2202 and RFC 4231, test cases 1 to 3, and keys and texts of any length: both makers agree, and a state is as new after each text.</summary>
    [Fact]
    public void Makers_of_hmac_agree()
    {
        (string Key, string Text, string Sha1, string Sha256)[] published =
        [
            ("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "b617318655057264e28bc0b6fb378c8ef146be00", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            ("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (new('a', 40), new('d', 100), "125d7342b9ac11cd91a39af48aa17b4f63f175d3", "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        ];
        foreach (var (key, text, sha1, sha256) in published)
        {
            Assert.Equal(sha1, Value(HashAlgorithmName.SHA1, Hex(key), Hex(text)));
            Assert.Equal(sha256, Value(HashAlgorithmName.SHA256, Hex(key), Hex(text)));
        }
        var entropy = new Entropy(1).Fork("hmac");
        for (var round = 0; round < 200; round++)
        {
            var (key, text) = (new byte[entropy.UniformBelow(100)], new byte[entropy.UniformBelow(300)]);
            entropy.Fill(key);
            entropy.Fill(text);
            Value(round % 2 == 0 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256, key, text);
        }
        Value(HashAlgorithmName.SHA1, [], []);

        static string Value(HashAlgorithmName algorithm, byte[] key, byte[] text)
        {
            var size = algorithm == HashAlgorithmName.SHA1 ? 20 : 32;
            var values = new List<string>();
            foreach (var maker in new[] { KeyedHash.Create(algorithm, key), KeyedHash.CreateFromPlatform(algorithm, key) })
            {
                for (var i = 0; i < 2; i++)
                {
                    var value = new byte[size];
                    maker.Compute(text, value);
                    values.Add(Convert.ToHexStringLower(value));
                }
                maker.Dispose();
                Assert.Throws<ObjectDisposedException>(() => maker.Compute(text, new byte[size]));
            }
            return Assert.Single(values.Distinct());
        }
    }

    [Fact]
    public void Fingerprints_of_all_hash_functions_that_occur()
    {
        byte[] abc = "abc"u8.ToArray(); // FIPS 180-4's example; a certificate is just bytes here
        Assert.Equal("sha-1 A9:99:3E:36:47:06:81:6A:BA:3E:25:71:78:50:C2:6C:9C:D0:D8:9D", CertificateFingerprint.Of("SHA-1", abc)!.ToString());
        Assert.Equal("sha-224 23:09:7D:22:34:05:D8:22:86:42:A4:77:BD:A2:55:B3:2A:AD:BC:E4:BD:A0:B3:F7:E3:6C:9D:A7",
            CertificateFingerprint.Of("sha-224", abc)!.ToString());
        Assert.StartsWith("sha-256 BA:78:16:BF:", CertificateFingerprint.Of("sha-256", abc)!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("sha-384 CB:00:75:3F:", CertificateFingerprint.Of("sha-384", abc)!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("sha-512 DD:AF:35:A1:", CertificateFingerprint.Of("sha-512", abc)!.ToString(), StringComparison.Ordinal);
        foreach (var forbidden in new[] { "md5", "md2", "sha-3", "" }) Assert.Null(CertificateFingerprint.Of(forbidden, abc));

        foreach (var function in new[] { "sha-1", "sha-224", "sha-256", "sha-384", "sha-512" })
        {
            var text = CertificateFingerprint.Of(function, abc)!.ToString();
            Assert.True(CertificateFingerprint.TryParse(text, out var read));
            Assert.Equal(text, read.ToString());
            Assert.True(CertificateFingerprint.Matches([read], abc));
            Assert.False(CertificateFingerprint.Matches([read], "abd"u8));
        }
        foreach (var bad in new[] { "", "sha-256", "sha-256 A", "sha-256 AA:", "sha-256 AA:B", "sha-256 GG", "sha-256 AA BB",
            "sha-256 AAA:B" }) Assert.False(CertificateFingerprint.TryParse(bad, out _), bad);
    }

    /// <summary>RFC 8122 section 5.1: those of the most preferred hash function decide, and one of them is enough.</summary>
    [Fact]
    public void Of_several_fingerprints_the_best_hash_function_decides()
    {
        byte[] ours = [1], others = [2];
        var (weak, strong, wrong) = (CertificateFingerprint.Of("sha-1", ours)!, CertificateFingerprint.Of("sha-256", ours)!,
            CertificateFingerprint.Of("sha-256", others)!);
        Assert.True(CertificateFingerprint.Matches([wrong, strong], ours));
        Assert.False(CertificateFingerprint.Matches([weak, wrong], ours));
        Assert.True(CertificateFingerprint.Matches([weak], ours));
        Assert.False(CertificateFingerprint.Matches([], ours));
        Assert.True(CertificateFingerprint.TryParse("md5 90:01:50:98:3C:D2:4F:B0:D6:96:3F:7D:28:E1:7F:72", out var md5));
        Assert.False(CertificateFingerprint.Matches([md5], "abc"u8));
    }

    /// <summary>OpenSSL's view of our certificate, through the platform's X.509 code.</summary>
    [Fact]
    public void Our_certificate_is_a_certificate_and_signs_itself()
    {
        using var read = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(DtlsPair.ClientCertificate.Der.Span);
        Assert.Equal(("CN=WebRTC", "CN=WebRTC", 3), (read.Subject, read.Issuer, read.Version));
        Assert.Equal(new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc), read.NotBefore.ToUniversalTime());
        Assert.True(PeerCertificate.TryRead(DtlsPair.ClientCertificate.Der.Span, out var certificate, out _));
        var outer = new System.Formats.Asn1.AsnReader(DtlsPair.ClientCertificate.Der, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
        var content = outer.ReadEncodedValue();
        outer.ReadSequence();
        Assert.True(certificate!.Verifies(SignatureScheme.EcdsaSecp256r1Sha256, content.Span, outer.ReadBitString(out _)));
        Assert.Throws<ArgumentException>(() => LocalCertificate.Generate(new Entropy(1), notBefore: "20200101000000Z"));
        for (var length = 0; length < DtlsPair.ClientCertificate.Der.Length; length++)
            Assert.False(PeerCertificate.TryRead(DtlsPair.ClientCertificate.Der.Span[..length], out _, out _));
    }
}
