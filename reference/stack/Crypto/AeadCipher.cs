using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>The AEAD algorithms that the stack's cipher suites use: nonces of 12 bytes, tags of 16.</summary>
public enum AeadAlgorithm
{
    /// <summary>AES-128 or AES-256, by the key's size (RFC 5116 sections 5.1 and 5.2).</summary>
    AesGcm,

    /// <summary>RFC 8439 section 2.8.</summary>
    ChaCha20Poly1305,
}

/// <summary>One key of an AEAD algorithm. No allocation where the platform has the algorithm.</summary>
public abstract class AeadCipher : IDisposable
{
    public const int NonceSize = 12, TagSize = 16;

    /// <summary>Writes the ciphertext, then the tag; <paramref name="output"/> is <see cref="TagSize"/> longer than the plaintext.</summary>
    public abstract void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated, Span<byte> output);

    /// <summary>False when the tag is wrong; the plaintext is zero then. <paramref name="input"/> is at least <see cref="TagSize"/> long.</summary>
    public abstract bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input, ReadOnlySpan<byte> associated, Span<byte> plaintext);

    public abstract void Dispose();

    public static AeadCipher Create(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => algorithm switch
    {
        AeadAlgorithm.AesGcm when OpenSslAesGcm.TryCreate(key) is { } direct => direct,
        _ => CreateFromPlatform(algorithm, key),
    };

    /// <summary>The same by the platform's classes, where they have it.</summary>
    public static AeadCipher CreateFromPlatform(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => algorithm switch
    {
        AeadAlgorithm.AesGcm when System.Security.Cryptography.AesGcm.IsSupported => new PlatformAesGcm(key),
        AeadAlgorithm.ChaCha20Poly1305 when System.Security.Cryptography.ChaCha20Poly1305.IsSupported => new PlatformChaCha(key),
        _ => CreateManaged(algorithm, key),
    };

    /// <summary>The same from managed code, for platforms without it. Allocates.</summary>
    public static AeadCipher CreateManaged(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => new Managed(algorithm, key);

    /// <summary>What the platform's ciphers, which have no common type, have in common.</summary>
    private abstract class Platform : AeadCipher
    {
        protected abstract void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associated);
        protected abstract void Decrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associated);

        public sealed override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated, Span<byte> output) =>
            Encrypt(nonce, plaintext, output[..plaintext.Length], output.Slice(plaintext.Length, TagSize), associated);

        public sealed override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input, ReadOnlySpan<byte> associated, Span<byte> plaintext)
        {
            try
            {
                Decrypt(nonce, input[..^TagSize], input[^TagSize..], plaintext, associated);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }
    }

    private sealed class PlatformAesGcm(ReadOnlySpan<byte> key) : Platform
    {
        private readonly AesGcm _cipher = new(key, TagSize);

        protected override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associated) =>
            _cipher.Encrypt(nonce, plaintext, ciphertext, tag, associated);

        protected override void Decrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associated) =>
            _cipher.Decrypt(nonce, ciphertext, tag, plaintext, associated);

        public override void Dispose() => _cipher.Dispose();
    }

    private sealed class PlatformChaCha(ReadOnlySpan<byte> key) : Platform
    {
        private readonly ChaCha20Poly1305 _cipher = new(key);

        protected override void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associated) =>
            _cipher.Encrypt(nonce, plaintext, ciphertext, tag, associated);

        protected override void Decrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associated) =>
            _cipher.Decrypt(nonce, ciphertext, tag, plaintext, associated);

        public override void Dispose() => _cipher.Dispose();
    }

    private sealed class Managed : AeadCipher
    {
        private readonly AeadAlgorithm _algorithm;
        private readonly KeyParameter _key;

        public Managed(AeadAlgorithm algorithm, ReadOnlySpan<byte> key) => (_algorithm, _key) = (algorithm, new KeyParameter(key));

        public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated, Span<byte> output) =>
            Run(true, nonce, plaintext, associated, output);

        public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input, ReadOnlySpan<byte> associated, Span<byte> plaintext)
        {
            try
            {
                Run(false, nonce, input, associated, plaintext);
                return true;
            }
            catch (InvalidCipherTextException)
            {
                plaintext.Clear();
                return false;
            }
        }

        private void Run(bool seals, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input, ReadOnlySpan<byte> associated, Span<byte> output)
        {
            Org.BouncyCastle.Crypto.Modes.IAeadCipher cipher = _algorithm == AeadAlgorithm.ChaCha20Poly1305
                ? new Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305()
                : new Org.BouncyCastle.Crypto.Modes.GcmBlockCipher(Org.BouncyCastle.Crypto.AesUtilities.CreateEngine());
            cipher.Init(seals, new AeadParameters(_key, TagSize * 8, nonce.ToArray(), associated.ToArray()));
            var done = new byte[cipher.GetOutputSize(input.Length)];
            var length = cipher.ProcessBytes(input, done);
            length += cipher.DoFinal(done.AsSpan(length));
            done.AsSpan(0, length).CopyTo(output);
        }

        public override void Dispose()
        {
        }
    }
}
