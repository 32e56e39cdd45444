using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpCauses;

namespace WebRtcConformance.Stack.Sctp;

/// <summary>What an <see cref="SctpOutput"/> says.</summary>
public enum SctpOutputKind
{
    /// <summary>Send <see cref="SctpOutput.Bytes"/> to the peer.</summary>
    Transmit,

    /// <summary>The association is up (RFC 9260 section 11.2, COMMUNICATION UP).</summary>
    Opened,

    /// <summary>A user message: <see cref="SctpOutput.Bytes"/>, <see cref="SctpOutput.Stream"/>, <see cref="SctpOutput.Protocol"/>.</summary>
    Received,

    /// <summary>The peer has restarted the association (section 5.2.4, action A); what was not acknowledged is lost.</summary>
    Restarted,

    /// <summary>The peer has reset its outgoing <see cref="SctpOutput.Streams"/> (RFC 6525 section 5.2.2); none named: all.</summary>
    IncomingStreamsReset,

    /// <summary>Our outgoing <see cref="SctpOutput.Streams"/> have been reset (RFC 6525 section 5.2.7 H4).</summary>
    OutgoingStreamsReset,

    /// <summary>The peer has not performed a reset of <see cref="SctpOutput.Streams"/>.</summary>
    StreamResetFailed,

    /// <summary>The numbers of streams have grown (RFC 6525 sections 5.2.5 and 5.2.7 H6).</summary>
    StreamsAdded,

    /// <summary>A message of <see cref="SctpOutput.Stream"/> has been given up (RFC 3758 section 3.5).</summary>
    Abandoned,

    /// <summary>The bytes of <see cref="SctpOutput.Stream"/> that wait have sunk to the threshold.</summary>
    BufferedAmountLow,

    /// <summary>The path no longer answers (RFC 9260 section 8.2).</summary>
    PathInactive,

    /// <summary>The path answers again.</summary>
    PathActive,

    /// <summary>The association has ended: <see cref="SctpOutput.Close"/>.</summary>
    Closed,

    /// <summary>Something had no effect: <see cref="SctpOutput.Discard"/>.</summary>
    Discarded,
}

/// <summary>How an association ended.</summary>
public enum SctpCloseReason
{
    /// <summary>RFC 9260 section 9.2, either side's wish.</summary>
    Shutdown,

    /// <summary>Section 9.1, on our wish.</summary>
    LocalAbort,

    /// <summary>Section 9.1, by the peer.</summary>
    PeerAbort,

    /// <summary>The peer broke a rule for which the association is aborted.</summary>
    ProtocolViolation,

    /// <summary>A bound of the policy was reached.</summary>
    OutOfResource,

    /// <summary>Section 5.1.4: too many INIT or COOKIE ECHO.</summary>
    NoAnswer,

    /// <summary>Section 8.1: too many retransmissions.</summary>
    Unreachable,
}

/// <param name="Reason">The class of reason.</param>
/// <param name="Note">One line for a reader.</param>
/// <param name="Causes">The causes in the ABORT that was sent or received.</param>
public sealed record SctpClose(SctpCloseReason Reason, string Note, IReadOnlyList<SctpErrorCause> Causes);

/// <summary>
/// What an association has to say. A value, so that a packet costs no allocation. <see cref="Bytes"/> are lent: they stay as they are until the next call
/// into the association, <see cref="SctpAssociation.TryTake"/> included.
/// </summary>
public readonly record struct SctpOutput
{
    private readonly object? _detail;

    private SctpOutput(SctpOutputKind kind, object? detail = null) => (Kind, _detail) = (kind, detail);

    public SctpOutputKind Kind { get; }
    public ReadOnlyMemory<byte> Bytes { get; private init; }
    public ushort Stream { get; private init; }
    public SctpPayloadProtocolIdentifier Protocol { get; private init; }
    public bool Unordered { get; private init; }
    public IReadOnlyList<ushort> Streams => _detail as ushort[] ?? [];
    public SctpClose Close => (SctpClose)_detail!;
    public Discard Discard => (Discard)_detail!;

    internal static SctpOutput Transmit(ReadOnlyMemory<byte> packet) => new(SctpOutputKind.Transmit) { Bytes = packet };

    internal static SctpOutput Received(ReadOnlyMemory<byte> message, ushort stream, SctpPayloadProtocolIdentifier protocol, bool unordered) =>
        new(SctpOutputKind.Received) { Bytes = message, Stream = stream, Protocol = protocol, Unordered = unordered };

    internal static SctpOutput Plain(SctpOutputKind kind, ushort stream = 0) => new(kind) { Stream = stream };
    internal static SctpOutput OfStreams(SctpOutputKind kind, ushort[] streams) => new(kind, streams);
    internal static SctpOutput Closed(SctpClose close) => new(SctpOutputKind.Closed, close);
    internal static SctpOutput Discarded(Discard discard) => new(SctpOutputKind.Discarded, discard);

    public override string ToString() => Kind switch
    {
        SctpOutputKind.Transmit => $"Transmit {Bytes.Length} bytes",
        SctpOutputKind.Received => $"Received {Bytes.Length} bytes on {Stream} ({Protocol}{(Unordered ? ", unordered" : "")})",
        SctpOutputKind.Closed => $"Closed: {Close.Reason}, {Close.Note}",
        SctpOutputKind.Discarded => $"Discarded: {Discard}",
        _ when Streams.Count > 0 => $"{Kind} {string.Join(",", Streams)}",
        _ => $"{Kind} {Stream}",
    };
}

/// <summary>RFC 9260 section 11.1: how a message is to be sent.</summary>
public readonly record struct SctpSendOptions
{
    /// <summary>Section 6.6: delivered as soon as it is complete.</summary>
    public bool Unordered { get; init; }

    /// <summary>RFC 3758 section 4.1, timed reliability: given up when that time has passed since the message was handed over.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>RFC 7496 section 3.1, limited retransmissions: given up when a chunk of it would have to be sent again more often.</summary>
    public int? MaxRetransmissions { get; init; }
}

/// <summary>What became of a request to send.</summary>
public enum SctpSendResult
{
    Accepted,

    /// <summary>RFC 9260 section 6.2: there are no messages without data.</summary>
    Empty,

    /// <summary>Larger than the policy allows.</summary>
    TooLarge,

    /// <summary>The send buffer is full; try again when something has been acknowledged.</summary>
    BufferFull,

    /// <summary>Not below the number of outbound streams.</summary>
    NoSuchStream,

    /// <summary>The association is being shut down, or is closed.</summary>
    Closed,
}
