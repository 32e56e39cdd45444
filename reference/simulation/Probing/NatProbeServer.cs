using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.NatBehaviorDiscovery;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Simulation.Probing;

/// <summary>
/// The server of NAT behaviour discovery (RFC 5780 section 6): two IP addresses with two ports each, responses from where CHANGE-REQUEST wants them. Stateless,
/// without authentication; PADDING and RESPONSE-PORT are not served.
/// </summary>
public sealed class NatProbeServer : IWorldNode
{
    private readonly TransportAddress _primary, _alternate;
    private readonly Outbox<Datagram> _outbox = new();

    /// <param name="primary">The primary IP address and port.</param>
    /// <param name="alternate">Another IP address, another port.</param>
    /// <exception cref="ArgumentException">They share IP address or port.</exception>
    public NatProbeServer(TransportAddress primary, TransportAddress alternate)
    {
        if (primary.SameIp(alternate) || primary.Port == alternate.Port || primary.Family != alternate.Family)
            throw new ArgumentException("the alternate needs another IP address of the same family and another port", nameof(alternate));
        (_primary, _alternate) = (primary, alternate);
    }

    /// <summary>All four.</summary>
    public TransportAddress[] Addresses => [_primary, _primary.WithPort(_alternate.Port), _alternate, _alternate.WithPort(_primary.Port)];

    public Instant NextDeadline => Instant.Never;

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (!StunReading.TryRead(datagram, QuirkSet.None, out var reading, out _)) return;
        if (reading.Message is not { Method: StunMethod.Binding, Class: StunClass.Request }) return;
        var (ip, port) = (false, false);
        if (reading.TryFind(StunAttributeType.ChangeRequest, out var attribute) && attribute.TryGet(out ChangeRequest.View change))
            (ip, port) = (change.ChangeIp, change.ChangePort);
        // Section 6.1, table 1: "alternate" is relative to where the request came to.
        var other = (local.SameIp(_primary) ? _alternate : _primary).WithPort(local.Port == _primary.Port ? _alternate.Port : _primary.Port);
        var from = (ip ? other : local).WithPort(port ? other.Port : local.Port);
        var response = new StunMessage
        {
            Method = StunMethod.Binding,
            Class = StunClass.SuccessResponse,
            TransactionId = reading.Message.TransactionId.ToArray(),
            Attributes =
            [
                StunAddresses.XorMapped(remote), StunAddresses.Mapped(remote),
                new ResponseOrigin { Port = from.Port, Address = from.AddressBytes() },
                new OtherAddress { Port = other.Port, Address = other.AddressBytes() },
            ],
        };
        _outbox.Add(new Datagram(from, remote, StunSealer.Protect(response.ToArray(), new StunSeal(StunIntegrityAlgorithms.None, default, true))));
    }

    public void Advance(Instant now)
    {
    }

    public bool TryTake(out Datagram datagram) => _outbox.TryTake(out datagram);
}
