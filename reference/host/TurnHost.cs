using System.Net;
using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Turn;

namespace WebRtcConformance.Host;

/// <summary>
/// A <see cref="TurnServer"/>, which is a STUN server, too, over real UDP on loopback: one socket for clients, and one for each relayed address that it can hand out.
/// One thread, the caller's: nothing moves outside <see cref="UdpHost.Poll"/> of the host that it lives in.
/// </summary>
public sealed class TurnHost : IDisposable
{
    private readonly UdpHost _udp;
    private readonly TurnServerNode _node;

    /// <param name="udp">Where it lives.</param>
    /// <param name="entropy">The server's own substream.</param>
    /// <param name="passwords">Passwords by username.</param>
    /// <param name="bind">A loopback address.</param>
    /// <param name="relays">Relayed addresses, each a socket.</param>
    /// <param name="policy">Numbers and choices; where relayed addresses come from is decided here.</param>
    /// <param name="quirks">Rules to break.</param>
    /// <exception cref="System.Net.Sockets.SocketException">There is no such address here.</exception>
    public TurnHost(UdpHost udp, Entropy entropy, IReadOnlyDictionary<string, string> passwords, string bind = "127.0.0.1", int relays = 16,
        TurnServerPolicy? policy = null, QuirkSet<TurnQuirk> quirks = default)
    {
        _udp = udp;
        var any = TransportAddress.From(IPAddress.Parse(bind).GetAddressBytes(), 0);
        Address = udp.Bind(any);
        TransportAddress[] relayed = [.. Enumerable.Range(0, relays).Select(_ => udp.Bind(any))];
        var ranges = (TurnRelayRange[])[.. relayed.Select(r => new TurnRelayRange(r, 1))];
        policy = policy is null ? new TurnServerPolicy { Relays = ranges } : policy with { Relays = ranges };
        _node = new TurnServerNode(new TurnServer(policy, entropy, passwords, [Address], quirks));
        udp.Attach(_node, [Address, .. relayed]);
    }

    /// <summary>Where clients reach it.</summary>
    public TransportAddress Address { get; }

    public TurnServer Server => _node.Server;

    public bool TryTakeEvent(out TurnEvent happened) => _node.TryTakeEvent(out happened);

    public void Dispose() => _udp.Detach(_node);
}
