using WebRtcConformance.Host;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Ice;
using WebRtcConformance.Stack.Peer;
using WebRtcConformance.Stack.Peer.Sdp;

namespace WebRtcConformance.Benchmarks;

/// <summary>Two of our peers, each with a certificate of its own; how datagrams go from one to the other is for those who derive.</summary>
internal abstract class PeerPair : IDisposable
{
    public const int MessageSize = 16 * 1024, Window = 256 * 1024;
    protected static readonly TransportAddress OffererAddress = TransportAddress.Parse("10.0.0.1:1000"), AnswererAddress = TransportAddress.Parse("10.0.0.2:1000");
    private static ulong _seed;
    private readonly byte[] _message = new byte[MessageSize];
    private DataChannel _channel = null!;
    private bool _openHere, _openThere;

    protected PeerPair() => (Offerer, Answerer) = (Make(), Make());

    public PeerConnection Offerer { get; }
    public PeerConnection Answerer { get; }
    public long Received { get; private set; }
    protected abstract Instant Now { get; }

    /// <summary>Let whatever comes next happen.</summary>
    protected abstract void Step();

    public abstract void Dispose();

    /// <summary>From descriptions to a channel that is open on both sides.</summary>
    protected void Connect()
    {
        _channel = Offerer.CreateDataChannel(Now, new DataChannelOptions { Label = "bulk" })!;
        Offerer.CreateOffer();
        Offerer.SetLocalDescription(Now, DescriptionType.Offer);
        Answerer.SetRemoteDescription(Now, DescriptionType.Offer, Offerer.LocalDescription!);
        Answerer.CreateAnswer();
        Answerer.SetLocalDescription(Now, DescriptionType.Answer);
        Offerer.SetRemoteDescription(Now, DescriptionType.Answer, Answerer.LocalDescription!);
        while (!_openHere || !_openThere) Step();
    }

    /// <summary>Send so many messages, with a bounded amount in the buffer, until all have come.</summary>
    public void Transfer(int messages)
    {
        var want = Received + (long)messages * MessageSize;
        while (Received < want)
        {
            while (messages > 0 && Offerer.DataChannels.BufferedAmount(_channel) < Window)
            {
                if (Offerer.Send(Now, _channel, text: false, _message) != DataChannelSendResult.Accepted) break;
                messages--;
            }
            Step();
        }
    }

    /// <summary>What a peer has to say beside datagrams.</summary>
    protected void Hear(PeerOutput output)
    {
        if (output.Kind == PeerOutputKind.Binary) Received += output.Bytes.Length;
        else Note(output.Kind);
    }

    protected void Note(PeerOutputKind kind)
    {
        _openHere |= kind == PeerOutputKind.ChannelOpened;
        _openThere |= kind == PeerOutputKind.ChannelAnnounced;
    }

    private static PeerConnection Make()
    {
        var entropy = new Entropy(++_seed);
        var certificate = LocalCertificate.Generate(entropy.Fork("certificate"), deterministic: false); // as over real UDP
        return new PeerConnection(new PeerPolicy(), entropy, certificate);
    }
}

/// <summary>Without a world: each peer's datagrams are copied, handed to the other at once, and time jumps when neither has anything to say.</summary>
internal sealed class DirectPeerPair : PeerPair
{
    private readonly Ring _toOfferer = new(), _toAnswerer = new();
    private Instant _now = Instant.Start;

    public DirectPeerPair()
    {
        Offerer.AddLocalAddress(_now, OffererAddress);
        Answerer.AddLocalAddress(_now, AnswererAddress);
        Connect();
    }

    protected override Instant Now => _now;

    protected override void Step()
    {
        _now += TimeSpan.FromMicroseconds(100);
        Drain();
        if (_toOfferer.HandTo(this, Offerer, AnswererAddress, OffererAddress) | _toAnswerer.HandTo(this, Answerer, OffererAddress, AnswererAddress)) return;
        _now = Instant.Max(_now, Instant.Min(Offerer.NextDeadline, Answerer.NextDeadline));
        Offerer.Advance(_now);
        Answerer.Advance(_now);
    }

    public override void Dispose()
    {
    }

    private void Drain()
    {
        Drain(Offerer, _toAnswerer);
        Drain(Answerer, _toOfferer);
    }

    private void Drain(PeerConnection from, Ring to)
    {
        while (from.TryTake(out var output))
        {
            if (output.Kind == PeerOutputKind.Transmit) to.Add(output.Datagram.Bytes.Span);
            else Hear(output);
        }
    }

    /// <summary>Datagrams under way one way.</summary>
    private sealed class Ring
    {
        private readonly byte[] _bytes = new byte[Slots * SlotBytes];
        private readonly int[] _lengths = new int[Slots];
        private int _first, _count;
        private const int Slots = 1024, SlotBytes = 1536;

        public void Add(ReadOnlySpan<byte> datagram)
        {
            if (_count == Slots) return; // lost, as in a socket
            var at = (_first + _count++) % Slots;
            datagram.CopyTo(_bytes.AsSpan(at * SlotBytes, SlotBytes));
            _lengths[at] = datagram.Length;
        }

        public bool HandTo(DirectPeerPair pair, PeerConnection peer, TransportAddress from, TransportAddress local)
        {
            var any = _count > 0;
            for (var left = _count; left > 0; left--)
            {
                peer.Receive(pair._now, local, from, _bytes.AsSpan(_first * SlotBytes, _lengths[_first]));
                (_first, _count) = ((_first + 1) % Slots, _count - 1);
                pair.Drain();
            }
            return any;
        }
    }
}

/// <summary>In a <see cref="World"/>, with its trace and its links.</summary>
internal sealed class WorldPeerPair : PeerPair
{
    private readonly World _world = new(1);

    public WorldPeerPair()
    {
        _world.SetDefaultLink(new LinkPolicy { Delay = TimeSpan.FromMicroseconds(100) });
        _world.AddHost("offerer", new PeerNode(Offerer, (_, output) => Hear(output)), OffererAddress);
        _world.AddHost("answerer", new PeerNode(Answerer, (_, output) => Hear(output)), AnswererAddress);
        Offerer.AddLocalAddress(_world.Now, OffererAddress);
        Answerer.AddLocalAddress(_world.Now, AnswererAddress);
        Connect();
    }

    protected override Instant Now => _world.Now;

    protected override void Step() => _world.RunFor(TimeSpan.FromMicroseconds(200));

    /// <summary>Nothing but consent checks (RFC 7675) and heartbeats (RFC 9260 section 8.3) for so long.</summary>
    public void BeSilent(TimeSpan time) => _world.RunFor(time);

    public override void Dispose()
    {
    }
}

/// <summary>Over UDP on loopback, each with a socket of its own, on one thread.</summary>
internal sealed class UdpPeerPair : PeerPair
{
    private readonly UdpHost _udp;
    private readonly PeerHost _offererHost, _answererHost;

    /// <param name="udp">What runs both, and others before and after them; it stays when they go.</param>
    public UdpPeerPair(UdpHost udp)
    {
        _udp = udp;
        (Offerer.Pacer, Answerer.Pacer) = (new IcePacer(), new IcePacer()); // each stands for an implementation of its own
        (_offererHost, _answererHost) = (new PeerHost(Offerer, udp: _udp), new PeerHost(Answerer, udp: _udp));
        _offererHost.OnMessage = _answererHost.OnMessage = output =>
        {
            Hear(output);
            return true;
        };
        Connect();
    }

    protected override Instant Now => _udp.Now;

    protected override void Step()
    {
        _udp.Poll(TimeSpan.FromMilliseconds(100));
        while (_offererHost.TryTakeEvent(out var happened)) Note(happened.Kind);
        while (_answererHost.TryTakeEvent(out var happened)) Note(happened.Kind);
    }

    public override void Dispose()
    {
        _offererHost.Dispose();
        _answererHost.Dispose();
    }
}
