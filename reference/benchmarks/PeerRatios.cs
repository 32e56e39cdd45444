using System.Diagnostics;
using WebRtcConformance.Host;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Benchmarks;

/// <summary>
/// Whole peers, two in one process: CPU time of bytes through a data channel with both ends, and of set-up with two new certificates. Beside them two peers of other
/// implementations, each pair in a process of its own, measured in the same manner. CPU time is that of the process, all threads; the least of the rounds counts.
/// </summary>
internal static class PeerRatios
{
    /// <summary>The kernel counts what other threads use late: only many in a row tell. The programs in peers/ do the same.</summary>
    private const int SetupsInARow = 20;

    private const int Rounds = 15, MessagesPerRound = 500, SetupsInMemory = 500, SetupsOverUdp = 200;

    /// <summary>Goals in nanoseconds a byte and, for three days of silence, milliseconds; and what a byte takes libdatachannel in node on the machine that they were set for.</summary>
    private const double PortableLimit = 13, BatchedLimit = 6, SimulatedLimit = 5, SilenceLimit = 1000, LibdatachannelThere = 27;

    private sealed record Result(string Name, string Unit, double Value, double Limit);

    private static readonly (string Name, Func<PeerPair> Make, double Limit)[] Ways =
    [
        ("ours, handed over in memory", () => new DirectPeerPair(), SimulatedLimit),
        ("ours, in a world", () => new WorldPeerPair(), SimulatedLimit),
        ("ours, UDP, one datagram a call", () => new UdpPeerPair(new UdpHost(new UdpPolicy { Batches = false })), PortableLimit),
        ("ours, UDP, as the policy is", () => new UdpPeerPair(new UdpHost()), BatchedLimit),
    ];

    /// <summary>Bytes alone, in one of the ways from 0: memory, world, UDP, batched UDP. 1 when something allocates.</summary>
    public static int RunThroughput(int way)
    {
        var bad = false;
        Throughput(way, ref bad);
        return bad ? 1 : 0;
    }

    /// <summary>CPU and wall milliseconds over UDP.</summary>
    public static (double Processor, double Wall) RunSetup()
    {
        Console.WriteLine("Set-up of two peers with new certificates, to a channel that is open on both sides");
        var (processor, _) = Setup(() => new DirectPeerPair(), SetupsInMemory);
        using var udp = new UdpHost();
        var (udpProcessor, wall) = Setup(() => new UdpPeerPair(udp), SetupsOverUdp);
        Console.WriteLine(FormattableString.Invariant($"{"ours, handed over in memory",-40}{processor,9:F2} ms CPU"));
        Console.WriteLine(FormattableString.Invariant($"{"ours, UDP",-40}{udpProcessor,9:F2} ms CPU {wall,9:F2} ms wall"));
        return (udpProcessor, wall);
    }

    /// <summary>1 when something allocates a message, or a goal is missed.</summary>
    public static int Run()
    {
        var bad = false;
        Console.WriteLine($"Two peers, {PeerPair.MessageSize / 1024} KB messages: CPU of both ends");
        using (var probe = new UdpHost())
        {
            if (!probe.Batches) Console.WriteLine("ours, UDP, batched: missing (no recvmmsg and sendmmsg here)");
        }
        var yardsticks = new List<double>();
        Gauge(yardsticks);
        var results = Enumerable.Range(0, Ways.Length).Select(way => Throughput(way, ref bad)).ToList();
        var udp = results[^1].Value;
        Console.WriteLine(FormattableString.Invariant($"UDP over memory: {udp / results[0].Value:F2}"));
        results.Add(Silence());
        Gauge(yardsticks);
        var (udpProcessor, wall) = RunSetup();

        var ownHandshake = Handshake();
        Console.WriteLine(FormattableString.Invariant($"{"ours, a DTLS handshake in memory",-40}{ownHandshake,9:F2} ms CPU"));

        foreach (var other in OtherPeers.All)
        {
            if (other.Measure(SetupsOverUdp, Rounds, MessagesPerRound, out var missing) is not { } found)
            {
                Console.WriteLine($"{other.Name}: missing ({missing})");
                continue;
            }
            Console.WriteLine(FormattableString.Invariant(
                $"{other.Name,-40}{found.SetupCpuMs,9:F2} ms CPU {found.SetupWallMs,9:F2} ms wall {found.NsPerByte,9:F2} ns a byte"));
            if (found.HandshakeCpuMs is { } handshake) Console.WriteLine(FormattableString.Invariant($"  a DTLS handshake of it {handshake:F2} ms CPU, {handshake / ownHandshake:F2} times ours"));
            Console.WriteLine(FormattableString.Invariant(
                $"  in times of ours over UDP: set-up {found.SetupCpuMs / udpProcessor:F2} CPU, {found.SetupWallMs / wall:F2} wall; bytes {found.NsPerByte / udp:F2}"));
        }
        var slower = yardsticks.Count == 0 ? 1 : yardsticks.Average() / LibdatachannelThere;
        Console.WriteLine(yardsticks.Count == 0
            ? "Without libdatachannel goals are taken as they are, whatever this machine is."
            : FormattableString.Invariant($"Goals, {slower:F2} times as long as where a byte takes libdatachannel {LibdatachannelThere} ns (here {yardsticks[0]:F1} before and {yardsticks[^1]:F1} after):"));
        foreach (var result in results)
        {
            bad |= result.Value > result.Limit * slower;
            Console.WriteLine(FormattableString.Invariant($"{result.Name,-40}{result.Value,9:F2} of {result.Limit * slower:F2} {result.Unit}{(result.Value > result.Limit * slower ? ": missed" : "")}"));
        }
        return bad ? 1 : 0;
    }

    /// <summary>How fast the machine is at the moment: what a byte takes libdatachannel, if it is here.</summary>
    private static void Gauge(List<double> found)
    {
        if (OtherPeers.Libdatachannel.Measure(SetupsInARow, Rounds, MessagesPerRound, out _) is { } measured) found.Add(measured.NsPerByte);
    }

    /// <summary>The CPU that three idle days take, both ends and the world.</summary>
    public static int RunSilence() => Silence().Value > SilenceLimit ? 1 : 0;

    private static Result Throughput(int way, ref bool bad)
    {
        var (name, make, limit) = Ways[way];
        using var pair = make();
        for (var i = 0; i < 6; i++) pair.Transfer(MessagesPerRound); // until the code is compiled for good
        var (best, allocated) = (double.MaxValue, long.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var used = Environment.CpuUsage.TotalTime;
            pair.Transfer(MessagesPerRound);
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - used).TotalNanoseconds / MessagesPerRound / PeerPair.MessageSize);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        bad |= allocated > 0;
        Console.WriteLine(FormattableString.Invariant($"{name,-40}{best,9:F2} ns a byte, {allocated} B in {MessagesPerRound} messages"));
        return new Result(name, "ns a byte", best, limit);
    }

    private static Result Silence()
    {
        const string name = "ours, 72 hours of silence in a world";
        using var pair = new WorldPeerPair();
        pair.BeSilent(TimeSpan.FromHours(8)); // until the code is compiled for good
        var least = double.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var used = Environment.CpuUsage.TotalTime;
            pair.BeSilent(TimeSpan.FromHours(72));
            least = Math.Min(least, (Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
        }
        Console.WriteLine(FormattableString.Invariant($"{name,-40}{least,9:F0} ms CPU"));
        return new Result(name, "ms CPU", least, SilenceLimit);
    }

    private static double Handshake()
    {
        var least = double.MaxValue;
        for (var i = 0; i < SetupsOverUdp * 2; i += SetupsInARow)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (var j = 0; j < SetupsInARow; j++) DtlsRatios.Handshake(NamedGroup.X25519);
            least = Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / SetupsInARow);
        }
        return least;
    }

    private static (double ProcessorMilliseconds, double WallMilliseconds) Setup(Func<PeerPair> make, int times)
    {
        var (processor, wall) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < times; i += SetupsInARow)
        {
            var used = TimeSpan.Zero;
            for (var j = 0; j < SetupsInARow; j++)
            {
                var (before, started) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
                using var pair = make();
                wall = Math.Min(wall, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                used += Environment.CpuUsage.TotalTime - before;
            }
            processor = Math.Min(processor, used.TotalMilliseconds / SetupsInARow);
        }
        return (processor, wall);
    }
}
