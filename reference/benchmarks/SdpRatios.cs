using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using WebRtcConformance.Text;
using WebRtcConformance.Text.IceSdp;
using WebRtcConformance.Text.Sdp;

namespace WebRtcConformance.Benchmarks;

/// <summary>A real offer (Firefox, audio and video, 3.8 kB): the generated parser against node's sdp-transform, in one run on one machine.</summary>
internal static class SdpRatios
{
    private const int Rounds = 3000;
    private const int CallsPerRound = 20;
    private const double WantedRatio = 20;

    private static readonly TextTable Table = new();

    /// <returns>0, or 1 when something allocated or the ratio is too small.</returns>
    public static int Run()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "WebRtcConformance.sln"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("not run inside the repository");
        var file = Path.Combine(root, "generator", "tests", "Sdp", "Corpus", "offers", "firefox-av.sdp");
        var offer = File.ReadAllBytes(file);

        (string Name, Func<bool> Work)[] rows =
        [
            ("all lines, all attributes", () => SessionDescription.View.TryParse(offer, Table, out _, out _)),
            ("all, then every candidate visited", () => Visit(offer)),
            ("lazily: lines and sections", () => SessionDescription.View.TryParseLazily(offer, Table, out _, out _)),
            ("into records", () => SessionDescription.TryParse(offer, false, out _, out _)),
        ];
        var best = rows.Select(_ => double.MaxValue).ToArray();
        var allocated = rows.Select(_ => long.MaxValue).ToArray();
        for (var round = 0; round < Rounds; round++)
            for (var r = 0; r < rows.Length; r++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var started = Stopwatch.GetTimestamp();
                for (var i = 0; i < CallsPerRound; i++)
                    if (!rows[r].Work()) throw new InvalidOperationException("the offer is refused");
                best[r] = Math.Min(best[r], Stopwatch.GetElapsedTime(started).TotalMicroseconds / CallsPerRound);
                allocated[r] = Math.Min(allocated[r], (GC.GetAllocatedBytesForCurrentThread() - before) / CallsPerRound);
            }
        for (var r = 0; r < rows.Length; r++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows[r].Name,-36} {best[r],7:F2} us  {allocated[r]} B"));

        if (Theirs(root, file) is not { } theirs)
        {
            Console.WriteLine("sdp-transform: not measured (node, or npm ci --no-audit --no-fund in generator/tests/oracles, is missing)");
            return 0;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"sdp-transform",-36} {theirs / 1000,7:F2} us"));
        var ratio = theirs / 1000 / best[0];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sdp-transform takes {ratio:F1} x our time (at least {WantedRatio}); lazily {theirs / 1000 / best[2]:F1} x"));
        return ratio >= WantedRatio && allocated[0] == 0 && allocated[1] == 0 && allocated[2] == 0 ? 0 : 1;
    }

    private static bool Visit(byte[] offer)
    {
        if (!SessionDescription.View.TryParse(offer, Table, out var view, out _)) return false;
        var sum = 0u;
        foreach (var media in view.MediaDescriptions)
        foreach (var attribute in media.Attributes)
            if (attribute.TryGet(out Candidate.View candidate)) sum += candidate.Priority + candidate.Port;
        return sum != 1;
    }

    /// <summary>Nanoseconds; null when it cannot be run.</summary>
    private static double? Theirs(string root, string file)
    {
        var folder = Path.Combine(root, "generator", "tests", "oracles");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "sdp-transform"))) return null;
        try
        {
            using var process = Process.Start(new ProcessStartInfo("node", ["sdp-transform-speed.mjs", file]) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? double.Parse(output, CultureInfo.InvariantCulture) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
