using WebRtcConformance.Stack.DataChannels;
using WebRtcConformance.Stack.Dtls;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Peer.Ice;

namespace WebRtcConformance.Stack.Peer;

// What passes between ICE, DTLS and the data channels.
public sealed partial class PeerConnection
{
    private readonly Queue<(TransportAddress Remote, byte[] Bytes)> _early = new();
    private int _earlyBytes;

    public bool TryTake(out PeerOutput output)
    {
        while (true)
        {
            if (_outbox.TryTake(out output)) return true;
            if (_hub.TryTake(out var fromHub))
            {
                if (Process(fromHub, out output)) return true;
            }
            else if (_dtls is not null && _dtls.TryTake(out var fromDtls))
            {
                if (Process(fromDtls, out output)) return true;
            }
            else if (_ice is not null && _ice.TryTake(out var fromIce))
            {
                if (Process(fromIce, out output)) return true;
            }
            else
            {
                return false;
            }
        }
    }

    // ---- ICE ----

    private bool Process(in IceTransportOutput said, out PeerOutput output)
    {
        output = default;
        switch (said.Kind)
        {
            case IceTransportOutputKind.Transmit: output = PeerOutput.Transmit(said.Datagram); return true;
            case IceTransportOutputKind.LocalCandidate: output = PeerOutput.LocalCandidate(said.Note); return true;
            case IceTransportOutputKind.Discarded: output = PeerOutput.Discarded(said.Discard); return true;
            case IceTransportOutputKind.Received:
                Receive(_now, said.Datagram.Local, said.Datagram.Remote, said.Datagram.Bytes.Span);
                return false;
            default:
                Change(_state with { Ice = _ice!.State }, said.Note);
                TryBeginDtls();
                return false;
        }
    }

    // ---- DTLS ----

    private void ReceiveDtls(TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        // RFC 8445 section 12.2.
        if (_dtls is not null)
        {
            if (_ice!.ExpectsDataFrom(remote)) _dtls.Receive(_now, datagram);
            else Discard(DiscardReason.WrongAddress, "RFC8445:12.2", $"{remote} is no candidate of the peer");
        }
        else if (_early.Count >= _policy.MaxEarlyDatagrams || _earlyBytes + datagram.Length > _policy.MaxEarlyBytes)
        {
            Discard(DiscardReason.LimitReached, "RFC8842:5.2", "too many DTLS datagrams before the transport is there");
        }
        else
        {
            // RFC 8842 section 5.2: they may come before the answer does. Whose they are is seen later.
            _early.Enqueue((remote, datagram.ToArray()));
            _earlyBytes += datagram.Length;
        }
    }

    /// <summary>RFC 8842 sections 5.3 and 5.4: when both descriptions are there and ICE has a pair, the client begins (RFC 8829 section 5.11 as for data).</summary>
    private void TryBeginDtls()
    {
        if (_dtls is not null || _remote is not { DataSection: >= 0 } remote || _role is not { } role || _ice?.Selected is not { } pair) return;
        _dtls = new DtlsEndpoint(role, _policy.Dtls, _entropy, _certificate, _quirks.Dtls) { PeerAddress = [.. pair.Remote.AddressBytes(), (byte)(pair.Remote.Port >> 8), (byte)pair.Remote.Port] };
        _dtls.SetPeerFingerprints(_now, remote.Fingerprints);
        Change(_state with { Dtls = DtlsTransportState.Connecting }, $"this side is the DTLS {(role == DtlsRole.Client ? "client" : "server")}");
        if (role == DtlsRole.Client) _dtls.Start(_now);
        while (_early.TryDequeue(out var early)) ReceiveDtls(early.Remote, early.Bytes);
        _earlyBytes = 0;
    }

    private bool Process(in DtlsOutput said, out PeerOutput output)
    {
        output = default;
        switch (said.Kind)
        {
            case DtlsOutputKind.Transmit:
                if (!_ice!.TrySend(_now, said.Bytes, out var datagram)) return false;
                output = PeerOutput.Transmit(datagram);
                return true;
            case DtlsOutputKind.ApplicationData:
                _hub.Receive(_now, said.Bytes.Span);
                return false;
        }
        switch (said.Event)
        {
            case DtlsEvent.Connected: BeginSctp(); break;
            case DtlsEvent.Closed closed: DtlsClosed(closed); break;
            case DtlsEvent.Discarded discarded: output = PeerOutput.Discarded(discarded.Discard); return true;
            case DtlsEvent.KeyLogged key: output = PeerOutput.KeyLogged(key.Line); return true;
        }
        return false;
    }

    private void DtlsClosed(DtlsEvent.Closed closed)
    {
        var peaceful = closed.Cause is DtlsCloseCause.Local or DtlsCloseCause.Remote;
        Change(_state with { Dtls = peaceful ? DtlsTransportState.Closed : DtlsTransportState.Failed, Sctp = SctpTransportState.Closed },
            $"DTLS {closed.Cause} ({closed.Rule}): {closed.Note}");
        _hub.Abort(_now); // what it still says reaches nobody
    }

    // ---- SCTP and data channels ----

    /// <summary>RFC 8841 section 9.3: both sides begin the association; a port of 0 on either side says that there is none. RFC 8832 section 6: identifiers follow the DTLS role.</summary>
    private void BeginSctp()
    {
        var wanted = _remote!.SctpPort != 0;
        Change(_state with { Dtls = DtlsTransportState.Connected, Sctp = wanted ? SctpTransportState.Connecting : SctpTransportState.Closed }, "DTLS is connected");
        if (!wanted) return;
        _hub.Association.RemotePort = _remote.SctpPort;
        _hub.RemoteMaxMessageSize = (int)Math.Min(_remote.MaxMessageSize, int.MaxValue);
        _hub.Begin(_now, _role == DtlsRole.Client ? DataChannelRole.DtlsClient : DataChannelRole.DtlsServer);
    }

    private bool Process(in DataChannelOutput said, out PeerOutput output)
    {
        output = default;
        switch (said.Kind)
        {
            case DataChannelOutputKind.Transmit:
                _dtls?.Send(_now, said.Bytes.Span); // false when DTLS has ended: nobody is there
                return false;
            case DataChannelOutputKind.Connected:
                Change(_state with { Sctp = SctpTransportState.Connected }, "the association is up");
                return false;
            case DataChannelOutputKind.Disconnected:
                Change(_state with { Sctp = SctpTransportState.Closed }, $"the association has ended: {said.Close.Reason} {said.Close.Note}");
                return false;
            case DataChannelOutputKind.Discarded: output = PeerOutput.Discarded(said.Discard); return true;
            case DataChannelOutputKind.Text or DataChannelOutputKind.Binary:
                output = PeerOutput.Message(said.Channel, said.Kind == DataChannelOutputKind.Text, said.Bytes);
                return true;
            default:
                output = PeerOutput.Of(said.Kind switch
                {
                    DataChannelOutputKind.Announced => PeerOutputKind.ChannelAnnounced,
                    DataChannelOutputKind.Opened => PeerOutputKind.ChannelOpened,
                    DataChannelOutputKind.BufferedAmountLow => PeerOutputKind.BufferedAmountLow,
                    _ => PeerOutputKind.ChannelClosed,
                }, said.Channel);
                return true;
        }
    }

    /// <summary>An output that has to wait needs bytes of its own.</summary>
    private void Keep(in DataChannelOutput said)
    {
        if (!Process(said, out var output)) return;
        _outbox.Add(output.Bytes.IsEmpty ? output : PeerOutput.Message(output.Channel, output.Kind == PeerOutputKind.Text, output.Bytes.ToArray()));
    }
}
