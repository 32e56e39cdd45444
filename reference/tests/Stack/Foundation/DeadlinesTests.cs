using WebRtcConformance.Stack.Foundation;

namespace WebRtcConformance.Reference.Tests.Stack.Foundation;

public class DeadlinesTests
{
    private enum Timer { Retransmit, Consent, Give }

    private enum Gapped { A = 1, B = 5 }

    private static Instant At(int seconds) => Instant.Start + TimeSpan.FromSeconds(seconds);

    [Fact]
    public void Expired_timers_come_in_order_of_time_and_stop()
    {
        var deadlines = new Deadlines<Timer>();
        Assert.Equal(Instant.Never, deadlines.Next);
        deadlines.Set(Timer.Retransmit, At(3));
        deadlines.Set(Timer.Consent, At(1));
        deadlines.Set(Timer.Give, At(9));

        Assert.Equal(At(1), deadlines.Next);
        Assert.True(deadlines.TryTakeExpired(At(3), out var first));
        Assert.Equal(Timer.Consent, first);
        Assert.True(deadlines.TryTakeExpired(At(3), out var second));
        Assert.Equal(Timer.Retransmit, second);
        Assert.False(deadlines.TryTakeExpired(At(3), out _));
        Assert.Equal(At(9), deadlines.Next);
    }

    [Fact]
    public void A_stopped_timer_does_not_fire_even_at_never()
    {
        var deadlines = new Deadlines<Timer>();
        deadlines.Set(Timer.Give, At(1));
        deadlines.Stop(Timer.Give);
        Assert.Equal(Instant.Never, deadlines[Timer.Give]);
        Assert.False(deadlines.TryTakeExpired(Instant.Never, out _));
    }

    [Fact]
    public void An_enum_with_gaps_is_refused() => Assert.Throws<ArgumentException>(() => new Deadlines<Gapped>());
}
