namespace WebRtcConformance.Stack.Dtls;

/// <summary>
/// The ways in which the DTLS machine can be made to break one rule, as <see cref="Quirk"/> has them for STUN and ICE. An enum of its own, so that a
/// run over the conformance cases, which have no DTLS yet, does not take them for saboteurs that nothing catches; tests/Stack/Dtls/DtlsQuirkTests
/// decides each.
/// </summary>
[QuirkPrefix("Dtls")]
public enum DtlsQuirk
{
    // Records.
    [Breaks("RFC6347:4.1.2.6", "A record that has been received before is taken again")]
    AcceptsReplayedRecords,
    [Breaks("RFC6347:4.1.2.6", "The replay window moves before a record has been verified")]
    MarksUnverifiedRecords,
    [Breaks("RFC6347:4.1.2.7", "A record that is not authentic ends the association")]
    DiesOfBadRecords,
    [Breaks("RFC6347:4.2.8", "A ClientHello without protection ends the association")]
    DiesOfNewClientHello,
    [Breaks("RFC6347:4.1", "A record sent again carries the sequence number that it had")]
    RepeatsSequenceNumbers,
    [Breaks("RFC6347:4.1", "Application data of epoch 0 is taken after the handshake")]
    AcceptsPlaintextAfterHandshake,
    [Breaks("RFC6347:4.2.4", "Application data of the new epoch is delivered before Finished")]
    DeliversDataBeforeFinished,

    // Messages and flights.
    [Breaks("RFC6347:4.2.3", "Messages that come in several fragments are not put together")]
    RefusesFragments,
    [Breaks("RFC6347:4.2.2", "Messages that come before their turn are dropped, not kept")]
    ForgetsEarlyMessages,
    [Breaks("RFC6347:4.2.2", "A message sent again gets a new message_seq")]
    RenumbersRetransmissions,
    [Breaks("RFC6347:4.2.4", "Flights are sent once only")]
    NeverRetransmits,
    [Breaks("RFC6347:4.2.4.1", "The retransmission timer does not double")]
    KeepsTimerConstant,
    [Breaks("RFC6347:4.2.4", "The last flight is not sent again when the peer repeats its own")]
    IgnoresRepeatedFlight,

    // The handshake.
    [Breaks("RFC6347:4.2.1", "The ClientHello that answers a HelloVerifyRequest has no cookie")]
    OmitsCookie,
    [Breaks("RFC6347:4.2.1", "The ClientHello that answers a HelloVerifyRequest has another random")]
    ChangesHelloOnCookie,
    [Breaks("RFC6347:4.2.1", "Any cookie is taken for a good one")]
    AcceptsAnyCookie,
    [Breaks("RFC6347:4.2.6", "The first ClientHello and HelloVerifyRequest enter the hash of the handshake")]
    HashesCookieExchange,
    [Breaks("RFC5246:7.4.1.3", "The client goes on with a cipher suite that it has not offered")]
    AcceptsUnofferedCipherSuite,
    [Breaks("RFC5246:7.4.1.4", "The client goes on with an extension that it has not offered")]
    AcceptsUnofferedExtension,
    [Breaks("RFC8122:5.1", "A certificate that matches no fingerprint is accepted")]
    AcceptsWrongFingerprint,
    [Breaks("RFC8422:5.4", "The signature of ServerKeyExchange is not verified")]
    SkipsServerKeyExchangeSignature,
    [Breaks("RFC5246:7.4.8", "The signature of CertificateVerify is not verified")]
    SkipsCertificateVerify,
    [Breaks("RFC5246:7.4.9", "The value of Finished is not compared")]
    SkipsFinished,
    [Breaks("RFC5246:7.4.9", "Finished carries another value than the PRF gives")]
    SendsWrongFinished,
    [Breaks("RFC5246:7.4.9", "Finished is taken without a ChangeCipherSpec before it")]
    SkipsChangeCipherSpec,
    [Breaks("RFC7627:4", "The extended master secret is agreed on, and the plain one used")]
    IgnoresExtendedMasterSecret,
    [Breaks("RFC5746:3.6", "renegotiation_info of an initial handshake is not empty")]
    SendsRenegotiatedConnection,
    [Breaks("RFC5764:4.1.1", "The server chooses an SRTP protection profile that was not offered")]
    ChoosesUnofferedSrtpProfile,
    [Breaks("RFC5246:7.2.1", "The end is not announced by close_notify")]
    OmitsCloseNotify,
}
