using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Ice;

/// <summary>Where datagrams leave from: a host's address, or the relayed address of a TURN allocation.</summary>
/// <param name="Address">The transport address.</param>
/// <param name="Type">Host or Relayed.</param>
/// <param name="Preference">The local preference, unique among bases (RFC 8445 section 5.1.2.1).</param>
internal sealed record IceBase(TransportAddress Address, IceCandidateType Type, ushort Preference)
{
    /// <summary>Relayed: the mapped address that the TURN server saw.</summary>
    public TransportAddress? Related { get; init; }

    /// <summary>Relayed: the TURN server.</summary>
    public TransportAddress? Server { get; init; }

    /// <summary>Relayed: where the Allocate request was sent from.</summary>
    public TransportAddress? HostBase { get; init; }

    /// <summary>The local preference of the server-reflexive candidate of this base and that server, unique among those (section 5.1.2.1).</summary>
    public ushort ReflexivePreference(int server, int servers) => (ushort)(ushort.MaxValue - (ushort.MaxValue - Preference) * (servers + 1) - server);
}

/// <summary>One ICE session, from one pair of credentials to the next restart (RFC 8445 section 9, RFC 8838 section 2 "generation").</summary>
internal sealed class IceSession(IceKeys keys, int maxPairs)
{
    public IceKeys Keys => keys;

    public Checklist Checklist { get; } = new(maxPairs);

    /// <summary>What the peer has told of, and what its checks have shown, by address.</summary>
    public Dictionary<TransportAddress, IceCandidate> Remotes { get; } = [];

    /// <summary>Told to the peer, so that they may be paired (RFC 8838 section 10, point 1).</summary>
    public List<IceCandidate> Conveyed { get; } = [];

    /// <summary>Not told yet: half trickle waits for the end of gathering.</summary>
    public List<IceCandidate> Held { get; } = [];

    /// <summary>Learned from responses (section 7.2.5.3.1).</summary>
    public List<IceCandidate> PeerReflexive { get; } = [];

    public bool IsGathered { get; set; }

    public bool RemoteIsLite { get; set; }

    public bool RemoteTrickles { get; set; } = true;

    /// <summary>RFC 8445 section 10.</summary>
    public bool RemoteFollowsRfc8445 { get; set; }

    /// <summary>RFC 8838 section 14.</summary>
    public bool RemoteHasEnded { get; set; }

    /// <summary>The pair that the controlling agent has picked; no other is nominated in this session (section 8.1.1).</summary>
    public CandidatePair? Nominating { get; set; }

    /// <summary>Section 7.2.5.3.4: the check with USE-CANDIDATE has failed.</summary>
    public bool NominationFailed { get; set; }

    public CandidatePair? Selected { get; set; }

    /// <summary>When the first pair became valid.</summary>
    public Instant ValidSince { get; set; } = Instant.Never;

    /// <summary>Section 8.3.1: only the selected candidate is still in use.</summary>
    public bool IsFreed { get; set; }

    /// <summary>A known local candidate with that address.</summary>
    public bool HasLocal(TransportAddress address) =>
        Conveyed.Any(c => c.Address == address) || Held.Any(c => c.Address == address) || PeerReflexive.Any(c => c.Address == address);
}
