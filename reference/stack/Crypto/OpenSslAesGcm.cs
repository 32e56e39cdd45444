namespace WebRtcConformance.Stack.Crypto;

/// <summary>AES-GCM by <see cref="OpenSsl"/>.</summary>
internal sealed unsafe class OpenSslAesGcm : AeadCipher
{
    // evp.h
    private const int GetTag = 0x10, SetTag = 0x11;

    private readonly OpenSsl _evp;
    private readonly OpenSslHandle _context;

    private OpenSslAesGcm(OpenSsl evp, ReadOnlySpan<byte> key)
    {
        (_evp, _context) = (evp, new OpenSslHandle(evp.NewCipher(), evp.FreeCipher));
        fixed (byte* k = key)
        {
            var cipher = key.Length == 16 ? evp.Aes128Gcm() : evp.Aes256Gcm();
            if (evp.InitCipher(_context.Pointer, cipher, null, k, null, 1) != 1) throw new InvalidOperationException("OpenSSL takes no key for AES-GCM");
        }
    }

    /// <summary>Null where there is no OpenSSL, or none that has what is needed.</summary>
    /// <param name="key">16 or 32 bytes.</param>
    public static OpenSslAesGcm? TryCreate(ReadOnlySpan<byte> key) => OpenSsl.Functions is { } evp && key.Length is 16 or 32 ? new OpenSslAesGcm(evp, key) : null;

    public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated, Span<byte> output)
    {
        if (!Run(nonce, plaintext, associated, output[..plaintext.Length], output.Slice(plaintext.Length, TagSize), seals: true))
            throw new InvalidOperationException("OpenSSL does not encrypt with AES-GCM");
    }

    public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input, ReadOnlySpan<byte> associated, Span<byte> plaintext)
    {
        if (Run(nonce, input[..^TagSize], associated, plaintext, input[^TagSize..], seals: false)) return true;
        plaintext.Clear();
        return false;
    }

    public override void Dispose() => _context.Dispose();

    /// <summary>The key stays; of the rest all is new. The tag is written when the text is sealed, otherwise read.</summary>
    private bool Run(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated, Span<byte> output, ReadOnlySpan<byte> tag, bool seals)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, text.Length);
        int length;
        byte nothing;
        fixed (byte* n = nonce, a = associated, i = text, o = output, t = tag)
        {
            var context = _context.Pointer;
            var done = _evp.InitCipher(context, null, null, null, n, seals ? 1 : 0) == 1
                && (seals || _evp.Control(context, SetTag, TagSize, t) == 1)
                && (associated.IsEmpty || _evp.Update(context, null, &length, a, associated.Length) == 1)
                && (text.IsEmpty || _evp.UpdateLong(context, o, &length, i, text.Length) == 1)
                && _evp.FinalCipher(context, &nothing, &length) == 1
                && (!seals || _evp.Control(context, GetTag, TagSize, t) == 1);
            GC.KeepAlive(_context);
            return done;
        }
    }
}
