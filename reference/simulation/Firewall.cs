using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Simulation;

/// <summary>A stateful firewall that translates nothing: what comes from outside passes when it may be an answer. Made by <see cref="World.AddFirewall"/>.</summary>
public sealed class Firewall : Middlebox
{
    private readonly RemoteEnds _remotes;

    internal Firewall(string name, Realm outside, FirewallPolicy policy) : base(name, outside)
    {
        Policy = policy;
        _remotes = new RemoteEnds(policy.Filtering, policy.Timeout, policy.MaxStates);
    }

    public FirewallPolicy Policy { get; }

    internal override bool Translates => false;

    internal override bool Owns(TransportAddress address) => false;

    internal override bool TryOutbound(Instant now, ref Datagram datagram, out string reason)
    {
        reason = "port not allowed";
        if (Policy.AllowedPorts is { } ports && !ports.Contains(datagram.Remote.Port)) return false;
        reason = "too many remote ends";
        return _remotes.TryAdd(now, datagram.Local, datagram.Remote);
    }

    internal override bool TryInbound(Instant now, ref Datagram datagram, out string reason)
    {
        reason = "filtered";
        return _remotes.Admits(now, datagram.Remote, datagram.Local);
    }
}
