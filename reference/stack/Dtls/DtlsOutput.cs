using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Dtls;

public enum DtlsOutputKind
{
    /// <summary>Send <see cref="DtlsOutput.Bytes"/> as one datagram.</summary>
    Transmit,

    /// <summary><see cref="DtlsOutput.Bytes"/> is what one record of the peer held.</summary>
    ApplicationData,

    /// <summary>See <see cref="DtlsOutput.Event"/>.</summary>
    Event,
}

/// <summary>
/// What a <see cref="DtlsEndpoint"/> has to say. A value, so that a record costs no allocation: <paramref name="Bytes"/> lie in the endpoint's own
/// memory and are good until it is called again (other than by TryTake). Who needs them longer copies them.
/// </summary>
public readonly record struct DtlsOutput(DtlsOutputKind Kind, ReadOnlyMemory<byte> Bytes, DtlsEvent? Event);

/// <summary>What happens rarely.</summary>
public abstract record DtlsEvent
{
    private DtlsEvent()
    {
    }

    /// <summary>The handshake is complete and the peer is who it should be; from here on data can be sent.</summary>
    public sealed record Connected(DtlsSession Session) : DtlsEvent;

    /// <summary>The end, and no more comes.</summary>
    /// <param name="Alert">The alert that was sent or received, if any.</param>
    /// <param name="Rule">Document and section: "RFC5246:7.4.9".</param>
    public sealed record Closed(DtlsCloseCause Cause, AlertDescription? Alert, string Rule, string Note) : DtlsEvent;

    /// <summary>Something came in and had no effect.</summary>
    public sealed record Discarded(Discard Discard) : DtlsEvent;

    /// <summary>A line for a key log file (NSS key log format): "CLIENT_RANDOM", the client's random, the master secret.</summary>
    public sealed record KeyLogged(string Line) : DtlsEvent;
}

public enum DtlsCloseCause
{
    /// <summary><see cref="DtlsEndpoint.Close"/> was called.</summary>
    Local,

    /// <summary>The peer sent close_notify.</summary>
    Remote,

    /// <summary>The peer sent a fatal alert.</summary>
    RemoteAlert,

    /// <summary>The peer broke a rule that cannot be overlooked; it was sent a fatal alert.</summary>
    ProtocolViolation,

    /// <summary>The peer is not who it should be.</summary>
    NotAuthenticated,

    /// <summary>Of a <see cref="DtlsServer"/>: the client has established a new association in its place.</summary>
    Replaced,

    /// <summary>A flight was sent <see cref="DtlsPolicy.MaxTransmissions"/> times.</summary>
    Timeout,
}

/// <summary>Why a handshake cannot go on.</summary>
/// <param name="Alert">To be sent.</param>
/// <param name="Rule">Document and section.</param>
/// <param name="Note">One line for a reader.</param>
internal sealed record DtlsFailure(AlertDescription Alert, string Rule, string Note, DtlsCloseCause Cause = DtlsCloseCause.ProtocolViolation);
