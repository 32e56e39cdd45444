using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Wire.Tls;

namespace WebRtcConformance.Stack.Dtls.Handshaking;

/// <summary>RFC 6347 section 4.2.4, figure 3.</summary>
internal enum FlightState
{
    Preparing,
    Sending,
    Waiting,
    Finished,
}

/// <summary>A handshake message, or what another record holds (ChangeCipherSpec), with the epoch that it is sent in.</summary>
/// <param name="Message">A handshake message is in one fragment.</param>
/// <param name="Copies">How often it is sent in each transmission.</param>
internal sealed record FlightItem(ushort Epoch, ContentType Type, byte[] Message, int Copies = 1);

/// <summary>
/// The flight that was sent last, and when to send it again (RFC 6347 section 4.2.4). Knows nothing of records: who owns it transmits when told to.
/// </summary>
internal sealed class Flight(DtlsPolicy policy, QuirkSet<DtlsQuirk> quirks)
{
    private readonly List<FlightItem> _items = [];
    private TimeSpan _timer = policy.RetransmissionTimer;
    private int _transmissions;
    private Instant _sentAt;
    private bool _isLast;

    /// <summary>A client starts in PREPARING, a server in WAITING without a timer.</summary>
    public FlightState State { get; private set; } = FlightState.Waiting;

    public IReadOnlyList<FlightItem> Items => _items;

    /// <summary>When the retransmission timer fires.</summary>
    public Instant Deadline { get; private set; } = Instant.Never;

    /// <summary>The flight was sent before.</summary>
    public bool IsRetransmission => _transmissions > 1;

    /// <summary>The flight has been sent as often as the policy allows.</summary>
    public bool IsExhausted => _transmissions >= policy.MaxTransmissions;

    /// <summary>Begin the next flight: the peer's flight has come in whole.</summary>
    public void Prepare()
    {
        // Section 4.2.4.1: keep the timer until a transmission without loss, then begin with the first value again.
        if (_transmissions <= 1) _timer = policy.RetransmissionTimer;
        _items.Clear();
        _transmissions = 0;
        Deadline = Instant.Never;
        State = FlightState.Preparing;
    }

    public void Add(FlightItem item) => _items.Add(item);

    /// <summary>To be transmitted now; WAITING then, or FINISHED when the handshake ends with it.</summary>
    public void Send(Instant now, bool isLast)
    {
        _isLast = isLast;
        State = FlightState.Sending;
        Sent(now);
    }

    /// <summary>The peer's last flight has come in whole, and there is nothing more to send.</summary>
    public void Finish()
    {
        Deadline = Instant.Never;
        State = FlightState.Finished;
    }

    /// <summary>The timer has expired: true when the flight is to be transmitted again.</summary>
    public bool Expire(Instant now)
    {
        Deadline = Instant.Never;
        if (State != FlightState.Waiting || IsExhausted || quirks.Has(DtlsQuirk.NeverRetransmits)) return false;
        State = FlightState.Sending;
        // Section 4.2.4.1: double the value at each retransmission.
        if (!quirks.Has(DtlsQuirk.KeepsTimerConstant)) _timer = _timer * 2 < policy.MaxRetransmissionTimer ? _timer * 2 : policy.MaxRetransmissionTimer;
        Sent(now);
        return true;
    }

    /// <summary>The peer has sent its flight again, in WAITING or FINISHED: true when this one is to be transmitted again.</summary>
    public bool Repeat(Instant now)
    {
        if (_items.Count == 0 || State is not (FlightState.Waiting or FlightState.Finished) || quirks.Has(DtlsQuirk.IgnoresRepeatedFlight)) return false;
        if (State == FlightState.Finished && !_isLast) return false; // the peer has the last flight, and has repeated it: it needs nothing
        if (IsExhausted || now < _sentAt + policy.RepeatedFlightInterval) return false;
        State = FlightState.Sending;
        Sent(now);
        return true;
    }

    private void Sent(Instant now)
    {
        _transmissions++;
        _sentAt = now;
        State = _isLast ? FlightState.Finished : FlightState.Waiting;
        Deadline = _isLast ? Instant.Never : now + _timer;
    }
}
