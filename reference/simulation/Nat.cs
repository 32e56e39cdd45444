using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation;

/// <summary>A network address and port translator for UDP (RFC 4787). Made by <see cref="World.AddNat"/>.</summary>
public sealed class Nat : Middlebox
{
    private const int FirstPort = 1024, PortCount = 65_536 - FirstPort;

    private sealed class Mapping
    {
        public required TransportAddress Internal, External;
        public required (TransportAddress, TransportAddress) Key;
        public Instant ExpiresAt;
    }

    private readonly Entropy _entropy;
    private readonly IReadOnlyList<TransportAddress> _externals;
    private readonly Dictionary<(TransportAddress Internal, TransportAddress Remote), Mapping> _mappings = [];
    private readonly Dictionary<TransportAddress, Mapping> _byExternal = [];
    private readonly Dictionary<TransportAddress, TransportAddress> _pairs = []; // internal IP address: its external one
    private readonly RemoteEnds _remotes;
    private int _nextPort, _nextExternal;

    internal Nat(string name, Realm outside, NatPolicy policy, IReadOnlyList<TransportAddress> externals, Entropy entropy) : base(name, outside)
    {
        Policy = policy;
        _externals = externals;
        _entropy = entropy;
        _remotes = new RemoteEnds(policy.Filtering, policy.MappingTimeout, policy.MaxMappings);
        foreach (var external in externals) outside.Add(this, external);
    }

    public NatPolicy Policy { get; }

    /// <summary>Mappings that have not expired.</summary>
    public int CountMappings(Instant now) => _mappings.Values.Count(m => m.ExpiresAt > now);

    internal override bool Translates => true;

    internal override bool Owns(TransportAddress address) => _externals.Any(e => e.SameIp(address));

    internal override bool TryOutbound(Instant now, ref Datagram datagram, out string reason)
    {
        reason = "no hairpinning";
        if (Owns(datagram.Remote) && !Policy.Hairpins) return false;
        var key = (datagram.Local, RemoteEnds.Key(Policy.Mapping, datagram.Remote));
        if (!_mappings.TryGetValue(key, out var mapping) || mapping.ExpiresAt <= now)
        {
            if (mapping is not null) Remove(mapping);
            if (!TryMap(now, key, out mapping, out reason)) return false;
        }
        reason = "too many remote ends";
        if (!_remotes.TryAdd(now, datagram.Local, datagram.Remote)) return false;
        mapping.ExpiresAt = now + Policy.MappingTimeout; // REQ-6
        datagram = datagram with { Local = mapping.External };
        return true;
    }

    internal override bool TryInbound(Instant now, ref Datagram datagram, out string reason)
    {
        reason = "no mapping";
        if (!_byExternal.TryGetValue(datagram.Remote, out var mapping) || mapping.ExpiresAt <= now) return false;
        reason = "filtered";
        if (!_remotes.Admits(now, mapping.Internal, datagram.Local)) return false;
        if (Policy.InboundRefreshes)
        {
            mapping.ExpiresAt = now + Policy.MappingTimeout;
            _remotes.Refresh(now, mapping.Internal, datagram.Local);
        }
        datagram = datagram with { Remote = mapping.Internal };
        return true;
    }

    private bool TryMap(Instant now, (TransportAddress Internal, TransportAddress) key, out Mapping mapping, out string reason)
    {
        mapping = null!;
        if (_mappings.Count >= Policy.MaxMappings)
        {
            foreach (var expired in _mappings.Values.Where(m => m.ExpiresAt <= now).ToArray()) Remove(expired);
        }
        reason = "too many mappings";
        if (_mappings.Count >= Policy.MaxMappings) return false;
        reason = "no external address of that family";
        if (!TryChooseExternal(key.Internal, out var ip)) return false;
        reason = "no external port";
        if (!TryChoosePort(now, ip, key.Internal.Port, out var external)) return false;
        mapping = new Mapping { Internal = key.Internal, External = external, Key = key };
        _mappings.Add(key, mapping);
        _byExternal.Add(external, mapping);
        return true;
    }

    private bool TryChooseExternal(TransportAddress inside, out TransportAddress external)
    {
        if (Policy.PairedPooling && _pairs.TryGetValue(inside.WithPort(0), out external)) return true;
        var suitable = _externals.Where(e => e.Family == inside.Family).ToArray();
        external = default;
        if (suitable.Length == 0) return false;
        external = suitable[_nextExternal++ % suitable.Length];
        if (Policy.PairedPooling) _pairs[inside.WithPort(0)] = external;
        return true;
    }

    private bool TryChoosePort(Instant now, TransportAddress ip, ushort inside, out TransportAddress external)
    {
        var start = Policy.Ports switch
        {
            NatPorts.Preserving => Math.Max(inside - FirstPort, 0),
            NatPorts.Sequential => _nextPort++,
            _ => (int)_entropy.UniformBelow(PortCount),
        };
        for (var i = 0; i < PortCount; i++)
        {
            external = ip.WithPort((ushort)(FirstPort + (start + i) % PortCount));
            if (!_byExternal.TryGetValue(external, out var owner)) return true;
            if (owner.ExpiresAt > now) continue;
            Remove(owner);
            return true;
        }
        external = default;
        return false;
    }

    private void Remove(Mapping mapping)
    {
        _mappings.Remove(mapping.Key);
        _byExternal.Remove(mapping.External);
    }
}

/// <summary>Whom each inside endpoint has sent to, and may therefore hear (RFC 4787 section 5).</summary>
internal sealed class RemoteEnds(NatBehavior filtering, TimeSpan timeout, int max)
{
    private readonly Dictionary<(TransportAddress Inside, TransportAddress Remote), Instant> _until = [];

    /// <summary>As much of the address as the behaviour looks at.</summary>
    public static TransportAddress Key(NatBehavior behavior, TransportAddress remote) => behavior switch
    {
        NatBehavior.EndpointIndependent => default,
        NatBehavior.AddressDependent => remote.WithPort(0),
        _ => remote,
    };

    /// <summary>The inside endpoint has sent to the remote one. False when there is no room.</summary>
    public bool TryAdd(Instant now, TransportAddress inside, TransportAddress remote)
    {
        var key = (inside, Key(filtering, remote));
        if (!_until.ContainsKey(key) && _until.Count >= max)
        {
            foreach (var expired in _until.Where(e => e.Value <= now).Select(e => e.Key).ToArray()) _until.Remove(expired);
            if (_until.Count >= max) return false;
        }
        _until[key] = now + timeout;
        return true;
    }

    public bool Admits(Instant now, TransportAddress inside, TransportAddress remote) =>
        _until.TryGetValue((inside, Key(filtering, remote)), out var until) && until > now;

    /// <summary>Prolong what is there.</summary>
    public void Refresh(Instant now, TransportAddress inside, TransportAddress remote)
    {
        var key = (inside, Key(filtering, remote));
        if (_until.ContainsKey(key)) _until[key] = now + timeout;
    }
}
