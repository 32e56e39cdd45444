using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;

namespace WebRtcConformance.Stack.DataChannels;

public enum DataChannelOutputKind
{
    /// <summary>Send <see cref="DataChannelOutput.Bytes"/> to the peer.</summary>
    Transmit,

    /// <summary>The association is up.</summary>
    Connected,

    /// <summary>The peer has opened <see cref="DataChannelOutput.Channel"/>.</summary>
    Announced,

    /// <summary>A channel of this side is open.</summary>
    Opened,

    /// <summary>A string: UTF-8, as it came.</summary>
    Text,

    /// <summary>Binary data.</summary>
    Binary,

    /// <summary>What waits on the channel has sunk to its threshold.</summary>
    BufferedAmountLow,

    /// <summary>The channel is closed; its identifier may be used again.</summary>
    Closed,

    /// <summary>The association has ended: <see cref="DataChannelOutput.Close"/>. All channels have been reported closed before.</summary>
    Disconnected,

    /// <summary>Something had no effect, or a channel was closed because of it.</summary>
    Discarded,
}

/// <summary>What a <see cref="DataChannelHub"/> has to say. <see cref="Bytes"/> are lent until the next call into the hub.</summary>
public readonly record struct DataChannelOutput
{
    private readonly object? _detail;

    private DataChannelOutput(DataChannelOutputKind kind, object? detail = null) => (Kind, _detail) = (kind, detail);

    public DataChannelOutputKind Kind { get; }
    public ReadOnlyMemory<byte> Bytes { get; private init; }
    public DataChannel Channel => (DataChannel)_detail!;
    public SctpClose Close => (SctpClose)_detail!;
    public Discard Discard => (Discard)_detail!;

    internal static DataChannelOutput Transmit(ReadOnlyMemory<byte> packet) => new(DataChannelOutputKind.Transmit) { Bytes = packet };
    internal static DataChannelOutput Plain(DataChannelOutputKind kind) => new(kind);
    internal static DataChannelOutput Of(DataChannelOutputKind kind, DataChannel channel) => new(kind, channel);

    internal static DataChannelOutput Message(DataChannel channel, bool text, ReadOnlyMemory<byte> bytes) =>
        new(text ? DataChannelOutputKind.Text : DataChannelOutputKind.Binary, channel) { Bytes = bytes };

    internal static DataChannelOutput Disconnected(SctpClose close) => new(DataChannelOutputKind.Disconnected, close);
    internal static DataChannelOutput Discarded(Discard discard) => new(DataChannelOutputKind.Discarded, discard);

    public override string ToString() => Kind switch
    {
        DataChannelOutputKind.Transmit or DataChannelOutputKind.Connected => $"{Kind} {Bytes.Length}",
        DataChannelOutputKind.Text or DataChannelOutputKind.Binary => $"{Kind} {Bytes.Length} bytes on {Channel}",
        _ => $"{Kind} {_detail}",
    };
}

/// <summary>What became of a request to send.</summary>
public enum DataChannelSendResult
{
    Accepted,

    /// <summary>The channel is not open.</summary>
    NotOpen,

    /// <summary>RFC 8841 section 6.1: larger than the peer accepts.</summary>
    TooLarge,

    /// <summary>Too much waits; try again later.</summary>
    BufferFull,
}
