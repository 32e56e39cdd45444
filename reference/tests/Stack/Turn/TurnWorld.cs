using System.Text;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Stack.Turn;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Reference.Tests.Stack.Turn;

/// <summary>A peer: writes down what it hears and from whom, and says what it is told to.</summary>
internal sealed class Listener(TransportAddress local) : IWorldNode
{
    private readonly Outbox<Datagram> _outbox = new();

    public List<(TransportAddress From, string Text)> Heard { get; } = [];

    public TransportAddress Address => local;

    public Instant NextDeadline => Instant.Never;

    public void Receive(Instant now, TransportAddress at, TransportAddress remote, ReadOnlySpan<byte> datagram) => Heard.Add((remote, Encoding.UTF8.GetString(datagram)));

    public void Advance(Instant now)
    {
    }

    public void Say(TransportAddress to, string text) => _outbox.Add(new Datagram(local, to, Encoding.UTF8.GetBytes(text)));

    public bool TryTake(out Datagram datagram) => _outbox.TryTake(out datagram);
}

/// <summary>A client, a server and two peers at one IP address and one at another, in a world.</summary>
internal sealed class TurnWorld
{
    public static readonly TransportAddress ClientAddress = TransportAddress.Parse("10.0.0.1:5000"), SecondAddress = TransportAddress.Parse("10.0.0.1:5001"),
        ThirdAddress = TransportAddress.Parse("10.0.0.1:5002"), ServerAddress = TransportAddress.Parse("10.0.0.9:3478");

    public static readonly TurnServerPolicy ServerPolicy = new()
    {
        Relays = [new(TransportAddress.Parse("10.0.0.9:49152"), 16_384), new(TransportAddress.Parse("[2001:db8::9]:49152"), 16_384)],
    };

    private static readonly Dictionary<string, string> Users = new() { ["alice"] = "secret of alice", ["bob"] = "secret of bob" };

    private readonly List<TurnEvent> _clientEvents = [], _serverEvents = [];

    public TurnWorld(TurnClientPolicy? client = null, TurnServerPolicy? server = null, QuirkSet<TurnQuirk> quirks = default, string user = "alice", string? password = null,
        ulong seed = 1, LinkPolicy? link = null)
    {
        World = new World(seed);
        World.SetDefaultLink(link ?? new LinkPolicy { Delay = TimeSpan.FromMilliseconds(10) });
        Server = new TurnServerNode(new TurnServer(server ?? ServerPolicy, World.Entropy.Fork("server"), Users, [ServerAddress], quirks));
        ClientNode = new TurnClientNode(new TurnClient(client ?? new TurnClientPolicy(), World.Entropy.Fork("client"),
            [ClientAddress, SecondAddress, ThirdAddress], ServerAddress, user, password ?? $"secret of {user}", quirks));
        World.AddHost("server", Server, TransportAddress.Parse("10.0.0.9:0"), TransportAddress.Parse("[2001:db8::9]:0"));
        World.AddHost("client", ClientNode, TransportAddress.Parse("10.0.0.1:0"));
        World.AddHost("peer", Peer, Peer.Address);
        World.AddHost("sibling", Sibling, Sibling.Address);
        World.AddHost("stranger", Stranger, Stranger.Address);
        World.AddHost("peer6", Peer6, Peer6.Address);
    }

    public World World { get; }
    public TurnServerNode Server { get; }
    public TurnClientNode ClientNode { get; }
    public TurnClient Client => ClientNode.Client;
    public Listener Peer { get; } = new(TransportAddress.Parse("10.0.0.2:7000"));

    /// <summary>At the peer's IP address, on another port.</summary>
    public Listener Sibling { get; } = new(TransportAddress.Parse("10.0.0.2:7001"));

    public Listener Stranger { get; } = new(TransportAddress.Parse("10.0.0.3:7000"));

    public Listener Peer6 { get; } = new(TransportAddress.Parse("[2001:db8::2]:7000"));

    public Instant Now => World.Now;

    public TransportAddress Relayed => Client.Relayed[0];

    /// <summary>All that the client has said so far that is not a datagram.</summary>
    public List<TurnEvent> Events
    {
        get
        {
            while (ClientNode.TryTakeEvent(out var output)) _clientEvents.Add(output);
            return _clientEvents;
        }
    }

    public List<TurnEvent> ServerEvents
    {
        get
        {
            while (Server.TryTakeEvent(out var output)) _serverEvents.Add(output);
            return _serverEvents;
        }
    }

    /// <summary>The texts that reached the client, with their senders' ports and how they came.</summary>
    public string HeardByClient => string.Join(", ", Events.OfType<TurnEvent.Received>()
        .Select(r => $"{Encoding.UTF8.GetString(r.Data.Span)} from {r.Peer.Port}{(r.Channel == 0 ? "" : $" on {r.Channel:x}")}"));

    public void Run(double seconds = 1) => World.RunFor(TimeSpan.FromSeconds(seconds));

    public TurnWorld Allocate(double seconds = 1)
    {
        Client.Allocate(Now);
        Run(seconds);
        return this;
    }

    public TurnWorld Permit(Listener peer)
    {
        Assert.True(Client.Permit(Now, peer.Address));
        Run();
        return this;
    }

    public void SendTo(Listener peer, string text)
    {
        Client.Send(Now, peer.Address, Encoding.UTF8.GetBytes(text));
        Run();
    }

    /// <summary>The discards of the server, by rule.</summary>
    public string ServerDiscards => string.Join(" ", ServerEvents.OfType<TurnEvent.Discarded>().Select(d => d.Discard.Rule));

    public string Rejections => string.Join(" ", ServerEvents.OfType<TurnEvent.Rejected>().Select(r => r.ErrorCode));

    public TurnEvent.Failed Failure => Assert.Single(Events.OfType<TurnEvent.Failed>());
}

/// <summary>A client made by hand: requests of any form, authenticated or not, from any address.</summary>
internal sealed class ManualClient(TurnWorld world, string? user = "alice", string? from = null)
{
    private readonly List<byte[]> _answers = [];
    private StunLongTermClient _longTerm = new(user ?? "nobody", $"secret of {user}");
    private uint _id;

    public TransportAddress Address { get; } = TransportAddress.Parse(from ?? "10.0.0.4:6000");

    /// <summary>Send and authenticate; "success", "error 437" or "silence".</summary>
    public string Ask(StunMethod method, params StunAttribute[] attributes) => Describe(Exchange(method, attributes));

    public byte[]? Exchange(StunMethod method, params StunAttribute[] attributes)
    {
        var plain = new StunMessage { Method = method, Class = StunClass.Request, TransactionId = new TransactionId(9, ++_id).ToArray(), Attributes = [.. attributes] };
        if (user is null) return Raw(StunSealer.Protect(plain.ToArray(), new StunSeal(StunIntegrityAlgorithms.None, default, true)));
        var request = _longTerm.Begin(plain);
        while (true)
        {
            LastRequest = StunSealer.Protect(request.Message.ToArray(), request.Seal);
            if (Raw(LastRequest) is not { } answer) return null;
            Assert.True(StunReading.TryRead(answer, WebRtcConformance.Stack.QuirkSet.None, out var reading, out _));
            switch (_longTerm.Receive(request, reading, new TransactionId(9, ++_id), out var next))
            {
                case LongTermReaction.Retry:
                    request = next!;
                    break;
                case LongTermReaction.Discard:
                    return null;
                default:
                    return answer;
            }
        }
    }

    public byte[] LastRequest { get; private set; } = [];

    /// <summary>Become another user, on the same 5-tuple.</summary>
    public void Become(string name)
    {
        user = name;
        _longTerm = new StunLongTermClient(name, $"secret of {name}");
    }

    public void Indicate(params StunAttribute[] attributes) =>
        Raw(new StunMessage { Method = StunMethod.Send, Class = StunClass.Indication, TransactionId = new TransactionId(9, ++_id).ToArray(), Attributes = [.. attributes] }.ToArray());

    /// <summary>The server's answer to a datagram, within a second.</summary>
    public byte[]? Raw(byte[] datagram)
    {
        _answers.Clear();
        var before = world.World.Observer;
        world.World.Observer = Watch;
        world.World.Inject(new Datagram(Address, TurnWorld.ServerAddress, datagram));
        world.Run();
        world.World.Observer = before;
        return _answers.FirstOrDefault();
    }

    private void Watch(WorldEvent happened)
    {
        if (happened.Fate == Fate.Sent && happened.Datagram.Remote == Address) _answers.Add(happened.Datagram.Bytes.ToArray());
    }

    public static string Describe(byte[]? answer)
    {
        if (answer is null) return "silence";
        Assert.True(StunReading.TryRead(answer, WebRtcConformance.Stack.QuirkSet.None, out var reading, out _));
        if (reading.Message.Class == StunClass.SuccessResponse) return "success";
        Assert.True(reading.TryFind(StunAttributeType.ErrorCode, out var attribute) && attribute.TryGet(out ErrorCode.View error));
        attribute.TryGet(out error);
        return $"error {error.Class * 100 + error.Number}";
    }
}
