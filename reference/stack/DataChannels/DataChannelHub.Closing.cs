using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Sctp;

namespace WebRtcConformance.Stack.DataChannels;

// RFC 8831 section 6.7: a channel is closed when both its streams have been reset.
public sealed partial class DataChannelHub
{
    private readonly SortedSet<ushort> _toReset = [];

    /// <summary>Close a channel when all that waits on it has been sent.</summary>
    public void Close(Instant now, DataChannel channel)
    {
        _now = now;
        if (channel.State is DataChannelState.Closing or DataChannelState.Closed) return;
        if (channel.Id is not { } id)
        {
            _unnumbered.Remove(channel);
            Closed(channel);
            return;
        }
        channel.State = DataChannelState.Closing;
        RequestReset(channel, id);
    }

    /// <summary>Something is wrong on a stream: close its channel, or at least reset it.</summary>
    private void CloseStream(ushort stream)
    {
        if (_channels.TryGetValue(stream, out var channel))
        {
            Close(_now, channel);
        }
        else if (stream < Association.OutboundStreams && _channels.Count < _policy.MaxChannels)
        {
            // A channel that nobody has, until the peer has reset its side too.
            _channels[stream] = channel = new DataChannel(new DataChannelOptions { Id = stream }, stream, openedByPeer: true) { State = DataChannelState.Closing, IsUnannounced = true };
            RequestReset(channel, stream);
        }
    }

    private void RequestReset(DataChannel channel, ushort id)
    {
        if (channel.ResetRequested) return;
        channel.ResetRequested = true;
        _toReset.Add(id);
        RequestResets();
    }

    /// <summary>Those on which nothing waits go together; the others each when it is empty.</summary>
    private void RequestResets()
    {
        if (!_connected || _toReset.Count == 0) return;
        if (!Association.CanReconfigure)
        {
            // The peer will not hear of it, but this side is done.
            foreach (var id in _toReset.ToArray())
                if (_channels.TryGetValue(id, out var channel)) Closed(channel);
            _toReset.Clear();
            return;
        }
        foreach (var batch in _toReset.Where(id => Association.BufferedAmount(id) == 0).Chunk(_policy.MaxResetsAtOnce)) Association.ResetStreams(_now, batch);
        foreach (var id in _toReset.Where(id => Association.BufferedAmount(id) > 0)) Association.ResetStreams(_now, id);
        _toReset.Clear();
    }

    private void OutgoingReset(IReadOnlyList<ushort> streams)
    {
        foreach (var id in streams)
        {
            if (!_channels.TryGetValue(id, out var channel) || !channel.ResetRequested) continue;
            channel.OutgoingReset = true;
            if (channel.IncomingReset) Closed(channel);
        }
    }

    private void IncomingReset(IReadOnlyList<ushort> streams)
    {
        foreach (var channel in streams.Count == 0 ? _channels.Values.ToArray() : streams.Select(id => _channels.GetValueOrDefault(id)))
        {
            if (channel is null) continue;
            channel.IncomingReset = true;
            ForgetParts(channel);
            if (channel.OutgoingReset)
            {
                Closed(channel);
            }
            else if (!_quirks.Has(SctpQuirk.DataChannelDoesNotResetBack))
            {
                channel.State = DataChannelState.Closing;
                RequestReset(channel, channel.Id!.Value);
            }
        }
    }

    private void Closed(DataChannel channel)
    {
        if (channel.State == DataChannelState.Closed) return;
        channel.State = DataChannelState.Closed;
        ForgetParts(channel);
        if (channel.Id is { } id && _channels.GetValueOrDefault(id) == channel)
        {
            _channels.Remove(id);
            _toReset.Remove(id);
        }
        if (!channel.IsUnannounced) Report(DataChannelOutputKind.Closed, channel);
    }
}
