using WebRtcConformance.Host;
using WebRtcConformance.Host.Linux;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Host;

/// <summary>Kernels that can do less than the one here: datagrams flow all the same, each once and whole.</summary>
public class UdpFallbackTests
{
    private const int Interrupted = 4, InputOutput = 5, BadSocket = 9, Again = 11, Invalid = 22, NotPermitted = 1, NoSuchCall = 38; // errno(3)

    /// <summary>Asked for each message with the number of parts that it is to be cut into, 1 for none; answers with an error, or 0 to ask the real kernel.</summary>
    private unsafe class LesserKernel(Func<int, int>? sends = null, Func<int>? receives = null) : MessageCalls
    {
        public int Cut { get; private set; }
        public int Whole { get; private set; }
        public int Refused { get; private set; }

        public override int Receive(int socket, MessageHeader* messages, int count) =>
            receives?.Invoke() is { } error and not 0 ? -error : base.Receive(socket, messages, count);

        public override int Send(int socket, MessageHeader* messages, int count)
        {
            var good = 0;
            for (var error = 0; good < count; good++)
            {
                var parts = messages[good].ControlLength > 0 ? 2 : 1;
                if ((error = sends?.Invoke(parts) ?? 0) != 0)
                {
                    Refused++;
                    if (good == 0) return -error;
                    break;
                }
                if (socket < 0) continue;
                if (parts > 1) Cut++;
                else Whole++;
            }
            return base.Send(socket, messages, good);
        }
    }

    [Theory]
    [InlineData(NoSuchCall, true)]
    [InlineData(NoSuchCall, false)]
    [InlineData(NotPermitted, true)] // what a filter of system calls may say
    [InlineData(NotPermitted, false)]
    public void Without_the_calls_datagrams_go_one_at_a_time(int error, bool onSend)
    {
        var kernel = new LesserKernel(onSend ? _ => error : null, onSend ? null : () => error);
        using var host = new UdpHost(null, kernel);
        Assert.False(host.Batches);
        Flow(host, 3);
        Assert.Equal((0, 0), (kernel.Cut, kernel.Whole));
    }

    [Fact]
    public void With_the_calls_neighbours_go_together()
    {
        SkipUnlessLinux();
        var kernel = new LesserKernel();
        using var host = new UdpHost(null, kernel);
        Assert.True(host.Batches);
        Flow(host, 3);
        Assert.True(kernel.Cut >= 3, "otherwise the tests below would show nothing");
    }

    /// <summary>udp(7): UDP_SEGMENT is not known (EINVAL), or the device cannot (EIO).</summary>
    [Theory]
    [InlineData(Invalid)]
    [InlineData(InputOutput)]
    public void A_kernel_that_cuts_nothing_gets_datagrams(int error)
    {
        SkipUnlessLinux();
        var kernel = new LesserKernel(parts => parts > 1 ? error : 0);
        using var host = new UdpHost(null, kernel);
        Flow(host, 1);
        var refused = kernel.Refused;
        Assert.True(refused > 0);
        Flow(host, 3);
        Assert.Equal(refused, kernel.Refused); // it was asked once, and not again
        Assert.Equal(0, kernel.Cut);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_interrupted_call_is_made_again(bool cuts)
    {
        SkipUnlessLinux();
        var (sends, receives) = (0, 0);
        using var host = new UdpHost(null, new LesserKernel(parts => ++sends % 3 == 2 ? Interrupted : parts > 1 && !cuts ? Invalid : 0, () => ++receives % 3 == 2 ? Interrupted : 0));
        Flow(host, 3);
        Assert.True(sends > 5 && receives > 5);
    }

    /// <summary>A full buffer loses what does not fit, and says how much.</summary>
    [Fact]
    public void What_finds_no_room_is_lost_and_counted()
    {
        SkipUnlessLinux();
        var full = false;
        using var host = new UdpHost(null, new LesserKernel(_ => full ? Again : 0));
        Flow(host, 1);
        full = true;
        var (from, to) = Two(host);
        for (var i = 0; i < 5; i++) host.Send(from, to, new byte[100]);
        Assert.Equal(5, host.Unsent);
        full = false;
        Flow(host, 1, unsent: 5);
    }

    private static (TransportAddress, TransportAddress) Two(UdpHost host) => (host.Bind(TransportAddress.Parse("127.0.0.1:0")), host.Bind(TransportAddress.Parse("127.0.0.1:0")));

    /// <summary>Bursts of equal neighbours with a smaller one behind, there and back.</summary>
    private static void Flow(UdpHost host, int bursts, long unsent = 0)
    {
        var (a, b) = Two(host);
        var (left, right) = (new Node(a, b), new Node(b, a));
        host.Attach(left, a);
        host.Attach(right, b);
        for (var burst = 1; burst <= bursts; burst++)
        {
            foreach (var node in (Node[])[left, right])
                for (var i = 0; i < 10; i++) node.Say(i == 9 ? 300 : 1000);
            Assert.True(host.RunUntil(() => left.Heard.Count >= 10 * burst && right.Heard.Count >= 10 * burst, TimeSpan.FromSeconds(20)), $"{left.Heard.Count} and {right.Heard.Count} of {10 * burst}");
        }
        Assert.Equal(left.Said, right.Heard);
        Assert.Equal(right.Said, left.Heard);
        Assert.Equal(unsent, host.Unsent);
        host.Detach(left);
        host.Detach(right);
    }

    private static void SkipUnlessLinux() => Assert.SkipUnless(MessageCalls.Kernel.AreAvailable, "no recvmmsg and sendmmsg here: Linux of 64 bits has them");

    private sealed class Node(TransportAddress local, TransportAddress remote) : IWorldNode
    {
        private readonly Queue<byte[]> _waiting = new();

        public List<string> Said { get; } = [];
        public List<string> Heard { get; } = [];
        public Instant NextDeadline => Instant.Never;

        public void Say(int length)
        {
            var bytes = new byte[length];
            for (var i = 0; i < length; i++) bytes[i] = (byte)(i * 7 + Said.Count);
            Said.Add(Convert.ToHexString(bytes));
            _waiting.Enqueue(bytes);
        }

        public void Receive(Instant now, TransportAddress at, TransportAddress from, ReadOnlySpan<byte> datagram) => Heard.Add(Convert.ToHexString(datagram));

        public void Advance(Instant now)
        {
        }

        public bool TryTake(out Datagram datagram)
        {
            datagram = _waiting.TryDequeue(out var bytes) ? new Datagram(local, remote, bytes) : default;
            return datagram.Bytes.Length > 0;
        }
    }
}
