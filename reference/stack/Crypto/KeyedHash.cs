using System.Security.Cryptography;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>HMAC (RFC 2104) with one key that is set up once. Not for several threads at a time.</summary>
public abstract class KeyedHash : IDisposable
{
    /// <summary>Of the whole text; the destination has at least the size of the hash.</summary>
    public abstract void Compute(ReadOnlySpan<byte> text, Span<byte> destination);

    public abstract void Dispose();

    /// <param name="algorithm">SHA-1 or SHA-256.</param>
    public static KeyedHash Create(HashAlgorithmName algorithm, ReadOnlySpan<byte> key) =>
        OpenSsl.Functions is { } functions ? new Direct(functions, algorithm, key) : CreateFromPlatform(algorithm, key);

    /// <summary>The same by the platform's class.</summary>
    public static KeyedHash CreateFromPlatform(HashAlgorithmName algorithm, ReadOnlySpan<byte> key) => new Platform(algorithm, key);

    private sealed class Platform(HashAlgorithmName algorithm, ReadOnlySpan<byte> key) : KeyedHash
    {
        private readonly IncrementalHash _state = IncrementalHash.CreateHMAC(algorithm, key);

        public override void Compute(ReadOnlySpan<byte> text, Span<byte> destination)
        {
            _state.AppendData(text);
            _state.GetHashAndReset(destination);
        }

        public override void Dispose() => _state.Dispose();
    }

    /// <summary>By <see cref="OpenSsl"/>.</summary>
    private sealed unsafe class Direct : KeyedHash
    {
        private readonly OpenSsl _functions;
        private readonly OpenSslHandle _context;
        private readonly int _size;

        public Direct(OpenSsl functions, HashAlgorithmName algorithm, ReadOnlySpan<byte> key)
        {
            (_functions, _context) = (functions, new OpenSslHandle(functions.NewHmac(), functions.FreeHmac));
            _size = algorithm == HashAlgorithmName.SHA1 ? 20 : 32;
            byte none; // a key without bytes is a key, a null pointer is not
            fixed (byte* k = key)
            {
                if (functions.InitHmac(_context.Pointer, k is null ? &none : k, key.Length, _size == 20 ? functions.Sha1() : functions.Sha256(), null) != 1)
                    throw new InvalidOperationException("OpenSSL takes no key for HMAC");
            }
        }

        public override void Compute(ReadOnlySpan<byte> text, Span<byte> destination)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, _size);
            uint size;
            fixed (byte* t = text, d = destination)
            {
                var context = _context.Pointer;
                var done = _functions.InitHmac(context, null, 0, null, null) == 1
                    && _functions.UpdateHmac(context, t, (nuint)text.Length) == 1
                    && _functions.FinalHmac(context, d, &size) == 1;
                GC.KeepAlive(_context);
                if (!done) throw new InvalidOperationException("OpenSSL does not compute HMAC");
            }
        }

        public override void Dispose() => _context.Dispose();
    }
}
