using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.Dcep;

namespace WebRtcConformance.Stack.DataChannels;

// RFC 8832 section 6, and RFC 8831 section 6.5: opening a channel, in band and negotiated otherwise.
public sealed partial class DataChannelHub
{
    /// <summary>Open a channel. It may be opened before there is an association; it may be used once it is numbered.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <returns>Null when the identifier is in use, or none is left (RFC 8831 section 6.5).</returns>
    public DataChannel? Open(Instant now, DataChannelOptions options)
    {
        if (options is { MaxRetransmits: not null, MaxPacketLifeTime: not null }) throw new ArgumentException("a channel limits retransmissions or life time, not both", nameof(options));
        if (options.MaxRetransmits < 0 || options.MaxPacketLifeTime < 0) throw new ArgumentException("a limit is not negative", nameof(options));
        if (options is { Negotiated: true, Id: null }) throw new ArgumentException("a negotiated channel has an identifier", nameof(options));
        _now = now;
        if (_ended || _channels.Count + _unnumbered.Count >= _policy.MaxChannels) return null;
        var channel = new DataChannel(options, options.Id, openedByPeer: false);
        if (options.Id is null && _role is null)
        {
            _unnumbered.Add(channel);
            return channel;
        }
        return Number(channel) ? channel : null;
    }

    private bool Number(DataChannel channel)
    {
        var id = channel.Id ?? FreeId();
        if (id is null || _channels.ContainsKey(id.Value) || id == ushort.MaxValue || _connected && id >= Association.OutboundStreams)
        {
            if (channel.Id is null) Closed(channel);
            return false;
        }
        channel.Id = id;
        _channels[id.Value] = channel;
        Association.SetPriority(id.Value, channel.Options.Priority);
        if (channel.BufferedAmountLowThreshold >= 0) Association.SetBufferedAmountLowThreshold(id.Value, channel.BufferedAmountLowThreshold);
        if (channel.Options.Negotiated)
        {
            if (_connected) Opened(channel);
            return true;
        }
        channel.OpenSent = true;
        if (SendDcep(id.Value, DataChannelTypes.ToOpen(channel.Options, _quirks).ToArray()) == SctpSendResult.Accepted) return true;
        _channels.Remove(id.Value);
        return false;
    }

    /// <summary>The lowest free identifier of this side's parity.</summary>
    private ushort? FreeId()
    {
        var odd = _role == DataChannelRole.DtlsServer ^ _quirks.Has(SctpQuirk.DcepChoosesWrongParity);
        for (var id = odd ? 1 : 0; id < Math.Min(Association.OutboundStreams, ushort.MaxValue); id += 2)
            if (!_channels.ContainsKey((ushort)id)) return (ushort)id;
        return null;
    }

    private void ReceiveDcep(ushort stream, ReadOnlySpan<byte> message, bool unordered)
    {
        // RFC 8832 section 5.2: one byte. Pion 3.1.56 sends four, and everybody takes them: nothing that follows could mean anything.
        if (DcepAck.TryParse(message[..Math.Min(message.Length, 1)], out _, out _))
        {
            ReceiveAck(stream);
            return;
        }
        if (!DcepOpen.TryParse(message, out var open, out var error))
        {
            Discard(DiscardReason.Malformed, "RFC8832:6", error.ToString());
            if (!_quirks.Has(SctpQuirk.DcepIgnoresMalformedMessage)) CloseStream(stream);
            return;
        }
        // Whoever opens a channel anew has seen both resets; this side may not have seen yet that its own is done.
        if (_channels.TryGetValue(stream, out var old) && old is { IncomingReset: true, ResetRequested: true }) Closed(old);
        if (Refusal(stream, unordered) is { } refusal)
        {
            Discard(DiscardReason.Unsupported, "RFC8832:6", refusal);
            CloseStream(stream);
            return;
        }
        if (DataChannelTypes.FromOpen(open, stream, _quirks) is not { } options)
        {
            Discard(DiscardReason.Unsupported, "RFC8832:7", $"channel type {(byte)open.ChannelType} with reliability {open.ReliabilityParameter}");
            CloseStream(stream);
            return;
        }
        var channel = new DataChannel(options, stream, openedByPeer: true) { HeardOf = true, State = DataChannelState.Open };
        _channels[stream] = channel;
        Association.SetPriority(stream, options.Priority);
        if (!_quirks.Has(SctpQuirk.DcepOmitsAck)) SendDcep(stream, new DcepAck().ToArray());
        Report(DataChannelOutputKind.Announced, channel);
    }

    /// <summary>RFC 8832 section 6: why the peer may not open a channel on that stream.</summary>
    private string? Refusal(ushort stream, bool unordered)
    {
        if (unordered) return "DATA_CHANNEL_OPEN came unordered";
        if (_channels.ContainsKey(stream) && !_quirks.Has(SctpQuirk.DcepAcceptsUsedStream)) return $"stream {stream} is in use";
        var isOdd = stream % 2 == 1;
        var peerIsServer = _role == DataChannelRole.DtlsClient;
        if (isOdd != peerIsServer && !_quirks.Has(SctpQuirk.DcepAcceptsWrongParity)) return $"stream {stream} is not one for the peer to choose";
        if (stream >= Association.OutboundStreams) return $"stream {stream} of {Association.OutboundStreams}";
        return _channels.Count + _unnumbered.Count >= _policy.MaxChannels ? "too many channels" : null;
    }

    private void ReceiveAck(ushort stream)
    {
        if (!_channels.TryGetValue(stream, out var channel) || !channel.OpenSent)
        {
            Discard(DiscardReason.UnknownTransaction, "RFC8832:6", $"DATA_CHANNEL_ACK on stream {stream}, which answers nothing");
            return;
        }
        HeardFrom(channel);
    }

    /// <summary>RFC 8832 section 6: from now on messages go in the channel's own order, and the channel is known to be open.</summary>
    private void HeardFrom(DataChannel channel)
    {
        channel.HeardOf = true;
        if (channel.State == DataChannelState.Connecting) Opened(channel);
    }

    private void Opened(DataChannel channel)
    {
        channel.State = DataChannelState.Open;
        Report(DataChannelOutputKind.Opened, channel);
    }
}
