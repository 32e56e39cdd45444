using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;
using WebRtcConformance.Wire.Turn;

namespace WebRtcConformance.Stack.Turn;

/// <summary>Data, both ways (RFC 8656 sections 11 and 12).</summary>
public sealed partial class TurnServer
{
    /// <summary>What still fits a Data indication with an IPv6 peer in one UDP datagram over IPv4.</summary>
    internal const int LongestData = 65_507 - 20 - 24 - 4 - 3;

    /// <summary>RFC 8656 section 11.2. Indications are not authenticated (section 5) and not answered (RFC 8489 section 6.3.2).</summary>
    private void ReceiveIndication(Instant now, TransportAddress local, TransportAddress remote, in StunReading reading)
    {
        if (TryReadSend(now, local, remote, reading, out var relay, out var peer, out var data, out var refusal))
        {
            if (_quirks.Has(TurnQuirk.RefreshesPermissionOnSend) && relay!.Permits(peer, now)) relay.Permit(peer, now);
            _sending.Data(now, relay!.Address, peer, data);
            return;
        }
        Discard(local, remote, refusal);
        if (_quirks.Has(TurnQuirk.AnswersIndications) && reading.Message.Method == StunMethod.Send)
            Reject(new Request(now, local, remote, reading, "", new StunSeal(StunIntegrityAlgorithms.None, default, false)), 400);
    }

    private bool TryReadSend(Instant now, TransportAddress local, TransportAddress remote, in StunReading reading,
        out TurnRelay? relay, out TransportAddress peer, out ReadOnlySpan<byte> data, out Discard refusal)
    {
        relay = null;
        peer = default;
        data = default;
        refusal = default;
        if (reading.Message.Method != StunMethod.Send)
        {
            refusal = reading.Message.Method == StunMethod.Binding
                ? new(DiscardReason.NoEffect, "RFC8489:6.3.2", "a Binding indication needs no answer")
                : new(DiscardReason.Unsupported, "RFC8489:6.3", $"method {(ushort)reading.Message.Method:x3} has no indications here");
            return false;
        }
        var unknown = reading.TypesWhere(_isUnknown);
        if (unknown.Count > 0) refusal = new(DiscardReason.NotUnderstood, "RFC8489:6.3.2", $"unknown attribute {(ushort)unknown[0]:x4}");
        else if (!TryFindAllocation(local, remote, out var allocation)) refusal = NoAllocation;
        else if (!TurnAttributes.TryReadPeer(reading, out peer) || !reading.TryFind(StunAttributeType.Data, out var attribute))
            refusal = new(DiscardReason.Incomplete, "RFC8656:11.2", "XOR-PEER-ADDRESS or DATA is missing");
        else
        {
            data = attribute.Value;
            relay = allocation.RelayFor(peer);
            return MayRelay(now, relay, peer, data.Length, out refusal);
        }
        return false;
    }

    /// <summary>RFC 8656 section 12.6: neither channel nor permission is refreshed.</summary>
    private void ReceiveChannelData(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (!ChannelData.View.TryParse(datagram, out var message, out var error))
        {
            Discard(local, remote, DiscardReason.Malformed, error.Path, error.ToString());
            return;
        }
        if (!TryFindAllocation(local, remote, out var allocation))
        {
            Discard(local, remote, NoAllocation);
            return;
        }
        foreach (var relay in allocation.Relays)
        {
            if (!relay.TryPeer(message.ChannelNumber, now, out var peer)) continue;
            if (_quirks.Has(TurnQuirk.RefreshesChannelOnData)) relay.Bind(message.ChannelNumber, peer, now);
            if (MayRelay(now, relay, peer, message.ApplicationData.Length, out var refusal)) _sending.Data(now, relay.Address, peer, message.ApplicationData);
            else Discard(local, remote, refusal);
            return;
        }
        Discard(local, remote, DiscardReason.NoEffect, "RFC8656:12.6", $"channel {message.ChannelNumber:x4} is not bound");
    }

    /// <summary>From the client to a peer: permission, restrictions and bandwidth (RFC 8656 sections 11.2 and 5).</summary>
    private bool MayRelay(Instant now, TurnRelay? relay, TransportAddress peer, int bytes, out Discard refusal)
    {
        refusal = default;
        if (relay is null) refusal = new(DiscardReason.WrongAddress, "RFC8656:11.2", "no relayed address of the peer's family");
        else if (IsForbidden(peer)) refusal = new(DiscardReason.WrongAddress, "RFC8656:11.2", $"{peer} is not relayed to");
        else if (!relay.Permits(peer, now) && !_quirks.Has(TurnQuirk.RelaysToAnybody))
            refusal = new(DiscardReason.Unauthenticated, "RFC8656:11.2", $"no permission for {peer}");
        else if (!relay.Allocation.TrySpend(now, bytes)) refusal = OverQuota;
        else return true;
        return false;
    }

    /// <summary>RFC 8656 sections 11.3 and 12.7.</summary>
    private void ReceiveFromPeer(Instant now, TurnRelay relay, TransportAddress peer, ReadOnlySpan<byte> data)
    {
        if (!relay.Permits(peer, now) && !_quirks.Has(TurnQuirk.RelaysFromAnybody))
        {
            Discard(relay.Address, peer, DiscardReason.Unauthenticated, "RFC8656:9", $"no permission for {peer}");
            return;
        }
        if (data.Length > LongestData)
        {
            Discard(relay.Address, peer, DiscardReason.Unsupported, "RFC8656:11.3", $"{data.Length} bytes do not fit a datagram to the client");
            return;
        }
        var allocation = relay.Allocation;
        if (!allocation.TrySpend(now, data.Length))
        {
            Discard(relay.Address, peer, OverQuota);
            return;
        }
        if (relay.TryChannel(peer, now, out var channel) && !_quirks.Has(TurnQuirk.IgnoresChannelTowardsClient))
        {
            _sending.Channel(now, allocation.Server, allocation.Client, channel, data, _policy.PadsChannelData);
            return;
        }
        _sending.Indication(now, allocation.Server, allocation.Client, StunMethod.Data, TransactionId.Draw(_ids), peer, data);
    }

    private static Discard NoAllocation => new(DiscardReason.NoEffect, "RFC8656:5", "the 5-tuple has no allocation");

    private static Discard OverQuota => new(DiscardReason.NoEffect, "RFC8656:5", "over the bandwidth quota");
}
