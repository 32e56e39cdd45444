using WebRtcConformance.Wire.ZeroChecksum;

namespace WebRtcConformance.Stack.Sctp;

/// <summary>RFC 8260 section 3: which stream's user message comes next.</summary>
public enum SctpScheduler
{
    /// <summary>Section 3.1: in the order of the application.</summary>
    FirstComeFirstServed,

    /// <summary>Section 3.2: one message (interleaving: one chunk) of each stream in turn.</summary>
    RoundRobin,

    /// <summary>Section 3.3: one packet of each stream in turn.</summary>
    RoundRobinPerPacket,

    /// <summary>Section 3.4: the stream of the highest priority.</summary>
    Priority,

    /// <summary>Section 3.5: equal bytes for all streams.</summary>
    FairCapacity,

    /// <summary>Section 3.6: bytes in proportion to the streams' weights.</summary>
    WeightedFairQueueing,
}

/// <summary>Every number and choice of an <see cref="SctpAssociation"/>. Times and counts are those of RFC 9260 section 16 where it has them.</summary>
public sealed record SctpPolicy
{
    /// <summary>Negotiated with sctp-port (RFC 8841 section 5); nearly everybody takes 5000.</summary>
    public ushort LocalPort { get; init; } = 5000;

    /// <inheritdoc cref="LocalPort"/>
    public ushort RemotePort { get; init; } = 5000;

    /// <summary>
    /// Bytes of the largest SCTP packet. RFC 8261 section 5: without path MTU discovery a safe value that does not exceed 1200 bytes; that is of IP, so
    /// IPv6 (40), UDP (8) and a DTLS 1.2 record with AES-GCM (13 + 8 + 16) are taken off. A multiple of 4.
    /// </summary>
    public int MaxPacketSize { get; init; } = 1112;

    /// <summary>Whether an INIT of the peer sets up an association.</summary>
    public bool Listens { get; init; } = true;

    /// <summary>RFC 8831 section 6.2: outbound streams to ask for.</summary>
    public ushort OutboundStreams { get; init; } = 65_535;

    /// <summary>The most inbound streams to accept.</summary>
    public ushort InboundStreams { get; init; } = 65_535;

    /// <summary>RFC 9260 section 6.2: bytes of user data that may wait for what is before them, or for the application; advertised as a_rwnd.</summary>
    public int ReceiveBufferBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>
    /// Bytes of messages that have come in sequence and are not complete. They do not close the window: only the rest of their messages sets them
    /// free, so that it would never open again; an implementation that delivers partially has room again, too (RFC 9260 section 6.9). A message of
    /// <see cref="MaxReceiveMessageBytes"/> fits whatever is set here; more than this ends the association (section 3.3.10.4).
    /// </summary>
    public int MaxUnfinishedBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Fragments that may wait for reassembly (chunks in sequence are one), and messages that may wait to be read, whatever their size.</summary>
    public int MaxReassemblyChunks { get; init; } = 8192;

    /// <summary>Ranges of TSNs above the cumulative one; a chunk that would begin one more is not accepted.</summary>
    public int MaxGapRanges { get; init; } = 1024;

    /// <summary>Bytes of the largest message that is put together; a larger one ends the association (RFC 9260 section 3.3.10.4).</summary>
    public int MaxReceiveMessageBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of user data that may wait for transmission or acknowledgement.</summary>
    public int SendBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of the largest message that may be sent.</summary>
    public int MaxSendMessageBytes { get; init; } = 1024 * 1024;

    /// <summary>Control chunks that may wait for a packet; more replies are not made.</summary>
    public int MaxPendingReplies { get; init; } = 64;

    public TimeSpan RtoInitial { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan RtoMin { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan RtoMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Packets that may leave at one opportunity (section 6.1 rule D).</summary>
    public int MaxBurst { get; init; } = 4;

    public TimeSpan ValidCookieLife { get; init; } = TimeSpan.FromSeconds(60);
    public int AssociationMaxRetrans { get; init; } = 10;

    /// <summary>RFC 8261 section 6.1: the same as <see cref="AssociationMaxRetrans"/>, because there is one path.</summary>
    public int PathMaxRetrans { get; init; } = 10;

    public int MaxInitRetransmits { get; init; } = 8;

    /// <summary>Section 8.3; zero for no heartbeats.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Section 6.2: never more than 500 ms.</summary>
    public TimeSpan SackDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Section 6.2: an acknowledgement for every that many packets.</summary>
    public int SackEvery { get; init; } = 2;

    /// <summary>RFC 3758.</summary>
    public bool PartialReliability { get; init; } = true;

    /// <summary>RFC 6525.</summary>
    public bool StreamReconfiguration { get; init; } = true;

    /// <summary>RFC 8260 section 2: I-DATA in place of DATA, when the peer wants it too.</summary>
    public bool Interleaving { get; init; }

    /// <summary>
    /// RFC 8260: messages that have been begun and not sent to their end have at most this share of the peer's receive buffer (its first a_rwnd), and
    /// a message that is larger goes alone. A peer that hands out whole messages only would be stuck with a buffer full of beginnings; and peers
    /// count more than user data against their buffers: usrsctp 256 bytes a chunk.
    /// </summary>
    public double UnfinishedShare { get; init; } = 0.75;

    /// <summary>RFC 8260 section 3.</summary>
    public SctpScheduler Scheduler { get; init; } = SctpScheduler.WeightedFairQueueing;

    /// <summary>RFC 9653 section 4: how packets are protected otherwise, so that the peer may leave out the checksum; null to insist on it.</summary>
    public ErrorDetectionMethod? ZeroChecksumAcceptable { get; init; }
}
