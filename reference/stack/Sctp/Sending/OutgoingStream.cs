namespace WebRtcConformance.Stack.Sctp.Sending;

/// <summary>One outbound stream: what waits on it, and the numbers that its next messages get.</summary>
internal sealed class OutgoingStream(ushort id)
{
    /// <summary>RFC 8831 section 6.4: "normal".</summary>
    public const int NormalPriority = 256;

    private readonly Queue<OutgoingMessage> _waiting = new();

    public ushort Id => id;

    /// <summary>Next SSN, or next MID of ordered messages.</summary>
    public long NextOrdered { get; set; }

    /// <summary>Next MID of unordered messages (RFC 8260 section 2.1).</summary>
    public long NextUnordered { get; set; }

    /// <summary>RFC 8260 sections 3.4 and 3.6: priority and weight; at least 1.</summary>
    public int Priority { get; set; } = NormalPriority;

    /// <summary>Bytes sent, divided by the weight: the time of weighted fair queueing.</summary>
    public double VirtualTime { get; set; }

    /// <summary>Bytes of which no chunks have been made yet.</summary>
    public int BufferedAmount { get; private set; }

    /// <summary>Below 0: nobody wants to know.</summary>
    public int BufferedAmountLowThreshold { get; set; } = -1;

    private readonly List<int> _beforeReset = []; // for each reset that is wanted, messages that go before it and after the one before

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>There is a message that may be sent.</summary>
    public bool HasNext => _waiting.Count > 0 && (_beforeReset.Count == 0 || _beforeReset[0] > 0);

    /// <summary>RFC 6525 section 5.1.2 A1: what waits now is sent, what comes later gets no number until the reset is done.</summary>
    public void HoldForReset() => _beforeReset.Add(_waiting.Count - _beforeReset.Sum());

    /// <summary>What came before the first <see cref="HoldForReset"/> has been sent.</summary>
    public bool IsReadyForReset => _beforeReset.Count > 0 && _beforeReset[0] == 0;

    /// <summary>The reset is done, or will not be.</summary>
    public void EndHold()
    {
        if (_beforeReset.Count > 0) _beforeReset.RemoveAt(0);
    }

    public OutgoingMessage Head => _waiting.Peek();

    /// <summary>A message has been begun and not ended: no other may come in between on this stream (RFC 8260 section 2.2.2).</summary>
    public bool IsWithinMessage => _waiting.Count > 0 && Head.Fragmented > 0;

    public void Add(OutgoingMessage message)
    {
        _waiting.Enqueue(message);
        BufferedAmount += message.Length;
    }

    /// <summary>Take bytes off the front; the message leaves the queue when all its bytes have.</summary>
    /// <returns>The bytes that wait have sunk to the threshold.</returns>
    public bool Consume(int bytes)
    {
        Head.Fragmented += bytes;
        if (Head.IsFragmented) Dequeue();
        return Sink(bytes);
    }

    /// <summary>Take the message at the front away without sending the rest of it.</summary>
    /// <returns>As <see cref="Consume"/>.</returns>
    public bool Drop()
    {
        var head = Dequeue();
        return Sink(head.Length - head.Fragmented);
    }

    private OutgoingMessage Dequeue()
    {
        if (_beforeReset.Count > 0) _beforeReset[0]--;
        return _waiting.Dequeue();
    }

    /// <summary>RFC 6525 section 5.2.7 H4 and RFC 8260 section 2.3.2.</summary>
    public void Reset() => (NextOrdered, NextUnordered) = (0, 0);

    private bool Sink(int bytes)
    {
        var wasAbove = BufferedAmount > BufferedAmountLowThreshold;
        BufferedAmount -= bytes;
        return wasAbove && BufferedAmountLowThreshold >= 0 && BufferedAmount <= BufferedAmountLowThreshold;
    }
}
