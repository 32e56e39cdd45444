using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation;

/// <summary>
/// A host that sends with any source address and hears only what comes to its own: it cannot see what others say to each other. Its datagrams travel over its own
/// links and through the taps, like everybody's.
/// </summary>
public sealed class OffPathAttacker : IWorldNode
{
    private readonly Outbox<Datagram> _outbox = new();
    private readonly List<Datagram> _heard = [];

    /// <summary>What came to it, <see cref="Datagram.Local"/> being its own address.</summary>
    public IReadOnlyList<Datagram> Heard => _heard;

    public Instant NextDeadline => Instant.Never;

    /// <summary>Send in somebody's name.</summary>
    public void Spoof(TransportAddress source, TransportAddress destination, ReadOnlySpan<byte> bytes) =>
        _outbox.Add(new Datagram(source, destination, bytes.ToArray()));

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram) =>
        _heard.Add(new Datagram(local, remote, datagram.ToArray()));

    public void Advance(Instant now)
    {
    }

    public bool TryTake(out Datagram datagram) => _outbox.TryTake(out datagram);
}
