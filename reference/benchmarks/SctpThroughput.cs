using System.Diagnostics;
using System.Globalization;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.ZeroChecksum;

namespace WebRtcConformance.Benchmarks;

/// <summary>
/// Bytes through two associations that hand each other packets: both ends together, with congestion control, acknowledgement and retransmission queues, without
/// DTLS and UDP. Beside it CRC32c, and AES-GCM of the same machine as a measure of how busy it is.
/// </summary>
internal static class SctpThroughput
{
    private const int MessageSize = 16 * 1024, MessagesPerRound = 200, Rounds = 25;
    private const double WantedNanosecondsPerByte = 5, WantedGigabytes = 20;

    /// <returns>0, or 1 when something allocates or the goals are missed.</returns>
    public static int Run()
    {
        var packet = new byte[1200];
        var crc = Best(() => Crc32c.Compute(packet), 20_000) / packet.Length;
        using var gcm = AeadCipher.Create(AeadAlgorithm.AesGcm, new byte[16]);
        byte[] nonce = new byte[AeadCipher.NonceSize], sealedPacket = new byte[1200 + AeadCipher.TagSize];
        var seal = Best(() => gcm.Seal(nonce, packet, [], sealedPacket), 5_000) / packet.Length;
        Print("CRC32c, 1200 bytes", 1 / crc, "GB/s");
        Print("AES-128-GCM, 1200 bytes", 1 / seal, "GB/s");

        var bad = 1 / crc < WantedGigabytes;
        for (var i = 0; i < 4; i++) Measure(new HubPair().Exchange); // compiled well before anything counts
        foreach (var (name, policy) in ((string, SctpPolicy)[])
        [
            ("association, DATA", new SctpPolicy()),
            ("association, I-DATA", new SctpPolicy { Interleaving = true }),
            ("association, zero checksum", new SctpPolicy { ZeroChecksumAcceptable = ErrorDetectionMethod.SctpOverDtls }),
        ])
        {
            var (nanoseconds, allocated) = Measure(new AssociationPair(policy).Exchange);
            bad |= nanoseconds > WantedNanosecondsPerByte || allocated > 0;
            Print(name, nanoseconds, $"ns a byte, {allocated} B");
        }
        var (perByte, hubAllocated) = Measure(new HubPair().Exchange);
        bad |= perByte > WantedNanosecondsPerByte || hubAllocated > 0;
        Print("data channel", perByte, $"ns a byte, {hubAllocated} B");
        return bad ? 1 : 0;
    }

    private static void Print(string name, double value, string unit) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-30}{value,8:F2} {unit}"));

    private static double Best(Action work, int calls)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < calls; i++) work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalNanoseconds / calls);
        }
        return best;
    }

    private static (double NanosecondsPerByte, long Allocated) Measure(Func<byte[], int> exchange)
    {
        var message = new byte[MessageSize];
        var (best, allocated) = (double.MaxValue, long.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            var received = 0L;
            for (var i = 0; i < MessagesPerRound; i++) received += exchange(message);
            var time = Stopwatch.GetElapsedTime(started).TotalNanoseconds;
            if (received != (long)MessageSize * MessagesPerRound) throw new InvalidOperationException($"{received} bytes came");
            best = Math.Min(best, time / received);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return (best, allocated);
    }

    private sealed class AssociationPair
    {
        private readonly SctpAssociation _a, _b;
        private Instant _now = Instant.Start;
        private int _received;

        public AssociationPair(SctpPolicy policy)
        {
            (_a, _b) = (new SctpAssociation(policy, new Entropy(1)), new SctpAssociation(policy, new Entropy(2)));
            _a.Connect(_now);
            Pump();
        }

        public int Exchange(byte[] message)
        {
            _now += TimeSpan.FromMicroseconds(100);
            _received = 0;
            _a.Send(_now, 1, SctpPayloadProtocolIdentifier.WebRtcBinary, message);
            Pump();
            return _received;
        }

        private void Pump()
        {
            while (Move(_a, _b) | Move(_b, _a))
            {
            }
        }

        private bool Move(SctpAssociation from, SctpAssociation to)
        {
            var any = false;
            while (from.TryTake(out var output))
            {
                any = true;
                if (output.Kind == SctpOutputKind.Transmit) to.Receive(_now, output.Bytes.Span);
                else if (output.Kind == SctpOutputKind.Received) _received += output.Bytes.Length;
            }
            return any;
        }
    }

    private sealed class HubPair
    {
        private readonly DataChannelHub _a, _b;
        private readonly DataChannel _channel;
        private Instant _now = Instant.Start;
        private int _received;

        public HubPair()
        {
            (_a, _b) = (new DataChannelHub(new DataChannelPolicy(), new SctpPolicy(), new Entropy(1)), new DataChannelHub(new DataChannelPolicy(), new SctpPolicy(), new Entropy(2)));
            _a.Begin(_now, DataChannelRole.DtlsClient);
            _b.Begin(_now, DataChannelRole.DtlsServer, connect: false);
            _channel = _a.Open(_now, new DataChannelOptions { Label = "bulk" })!;
            Pump();
        }

        public int Exchange(byte[] message)
        {
            _now += TimeSpan.FromMicroseconds(100);
            _received = 0;
            _a.Send(_now, _channel, text: false, message);
            Pump();
            return _received;
        }

        private void Pump()
        {
            while (Move(_a, _b) | Move(_b, _a))
            {
            }
        }

        private bool Move(DataChannelHub from, DataChannelHub to)
        {
            var any = false;
            while (from.TryTake(out var output))
            {
                any = true;
                if (output.Kind == DataChannelOutputKind.Transmit) to.Receive(_now, output.Bytes.Span);
                else if (output.Kind == DataChannelOutputKind.Binary) _received += output.Bytes.Length;
            }
            return any;
        }
    }
}
