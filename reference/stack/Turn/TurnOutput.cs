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

/// <summary>What a <see cref="TurnClient"/> or a <see cref="TurnServer"/> has to say.</summary>
public abstract record TurnOutput : IMachineOutput<TurnOutput>
{
    private TurnOutput()
    {
    }

    public bool TryGetDatagram(out Datagram datagram)
    {
        datagram = (this as Transmit)?.Datagram ?? default;
        return this is Transmit;
    }

    public TurnOutput Keep() => this;

    /// <summary>Send this; <see cref="Datagram.Local"/> says from where: of a server, a listening or a relayed address.</summary>
    public sealed record Transmit(Datagram Datagram) : TurnOutput;

    /// <summary>A datagram, or data to be sent, had no effect.</summary>
    public sealed record Discarded(TransportAddress Local, TransportAddress Remote, Discard Discard) : TurnOutput;

    // ---- client ----

    /// <summary>There is an allocation (section 7.3).</summary>
    /// <param name="Relayed">One address, or one of each family.</param>
    /// <param name="Mapped">The client's address as the server sees it; none when the server did not say.</param>
    /// <param name="Lifetime">As granted.</param>
    public sealed record Allocated(IReadOnlyList<TransportAddress> Relayed, TransportAddress Mapped, TimeSpan Lifetime) : TurnOutput;

    /// <summary>A dual allocation got one address only; that is why the other is missing (ADDRESS-ERROR-CODE, section 7.3).</summary>
    public sealed record FamilyRefused(IpFamily Family, int ErrorCode) : TurnOutput;

    /// <summary>The allocation has been prolonged.</summary>
    public sealed record Refreshed(TimeSpan Lifetime) : TurnOutput;

    /// <summary>The peer's IP address has a permission; not said again when that is refreshed.</summary>
    public sealed record Permitted(TransportAddress Peer) : TurnOutput;

    /// <summary>The channel is bound to the peer; not said again when that is refreshed.</summary>
    public sealed record ChannelBound(ushort Number, TransportAddress Peer) : TurnOutput;

    /// <summary>Data of a peer. <paramref name="Channel"/>: the channel that it came on; 0 for a Data indication.</summary>
    public sealed record Received(TransportAddress Peer, ReadOnlyMemory<byte> Data, ushort Channel) : TurnOutput;

    /// <summary>An ICMP error that the server got about what was sent to the peer (section 11.6).</summary>
    public sealed record IcmpError(TransportAddress Peer, byte Type, byte Code) : TurnOutput;

    /// <summary>A request failed, and another attempt is made: elsewhere or in another form.</summary>
    public sealed record TriesAgain(TurnRequest Request, int ErrorCode, string How) : TurnOutput;

    /// <summary>A request failed for good. <paramref name="ErrorCode"/> is 0 when no error response came; <paramref name="Peers"/> are those it named.</summary>
    public sealed record Failed(TurnRequest Request, TurnFailure Reason, int ErrorCode, IReadOnlyList<TransportAddress> Peers) : TurnOutput;

    /// <summary>There is no allocation any more.</summary>
    public sealed record Ended(TurnEnd Reason) : TurnOutput;

    // ---- server ----

    /// <summary>The server has made an allocation.</summary>
    public sealed record AllocationCreated(TransportAddress Client, string Username, IReadOnlyList<TransportAddress> Relayed) : TurnOutput;

    /// <summary>A relayed address is free again.</summary>
    public sealed record RelayEnded(TransportAddress Client, TransportAddress Relayed, TurnEnd Reason) : TurnOutput;

    /// <summary>The server has answered a request with an error.</summary>
    public sealed record Rejected(TransportAddress Client, ushort Method, int ErrorCode) : TurnOutput;
}
