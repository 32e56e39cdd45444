using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Turn;
using WebRtcConformance.Wire.Stun;
using WebRtcConformance.Wire.Turn;

namespace WebRtcConformance.Reference.Tests.Stack.Turn;

/// <summary>Every error answer (RFC 8656 sections 5, 7.2, 8.2, 10.2, 12.2), what the client makes of it, and every bound with an attacker at it.</summary>
public class TurnErrorTests
{
    private static readonly StunAttribute Udp = new RequestedTransport { Protocol = ProtocolNumber.Udp };

    private static StunAttribute Peer(string address) => new XorPeerAddress { Port = TransportAddress.Parse(address).Port, Address = TransportAddress.Parse(address).AddressBytes() };

    private static (TurnWorld World, ManualClient Client) Allocated(TurnServerPolicy? policy = null)
    {
        var world = new TurnWorld(server: policy);
        var client = new ManualClient(world);
        Assert.Equal("success", client.Ask(StunMethod.Allocate, Udp));
        return (world, client);
    }

    [Fact]
    public void A_wrong_password_or_an_unknown_user_is_401_and_not_tried_again()
    {
        foreach (var (user, password) in new[] { ("alice", "wrong"), ("carol", "any") })
        {
            var world = new TurnWorld(user: user, password: password).Allocate(60);
            Assert.Equal((TurnRequest.Allocate, TurnFailure.CredentialsRejected, 401), (world.Failure.Request, world.Failure.Reason, world.Failure.ErrorCode));
            Assert.Equal("401 401", world.Rejections);
            Assert.Equal(TurnClientState.Idle, world.Client.State);
        }
    }

    [Fact]
    public void A_stale_nonce_is_438_and_the_request_is_sent_again()
    {
        var (world, client) = Allocated(TurnWorld.ServerPolicy with { MaxLifetime = TimeSpan.FromHours(3) });
        client.Ask(StunMethod.Refresh, new Lifetime { Seconds = 10_000 });
        world.World.RunFor(TimeSpan.FromMinutes(61));
        Assert.Equal("success", client.Ask(StunMethod.Refresh));
        Assert.Equal("401 438", world.Rejections);
    }

    [Fact]
    public void A_five_tuple_in_use_is_437_and_the_client_tries_three_addresses()
    {
        var world = new TurnWorld();
        Assert.Equal("success", new ManualClient(world, "bob", "10.0.0.1:5000").Ask(StunMethod.Allocate, Udp));
        world.Allocate();
        Assert.Equal(TurnWorld.SecondAddress, world.Events.OfType<TurnEvent.Allocated>().Single().Mapped);
        Assert.Contains(new TurnEvent.TriesAgain(TurnRequest.Allocate, 437, "from another address"), world.Events);

        var full = new TurnWorld();
        foreach (var address in new[] { "10.0.0.1:5000", "10.0.0.1:5001", "10.0.0.1:5002" }) new ManualClient(full, "bob", address).Ask(StunMethod.Allocate, Udp);
        full.Allocate();
        Assert.Equal(437, full.Failure.ErrorCode);
        // Section 7.4: not before 2 minutes have passed; by then the others are still there.
        full.Client.Allocate(full.Now);
        full.Run(100);
        Assert.Single(full.Events.OfType<TurnEvent.Failed>());
        full.Run(30);
        Assert.Equal(2, full.Events.OfType<TurnEvent.Failed>().Count());
    }

    [Fact]
    public void A_request_without_an_allocation_is_437_and_the_client_knows_that_it_is_lost()
    {
        var world = new TurnWorld();
        var manual = new ManualClient(world);
        foreach (var method in new[] { StunMethod.Refresh, StunMethod.CreatePermission, StunMethod.ChannelBind }) Assert.Equal("error 437", manual.Ask(method));

        world.Allocate();
        // Somebody with the same credentials deletes the allocation from the client's address.
        Assert.Equal("success", new ManualClient(world, from: "10.0.0.1:5000").Ask(StunMethod.Refresh, new Lifetime { Seconds = 0 }));
        world.Client.Permit(world.Now, world.Peer.Address);
        world.Run(5);
        Assert.Equal(new TurnEvent.Ended(TurnEnd.Lost), world.Events[^1]);
    }

    [Fact]
    public void Another_user_on_the_same_five_tuple_is_441()
    {
        var (world, client) = Allocated();
        client.Become("bob");
        Assert.Equal("error 441", client.Ask(StunMethod.Refresh));
        Assert.Equal("error 441", client.Ask(StunMethod.CreatePermission, Peer("10.0.0.2:1")));
        Assert.Equal("error 441", client.Ask(StunMethod.ChannelBind, new ChannelNumber { Number = 0x4000 }, Peer("10.0.0.2:1")));
        Assert.Equal("error 437", client.Ask(StunMethod.Allocate, Udp));
        Assert.Equal(1, world.Server.Server.AllocationCount);
    }

    [Fact]
    public void Quota_and_capacity_are_486_and_508_and_the_client_waits_a_minute()
    {
        var policies = new[] { (486, TurnWorld.ServerPolicy with { MaxAllocationsPerUser = 1 }), (508, TurnWorld.ServerPolicy with { MaxAllocations = 1 }),
            (508, TurnWorld.ServerPolicy with { Relays = [new(TransportAddress.Parse("10.0.0.9:50000"), 1)] }) };
        foreach (var (code, policy) in policies)
        {
            var world = new TurnWorld(server: policy);
            var first = new ManualClient(world);
            Assert.Equal("success", first.Ask(StunMethod.Allocate, Udp));
            world.Allocate();
            Assert.Equal(code, world.Failure.ErrorCode);
            first.Ask(StunMethod.Refresh, new Lifetime { Seconds = 0 });
            world.Client.Allocate(world.Now);
            world.Run(50);
            Assert.Equal(TurnClientState.Allocating, world.Client.State);
            world.Run(15);
            Assert.Equal(TurnClientState.Allocated, world.Client.State);
        }
    }

    [Fact]
    public void A_forbidden_peer_is_403_and_the_others_of_the_same_request_get_their_permissions()
    {
        var world = new TurnWorld(server: TurnWorld.ServerPolicy with { ForbiddenPeers = [new IpPrefix(TransportAddress.Parse("10.0.0.3:0"), 32)] }).Allocate();
        world.SendTo(world.Stranger, "no");
        world.SendTo(world.Peer, "yes");
        Assert.Equal((TurnRequest.CreatePermission, 403), (world.Failure.Request, world.Failure.ErrorCode));
        Assert.Contains(world.Events, e => e is TurnEvent.Discarded { Discard.Note: "the permission was refused" });
        Assert.Empty(world.Stranger.Heard);
        Assert.Single(world.Peer.Heard);
        var manual = new ManualClient(world);
        manual.Ask(StunMethod.Allocate, Udp);
        Assert.Equal("error 403", manual.Ask(StunMethod.ChannelBind, new ChannelNumber { Number = 0x4000 }, Peer("10.0.0.3:1")));
        Assert.Equal("error 403", manual.Ask(StunMethod.CreatePermission, Peer("10.0.0.9:3478"))); // the server itself
        Assert.Equal("error 443", manual.Ask(StunMethod.CreatePermission, Peer("10.0.0.2:1"), Peer("[2001:db8::2]:1")));
        Assert.Equal("error 400", manual.Ask(StunMethod.CreatePermission));
    }

    /// <summary>Two permissions fall due together. A tap of the client's puts a forbidden peer into the request that names both: the server refuses all.</summary>
    [Fact]
    public void When_a_request_for_several_peers_is_refused_the_client_asks_for_each()
    {
        var world = new TurnWorld(server: TurnWorld.ServerPolicy with { ForbiddenPeers = [new IpPrefix(TransportAddress.Parse("10.9.0.0:0"), 16)] }).Allocate();
        world.Client.Permit(world.Now, world.Peer.Address);
        world.Client.Permit(world.Now, world.Stranger.Address);
        world.Run();
        var sizes = new List<int>();
        world.Client.Funnels.Stun.Composed.Add((Instant _, ref StunMessage m) =>
        {
            if (m.Method != StunMethod.CreatePermission) return Disposition.Pass;
            sizes.Add(m.Attributes.OfType<XorPeerAddress>().Count());
            if (sizes[^1] > 1) m = m with { Attributes = [Peer("10.9.9.9:1"), .. m.Attributes] };
            return Disposition.Pass;
        });
        world.World.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal([2, 1, 1], sizes);
        Assert.DoesNotContain(world.Events, e => e is TurnEvent.Failed);
    }

    [Theory]
    [InlineData(420, true)]
    [InlineData(0, false)]
    public void DONT_FRAGMENT_on_a_server_without_it_is_420_and_the_client_does_without(int code, bool again)
    {
        var world = new TurnWorld(new TurnClientPolicy { AsksForDontFragment = true }, TurnWorld.ServerPolicy with { SupportsDontFragment = code == 0 }).Allocate();
        Assert.Equal(TurnClientState.Allocated, world.Client.State);
        Assert.Equal(again, world.Events.Contains(new TurnEvent.TriesAgain(TurnRequest.Allocate, 420, "without DONT-FRAGMENT")));
    }

    [Fact]
    public void A_redirection_is_followed_once()
    {
        var elsewhere = TransportAddress.Parse("10.0.0.8:3478");
        var world = new TurnWorld(server: TurnWorld.ServerPolicy with { Alternate = elsewhere });
        var second = new TurnServerNode(new TurnServer(TurnWorld.ServerPolicy with { Relays = [new(elsewhere.WithPort(50_000), 10)] }, new Entropy(9),
            new Dictionary<string, string> { ["alice"] = "secret of alice" }, [elsewhere]));
        world.World.AddHost("second", second, elsewhere.WithPort(0));
        world.Allocate();
        Assert.Equal((elsewhere, true), (world.Client.Server, world.Relayed.SameIp(elsewhere)));

        // A server that redirects to itself is not asked again.
        var loop = new TurnWorld(server: TurnWorld.ServerPolicy with { Alternate = TurnWorld.ServerAddress }).Allocate();
        Assert.Equal(300, loop.Failure.ErrorCode);
    }

    [Fact]
    public void Every_check_of_an_Allocate_request_has_its_code()
    {
        StunAttribute v4 = new RequestedAddressFamily { Family = AddressFamily.IPv4 }, v6 = new RequestedAddressFamily { Family = AddressFamily.IPv6 },
            both = new AdditionalAddressFamily { Family = AddressFamily.IPv6 }, token = new ReservationToken { Token = new byte[8] };
        string Ask(TurnServerPolicy policy, params StunAttribute[] attributes) => new ManualClient(new TurnWorld(server: policy)).Ask(StunMethod.Allocate, attributes);
        var full = TurnWorld.ServerPolicy;
        var only6 = full with { Relays = [full.Relays[1]] };
        Assert.Equal("error 400", Ask(full));
        Assert.Equal("error 442", Ask(full, new RequestedTransport { Protocol = (ProtocolNumber)6 }));
        Assert.Equal("error 508", Ask(full, Udp, token));
        Assert.Equal("error 400", Ask(full, Udp, token, new EvenPort()));
        Assert.Equal("error 400", Ask(full, Udp, token, v4));
        Assert.Equal("error 400", Ask(full, Udp, v4, both));
        Assert.Equal("error 440", Ask(only6, Udp));
        Assert.Equal("error 440", Ask(only6, Udp, v4));
        Assert.Equal("success", Ask(only6, Udp, v6));
        Assert.Equal("success", Ask(only6, Udp, both));
        Assert.Equal("error 508", Ask(full, Udp, new EvenPort { ReserveNextHigherPort = true }));
        Assert.Equal("error 400", Ask(full, Udp, new EvenPort { ReserveNextHigherPort = true }, both));
        Assert.Equal("error 400", Ask(full, Udp, new AdditionalAddressFamily { Family = AddressFamily.IPv4 }));
        Assert.Equal("error 420", Ask(full, Udp, new UnknownStunAttribute((StunAttributeType)0x0777, new byte[4])));
        Assert.Equal("error 300", Ask(full with { Alternate = TurnWorld.ServerAddress }, Udp));
        Assert.Equal("success", Ask(full with { Authentication = null }, Udp));
    }

    [Fact]
    public void Every_check_of_a_ChannelBind_request_has_its_code()
    {
        var (_, client) = Allocated();
        string Bind(ushort number, string peer) => client.Ask(StunMethod.ChannelBind, new ChannelNumber { Number = number }, Peer(peer));
        Assert.Equal("error 400", client.Ask(StunMethod.ChannelBind, Peer("10.0.0.2:1")));
        Assert.Equal("error 400", client.Ask(StunMethod.ChannelBind, new ChannelNumber { Number = 0x4000 }));
        Assert.Equal("error 400", Bind(0x3FFF, "10.0.0.2:1"));
        Assert.Equal("error 400", Bind(0x5000, "10.0.0.2:1"));
        Assert.Equal("error 443", Bind(0x4000, "[2001:db8::2]:1"));
        Assert.Equal("success", Bind(0x4000, "10.0.0.2:1"));
        Assert.Equal("success", Bind(0x4000, "10.0.0.2:1"));
        Assert.Equal("error 400", Bind(0x4000, "10.0.0.2:2"));
        Assert.Equal("error 400", Bind(0x4001, "10.0.0.2:1"));
        Assert.Equal("success", Bind(0x4FFF, "10.0.0.2:2"));
    }

    [Fact]
    public void Nobody_gets_more_permissions_channels_or_allocations_than_the_policy_allows()
    {
        var (world, client) = Allocated(TurnWorld.ServerPolicy with { MaxPermissions = 5, MaxChannels = 3, MaxAllocationsPerUser = 4 });
        for (var i = 0; i < 3; i++) Assert.Equal("success", client.Ask(StunMethod.ChannelBind, new ChannelNumber { Number = (ushort)(0x4000 + i) }, Peer($"10.0.1.{i}:1")));
        Assert.Equal("error 508", client.Ask(StunMethod.ChannelBind, new ChannelNumber { Number = 0x4005 }, Peer("10.0.1.1:2")));
        Assert.Equal("error 508", client.Ask(StunMethod.CreatePermission, [.. Enumerable.Range(0, 3).Select(i => Peer($"10.0.2.{i}:1"))]));
        Assert.Equal("success", client.Ask(StunMethod.CreatePermission, [.. Enumerable.Range(0, 2).Select(i => Peer($"10.0.2.{i}:1"))]));
        Assert.Equal("error 508", client.Ask(StunMethod.CreatePermission, Peer("10.0.2.9:1")));
        var answers = Enumerable.Range(0, 6).Select(i => new ManualClient(world, from: $"10.0.3.1:{6000 + i}").Ask(StunMethod.Allocate, Udp)).ToArray();
        Assert.Equal(["success", "success", "success", "error 486", "error 486", "error 486"], answers);
        // What has expired makes room.
        world.World.RunFor(TimeSpan.FromMinutes(6));
        Assert.Equal("success", client.Ask(StunMethod.CreatePermission, Peer("10.0.2.9:1")));
    }

    [Fact]
    public void Data_beyond_the_bandwidth_quota_is_discarded_both_ways()
    {
        var world = new TurnWorld(server: TurnWorld.ServerPolicy with { BytesPerSecond = 1000 }).Allocate();
        world.Permit(world.Peer);
        for (var i = 0; i < 30; i++) world.Client.Send(world.Now, world.Peer.Address, new byte[100]);
        world.Run(0.5);
        Assert.Equal(10, world.Peer.Heard.Count);
        for (var i = 0; i < 30; i++) world.Peer.Say(world.Relayed, new string('x', 100));
        world.Run(0.2);
        Assert.InRange(world.Events.OfType<TurnEvent.Received>().Count(), 4, 6);
        Assert.Contains(world.ServerEvents, e => e is TurnEvent.Discarded { Discard.Note: "over the bandwidth quota" });
    }

    [Fact]
    public void The_client_keeps_to_its_own_bounds()
    {
        var world = new TurnWorld(new TurnClientPolicy { MaxPermissions = 3, MaxChannels = 2, MaxQueued = 4 }).Allocate();
        for (var i = 0; i < 10; i++) world.Client.Send(world.Now, world.Peer.Address, "x"u8);
        Assert.Equal(2, Enumerable.Range(0, 5).Count(i => world.Client.Bind(world.Now, TransportAddress.Parse($"10.0.0.2:{i + 1}")) is not null));
        Assert.Equal(2, Enumerable.Range(0, 5).Count(i => world.Client.Permit(world.Now, TransportAddress.Parse($"10.0.1.{i}:1"))));
        world.Run();
        Assert.Equal(4, world.Peer.Heard.Count);
        Assert.Equal(6, world.Events.OfType<TurnEvent.Discarded>().Count(d => d.Discard.Note == "too much waits for permissions"));
    }

    [Fact]
    public void Silence_is_a_failure_after_the_last_retransmission()
    {
        var world = new TurnWorld();
        world.World.When(d => d.Local == TurnWorld.ServerAddress, Disposition.Drop);
        world.Allocate(39);
        Assert.Empty(world.Events);
        world.Run(1);
        Assert.Equal(TurnFailure.Timeout, world.Failure.Reason);
    }

    /// <summary>The path is down for 50 seconds, just when a permission (age 4 minutes) or a channel (9 minutes) is to be refreshed.</summary>
    [Theory]
    [InlineData(235, TurnRequest.CreatePermission)]
    [InlineData(535, TurnRequest.ChannelBind)]
    public void What_has_not_run_out_is_asked_for_again_after_a_timeout(int from, TurnRequest request)
    {
        var world = new TurnWorld(new TurnClientPolicy { Lifetime = TimeSpan.FromHours(1) }).Allocate();
        world.Client.Bind(world.Now, world.Peer.Address);
        world.World.When(d => d.Local == TurnWorld.ClientAddress && world.Now > Instant.Start + TimeSpan.FromSeconds(from) && world.Now < Instant.Start + TimeSpan.FromSeconds(from + 48),
            Disposition.Drop);
        world.Run(from + 120);
        Assert.Contains(new TurnEvent.TriesAgain(request, 0, "after a timeout"), world.Events);
        Assert.DoesNotContain(world.Events, e => e is TurnEvent.Failed or TurnEvent.Ended);
        world.Peer.Say(world.Relayed, "hi");
        world.Run();
        Assert.Equal("hi from 7000 on 4000", world.HeardByClient);
    }

    [Fact]
    public void A_response_that_is_not_authentic_changes_nothing()
    {
        var world = new TurnWorld();
        world.World.Alter(Packets.Of<StunMessage>(m => m is { Method: StunMethod.Allocate, Class: StunClass.SuccessResponse }), bytes => { bytes[24] ^= 1; return bytes; });
        world.Allocate(60);
        Assert.Contains(world.Events, e => e is TurnEvent.Discarded { Discard.Reason: DiscardReason.Unauthenticated or DiscardReason.BadChecksum });
        Assert.Empty(world.Client.Relayed);
        Assert.Single(world.Events.OfType<TurnEvent.Failed>());
    }
}
