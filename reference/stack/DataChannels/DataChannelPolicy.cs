namespace WebRtcConformance.Stack.DataChannels;

/// <summary>RFC 8832 section 6: the DTLS client opens channels on even stream identifiers, the server on odd ones.</summary>
public enum DataChannelRole
{
    DtlsClient,
    DtlsServer,
}

/// <summary>Every number and choice of a <see cref="DataChannelHub"/>.</summary>
public sealed record DataChannelPolicy
{
    /// <summary>RFC 8841 section 6.1: the largest message that the peer accepts; 0 for any size.</summary>
    public int RemoteMaxMessageSize { get; init; } = 65_536;

    /// <summary>
    /// The largest message that this side accepts; a larger one closes its channel. Its association takes one of this size whatever
    /// <see cref="Sctp.SctpPolicy"/> says. 0 promises any size (RFC 8841 section 6.1), and what is beyond the association's bound ends it.
    /// </summary>
    public int LocalMaxMessageSize { get; init; } = 262_144;

    /// <summary>
    /// Bytes of messages of which parts have come (by the deprecated PPIDs, RFC 8831 section 6.6), on all channels; what is beyond closes its
    /// channel.
    /// </summary>
    public int MaxPartBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Channels at a time, of both sides; what the peer opens beyond is closed at once.</summary>
    public int MaxChannels { get; init; } = 65_535;

    /// <summary>Streams that are reset with one request: as many as a packet holds.</summary>
    public int MaxResetsAtOnce { get; init; } = 256;
}

/// <summary>What a channel is to be (RFC 8832 section 5.1, RFC 8831 section 6.4).</summary>
public sealed record DataChannelOptions
{
    public string Label { get; init; } = "";
    public string Protocol { get; init; } = "";
    public bool Ordered { get; init; } = true;

    /// <summary>Not together with <see cref="MaxPacketLifeTime"/>.</summary>
    public int? MaxRetransmits { get; init; }

    /// <summary>Milliseconds.</summary>
    public int? MaxPacketLifeTime { get; init; }

    /// <summary>RFC 8831 section 6.4: 128, 256, 512 or 1024.</summary>
    public ushort Priority { get; init; } = 256;

    /// <summary>RFC 8831 section 6.5: agreed on by other means; needs <see cref="Id"/>, and nothing is sent to open it.</summary>
    public bool Negotiated { get; init; }

    /// <summary>The stream identifier; chosen when null.</summary>
    public ushort? Id { get; init; }
}
