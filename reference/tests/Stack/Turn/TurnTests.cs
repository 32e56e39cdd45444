using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Turn;
using WebRtcConformance.Wire.Stun;
using WebRtcConformance.Wire.Turn;

namespace WebRtcConformance.Reference.Tests.Stack.Turn;

/// <summary>Client against server in virtual time: allocations, permissions, channels, data, and hours of them.</summary>
public class TurnTests
{
    [Fact]
    public void An_allocation_is_made_after_a_challenge_and_deleted_on_wish()
    {
        var world = new TurnWorld().Allocate();
        var allocated = Assert.IsType<TurnEvent.Allocated>(Assert.Single(world.Events));
        Assert.Equal((TurnWorld.ClientAddress, TimeSpan.FromMinutes(10)), (allocated.Mapped, allocated.Lifetime));
        Assert.Equal(world.Client.Relayed, allocated.Relayed);
        Assert.Equal("401", world.Rejections);
        Assert.Equal(1, world.Server.Server.AllocationCount);

        world.Client.Close(world.Now);
        world.Run();
        Assert.Equal(new TurnEvent.Ended(TurnEnd.Deleted), world.Events[^1]);
        Assert.Equal((0, TurnClientState.Idle), (world.Server.Server.AllocationCount, world.Client.State));
        Assert.Equal((Instant.Never, Instant.Never), (world.Client.NextDeadline, world.Server.NextDeadline));
    }

    [Fact]
    public void Indications_carry_data_both_ways_and_what_is_sent_early_waits_for_its_permission()
    {
        var world = new TurnWorld().Allocate();
        world.SendTo(world.Peer, "hello");
        Assert.Equal([(world.Relayed, "hello")], world.Peer.Heard);
        world.Peer.Say(world.Relayed, "hi");
        world.Sibling.Say(world.Relayed, "me too"); // section 9: ports are not compared
        world.Stranger.Say(world.Relayed, "nobody asked");
        world.Run();
        Assert.Equal("hi from 7000, me too from 7001", world.HeardByClient);
        Assert.Equal("RFC8656:9", world.ServerDiscards);
        Assert.Contains(new TurnEvent.Permitted(world.Peer.Address.WithPort(0)), world.Events);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Channels_carry_data_both_ways(bool padded)
    {
        var world = new TurnWorld(new TurnClientPolicy { PadsChannelData = padded }, TurnWorld.ServerPolicy with { PadsChannelData = padded }).Allocate();
        Assert.Equal((ushort)0x4000, world.Client.Bind(world.Now, world.Peer.Address));
        world.Run();
        Assert.Contains(new TurnEvent.ChannelBound(0x4000, world.Peer.Address), world.Events);
        var sizes = new List<int>();
        world.World.Observer += e => { if (e.Fate == Fate.Delivered && e.Datagram.Bytes.Span[0] == 0x40) sizes.Add(e.Datagram.Bytes.Length); };
        world.SendTo(world.Peer, "hello");
        world.Peer.Say(world.Relayed, "hi");
        world.Sibling.Say(world.Relayed, "by indication"); // the channel is the peer's, not its IP address's
        world.Run();
        Assert.Equal([(world.Relayed, "hello")], world.Peer.Heard);
        Assert.Equal("hi from 7000 on 4000, by indication from 7001", world.HeardByClient);
        int[] expected = padded ? [12, 8] : [9, 6];
        Assert.Equal(expected, sizes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public void Empty_and_short_data_pass(string text)
    {
        var world = new TurnWorld().Allocate();
        world.Permit(world.Peer);
        world.SendTo(world.Peer, text);
        world.Client.Bind(world.Now, world.Peer.Address);
        world.Run();
        world.SendTo(world.Peer, text);
        world.Peer.Say(world.Relayed, text);
        world.Run();
        Assert.Equal([text, text], world.Peer.Heard.Select(h => h.Text));
        Assert.Equal($"{text} from 7000 on 4000", world.HeardByClient);
    }

    [Fact]
    public void Three_days_pass_and_everything_is_still_there()
    {
        var world = new TurnWorld().Allocate();
        world.Client.Bind(world.Now, world.Peer.Address);
        world.Client.Permit(world.Now, world.Stranger.Address);
        var requests = new Dictionary<StunMethod, int>();
        world.World.Observer += e =>
        {
            if (e.Fate == Fate.Delivered && e.Datagram.Remote == TurnWorld.ServerAddress && StunMessage.View.TryParse(e.Datagram.Bytes.Span, out var m, out _))
                requests[m.Method] = requests.GetValueOrDefault(m.Method) + 1;
        };
        world.World.RunFor(TimeSpan.FromHours(72));
        world.SendTo(world.Peer, "still");
        world.Stranger.Say(world.Relayed, "here");
        world.Run();
        Assert.Equal("still", Assert.Single(world.Peer.Heard).Text);
        Assert.Equal("here from 7000", world.HeardByClient);
        Assert.DoesNotContain(world.Events, e => e is TurnEvent.Ended or TurnEvent.Failed);
        // Each hour one nonce goes stale, and one request of whatever kind is sent twice. Every period is longer than its 9 or 4 minutes by the time that the
        // response takes, so 72 hours hold one period less than the quotient.
        Assert.InRange(requests[StunMethod.Refresh], 72 * 60 / 9 - 1, 72 * 60 / 9 + 73);
        Assert.InRange(requests[StunMethod.ChannelBind], 72 * 60 / 9 - 1, 72 * 60 / 9 + 73);
        Assert.InRange(requests[StunMethod.CreatePermission], 72 * 60 / 4 - 1, 2 * 72 * 60 / 4 + 73);
        Assert.Contains("438", world.Rejections);
    }

    [Fact]
    public void What_is_forgotten_expires_and_the_channel_number_rests()
    {
        var world = new TurnWorld().Allocate();
        world.Client.Bind(world.Now, world.Peer.Address);
        world.Run();
        world.Client.Forget(world.Peer.Address);
        world.World.RunFor(TimeSpan.FromMinutes(6));
        world.Peer.Say(world.Relayed, "too late");
        world.Run();
        Assert.Equal("", world.HeardByClient);
        world.World.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal((ushort)0x4001, world.Client.Bind(world.Now, world.Stranger.Address));
        Assert.Equal((ushort)0x4000, world.Client.Bind(world.Now, world.Peer.Address)); // they belong together for 5 minutes more
        world.Run();
        Assert.Equal(3, world.Events.OfType<TurnEvent.ChannelBound>().Count());
        Assert.DoesNotContain(world.Events, e => e is TurnEvent.Failed);
    }

    [Fact]
    public void An_allocation_that_nobody_refreshes_expires_on_both_sides()
    {
        var world = new TurnWorld().Allocate();
        world.World.When(d => d.Local == TurnWorld.ClientAddress, Disposition.Drop);
        world.World.RunFor(TimeSpan.FromMinutes(11));
        Assert.Equal(new TurnEvent.Ended(TurnEnd.Expired), world.Events[^1]);
        Assert.Equal(TurnEnd.Expired, Assert.Single(world.ServerEvents.OfType<TurnEvent.RelayEnded>()).Reason);
        Assert.Equal(0, world.Server.Server.AllocationCount);
    }

    [Theory]
    [InlineData(null, 600)]
    [InlineData(60, 600)]
    [InlineData(1800, 1800)]
    [InlineData(100_000, 3600)]
    public void The_server_grants_a_lifetime_between_its_default_and_its_maximum(int? asked, int granted)
    {
        var world = new TurnWorld(new TurnClientPolicy { Lifetime = asked is { } s ? TimeSpan.FromSeconds(s) : null }).Allocate();
        Assert.Equal(TimeSpan.FromSeconds(granted), world.Events.OfType<TurnEvent.Allocated>().Single().Lifetime);
        world.World.RunFor(TimeSpan.FromSeconds(granted));
        Assert.Equal(TimeSpan.FromSeconds(granted), world.Events.OfType<TurnEvent.Refreshed>().Single().Lifetime);
    }

    [Fact]
    public void Both_families_are_relayed_in_one_allocation()
    {
        var world = new TurnWorld(new TurnClientPolicy { Families = TurnFamilies.Both }).Allocate();
        Assert.Equal([IpFamily.IPv4, IpFamily.IPv6], world.Client.Relayed.Select(r => r.Family));
        world.SendTo(world.Peer, "four");
        world.SendTo(world.Peer6, "six");
        world.Peer6.Say(world.Client.Relayed[1], "back");
        world.Run();
        Assert.Equal((world.Client.Relayed[0], "four"), Assert.Single(world.Peer.Heard));
        Assert.Equal((world.Client.Relayed[1], "six"), Assert.Single(world.Peer6.Heard));
        Assert.Equal("back from 7000", world.HeardByClient);
    }

    [Theory]
    [InlineData(TurnFamilies.IPv4, IpFamily.IPv4)]
    [InlineData(TurnFamilies.IPv6, IpFamily.IPv6)]
    public void One_family_is_relayed_when_asked_for(TurnFamilies asked, IpFamily family)
    {
        var world = new TurnWorld(new TurnClientPolicy { Families = asked }).Allocate();
        Assert.Equal(family, Assert.Single(world.Client.Relayed).Family);
        var (same, other) = family == IpFamily.IPv6 ? (world.Peer6, world.Peer) : (world.Peer, world.Peer6);
        world.SendTo(same, "yes");
        world.SendTo(other, "no");
        Assert.Single(same.Heard);
        Assert.Empty(other.Heard);
        Assert.Contains(world.Events, e => e is TurnEvent.Discarded { Discard.Rule: "RFC8656:9" });
    }

    [Fact]
    public void A_dual_allocation_on_a_server_of_one_family_is_granted_in_part()
    {
        var world = new TurnWorld(new TurnClientPolicy { Families = TurnFamilies.Both }, TurnWorld.ServerPolicy with { Relays = [TurnWorld.ServerPolicy.Relays[0]] }).Allocate();
        Assert.Equal(IpFamily.IPv4, Assert.Single(world.Client.Relayed).Family);
        Assert.Contains(new TurnEvent.FamilyRefused(IpFamily.IPv6, 440), world.Events);
    }

    [Fact]
    public void Half_of_a_dual_allocation_is_deleted_without_touching_the_other()
    {
        var world = new TurnWorld();
        var client = new ManualClient(world);
        Assert.Equal("success", client.Ask(StunMethod.Allocate, new RequestedTransport { Protocol = ProtocolNumber.Udp }, new AdditionalAddressFamily { Family = AddressFamily.IPv6 }));
        StunAttribute v6 = new RequestedAddressFamily { Family = AddressFamily.IPv6 };
        Assert.Equal("success", client.Ask(StunMethod.Refresh, new Lifetime { Seconds = 0 }, v6));
        Assert.Equal("error 443", client.Ask(StunMethod.Refresh, v6));
        Assert.Equal("success", client.Ask(StunMethod.Refresh));
    }

    [Fact]
    public void Two_relayed_addresses_of_one_server_talk_to_each_other()
    {
        var world = new TurnWorld().Allocate();
        var other = new TurnClientNode(new TurnClient(new TurnClientPolicy(), new Entropy(5), [TransportAddress.Parse("10.0.0.5:1")], TurnWorld.ServerAddress, "bob", "secret of bob"));
        world.World.AddHost("other", other, TransportAddress.Parse("10.0.0.5:0"));
        other.Client.Allocate(world.Now);
        world.Run();
        world.Client.Permit(world.Now, other.Client.Relayed[0]);
        world.Run();
        other.Client.Send(world.Now, world.Relayed, "relay to relay"u8);
        world.Run();
        Assert.Equal($"relay to relay from {other.Client.Relayed[0].Port}", world.HeardByClient);
    }

    [Fact]
    public void A_Binding_request_needs_no_credentials()
    {
        var answer = new ManualClient(new TurnWorld(), user: null).Exchange(StunMethod.Binding);
        Assert.Equal("success", ManualClient.Describe(answer));
        Assert.True(WebRtcConformance.Stack.Stun.StunReading.TryRead(answer, default, out var reading, out _));
        Assert.True(WebRtcConformance.Stack.Stun.StunAddresses.TryReadXorMapped(reading, out var mapped));
        Assert.Equal(TransportAddress.Parse("10.0.0.4:6000"), mapped);
    }

    [Fact]
    public void Loss_only_costs_time_and_a_seed_gives_the_same_trace()
    {
        static string Run(ulong seed)
        {
            var world = new TurnWorld(seed: seed, link: new LinkPolicy { Loss = 0.25, Duplicate = 0.1, Reorder = 0.1, Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(20) });
            world.Client.Allocate(world.Now);
            Assert.True(world.World.RunUntil(() => world.Client.State == TurnClientState.Allocated, TimeSpan.FromMinutes(2)), $"seed {seed}");
            world.Client.Bind(world.Now, world.Peer.Address);
            Assert.True(world.World.RunUntil(() => world.Events.OfType<TurnEvent.ChannelBound>().Any(), TimeSpan.FromMinutes(2)), $"seed {seed}");
            for (var i = 0; i < 20; i++) world.SendTo(world.Peer, $"{i}");
            Assert.NotEmpty(world.Peer.Heard);
            world.Client.Close(world.Now);
            Assert.True(world.World.RunUntil(() => world.Client.State == TurnClientState.Idle, TimeSpan.FromMinutes(2)), $"seed {seed}");
            return world.World.TraceHash;
        }
        for (ulong seed = 1; seed <= 10; seed++) Assert.Equal(Run(seed), Run(seed));
        Assert.NotEqual(Run(1), Run(2));
    }
}
