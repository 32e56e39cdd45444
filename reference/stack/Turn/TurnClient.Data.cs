using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;
using WebRtcConformance.Wire.Turn;

namespace WebRtcConformance.Stack.Turn;

/// <summary>Data, both ways (RFC 8656 sections 11.1, 11.4, 11.6, 12.5 and 12.6).</summary>
public sealed partial class TurnClient
{
    /// <summary>
    /// Send data to a peer: over its channel when one is confirmed, otherwise by a Send indication. Without a permission one is asked for, and the data waits.
    /// </summary>
    public void Send(Instant now, TransportAddress peer, ReadOnlySpan<byte> data)
    {
        _sending.Begin();
        if (State != TurnClientState.Allocated) Discard(Local, peer, DiscardReason.NoEffect, "RFC8656:6", "there is no allocation");
        else if (data.Length > TurnServer.LongestData) Discard(Local, peer, DiscardReason.Unsupported, "RFC8656:11.1", $"{data.Length} bytes do not fit a datagram");
        else if (TrySend(now, peer, data)) return;
        else if (!Permit(now, peer)) Discard(Local, peer, DiscardReason.WrongAddress, "RFC8656:9", "too many permissions, or no relayed address of that family");
        else if (_queue.Count >= _policy.MaxQueued) Discard(Local, peer, DiscardReason.NoEffect, "RFC8656:11.1", "too much waits for permissions");
        else _queue.Enqueue((peer, data.ToArray()));
    }

    /// <summary>A datagram came to <paramref name="local"/>. Total.</summary>
    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        _sending.Begin();
        switch (PacketKinds.Of(datagram))
        {
            case PacketKind.Stun:
                ReceiveStun(now, local, remote, datagram);
                break;
            case PacketKind.TurnChannel:
                ReceiveChannelData(now, local, remote, datagram);
                break;
            default:
                Discard(local, remote, DiscardReason.Malformed, "RFC8656:12", "neither STUN nor ChannelData");
                break;
        }
        HandleTransactionOutputs(now);
    }

    /// <summary>Over the channel, or by an indication; false when there is no permission yet.</summary>
    private bool TrySend(Instant now, TransportAddress peer, ReadOnlySpan<byte> data)
    {
        if (_channelOf.TryGetValue(peer, out var number) && _channels[number].IsActive(now))
        {
            _sending.Channel(now, Local, Server, number, data, _policy.PadsChannelData);
            return true;
        }
        // RFC 8656 section 11.1: the client MUST ensure that there is a permission.
        var permitted = _permissions.TryGetValue(peer.WithPort(0), out var permission) && permission.IsActive(now);
        if (!permitted && !_quirks.Has(TurnQuirk.SendsBeforePermission)) return false;
        _sending.Indication(now, Local, Server, StunMethod.Send, TransactionId.Draw(_ids), peer, data);
        return true;
    }

    private void SendQueued(Instant now)
    {
        for (var waiting = _queue.Count; waiting > 0; waiting--)
        {
            var item = _queue.Dequeue();
            if (!TrySend(now, item.Peer, item.Data)) _queue.Enqueue(item);
        }
    }

    private void ReceiveStun(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (!StunReading.TryRead(datagram, QuirkSet.None, out var reading, out var discard))
        {
            _outbox.Add(new TurnEvent.Discarded(local, remote, discard));
            return;
        }
        if (reading.Has(StunAttributeType.Fingerprint) && !_authenticator.HasRightFingerprint(reading))
        {
            Discard(local, remote, DiscardReason.BadChecksum, "RFC8489:7", "FINGERPRINT is wrong");
            return;
        }
        switch (reading.Message.Class)
        {
            case StunClass.SuccessResponse or StunClass.ErrorResponse:
                ReceiveResponse(now, local, remote, reading);
                break;
            case StunClass.Indication when reading.Message.Method == StunMethod.Data:
                ReceiveDataIndication(now, local, remote, reading);
                break;
            default:
                Discard(local, remote, DiscardReason.Unsupported, "RFC8489:6.3", "a client takes responses and Data indications");
                break;
        }
    }

    /// <summary>RFC 8656 sections 11.4 and 11.6.</summary>
    private void ReceiveDataIndication(Instant now, TransportAddress local, TransportAddress remote, in StunReading reading)
    {
        var unknown = reading.TypesWhere(type => type.IsComprehensionRequired() && !TurnAttributes.Understands(type, dontFragment: true));
        if (unknown.Count > 0) Discard(local, remote, DiscardReason.NotUnderstood, "RFC8489:6.3.2", $"unknown attribute {(ushort)unknown[0]:x4}");
        else if (!IsFromServer(local, remote)) Discard(local, remote, DiscardReason.WrongAddress, "RFC8656:5", "it does not come from the server");
        else if (!TurnAttributes.TryReadPeer(reading, out var peer)) Discard(local, remote, DiscardReason.Incomplete, "RFC8656:11.4", "XOR-PEER-ADDRESS is missing");
        else if (!Believes(now, peer)) Discard(local, remote, DiscardReason.Unauthenticated, "RFC8656:11.4", $"no permission for {peer}");
        else if (reading.TryFind(StunAttributeType.Data, out var data)) _sending.Deliver(peer, data.Value, 0);
        else if (reading.TryFind(StunAttributeType.Icmp, out var icmp) && icmp.TryGet(out IcmpAttribute.View error))
            _outbox.Add(new TurnEvent.IcmpError(peer, error.IcmpType, error.IcmpCode));
        else Discard(local, remote, DiscardReason.Incomplete, "RFC8656:11.4", "neither DATA nor ICMP");
    }

    /// <summary>RFC 8656 section 12.6; section 12: data may come before the response to the ChannelBind request.</summary>
    private void ReceiveChannelData(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (!ChannelData.View.TryParse(datagram, out var message, out var error)) Discard(local, remote, DiscardReason.Malformed, error.Path, error.ToString());
        else if (!IsFromServer(local, remote)) Discard(local, remote, DiscardReason.WrongAddress, "RFC8656:5", "it does not come from the server");
        else if (!_channels.TryGetValue(message.ChannelNumber, out var channel) || !channel.IsActive(now) && !channel.InProgress)
            Discard(local, remote, DiscardReason.NoEffect, "RFC8656:12.6", $"channel {message.ChannelNumber:x4} is not bound");
        else if (!Believes(now, channel.Peer) && !channel.InProgress)
            Discard(local, remote, DiscardReason.Unauthenticated, "RFC8656:12.6", $"no permission for {channel.Peer}");
        else _sending.Deliver(channel.Peer, message.ApplicationData, message.ChannelNumber);
    }

    private bool IsFromServer(TransportAddress local, TransportAddress remote) =>
        State == TurnClientState.Allocated && local == Local && (remote == Server || _quirks.Has(TurnQuirk.AcceptsDataFromElsewhere));

    /// <summary>RFC 8656 section 11.4: the client believes that there is a permission, or has asked for one.</summary>
    private bool Believes(Instant now, TransportAddress peer) =>
        _permissions.TryGetValue(peer.WithPort(0), out var permission) && (permission.IsActive(now) || permission.InProgress)
        || _quirks.Has(TurnQuirk.DeliversFromAnybody);
}
