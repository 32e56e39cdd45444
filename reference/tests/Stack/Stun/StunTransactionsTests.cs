using WebRtcConformance.Stack;
using WebRtcConformance.Stack.Foundation;
using WebRtcConformance.Stack.Stun;

namespace WebRtcConformance.Reference.Tests.Stack.Stun;

/// <summary>RFC 8489 section 6.2.1.</summary>
public class StunTransactionsTests
{
    private static readonly TransportAddress A = TransportAddress.Parse("10.0.0.1:1");
    private static readonly TransportAddress B = TransportAddress.Parse("10.0.0.2:2");

    private static StunTransactions<string> New(StunRetransmission? policy = null) => new(policy ?? new StunRetransmission(), new Entropy(1), QuirkSet.None);

    private static SealedStun Compose(TransactionId id) => new(id.ToArray(), Disposition.Pass);

    /// <summary>Run until nothing is left; what happened at how many milliseconds.</summary>
    private static List<string> Run(StunTransactions<string> transactions)
    {
        var log = new List<string>();
        void Drain(Instant now)
        {
            while (transactions.TryTake(out var output)) log.Add($"{(output.Ended ? "end" : "send")} {output.Transaction.Tag} {(now - Instant.Start).TotalMilliseconds}");
        }
        Drain(Instant.Start);
        while (transactions.NextDeadline is var next && next != Instant.Never)
        {
            transactions.Advance(next);
            Drain(next);
        }
        return log;
    }

    [Fact]
    public void The_default_ladder_is_the_one_in_the_text()
    {
        var transactions = New();
        transactions.Start(Instant.Start, A, B, Compose, "t");
        Assert.Equal(["send t 0", "send t 500", "send t 1500", "send t 3500", "send t 7500", "send t 15500", "send t 31500", "end t 39500"], Run(transactions));
    }

    [Fact]
    public void Rc_Rm_and_RTO_are_policy()
    {
        var transactions = New(new StunRetransmission { Rto = TimeSpan.FromMilliseconds(100), Rc = 3, Rm = 2 });
        transactions.Start(Instant.Start, A, B, Compose, "t");
        Assert.Equal(["send t 0", "send t 100", "send t 300", "end t 500"], Run(transactions));
        var slower = New();
        slower.Start(Instant.Start, A, B, Compose, "t", rto: TimeSpan.FromSeconds(1));
        Assert.Equal("end t 79000", Run(slower)[^1]);
    }

    [Fact]
    public void An_answered_transaction_is_over()
    {
        var transactions = New();
        var t = transactions.Start(Instant.Start, A, B, Compose, "t");
        Assert.True(transactions.TryFind(t.Id, B, out var found) && found == t);
        transactions.Finish(t);
        Assert.False(transactions.TryFind(t.Id, B, out _));
        Assert.Equal(["send t 0"], Run(transactions));
    }

    [Fact]
    public void A_cancelled_transaction_is_silent_but_waits_as_long_as_it_would_have_lasted()
    {
        var transactions = New();
        var t = transactions.Start(Instant.Start, A, B, Compose, "t");
        transactions.Advance(Instant.Start + TimeSpan.FromMilliseconds(500));
        transactions.Cancel(t);
        Assert.Equal(Instant.Start + TimeSpan.FromMilliseconds(39_500), transactions.NextDeadline);
        Assert.True(transactions.TryFind(t.Id, B, out _));
        while (transactions.TryTake(out _)) { }
        transactions.Advance(transactions.NextDeadline);
        Assert.False(transactions.TryFind(t.Id, B, out _));
        Assert.False(transactions.TryTake(out _)); // its end is no failure
    }

    [Fact]
    public void Every_transaction_has_its_own_id()
    {
        var transactions = New();
        var ids = Enumerable.Range(0, 100).Select(i => transactions.Start(Instant.Start, A, B, Compose, $"{i}").Id).ToHashSet();
        Assert.Equal(100, ids.Count);
    }

    /// <summary>A stalled program does not send what it has missed in a burst.</summary>
    [Fact]
    public void A_late_Advance_sends_once()
    {
        var transactions = New();
        transactions.Start(Instant.Start, A, B, Compose, "t");
        transactions.TryTake(out _);
        transactions.Advance(Instant.Start + TimeSpan.FromSeconds(20));
        Assert.True(transactions.TryTake(out _));
        Assert.False(transactions.TryTake(out _));
    }
}
