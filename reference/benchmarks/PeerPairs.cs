using WebRtcConformance.Host;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;
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

/// <summary>Without a world: each peer's datagrams are handed to the other at once, and time jumps when neither has anything to say.</summary>
internal sealed class DirectPeerPair : PeerPair
{
    private Instant _now = Instant.Start;

    public DirectPeerPair()
    {
        Offerer.AddLocalAddress(_now, OffererAddress);
        Answerer.AddLocalAddress(_now, AnswererAddress);
        Connect();
    }

    public long Packets { get; private set; }

    protected override Instant Now => _now;

    protected override void Step()
    {
        _now += TimeSpan.FromMicroseconds(100);
        if (Move(Offerer, Answerer) | Move(Answerer, Offerer)) return;
        _now = Instant.Max(_now, Instant.Min(Offerer.NextDeadline, Answerer.NextDeadline));
        Offerer.Advance(_now);
        Answerer.Advance(_now);
    }

    public override void Dispose()
    {
    }

    private bool Move(PeerConnection from, PeerConnection to)
    {
        var any = false;
        while (from.TryTake(out var output))
        {
            any = true;
            if (output.Kind != PeerOutputKind.Transmit)
            {
                Hear(output);
                continue;
            }
            Packets++;
            to.Receive(_now, output.Datagram.Remote, output.Datagram.Local, output.Datagram.Bytes.Span);
        }
        return any;
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

    public override void Dispose()
    {
    }
}

/// <summary>Over UDP on loopback, each with a host and a socket of its own, on one thread.</summary>
internal sealed class UdpPeerPair : PeerPair
{
    private readonly UdpHost _offererUdp, _answererUdp;
    private readonly PeerHost _offererHost, _answererHost;

    public UdpPeerPair(UdpPolicy policy)
    {
        (_offererUdp, _answererUdp) = (new UdpHost(policy), new UdpHost(policy));
        (_offererHost, _answererHost) = (new PeerHost(Offerer, udp: _offererUdp), new PeerHost(Answerer, udp: _answererUdp));
        _offererHost.OnMessage = _answererHost.OnMessage = output =>
        {
            Hear(output);
            return true;
        };
        Connect();
    }

    protected override Instant Now => _offererUdp.Now;

    protected override void Step()
    {
        var any = _offererHost.Poll(TimeSpan.Zero) | _answererHost.Poll(TimeSpan.Zero);
        while (_offererHost.TryTakeEvent(out var happened)) Note(happened.Kind);
        while (_answererHost.TryTakeEvent(out var happened)) Note(happened.Kind);
        if (!any) _offererHost.Poll(TimeSpan.FromMicroseconds(200)); // both wait: for a deadline, or for what was lost
    }

    public override void Dispose()
    {
        _offererHost.Dispose();
        _answererHost.Dispose();
        _offererUdp.Dispose();
        _answererUdp.Dispose();
    }
}
