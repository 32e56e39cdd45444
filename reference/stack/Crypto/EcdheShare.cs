using System.Security.Cryptography;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Tls;
using X25519Math = Org.BouncyCastle.Math.EC.Rfc7748.X25519;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>One side's ephemeral key of an elliptic-curve Diffie-Hellman exchange (RFC 8422 section 5.10, RFC 7748 section 5). Drawn from entropy, so
/// the same seed gives the same key.</summary>
public abstract class EcdheShare : IDisposable
{
    /// <summary>As it goes over the wire: an uncompressed point (65 bytes for secp256r1), or 32 bytes for x25519.</summary>
    public abstract byte[] PublicKey { get; }

    /// <summary>The shared secret; false when the peer's key is none, or leads to the secret 0 (RFC 8422 section 5.11).</summary>
    public abstract bool TryAgree(ReadOnlySpan<byte> peerKey, out byte[] secret);

    public abstract void Dispose();

    public static bool Supports(NamedGroup group) => group is NamedGroup.Secp256r1 or NamedGroup.X25519;

    /// <exception cref="ArgumentException">A group that is not supported.</exception>
    public static EcdheShare Create(NamedGroup group, Entropy entropy) => group switch
    {
        NamedGroup.Secp256r1 => new Secp256r1Share(P256.DrawPrivateKey(entropy)),
        NamedGroup.X25519 => new X25519Share(entropy),
        _ => throw new ArgumentException($"no key shares of {group}", nameof(group)),
    };

    private sealed class Secp256r1Share(byte[] privateKey) : EcdheShare
    {
        public override byte[] PublicKey { get; } = P256.PublicKeyOf(privateKey);

        public override bool TryAgree(ReadOnlySpan<byte> peerKey, out byte[] secret) => P256.TryAgree(privateKey, peerKey, out secret);

        public override void Dispose() => CryptographicOperations.ZeroMemory(privateKey);
    }

    private sealed class X25519Share : EcdheShare
    {
        private const int Size = 32;
        private readonly byte[] _key = new byte[Size];

        public X25519Share(Entropy entropy)
        {
            entropy.Fill(_key);
            X25519Math.GeneratePublicKey(_key, 0, PublicKey, 0);
        }

        public override byte[] PublicKey { get; } = new byte[Size];

        public override bool TryAgree(ReadOnlySpan<byte> peerKey, out byte[] secret)
        {
            secret = new byte[Size];
            return peerKey.Length == Size && X25519Math.CalculateAgreement(_key, 0, peerKey.ToArray(), 0, secret, 0);
        }

        public override void Dispose() => CryptographicOperations.ZeroMemory(_key);
    }
}
