using WebRtcConformance.Stack.Crypto;
using WebRtcConformance.Stack.Dtls.Record;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Dtls;

/// <summary>
/// A DTLS server at one pair of addresses whose clients may come again (RFC 6347 section 4.2.8): a client that has lost its memory begins a new handshake from where the
/// association was. That goes on beside the association, which stays until the client has shown by a cookie that it is there and by Finished and its
/// certificate who it is; then the new association takes the place of the old one. Whoever forges a ClientHello gets a HelloVerifyRequest sent to somebody else, and
/// nothing more.
/// <para>
/// One handshake at a time runs beside the association; another client of the same addresses waits until it has ended or timed out. The peers of WebRTC do not need
/// this: they agree on a new association by offer and answer (RFC 8842 section 5.5), and to them a new ClientHello is a <see cref="DtlsEvent.Discarded"/>.
/// </para>
/// </summary>
public sealed class DtlsServer : IPacketMachine<DtlsOutput>
{
    private const int MaxTransmissions = 7; // of a flight beside an association: two minutes

    private readonly DtlsPolicy _policy;
    private readonly Entropy _entropy;
    private readonly LocalCertificate _certificate;
    private readonly byte[] _peerAddress;
    private readonly QuirkSet<DtlsQuirk> _quirks;
    private readonly Outbox<DtlsOutput> _outbox = new();
    private readonly PacketArena _arena = new();
    private IReadOnlyList<CertificateFingerprint>? _fingerprints;
    private DtlsEndpoint? _successor;
    private int _successors;

    /// <param name="policy">Numbers and choices; a handshake beside an association exchanges cookies in any case.</param>
    /// <param name="entropy">This server's own substream.</param>
    /// <param name="certificate">Its own.</param>
    /// <param name="peerAddress">Where the clients are, in whatever form: cookies are bound to it (RFC 6347 section 4.2.1).</param>
    /// <param name="quirks">Rules to break.</param>
    public DtlsServer(DtlsPolicy policy, Entropy entropy, LocalCertificate certificate, byte[] peerAddress, QuirkSet<DtlsQuirk> quirks = default)
    {
        (_policy, _entropy, _certificate, _peerAddress, _quirks) = (policy, entropy, certificate, peerAddress, quirks);
        Current = new DtlsEndpoint(DtlsRole.Server, policy, entropy, certificate, quirks) { PeerAddress = peerAddress };
    }

    /// <summary>The association that there is, or the first handshake.</summary>
    public DtlsEndpoint Current { get; private set; }

    /// <summary>A client has shown that it is there, and its handshake is under way beside the association.</summary>
    public bool IsBeingReplaced => _successor is { HasBegun: true };

    /// <inheritdoc cref="DtlsEndpoint.HeldBytes"/>
    public int HeldBytes => Current.HeldBytes + (_successor?.HeldBytes ?? 0);

    public Instant NextDeadline => Instant.Min(Current.NextDeadline, _successor?.NextDeadline ?? Instant.Never);

    // ---- commands ----

    /// <inheritdoc cref="DtlsEndpoint.SetPeerFingerprints"/>
    public void SetPeerFingerprints(Instant now, IReadOnlyList<CertificateFingerprint> fingerprints)
    {
        Begin();
        _fingerprints = fingerprints;
        Current.SetPeerFingerprints(now, fingerprints);
        _successor?.SetPeerFingerprints(now, fingerprints);
        TakeAll();
    }

    /// <inheritdoc cref="DtlsEndpoint.Send"/>
    public bool Send(Instant now, ReadOnlySpan<byte> data)
    {
        Begin();
        var sent = Current.Send(now, data);
        TakeAll();
        return sent;
    }

    /// <summary>Announce the end of the association, and forget a handshake beside it.</summary>
    public void Close(Instant now)
    {
        Begin();
        _successor = null;
        Current.Close(now);
        TakeAll();
    }

    // ---- the machine ----

    /// <inheritdoc cref="DtlsEndpoint.Receive"/>
    public void Receive(Instant now, ReadOnlySpan<byte> datagram)
    {
        Begin();
        var isUnprotected = datagram.Length > IncomingRecord.HeaderSize && datagram[3] == 0 && datagram[4] == 0; // epoch 0
        var isHello = isUnprotected && datagram[0] == (byte)ContentType.Handshake && datagram[IncomingRecord.HeaderSize] == (byte)HandshakeType.ClientHello;
        if (Current is { IsClosed: false, Session: null })
        {
            Current.Receive(now, datagram);
        }
        else if (isHello || isUnprotected && IsBeingReplaced)
        {
            // The association has nothing to do with epoch 0 any more.
            (_successor ??= NewSuccessor(now)).Receive(now, datagram);
        }
        else
        {
            // Both may be in epoch 1; what is authentic to one is not to the other, which discards it.
            Current.Receive(now, datagram);
            if (IsBeingReplaced) _successor!.Receive(now, datagram);
        }
        TakeAll();
    }

    public void Advance(Instant now)
    {
        Begin();
        if (Current.NextDeadline <= now) Current.Advance(now);
        if (_successor?.NextDeadline <= now) _successor.Advance(now);
        TakeAll();
    }

    public bool TryTake(out DtlsOutput output) => _outbox.TryTake(out output);

    private DtlsEndpoint NewSuccessor(Instant now)
    {
        var policy = _policy with { CookieExchange = true, MaxTransmissions = Math.Min(_policy.MaxTransmissions, MaxTransmissions) };
        // Its cookies are its own: those of earlier handshakes, which others may have seen, are worth nothing.
        var successor = new DtlsEndpoint(DtlsRole.Server, policy, _entropy.Fork($"dtls/association/{++_successors}"), _certificate, _quirks) { PeerAddress = _peerAddress };
        if (_fingerprints is not null) successor.SetPeerFingerprints(now, _fingerprints);
        return successor;
    }

    private void Begin()
    {
        if (_outbox.Count == 0) _arena.Reset();
    }

    private void TakeAll()
    {
        while (Current.TryTake(out var output)) Forward(output);
        while (_successor is { } successor && successor.TryTake(out var output))
        {
            switch (output.Event)
            {
                case DtlsEvent.Discarded: break; // what is not for one is for the other
                case DtlsEvent.Closed closed:
                    _successor = null;
                    Report(new DtlsEvent.Discarded(new Discard(DiscardReason.NoEffect, "RFC6347:4.2.8", $"a new association did not come about: {closed.Rule} {closed.Note}")));
                    break;
                case DtlsEvent.Connected:
                    TakeOver(successor);
                    Report(output.Event);
                    while (Current.TryTake(out output)) Forward(output);
                    break;
                default:
                    Forward(output);
                    break;
            }
        }
    }

    /// <summary>RFC 6347 section 4.2.8: after a correct Finished the previous association is abandoned, without an alert, which nobody could read.</summary>
    private void TakeOver(DtlsEndpoint successor)
    {
        if (!Current.IsClosed) Report(new DtlsEvent.Closed(DtlsCloseCause.Replaced, null, "RFC6347:4.2.8", "the client has established a new association"));
        (Current, _successor) = (successor, null);
    }

    private void Report(DtlsEvent happened) => _outbox.Add(new DtlsOutput(DtlsOutputKind.Event, default, happened));

    private void Forward(in DtlsOutput output)
    {
        if (output.Bytes.IsEmpty)
        {
            _outbox.Add(output);
            return;
        }
        var copy = _arena.Take(output.Bytes.Length);
        output.Bytes.CopyTo(copy);
        _outbox.Add(output with { Bytes = copy });
    }
}
