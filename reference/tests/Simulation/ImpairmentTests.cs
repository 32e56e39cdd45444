using System.Text;
using WebRtcConformance.Simulation;
using WebRtcConformance.Simulation.Capture;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Simulation;

/// <summary>Scripts on raw and typed packets, corruption, the attacker off the path, and what of a world a capture shows.</summary>
public class ImpairmentTests
{
    private static readonly TransportAddress A = TransportAddress.Parse("10.0.0.1:1000"), B = TransportAddress.Parse("10.0.0.2:2000"), C = TransportAddress.Parse("10.0.0.3:3000");

    private static (World World, WorldHost Left, WorldHost Right, Pinger Ear) Pair(int pings, LinkPolicy? link = null)
    {
        var world = new World(1);
        world.SetDefaultLink(link ?? new LinkPolicy());
        var ear = new Pinger(B, null, 0);
        return (world, world.AddHost("left", new Pinger(A, B, pings), A), world.AddHost("right", ear, B), ear);
    }

    [Fact]
    public void A_script_drops_the_nth_datagram_from_one_host_to_another()
    {
        var (world, left, right, ear) = Pair(4);
        world.DropNth(2, Packets.Between(left, right));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["ping 0", "ping 2", "ping 3"], ear.Heard.Select(h => h.Text));
    }

    [Theory]
    [InlineData(false, "ping 0, ping 3, ping 1, ping 2")]
    [InlineData(true, "ping 0, ping 3, ping 2, ping 1")]
    public void What_is_held_comes_when_it_is_let_go(bool reversed, string expected)
    {
        var (world, _, right, ear) = Pair(4);
        var held = world.Hold(Packets.To(right).And(d => "12".Contains((char)d.Bytes.Span[^1])));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(2, held.Count);
        held.Release(reversed);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(expected, string.Join(", ", ear.Heard.Select(h => h.Text)));
    }

    [Fact]
    public void A_typed_script_alters_the_second_STUN_request_only()
    {
        var (world, left, _, ear) = Pair(0);
        world.Alter(Packets.From(left).And(Packets.Of<StunMessage>(m => m.Class == StunClass.Request)), _ => "altered"u8.ToArray(), 2, 2);
        foreach (var @class in new[] { StunClass.Indication, StunClass.Request, StunClass.Indication, StunClass.Request, StunClass.Request })
            world.Inject(new Datagram(A, B, new StunMessage { Method = StunMethod.Binding, Class = @class, TransactionId = new byte[12], Attributes = [] }.ToArray()));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([3], ear.Heard.Select((h, i) => h.Text == "altered" ? i : -1).Where(i => i >= 0));
        Assert.Equal(5, ear.Heard.Count);
    }

    [Fact]
    public void Corruption_inverts_one_bit_and_leaves_the_luck_of_the_rest_alone()
    {
        static List<byte[]> Arrived(double corrupt)
        {
            var world = new World(3);
            world.SetDefaultLink(new LinkPolicy { Corrupt = corrupt, Loss = 0.3 });
            var arrived = new List<byte[]>();
            world.AddHost("right", new Pinger(B, null, 0), B);
            world.Observer = e => { if (e.Fate == Fate.Delivered) arrived.Add(e.Datagram.Bytes.ToArray()); };
            for (var i = 0; i < 1000; i++) world.Inject(new Datagram(A, B, new byte[50]));
            world.RunFor(TimeSpan.FromSeconds(1));
            return arrived;
        }
        var (clean, dirty) = (Arrived(0), Arrived(0.2));
        Assert.Equal(clean.Count, dirty.Count);
        Assert.DoesNotContain(clean, bytes => bytes.Any(b => b != 0));
        var flips = dirty.Select(bytes => bytes.Sum(b => byte.PopCount(b))).ToArray();
        Assert.InRange(flips.Sum(), clean.Count * 0.15, clean.Count * 0.25);
        Assert.Equal(1, flips.Max());
    }

    [Fact]
    public void An_attacker_speaks_in_any_name_and_hears_only_what_is_sent_to_it()
    {
        var (world, left, right, ear) = Pair(1);
        var attacker = new OffPathAttacker();
        var host = world.AddHost("attacker", attacker, C);
        world.SetLink(left, right, new LinkPolicy { Loss = 1 });
        world.SetLink(host, right, new LinkPolicy { Delay = TimeSpan.FromMilliseconds(70) });
        attacker.Spoof(A, B, "ping in the name of the left"u8);
        attacker.Spoof(C, B, "ping in my own"u8);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["ping in the name of the left", "ping in my own"], ear.Heard.Select(h => h.Text));
        Assert.All(ear.Heard, h => Assert.Equal("0.070000000s", h.At.ToString())); // over the attacker's own link
        Assert.Equal("pong in my own", Encoding.UTF8.GetString(Assert.Single(attacker.Heard).Bytes.Span));
    }

    [Fact]
    public void Links_inside_a_middlebox_are_perfect_unless_they_are_set()
    {
        var world = new World(1);
        world.SetDefaultLink(new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10) });
        var nat = world.AddNat("nat", new NatPolicy(), TransportAddress.Parse("203.0.113.1:0"));
        var ear = new Pinger(B, null, 0);
        world.AddHost("outer", ear, B);
        world.AddHost("inner", new Pinger(A, B, 2), nat, A);
        world.RunUntil(() => ear.Heard.Count == 1, TimeSpan.FromSeconds(1));
        world.SetLink("inner", "nat", new LinkPolicy { Delay = TimeSpan.FromMilliseconds(5) });
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["0.010000000s", "0.035000000s"], ear.Heard.Select(h => h.At.ToString()));
    }

    [Fact]
    public void A_capture_shows_middleboxes_key_log_and_clear_text()
    {
        var file = new MemoryStream();
        var world = new World(1);
        var capture = new WorldCapture(world, new PcapngWriter(file));
        capture.AddKeyLog("CLIENT_RANDOM 00 01");
        var nat = world.AddNat("nat", new NatPolicy(), TransportAddress.Parse("203.0.113.1:0"));
        world.AddHost("outer", new Pinger(B, null, 0), B);
        world.AddHost("inner", new Pinger(A, B, 1), nat, A);
        world.RunFor(TimeSpan.FromSeconds(1));
        capture.AddClearText("inner", A, B, "what was meant"u8, "decrypted");
        Assert.True(PcapngReader.TryRead(file.ToArray(), out var read, out var error), error);
        Assert.Equal("CLIENT_RANDOM 00 01\n", read.TlsSecrets);
        Assert.Equal(
        [
            "inner: Sent 10.0.0.1:1000", "nat: Forwarded: outbound 203.0.113.1:1024", "outer: Delivered 203.0.113.1:1024",
            "outer: Sent 10.0.0.2:2000", "nat: Forwarded: inbound 10.0.0.2:2000", "inner: Delivered 10.0.0.2:2000", "inner (clear text): decrypted 10.0.0.1:1000",
        ], read.Datagrams.Select(d => $"{d.Interface}: {d.Comment} {d.Source}"));
        Assert.Equal("what was meant"u8, read.Datagrams[^1].Payload);
    }
}
