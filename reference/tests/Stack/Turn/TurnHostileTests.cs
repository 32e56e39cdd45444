using FsCheck.Xunit;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Turn;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Stack.Turn;

/// <summary>Any bytes at any state: no exception, and the honest session goes on.</summary>
public class TurnHostileTests
{
    /// <summary>How far the session is when the bytes come.</summary>
    private static TurnWorld At(int stage)
    {
        var world = new TurnWorld();
        if (stage >= 1) world.Client.Allocate(world.Now);
        if (stage >= 2) world.Run();
        if (stage >= 3) world.Client.Bind(world.Now, world.Peer.Address);
        if (stage >= 4) world.Run();
        if (stage >= 5) world.Client.Close(world.Now);
        return world;
    }

    private static void Throw(TurnWorld world, ReadOnlySpan<byte> bytes)
    {
        world.Client.Receive(world.Now, TurnWorld.ClientAddress, TurnWorld.ServerAddress, bytes);
        world.Client.Receive(world.Now, TurnWorld.ServerAddress, default, bytes);
        world.Server.Server.Receive(world.Now, TurnWorld.ServerAddress, TurnWorld.ClientAddress, bytes);
        world.Server.Server.Receive(world.Now, TurnWorld.ServerAddress, default, bytes);
        world.Server.Server.Receive(world.Now, default, TurnWorld.ClientAddress, bytes);
        if (world.Client.Relayed.Count > 0) world.Server.Server.Receive(world.Now, world.Relayed, world.Peer.Address, bytes);
    }

    [Property(MaxTest = 200)]
    public void Any_bytes_at_any_state_do_no_harm(byte[] noise, byte stage, bool asChannel)
    {
        var world = At(stage % 6);
        if (noise.Length > 0) noise[0] = asChannel ? (byte)0x40 : (byte)(noise[0] & 3);
        Throw(world, noise);
        world.Run(60);
    }

    /// <summary>Every datagram of a session, damaged in one byte, comes twice more, at every point of the session.</summary>
    [Fact]
    public void Damaged_messages_of_the_session_itself_do_no_harm()
    {
        var recorded = new List<byte[]>();
        var model = new TurnWorld();
        model.World.Observer = e => { if (e.Fate == Fate.Sent) recorded.Add(e.Datagram.Bytes.ToArray()); };
        model.Allocate();
        model.Client.Bind(model.Now, model.Peer.Address);
        model.Run();
        model.SendTo(model.Peer, "hello");
        model.SendTo(model.Sibling, "hello");
        model.Sibling.Say(model.Relayed, "hi");
        model.Run();
        model.Client.Close(model.Now);
        model.Run();
        Assert.True(recorded.Count > 12, $"{recorded.Count}");

        var entropy = new Entropy(3);
        for (var stage = 0; stage < 6; stage++)
        {
            var world = At(stage);
            foreach (var datagram in recorded)
            {
                for (var i = 0; i < 40; i++)
                {
                    var damaged = datagram.ToArray();
                    damaged[(int)entropy.UniformBelow((ulong)damaged.Length)] ^= (byte)(1 << (int)entropy.UniformBelow(8));
                    Throw(world, damaged);
                    Throw(world, damaged.AsSpan(0, (int)entropy.UniformBelow((ulong)damaged.Length)));
                }
            }
            world.Run(60);
        }
    }

    /// <summary>RFC 8656 section 21.1: somebody off the path, who knows every address, sends in the names of client and server.</summary>
    [Fact]
    public void An_attacker_off_the_path_changes_nothing()
    {
        var world = new TurnWorld().Allocate();
        var attacker = new OffPathAttacker();
        world.World.AddHost("attacker", attacker, TransportAddress.Parse("10.6.6.6:0"));
        world.Permit(world.Peer);
        StunMessage Message(StunMethod method, StunClass @class) => new() { Method = method, Class = @class, TransactionId = new byte[12], Attributes = [] };
        foreach (var method in new[] { StunMethod.Refresh, StunMethod.Allocate, StunMethod.ChannelBind, StunMethod.CreatePermission })
        {
            attacker.Spoof(TurnWorld.ClientAddress, TurnWorld.ServerAddress, Message(method, StunClass.Request).ToArray());
            attacker.Spoof(TurnWorld.ServerAddress, TurnWorld.ClientAddress, Message(method, StunClass.ErrorResponse).ToArray());
        }
        world.Run();
        world.SendTo(world.Peer, "hello");
        Assert.Single(world.Peer.Heard);
        Assert.Empty(attacker.Heard);
        Assert.Equal("401 401 401 401 401", world.Rejections);
        Assert.Equal(TurnClientState.Allocated, world.Client.State);
    }

    [Fact]
    public void A_datagram_that_is_too_large_to_be_relayed_is_discarded()
    {
        var world = new TurnWorld().Allocate();
        world.Permit(world.Peer);
        world.Server.Server.Receive(world.Now, world.Relayed, world.Peer.Address, new byte[65_507]);
        world.Client.Send(world.Now, world.Peer.Address, new byte[65_507]);
        world.Run();
        Assert.Equal("RFC8656:11.3", world.ServerDiscards);
        Assert.Contains(world.Events, e => e is TurnEvent.Discarded { Discard.Rule: "RFC8656:11.1" });
        world.Client.Send(world.Now, world.Peer.Address, new byte[65_456]);
        world.Server.Server.Receive(world.Now, world.Relayed, world.Peer.Address, new byte[65_456]);
        world.Run();
        Assert.Single(world.Peer.Heard);
        Assert.Equal(65_456, world.Events.OfType<TurnEvent.Received>().Single().Data.Length);
    }
}
