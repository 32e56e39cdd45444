using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>Datagrams that a tap holds back, by time and then by order of arrival.</summary>
internal sealed class DelayLine
{
    private readonly PriorityQueue<Datagram, (Instant, long)> _held = new();
    private long _sequence;

    public Instant Next => _held.TryPeek(out _, out var priority) ? priority.Item1 : Instant.Never;

    public void Add(Instant at, Datagram datagram) => _held.Enqueue(datagram, (at, _sequence++));

    public bool TryTakeDue(Instant now, out Datagram datagram)
    {
        datagram = default;
        return Next <= now && _held.Count > 0 && _held.TryDequeue(out datagram, out _);
    }
}
