using System.Net;
using WebRtcConformance.Simulation;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Lab.Bench;

/// <summary>A world of its own for one case.</summary>
public sealed class VirtualPlatform(ulong seed) : IPlatform
{
    private ushort _nextPort = 50_000;

    public World World { get; } = new(seed);

    public bool IsVirtual => true;

    public Instant Now => World.Now;

    public IReadOnlyList<TransportAddress> Attach(string name, IWorldNode node, string ip, int ports)
    {
        var address = IPAddress.Parse(ip).GetAddressBytes();
        var addresses = new TransportAddress[ports];
        for (var i = 0; i < ports; i++) addresses[i] = TransportAddress.From(address, _nextPort++);
        World.AddHost(name, node, addresses);
        return addresses;
    }

    /// <summary>A world lives as long as its case; its hosts stay.</summary>
    public void Detach(IWorldNode node)
    {
    }

    public bool RunUntil(Func<bool> condition, TimeSpan within) => World.RunUntil(condition, within);

    public void Dispose()
    {
    }
}
