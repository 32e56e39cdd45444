using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Stack.Stun;

/// <summary>The numbers of RFC 8489 section 6.2.1.</summary>
public sealed record StunRetransmission
{
    /// <summary>The first interval; it doubles after each retransmission.</summary>
    public TimeSpan Rto { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many requests are sent in all.</summary>
    public int Rc { get; init; } = 7;

    /// <summary>How many times the first interval to wait after the last request.</summary>
    public int Rm { get; init; } = 16;
}

/// <summary>One request in progress.</summary>
/// <typeparam name="TTag">What the owner wants to remember with it.</typeparam>
public sealed class StunTransaction<TTag>
{
    internal StunTransaction(TransactionId id, TransportAddress local, TransportAddress remote, Func<TransactionId, SealedStun> compose, TTag tag)
    {
        (Id, Local, Remote, Compose, Tag) = (id, local, remote, compose, tag);
        Request = compose(id);
    }

    public TransactionId Id { get; internal set; }

    /// <summary>Where the request is sent from, and where its response must come to.</summary>
    public TransportAddress Local { get; }

    /// <summary>Where the request is sent to, and where its response must come from.</summary>
    public TransportAddress Remote { get; }

    public TTag Tag { get; }

    /// <summary>The datagram of every transmission.</summary>
    public SealedStun Request { get; internal set; }

    /// <summary>
    /// A response was discarded because it was not authentic. When none better comes, the end is "integrity violated",
    /// not "timed out" (RFC 8489 section 9.1.4).
    /// </summary>
    public bool IntegrityViolated { get; set; }

    internal Func<TransactionId, SealedStun> Compose { get; }
    internal TimeSpan Rto { get; init; }
    internal int Sent { get; set; }
    internal bool Cancelled { get; set; }
    internal Instant NextAt { get; set; }
}

/// <summary>What a <see cref="StunTransactions{TTag}"/> asks of its owner.</summary>
/// <param name="Transaction">Which.</param>
/// <param name="Ended">True: no response came in time. False: send <see cref="StunTransaction{TTag}.Request"/> now.</param>
public readonly record struct StunTransactionOutput<TTag>(StunTransaction<TTag> Transaction, bool Ended);

/// <summary>
/// The client side of STUN over UDP (RFC 8489 section 6.2.1): sends requests, sends them again at doubling intervals
/// and gives up. With the default numbers requests go out at 0, 500, 1500, 3500, 7500, 15500 and 31500 ms, and the end
/// is at 39500 ms.
/// </summary>
public sealed class StunTransactions<TTag>(StunRetransmission policy, Entropy entropy, QuirkSet quirks)
{
    private readonly List<StunTransaction<TTag>> _inProgress = []; // in order of start
    private readonly Outbox<StunTransactionOutput<TTag>> _outbox = new();
    private TransactionId? _firstId;

    /// <summary>Requests without an answer, oldest first, cancelled ones included.</summary>
    public IReadOnlyList<StunTransaction<TTag>> InProgress => _inProgress;

    public Instant NextDeadline
    {
        get
        {
            var next = Instant.Never;
            foreach (var transaction in _inProgress) next = Instant.Min(next, transaction.NextAt);
            return next;
        }
    }

    /// <summary>Begin a transaction; its first transmission is the next output.</summary>
    /// <param name="compose">Makes the datagram for a transaction id.</param>
    /// <param name="rto">A first interval other than the policy's.</param>
    public StunTransaction<TTag> Start(Instant now, TransportAddress local, TransportAddress remote,
        Func<TransactionId, SealedStun> compose, TTag tag, TimeSpan? rto = null)
    {
        var transaction = new StunTransaction<TTag>(ChooseId(), local, remote, compose, tag) { Rto = rto ?? policy.Rto };
        _inProgress.Add(transaction);
        Transmit(now, transaction);
        return transaction;
    }

    /// <summary>RFC 8489 section 6.3: the transaction in progress that a response belongs to, by transaction id.</summary>
    public bool TryFind(TransactionId id, TransportAddress responder, out StunTransaction<TTag> found)
    {
        foreach (var transaction in _inProgress)
        {
            if (transaction.Id != id) continue;
            found = transaction;
            return true;
        }
        found = quirks.Has(Quirk.StunAcceptsUnknownTransaction) ? _inProgress.FirstOrDefault(t => t.Remote == responder)! : null!;
        return found is not null;
    }

    /// <summary>The transaction has its answer, or needs none.</summary>
    public void Finish(StunTransaction<TTag> transaction) => _inProgress.Remove(transaction);

    /// <summary>
    /// RFC 8445 section 7.3.1.4: send it no more, take no silence for a failure, but wait for a response as long as it
    /// would have lasted.
    /// </summary>
    public void Cancel(StunTransaction<TTag> transaction)
    {
        if (transaction.Cancelled) return;
        transaction.Cancelled = true;
        for (var number = transaction.Sent; number < Rc; number++) transaction.NextAt += IntervalAfter(transaction, number);
    }

    /// <summary>Send again, or give up, whatever is due.</summary>
    public void Advance(Instant now)
    {
        for (var i = 0; i < _inProgress.Count;)
        {
            var transaction = _inProgress[i];
            if (transaction.NextAt > now)
            {
                i++;
            }
            else if (transaction.Sent < Rc && !transaction.Cancelled)
            {
                Transmit(now, transaction);
                i++;
            }
            else
            {
                _inProgress.RemoveAt(i);
                if (!transaction.Cancelled) _outbox.Add(new StunTransactionOutput<TTag>(transaction, Ended: true));
            }
        }
    }

    public bool TryTake(out StunTransactionOutput<TTag> output) => _outbox.TryTake(out output);

    /// <summary>RFC 8489 section 6.2.1: retransmissions continue until a response is received or Rc requests have been sent.</summary>
    private int Rc => quirks.Has(Quirk.StunNeverRetransmits) ? 1 : policy.Rc;

    private void Transmit(Instant now, StunTransaction<TTag> transaction)
    {
        // RFC 8489 section 5: resends of the same request reuse the same transaction id.
        if (transaction.Sent > 0 && quirks.Has(Quirk.StunRetransmitsWithNewTransactionId))
        {
            transaction.Id = TransactionId.Draw(entropy);
            transaction.Request = transaction.Compose(transaction.Id);
        }
        transaction.NextAt = now + IntervalAfter(transaction, transaction.Sent++);
        _outbox.Add(new StunTransactionOutput<TTag>(transaction, Ended: false));
    }

    /// <summary>The wait after the request with that number (0 first): RTO, doubled each time; Rm times RTO after the last.</summary>
    private TimeSpan IntervalAfter(StunTransaction<TTag> transaction, int number)
    {
        if (number == Rc - 1) return transaction.Rto * policy.Rm;
        return quirks.Has(Quirk.StunKeepsRtoConstant) ? transaction.Rto : transaction.Rto * (1L << Math.Min(number, 30));
    }

    private TransactionId ChooseId()
    {
        // RFC 8489 section 5: a new transaction has a new, uniformly random id.
        var id = TransactionId.Draw(entropy);
        _firstId ??= id;
        return quirks.Has(Quirk.StunReusesTransactionId) ? _firstId.Value : id;
    }
}
