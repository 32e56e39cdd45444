using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Peer;

/// <summary>An output of a <see cref="PeerConnection"/> that can be kept: its bytes are its own.</summary>
public sealed record PeerEvent(Instant At, PeerOutputKind Kind, PeerState State, DataChannel? Channel, byte[] Bytes, string Note, Discard Discard)
{
    public override string ToString() => $"{At} {Kind} {Channel}{(Bytes.Length > 0 ? $" {Bytes.Length} bytes" : "")} {Note}{(Kind == PeerOutputKind.Discarded ? Discard.ToString() : "")}";
}

/// <summary>Outputs of a <see cref="PeerNode"/>, kept until somebody asks: commands to the peer are safe then.</summary>
public sealed class PeerEvents
{
    private readonly Outbox<PeerEvent> _events = new();

    /// <summary>Discarded datagrams are counted, and kept only when asked for: a hostile peer makes many.</summary>
    public bool KeepsDiscards { get; init; }

    public long Discards { get; private set; }

    /// <summary>To be given to a node.</summary>
    public void Add(Instant now, PeerOutput output)
    {
        if (output.Kind == PeerOutputKind.Discarded)
        {
            Discards++;
            if (!KeepsDiscards) return;
        }
        var hasChannel = output.Kind is PeerOutputKind.ChannelAnnounced or PeerOutputKind.ChannelOpened or PeerOutputKind.ChannelClosed or PeerOutputKind.Text
            or PeerOutputKind.Binary or PeerOutputKind.BufferedAmountLow;
        _events.Add(new PeerEvent(now, output.Kind, output.State, hasChannel ? output.Channel : null, output.Bytes.ToArray(), output.Note,
            output.Kind == PeerOutputKind.Discarded ? output.Discard : default));
    }

    public bool TryTake(out PeerEvent happened) => _events.TryTake(out happened);
}
