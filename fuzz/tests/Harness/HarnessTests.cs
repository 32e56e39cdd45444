using System.Diagnostics;
using WebRtcConformance.Fuzz.Harness;
using WebRtcConformance.Fuzz.Targets;
using WebRtcConformance.Fuzz.Tests.Supervision;

namespace WebRtcConformance.Fuzz.Tests.Harness;

public class HarnessTests
{
    private static (int Code, string Output) Run(params string[] arguments) => Start(SupervisionTests.Worker[0], arguments);

    private static (int Code, string Output) Start(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(60_000));
        return (process.ExitCode, output + error.Result);
    }

    [Fact]
    public void An_objection_becomes_an_exception()
    {
        SharpFuzzDoor.Execute(new PlantedTarget("oracle"), [0, 0, 0, 0]);
        var exception = Assert.Throws<FindingException>(() => SharpFuzzDoor.Execute(new PlantedTarget("oracle"), [0x80, 0x40, 0, 0]));
        Assert.Contains("planted objection", exception.Message);
    }

    [Fact]
    public void It_replays_a_folder_without_another_engine()
    {
        var directory = Directory.CreateTempSubdirectory("wrc-harness-");
        try
        {
            File.WriteAllBytes(Path.Combine(directory.FullName, "a"), [0, 0, 0, 0]);
            File.WriteAllText(Path.Combine(directory.FullName, "b.hex"), "01 02 03 04");
            var (code, output) = Run("--replay", directory.FullName, "planted-exception");
            Assert.True(code == FuzzCommand.Clean, output);
            Assert.Contains("replayed 2 inputs", output);
            File.WriteAllBytes(Path.Combine(directory.FullName, "c"), [0x80, 0x40, 0, 0]);
            (code, output) = Run("--replay", directory.FullName, "planted-exception");
            Assert.Equal(FuzzCommand.Finding, code);
            Assert.Contains("1 with a finding", output);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void It_runs_code_that_SharpFuzz_has_rewritten_and_reads_its_map()
    {
        var directory = Directory.CreateTempSubdirectory("wrc-sharpfuzz-");
        try
        {
            foreach (var file in Directory.GetFiles(AppContext.BaseDirectory)) File.Copy(file, Path.Combine(directory.FullName, Path.GetFileName(file)));
            var wire = Path.Combine(directory.FullName, "WebRtcConformance.Wire.dll");
            var types = SharpFuzz.Fuzzer.Instrument(
                wire, type => type.StartsWith("WebRtcConformance.Wire.Stun.", StringComparison.Ordinal), SharpFuzz.Options.Value).ToArray();
            Assert.Contains("WebRtcConformance.Wire.Stun.StunMessage", string.Join('\n', types));
            var program = Path.Combine(directory.FullName, Path.GetFileName(SupervisionTests.Worker[0]));
            var input = Path.Combine(directory.FullName, "input.hex");
            File.WriteAllText(input, "0001 0000 2112a442 000000000000000000000000");

            var (code, output) = Start(program, "--replay", input, "stun");
            Assert.True(code == FuzzCommand.Clean, output);
            (code, output) = Start(program, "--fuzz", "stun", "2s");
            Assert.True(code == FuzzCommand.Clean, output);
            // The map of 65,536 counters beside the dense ones, and blocks in it that were hit.
            var blocks = System.Text.RegularExpressions.Regex.Match(output, @"blocks (\d+)/(\d+)");
            Assert.True(blocks.Success && int.Parse(blocks.Groups[2].ValueSpan) >= 65_536, output);
            Assert.True(int.Parse(blocks.Groups[1].ValueSpan) > 100, output);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--afl", "no-such-target")]
    [InlineData("--nonsense", "toy")]
    public void Wrong_arguments_are_usage_errors(string option, string target)
    {
        var (code, output) = Run(option, target);
        Assert.Equal(FuzzCommand.Usage, code);
        Assert.DoesNotContain("   at ", output);
    }
}
