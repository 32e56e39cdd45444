using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Stack.DataChannels;

/// <summary>
/// The data channels of one association (RFC 8831, RFC 8832). Opening is in .Opening, messages in .Messages, closing in .Closing. The shape of every machine of
/// this stack; packets go in and come out as they do of the association below.
/// </summary>
public sealed partial class DataChannelHub : IPacketMachine<DataChannelOutput>
{
    private readonly DataChannelPolicy _policy;
    private readonly QuirkSet _quirks;
    private readonly Dictionary<ushort, DataChannel> _channels = [];
    private readonly List<DataChannel> _unnumbered = []; // until the DTLS role is known
    private readonly Queue<DataChannelOutput> _outbox = new();
    private DataChannelRole? _role;
    private Instant _now = Instant.Start;
    private bool _connected, _ended;

    public DataChannelHub(DataChannelPolicy policy, SctpPolicy sctp, Entropy entropy, QuirkSet quirks = default)
    {
        (_policy, _quirks, RemoteMaxMessageSize) = (policy, quirks, policy.RemoteMaxMessageSize);
        var largest = Math.Max(sctp.MaxReceiveMessageBytes, policy.LocalMaxMessageSize);
        Association = new SctpAssociation(sctp with { MaxReceiveMessageBytes = largest }, entropy, quirks);
    }

    public SctpAssociation Association { get; }

    /// <summary>Channels that are not closed and have an identifier.</summary>
    public IReadOnlyCollection<DataChannel> Channels => _channels.Values;

    /// <summary>RFC 8841 section 6.1: what the peer's description says; that of the policy until it is set. 0 for any size.</summary>
    public int RemoteMaxMessageSize { get; set; }

    /// <summary>The latest time that the hub or its association has been told, commands included.</summary>
    public Instant Now => Instant.Max(_now, Association.Now);

    public Instant NextDeadline => Association.NextDeadline;

    /// <summary>The DTLS connection is up: choose identifiers, and begin the association when told to.</summary>
    /// <exception cref="InvalidOperationException">It has begun.</exception>
    public void Begin(Instant now, DataChannelRole role, bool connect = true)
    {
        if (_role is not null) throw new InvalidOperationException("the role is known already");
        _now = now;
        _role = role;
        if (connect) Association.Connect(now);
        foreach (var channel in _unnumbered) Number(channel);
        _unnumbered.Clear();
    }

    /// <summary>RFC 8831 section 6.2: end the association; all channels are closed by that.</summary>
    public void Shutdown(Instant now)
    {
        _now = now;
        Association.Shutdown(now);
    }

    /// <summary>End the association at once, or see that it never begins; all channels are closed by that.</summary>
    public void Abort(Instant now)
    {
        if (_ended) return;
        _now = now;
        var begun = Association.State != SctpState.Closed;
        Association.Abort(now);
        if (begun) return; // its end is reported, and ends the channels
        CloseAll();
        _ended = true;
    }

    public void Receive(Instant now, ReadOnlySpan<byte> packet)
    {
        _now = now;
        Association.Receive(now, packet);
    }

    public void Advance(Instant now)
    {
        _now = now;
        Association.Advance(now);
    }

    public bool TryTake(out DataChannelOutput output)
    {
        while (true)
        {
            if (_outbox.TryDequeue(out output)) return true;
            if (!Association.TryTake(out var below)) return false;
            if (below.Kind == SctpOutputKind.Transmit)
            {
                output = DataChannelOutput.Transmit(below.Bytes);
                return true;
            }
            if (Process(below, out output)) return true;
        }
    }

    /// <returns>An output came of it; more may wait in the outbox.</returns>
    private bool Process(in SctpOutput below, out DataChannelOutput output)
    {
        output = default;
        switch (below.Kind)
        {
            case SctpOutputKind.Received: return ReceiveMessage(below, out output);
            case SctpOutputKind.Opened:
                Connected();
                break;
            case SctpOutputKind.Restarted:
                // The peer knows nothing of the channels any more.
                CloseAll();
                Connected();
                break;
            case SctpOutputKind.IncomingStreamsReset: IncomingReset(below.Streams); break;
            case SctpOutputKind.OutgoingStreamsReset: OutgoingReset(below.Streams); break;
            case SctpOutputKind.StreamResetFailed: OutgoingReset(below.Streams); break;
            case SctpOutputKind.BufferedAmountLow:
                if (_channels.TryGetValue(below.Stream, out var channel)) Report(DataChannelOutputKind.BufferedAmountLow, channel);
                break;
            case SctpOutputKind.Closed:
                CloseAll();
                (_connected, _ended) = (false, true);
                _outbox.Enqueue(DataChannelOutput.Disconnected(below.Close));
                break;
            case SctpOutputKind.Discarded: _outbox.Enqueue(DataChannelOutput.Discarded(below.Discard)); break;
        }
        return false;
    }

    private void Connected()
    {
        _connected = true;
        _outbox.Enqueue(DataChannelOutput.Plain(DataChannelOutputKind.Connected));
        foreach (var channel in _channels.Values.ToArray())
        {
            if (channel.Id >= Association.OutboundStreams) Closed(channel); // the peer has not that many streams
            else if (channel is { State: DataChannelState.Connecting, Options.Negotiated: true }) Opened(channel);
        }
        RequestResets();
    }

    private void CloseAll()
    {
        foreach (var channel in _channels.Values.ToArray()) Closed(channel);
        foreach (var channel in _unnumbered.ToArray()) Closed(channel);
        _unnumbered.Clear();
    }

    private void Report(DataChannelOutputKind kind, DataChannel channel) => _outbox.Enqueue(DataChannelOutput.Of(kind, channel));

    private void Discard(DiscardReason reason, string rule, string note) => _outbox.Enqueue(DataChannelOutput.Discarded(new Discard(reason, rule, note)));

    private SctpSendResult SendDcep(ushort stream, byte[] message)
    {
        // RFC 8832 section 6: ordered, reliable, with the PPID of DCEP, on the stream of the channel.
        var protocol = _quirks.Has(SctpQuirk.DcepUsesWrongProtocolIdentifier) ? SctpPayloadProtocolIdentifier.WebRtcBinary : SctpPayloadProtocolIdentifier.WebRtcDcep;
        return Association.Send(_now, stream, protocol, message, new SctpSendOptions { Unordered = _quirks.Has(SctpQuirk.DcepSendsOpenUnordered) });
    }
}
