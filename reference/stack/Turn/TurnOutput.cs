using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Turn;

/// <summary>What a client asks of a server.</summary>
public enum TurnRequest
{
    /// <summary>RFC 8656 section 7.</summary>
    Allocate,

    /// <summary>Section 8, to keep the allocation.</summary>
    Refresh,

    /// <summary>Section 8, with a lifetime of 0.</summary>
    Delete,

    /// <summary>Section 10.</summary>
    CreatePermission,

    /// <summary>Section 12.1.</summary>
    ChannelBind,
}

/// <summary>Why a request failed.</summary>
public enum TurnFailure
{
    /// <summary>An error response; its code is beside this.</summary>
    ErrorResponse,

    /// <summary>401 or 438 that must not be answered by another attempt (RFC 8489 section 9.2.5).</summary>
    CredentialsRejected,

    /// <summary>No response (RFC 8489 section 6.2.1).</summary>
    Timeout,

    /// <summary>Only responses that were not authentic (RFC 8489 section 9.2.5).</summary>
    IntegrityViolated,

    /// <summary>A success response without what it must hold, or with what must be understood and is not (RFC 8489 section 6.3.3).</summary>
    UnusableResponse,

    /// <summary>RFC 8656 section 7.3: a relayed address of a family that was not asked for.</summary>
    WrongFamily,
}

/// <summary>How an allocation ended.</summary>
public enum TurnEnd
{
    /// <summary>Deleted on the client's wish (RFC 8656 section 8).</summary>
    Deleted,

    /// <summary>Its time ran out (section 6).</summary>
    Expired,

    /// <summary>The server has answered 437: there is none (section 5).</summary>
    Lost,

    /// <summary>A ChannelBind was answered with 400: client and server no longer agree (section 12.3).</summary>
    OutOfSync,

    /// <summary>Another Allocate request took its place; never without <see cref="TurnQuirk.ReplacesAllocation"/>.</summary>
    Replaced,
}

public enum TurnOutputKind
{
    /// <summary>Send <see cref="TurnOutput.Datagram"/>.</summary>
    Transmit,

    /// <summary>Data of a peer: <see cref="TurnOutput.Peer"/>, <see cref="TurnOutput.Data"/>, <see cref="TurnOutput.Channel"/>.</summary>
    Received,

    /// <summary>See <see cref="TurnOutput.Event"/>.</summary>
    Event,
}

/// <summary>
/// What a <see cref="TurnClient"/> or a <see cref="TurnServer"/> has to say. A value, so that relayed data costs no allocation: bytes lie in the machine's own
/// memory and are good until it is called again (other than by TryTake).
/// </summary>
public readonly record struct TurnOutput : IMachineOutput<TurnEvent>
{
    public TurnOutputKind Kind { get; private init; }

    /// <summary><see cref="Foundation.Datagram.Local"/> says from where it goes: of a server, a listening or a relayed address.</summary>
    public Datagram Datagram { get; private init; }

    public TransportAddress Peer { get; private init; }

    public ReadOnlyMemory<byte> Data { get; private init; }

    /// <summary>The channel that the data came on; 0 for a Data indication.</summary>
    public ushort Channel { get; private init; }

    public TurnEvent? Event { get; private init; }

    public bool TryGetDatagram(out Datagram datagram)
    {
        datagram = Datagram;
        return Kind == TurnOutputKind.Transmit;
    }

    public TurnEvent Keep() => Event ?? new TurnEvent.Received(Peer, Data.ToArray(), Channel);

    internal static TurnOutput Transmit(in Datagram datagram) => new() { Kind = TurnOutputKind.Transmit, Datagram = datagram };

    internal static TurnOutput Received(TransportAddress peer, ReadOnlyMemory<byte> data, ushort channel) =>
        new() { Kind = TurnOutputKind.Received, Peer = peer, Data = data, Channel = channel };

    public static implicit operator TurnOutput(TurnEvent happened) => new() { Kind = TurnOutputKind.Event, Event = happened };
}

/// <summary>What happens rarely, and data that is kept.</summary>
public abstract record TurnEvent
{
    private TurnEvent()
    {
    }

    /// <summary>A datagram, or data to be sent, had no effect.</summary>
    public sealed record Discarded(TransportAddress Local, TransportAddress Remote, Discard Discard) : TurnEvent;

    // ---- client ----

    /// <summary>There is an allocation (section 7.3).</summary>
    /// <param name="Relayed">One address, or one of each family.</param>
    /// <param name="Mapped">The client's address as the server sees it; none when the server did not say.</param>
    /// <param name="Lifetime">As granted.</param>
    public sealed record Allocated(IReadOnlyList<TransportAddress> Relayed, TransportAddress Mapped, TimeSpan Lifetime) : TurnEvent;

    /// <summary>A dual allocation got one address only; that is why the other is missing (ADDRESS-ERROR-CODE, section 7.3).</summary>
    public sealed record FamilyRefused(IpFamily Family, int ErrorCode) : TurnEvent;

    /// <summary>The allocation has been prolonged.</summary>
    public sealed record Refreshed(TimeSpan Lifetime) : TurnEvent;

    /// <summary>The peer's IP address has a permission; not said again when that is refreshed.</summary>
    public sealed record Permitted(TransportAddress Peer) : TurnEvent;

    /// <summary>The channel is bound to the peer; not said again when that is refreshed.</summary>
    public sealed record ChannelBound(ushort Number, TransportAddress Peer) : TurnEvent;

    /// <summary>Data of a peer. <paramref name="Channel"/>: the channel that it came on; 0 for a Data indication.</summary>
    public sealed record Received(TransportAddress Peer, ReadOnlyMemory<byte> Data, ushort Channel) : TurnEvent;

    /// <summary>An ICMP error that the server got about what was sent to the peer (section 11.6).</summary>
    public sealed record IcmpError(TransportAddress Peer, byte Type, byte Code) : TurnEvent;

    /// <summary>One more request waits for <see cref="TurnClient.TakeTurn"/>; never without <see cref="TurnClientPolicy.TakesTurns"/>.</summary>
    public sealed record WaitsForTurn(TurnRequest Request) : TurnEvent;

    /// <summary>A request failed, and another attempt is made: elsewhere or in another form.</summary>
    public sealed record TriesAgain(TurnRequest Request, int ErrorCode, string How) : TurnEvent;

    /// <summary>A request failed for good. <paramref name="ErrorCode"/> is 0 when no error response came; <paramref name="Peers"/> are those it named.</summary>
    public sealed record Failed(TurnRequest Request, TurnFailure Reason, int ErrorCode, IReadOnlyList<TransportAddress> Peers) : TurnEvent;

    /// <summary>There is no allocation any more.</summary>
    public sealed record Ended(TurnEnd Reason) : TurnEvent;

    // ---- server ----

    /// <summary>The server has made an allocation.</summary>
    public sealed record AllocationCreated(TransportAddress Client, string Username, IReadOnlyList<TransportAddress> Relayed) : TurnEvent;

    /// <summary>A relayed address is free again.</summary>
    public sealed record RelayEnded(TransportAddress Client, TransportAddress Relayed, TurnEnd Reason) : TurnEvent;

    /// <summary>The server has answered a request with an error.</summary>
    public sealed record Rejected(TransportAddress Client, ushort Method, int ErrorCode) : TurnEvent;
}
