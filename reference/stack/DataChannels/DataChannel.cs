namespace WebRtcConformance.Stack.DataChannels;

public enum DataChannelState
{
    /// <summary>DATA_CHANNEL_OPEN has not been answered, or there is no association yet.</summary>
    Connecting,
    Open,

    /// <summary>A stream of it is being reset.</summary>
    Closing,
    Closed,
}

/// <summary>A pair of streams with one identifier (RFC 8831 section 6.4). A handle: its hub does the work.</summary>
public sealed class DataChannel
{
    internal DataChannel(DataChannelOptions options, ushort? id, bool openedByPeer) => (Options, Id, OpenedByPeer) = (options, id, openedByPeer);

    public DataChannelOptions Options { get; }

    /// <summary>The stream identifier; null until the DTLS role is known.</summary>
    public ushort? Id { get; internal set; }

    public bool OpenedByPeer { get; }

    public DataChannelState State { get; internal set; }

    /// <summary>RFC 8832 section 6: before anything has come on the channel, everything is sent ordered.</summary>
    internal bool HeardOf { get; set; }

    internal bool OpenSent { get; set; }

    /// <summary>RFC 8831 section 6.7: both streams have to be reset.</summary>
    internal bool OutgoingReset { get; set; }

    internal bool IncomingReset { get; set; }

    internal bool ResetRequested { get; set; }

    /// <summary>Stands for a stream on which something came that should not have; the application does not know of it.</summary>
    internal bool IsUnannounced { get; init; }

    /// <summary>Parts of a message with the deprecated PPIDs (RFC 8831 section 6.6).</summary>
    internal List<byte>? Parts { get; set; }

    internal int BufferedAmountLowThreshold { get; set; } = -1;

    public override string ToString() => $"{Id?.ToString() ?? "?"} '{Options.Label}' {State}";
}
