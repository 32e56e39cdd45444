using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Peer;

namespace WebRtcConformance.Host;

/// <summary>
/// A <see cref="PeerConnection"/> over real UDP on loopback. Commands go to <see cref="Peer"/>, with <see cref="Now"/> as their time; what happens is taken from
/// <see cref="TryTakeEvent"/>. One thread, the caller's: nothing moves outside <see cref="Poll"/> and <see cref="RunUntil"/>.
/// </summary>
public sealed class PeerHost : IDisposable
{
    private readonly UdpHost _udp;
    private readonly bool _ownsUdp;
    private readonly PeerNode _node;
    private readonly PeerEvents _events;
    private readonly KeyLogFile? _keyLog;

    /// <param name="peer">The peer; it gets a port of its own on each address of <paramref name="bind"/>.</param>
    /// <param name="bind">Loopback addresses; 127.0.0.1 when null.</param>
    /// <param name="keyLog">Where the secrets of DTLS go; null for nowhere. The caller's to dispose.</param>
    /// <param name="udp">A host that several peers share; one of its own when null.</param>
    /// <param name="keepsDiscards">Datagrams without effect are events, too.</param>
    /// <exception cref="System.Net.Sockets.SocketException">There is no such address here.</exception>
    public PeerHost(PeerConnection peer, IReadOnlyList<string>? bind = null, KeyLogFile? keyLog = null, UdpHost? udp = null, bool keepsDiscards = false)
    {
        (_udp, _ownsUdp, _keyLog, _events) = (udp ?? new UdpHost(), udp is null, keyLog, new PeerEvents { KeepsDiscards = keepsDiscards });
        _node = new PeerNode(peer, Happened);
        peer.Pacer ??= _udp.Pacer;
        Addresses = [.. (bind ?? ["127.0.0.1"]).Select(address => _udp.Bind(TransportAddress.From(System.Net.IPAddress.Parse(address).GetAddressBytes(), 0)))];
        _udp.Attach(_node, [.. Addresses]);
        foreach (var address in Addresses) peer.AddLocalAddress(_udp.Now, address);
    }

    public PeerConnection Peer => _node.Peer;

    public Instant Now => _udp.Now;

    /// <summary>The addresses that were bound, in the order in which they were asked for.</summary>
    public IReadOnlyList<TransportAddress> Addresses { get; }

    /// <summary>Sees messages before they are kept as events, and says whether it has dealt with them: no copy is made then. It must not call into the peer.</summary>
    public Func<PeerOutput, bool>? OnMessage { get; set; }

    public bool Poll(TimeSpan timeout) => _udp.Poll(timeout);

    public bool RunUntil(Func<bool> condition, TimeSpan within) => _udp.RunUntil(condition, within);

    public bool TryTakeEvent(out PeerEvent happened) => _events.TryTake(out happened);

    public void Dispose()
    {
        _udp.Detach(_node);
        if (_ownsUdp) _udp.Dispose();
    }

    private void Happened(Instant now, PeerOutput output)
    {
        if (output.Kind == PeerOutputKind.KeyLogged) _keyLog?.Add(output.Note);
        else if (output.Kind is not (PeerOutputKind.Text or PeerOutputKind.Binary) || OnMessage is null || !OnMessage(output)) _events.Add(now, output);
    }
}
