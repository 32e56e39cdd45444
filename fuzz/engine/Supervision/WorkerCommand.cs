using WebRtcConformance.Fuzz.Coverage;

namespace WebRtcConformance.Fuzz.Supervision;

/// <summary>How a worker process is started: a program and its first arguments.</summary>
public sealed record WorkerCommand(string Program, IReadOnlyList<string> Arguments)
{
    private static readonly string[] CodeUnderTest = ["WebRtcConformance.Wire.dll", "WebRtcConformance.Text.dll", "WebRtcConformance.Stack.dll"];

    /// <summary>This program again, with the hidden command.</summary>
    public static WorkerCommand Self()
    {
        var program = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new(program, [Environment.GetCommandLineArgs()[0], FuzzWorker.Command])
            : new(program, [FuzzWorker.Command]);
    }

    /// <summary>The same command over a copy of the program's folder in which the code under test counts its blocks. Returns the number of
    /// counters; 0 when the program is not laid out as a folder of assemblies.</summary>
    /// <param name="isUnderTest">Which of the types that can be counted are, by full name: every counter costs time.</param>
    public (WorkerCommand Command, int Counters) Instrumented(string directory, Func<string, bool> isUnderTest)
    {
        var dll = Arguments.FirstOrDefault(argument => argument.EndsWith(".dll", StringComparison.Ordinal));
        var source = Path.GetDirectoryName(Path.GetFullPath(dll ?? Program))!;
        if (!CodeUnderTest.Any(name => File.Exists(Path.Combine(source, name)))) return (this, 0);
        Directory.CreateDirectory(directory);
        var counters = 0;
        foreach (var file in Directory.EnumerateFiles(source))
        {
            var copy = Path.Combine(directory, Path.GetFileName(file));
            if (CodeUnderTest.Contains(Path.GetFileName(file))) counters += Instrumenter.Instrument(file, copy, type => Counted(type) && isUnderTest(type));
            else if (Path.GetExtension(file) is not ".pdb") File.Copy(file, copy, overwrite: true);
        }
        return dll is null
            ? (this with { Program = Path.Combine(directory, Path.GetFileName(Program)) }, counters)
            : (this with { Arguments = [.. Arguments.Select(a => a == dll ? Path.Combine(directory, Path.GetFileName(dll)) : a)] }, counters);
    }

    /// <summary>Which types' blocks are counted: the stack, the generated code (it has a namespace for each spec file) and what that calls. Not
    /// the interpreter of the schemas, which serves as an oracle, and not the schemas, which are data.</summary>
    private static bool Counted(string type)
    {
        if (type.StartsWith("WebRtcConformance.Stack.", StringComparison.Ordinal)) return true;
        return Rest(type, "WebRtcConformance.Wire.") is { } wire ? wire.StartsWith("WireRead", StringComparison.Ordinal) || (wire.Contains('.') && !wire.Contains("Schema", StringComparison.Ordinal))
            : Rest(type, "WebRtcConformance.Text.") is { } text && (text is "TextScan" or "TextTable" || (text.Contains('.') && !text.EndsWith("Module", StringComparison.Ordinal)));
    }

    private static string? Rest(string type, string start) => type.StartsWith(start, StringComparison.Ordinal) ? type[start.Length..] : null;
}
