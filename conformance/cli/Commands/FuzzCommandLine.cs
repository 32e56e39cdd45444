using System.CommandLine;
using WebRtcConformance.Fuzz;
using WebRtcConformance.Reports;

namespace WebRtcConformance.Cli.Commands;

/// <summary>`wrc fuzz`: the words for <see cref="FuzzCommand"/>, which does the work.</summary>
internal static class FuzzCommandLine
{
    public static Command Make(CliContext context)
    {
        var target = new Argument<string>("target") { HelpName = "TARGET", Description = "What to fuzz: a message type, all, or another name of --list.", Arity = ArgumentArity.ZeroOrOne };
        Option<string> time = RunOptions.One("--time", "TIME", "Stop after this time, e.g. 30s. Default: 30s.");
        Option<long?> runs = new("--runs") { HelpName = "N", Description = "Stop after N executions a job." };
        Option<string> seed = RunOptions.One("--seed", "N", "Decimal or 0x-hexadecimal. Default: chosen and printed.");
        Option<int> jobs = new("--jobs", "-j") { HelpName = "N", Description = "Worker processes. Default: 1.", DefaultValueFactory = _ => 1 };
        Option<string> shard = RunOptions.One("--shard", "I/N", "The same seed with other random numbers in each of N shards.");
        Option<string> corpus = RunOptions.One("--corpus", "DIR", "Inputs to start from; new ones are kept there.");
        Option<string> artifacts = RunOptions.One("--artifacts", "DIR", "Folder for what is found. Default: out/fuzz/TARGET.");
        Option<int> length = new("--max-length") { HelpName = "N", Description = "Bytes of the longest input. Default: 1024.", DefaultValueFactory = _ => 1024 };
        Option<bool> plain = RunOptions.Flag("--no-instrument", "Do not count blocks of the code under test.");
        Option<string> replay = RunOptions.One("--replay", "PATH", "Run this file, or the files of this folder, once.");
        Option<string> minimize = RunOptions.One("--minimize", "FILE", "Make this failing input smaller.");
        Option<bool> bench = RunOptions.Flag("--bench", "Print the engine's speed.");
        Option<bool> list = RunOptions.Flag("--list", "Name the targets.");
        var command = new WrcCommand("fuzz", "Fuzzes the codecs and the reference stack.",
            "wrc fuzz stun.message --time 30s", "wrc fuzz all --time 5m", "wrc fuzz stun --corpus my-corpus --jobs 2", "wrc fuzz stun --replay out/fuzz/stun")
        {
            target, time, runs, seed, jobs, shard, corpus, artifacts, length, plain, replay, minimize, bench, list,
        };
        command.SetAction(parsed =>
        {
            (int part, int parts) = Words.Shard(parsed.GetValue(shard));
            var options = new FuzzOptions
            {
                Target = parsed.GetValue(target), Time = Words.Time("--time", parsed.GetValue(time)), Runs = parsed.GetValue(runs),
                Seed = parsed.GetValue(seed) is { } text ? Words.Seed(text) : null, Jobs = parsed.GetValue(jobs), Shard = part, Shards = parts,
                CorpusDirectory = parsed.GetValue(corpus), ArtifactsDirectory = parsed.GetValue(artifacts), MaxLength = parsed.GetValue(length),
                Instrument = !parsed.GetValue(plain), Replay = parsed.GetValue(replay), Minimize = parsed.GetValue(minimize),
                Bench = parsed.GetValue(bench), List = parsed.GetValue(list),
            };
            return FuzzCommand.Run(options, context.Out, context.Error, context.Terminal, context.Stop);
        });
        return command;
    }
}
