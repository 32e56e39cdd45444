namespace WebRtcConformance.Stack.Dtls.Record;

/// <summary>RFC 6347 section 4.1.2.6: which sequence numbers of an epoch have been received. 64 of them, as preferred there.</summary>
internal struct ReplayWindow
{
    public const int Size = 64;

    private ulong _next;  // one more than the right edge, the highest number received
    private ulong _seen;  // bit n: number _next - 1 - n has been received

    /// <summary>Neither received before, nor left of the window.</summary>
    public readonly bool IsNew(ulong sequence)
    {
        if (sequence >= _next) return true;
        var age = _next - 1 - sequence;
        return age < Size && (_seen >> (int)age & 1) == 0;
    }

    /// <summary>To be called only when the record has turned out to be authentic.</summary>
    public void Mark(ulong sequence)
    {
        if (sequence >= _next)
        {
            var step = sequence - _next + 1;
            _seen = (step < Size ? _seen << (int)step : 0) | 1;
            _next = sequence + 1;
            return;
        }
        var age = _next - 1 - sequence;
        if (age < Size) _seen |= 1UL << (int)age;
    }
}
