using System.Net;
using WebRtcConformance.Host;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Lab.Bench;

/// <summary>Real UDP on loopback. One for each worker thread.</summary>
public sealed class UdpPlatform : IPlatform
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(5);
    private readonly UdpHost _host = new();

    public bool IsVirtual => false;

    public Instant Now => _host.Now;

    /// <exception cref="System.Net.Sockets.SocketException">The machine has no such loopback address.</exception>
    public IReadOnlyList<TransportAddress> Attach(string name, IWorldNode node, string ip, int ports)
    {
        var address = IPAddress.Parse(ip).GetAddressBytes();
        var bound = new TransportAddress[ports];
        for (var i = 0; i < ports; i++) bound[i] = _host.Bind(TransportAddress.From(address, 0));
        _host.Attach(node, bound);
        return bound;
    }

    public void Detach(IWorldNode node) => _host.Detach(node);

    /// <summary>Looks at the condition at least every few milliseconds: it may depend on what an adapter says, which wakes no socket.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan within)
    {
        var end = Now + within;
        while (!condition())
        {
            var left = end - Now;
            if (left <= TimeSpan.Zero) return false;
            _host.Poll(left < Slice ? left : Slice);
        }
        return true;
    }

    /// <summary>Sends and receives what is due, waiting at most that long.</summary>
    public void Poll(TimeSpan timeout) => _host.Poll(timeout);

    public void Dispose() => _host.Dispose();
}
