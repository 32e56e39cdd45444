using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Lab.Bench;

/// <summary>Where nodes live and time passes: a simulated world, or UDP on loopback. A case's body cannot tell which.</summary>
public interface IPlatform : IDisposable
{
    /// <summary>Time is virtual: waiting costs nothing, and the same inputs give the same run.</summary>
    bool IsVirtual { get; }

    Instant Now { get; }

    /// <summary>Gives <paramref name="node"/> as many transport addresses on <paramref name="ip"/> ("127.0.0.1" or "::1").</summary>
    IReadOnlyList<TransportAddress> Attach(string name, IWorldNode node, string ip, int ports);

    /// <summary>Takes the node and its addresses away.</summary>
    void Detach(IWorldNode node);

    /// <summary>Lets things happen until the condition holds; false when it does not within that time.</summary>
    bool RunUntil(Func<bool> condition, TimeSpan within);
}
