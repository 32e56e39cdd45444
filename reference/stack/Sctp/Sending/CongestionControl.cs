namespace WebRtcConformance.Stack.Sctp.Sending;

/// <summary>RFC 9260 section 7.2: how many bytes may be in flight.</summary>
/// <param name="pmdcs">Path Maximum DATA Chunk Size: bytes of chunks that a packet holds.</param>
internal sealed class CongestionControl(int pmdcs)
{
    private int _partialBytesAcked;

    /// <summary>cwnd; section 7.2.1 says where it begins (the larger value for IPv4, as nothing is known of the path).</summary>
    public int Window { get; private set; } = Math.Min(4 * pmdcs, Math.Max(2 * pmdcs, 4404));

    /// <summary>ssthresh.</summary>
    public int SlowStartThreshold { get; private set; } = int.MaxValue;

    /// <summary>Section 7.2.4: the highest TSN outstanding when Fast Recovery began; null outside it.</summary>
    public long? FastRecoveryExit { get; private set; }

    /// <summary>Section 7.2.3: after a timeout one packet at a time, until something is acknowledged.</summary>
    public bool OnePacketOnly { get; private set; }

    public bool InFastRecovery => FastRecoveryExit is not null;

    /// <summary>Sections 7.2.1 and 7.2.2: a SACK has acknowledged so many bytes that it had not before.</summary>
    /// <param name="acknowledged">Bytes of chunks, padding included.</param>
    /// <param name="advanced">The cumulative TSN has moved.</param>
    /// <param name="flightBefore">Bytes in flight when the SACK came.</param>
    public void Acknowledged(int acknowledged, bool advanced, int flightBefore)
    {
        if (acknowledged > 0) OnePacketOnly = false;
        if (Window <= SlowStartThreshold)
        {
            if (advanced && flightBefore >= Window - pmdcs + 1 && !InFastRecovery) Grow(Math.Min(acknowledged, pmdcs));
            return;
        }
        _partialBytesAcked += acknowledged;
        if (_partialBytesAcked > Window && flightBefore < Window) _partialBytesAcked = Window;
        if (_partialBytesAcked < Window || flightBefore < Window) return;
        _partialBytesAcked -= Window;
        Grow(pmdcs);
    }

    /// <summary>Section 7.2.2: everything has been acknowledged.</summary>
    public void AllAcknowledged() => _partialBytesAcked = 0;

    /// <summary>Section 6.2.1 rule iv.</summary>
    public void CumulativeAck(long tsn)
    {
        if (FastRecoveryExit is { } exit && tsn >= exit) FastRecoveryExit = null;
    }

    /// <summary>Section 7.2.4 steps 2 and 6: chunks are lost, and it is the first time since the last recovery.</summary>
    public void EnterFastRecovery(long highestOutstanding)
    {
        SlowStartThreshold = Math.Max(Window / 2, 4 * pmdcs);
        Window = SlowStartThreshold;
        _partialBytesAcked = 0;
        FastRecoveryExit = highestOutstanding;
    }

    /// <summary>Section 7.2.3: T3-rtx has expired.</summary>
    public void TimedOut()
    {
        SlowStartThreshold = Math.Max(Window / 2, 4 * pmdcs);
        Window = pmdcs;
        OnePacketOnly = true;
        _partialBytesAcked = 0;
        FastRecoveryExit = null;
    }

    /// <summary>Section 7.2.1: nothing was sent for a while; the window halves once an RTO.</summary>
    public void Idle(TimeSpan idle, TimeSpan rto)
    {
        if (idle < rto || Window <= 4 * pmdcs) return;
        SlowStartThreshold = Window;
        for (var periods = (long)(idle / rto); periods > 0 && Window > 4 * pmdcs; periods--) Window = Math.Max(Window / 2, 4 * pmdcs);
    }

    private void Grow(int bytes) => Window = (int)Math.Min((long)Window + bytes, int.MaxValue / 2);
}
