using System.Runtime.InteropServices;

namespace WebRtcConformance.Stack.Crypto;

/// <summary>A context of <see cref="OpenSsl"/>, freed once, when nobody uses it any more.</summary>
internal sealed unsafe class OpenSslHandle : SafeHandle
{
    private readonly delegate* unmanaged[Cdecl]<void*, void> _free;

    /// <param name="context">What has been made; null when there was no memory for it.</param>
    /// <param name="free">What frees it.</param>
    /// <exception cref="OutOfMemoryException">There is no context.</exception>
    public OpenSslHandle(void* context, delegate* unmanaged[Cdecl]<void*, void> free) : base(0, ownsHandle: true)
    {
        _free = free;
        handle = (nint)context;
        if (IsInvalid) throw new OutOfMemoryException("OpenSSL has no memory");
    }

    /// <exception cref="ObjectDisposedException">It has been freed.</exception>
    public void* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (void*)handle;
        }
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _free((void*)handle);
        return true;
    }
}
