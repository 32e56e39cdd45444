using WebRtcConformance.Simulation;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Dtls12;

namespace WebRtcConformance.Reference.Tests.Stack.Dtls;

/// <summary>A client and a server in a world.</summary>
internal sealed class DtlsPair
{
    public static readonly TransportAddress ClientAddress = TransportAddress.Parse("10.0.0.1:1"), ServerAddress = TransportAddress.Parse("10.0.0.2:2");

    public static readonly LocalCertificate ClientCertificate = LocalCertificate.Generate(new Entropy(1)),
        ServerCertificate = LocalCertificate.Generate(new Entropy(2));

    /// <summary>Datagrams take 20 ms.</summary>
    public static readonly LinkPolicy Good = new() { Delay = TimeSpan.FromMilliseconds(20) };

    public static readonly TimeSpan Long = TimeSpan.FromMinutes(30);

    public DtlsPair(ulong seed = 1, LinkPolicy? link = null, DtlsPolicy? client = null, DtlsPolicy? server = null, QuirkSet<DtlsQuirk> clientQuirks = default,
        QuirkSet<DtlsQuirk> serverQuirks = default,
        bool knowEachOther = true)
    {
        World = new World(seed);
        World.SetDefaultLink(link ?? Good);
        Client = new Side(new DtlsEndpoint(DtlsRole.Client, client ?? new DtlsPolicy(), World.Entropy.Fork("client"), ClientCertificate,
            clientQuirks), ClientAddress, ServerAddress);
        Server = new Side(new DtlsEndpoint(DtlsRole.Server, server ?? new DtlsPolicy(), World.Entropy.Fork("server"), ServerCertificate,
            serverQuirks), ServerAddress, ClientAddress);
        World.AddHost("client", Client.Node, ClientAddress);
        World.AddHost("server", Server.Node, ServerAddress);
        if (!knowEachOther) return;
        Client.Endpoint.SetPeerFingerprints(World.Now, [ServerCertificate.Fingerprint]);
        Server.Endpoint.SetPeerFingerprints(World.Now, [ClientCertificate.Fingerprint]);
    }

    public World World { get; }
    public Side Client { get; }
    public Side Server { get; }

    public bool AreConnected => Client.Endpoint.IsConnected && Server.Endpoint.IsConnected;

    /// <summary>Start the client and run until both are connected, or one of them has ended.</summary>
    public bool Connect(TimeSpan? within = null)
    {
        Client.Endpoint.Start(World.Now);
        World.RunUntil(() => AreConnected || Client.Endpoint.IsClosed || Server.Endpoint.IsClosed, within ?? Long);
        return AreConnected;
    }

    /// <summary>One side says something; what the other side gets within a second, as text.</summary>
    public string Say(Side from, string text)
    {
        var to = from == Client ? Server : Client;
        Assert.True(from.Endpoint.Send(World.Now, System.Text.Encoding.UTF8.GetBytes(text)));
        World.RunFor(TimeSpan.FromSeconds(1));
        return string.Join("|", to.TakeData().Select(System.Text.Encoding.UTF8.GetString));
    }

    /// <summary>What became of both, for messages of failed assertions.</summary>
    public override string ToString() =>
        $"seed {World.Seed}, at {World.Now}\nclient: {string.Join("; ", Client.Events)}\nserver: {string.Join("; ", Server.Events)}";

    internal sealed class Side(DtlsEndpoint endpoint, TransportAddress local, TransportAddress remote)
    {
        private readonly List<DtlsEvent> _events = [];

        public DtlsEndpoint Endpoint => endpoint;
        public DtlsNode Node { get; } = new(endpoint, local, remote);

        /// <summary>All events so far.</summary>
        public IReadOnlyList<DtlsEvent> Events
        {
            get
            {
                while (Node.TryTakeEvent(out var happened)) _events.Add(happened);
                return _events;
            }
        }

        public DtlsEvent.Closed? End => Events.OfType<DtlsEvent.Closed>().SingleOrDefault();

        public string Keys => Events.OfType<DtlsEvent.KeyLogged>().Single().Line;

        public IEnumerable<Discard> Discards => Events.OfType<DtlsEvent.Discarded>().Select(d => d.Discard);

        /// <summary>Change what this side says; null: say nothing instead.</summary>
        public void Tamper<T>(Func<T, Handshake?> change) where T : Handshake => Endpoint.Funnels.Composed.Add((Instant _, ref Handshake message) =>
        {
            if (message is not T typed) return Disposition.Pass;
            if (change(typed) is not { } changed) return Disposition.Drop;
            message = changed;
            return Disposition.Pass;
        });

        public List<byte[]> TakeData()
        {
            var all = new List<byte[]>();
            while (Node.TryTakeData(out var data)) all.Add(data);
            return all;
        }
    }
}
