using System.Text.Json;
using WebRtcConformance.Fuzz.Supervision;

namespace WebRtcConformance.Fuzz.Tests.Supervision;

/// <summary>Real worker processes with a planted fault: each fault ends as an artifact, and the campaign goes on.</summary>
public sealed class SupervisionTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("wrc-fuzz-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    public static readonly string[] Worker =
        [Path.Combine(AppContext.BaseDirectory, "WebRtcConformance.Fuzz.Harness" + (OperatingSystem.IsWindows() ? ".exe" : "")), FuzzWorker.Command];

    private FuzzOptions Options(string target) => new()
    {
        Target = target, Seed = 7, Time = TimeSpan.FromSeconds(60), MaxFindings = 1, ArtifactsDirectory = _directory.FullName,
        MemoryLimitMegabytes = 128, HangTimeout = TimeSpan.FromSeconds(1), WorkerCommand = Worker, Instrument = false,
    };

    private static (int Code, string Output, string Error) Fuzz(FuzzOptions options) => Run(options, TestContext.Current.CancellationToken);

    private static (int Code, string Output, string Error) Run(FuzzOptions options, CancellationToken cancellation)
    {
        using StringWriter output = new(), error = new();
        var code = FuzzCommand.Run(options, output, error, terminal: false, cancellation);
        return (code, output.ToString(), error.ToString());
    }

    [Theory]
    [InlineData("exception", "crash", "planted exception")]
    [InlineData("overflow", "crash", "Stack overflow")]
    [InlineData("failfast", "crash", "Process terminated")]
    [InlineData("hang", "hang", "no end within")]
    [InlineData("alloc", "oom", "OutOfMemory")]
    [InlineData("oracle", "oracle", "planted objection")]
    public void A_fault_ends_as_an_artifact(string fault, string kind, string says)
    {
        var (code, output, error) = Fuzz(Options("planted-" + fault));
        Assert.True(code == FuzzCommand.Finding, output + error);
        var bin = Assert.Single(_directory.GetFiles("*.bin"));
        Assert.StartsWith(kind + "-", bin.Name);
        var bytes = File.ReadAllBytes(bin.FullName);
        Assert.Equal([0x80, 0x40], bytes[..2]);
        Assert.Equal(kind + "-" + FuzzFinding.HashOf(bytes) + ".bin", bin.Name);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(bin.FullName, ".json")));
        Assert.Contains(says, json.RootElement.GetProperty("detail").GetString());
        Assert.Equal(Convert.ToHexStringLower(bytes), json.RootElement.GetProperty("hex").GetString());
        Assert.Contains("planted input", File.ReadAllText(Path.ChangeExtension(bin.FullName, ".txt")));
        Assert.Contains("FuzzReplay.Run(\"planted-" + fault, File.ReadAllText(Path.ChangeExtension(bin.FullName, ".cs")));
        Assert.DoesNotContain("   at ", output);

        // The folder of artifacts can be replayed as it is.
        (code, output, error) = Fuzz(Options("planted-" + fault) with { Replay = _directory.FullName });
        Assert.True(code == FuzzCommand.Finding, output + error);
        Assert.Contains("replayed 1 inputs", output);
    }

    [Fact]
    public void A_deadly_input_can_be_replayed_and_made_smaller()
    {
        var input = Path.Combine(_directory.FullName, "input.hex");
        File.WriteAllText(input, "# planted\n80 40 01 02 03 04 05 06 07 08");
        var options = Options("planted-overflow");
        var (code, output, _) = Fuzz(options with { Replay = input });
        Assert.Equal(FuzzCommand.Finding, code);
        Assert.Contains("Stack overflow", output);
        (code, output, _) = Fuzz(options with { Minimize = input });
        Assert.Equal(FuzzCommand.Finding, code);
        Assert.Equal([0x80, 0x40, 0, 0], File.ReadAllBytes(Assert.Single(_directory.GetFiles("*.bin")).FullName));
    }

    [Fact]
    public void The_same_seed_and_runs_keep_the_same_corpus()
    {
        string[] Kept(string name)
        {
            var corpus = Path.Combine(_directory.FullName, name);
            var (code, output, error) = Fuzz(Options("toy") with { Time = null, Runs = 100_000, CorpusDirectory = corpus });
            Assert.True(code == FuzzCommand.Clean, output + error);
            Assert.Contains("all runs done", output);
            return [.. Directory.GetFiles(corpus).Select(path => Path.GetFileName(path)!).Order()];
        }
        var first = Kept("a");
        Assert.True(first.Length > 10);
        Assert.Equal(first, Kept("b"));
    }

    [Fact]
    public void Shards_of_one_seed_go_different_ways()
    {
        string Corpus(int shard)
        {
            var corpus = Path.Combine(_directory.FullName, "shard" + shard);
            Fuzz(Options("toy") with { Time = null, Runs = 20_000, Shard = shard, Shards = 2, CorpusDirectory = corpus });
            return string.Join(' ', Directory.GetFiles(corpus).Select(Path.GetFileName).Order());
        }
        Assert.NotEqual(Corpus(1), Corpus(2));
    }

    [Fact]
    public void An_interruption_ends_the_workers_and_keeps_the_summary()
    {
        using var interrupted = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var (code, output, _) = Run(Options("toy") with { Jobs = 2 }, interrupted.Token);
        Assert.Equal(FuzzCommand.Interrupted, code);
        Assert.Contains("interrupted: ", output);
    }

    [Fact]
    public void A_worker_that_cannot_start_is_an_infrastructure_error()
    {
        var (code, _, error) = Fuzz(Options("toy") with { WorkerCommand = ["/no/such/program"] });
        Assert.Equal(FuzzCommand.Infrastructure, code);
        Assert.Contains("cannot start the worker", error);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public void A_worker_that_always_dies_ends_the_campaign()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /bin/false");
        var (code, _, error) = Fuzz(Options("toy") with { WorkerCommand = ["/bin/false"] });
        Assert.Equal(FuzzCommand.Infrastructure, code);
        Assert.Contains("workers end before", error);
    }

    [Theory]
    [InlineData("no-such-target", "there is no target")]
    public void A_wrong_target_is_a_usage_error(string target, string says)
    {
        var (code, _, error) = Fuzz(Options(target));
        Assert.Equal(FuzzCommand.Usage, code);
        Assert.Contains(says, error);
    }

    [Fact]
    public void Wrong_options_are_usage_errors_of_one_line()
    {
        FuzzOptions good = Options("toy");
        FuzzOptions[] wrong =
        [
            good with { Target = null }, good with { MaxLength = 0 }, good with { MaxLength = 70_000 }, good with { Jobs = 0 }, good with { Shard = 3, Shards = 2 },
            good with { SampleEvery = 0 }, good with { Runs = 0 }, good with { MemoryLimitMegabytes = 1 }, good with { HangTimeout = TimeSpan.Zero },
            good with { Replay = "/no/such/file" }, good with { Minimize = "/no/such/file" },
        ];
        foreach (var options in wrong)
        {
            var (code, _, error) = Fuzz(options);
            Assert.True(code == FuzzCommand.Usage, options.ToString());
            Assert.Single(error.Trim().Split('\n'));
        }
    }

    [Fact]
    public void A_worker_dies_with_its_parent()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        var job = Path.Combine(_directory.FullName, "job.json");
        // Standard input ends at once: the worker must not wait for the endless loop that it is in.
        new WorkerJob { Target = "planted-hang", ParentProcess = Environment.ProcessId, Journal = Path.Combine(_directory.FullName, "journal") }.Save(job);
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(Worker[0], [Worker[1], job]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(10_000));
    }

    [Fact]
    public void A_worker_whose_parent_is_gone_does_not_start()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "parent death signals");
        var job = Path.Combine(_directory.FullName, "job.json");
        new WorkerJob { Target = "toy", ParentProcess = 1, Journal = Path.Combine(_directory.FullName, "journal") }.Save(job);
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(Worker[0], [Worker[1], job]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.True(process.WaitForExit(10_000));
        Assert.Equal("", process.StandardOutput.ReadToEnd());
    }
}
