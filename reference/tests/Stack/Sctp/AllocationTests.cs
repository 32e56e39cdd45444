using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.ZeroChecksum;

namespace WebRtcConformance.Reference.Tests.Stack.Sctp;

public class AllocationTests
{
    /// <summary>Two associations hand each other packets; once buffers have grown, a message of many packets costs nothing.</summary>
    [Theory]
    [InlineData(16_384, false, false)]
    [InlineData(16_384, true, true)]
    [InlineData(100, false, false)]
    public void A_packet_costs_no_allocation(int size, bool interleaving, bool unordered)
    {
        var policy = new SctpPolicy { Interleaving = interleaving };
        var (a, b) = (new SctpAssociation(policy, new Entropy(1)), new SctpAssociation(policy, new Entropy(2)));
        var now = Instant.Start;
        a.Connect(now);
        var received = 0L;
        Exchange();
        var message = new byte[size];
        for (var i = 0; i < 2000; i++) Step();
        received = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Step();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(1000L * size, received);
        Assert.Equal(0, allocated);

        void Step()
        {
            now += TimeSpan.FromMilliseconds(1);
            a.Send(now, 1, SctpPayloadProtocolIdentifier.WebRtcBinary, message, new SctpSendOptions { Unordered = unordered });
            Exchange();
        }

        void Exchange()
        {
            while (Move(a, b) | Move(b, a))
            {
            }
        }

        bool Move(SctpAssociation from, SctpAssociation to)
        {
            var any = false;
            while (from.TryTake(out var output))
            {
                any = true;
                if (output.Kind == SctpOutputKind.Transmit) to.Receive(now, output.Bytes.Span);
                else if (output.Kind == SctpOutputKind.Received) received += output.Bytes.Length;
            }
            return any;
        }
    }
}
