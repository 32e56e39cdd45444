using WebRtcConformance.Lab.Cases;
using WebRtcConformance.Lab.Suts;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Lab.Bench;

/// <summary>One worker's bench against a real implementation: its sockets, and the connections that cases may share.</summary>
public sealed class RealBench(ISut sut, bool shareConnections) : IBench
{
    private readonly UdpPlatform _platform = new();
    private readonly ConnectionPool? _pool = shareConnections ? new ConnectionPool() : null;

    public Lab Open(CaseDefinition definition, ulong seed) => new(definition, _platform, sut, new Entropy(seed).Fork("peer"), _pool);

    public void Dispose()
    {
        _pool?.Dispose();
        _platform.Dispose();
    }
}
