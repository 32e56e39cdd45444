using System.Diagnostics;
using WebRtcConformance.Host;
using WebRtcConformance.Stack.Peer;

namespace WebRtcConformance.Benchmarks;

/// <summary>
/// Whole peers, two in one process: CPU time of bytes through a data channel with both ends, and of set-up with two new certificates. Beside them two peers of other
/// implementations, each pair in a process of its own, measured in the same manner. CPU time is that of the process, all threads; the least of the rounds counts.
/// </summary>
internal static class PeerRatios
{
    private const int Rounds = 15, MessagesPerRound = 500, SetupsInMemory = 200, SetupsOverUdp = 15;
    private const double PortableLimit = 13, BatchedLimit = 6, SimulatedLimit = 5;

    private sealed record Measurement(double NanosecondsPerByte, long BytesPerMessage);

    /// <summary>1 when something allocates a message, or a goal is missed.</summary>
    public static int Run()
    {
        var bad = false;
        Console.WriteLine($"Two peers, {PeerPair.MessageSize / 1024} KB messages: CPU of both ends");
        var direct = Throughput("ours, handed over in memory", () => new DirectPeerPair(), SimulatedLimit, ref bad)!;
        Throughput("ours, in a world", () => new WorldPeerPair(), SimulatedLimit, ref bad);
        Throughput("ours, UDP, one datagram a call", () => new UdpPeerPair(new UdpPolicy { Batches = false }), PortableLimit, ref bad);
        using (var probe = new UdpHost())
        {
            if (!probe.Batches) Console.WriteLine("ours, UDP, batched: missing (no recvmmsg and sendmmsg here)");
        }
        var udp = Throughput("ours, UDP, as the policy is", () => new UdpPeerPair(new UdpPolicy()), BatchedLimit, ref bad)!;
        Console.WriteLine(FormattableString.Invariant($"UDP over memory: {udp.NanosecondsPerByte / direct.NanosecondsPerByte:F2}"));

        Console.WriteLine("Set-up of two peers with new certificates, to a channel that is open on both sides");
        var (processor, _) = Setup(() => new DirectPeerPair(), SetupsInMemory);
        var (udpProcessor, wall) = Setup(() => new UdpPeerPair(new UdpPolicy()), SetupsOverUdp);
        Console.WriteLine(FormattableString.Invariant($"{"ours, handed over in memory",-40}{processor,9:F2} ms CPU"));
        Console.WriteLine(FormattableString.Invariant($"{"ours, UDP",-40}{udpProcessor,9:F2} ms CPU {wall,9:F2} ms wall"));
        // RFC 8445 section 14.2: the check that nominates waits for its turn.
        Console.WriteLine(FormattableString.Invariant($"  of the wall time, {new PeerPolicy().Ice.Ta.TotalMilliseconds:0} ms are the pace of ICE's checks"));

        foreach (var other in OtherPeers.All)
        {
            if (other.Measure(SetupsOverUdp, Rounds, MessagesPerRound, out var missing) is not { } found)
            {
                Console.WriteLine($"{other.Name}: missing ({missing})");
                continue;
            }
            Console.WriteLine(FormattableString.Invariant(
                $"{other.Name,-40}{found.SetupCpuMs,9:F2} ms CPU {found.SetupWallMs,9:F2} ms wall {found.NsPerByte,9:F2} ns a byte"));
            Console.WriteLine(FormattableString.Invariant(
                $"  in times of ours over UDP: set-up {found.SetupCpuMs / udpProcessor:F2} CPU, {found.SetupWallMs / wall:F2} wall; bytes {found.NsPerByte / udp.NanosecondsPerByte:F2}"));
        }
        return bad ? 1 : 0;
    }

    private static Measurement? Throughput(string name, Func<PeerPair> make, double limit, ref bool bad)
    {
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
        bad |= best > limit || allocated > 0;
        Console.WriteLine(FormattableString.Invariant($"{name,-40}{best,9:F2} ns a byte (at most {limit:F0}), {allocated} B in {MessagesPerRound} messages"));
        return new Measurement(best, allocated / MessagesPerRound);
    }

    private static (double ProcessorMilliseconds, double WallMilliseconds) Setup(Func<PeerPair> make, int times)
    {
        var (processor, wall) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < times; i++)
        {
            var (used, started) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            using var pair = make();
            wall = Math.Min(wall, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            processor = Math.Min(processor, (Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
        }
        return (processor, wall);
    }
}
