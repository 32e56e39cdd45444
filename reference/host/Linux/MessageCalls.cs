using System.Runtime.InteropServices;

namespace WebRtcConformance.Host.Linux;

/// <summary>recvmmsg(2) and sendmmsg(2), and whether they are there.</summary>
internal static unsafe partial class MessageCalls
{
    public const int DontWait = 0x40; // MSG_DONTWAIT
    public const int Interrupted = 4, NoSuchCall = 38; // EINTR, ENOSYS

    private static readonly Lazy<bool> Probe = new(TryBoth);

    /// <summary>On Linux of 64 bits, unless something between here and the kernel lacks the calls.</summary>
    public static bool AreAvailable => Probe.Value;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int Receive(int socket, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int Send(int socket, MessageHeader* messages, uint count, int flags);

    private static bool TryBoth()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return false;
        try
        {
            // There is no socket -1: a kernel that knows the calls says so.
            MessageHeader none = default;
            if (Receive(-1, &none, 1, DontWait, null) != -1 || Marshal.GetLastPInvokeError() == NoSuchCall) return false;
            return Send(-1, &none, 1, DontWait) == -1 && Marshal.GetLastPInvokeError() != NoSuchCall;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }
}

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;
}

/// <summary>struct mmsghdr: the struct msghdr inside it takes 56 bytes on Linux of 64 bits, the whole 64.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct MessageHeader
{
    [FieldOffset(0)] public byte* Name;
    [FieldOffset(8)] public uint NameLength;
    [FieldOffset(16)] public IoVector* Vectors;
    [FieldOffset(24)] public nuint VectorCount;
    [FieldOffset(32)] public byte* Control;
    [FieldOffset(40)] public nuint ControlLength;
    [FieldOffset(48)] public int Flags;

    /// <summary>Bytes of the datagram, written by the kernel.</summary>
    [FieldOffset(56)] public uint Length;
}
