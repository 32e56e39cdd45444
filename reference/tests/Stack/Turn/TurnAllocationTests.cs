using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Stack.Turn;
using WebRtcConformance.Wire.Stun;
using WebRtcConformance.Wire.Turn;

namespace WebRtcConformance.Reference.Tests.Stack.Turn;

/// <summary>The data path writes in place: what it costs, and that it writes what the records write.</summary>
public class TurnAllocationTests
{
    [Theory]
    [InlineData(false, "10.0.0.2:7000", 1200)]
    [InlineData(false, "[2001:db8::2]:7000", 1201)]
    [InlineData(true, "10.0.0.2:7000", 1200)]
    [InlineData(true, "[2001:db8::2]:7000", 1201)]
    public void Relayed_data_costs_no_allocation(bool overChannel, string peerAddress, int size)
    {
        var peer = TransportAddress.Parse(peerAddress);
        var server = new TurnServer(TurnWorld.ServerPolicy with { PadsChannelData = true }, new Entropy(1), new Dictionary<string, string> { ["alice"] = "secret" }, [TurnWorld.ServerAddress]);
        var client = new TurnClient(new TurnClientPolicy { PadsChannelData = true, Families = peer.Family == IpFamily.IPv6 ? TurnFamilies.IPv6 : TurnFamilies.Default },
            new Entropy(2), [TurnWorld.ClientAddress], TurnWorld.ServerAddress, "alice", "secret");
        var now = Instant.Start + TimeSpan.FromSeconds(1);
        var (toPeer, toClient, channel) = (0L, 0L, (ushort)0);
        client.Allocate(now);
        Exchange();
        if (overChannel) client.Bind(now, peer);
        else client.Permit(now, peer);
        Exchange();
        var data = new byte[size];
        for (var i = 0; i < 300; i++) Step();
        (toPeer, toClient) = (0, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Step();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((1000L * size, 1000L * size, overChannel), (toPeer, toClient, channel > 0));
        Assert.Equal(0, allocated);

        void Step()
        {
            now += TimeSpan.FromMilliseconds(1);
            client.Send(now, peer, data);
            Exchange();
            server.Receive(now, client.RelayedOf(peer.Family), peer, data);
            Exchange();
        }

        void Exchange()
        {
            while (FromClient() | FromServer())
            {
            }
        }

        bool FromClient()
        {
            var any = false;
            while (client.TryTake(out var output))
            {
                any = true;
                if (output.Kind == TurnOutputKind.Transmit) server.Receive(now, output.Datagram.Remote, output.Datagram.Local, output.Datagram.Bytes.Span);
                else if (output.Kind == TurnOutputKind.Received) (toClient, channel) = (toClient + output.Data.Length, output.Channel);
            }
            return any;
        }

        bool FromServer()
        {
            var any = false;
            while (server.TryTake(out var output))
            {
                any = true;
                if (output.Kind != TurnOutputKind.Transmit) continue;
                if (output.Datagram.Remote == peer) toPeer += output.Datagram.Bytes.Length;
                else client.Receive(now, output.Datagram.Remote, output.Datagram.Local, output.Datagram.Bytes.Span);
            }
            return any;
        }
    }

    /// <summary>A tap that changes nothing takes every message by way of its record; the world is the same to the last byte.</summary>
    [Theory]
    [InlineData(false, TurnFamilies.Default)]
    [InlineData(true, TurnFamilies.Default)]
    [InlineData(false, TurnFamilies.IPv6)]
    [InlineData(true, TurnFamilies.IPv6)]
    public void Written_in_place_and_by_the_record_is_the_same(bool pads, TurnFamilies families)
    {
        Assert.Equal(Run(tapped: false), Run(tapped: true));

        string Run(bool tapped)
        {
            var world = new TurnWorld(new TurnClientPolicy { PadsChannelData = pads, Families = families }, TurnWorld.ServerPolicy with { PadsChannelData = pads });
            if (tapped)
            {
                foreach (var funnels in (TurnFunnels[])[world.Client.Funnels, world.Server.Server.Funnels])
                {
                    funnels.Stun.Composed.Add((Instant _, ref StunMessage _) => Disposition.Pass);
                    funnels.ChannelData.Add((Instant _, ref ChannelData _) => Disposition.Pass);
                    funnels.Data.Add((Instant _, ref byte[] _) => Disposition.Pass);
                }
            }
            var peer = families == TurnFamilies.IPv6 ? world.Peer6 : world.Peer;
            world.Allocate().Permit(peer);
            for (var phase = 0; phase < 2; phase++)
            {
                for (var size = 0; size < 9; size++)
                {
                    world.SendTo(peer, new string('x', size));
                    peer.Say(world.Relayed, new string('y', size));
                    world.Run();
                }
                world.Client.Bind(world.Now, peer.Address); // the second time over a channel
                world.Run();
            }
            Assert.Equal(18, peer.Heard.Count);
            Assert.Equal(18, world.Events.OfType<TurnEvent.Received>().Count());
            Assert.Equal(9, world.Events.OfType<TurnEvent.Received>().Count(r => r.Channel > 0));
            return world.World.TraceHash;
        }
    }

    /// <summary>What has been taken is good until the next call, and what has not been taken is not overwritten by it.</summary>
    [Fact]
    public void Outputs_that_wait_keep_their_bytes()
    {
        var world = new TurnWorld().Allocate();
        world.Permit(world.Peer);
        var sent = new List<string>();
        for (var i = 0; i < 20; i++) world.Client.Send(world.Now, world.Peer.Address, System.Text.Encoding.UTF8.GetBytes(new string((char)('a' + i), 1000)));
        while (world.Client.TryTake(out var output)) sent.Add(System.Text.Encoding.UTF8.GetString(output.Datagram.Bytes.Span[^1000..]));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), 1000)), sent);
    }
}
