using System.Globalization;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>
/// RFC 8445 section 5.1.1.3: candidates have the same foundation when their type, the IP address of their base and that of the server that they were obtained
/// from are the same (and the transport protocol, which here is UDP). Numbers in the order of appearance.
/// </summary>
internal sealed class IceFoundations
{
    private readonly Dictionary<(IceCandidateType, TransportAddress, TransportAddress), string> _known = [];

    public string Of(IceCandidateType type, TransportAddress @base, TransportAddress? server)
    {
        var key = (type, @base.WithPort(0), server?.WithPort(0) ?? default);
        if (_known.TryGetValue(key, out var foundation)) return foundation;
        return _known[key] = (_known.Count + 1).ToString(CultureInfo.InvariantCulture);
    }
}
