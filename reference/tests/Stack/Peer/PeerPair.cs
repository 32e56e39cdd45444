using System.Text;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Reference.Tests.Stack.Peer;

/// <summary>Two peers in a world, who know of each other what their descriptions say.</summary>
internal sealed class PeerPair
{
    public static readonly TransportAddress OffererAddress = TransportAddress.Parse("10.0.0.1:1000"), AnswererAddress = TransportAddress.Parse("10.0.0.2:2000");
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(30);

    public PeerPair(ulong seed = 1, LinkPolicy? link = null, PeerPolicy? offerer = null, PeerPolicy? answerer = null)
    {
        World = new World(seed);
        World.SetDefaultLink(link ?? new LinkPolicy { Delay = TimeSpan.FromMilliseconds(20) });
        Offerer = new Side(World, "offerer", OffererAddress, offerer ?? new PeerPolicy());
        Answerer = new Side(World, "answerer", AnswererAddress, answerer ?? new PeerPolicy());
    }

    public World World { get; }
    public Side Offerer { get; }
    public Side Answerer { get; }

    /// <summary>Offer and answer.</summary>
    public PeerPair Negotiate()
    {
        Offerer.Peer.CreateOffer();
        Offerer.Peer.SetLocalDescription(World.Now, DescriptionType.Offer);
        Assert.Null(Answerer.Peer.SetRemoteDescription(World.Now, DescriptionType.Offer, Offerer.Peer.LocalDescription!));
        Answerer.Peer.CreateAnswer();
        Answerer.Peer.SetLocalDescription(World.Now, DescriptionType.Answer);
        Assert.Null(Offerer.Peer.SetRemoteDescription(World.Now, DescriptionType.Answer, Answerer.Peer.LocalDescription!));
        return this;
    }

    public void Await(string what, Func<bool> condition) => Assert.True(World.RunUntil(condition, Long), $"{what} did not happen\n{this}");

    public override string ToString() => $"seed {World.Seed}, at {World.Now}\nofferer: {Offerer}\nanswerer: {Answerer}";

    internal sealed class Side
    {
        private readonly PeerEvents _events = new() { KeepsDiscards = true };
        private readonly List<PeerEvent> _seen = [];

        public Side(World world, string name, TransportAddress address, PeerPolicy policy)
        {
            Peer = new PeerConnection(policy, world.Entropy.Fork(name));
            world.AddHost(name, new PeerNode(Peer, _events.Add), address);
            Peer.AddLocalAddress(world.Now, address);
        }

        public PeerConnection Peer { get; }

        public IReadOnlyList<PeerEvent> Events
        {
            get
            {
                while (_events.TryTake(out var happened)) _seen.Add(happened);
                return _seen;
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
