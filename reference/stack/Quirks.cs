namespace WebRtcConformance.Stack;

/// <summary>
/// One way in which the reference can be made to break one rule. Each quirk stands in the code at the single place where
/// its rule stands. The attribute beside each member is its documentation: the section it breaks and what happens.
/// </summary>
public enum Quirk
{
    // As server: receives requests.
    [Breaks("RFC8489:9.1.3", "The value of MESSAGE-INTEGRITY in a request is not compared")]
    StunAcceptsBadIntegrity,
    [Breaks("RFC8489:9.1.3", "A request without MESSAGE-INTEGRITY is processed")]
    StunAcceptsMissingIntegrity,
    [Breaks("RFC8489:9.1.3", "A request without USERNAME is processed")]
    StunAcceptsMissingUsername,
    [Breaks("RFC8445:7.3", "The first part of USERNAME is not compared with the agent's own fragment")]
    StunAcceptsWrongUsername,
    [Breaks("RFC8489:6.3", "A wrong or absent FINGERPRINT is ignored")]
    StunAcceptsBadFingerprint,
    [Breaks("RFC8489:6.3", "The magic cookie is not checked")]
    StunAcceptsWrongCookie,
    [Breaks("RFC8489:6.3", "The first two bits of the message may be non-zero")]
    StunAcceptsTopBits,
    [Breaks("RFC8489:5", "A message length that is no multiple of 4 is accepted")]
    StunAcceptsUnalignedLength,
    [Breaks("RFC8489:6.3", "A datagram longer than its message length says is accepted")]
    StunAcceptsTrailingBytes,
    [Breaks("RFC8489:14", "An attribute that runs past the message is cut to fit")]
    StunAcceptsOverrunningAttribute,
    [Breaks("RFC8489:6.3.1", "Unknown comprehension-required attributes in a request are ignored")]
    StunIgnoresUnknownRequired,
    [Breaks("RFC8489:6.3.1.1", "A 420 response goes without UNKNOWN-ATTRIBUTES")]
    StunOmitsUnknownAttributesList,
    [Breaks("RFC8489:6.3", "An unknown comprehension-optional attribute leads to a 420 response")]
    StunRejectsUnknownOptional,
    [Breaks("RFC8489:14", "Padding other than zero makes a message malformed")]
    StunRejectsNonzeroPadding,
    [Breaks("RFC8489:9", "Attributes after MESSAGE-INTEGRITY take effect")]
    StunHonoursAttributesAfterIntegrity,
    [Breaks("RFC8489:14", "Of several attributes of one type the last counts")]
    StunTakesLastDuplicate,
    [Breaks("RFC8489:6.3.2", "A Binding indication is answered")]
    StunAnswersIndications,
    [Breaks("RFC8489:6.3", "A response is answered")]
    StunAnswersResponses,
    [Breaks("RFC8489:6.3", "Any method is taken for Binding")]
    StunAnswersUnknownMethod,
    [Breaks("RFC8489:6.3.1", "A transaction id that was once rejected stays rejected")]
    StunRemembersFailure,
    [Breaks("RFC8489:9.1.3", "A request with wrong credentials is dropped, not answered with 401")]
    StunSilentOnBadIntegrity,
    [Breaks("RFC8489:9.1.3", "A request without credentials is dropped, not answered with 400")]
    StunSilentOnMissingIntegrity,

    // As server: composes responses.
    [Breaks("RFC8489:9.1.3", "Responses carry no MESSAGE-INTEGRITY")]
    StunRepliesWithoutIntegrity,
    [Breaks("RFC8445:7.3", "Responses carry no FINGERPRINT")]
    StunRepliesWithoutFingerprint,
    [Breaks("RFC8489:9.1.3", "Responses are authenticated with the peer's password")]
    StunRepliesWithWrongIntegrityKey,
    [Breaks("RFC8489:6.3.1.1", "MAPPED-ADDRESS in place of XOR-MAPPED-ADDRESS")]
    StunRepliesWithMappedAddress,
    [Breaks("RFC8489:14.2", "An IPv6 address is XORed with the cookie only, the rest stays in clear")]
    StunXorsIpv6WithCookieOnly,
    [Breaks("RFC8489:5", "Responses carry another transaction id than their request")]
    StunRepliesWithChangedTransactionId,
    [Breaks("RFC8489:6.3.1.1", "Error responses carry no ERROR-CODE")]
    StunOmitsErrorCode,
    [Breaks("RFC8489:14.8", "ERROR-CODE holds the plain number, not class and number")]
    StunEncodesErrorCodeAsInteger,
    [Breaks("RFC8489:14", "Padding bytes are not zero")]
    StunPadsWithGarbage,
    [Breaks("RFC8489:14", "An attribute's Length counts its padding")]
    StunCountsPaddingInLength,
    [Breaks("RFC8489:9.1.3", "Errors after authentication (420, 487) are sent without MESSAGE-INTEGRITY")]
    StunErrorsWithoutIntegrity,
    [Breaks("RFC8489:9.1.3", "USERNAME is put into responses")]
    StunEchoesUsername,

    // As client: sends checks, gets responses.
    [Breaks("RFC8489:9.1.4", "A response without MESSAGE-INTEGRITY is believed")]
    StunAcceptsUnauthenticatedResponse,
    [Breaks("RFC8489:9.1.4", "The value of MESSAGE-INTEGRITY in a response is not compared")]
    StunAcceptsBadIntegrityResponse,
    [Breaks("RFC8445:7.2.5.2.1", "A response from another address than the one asked is a success")]
    StunAcceptsResponseFromElsewhere,
    [Breaks("RFC8489:6.3", "A response with an unknown transaction id answers the oldest request to that address")]
    StunAcceptsUnknownTransaction,
    [Breaks("RFC8489:6.3.3", "Unknown comprehension-required attributes in a response are ignored")]
    StunIgnoresUnknownRequiredInResponse,
    [Breaks("RFC8489:6.3.3", "A success response without XOR-MAPPED-ADDRESS is a success")]
    StunAcceptsResponseWithoutXorMappedAddress,
    [Breaks("RFC8489:9.1.4", "A response that must be discarded ends the transaction")]
    StunGivesUpOnBadResponse,
    [Breaks("RFC8445:7.2.4", "Checks carry no FINGERPRINT")]
    StunOmitsFingerprintInChecks,
    [Breaks("RFC8489:9.1.2", "Checks carry no MESSAGE-INTEGRITY")]
    StunOmitsIntegrityInChecks,
    [Breaks("RFC8445:7.1.1", "Checks carry no PRIORITY")]
    StunOmitsPriority,
    [Breaks("RFC8445:7.1.3", "Checks carry neither ICE-CONTROLLING nor ICE-CONTROLLED")]
    StunOmitsRole,
    [Breaks("RFC8489:9.1.2", "Checks carry no USERNAME")]
    StunOmitsUsername,
    [Breaks("RFC8445:7.2.2", "USERNAME is own fragment, colon, peer's fragment")]
    StunReversesUsername,
    [Breaks("RFC8489:5", "New transactions reuse the first transaction id")]
    StunReusesTransactionId,
    [Breaks("RFC8489:5", "A retransmission gets a new transaction id")]
    StunRetransmitsWithNewTransactionId,
    [Breaks("RFC8489:6.2.1", "Requests are sent once only")]
    StunNeverRetransmits,
    [Breaks("RFC8489:6.2.1", "The interval between retransmissions does not double")]
    StunKeepsRtoConstant,
    [Breaks("RFC8489:14.5", "MESSAGE-INTEGRITY is the first attribute, so that it protects none of the others")]
    StunPlacesIntegrityFirst,
    [Breaks("RFC8489:14.7", "FINGERPRINT is the first attribute")]
    StunPlacesFingerprintFirst,

    // As ICE agent.
    [Breaks("RFC8445:7.3.1.1", "A request with the agent's own role is accepted and no role changes")]
    IceIgnoresRoleConflict,
    [Breaks("RFC8445:7.3.1.1", "The comparison of tiebreakers is reversed")]
    IceSwitchesOnSmallerTieBreaker,
    [Breaks("RFC8445:7.3.1.1", "A tiebreaker of 0 counts as an absent role attribute")]
    IceTreatsZeroTieBreakerAsAbsent,
    [Breaks("RFC8445:7.1.2", "A controlled agent puts USE-CANDIDATE into its checks")]
    IceSendsUseCandidateWhenControlled,
    [Breaks("RFC8445:7.3.1.5", "USE-CANDIDATE selects a pair that the agent has not verified itself")]
    IceNominatesUnverifiedPair,
    [Breaks("RFC8445:7.3.1.4", "An accepted request triggers no check")]
    IceSkipsTriggeredCheck,
    [Breaks("RFC8445:7.2.5.1", "A 487 response does not change the role")]
    IceKeepsRoleOn487,
}

/// <summary>Which section a quirk breaks, and how: the text shown to users.</summary>
/// <param name="rule">Document and section, "RFC8489:9.1.3".</param>
/// <param name="summary">One sentence without full stop.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class BreaksAttribute(string rule, string summary) : Attribute
{
    public string Rule => rule;
    public string Summary => summary;
}
