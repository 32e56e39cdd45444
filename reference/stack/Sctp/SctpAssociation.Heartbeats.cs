using System.Buffers.Binary;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Sctp;
using WebRtcConformance.Wire.SctpParameters;

namespace WebRtcConformance.Stack.Sctp;

// RFC 9260 section 8.3: path heartbeat.
public sealed partial class SctpAssociation
{
    private ulong _heartbeatNonce; // of the heartbeat that is not answered yet, or 0
    private bool _pathInactive;

    private void ScheduleHeartbeat()
    {
        if (_policy.HeartbeatInterval <= TimeSpan.Zero) return;
        // Once per RTO plus HB.interval, with a jitter of half the RTO either way.
        var jitter = _rto.Value * (0.5 + _entropy.UniformBelow(1_000_000) / 1_000_000.0);
        _deadlines.Set(SctpTimer.Heartbeat, _now + _policy.HeartbeatInterval + jitter);
    }

    private void HeartbeatDue()
    {
        if (State is not (SctpState.Established or SctpState.ShutdownPending or SctpState.ShutdownReceived)) return;
        ScheduleHeartbeat();
        // The path is idle only when nothing that measures it is under way.
        if (_outstanding.Count > 0) return;
        _heartbeatNonce = _entropy.UInt64() | 1;
        var info = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(info, _now.Nanoseconds);
        BinaryPrimitives.WriteUInt64BigEndian(info.AsSpan(8), _heartbeatNonce);
        Bundle(new HeartbeatChunk { Information = [new HeartbeatInfoParameter { Info = info }] });
        _deadlines.Set(SctpTimer.HeartbeatTimeout, _now + _rto.Value);
    }

    private void HeartbeatTimedOut()
    {
        if (_heartbeatNonce == 0) return;
        _heartbeatNonce = 0;
        _rto.BackOff();
        CountError("no HEARTBEAT ACK");
    }

    private void ReceiveHeartbeat(HeartbeatChunk heartbeat)
    {
        if (State is SctpState.CookieWait or SctpState.ShutdownSent or SctpState.ShutdownAckSent || _quirks.Has(SctpQuirk.SctpSilentOnHeartbeat))
        {
            Discard(DiscardReason.NoEffect, "RFC9260:8.3", $"HEARTBEAT in {State}");
            return;
        }
        var information = heartbeat.Information;
        if (_quirks.Has(SctpQuirk.SctpAltersHeartbeatInfo)) information = [new HeartbeatInfoParameter { Info = "altered"u8.ToArray() }];
        Bundle(new HeartbeatAckChunk { Information = information });
    }

    private void ReceiveHeartbeatAck(HeartbeatAckChunk ack)
    {
        // What comes back is this side's own: a time and a nonce.
        if (_heartbeatNonce == 0 || ack.Information.OfType<HeartbeatInfoParameter>().FirstOrDefault() is not { Info: { Length: 16 } info }
            || BinaryPrimitives.ReadUInt64BigEndian(info.Span[8..]) != _heartbeatNonce)
        {
            Discard(DiscardReason.UnknownTransaction, "RFC9260:8.3", "HEARTBEAT ACK that answers nothing");
            return;
        }
        _heartbeatNonce = 0;
        _deadlines.Stop(SctpTimer.HeartbeatTimeout);
        _rto.Measure(_now - new Instant(BinaryPrimitives.ReadInt64BigEndian(info.Span)));
        PathAnswered();
    }
}
