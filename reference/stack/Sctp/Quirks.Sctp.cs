namespace WebRtcConformance.Stack.Sctp;

/// <summary>
/// The quirks of SCTP and of data channels, as <see cref="Quirk"/> has those of STUN and ICE. They are an enum of their own until cases drive the machines:
/// every member of <see cref="Quirk"/> has to be named by a requirement and killed by a case.
/// </summary>
public enum SctpQuirk
{
    // Receives packets.
    [Breaks("RFC9260:6.8", "A wrong checksum is not noticed")]
    SctpAcceptsBadChecksum,
    [Breaks("RFC9260:8.5", "The verification tag is not compared")]
    SctpIgnoresVerificationTag,
    [Breaks("RFC9260:8.4", "A packet out of the blue is not answered with ABORT")]
    SctpSilentOnOutOfTheBlue,
    [Breaks("RFC9260:8.4", "An ABORT out of the blue is answered with ABORT")]
    SctpAnswersAbort,
    [Breaks("RFC9260:3.2", "Chunks after an unknown one that says stop are processed")]
    SctpGoesOnAfterUnknownChunk,
    [Breaks("RFC9260:3.2", "Unknown chunks that ask for a report are not reported")]
    SctpDoesNotReportUnknownChunk,

    // Sets up and ends.
    [Breaks("RFC9260:5.1.5", "The MAC of a state cookie is not compared")]
    SctpAcceptsForgedCookie,
    [Breaks("RFC9260:5.1.5", "A state cookie does not grow old")]
    SctpAcceptsStaleCookie,
    [Breaks("RFC9260:5.2.4", "The restart of a peer is not recognised")]
    SctpIgnoresRestart,
    [Breaks("RFC9260:8.5.1", "A packet with INIT has a verification tag")]
    SctpSendsInitWithTag,
    [Breaks("RFC8261:6.1", "INIT lists an address")]
    SctpPutsAddressIntoInit,
    [Breaks("RFC9260:9.2", "SHUTDOWN is sent while data is outstanding")]
    SctpShutsDownWithDataOutstanding,
    [Breaks("RFC9260:8.3", "HEARTBEAT is not answered")]
    SctpSilentOnHeartbeat,
    [Breaks("RFC9260:8.3", "HEARTBEAT ACK does not repeat what HEARTBEAT held")]
    SctpAltersHeartbeatInfo,

    // Receives data.
    [Breaks("RFC9260:6.2", "DATA that comes twice is delivered twice")]
    SctpDeliversDuplicates,
    [Breaks("RFC9260:6.6", "Ordered messages are delivered as they come")]
    SctpDeliversOutOfOrder,
    [Breaks("RFC9260:6.2", "SACK lists no gaps")]
    SctpNeverReportsGaps,
    [Breaks("RFC9260:6.2", "Acknowledgements are delayed by a second")]
    SctpDelaysAcksTooLong,
    [Breaks("RFC9260:7.2.4", "Acknowledgements are delayed although there is a gap")]
    SctpDelaysAcksOfGaps,
    [Breaks("RFC9260:6.2", "The advertised window does not shrink")]
    SctpAdvertisesFullWindow,
    [Breaks("RFC9260:6.2", "DATA without user data is ignored")]
    SctpIgnoresEmptyData,
    [Breaks("RFC3758:3.6", "FORWARD TSN has no effect")]
    SctpIgnoresForwardTsn,
    [Breaks("RFC6525:5.2.2", "A reset of streams is said to be performed, and is not")]
    SctpOnlyClaimsReset,

    // Sends data.
    [Breaks("RFC9260:6.3.3", "Nothing is sent again when T3-rtx expires")]
    SctpNeverRetransmits,
    [Breaks("RFC9260:7.2.4", "There is no fast retransmit")]
    SctpNeverFastRetransmits,
    [Breaks("RFC9260:6.3.3", "The RTO does not double")]
    SctpKeepsRtoConstant,
    [Breaks("RFC9260:6.1", "The peer's window is not respected")]
    SctpIgnoresPeerWindow,
    [Breaks("RFC9260:6.1", "The congestion window is not respected")]
    SctpIgnoresCongestionWindow,
    [Breaks("RFC9260:6.5", "Ordered messages all have the stream sequence number 0")]
    SctpRepeatsStreamSequenceNumber,
    [Breaks("RFC3758:3.5", "FORWARD TSN names no streams")]
    SctpOmitsSkippedStreams,
    [Breaks("RFC9653:5.2", "The checksum is zero although the peer has not offered that")]
    SctpSendsZeroChecksumUnasked,
    [Breaks("RFC9653:5.2", "The checksum of a packet with COOKIE ECHO is zero")]
    SctpSendsZeroChecksumWithCookieEcho,
    [Breaks("RFC8260:2.2.1", "DATA is sent although interleaving is negotiated")]
    SctpSendsDataWhenInterleaving,

    // Opens and closes data channels.
    [Breaks("RFC8832:6", "DATA_CHANNEL_OPEN is not answered")]
    DcepOmitsAck,
    [Breaks("RFC8832:6", "Messages go unordered before the channel is acknowledged")]
    DcepSendsUnorderedBeforeAck,
    [Breaks("RFC8832:6", "The DTLS client chooses odd stream identifiers, the server even ones")]
    DcepChoosesWrongParity,
    [Breaks("RFC8832:6", "A channel on a stream identifier of the wrong parity is accepted")]
    DcepAcceptsWrongParity,
    [Breaks("RFC8832:6", "DATA_CHANNEL_OPEN on a stream in use is acknowledged")]
    DcepAcceptsUsedStream,
    [Breaks("RFC8832:6", "A malformed DCEP message is ignored, the channel stays open")]
    DcepIgnoresMalformedMessage,
    [Breaks("RFC8832:6", "DATA_CHANNEL_OPEN goes unordered")]
    DcepSendsOpenUnordered,
    [Breaks("RFC8832:6", "DCEP messages have the PPID of binary data")]
    DcepUsesWrongProtocolIdentifier,
    [Breaks("RFC8832:6", "A message on an unused stream is ignored")]
    DcepIgnoresDataOnUnusedStream,
    [Breaks("RFC8832:5.1", "The reliability parameter of a reliable channel is not 0")]
    DcepSendsReliabilityOfReliable,
    [Breaks("RFC8832:5.1", "A reliable channel with a reliability parameter is refused")]
    DcepRefusesReliabilityOfReliable,
    [Breaks("RFC8832:5.1", "An unknown channel type is taken for a reliable one")]
    DcepAcceptsUnknownChannelType,
    [Breaks("RFC8831:6.6", "An empty message goes as one byte of data")]
    DataChannelSendsEmptyAsByte,
    [Breaks("RFC8831:6.6", "The byte of an empty message is delivered")]
    DataChannelDeliversEmptyAsByte,
    [Breaks("RFC8831:6.6", "Strings are sent as binary and binary as strings")]
    DataChannelSwapsProtocolIdentifiers,
    [Breaks("RFC8831:6.6", "A message with an unknown PPID is delivered as binary")]
    DataChannelDeliversUnknownProtocolIdentifier,
    [Breaks("RFC8831:6.7", "A channel that the peer closes is not reset from our side")]
    DataChannelDoesNotResetBack,
    [Breaks("RFC8841:6.1", "The peer's max-message-size is not respected")]
    DataChannelIgnoresMaxMessageSize,
}
