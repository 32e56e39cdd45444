using System.Text;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;
using WebRtcConformance.Stack.Turn;

namespace WebRtcConformance.Reference.Tests.Stack.Peer;

/// <summary>Two peers in a world, who know of each other what their descriptions say.</summary>
internal sealed class PeerPair
{
    public static readonly TransportAddress OffererAddress = TransportAddress.Parse("10.0.0.1:1000"), AnswererAddress = TransportAddress.Parse("10.0.0.2:2000");
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Signalling = TimeSpan.FromMilliseconds(50);
    private bool _trickles;

    public PeerPair(ulong seed = 1, LinkPolicy? link = null, PeerPolicy? offerer = null, PeerPolicy? answerer = null)
        : this(MakeWorld(seed, link), offerer ?? new PeerPolicy(), answerer ?? new PeerPolicy())
    {
    }

    /// <summary>In a world that is there, each perhaps behind something.</summary>
    public PeerPair(World world, PeerPolicy offerer, PeerPolicy answerer, Middlebox? offererBehind = null, Middlebox? answererBehind = null,
        TransportAddress[]? offererAddresses = null, TransportAddress[]? answererAddresses = null)
    {
        World = world;
        Offerer = new Side(World, "offerer", offererAddresses ?? [OffererAddress], offerer, offererBehind);
        Answerer = new Side(World, "answerer", answererAddresses ?? [AnswererAddress], answerer, answererBehind);
    }

    public static World MakeWorld(ulong seed, LinkPolicy? link = null)
    {
        var world = new World(seed);
        world.SetDefaultLink(link ?? new LinkPolicy { Delay = TimeSpan.FromMilliseconds(20) });
        return world;
    }

    /// <summary>A TURN server in a world of peers, which alice may use ("secret").</summary>
    public static TurnServer AddTurnServer(World world, TransportAddress address)
    {
        var server = new TurnServer(new TurnServerPolicy { Relays = [new(address.WithPort(49_152), 1000)] }, world.Entropy.Fork("turn"),
            new Dictionary<string, string> { ["alice"] = "secret" }, [address]);
        world.AddHost("turn", new TurnServerNode(server), address.WithPort(0));
        return server;
    }

    public World World { get; }
    public Side Offerer { get; }
    public Side Answerer { get; }

    /// <summary>Offer and answer, at once; candidates that come later take their time.</summary>
    public PeerPair Negotiate(bool iceRestart = false)
    {
        Signal(World.Now, Offerer, Answerer, iceRestart: iceRestart);
        _trickles = true;
        return this;
    }

    /// <summary>Offer and answer between two sides, which both accept; the answer may be changed on its way.</summary>
    public static void Signal(Instant now, Side offerer, Side answerer, Func<string, string>? answered = null, bool iceRestart = false)
    {
        offerer.Peer.CreateOffer(iceRestart);
        offerer.Peer.SetLocalDescription(now, DescriptionType.Offer);
        Assert.Null(answerer.Peer.SetRemoteDescription(now, DescriptionType.Offer, offerer.Peer.LocalDescription!));
        answerer.Peer.CreateAnswer();
        answerer.Peer.SetLocalDescription(now, DescriptionType.Answer);
        var answer = answerer.Peer.LocalDescription!;
        Assert.Null(offerer.Peer.SetRemoteDescription(now, DescriptionType.Answer, answered?.Invoke(answer) ?? answer));
    }

    public void Await(string what, Func<bool> condition) => Assert.True(RunUntil(condition, Long), $"{what} did not happen\n{this}");

    public bool RunUntil(Func<bool> condition, TimeSpan within) => World.RunUntil(() =>
    {
        if (_trickles)
        {
            Trickle(Offerer, Answerer);
            Trickle(Answerer, Offerer);
        }
        return condition();
    }, within);

    /// <summary>Hand on the candidates that this side has found since.</summary>
    private void Trickle(Side from, Side to)
    {
        foreach (var line in from.TakeCandidates()) World.Schedule(World.Now + Signalling, () => Assert.Null(to.Peer.AddRemoteCandidate(World.Now, line)));
    }

    public override string ToString() => $"seed {World.Seed}, at {World.Now}\nofferer: {Offerer}\nanswerer: {Answerer}";

    internal sealed class Side
    {
        private readonly PeerEvents _events = new() { KeepsDiscards = true };
        private readonly List<PeerEvent> _seen = [];
        private int _looked;

        public Side(World world, string name, TransportAddress[] addresses, PeerPolicy policy, Middlebox? behind = null, IcePacer? pacer = null)
        {
            Peer = new PeerConnection(policy, world.Entropy.Fork(name)) { Pacer = pacer };
            Host = world.AddHost(name, new PeerNode(Peer, _events.Add), behind, addresses);
            foreach (var address in addresses) Peer.AddLocalAddress(world.Now, address);
        }

        public WorldHost Host { get; }

        public PeerConnection Peer { get; }

        public IReadOnlyList<PeerEvent> Events
        {
            get
            {
                while (_events.TryTake(out var happened)) _seen.Add(happened);
                return _seen;
            }
        }

        /// <summary>Candidate lines that were not taken before.</summary>
        public IReadOnlyList<string> TakeCandidates()
        {
            if (_looked == Events.Count) return [];
            List<string> lines = [.. Events.Skip(_looked).Where(e => e.Kind == PeerOutputKind.LocalCandidate).Select(e => e.Note)];
            _looked = Events.Count;
            return lines;
        }

        /// <summary>States of ICE, in the order in which they came.</summary>
        public IReadOnlyList<IceTransportState> IceStates
        {
            get
            {
                var states = new List<IceTransportState>();
                foreach (var change in Events.Where(e => e.Kind == PeerOutputKind.StateChanged))
                {
                    if (states.Count == 0 || states[^1] != change.State.Ice) states.Add(change.State.Ice);
                }
                return states;
            }
        }

        /// <summary>Messages so far: "label:text" or "label#bytes".</summary>
        public IReadOnlyList<string> Messages => [.. Events.Where(e => e.Kind is PeerOutputKind.Text or PeerOutputKind.Binary).Select(Shown)];

        public DataChannel? Open(string label) =>
            Events.LastOrDefault(e => e.Kind is PeerOutputKind.ChannelAnnounced or PeerOutputKind.ChannelOpened && e.Channel!.Options.Label == label)?.Channel;

        public bool Has(PeerOutputKind kind) => Events.Any(e => e.Kind == kind);

        public override string ToString() => $"{Peer.State}\n  {string.Join("\n  ", Events.TakeLast(20))}";

        private static string Shown(PeerEvent e) => e.Kind == PeerOutputKind.Text ? $"{e.Channel!.Options.Label}:{Encoding.UTF8.GetString(e.Bytes)}" : $"{e.Channel!.Options.Label}#{Sum(e.Bytes)}";
    }

    public static string Sum(ReadOnlySpan<byte> bytes) => $"{bytes.Length}/{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..8]}";
}
