using System.Runtime.InteropServices;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>
/// What is called of OpenSSL's libcrypto directly. The platform's classes reach the same code through wrappers that clear OpenSSL's queue of errors before each call;
/// for a datagram, with five calls, that costs as much as its encryption does (<c>reference/benchmarks -- --peer</c>). Short functions are called without telling the
/// garbage collector, which costs more than they do.
/// </summary>
internal sealed unsafe class OpenSsl
{
    private static readonly string[] Names = ["libcrypto.so.3", "libcrypto.so.1.1"];

    public delegate* unmanaged[Cdecl]<void*> NewCipher;
    public delegate* unmanaged[Cdecl]<void*, void> FreeCipher;
    public delegate* unmanaged[Cdecl]<void*> Aes128Gcm, Aes256Gcm;
    public delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, void*, void*, byte*, byte*, int, int> InitCipher;
    public delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, int*, byte*, int, int> Update;
    public delegate* unmanaged[Cdecl]<void*, byte*, int*, byte*, int, int> UpdateLong;
    public delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, int*, int> FinalCipher;
    public delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, int, int, void*, int> Control;

    public delegate* unmanaged[Cdecl]<void*> NewHmac;
    public delegate* unmanaged[Cdecl]<void*, void> FreeHmac;
    public delegate* unmanaged[Cdecl]<void*> Sha1, Sha256;
    public delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, int, void*, void*, int> InitHmac;
    public delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, nuint, int> UpdateHmac;
    public delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, uint*, int> FinalHmac;

    public delegate* unmanaged[Cdecl]<int, void*> NewEcKey;
    public delegate* unmanaged[Cdecl]<void*, void> FreeEcKey;
    public delegate* unmanaged[Cdecl]<void*, byte*, nuint, void*, int> SetEcPoint;
    public delegate* unmanaged[Cdecl]<int, byte*, int, byte*, int, void*, int> VerifyEcdsa;

    /// <summary>Null where there is no OpenSSL, or none that has what is needed.</summary>
    public static OpenSsl? Functions { get; } = Load();

    private static OpenSsl? Load()
    {
        if (!OperatingSystem.IsLinux()) return null;
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out var library) && Of(library) is { } functions) return functions;
        }
        return null;
    }

    private static OpenSsl? Of(nint library)
    {
        var missing = false;
        nint Get(string name)
        {
            missing |= !NativeLibrary.TryGetExport(library, name, out var function);
            return function;
        }
        var update = Get("EVP_CipherUpdate");
        var functions = new OpenSsl
        {
            NewCipher = (delegate* unmanaged[Cdecl]<void*>)Get("EVP_CIPHER_CTX_new"),
            FreeCipher = (delegate* unmanaged[Cdecl]<void*, void>)Get("EVP_CIPHER_CTX_free"),
            Aes128Gcm = (delegate* unmanaged[Cdecl]<void*>)Get("EVP_aes_128_gcm"),
            Aes256Gcm = (delegate* unmanaged[Cdecl]<void*>)Get("EVP_aes_256_gcm"),
            InitCipher = (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, void*, void*, byte*, byte*, int, int>)Get("EVP_CipherInit_ex"),
            Update = (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, int*, byte*, int, int>)update,
            UpdateLong = (delegate* unmanaged[Cdecl]<void*, byte*, int*, byte*, int, int>)update,
            FinalCipher = (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, int*, int>)Get("EVP_CipherFinal_ex"),
            Control = (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, int, int, void*, int>)Get("EVP_CIPHER_CTX_ctrl"),
            NewHmac = (delegate* unmanaged[Cdecl]<void*>)Get("HMAC_CTX_new"),
            FreeHmac = (delegate* unmanaged[Cdecl]<void*, void>)Get("HMAC_CTX_free"),
            Sha1 = (delegate* unmanaged[Cdecl]<void*>)Get("EVP_sha1"),
            Sha256 = (delegate* unmanaged[Cdecl]<void*>)Get("EVP_sha256"),
            InitHmac = (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, int, void*, void*, int>)Get("HMAC_Init_ex"),
            UpdateHmac = (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, nuint, int>)Get("HMAC_Update"),
            FinalHmac = (delegate* unmanaged[Cdecl, SuppressGCTransition]<void*, byte*, uint*, int>)Get("HMAC_Final"),
            NewEcKey = (delegate* unmanaged[Cdecl]<int, void*>)Get("EC_KEY_new_by_curve_name"),
            FreeEcKey = (delegate* unmanaged[Cdecl]<void*, void>)Get("EC_KEY_free"),
            SetEcPoint = (delegate* unmanaged[Cdecl]<void*, byte*, nuint, void*, int>)Get("EC_KEY_oct2key"),
            VerifyEcdsa = (delegate* unmanaged[Cdecl]<int, byte*, int, byte*, int, void*, int>)Get("ECDSA_verify"),
        };
        return missing ? null : functions;
    }
}
