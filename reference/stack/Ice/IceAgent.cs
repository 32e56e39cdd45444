using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>
/// An ICE agent (RFC 8445), full or lite, for one component of one data stream: gathering, trickle (RFC 8838), checks, nomination, restart, keepalives and
/// consent (RFC 7675), and the way of application data. The host gives it bases, the signalling gives it the peer's description and candidates; what it tells
/// the signalling and the application are outputs.
/// <para>
/// In order: <see cref="AddBase"/> for each address, <see cref="Gather"/>, <see cref="SetRemoteParameters"/> and <see cref="AddRemoteCandidate(Instant, IceCandidate)"/>
/// as they come, <see cref="EndOfRemoteCandidates"/>. A relayed candidate is a base whose datagrams go through something else:
/// <see cref="AddRelayedBase"/>; whoever runs the agent hands <see cref="IceOutput.Transmit"/> with that local address to the TURN client, and what
/// comes through the relay to <see cref="IceMachine.Receive"/> with that local address.
/// </para>
/// Files: IceAgent.Candidates (sections 5 and 6.1.2, RFC 8838), .Checks (6.1.4, 7), .Nomination (8), .Restart (9), .Consent (RFC 7675 and section 11), .Data (12).
/// </summary>
public sealed partial class IceAgent : IceMachine
{
    private enum IceTimer
    {
        /// <summary>Ta: the next check or gathering request may go out (section 14.2).</summary>
        Pacing,

        /// <summary>The patience for better pairs is over (section 8.1.1).</summary>
        Nomination,

        /// <summary>Section 8.3.1.</summary>
        Freeing,

        /// <summary>The next consent check (RFC 7675 section 5.1).</summary>
        Consent,

        /// <summary>Consent is over (RFC 7675 section 5.1).</summary>
        ConsentExpiry,

        /// <summary>Tr (section 11).</summary>
        Keepalive,
    }

    private static readonly TimeSpan DefaultTa = TimeSpan.FromMilliseconds(50);

    private readonly QuirkSet<IceAgentQuirk> _agentQuirks;
    private readonly Entropy _credentialEntropy;
    private readonly Entropy _consentEntropy;
    private readonly Entropy _keepaliveEntropy;
    private readonly Entropy _gatheringEntropy;
    private readonly StunTransactions<Check> _consentChecks;
    private readonly Deadlines<IceTimer> _deadlines = new();
    private readonly List<IceBase> _bases = [];
    private readonly IceFoundations _foundations = new();
    private IceSession _current;
    private IceSession? _previous;
    private IceGatherer _gatherer;
    private int _generation;
    private TimeSpan _ta;
    private Instant _nextCheckAt = Instant.Start;
    private readonly IcePacer.Turn? _turn; // null: no other agents
    private bool _gatherersTurn, _relaysTurn;

    /// <param name="policy">Numbers and choices.</param>
    /// <param name="entropy">This agent's own substream.</param>
    /// <param name="role">The role to begin with: of two full agents the offerer is controlling (section 6.1.1).</param>
    /// <param name="credentials">The local fragment and password; drawn when null.</param>
    /// <param name="quirks">Rules of checks to break.</param>
    /// <param name="agentQuirks">Rules of the full agent to break.</param>
    /// <param name="tieBreaker">The tiebreaker; drawn when null (section 16.1).</param>
    /// <param name="pacer">Of all agents of this implementation; null when it is the only one.</param>
    public IceAgent(IcePolicy policy, Entropy entropy, IceRole role, IceCredentials? credentials = null,
        QuirkSet quirks = default, QuirkSet<IceAgentQuirk> agentQuirks = default, ulong? tieBreaker = null, IcePacer? pacer = null)
        : base(policy, entropy, role, quirks, tieBreaker)
    {
        _agentQuirks = agentQuirks;
        _credentialEntropy = entropy.Fork("ice/credentials");
        _consentEntropy = entropy.Fork("ice/consent");
        _keepaliveEntropy = entropy.Fork("ice/keepalive");
        _gatheringEntropy = entropy.Fork("ice/gathering");
        // RFC 7675 section 5.1: each consent check is transmitted once only.
        var once = agentQuirks.Has(IceAgentQuirk.RetransmitsConsentChecks)
            ? policy.Retransmission
            : new StunRetransmission { Rto = policy.ConsentExpiry, Rc = 1, Rm = 1 };
        _consentChecks = new StunTransactions<Check>(once, entropy.Fork("stun/consent-transaction-id"), quirks);
        _ta = policy.Ta;
        _turn = pacer?.Join();
        _current = NewSession(credentials ?? DrawCredentials());
        _gatherer = NewGatherer();
    }

    /// <summary>What the peer has to be told beside the candidates; changes with a restart.</summary>
    public IceParameters LocalParameters => new(_current.Keys.Local)
    {
        Lite = Policy.Lite,
        Pacing = ProposedPacing(Policy, _agentQuirks),
        // Section 10: 'ice2' promises not to nominate aggressively.
        Options = Policy.Nomination == IceNomination.Regular ? ["trickle", "ice2"] : ["trickle"],
    };

    /// <summary>Section 14.2: the Ta that the peer is told; null for none. RFC 8839 sections 4.3.1 and 4.3.2: a lite implementation, which paces nothing, does not say.</summary>
    internal static TimeSpan? ProposedPacing(IcePolicy policy, QuirkSet<IceAgentQuirk> quirks) =>
        policy.Lite || quirks.Has(IceAgentQuirk.ConcealsPacing) ? null : policy.Ta;

    public IceState State { get; private set; } = IceState.Running;

    /// <summary>The selected pair of this session (section 8.1.1); null while there is none.</summary>
    public IcePath? Selected => _current.Selected is { } pair ? new IcePath(pair.Local, pair.Remote) : null;

    /// <summary>The selected pair's local candidate as the peer sees it: behind a NAT another address than the pair's.</summary>
    public TransportAddress? SelectedMapped => _current.Selected?.Mapped;

    /// <summary>
    /// Where data goes at the moment (section 12.1): over the selected pair, or that of the session before a restart, or, if the policy likes, over a valid one.
    /// </summary>
    public IcePath? Path => _dataPair is { } pair ? new IcePath(pair.Local, pair.Remote) : null;

    /// <summary>When the peer last consented on <see cref="Path"/> (RFC 7675 section 5.1); null without a path, or when consent is not checked.</summary>
    public Instant? ConsentAt => _dataPair is { } pair && _keepsUp && ChecksConsent ? pair.ConsentAt : null;

    /// <summary>How many pairs are on the checklist, and how many remote candidates and checks in progress are remembered: all bounded by the policy.</summary>
    public (int Pairs, int RemoteCandidates, int PendingChecks) Load =>
        (_current.Checklist.Count, _current.Remotes.Count + _early.Count, Checks.InProgress.Count + _consentChecks.InProgress.Count);

    // ---- the shape of the machine ----

    private protected override Instant NextTimer =>
        Instant.Min(_deadlines.Next, Instant.Min(_consentChecks.NextDeadline, _gatherer.NextDeadline));

    private protected override void FireTimers(Instant now)
    {
        _consentChecks.Advance(now);
        SendConsentChecks(now);
        _gatherer.Advance(now);
        HandleGathering(now);
        AfterEvent(now);
        while (_deadlines.TryTakeExpired(now, out var timer))
        {
            switch (timer)
            {
                case IceTimer.Pacing:
                    if (_turn is null || _turn.TryBegin(now)) Pace(now);
                    break;
                case IceTimer.Nomination: break; // AfterEvent looks at it
                case IceTimer.Freeing: Free(now); break;
                case IceTimer.Consent: CheckConsent(now); break;
                case IceTimer.ConsentExpiry: LoseConsent(now, revoked: false); break;
                case IceTimer.Keepalive: KeepAlive(now); break;
            }
            AfterEvent(now);
        }
    }

    private protected override void AfterEvent(Instant now)
    {
        PickNomination(now);
        UpdatePath(now);
        UpdateState();
        if (Quirked(IceAgentQuirk.IgnoresPacing))
        {
            while (HasSomethingToSend()) Pace(now);
        }
        if (HasSomethingToSend())
        {
            var at = Instant.Max(now, _nextCheckAt);
            _deadlines.Set(IceTimer.Pacing, _turn?.Reserve(at) ?? at);
        }
        else
        {
            _deadlines.Stop(IceTimer.Pacing);
            _turn?.Withdraw();
        }
    }

    private bool Quirked(IceAgentQuirk quirk) => _agentQuirks.Has(quirk);

    /// <summary>
    /// Section 6.1.3 and RFC 8838 section 8: Failed when every pair has failed and no other can come, when the nomination has failed (section 7.2.5.3.4), or
    /// when the selected pair has lost its consent.
    /// </summary>
    private void UpdateState()
    {
        var state = IceState.Running;
        if (_current.Selected is { } selected) state = selected.IsRevoked ? IceState.Failed : IceState.Completed;
        else if (_current.NominationFailed || IsExhausted(_current)) state = IceState.Failed;
        if (state == State) return;
        State = state;
        Emit(new IceOutput.StateChanged(state));
    }

    private bool IsExhausted(IceSession session)
    {
        if (Policy.Lite || session.Keys.Remote is null || !session.IsGathered) return false;
        if (!session.RemoteHasEnded && (session.RemoteTrickles || session.Remotes.Count == 0)) return false;
        return session.Checklist.Pairs.All(p => p.State is CandidatePairState.Failed or CandidatePairState.Succeeded) && !session.Checklist.Pairs.Any(p => p.IsValid);
    }

    // ---- gathering ----

    private IceGatherer NewGatherer() => new(Policy, _gatheringEntropy.Fork($"{_generation}"), Quirks, ComposeGathering);

    private SealedStun ComposeGathering(Instant now, TransactionId id) => Seal(now, new StunMessage
    {
        Method = StunMethod.Binding,
        Class = StunClass.Request,
        TransactionId = id.ToArray(),
        Attributes = Policy.Software is { } software ? [new Software { Value = software }] : [],
    }, new StunSeal(StunIntegrityAlgorithms.None, default, Fingerprint: true));

    private void HandleGathering(Instant now)
    {
        while (_gatherer.TryTakeSend(out var send)) Transmit(now, send.Local, send.Remote, send.Request);
        while (_gatherer.TryTakeResult(out var result))
        {
            if (result.Mapped is { } mapped) AddServerReflexive(now, result.Request.Base, mapped, result.Request.Server, result.Request.Preference);
            else Discard(result.Request.Base.Address, result.Request.Server, DiscardReason.Incomplete, "RFC8445:5.1.1.2", "the STUN server gave no mapped address");
            FinishGathering(now);
        }
    }
}
