using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace WebRtcConformance.Benchmarks;

/// <summary>Two peers of another implementation in one process, which measures itself (peers/).</summary>
internal sealed record OtherPeers(string Name, string Needs, string Install, Func<string, (string Program, string[] Arguments)> Command)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public sealed record Measurement(double SetupWallMs, double SetupCpuMs, double NsPerByte, double? HandshakeCpuMs = null);

    /// <summary>What tells how fast a machine is at the moment.</summary>
    public static readonly OtherPeers Libdatachannel = new("libdatachannel, in node", "conformance/suts/node/node_modules/node-datachannel", "wrc suts install libdatachannel",
        root => ("node", [Path.Combine(root, "reference/benchmarks/peers/node-datachannel.cjs"), Path.Combine(root, "conformance/suts/node")]));

    /// <summary>Paths are relative to the repository's root, in which benchmarks are run.</summary>
    public static readonly IReadOnlyList<OtherPeers> All =
    [
        Libdatachannel,
        new("libwebrtc, in node", "conformance/suts/node/node_modules/@roamhq/wrtc", "wrc suts install wrtc",
            root => ("node", [Path.Combine(root, "reference/benchmarks/peers/wrtc.cjs"), Path.Combine(root, "conformance/suts/node")])),
        new("Pion", "reference/benchmarks/peers/pion/pion-pair", "reference/benchmarks/peers/pion/build.sh",
            root => (Path.Combine(root, "reference/benchmarks/peers/pion/pion-pair"), [])),
    ];

    /// <returns>Null when it is not here or does not work; then <paramref name="missing"/> says why.</returns>
    public Measurement? Measure(int setups, int rounds, int messages, out string missing)
    {
        var root = Directory.GetCurrentDirectory();
        missing = $"no {Needs}; install with: {Install}";
        if (!Path.Exists(Path.Combine(root, Needs))) return null;
        var (program, arguments) = Command(root);
        try
        {
            var start = new ProcessStartInfo(program, [.. arguments, $"{setups}", $"{rounds}", $"{messages}"]) { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                missing = $"not done after {Patience.TotalMinutes} minutes";
                return null;
            }
            missing = $"{program} ended with {process.ExitCode}";
            return process.ExitCode == 0 ? JsonSerializer.Deserialize<Measurement>(output.Result, JsonSerializerOptions.Web) : null;
        }
        catch (Exception e) when (e is Win32Exception or JsonException)
        {
            missing = e.Message;
            return null;
        }
    }
}
