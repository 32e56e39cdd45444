using System.Runtime.InteropServices;

namespace WebRtcConformance.Fuzz.Supervision;

/// <summary>Sees to it that a worker does not outlive its supervisor: on Linux the kernel kills it; everywhere the end of standard input does.</summary>
internal static partial class ParentWatch
{
    private const int SetParentDeathSignal = 1, SignalKill = 9;

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nint argument);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ParentProcess();

    /// <summary>Asks for the kernel's help. If the parent is already gone, ends this process.</summary>
    public static void Ask(int parent)
    {
        if (!OperatingSystem.IsLinux()) return;
        if (ProcessControl(SetParentDeathSignal, SignalKill) == 0 && ParentProcess() != parent) Environment.Exit(0);
    }
}
