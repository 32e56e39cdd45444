using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Peer;

public enum PeerOutputKind
{
    /// <summary>Send <see cref="PeerOutput.Datagram"/>.</summary>
    Transmit,

    /// <summary>A layer has changed: <see cref="PeerOutput.State"/>, <see cref="PeerOutput.Note"/>.</summary>
    StateChanged,

    /// <summary>Tell the peer of a candidate: <see cref="PeerOutput.Note"/> is its line, "candidate:...", or empty for the end of candidates (RFC 8838 section 13).</summary>
    LocalCandidate,

    /// <summary>The peer has opened <see cref="PeerOutput.Channel"/>; it is open.</summary>
    ChannelAnnounced,

    /// <summary>A channel of this side is open.</summary>
    ChannelOpened,

    /// <summary>A channel is closed.</summary>
    ChannelClosed,

    /// <summary>A string, as UTF-8.</summary>
    Text,

    /// <summary>Binary data.</summary>
    Binary,

    /// <summary>What waits on the channel has sunk to its threshold.</summary>
    BufferedAmountLow,

    /// <summary>A line for a key log file: <see cref="PeerOutput.Note"/>.</summary>
    KeyLogged,

    /// <summary>Something had no effect: <see cref="PeerOutput.Discard"/>.</summary>
    Discarded,
}

/// <summary>
/// What a <see cref="PeerConnection"/> has to say. A value, so that a datagram costs no allocation; <see cref="Bytes"/> and those of <see cref="Datagram"/> are lent
/// until the next call into the peer, TryTake included.
/// </summary>
public readonly record struct PeerOutput
{
    private readonly object? _detail;

    private PeerOutput(PeerOutputKind kind, object? detail = null) => (Kind, _detail) = (kind, detail);

    public PeerOutputKind Kind { get; }
    public Datagram Datagram { get; private init; }
    public ReadOnlyMemory<byte> Bytes { get; private init; }
    public PeerState State { get; private init; }
    public DataChannel Channel => (DataChannel)_detail!;
    public string Note => _detail as string ?? "";
    public Discard Discard => (Discard)_detail!;

    internal static PeerOutput Transmit(in Datagram datagram) => new(PeerOutputKind.Transmit) { Datagram = datagram };
    internal static PeerOutput StateChanged(in PeerState state, string reason) => new(PeerOutputKind.StateChanged, reason) { State = state };
    internal static PeerOutput LocalCandidate(string line) => new(PeerOutputKind.LocalCandidate, line);
    internal static PeerOutput KeyLogged(string line) => new(PeerOutputKind.KeyLogged, line);
    internal static PeerOutput Of(PeerOutputKind kind, DataChannel channel) => new(kind, channel);
    internal static PeerOutput Discarded(Discard discard) => new(PeerOutputKind.Discarded, discard);

    internal static PeerOutput Message(DataChannel channel, bool text, ReadOnlyMemory<byte> bytes) =>
        new(text ? PeerOutputKind.Text : PeerOutputKind.Binary, channel) { Bytes = bytes };

    public override string ToString() => Kind switch
    {
        PeerOutputKind.Transmit => $"Transmit {Datagram.Bytes.Length} bytes to {Datagram.Remote}",
        PeerOutputKind.StateChanged => $"{State.Connection} (ice {State.Ice}, dtls {State.Dtls}, sctp {State.Sctp}): {Note}",
        PeerOutputKind.Text or PeerOutputKind.Binary => $"{Kind} {Bytes.Length} bytes on {Channel}",
        _ => $"{Kind} {_detail}",
    };
}
