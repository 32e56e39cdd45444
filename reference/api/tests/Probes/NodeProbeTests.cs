using System.Diagnostics;
using System.Text;

namespace WebRtcConformance.Api.Tests;

/// <summary>The probes in Node, whose own Event, EventTarget and DOMException nobody here made.</summary>
public class NodeProbeTests
{
    private static IReadOnlyList<IdlProbeResult> Run(string spec)
    {
        var start = new ProcessStartInfo("node", ["-e", "process.stdout.write(require('vm').runInThisContext(require('fs').readFileSync(0, 'utf8')))"])
            { RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8 };
        Process? started = null;
        try
        {
            started = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("node is not installed (any version from 18 on)");
        }
        using var process = started!;
        process.StandardInput.Write(IdlProbes.Script(spec));
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return IdlProbes.Read(output);
    }

    [Fact]
    public void Nodes_own_classes_pass_most_probes()
    {
        var results = Run("dom-subset").Where(r => r.Id.StartsWith("idl/DOMException", StringComparison.Ordinal) || r.Id.StartsWith("idl/Event", StringComparison.Ordinal)).ToArray();
        foreach (var result in results.Where(r => !r.Ok)) TestContext.Current.TestOutputHelper?.WriteLine($"{result.Id}: {result.Observed}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{results.Count(r => r.Ok)} of {results.Length} pass");
        Assert.True(results.Count(r => r.Ok) > results.Length * 8 / 10);
        // What every version does rightly.
        Assert.All(results.Where(r => r.Id is "idl/DOMException/@tag" or "idl/DOMException/code/get" or "idl/DOMException/ABORT_ERR" or "idl/EventTarget/@new"
            or "idl/EventTarget/dispatchEvent/length" or "idl/Event/@call" or "idl/Event/bubbles/set"), r => Assert.True(r.Ok, r.Id + ": " + r.Observed));
    }

    [Theory]
    [InlineData("webrtc"), InlineData("webrtc-encoded-transform"), InlineData("mediacapture-streams")]
    public void Where_nothing_is_there_everything_is_missing_and_nothing_throws(string spec)
    {
        var results = Run(spec);
        Assert.InRange(results.Count, 100, 5000);
        Assert.DoesNotContain(results, r => r.Ok && !r.Observed.Equals("", StringComparison.Ordinal));
        Assert.All(results, r => Assert.False(r.Ok, r.Id));
    }
}
