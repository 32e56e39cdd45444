using WebRtcConformance.Fuzz.Supervision;

namespace WebRtcConformance.Fuzz.Harness;

/// <summary>The same targets behind other engines' front doors: libFuzzer and AFL++ through SharpFuzz. See docs/fuzzing.md.</summary>
internal static class HarnessProgram
{
    private const string Help = """
        fuzz harness: runs a fuzz target for another engine, or by itself.

          --libfuzzer TARGET          under the libfuzzer-dotnet driver
          --afl TARGET                under afl-fuzz (in process: a stack overflow ends the campaign)
          --afl-process TARGET        under afl-fuzz, the target in a process of its own (slower, survives everything)
          --replay PATH TARGET        run a file or the files of a folder once
          --bench [TARGET]            the speed of the managed engine
          --fuzz TARGET [SECONDS]     the managed engine, supervised
          --list                      the targets
        """;

    public static int Run(string[] args)
    {
        switch (args)
        {
            case [FuzzWorker.Command, .. var rest]: return FuzzWorker.Run(rest);
            case ["--list"]: return Command(new() { List = true });
            case ["--bench"]: return Command(new() { Bench = true });
            case ["--bench", var name]: return Command(new() { Bench = true, Target = name });
            case ["--replay", var path, var name]: return Command(new() { Replay = path, Target = name });
            case ["--fuzz", var name]: return Command(new() { Target = name });
            case ["--fuzz", var name, var text] when FuzzOptions.TryParseTime(text, out var time): return Command(new() { Target = name, Time = time });
            case ["--libfuzzer" or "--afl" or "--afl-process", var name]:
                if (FuzzTargets.Find(name) is not { } target) return Command(new() { Target = name });
                return SharpFuzzDoor.Run(args[0], target);
            default:
                Console.Error.WriteLine(Help);
                return FuzzCommand.Usage;
        }
    }

    private static int Command(FuzzOptions options)
    {
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) => { e.Cancel = true; interrupted.Cancel(); };
        return FuzzCommand.Run(options, Console.Out, Console.Error, !Console.IsOutputRedirected, interrupted.Token);
    }
}
