using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Sctp.Sending;

/// <summary>What is known of a chunk that has been sent.</summary>
internal enum ChunkState
{
    InFlight,

    /// <summary>In a gap ack block of the last SACK.</summary>
    GapAcked,

    /// <summary>To be sent again.</summary>
    Lost,

    /// <summary>RFC 3758 section 3.4: as good as acknowledged, but the peer has to be told.</summary>
    Abandoned,
}

/// <summary>A DATA or I-DATA chunk with a TSN.</summary>
internal sealed class OutgoingChunk
{
    public OutgoingMessage Message = null!;
    public int Offset, Length;
    public uint Fragment;
    public bool Beginning, Ending;
    public ChunkState State;
    public Instant SentAt;
    public int Transmissions;

    /// <summary>Miss indications (RFC 9260 section 7.2.4).</summary>
    public int Misses;

    /// <summary>Section 7.2.4 step 5.</summary>
    public bool FastRetransmitted;

    /// <summary>Bytes on the wire, padding included: what counts for the congestion window.</summary>
    public int Size;
}

/// <summary>What a SACK has changed.</summary>
internal readonly record struct SackEffect(bool IsValid, bool Advanced, int NewlyAcked, bool AckedEarliest, TimeSpan? RoundTrip);

/// <summary>
/// Chunks from the cumulative TSN ack point to the highest TSN sent, in a ring (RFC 9260 section 6.2.1, and section 7.2.4 for miss indications).
/// </summary>
internal sealed class OutstandingData(SendQueue queue)
{
    private readonly Stack<OutgoingChunk> _free = new();
    private OutgoingChunk?[] _ring = new OutgoingChunk?[64];
    private int _gapAcked;
    private int _abandoned;
    private long _lostFrom; // no chunk below this is lost
    private long _probe; // the chunk that measures the round trip (section 6.3.1 rule C4), or 0

    /// <summary>Cumulative TSN Ack Point.</summary>
    public long CumulativeAck { get; private set; }

    public long NextTsn { get; private set; }

    /// <summary>Bytes in flight.</summary>
    public int Flight { get; private set; }

    /// <summary>Bytes of user data in flight: what counts for the peer's window.</summary>
    public int FlightData { get; private set; }

    public int Lost { get; private set; }

    /// <summary>Chunks that the peer has not acknowledged cumulatively.</summary>
    public int Count => (int)(NextTsn - CumulativeAck - 1);

    /// <summary>Chunks that have not been acknowledged or given up.</summary>
    public bool AllSettled => Count == _gapAcked + _abandoned;

    public bool HasAbandoned => _abandoned > 0;

    public void Begin(long firstTsn)
    {
        for (var tsn = CumulativeAck + 1; tsn < NextTsn; tsn++) _free.Push(this[tsn]);
        Array.Clear(_ring);
        (CumulativeAck, NextTsn, _lostFrom) = (firstTsn - 1, firstTsn, firstTsn);
        (Flight, FlightData, Lost, _gapAcked, _abandoned, _probe) = (0, 0, 0, 0, 0, 0);
    }

    public OutgoingChunk this[long tsn] => _ring[tsn & (_ring.Length - 1)]!;

    /// <summary>A new chunk at the end, in flight unless it is born abandoned.</summary>
    public OutgoingChunk Add(Instant now, OutgoingMessage message, int length, int size, bool abandoned = false)
    {
        if (Count >= _ring.Length - 1) Grow();
        var chunk = _free.TryPop(out var used) ? used : new OutgoingChunk();
        (chunk.Message, chunk.Offset, chunk.Length, chunk.Size) = (message, message.Fragmented, length, size);
        (chunk.Beginning, chunk.Ending) = (message.Fragmented == 0, message.Fragmented + length == message.Length);
        chunk.Fragment = message.Fragments++;
        (chunk.SentAt, chunk.Transmissions, chunk.Misses, chunk.FastRetransmitted) = (now, 1, 0, false);
        chunk.State = abandoned ? ChunkState.Abandoned : ChunkState.InFlight;
        message.ChunksOutstanding++;
        if (_probe == 0 && !abandoned) _probe = NextTsn;
        _ring[NextTsn++ & (_ring.Length - 1)] = chunk;
        if (abandoned) _abandoned++;
        else TakeOff(chunk, +1);
        return chunk;
    }

    /// <summary>Section 6.2.1: the cumulative TSN of a SACK or SHUTDOWN, and the gap ack blocks of the former.</summary>
    public SackEffect Acknowledge(Instant now, long cumulative, GapAckRanges gaps)
    {
        if (cumulative < CumulativeAck || cumulative >= NextTsn) return default;
        var newly = 0;
        TimeSpan? roundTrip = null;
        var advanced = cumulative > CumulativeAck;
        while (CumulativeAck < cumulative)
        {
            var chunk = this[CumulativeAck + 1];
            if (chunk.State is ChunkState.InFlight or ChunkState.Lost) newly += chunk.Size;
            Settle(chunk);
            if (CumulativeAck + 1 == _probe) roundTrip = EndProbe(now, chunk);
            Remove();
        }
        if (gaps.IsEmpty && _gapAcked == 0) return new SackEffect(true, advanced, newly, advanced, roundTrip);
        newly += MarkGaps(now, gaps, advanced, ref roundTrip);
        return new SackEffect(true, advanced, newly, advanced, roundTrip);
    }

    /// <summary>The highest TSN that <see cref="MarkGaps"/> has acknowledged for the first time (HTNA).</summary>
    public long HighestNewlyAcked { get; private set; }

    /// <summary>The highest TSN of the last SACK's gap ack blocks.</summary>
    public long HighestGapAcked { get; private set; }

    private int MarkGaps(Instant now, GapAckRanges gaps, bool advanced, ref TimeSpan? roundTrip)
    {
        var newly = 0;
        HighestNewlyAcked = HighestGapAcked = CumulativeAck;
        var next = CumulativeAck + 1; // chunks below are done
        foreach (var (start, end) in gaps)
        {
            var (from, to) = (Math.Max(CumulativeAck + start, next), Math.Min(CumulativeAck + end, NextTsn - 1));
            if (from > to) continue; // out of order, empty, or of what was never sent
            for (; next < from; next++) Renege(this[next]);
            for (; next <= to; next++)
            {
                var chunk = this[next];
                if (chunk.State is ChunkState.GapAcked or ChunkState.Abandoned) continue;
                newly += chunk.Size;
                if (next == _probe) roundTrip = EndProbe(now, chunk);
                Settle(chunk);
                chunk.State = ChunkState.GapAcked;
                _gapAcked++;
                HighestNewlyAcked = next;
            }
            HighestGapAcked = to;
        }
        for (; _gapAcked > 0 && next < NextTsn; next++) Renege(this[next]);
        return newly;
    }

    /// <summary>Section 6.2.1 rule iii: what was acknowledged in a gap is missing now.</summary>
    private void Renege(OutgoingChunk chunk)
    {
        if (chunk.State != ChunkState.GapAcked) return;
        _gapAcked--;
        chunk.State = ChunkState.InFlight;
        chunk.Misses++;
        TakeOff(chunk, +1);
    }

    /// <summary>Section 7.2.4: one miss indication for each chunk below that TSN that is still in flight.</summary>
    /// <returns>How many are now lost.</returns>
    public int CountMisses(long below)
    {
        var lost = 0;
        for (var tsn = CumulativeAck + 1; tsn < below && tsn < NextTsn; tsn++)
        {
            var chunk = this[tsn];
            if (chunk.State != ChunkState.InFlight || chunk.FastRetransmitted || ++chunk.Misses < 3) continue;
            chunk.FastRetransmitted = true;
            MarkLost(tsn);
            lost++;
        }
        return lost;
    }

    /// <summary>Section 6.3.3: everything in flight is taken for lost.</summary>
    public void AllLost()
    {
        for (var tsn = CumulativeAck + 1; tsn < NextTsn; tsn++)
            if (this[tsn].State == ChunkState.InFlight) MarkLost(tsn);
    }

    private void MarkLost(long tsn)
    {
        var chunk = this[tsn];
        TakeOff(chunk, -1);
        chunk.State = ChunkState.Lost;
        Lost++;
        _lostFrom = Math.Min(_lostFrom, tsn);
    }

    /// <summary>The lowest TSN that is to be sent again.</summary>
    public bool TryFindLost(out long tsn)
    {
        tsn = Math.Max(_lostFrom, CumulativeAck + 1);
        if (Lost == 0) return false;
        while (this[tsn].State != ChunkState.Lost) tsn++;
        _lostFrom = tsn;
        return true;
    }

    /// <summary>The chunk is sent again. Section 6.3.1 rule C5: it and what is in flight above it no longer tell the round trip.</summary>
    public void Resent(Instant now, long tsn)
    {
        var chunk = this[tsn];
        Lost--;
        chunk.State = ChunkState.InFlight;
        (chunk.SentAt, chunk.Misses) = (now, 0);
        chunk.Transmissions++;
        TakeOff(chunk, +1);
        if (tsn <= _probe) _probe = 0;
    }

    /// <summary>RFC 3758 section 3.5, A2 and A3: all chunks of the message are given up.</summary>
    public void Abandon(OutgoingMessage message)
    {
        message.Abandoned = true;
        for (var tsn = CumulativeAck + 1; tsn < NextTsn; tsn++)
        {
            var chunk = this[tsn];
            if (chunk.Message != message || chunk.State == ChunkState.Abandoned) continue;
            if (chunk.State == ChunkState.GapAcked) _gapAcked--;
            Settle(chunk);
            chunk.State = ChunkState.Abandoned;
            _abandoned++;
            if (tsn == _probe) _probe = 0;
        }
    }

    private TimeSpan EndProbe(Instant now, OutgoingChunk chunk)
    {
        _probe = 0;
        return now - chunk.SentAt;
    }

    /// <summary>Out of the counters of its state.</summary>
    private void Settle(OutgoingChunk chunk)
    {
        if (chunk.State == ChunkState.InFlight) TakeOff(chunk, -1);
        else if (chunk.State == ChunkState.Lost) Lost--;
    }

    private void TakeOff(OutgoingChunk chunk, int sign)
    {
        Flight += sign * chunk.Size;
        FlightData += sign * chunk.Length;
    }

    /// <summary>The chunk after the cumulative TSN is acknowledged.</summary>
    private void Remove()
    {
        var chunk = this[++CumulativeAck];
        _ring[CumulativeAck & (_ring.Length - 1)] = null;
        if (chunk.State == ChunkState.GapAcked) _gapAcked--;
        if (chunk.State == ChunkState.Abandoned) _abandoned--;
        var message = chunk.Message;
        chunk.Message = null!;
        _free.Push(chunk);
        if (--message.ChunksOutstanding == 0 && (message.IsFragmented || message.Abandoned)) queue.Release(message);
    }

    private void Grow()
    {
        var larger = new OutgoingChunk?[_ring.Length * 2];
        for (var tsn = CumulativeAck + 1; tsn < NextTsn; tsn++) larger[tsn & (larger.Length - 1)] = this[tsn];
        _ring = larger;
    }
}
