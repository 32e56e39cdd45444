using System.Diagnostics;
using WebRtcConformance.Fuzz.Harness;
using WebRtcConformance.Fuzz.Targets;
using WebRtcConformance.Fuzz.Tests.Supervision;

namespace WebRtcConformance.Fuzz.Tests.Harness;

public class HarnessTests
{
    private static (int Code, string Output) Run(params string[] arguments)
    {
        var info = new ProcessStartInfo(SupervisionTests.Worker[0], arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
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
