using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Dtls;

/// <summary>
/// A <see cref="DtlsEndpoint"/> or a <see cref="DtlsServer"/> as a node of a world or a UDP host: its datagrams go to one peer, everything else to <see cref="TryTakeEvent"/> and
/// <see cref="TryTakeData"/>.
/// </summary>
public sealed class DtlsNode(IPacketMachine<DtlsOutput> endpoint, TransportAddress local, TransportAddress remote) : IWorldNode, IKeyLogSource
{
    private readonly Outbox<DtlsEvent> _events = new();
    private readonly Outbox<byte[]> _data = new();

    public event Action<string>? KeyLogged;

    public Instant NextDeadline => endpoint.NextDeadline;

    public void Receive(Instant now, TransportAddress receiver, TransportAddress sender, ReadOnlySpan<byte> datagram)
    {
        if (receiver == local && sender == remote) endpoint.Receive(now, datagram);
        else _events.Add(new DtlsEvent.Discarded(new Discard(DiscardReason.WrongAddress, "RFC6347:4.1",
            $"from {sender} to {receiver}, not from {remote} to {local}")));
    }

    public void Advance(Instant now) => endpoint.Advance(now);

    public bool TryTake(out Datagram datagram)
    {
        while (endpoint.TryTake(out var output))
        {
            switch (output.Kind)
            {
                case DtlsOutputKind.Transmit:
                    datagram = new Datagram(local, remote, output.Bytes);
                    return true;
                case DtlsOutputKind.ApplicationData:
                    _data.Add(output.Bytes.ToArray());
                    break;
                default:
                    if (output.Event is DtlsEvent.KeyLogged key) KeyLogged?.Invoke(key.Line);
                    _events.Add(output.Event!);
                    break;
            }
        }
        datagram = default;
        return false;
    }

    /// <summary>Take the next event. They arrive here as the pump drains datagrams.</summary>
    public bool TryTakeEvent(out DtlsEvent happened) => _events.TryTake(out happened);

    /// <summary>Take the content of the next record of application data.</summary>
    public bool TryTakeData(out byte[] data) => _data.TryTake(out data);
}
