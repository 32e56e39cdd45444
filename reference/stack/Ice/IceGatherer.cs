using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;
using WebRtcConformance.Wire.Stun;

namespace WebRtcConformance.Stack.Ice;

/// <summary>One question to one STUN server.</summary>
/// <param name="Base">Whose mapped address is asked for.</param>
/// <param name="Server">Who is asked.</param>
/// <param name="Preference">The local preference of the candidate that comes of it.</param>
/// <param name="IsRefresh">Only to keep the binding alive (RFC 8445 section 5.1.1.4).</param>
internal sealed record GatherRequest(IceBase Base, TransportAddress Server, ushort Preference, bool IsRefresh);

/// <summary>What a server has answered, or that it has not.</summary>
/// <param name="Mapped">Null when the transaction has failed.</param>
internal readonly record struct GatherResult(GatherRequest Request, TransportAddress? Mapped);

/// <summary>
/// RFC 8445 section 5.1.1.2: Binding requests from each base to each STUN server of its family, without authentication; afterwards again and again, so that NATs
/// keep the bindings (section 5.1.1.4). The owner paces: <see cref="SendNext"/> begins one transaction.
/// </summary>
internal sealed class IceGatherer(IcePolicy policy, Entropy entropy, QuirkSet quirks, Func<Instant, TransactionId, SealedStun> compose)
{
    private readonly Queue<GatherRequest> _waiting = new();
    private readonly PriorityQueue<GatherRequest, (Instant, long)> _refreshes = new();
    private readonly StunTransactions<GatherRequest> _transactions = new(policy.Retransmission, entropy.Fork("stun/gathering-transaction-id"), quirks);
    private readonly Outbox<GatherResult> _results = new();
    private readonly Outbox<StunTransaction<GatherRequest>> _sends = new();
    private long _sequence;
    private int _expected;

    /// <summary>Whether no candidate can come any more.</summary>
    public bool IsDone => _expected == 0;

    public bool HasWaiting => _waiting.Count > 0;

    public Instant NextDeadline => Instant.Min(_transactions.NextDeadline, _refreshes.TryPeek(out _, out var at) ? at.Item1 : Instant.Never);

    /// <summary>Ask all servers of its family for the mapped address of a base.</summary>
    public void Ask(IceBase @base)
    {
        for (var i = 0; i < policy.StunServers.Count; i++)
        {
            if (policy.StunServers[i].Family != @base.Address.Family) continue;
            _expected++;
            _waiting.Enqueue(new GatherRequest(@base, policy.StunServers[i], @base.ReflexivePreference(i, policy.StunServers.Count), IsRefresh: false));
        }
    }

    /// <summary>Begin the next transaction. Its RTO is MAX(500 ms, Ta * number of candidates) (section 14.3).</summary>
    public void SendNext(Instant now, TimeSpan ta)
    {
        if (!_waiting.TryDequeue(out var request)) return;
        var paced = ta * _expected;
        _transactions.Start(now, request.Base.Address, request.Server, id => compose(now, id), request, paced > policy.Retransmission.Rto ? paced : policy.Retransmission.Rto);
        TakeOutputs(now);
    }

    public void Advance(Instant now)
    {
        while (_refreshes.TryPeek(out var refresh, out var at) && at.Item1 <= now)
        {
            _refreshes.Dequeue();
            _waiting.Enqueue(refresh);
        }
        _transactions.Advance(now);
        TakeOutputs(now);
    }

    /// <summary>Whether the datagram is a response to one of these requests; then it has been dealt with.</summary>
    public bool TryReceive(Instant now, TransportAddress local, TransportAddress source, ReadOnlySpan<byte> datagram)
    {
        if (_transactions.InProgress.Count == 0) return false;
        if (!StunReading.TryRead(datagram, quirks, out var reading, out _) || reading.Message.Method != StunMethod.Binding) return false;
        if (reading.Message.Class is not (StunClass.SuccessResponse or StunClass.ErrorResponse)) return false;
        if (!_transactions.TryFind(reading.Id, source, out var transaction)) return false;
        // The transaction id is the only secret; a response from, or to, elsewhere is not the server's.
        if (transaction.Remote != source || transaction.Local != local) return false;
        _transactions.Finish(transaction);
        var good = reading.Message.Class == StunClass.SuccessResponse && reading.TypesWhere(StunServer.IsUnknownRequired).Count == 0;
        // RFC 8489 section 6.3.3: XOR-MAPPED-ADDRESS is present.
        Finish(now, transaction.Tag, good && StunAddresses.TryReadXorMapped(reading, out var mapped) ? mapped : null);
        return true;
    }

    public bool TryTakeSend(out StunTransaction<GatherRequest> transaction) => _sends.TryTake(out transaction);

    public bool TryTakeResult(out GatherResult result) => _results.TryTake(out result);

    /// <summary>No more requests, no more refreshes.</summary>
    public void Stop()
    {
        _waiting.Clear();
        _refreshes.Clear();
        _expected = 0;
        foreach (var transaction in _transactions.InProgress.ToArray()) _transactions.Finish(transaction);
    }

    private void TakeOutputs(Instant now)
    {
        while (_transactions.TryTake(out var output))
        {
            if (!output.Ended) _sends.Add(output.Transaction);
            else Finish(now, output.Transaction.Tag, null);
        }
    }

    private void Finish(Instant now, GatherRequest request, TransportAddress? mapped)
    {
        if (mapped is not null) _refreshes.Enqueue(request with { IsRefresh = true }, (now + policy.KeepaliveInterval, _sequence++));
        if (request.IsRefresh) return;
        _expected--;
        _results.Add(new GatherResult(request, mapped));
    }
}
