using System.ComponentModel;
using System.Diagnostics;

namespace WebRtcConformance.Lab.Wcap;

/// <summary>Starts and ends an adapter's process.</summary>
internal static class ChildProcess
{
    /// <summary>Starts the process. On Linux the kernel kills it when the calling thread ends (setpriv --pdeathsig), so that not even an
    /// adapter that hangs outlives a runner that was killed: call it on a thread that lives as long as the process should.</summary>
    public static Process Start(WcapCommand command)
    {
        var folder = Path.GetFullPath(command.Folder ?? ".");
        if (!Directory.Exists(folder))
            throw Missing(command, $"its folder {folder} does not exist");
        var program = Find(command.Command, folder)
            ?? throw Missing(command, $"the program '{command.Command}' was not found");
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (OperatingSystem.IsLinux() && Find("setpriv", folder) is { } setpriv)
        {
            start.FileName = setpriv;
            foreach (var argument in (string[])["--pdeathsig", "KILL", "--", program])
                start.ArgumentList.Add(argument);
        }
        foreach (var argument in command.Arguments)
            start.ArgumentList.Add(argument);
        SetEnvironment(start, command);
        try
        {
            return Process.Start(start)!;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            throw Missing(command, $"'{program}' could not be started ({e.Message})");
        }
    }

    /// <summary>Kills exactly this process and what it started; harmless when it has ended.</summary>
    public static void KillTree(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException or NotSupportedException)
        {
            // It has ended, or a descendant ended between being listed and being killed.
        }
    }

    /// <summary>The full path of a program: a path relative to the folder, or a name in PATH.</summary>
    public static string? Find(string command, string folder)
    {
        string[] suffixes = OperatingSystem.IsWindows() ? ["", ".exe", ".cmd"] : [""];
        var places = command.Contains('/') || command.Contains(Path.DirectorySeparatorChar)
            ? [folder]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return places.SelectMany(_ => suffixes, (place, suffix) => Path.GetFullPath(Path.Combine(place, command + suffix)))
            .FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    // Sanitizers and runtimes that are told to die with a recognisable code and a stack; what the user has set wins.
    private static void SetEnvironment(ProcessStartInfo start, WcapCommand command)
    {
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASAN_OPTIONS"] = "exitcode=99",
            ["UBSAN_OPTIONS"] = "halt_on_error=1:exitcode=99:print_stacktrace=1",
            ["GORACE"] = "exitcode=66",
            ["RUST_BACKTRACE"] = "1",
        })
            start.Environment.TryAdd(name, value);
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
    }

    private static SutStartException Missing(WcapCommand command, string why) =>
        new($"{command.Name} cannot be started: {why}.{(command.Advice is null ? "" : " " + command.Advice)}");
}
