namespace WebRtcConformance.Stack.Turn;

/// <summary>
/// The ways in which the TURN machines can be made to break one rule, as <see cref="Quirk"/> has them for STUN and ICE. An enum of its own, so that a run over
/// the conformance cases, which have no TURN yet, does not take them for saboteurs that nothing catches; tests/Stack/Turn/TurnQuirkTests decides each.
/// </summary>
[QuirkPrefix("Turn")]
public enum TurnQuirk
{
    // As server: requests.
    [Breaks("RFC8656:7.2", "Requests without credentials are processed")]
    ServesAnybody,
    [Breaks("RFC8489:9.2.4", "A nonce is good for ever")]
    AcceptsStaleNonces,
    [Breaks("RFC8656:5", "Any user may change an allocation, not only the one who made it")]
    AcceptsOtherUsers,
    [Breaks("RFC8656:5", "A request without an allocation is answered with success")]
    IgnoresMissingAllocation,
    [Breaks("RFC8656:7.2", "An Allocate request on a 5-tuple in use replaces the allocation")]
    ReplacesAllocation,
    [Breaks("RFC8656:7.2", "A retransmitted Allocate request is answered with 437")]
    ForgetsAllocateTransaction,
    [Breaks("RFC8656:7.2", "A request without REQUESTED-TRANSPORT is granted")]
    AllocatesWithoutTransport,
    [Breaks("RFC8656:7.2", "Any protocol in REQUESTED-TRANSPORT is granted as UDP")]
    AllocatesAnyTransport,
    [Breaks("RFC8656:7.2", "A lifetime beyond the server's maximum is granted")]
    GrantsAnyLifetime,
    [Breaks("RFC8656:7.2", "The Allocate response carries no XOR-RELAYED-ADDRESS")]
    OmitsRelayedAddress,
    [Breaks("RFC8656:7.2", "The Allocate response carries no XOR-MAPPED-ADDRESS")]
    OmitsMappedAddress,
    [Breaks("RFC8656:7.2", "EVEN-PORT is ignored")]
    IgnoresEvenPort,
    [Breaks("RFC8656:8.2", "A Refresh with a lifetime of 0 leaves the allocation in place")]
    KeepsDeletedAllocation,
    [Breaks("RFC8656:6", "An allocation never expires")]
    NeverExpiresAllocations,
    [Breaks("RFC8656:9", "A permission never expires")]
    NeverExpiresPermissions,
    [Breaks("RFC8656:10.2", "A peer of another address family gets a permission")]
    IgnoresPeerFamily,
    [Breaks("RFC8656:12.2", "A channel number beyond 0x4FFF is bound")]
    BindsReservedNumbers,
    [Breaks("RFC8656:12.2", "A bound channel is bound again to another peer")]
    RebindsChannels,

    // As server: data.
    [Breaks("RFC8656:9", "What a peer without permission sends is relayed to the client")]
    RelaysFromAnybody,
    [Breaks("RFC8656:9", "A permission counts for the peer's port only")]
    ComparesPeerPort,
    [Breaks("RFC8656:11.2", "A Send indication to a peer without permission is relayed")]
    RelaysToAnybody,
    [Breaks("RFC8656:11.2", "A Send indication refreshes the permission")]
    RefreshesPermissionOnSend,
    [Breaks("RFC8656:12.5", "Data indications are used though a channel is bound to the peer")]
    IgnoresChannelTowardsClient,
    [Breaks("RFC8656:12.6", "A ChannelData message refreshes its channel binding")]
    RefreshesChannelOnData,
    [Breaks("RFC8489:6.3.2", "An indication that is refused is answered with an error response")]
    AnswersIndications,

    // As client.
    [Breaks("RFC8656:7.1", "Allocate requests carry no REQUESTED-TRANSPORT")]
    OmitsRequestedTransport,
    [Breaks("RFC8656:8", "The allocation is never refreshed")]
    NeverRefreshes,
    [Breaks("RFC8656:9", "Permissions are never refreshed")]
    NeverRefreshesPermissions,
    [Breaks("RFC8656:12", "Channel bindings are never refreshed")]
    NeverRefreshesChannels,
    [Breaks("RFC8656:11.1", "A Send indication does not wait for the permission")]
    SendsBeforePermission,
    [Breaks("RFC8656:11.4", "Data of a peer without permission is delivered")]
    DeliversFromAnybody,
    [Breaks("RFC8656:12", "Every peer is bound to the same channel")]
    SharesOneChannel,
    [Breaks("RFC8656:5", "Data that does not come from the server is taken")]
    AcceptsDataFromElsewhere,
    [Breaks("RFC8656:8", "An allocation that is no longer wanted is not deleted")]
    AbandonsAllocation,
}
