using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire;

namespace WebRtcConformance.Simulation;

/// <summary>Predicates for <see cref="Impairments"/>; combine them with <see cref="And"/>.</summary>
public static class Packets
{
    /// <summary>From one of the host's addresses.</summary>
    public static Func<Datagram, bool> From(WorldHost host) => datagram => Has(host, datagram.Local);

    /// <summary>To one of the host's addresses.</summary>
    public static Func<Datagram, bool> To(WorldHost host) => datagram => Has(host, datagram.Remote);

    /// <summary>From one host to another.</summary>
    public static Func<Datagram, bool> Between(WorldHost from, WorldHost to) => From(from).And(To(to));

    /// <summary>A message of that type, with what the predicate says of it.</summary>
    public static Func<Datagram, bool> Of<TMessage>(Func<TMessage, bool>? matches = null) where TMessage : class, IWireMessage<TMessage> =>
        datagram => TMessage.TryParse(datagram.Bytes.Span, keepTrivia: false, out var message, out _) && (matches is null || matches(message));

    public static Func<Datagram, bool> And(this Func<Datagram, bool> one, Func<Datagram, bool> other) => datagram => one(datagram) && other(datagram);

    private static bool Has(WorldHost host, TransportAddress address) => host.Addresses.Any(a => a == address || a.Port == 0 && a.SameIp(address));
}
