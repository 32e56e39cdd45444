using System.Runtime.InteropServices;

namespace WebRtcConformance.Host.Linux;

/// <summary>recvmmsg(2) and sendmmsg(2), and whether they are there. A test puts a kernel without them, or with less, in its place.</summary>
internal unsafe partial class MessageCalls
{
    public const int Interrupted = 4; // EINTR
    private const int DontWait = 0x40, BadSocket = 9; // MSG_DONTWAIT, EBADF

    private bool? _areAvailable;

    public static MessageCalls Kernel { get; } = new();

    /// <summary>
    /// On Linux of 64 bits, unless something between here and the kernel lacks the calls or forbids them. There is no socket -1, and whoever knows the calls says so.
    /// </summary>
    public bool AreAvailable => _areAvailable ??= OperatingSystem.IsLinux() && Environment.Is64BitProcess && TryBoth();

    /// <summary>Returns how many came; an error as its number below 0.</summary>
    public virtual int Receive(int socket, MessageHeader* messages, int count) => Outcome(ReceiveMany(socket, messages, (uint)count, DontWait, null));

    /// <summary>Returns how many the kernel took, the first so many; if not even one, its error as a number below 0.</summary>
    public virtual int Send(int socket, MessageHeader* messages, int count) => Outcome(SendMany(socket, messages, (uint)count, DontWait));

    private static int Outcome(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    private bool TryBoth()
    {
        try
        {
            MessageHeader none = default;
            return Receive(-1, &none, 1) == -BadSocket && Send(-1, &none, 1) == -BadSocket;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMany(int socket, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    private static partial int SendMany(int socket, MessageHeader* messages, uint count, int flags);
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
