using System.Diagnostics;
using WebRtcConformance.Lab.Wcap;

namespace WebRtcConformance.Lab.Suts;

/// <summary>Runs the install steps of a manifest.</summary>
public static class SutInstaller
{
    /// <summary>Runs every step, then looks whether what the manifest requires exists.</summary>
    /// <param name="output">Gets each line that a step prints, from several threads; may be slow.</param>
    /// <exception cref="SutCatalogueException">A tool is missing, a step failed or ran too long, or the result is not complete.</exception>
    public static void Install(SutManifest manifest, Action<string> output, TimeSpan? deadline = null)
    {
        if (manifest.MissingTools is [var tool, ..])
            throw new SutCatalogueException($"{manifest.Name} needs the program '{tool.Command}', which was not found. {tool.Advice}");
        foreach (var step in manifest.Install)
            Run(manifest, step, output, deadline ?? TimeSpan.FromMinutes(10));
        if (manifest.Missing is [var file, ..])
            throw new SutCatalogueException($"{manifest.Name}: every step succeeded, but {manifest.At(file)} does not exist.");
    }

    private static void Run(SutManifest manifest, SutStep step, Action<string> output, TimeSpan deadline)
    {
        var line = string.Join(' ', [step.Command, .. step.Arguments]);
        var folder = manifest.At(step.Folder);
        output($"> {line}   (in {folder})");
        if (!Directory.Exists(folder))
            throw new SutCatalogueException($"{manifest.Name}: the folder {folder} of an install step does not exist.");
        var program = ChildProcess.Find(step.Command, folder)
            ?? throw new SutCatalogueException($"{manifest.Name}: the program '{step.Command}' of an install step was not found.");
        var gate = new object();
        void Print(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is null)
                return;
            lock (gate)
                output(e.Data);
        }
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, step.Arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.OutputDataReceived += Print;
        process.ErrorDataReceived += Print;
        process.Start();
        process.StandardInput.Close(); // a step that asks a question must not wait for ever
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(deadline))
        {
            ChildProcess.KillTree(process);
            throw new SutCatalogueException($"{manifest.Name}: '{line}' took longer than {deadline.TotalMinutes:0.#} minutes and was ended.");
        }
        process.WaitForExit(); // and the last lines
        if (process.ExitCode != 0)
            throw new SutCatalogueException($"{manifest.Name}: '{line}' failed ({CrashReport.ReasonOf(process.ExitCode)}).");
    }
}
