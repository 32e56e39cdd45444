using System.Diagnostics;
using System.Globalization;

namespace WebRtcConformance.Fuzz;

/// <summary>The speed of the engine, in this process and without block counters: of the loop alone (empty target), with a small target written by
/// hand, and with the given or the listed targets, their oracles included.</summary>
internal static class FuzzBenchmark
{
    public static int Run(FuzzOptions options, TextWriter output, CancellationToken cancellation)
    {
        var seconds = options.Time?.TotalSeconds ?? 3;
        var targets = options.Target is { } name ? [FuzzTargets.Find(name)!] : FuzzTargets.Listed;
        output.WriteLine($"{"target",-24}{"exec/s",14}{"exec/CPU-s",14}{"accepted",10}{"corpus",8}   oracle runs");
        foreach (var target in new[] { FuzzTargets.Find("empty")!, FuzzTargets.Find("toy")! }.Concat(targets))
        {
            var engine = new FuzzEngine(target, new() { Seed = options.Seed ?? 1, MaxLength = options.MaxLength, SampleEvery = options.SampleEvery });
            foreach (var (_, bytes) in FuzzFiles.Shipped(target.Name, "seeds")) engine.Add(bytes);
            foreach (var bytes in target.Seeds) engine.Add(bytes);
            // The compiler's second tier needs some thousand calls and a moment.
            for (var warm = Stopwatch.StartNew(); warm.Elapsed.TotalSeconds < Math.Min(seconds / 2, 1);) engine.Run(1000);
            var (executions, accepted, cpu) = (engine.Executions, engine.Accepted, Environment.CpuUsage.TotalTime);
            var oracles = engine.Oracles;
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed.TotalSeconds < seconds && !cancellation.IsCancellationRequested) engine.Run(10_000);
            var done = engine.Executions - executions;
            var runs = engine.Oracles.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value - oracles[pair.Key]:N0}"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{target.Name,-24}{done / watch.Elapsed.TotalSeconds,14:N0}{done / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,14:N0}{(engine.Accepted - accepted) / (double)done,10:P0}{engine.Corpus.Entries.Count,8}   {string.Join(", ", runs)}"));
        }
        return cancellation.IsCancellationRequested ? FuzzCommand.Interrupted : FuzzCommand.Clean;
    }
}
