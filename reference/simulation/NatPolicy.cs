namespace WebRtcConformance.Simulation;

/// <summary>What of the other end a mapping or a filter depends on (RFC 4787 sections 4.1 and 5).</summary>
public enum NatBehavior
{
    EndpointIndependent,
    AddressDependent,
    AddressAndPortDependent,
}

/// <summary>How the external port of a new mapping is chosen (RFC 4787 section 4.2.1).</summary>
public enum NatPorts
{
    /// <summary>That of the internal endpoint when it is free, otherwise the next free one.</summary>
    Preserving,

    /// <summary>One after the other.</summary>
    Sequential,

    /// <summary>Any.</summary>
    Random,
}

/// <summary>How a NAT behaves, in the words of RFC 4787. The default is what that document recommends for the sake of applications that filter little.</summary>
public sealed record NatPolicy
{
    /// <summary>Section 4.1; REQ-1 wants endpoint-independent mapping.</summary>
    public NatBehavior Mapping { get; init; } = NatBehavior.EndpointIndependent;

    /// <summary>Section 5, REQ-8. A filter belongs to the internal endpoint: it lets in whom that has sent to.</summary>
    public NatBehavior Filtering { get; init; } = NatBehavior.EndpointIndependent;

    /// <summary>Section 4.2.1.</summary>
    public NatPorts Ports { get; init; } = NatPorts.Preserving;

    /// <summary>Section 6, REQ-9, with the external source address. Without, what goes to an own external address is dropped.</summary>
    public bool Hairpins { get; init; } = true;

    /// <summary>Section 4.1, REQ-2: with several external addresses an internal one keeps to the same ("paired"); otherwise each mapping gets the next.</summary>
    public bool PairedPooling { get; init; } = true;

    /// <summary>Section 4.3, REQ-5: two minutes at least, five recommended. Outbound datagrams refresh it (REQ-6).</summary>
    public TimeSpan MappingTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Section 4.3: inbound datagrams refresh it too.</summary>
    public bool InboundRefreshes { get; init; }

    /// <summary>Mappings, and remote ends that filters remember; what would need more is dropped.</summary>
    public int MaxMappings { get; init; } = 4096;
}

/// <summary>How a firewall without translation behaves.</summary>
public sealed record FirewallPolicy
{
    /// <summary>What is let in: whom the same inside address and port has sent to, by this much of their address. Endpoint-independent: anybody, after the first outbound datagram.</summary>
    public NatBehavior Filtering { get; init; } = NatBehavior.AddressAndPortDependent;

    /// <summary>How long after the last outbound datagram.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Remote ports that datagrams may go out to; null: all. Empty: no UDP at all.</summary>
    public IReadOnlyList<ushort>? AllowedPorts { get; init; }

    /// <summary>Remote ends that are remembered; what would need more is dropped.</summary>
    public int MaxStates { get; init; } = 4096;
}
