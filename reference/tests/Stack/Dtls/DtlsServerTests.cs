using System.Text;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>RFC 6347 section 4.2.8: a client that comes again from the same addresses, and others who say that they do.</summary>
public class DtlsServerTests
{
    /// <summary>A place where one client after the other lives.</summary>
    private sealed class Place : IWorldNode
    {
        public DtlsNode? Tenant { get; set; }
        public Instant NextDeadline => Tenant?.NextDeadline ?? Instant.Never;
        public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) => Tenant?.Receive(now, local, remote, datagram);
        public void Advance(Instant now) => Tenant?.Advance(now);

        public bool TryTake(out Datagram datagram)
        {
            datagram = default;
            return Tenant is { } tenant && tenant.TryTake(out datagram);
        }
    }

    private sealed class Town
    {
        private readonly Place _place = new();
        private readonly DtlsNode _serverNode;
        private readonly List<DtlsEvent> _events = [];
        private int _clients;

        public Town(ulong seed = 1, DtlsPolicy? server = null, LinkPolicy? link = null)
        {
            World = new World(seed);
            World.SetDefaultLink(link ?? DtlsPair.Good);
            Server = new DtlsServer(server ?? new DtlsPolicy(), World.Entropy.Fork("server"), DtlsPair.ServerCertificate, [1]);
            Server.SetPeerFingerprints(World.Now, [DtlsPair.ClientCertificate.Fingerprint]);
            _serverNode = new DtlsNode(Server, DtlsPair.ServerAddress, DtlsPair.ClientAddress);
            World.AddHost("client", _place, DtlsPair.ClientAddress);
            World.AddHost("server", _serverNode, DtlsPair.ServerAddress);
            World.AddHost("attacker", Attacker, TransportAddress.Parse("10.0.0.66:6"));
        }

        public World World { get; }
        public DtlsServer Server { get; }
        public DtlsEndpoint Client { get; private set; } = null!;
        public OffPathAttacker Attacker { get; } = new();

        public List<DtlsEvent> Events
        {
            get
            {
                while (_serverNode.TryTakeEvent(out var happened)) _events.Add(happened);
                return _events;
            }
        }

        public string Story => string.Join(", ", Events.Select(e => e switch
        {
            DtlsEvent.Connected => "connected", DtlsEvent.Closed closed => closed.Cause.ToString(), DtlsEvent.Discarded { Discard.Rule: "RFC6347:4.2.8" } => "refused", _ => "",
        }).Where(e => e.Length > 0));

        /// <summary>Whoever lived there is gone without a word; another has come, and begins.</summary>
        public Town Reboot(LocalCertificate? certificate = null)
        {
            Client = new DtlsEndpoint(DtlsRole.Client, new DtlsPolicy(), World.Entropy.Fork($"client {_clients++}"), certificate ?? DtlsPair.ClientCertificate);
            Client.SetPeerFingerprints(World.Now, [DtlsPair.ServerCertificate.Fingerprint]);
            _place.Tenant = new DtlsNode(Client, DtlsPair.ClientAddress, DtlsPair.ServerAddress);
            Client.Start(World.Now);
            return this;
        }

        public Town Connect()
        {
            Assert.True(World.RunUntil(() => Client.IsConnected && Server.Current.IsConnected && !Server.IsBeingReplaced, TimeSpan.FromMinutes(5)), Story);
            World.RunFor(TimeSpan.FromSeconds(1));
            Echo("hello");
            return this;
        }

        /// <summary>Both directions.</summary>
        public void Echo(string text)
        {
            Assert.True(Client.Send(World.Now, Encoding.UTF8.GetBytes(text)));
            Assert.True(World.RunUntil(() => _serverNode.TryTakeData(out var heard) && Encoding.UTF8.GetString(heard) == text, TimeSpan.FromSeconds(1)), Story);
            Assert.True(Server.Send(World.Now, Encoding.UTF8.GetBytes(text)));
            Assert.True(World.RunUntil(() => _place.Tenant!.TryTakeData(out var heard) && Encoding.UTF8.GetString(heard) == text, TimeSpan.FromSeconds(1)), Story);
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.2)]
    [InlineData(3, 0.2)]
    public void A_client_that_has_lost_its_memory_gets_a_new_association(ulong seed, double loss)
    {
        var town = new Town(seed).Reboot().Connect();
        var first = town.Server.Current.Session!;
        for (var i = 0; i < 3; i++)
        {
            town.World.SetDefaultLink(DtlsPair.Good with { Loss = loss });
            town.World.SetLink("client", "server", DtlsPair.Good with { Loss = loss });
            town.World.SetLink("server", "client", DtlsPair.Good with { Loss = loss });
            town.Reboot();
            Assert.True(town.World.RunUntil(() => town.Client.IsConnected && town.Server.Current.Session != first && town.Server.Current.IsConnected, TimeSpan.FromMinutes(5)), town.Story);
            town.World.SetLink("client", "server", DtlsPair.Good);
            town.World.SetLink("server", "client", DtlsPair.Good);
            town.World.RunFor(TimeSpan.FromSeconds(1));
            town.Echo($"again {i}");
            first = town.Server.Current.Session!;
        }
        Assert.Equal("connected, Replaced, connected, Replaced, connected, Replaced, connected", town.Story);
    }

    /// <summary>Without having seen a cookie nobody gets further than a HelloVerifyRequest, which goes to somebody else.</summary>
    [Fact]
    public void Whoever_forges_a_ClientHello_destroys_nothing()
    {
        var town = new Town();
        byte[]? hello = null;
        town.World.Observer = e => { if (hello is null && e.Fate == Fate.Sent && e.Datagram.Local == DtlsPair.ClientAddress) hello = e.Datagram.Bytes.ToArray(); };
        town.Reboot().Connect();
        var session = town.Server.Current.Session;

        var answers = new List<int>();
        town.World.Observer = e => { if (e.Fate == Fate.Sent && e.Datagram.Local == DtlsPair.ServerAddress) answers.Add(e.Datagram.Bytes.Length); };
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var forged = (byte[])hello!.Clone();
            for (var change = i == 0 ? 0 : 1 + random.Next(3); change > 0; change--) forged[random.Next(13, forged.Length)] ^= (byte)(1 << random.Next(8));
            town.Attacker.Spoof(DtlsPair.ClientAddress, DtlsPair.ServerAddress, forged);
            // What would end a handshake that is under way.
            town.Attacker.Spoof(DtlsPair.ClientAddress, DtlsPair.ServerAddress, [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, (byte)i, 0, 2, 2, 40]);
            town.World.RunFor(TimeSpan.FromMilliseconds(50));
            Assert.False(town.Server.IsBeingReplaced);
            Assert.InRange(town.Server.HeldBytes, 0, hello.Length * 20);
        }
        Assert.NotEmpty(answers);
        Assert.All(answers, bytes => Assert.InRange(bytes, 1, 100)); // less than what was sent
        Assert.Same(session, town.Server.Current.Session);
        town.Echo("still here");
        Assert.Equal("connected", town.Story);
        // And whoever is really there gets through.
        town.Reboot().Connect();
        Assert.Equal("connected, Replaced, connected", town.Story);
    }

    /// <summary>Reachable is not enough: who shows another certificate than signalling has said is refused, and the association stays.</summary>
    [Fact]
    public void A_stranger_at_the_same_address_replaces_nobody()
    {
        var town = new Town().Reboot().Connect();
        var (old, session) = (town.Client, town.Server.Current.Session);
        town.Reboot(LocalCertificate.Generate(new Entropy(99)));
        Assert.True(town.World.RunUntil(() => town.Client.IsClosed, TimeSpan.FromMinutes(5)));
        Assert.Equal("connected, refused", town.Story);
        Assert.Same(session, town.Server.Current.Session);
        Assert.True(town.Server.Current.IsConnected);
        town.Reboot().Connect();
        Assert.Equal("connected, refused, Replaced, connected", town.Story);
        Assert.NotNull(old);
    }

    /// <summary>The association works while the handshake beside it does not come to an end, and that is given up in time.</summary>
    [Fact]
    public void A_handshake_that_stops_half_way_leaves_the_association_alone()
    {
        var town = new Town().Reboot().Connect();
        var (live, session) = (town.Client, town.Server.Current.Session);
        town.Reboot();
        Assert.True(town.World.RunUntil(() => town.Server.IsBeingReplaced, TimeSpan.FromSeconds(10)));
        var old = new DtlsNode(live, DtlsPair.ClientAddress, DtlsPair.ServerAddress);
        Assert.True(live.Send(town.World.Now, "from the old association"u8));
        Assert.True(old.TryTake(out var datagram));
        town.World.SetLink("client", "server", DtlsPair.Good with { Loss = 1 });
        town.Server.Receive(town.World.Now, datagram.Bytes.Span);
        Assert.True(town.Server.TryTake(out var output));
        Assert.Equal((DtlsOutputKind.ApplicationData, "from the old association"), (output.Kind, Encoding.UTF8.GetString(output.Bytes.Span)));
        Assert.True(town.World.RunUntil(() => !town.Server.IsBeingReplaced, TimeSpan.FromMinutes(10)));
        Assert.Same(session, town.Server.Current.Session);
        Assert.Equal("connected, refused", town.Story);
        town.World.SetLink("client", "server", DtlsPair.Good);
        town.Reboot().Connect();
    }

    [Fact]
    public void After_a_peaceful_end_a_client_may_come_again()
    {
        var town = new Town().Reboot().Connect();
        town.Client.Close(town.World.Now);
        town.World.RunFor(TimeSpan.FromSeconds(1));
        town.Reboot().Connect();
        Assert.Equal("connected, Remote, connected", town.Story);
    }
}
