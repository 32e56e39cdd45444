namespace WebRtcConformance.Stack.Ice;

/// <summary>
/// The ways in which the full ICE agent can be made to break one rule, beside those of <see cref="Quirk"/>, which it has too. An enum of its own, so that a run
/// over the conformance cases, which drive <see cref="IceEndpoint"/>, does not take them for saboteurs that nothing catches; tests/Stack/Ice/Agent/IceAgentQuirkTests
/// decides each.
/// </summary>
[QuirkPrefix("IceAgent")]
public enum IceAgentQuirk
{
    // Candidates and checklists.
    [Breaks("RFC8445:6.1.2.2", "IPv6 link-local addresses are paired with others")]
    PairsLinkLocalWithOthers,
    [Breaks("RFC8445:6.1.2.5", "The number of pairs has no limit")]
    IgnoresPairLimit,
    [Breaks("RFC8445:14.2", "All checks go out at once")]
    IgnoresPacing,
    [Breaks("RFC8445:14.2", "Checks go out at the own Ta, though the peer proposes a higher one")]
    IgnoresPacingOfPeer,
    [Breaks("RFC8445:14.2", "Another Ta than the default is used, and the peer is not told")]
    ConcealsPacing,
    [Breaks("RFC8445:5.1.3", "A server-reflexive candidate equal to its base is told to the peer")]
    KeepsRedundantCandidates,
    [Breaks("RFC8838:9", "A candidate of an earlier session is taken for one of this session")]
    AcceptsStaleCandidates,
    [Breaks("RFC8838:14", "Candidates that come after the end of candidates are taken")]
    AcceptsCandidatesAfterEnd,

    // Nomination.
    [Breaks("RFC8445:8.1.1", "Every check of a regularly nominating agent has USE-CANDIDATE")]
    NominatesAggressively,
    [Breaks("RFC8445:8.1.2", "Once there is a selected pair checks are not answered any more")]
    StopsAnsweringWhenCompleted,
    [Breaks("RFC8445:8.3.1", "Candidates that were not selected are answered on for ever")]
    NeverFreesCandidates,

    // Restart.
    [Breaks("RFC8445:9", "A restart keeps username fragment and password")]
    KeepsCredentialsOnRestart,
    [Breaks("RFC8445:12.1", "A restart gives up the selected pair at once")]
    ForgetsPairOnRestart,
    [Breaks("RFC8445:9", "A restart reverses the role")]
    ReversesRoleOnRestart,

    // Consent and keepalives.
    [Breaks("RFC7675:5.1", "Data is sent on after consent has expired")]
    SendsWithoutConsent,
    [Breaks("RFC7675:5.1", "The interval between consent checks is not randomized")]
    KeepsConsentIntervalConstant,
    [Breaks("RFC7675:5.1", "A consent check is retransmitted")]
    RetransmitsConsentChecks,
    [Breaks("RFC7675:5.2", "A 403 response does not revoke consent")]
    IgnoresRevocation,
    [Breaks("RFC7675:5.1", "No consent checks are sent, and consent never expires")]
    NeverChecksConsent,
    [Breaks("RFC8445:11", "A silent pair is not kept alive")]
    OmitsKeepalives,
    [Breaks("RFC8445:11", "Keepalives carry MESSAGE-INTEGRITY")]
    AuthenticatesKeepalives,
}
