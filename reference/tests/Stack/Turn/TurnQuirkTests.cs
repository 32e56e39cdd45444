using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Stack.Turn;
using WebRtcConformance.Wire.Stun;
using WebRtcConformance.Wire.Turn;
using Row = WebRtcConformance.Reference.Tests.Stack.QuirkDialogue<WebRtcConformance.Stack.Turn.TurnQuirk, WebRtcConformance.Stack.QuirkSet<WebRtcConformance.Stack.Turn.TurnQuirk>>;

namespace WebRtcConformance.Reference.Tests.Stack.Turn;

/// <summary>Each quirk shows: one dialogue, what the clean machine does in it, and what it does with the quirk.</summary>
public class TurnQuirkTests
{
    private static readonly List<Row> Rows = [.. RequestRows(), .. RelayingRows(), .. ClientRows()];

    public static TheoryData<TurnQuirk> AllQuirks => [.. Enum.GetValues<TurnQuirk>()];

    [Theory]
    [MemberData(nameof(AllQuirks))]
    public void A_quirk_breaks_its_rule_and_the_clean_machine_keeps_it(TurnQuirk quirk)
    {
        QuirkDialogue.Shows(Rows, quirk, QuirkSet<TurnQuirk>.None, QuirkSet<TurnQuirk>.Of(quirk));
    }

    [Fact]
    public void Every_quirk_is_documented_and_has_a_bit_of_its_own() => QuirkDialogue.RegistryIsSound<TurnQuirk>("^RFC[0-9]+:[0-9.]+$");

    private static readonly StunAttribute Udp = new RequestedTransport { Protocol = ProtocolNumber.Udp };
    private static readonly StunAttribute Peer = new XorPeerAddress { Port = 7000, Address = new byte[] { 10, 0, 0, 2 } };
    private static readonly StunAttribute Stranger = new XorPeerAddress { Port = 7000, Address = new byte[] { 10, 0, 0, 3 } };

    private static StunAttribute Channel(ushort number) => new ChannelNumber { Number = number };

    private static (TurnWorld World, ManualClient Client) Manual(QuirkSet<TurnQuirk> quirks, bool allocates = true, TurnServerPolicy? policy = null)
    {
        var world = new TurnWorld(server: policy, quirks: quirks);
        var client = new ManualClient(world);
        if (allocates) client.Ask(StunMethod.Allocate, Udp);
        return (world, client);
    }

    /// <summary>What the last of some requests is answered with.</summary>
    private static Row Asks(TurnQuirk quirk, Func<TurnWorld, ManualClient, string> dialogue, string clean, string broken, bool allocates = true) =>
        new(quirk, q => { var (world, client) = Manual(q, allocates); return dialogue(world, client); }, clean, broken);

    /// <summary>A client with an allocation, and what becomes of it.</summary>
    private static Row Lives(TurnQuirk quirk, Func<TurnWorld, string> dialogue, string clean, string broken) =>
        new(quirk, q => dialogue(new TurnWorld(quirks: q).Allocate()), clean, broken);

    private static string Types(byte[]? answer)
    {
        Assert.True(StunReading.TryRead(answer, default, out var reading, out _));
        return string.Join(" ", reading.TypesWhere(t => (ushort)t is 0x0016 or 0x0020).Select(t => $"{(ushort)t:x4}"));
    }

    private static uint LifetimeIn(byte[]? answer)
    {
        Assert.True(StunReading.TryRead(answer, default, out var reading, out _));
        Assert.True(reading.TryFind(StunAttributeType.Lifetime, out var attribute));
        return attribute.TryGet(out Lifetime.View lifetime) ? lifetime.Seconds : 0;
    }

    private static IEnumerable<Row> RequestRows()
    {
        yield return new(TurnQuirk.ServesAnybody, q => new ManualClient(new TurnWorld(quirks: q), user: null).Ask(StunMethod.Allocate, Udp), "error 401", "success");
        yield return new(TurnQuirk.AcceptsStaleNonces, q =>
        {
            var (world, client) = Manual(q);
            client.Ask(StunMethod.Refresh, new Lifetime { Seconds = 3600 });
            world.Run(3500);
            client.Ask(StunMethod.Refresh, new Lifetime { Seconds = 3600 });
            world.Run(200);
            client.Ask(StunMethod.Refresh);
            return world.Rejections;
        }, "401 438", "401");
        yield return Asks(TurnQuirk.AcceptsOtherUsers, (_, c) => { c.Become("bob"); return c.Ask(StunMethod.Refresh); }, "error 441", "success");
        yield return Asks(TurnQuirk.IgnoresMissingAllocation, (_, c) => c.Ask(StunMethod.CreatePermission, Peer), "error 437", "success", allocates: false);
        yield return Asks(TurnQuirk.ReplacesAllocation, (_, c) => c.Ask(StunMethod.Allocate, Udp), "error 437", "success");
        yield return Asks(TurnQuirk.ForgetsAllocateTransaction, (_, c) => ManualClient.Describe(c.Raw(c.LastRequest)), "success", "error 437");
        yield return Asks(TurnQuirk.AllocatesWithoutTransport, (_, c) => c.Ask(StunMethod.Allocate), "error 400", "success", allocates: false);
        yield return Asks(TurnQuirk.AllocatesAnyTransport, (_, c) => c.Ask(StunMethod.Allocate, new RequestedTransport { Protocol = (ProtocolNumber)6 }),
            "error 442", "success", allocates: false);
        yield return Asks(TurnQuirk.GrantsAnyLifetime, (_, c) => $"{LifetimeIn(c.Exchange(StunMethod.Refresh, new Lifetime { Seconds = 86_400 }))}", "3600", "86400");
        yield return Asks(TurnQuirk.OmitsRelayedAddress, (_, c) => Types(c.Exchange(StunMethod.Allocate, Udp)), "0016 0020", "0020", allocates: false);
        yield return Asks(TurnQuirk.OmitsMappedAddress, (_, c) => Types(c.Exchange(StunMethod.Allocate, Udp)), "0016 0020", "0016", allocates: false);
        yield return new(TurnQuirk.IgnoresEvenPort, q =>
        {
            var world = new TurnWorld(quirks: q);
            for (var i = 0; i < 16; i++) new ManualClient(world, from: $"10.0.0.4:{6000 + i}").Ask(StunMethod.Allocate, Udp, new EvenPort());
            return world.ServerEvents.OfType<TurnEvent.AllocationCreated>().All(a => a.Relayed[0].Port % 2 == 0) ? "even" : "any";
        }, "even", "any");
        yield return Asks(TurnQuirk.KeepsDeletedAllocation, (_, c) => { c.Ask(StunMethod.Refresh, new Lifetime { Seconds = 0 }); return c.Ask(StunMethod.Refresh); }, "error 437", "success");
        yield return Asks(TurnQuirk.NeverExpiresAllocations, (w, c) => { w.Run(700); return c.Ask(StunMethod.Refresh); }, "error 437", "success");
        yield return Asks(TurnQuirk.NeverExpiresPermissions, (w, c) =>
        {
            c.Ask(StunMethod.CreatePermission, Peer);
            w.Run(301);
            c.Indicate(Peer, new DataAttribute { ApplicationData = "late"u8 });
            return $"{w.Peer.Heard.Count}";
        }, "0", "1");
        yield return Asks(TurnQuirk.IgnoresPeerFamily, (_, c) => c.Ask(StunMethod.CreatePermission, new XorPeerAddress { Port = 1, Address = new byte[16] }), "error 443", "success");
        yield return Asks(TurnQuirk.BindsReservedNumbers, (_, c) => c.Ask(StunMethod.ChannelBind, Channel(0x5000), Peer), "error 400", "success");
        yield return Asks(TurnQuirk.RebindsChannels, (_, c) => { c.Ask(StunMethod.ChannelBind, Channel(0x4000), Peer); return c.Ask(StunMethod.ChannelBind, Channel(0x4000), Stranger); },
            "error 400", "success");
    }

    private static IEnumerable<Row> RelayingRows()
    {
        static StunAttribute Data(ReadOnlySpan<byte> data) => new DataAttribute { ApplicationData = data };
        static string Relayed(TurnWorld world, Listener from, TransportAddress? to = null)
        {
            var count = 0;
            world.World.Observer += e => { if (e.Fate == Fate.Sent && e.Datagram.Local == TurnWorld.ServerAddress) count++; };
            from.Say(to ?? world.ServerEvents.OfType<TurnEvent.AllocationCreated>().Single().Relayed[0], "hi");
            world.Run();
            return count == 0 ? "dropped" : "relayed";
        }
        yield return Asks(TurnQuirk.RelaysFromAnybody, (w, _) => Relayed(w, w.Stranger), "dropped", "relayed");
        yield return Asks(TurnQuirk.ComparesPeerPort, (w, c) => { c.Ask(StunMethod.CreatePermission, Peer); return Relayed(w, w.Sibling); }, "relayed", "dropped");
        yield return Asks(TurnQuirk.RelaysToAnybody, (w, c) => { c.Indicate(Peer, Data("x"u8)); return $"{w.Peer.Heard.Count}"; }, "0", "1");
        yield return Asks(TurnQuirk.RefreshesPermissionOnSend, (w, c) =>
        {
            c.Ask(StunMethod.CreatePermission, Peer);
            w.Run(200);
            c.Indicate(Peer, Data("a"u8));
            w.Run(200);
            c.Indicate(Peer, Data("b"u8));
            return string.Concat(w.Peer.Heard.Select(h => h.Text));
        }, "a", "ab");
        yield return Lives(TurnQuirk.IgnoresChannelTowardsClient, w =>
        {
            w.Client.Bind(w.Now, w.Peer.Address);
            w.Run();
            w.Peer.Say(w.Relayed, "hi");
            w.Run();
            return w.HeardByClient;
        }, "hi from 7000 on 4000", "hi from 7000");
        yield return Asks(TurnQuirk.RefreshesChannelOnData, (w, c) =>
        {
            // Data in the ninth minute; in the eleventh the channel is free for another peer, unless the data has prolonged it.
            c.Ask(StunMethod.Refresh, new Lifetime { Seconds = 3600 });
            c.Ask(StunMethod.ChannelBind, Channel(0x4000), Peer);
            w.Run(540);
            c.Raw([0x40, 0, 0, 1, 65]);
            w.Run(120);
            return c.Ask(StunMethod.ChannelBind, Channel(0x4000), Stranger);
        }, "success", "error 400");
        yield return Asks(TurnQuirk.AnswersIndications, (_, c) => ManualClient.Describe(c.Raw(new StunMessage
        {
            Method = StunMethod.Send, Class = StunClass.Indication, TransactionId = new byte[12], Attributes = [Peer, Data("x"u8)],
        }.ToArray())), "silence", "error 400");
    }

    private static IEnumerable<Row> ClientRows()
    {
        yield return new(TurnQuirk.OmitsRequestedTransport, q => $"{new TurnWorld(quirks: q).Allocate().Client.State}", "Allocated", "Idle");
        yield return Lives(TurnQuirk.NeverRefreshes, w => { w.Run(700); return $"{w.Client.State}"; }, "Allocated", "Idle");
        yield return Lives(TurnQuirk.NeverRefreshesPermissions, w =>
        {
            w.Permit(w.Peer);
            w.Run(310);
            w.Peer.Say(w.Relayed, "hi");
            w.Run();
            return w.ServerDiscards;
        }, "", "RFC8656:9");
        yield return Lives(TurnQuirk.NeverRefreshesChannels, w =>
        {
            w.Client.Bind(w.Now, w.Peer.Address);
            w.Run(650);
            w.Peer.Say(w.Relayed, "hi");
            w.Run();
            return w.HeardByClient;
        }, "hi from 7000 on 4000", "hi from 7000");
        yield return Lives(TurnQuirk.SendsBeforePermission, w => { w.SendTo(w.Peer, "x"); return $"{w.Peer.Heard.Count} {w.ServerDiscards}"; }, "1 ", "0 RFC8656:11.2");
        yield return Lives(TurnQuirk.DeliversFromAnybody, w =>
        {
            // Somebody talks the server into a permission that the client never asked for.
            new ManualClient(w, from: "10.0.0.1:5000").Ask(StunMethod.CreatePermission, Stranger);
            w.Stranger.Say(w.Relayed, "hi");
            w.Run();
            return w.HeardByClient;
        }, "", "hi from 7000");
        yield return Lives(TurnQuirk.SharesOneChannel, w =>
        {
            w.Client.Bind(w.Now, w.Peer.Address);
            w.Client.Bind(w.Now, w.Stranger.Address);
            w.Run();
            return w.Rejections;
        }, "401", "401 400");
        yield return Lives(TurnQuirk.AcceptsDataFromElsewhere, w =>
        {
            w.Permit(w.Peer);
            w.World.Inject(new Datagram(w.Stranger.Address, TurnWorld.ClientAddress, new StunMessage
            {
                Method = StunMethod.Data, Class = StunClass.Indication, TransactionId = new byte[12], Attributes = [Peer, new DataAttribute { ApplicationData = "fake"u8 }],
            }.ToArray()));
            w.Run();
            return w.HeardByClient;
        }, "", "fake from 7000");
        yield return Lives(TurnQuirk.AbandonsAllocation, w => { w.Client.Close(w.Now); w.Run(); return $"{w.Server.Server.AllocationCount}"; }, "0", "1");
    }
}
