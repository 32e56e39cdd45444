namespace WebRtcConformance.Stack.Sctp.Sending;

/// <summary>RFC 9260 section 6.3.1: how long to wait for an acknowledgement.</summary>
internal sealed class RetransmissionTimeout(SctpPolicy policy, QuirkSet quirks)
{
    private TimeSpan _smoothed, _variation;
    private bool _measured;

    /// <summary>RTO: rule C1 until something has been measured.</summary>
    public TimeSpan Value { get; private set; } = policy.RtoInitial;

    /// <summary>Rules C2 and C3.</summary>
    public void Measure(TimeSpan roundTrip)
    {
        if (roundTrip < TimeSpan.Zero) return;
        if (!_measured)
        {
            (_smoothed, _variation, _measured) = (roundTrip, roundTrip / 2, true);
        }
        else
        {
            _variation = _variation * 3 / 4 + (_smoothed - roundTrip).Duration() / 4;
            _smoothed = _smoothed * 7 / 8 + roundTrip / 8;
        }
        if (_variation == TimeSpan.Zero) _variation = TimeSpan.FromTicks(1); // rule G1
        Value = Clamp(_smoothed + _variation * 4);
    }

    /// <summary>Section 6.3.3, rule E2.</summary>
    public void BackOff()
    {
        if (!quirks.Has(SctpQuirk.SctpKeepsRtoConstant)) Value = Clamp(Value * 2);
    }

    /// <summary>Rules C6 and C7.</summary>
    private TimeSpan Clamp(TimeSpan value) => value < policy.RtoMin ? policy.RtoMin : value > policy.RtoMax ? policy.RtoMax : value;
}
