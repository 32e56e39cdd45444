using System.Runtime.InteropServices;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>
/// AES-GCM by OpenSSL's EVP interface, called directly. The platform's class reaches the same code through wrappers that clear OpenSSL's queue of errors before each
/// of five calls, which costs a datagram as much as its encryption does (<c>reference/benchmarks -- --peer</c>).
/// </summary>
internal sealed unsafe class OpenSslAesGcm : AeadCipher
{
    // evp.h
    private const int GetTag = 0x10, SetTag = 0x11;

    private static readonly Evp? Functions = Evp.Load();

    private readonly Evp _evp;
    private readonly Context _context;

    private OpenSslAesGcm(Evp evp, ReadOnlySpan<byte> key)
    {
        (_evp, _context) = (evp, new Context(evp));
        fixed (byte* k = key)
        {
            var cipher = key.Length == 16 ? evp.Aes128Gcm() : evp.Aes256Gcm();
            if (evp.Init(_context.Pointer, cipher, null, k, null, 1) != 1) throw new InvalidOperationException("OpenSSL takes no key for AES-GCM");
        }
    }

    /// <summary>Null where there is no OpenSSL, or none that has what is needed.</summary>
    /// <param name="key">16 or 32 bytes.</param>
    public static OpenSslAesGcm? TryCreate(ReadOnlySpan<byte> key) => Functions is { } evp && key.Length is 16 or 32 ? new OpenSslAesGcm(evp, key) : null;

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
            var done = _evp.Init(context, null, null, null, n, seals ? 1 : 0) == 1
                && (seals || _evp.Control(context, SetTag, TagSize, t) == 1)
                && (associated.IsEmpty || _evp.Update(context, null, &length, a, associated.Length) == 1)
                && (text.IsEmpty || _evp.UpdateLong(context, o, &length, i, text.Length) == 1)
                && _evp.Final(context, &nothing, &length) == 1
                && (!seals || _evp.Control(context, GetTag, TagSize, t) == 1);
            GC.KeepAlive(_context);
            return done;
        }
    }

    private sealed class Context : SafeHandle
    {
        private readonly Evp _evp;

        public Context(Evp evp) : base(0, ownsHandle: true)
        {
            _evp = evp;
            handle = (nint)evp.New();
            if (IsInvalid) throw new OutOfMemoryException("OpenSSL has no memory for a cipher");
        }

        public void* Pointer => (void*)handle;

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            _evp.Free((void*)handle);
            return true;
        }
    }

    /// <summary>The functions. Short ones are called without telling the garbage collector, which costs more than they do.</summary>
    private sealed class Evp
    {
        private static readonly string[] Names = ["libcrypto.so.3", "libcrypto.so.1.1"];

        public delegate* unmanaged[Cdecl]<void*> New;
        public delegate* unmanaged[Cdecl]<void*, void> Free;
        public delegate* unmanaged[Cdecl]<void*> Aes128Gcm, Aes256Gcm;
        public delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, void*, void*, byte*, byte*, int, int> Init;
        public delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, int*, byte*, int, int> Update;
        public delegate* unmanaged[Cdecl]<void*, byte*, int*, byte*, int, int> UpdateLong;
        public delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, int*, int> Final;
        public delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, int, int, void*, int> Control;

        public static Evp? Load()
        {
            if (!OperatingSystem.IsLinux()) return null;
            foreach (var name in Names)
            {
                if (NativeLibrary.TryLoad(name, out var library) && Of(library) is { } evp) return evp;
            }
            return null;
        }

        private static Evp? Of(nint library)
        {
            var missing = false;
            nint Get(string name)
            {
                missing |= !NativeLibrary.TryGetExport(library, name, out var function);
                return function;
            }
            var evp = new Evp
            {
                New = (delegate* unmanaged[Cdecl]<void*>)Get("EVP_CIPHER_CTX_new"),
                Free = (delegate* unmanaged[Cdecl]<void*, void>)Get("EVP_CIPHER_CTX_free"),
                Aes128Gcm = (delegate* unmanaged[Cdecl]<void*>)Get("EVP_aes_128_gcm"),
                Aes256Gcm = (delegate* unmanaged[Cdecl]<void*>)Get("EVP_aes_256_gcm"),
                Init = (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, void*, void*, byte*, byte*, int, int>)Get("EVP_CipherInit_ex"),
                Final = (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, int*, int>)Get("EVP_CipherFinal_ex"),
                Control = (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, int, int, void*, int>)Get("EVP_CIPHER_CTX_ctrl"),
            };
            var update = Get("EVP_CipherUpdate");
            evp.Update = (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, int*, byte*, int, int>)update;
            evp.UpdateLong = (delegate* unmanaged[Cdecl]<void*, byte*, int*, byte*, int, int>)update;
            return missing ? null : evp;
        }
    }
}
