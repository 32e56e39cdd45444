using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace WebRtcConformance.Fuzz.Supervision;

/// <summary>A running worker as its supervisor sees it: messages in, two commands out, and an end that may come at any moment.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int ErrorLines = 200;
    private readonly Process _process;
    private readonly ConcurrentQueue<WorkerMessage> _messages = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly TaskCompletionSource _outputEnd = new(), _errorEnd = new();

    private WorkerProcess(Process process) => _process = process;

    /// <summary>Starts a worker. The thread that calls must live as long as the worker: on Linux the kernel takes that thread for the parent.</summary>
    /// <exception cref="InvalidOperationException">The program cannot be started.</exception>
    public static WorkerProcess Start(WorkerCommand command, string jobFile, int memoryLimitMegabytes)
    {
        var info = new ProcessStartInfo(command.Program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var argument in command.Arguments) info.ArgumentList.Add(argument);
        info.ArgumentList.Add(jobFile);
        info.Environment["DOTNET_GCHeapHardLimit"] = "0x" + ((long)memoryLimitMegabytes << 20).ToString("X", CultureInfo.InvariantCulture);
        info.Environment["DOTNET_gcServer"] = "0";
        info.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        var process = new Process { StartInfo = info };
        var worker = new WorkerProcess(process);
        process.OutputDataReceived += (_, line) => worker.OnOutput(line.Data);
        process.ErrorDataReceived += (_, line) => worker.OnError(line.Data);
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException($"cannot start the worker {command.Program}: {exception.Message}", exception);
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return worker;
    }

    public bool HasExited => _process.HasExited;
    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines of standard error.</summary>
    public string ErrorText => string.Join('\n', _errors);

    public bool TryTake(out WorkerMessage message) => _messages.TryDequeue(out message!);

    /// <summary>After the end of the process: waits until its last lines have arrived.</summary>
    public void Drain() => Task.WaitAll([_outputEnd.Task, _errorEnd.Task], TimeSpan.FromSeconds(2));

    public void Send(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The worker is gone; whoever watches it will see that.
        }
    }

    public void Kill()
    {
        try
        {
            _process.Kill();
            _process.WaitForExit(2000);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself in the meantime.
        }
    }

    private void OnOutput(string? line)
    {
        if (line is null) { _outputEnd.TrySetResult(); return; }
        try
        {
            if (line.StartsWith('{') && JsonSerializer.Deserialize<WorkerMessage>(line) is { } message) _messages.Enqueue(message);
        }
        catch (JsonException)
        {
            // The code under test wrote to standard output, or the line was cut by the worker's death.
        }
    }

    private void OnError(string? line)
    {
        if (line is null) { _errorEnd.TrySetResult(); return; }
        // A stack overflow prints the same frames many times: the first lines say it all.
        if (_errors.Count < ErrorLines) _errors.Enqueue(line.Length > 500 ? line[..500] : line);
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
