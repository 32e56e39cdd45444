using System.Runtime.InteropServices;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;
using WebRtcConformance.Wire.Sctp;

namespace WebRtcConformance.Stack.DataChannels;

// RFC 8831 section 6.6: transferring user data.
public sealed partial class DataChannelHub
{
    private int _partBytes; // of all channels

    private static ReadOnlySpan<byte> Empty => [0];

    /// <summary>Send a string, as UTF-8, or binary data. A channel of this side takes messages before it is acknowledged (RFC 8832 section 6).</summary>
    public DataChannelSendResult Send(Instant now, DataChannel channel, bool text, ReadOnlySpan<byte> message)
    {
        _now = now;
        if (channel.State is not (DataChannelState.Open or DataChannelState.Connecting) || channel.Id is not { } id) return DataChannelSendResult.NotOpen;
        if (RemoteMaxMessageSize > 0 && message.Length > RemoteMaxMessageSize && !_quirks.Has(SctpQuirk.DataChannelIgnoresMaxMessageSize))
            return DataChannelSendResult.TooLarge;
        if (_quirks.Has(SctpQuirk.DataChannelSwapsProtocolIdentifiers)) text = !text;
        var empty = message.IsEmpty;
        var protocol = (text, empty && !_quirks.Has(SctpQuirk.DataChannelSendsEmptyAsByte)) switch
        {
            (true, true) => SctpPayloadProtocolIdentifier.WebRtcStringEmpty,
            (true, false) => SctpPayloadProtocolIdentifier.WebRtcString,
            (false, true) => SctpPayloadProtocolIdentifier.WebRtcBinaryEmpty,
            (false, false) => SctpPayloadProtocolIdentifier.WebRtcBinary,
        };
        var options = new SctpSendOptions
        {
            // Ordered until the peer is known to have the channel.
            Unordered = !channel.Options.Ordered && (channel.HeardOf || channel.Options.Negotiated || _quirks.Has(SctpQuirk.DcepSendsUnorderedBeforeAck)),
            MaxRetransmissions = channel.Options.MaxRetransmits,
            Lifetime = channel.Options.MaxPacketLifeTime is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        };
        return Association.Send(now, id, protocol, empty ? Empty : message, options) switch
        {
            SctpSendResult.Accepted => DataChannelSendResult.Accepted,
            SctpSendResult.BufferFull => DataChannelSendResult.BufferFull,
            SctpSendResult.TooLarge => DataChannelSendResult.TooLarge,
            _ => DataChannelSendResult.NotOpen,
        };
    }

    /// <summary>Bytes of messages on the channel that wait to be sent.</summary>
    public int BufferedAmount(DataChannel channel) => channel.Id is { } id ? Association.BufferedAmount(id) : 0;

    /// <summary>When <see cref="BufferedAmount"/> sinks to this, <see cref="DataChannelOutputKind.BufferedAmountLow"/> says so; never before this was set.</summary>
    public void SetBufferedAmountLowThreshold(DataChannel channel, int bytes)
    {
        channel.BufferedAmountLowThreshold = bytes;
        if (channel.Id is { } id) Association.SetBufferedAmountLowThreshold(id, bytes);
    }

    private bool ReceiveMessage(in SctpOutput received, out DataChannelOutput output)
    {
        output = default;
        var bytes = received.Bytes;
        if (received.Protocol == SctpPayloadProtocolIdentifier.WebRtcDcep)
        {
            ReceiveDcep(received.Stream, bytes.Span, received.Unordered);
            return false;
        }
        if (!_channels.TryGetValue(received.Stream, out var channel))
        {
            // RFC 8832 section 6: an error; the channel, which is none, is closed.
            Discard(DiscardReason.Incomplete, "RFC8832:6", $"a message on stream {received.Stream}, which is unused");
            if (!_quirks.Has(SctpQuirk.DcepIgnoresDataOnUnusedStream)) CloseStream(received.Stream);
            return false;
        }
        HeardFrom(channel);
        switch (received.Protocol)
        {
            case SctpPayloadProtocolIdentifier.WebRtcString: return Complete(channel, text: true, bytes, out output);
            case SctpPayloadProtocolIdentifier.WebRtcBinary: return Complete(channel, text: false, bytes, out output);
            case SctpPayloadProtocolIdentifier.WebRtcStringEmpty or SctpPayloadProtocolIdentifier.WebRtcBinaryEmpty:
                var isText = received.Protocol == SctpPayloadProtocolIdentifier.WebRtcStringEmpty;
                return Complete(channel, isText, _quirks.Has(SctpQuirk.DataChannelDeliversEmptyAsByte) ? bytes : default, out output);
            case SctpPayloadProtocolIdentifier.WebRtcStringPartial or SctpPayloadProtocolIdentifier.WebRtcBinaryPartial:
                AddPart(channel, bytes.Span);
                return false;
            default:
                if (_quirks.Has(SctpQuirk.DataChannelDeliversUnknownProtocolIdentifier)) return Complete(channel, text: false, bytes, out output);
                Discard(DiscardReason.NotUnderstood, "RFC8831:6.6", $"PPID {(uint)received.Protocol} on stream {received.Stream}");
                Close(_now, channel);
                return false;
        }
    }

    private bool Complete(DataChannel channel, bool text, ReadOnlyMemory<byte> bytes, out DataChannelOutput output)
    {
        output = default;
        if (channel.Parts is not null)
        {
            AddPart(channel, bytes.Span);
            if (channel.Parts is not { } parts) return false; // too large
            bytes = CollectionsMarshal.AsSpan(parts).ToArray();
            ForgetParts(channel);
        }
        if (!IsAcceptable(channel, bytes.Length)) return false;
        output = DataChannelOutput.Message(channel, text, bytes);
        // What came up while it was processed comes first; a message that waits needs bytes of its own.
        if (_outbox.Count == 0) return true;
        _outbox.Enqueue(DataChannelOutput.Message(channel, text, bytes.ToArray()));
        return false;
    }

    /// <summary>The deprecated fragmentation by PPID: parts, ended by a message with the PPID of a whole one.</summary>
    private void AddPart(DataChannel channel, ReadOnlySpan<byte> part)
    {
        if (!IsAcceptable(channel, (channel.Parts?.Count ?? 0) + part.Length))
        {
            ForgetParts(channel);
            return;
        }
        if (_partBytes + part.Length > Math.Max(_policy.MaxPartBytes, _policy.LocalMaxMessageSize))
        {
            Discard(DiscardReason.LimitReached, "policy", $"parts of messages of more than {_policy.MaxPartBytes} bytes wait on all channels");
            ForgetParts(channel);
            Close(_now, channel);
            return;
        }
        (channel.Parts ??= []).AddRange(part);
        _partBytes += part.Length;
    }

    private void ForgetParts(DataChannel channel)
    {
        _partBytes -= channel.Parts?.Count ?? 0;
        channel.Parts = null;
    }

    private bool IsAcceptable(DataChannel channel, int length)
    {
        if (_policy.LocalMaxMessageSize == 0 || length <= _policy.LocalMaxMessageSize) return true;
        Discard(DiscardReason.LimitReached, "RFC8841:6.1", $"a message of {length} bytes on stream {channel.Id}");
        Close(_now, channel);
        return false;
    }
}
