using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation;

/// <summary>
/// One address space: the public Internet, or what lies inside a middlebox. An address means something within its realm only, so two homes may both have a
/// 192.168.1.2. An address with port 0 stands for all ports of its IP address.
/// </summary>
internal sealed class Realm(Middlebox? gate)
{
    private readonly Dictionary<TransportAddress, WorldHost> _hosts = [];
    private readonly Dictionary<TransportAddress, Middlebox> _boxes = []; // by IP address: what lies behind it

    /// <summary>The way out; null for the public Internet.</summary>
    public Middlebox? Gate => gate;

    /// <exception cref="ArgumentException">The address is taken.</exception>
    public void Add(WorldHost host, TransportAddress address)
    {
        if (HostAt(address) is { } owner) throw new ArgumentException($"{address} belongs to '{owner.Name}'", nameof(address));
        _hosts.Add(address, host);
        Announce(address);
    }

    /// <exception cref="ArgumentException">The address is taken.</exception>
    public void Add(Middlebox box, TransportAddress address)
    {
        if (!_boxes.TryAdd(address.WithPort(0), box)) throw new ArgumentException($"{address} belongs to '{_boxes[address.WithPort(0)].Name}'", nameof(address));
        Announce(address);
    }

    public WorldHost? HostAt(TransportAddress address) =>
        _hosts.TryGetValue(address, out var host) || _hosts.TryGetValue(address.WithPort(0), out host) ? host : null;

    public Middlebox? BoxAt(TransportAddress address) => _boxes.GetValueOrDefault(address.WithPort(0));

    /// <summary>A box that does not translate makes the addresses inside it known outside.</summary>
    private void Announce(TransportAddress address)
    {
        if (gate is not { Translates: false } || gate.Outside.BoxAt(address) == gate) return;
        gate.Outside.Add(gate, address);
    }
}

/// <summary>Something between two realms that looks at every datagram which passes: a <see cref="Nat"/> or a <see cref="Firewall"/>.</summary>
public abstract class Middlebox
{
    internal Middlebox(string name, Realm outside)
    {
        Name = name;
        Outside = outside;
        Inside = new Realm(this);
    }

    public string Name { get; }

    internal Realm Outside { get; }

    internal Realm Inside { get; }

    /// <summary>Whether addresses inside are others than those seen outside.</summary>
    internal abstract bool Translates { get; }

    /// <summary>Whether the address is one of the box's own, outside.</summary>
    internal abstract bool Owns(TransportAddress address);

    /// <summary>From inside to outside: translate, or say why not.</summary>
    internal abstract bool TryOutbound(Instant now, ref Datagram datagram, out string reason);

    /// <summary>From outside to inside: translate, or say why not.</summary>
    internal abstract bool TryInbound(Instant now, ref Datagram datagram, out string reason);
}
